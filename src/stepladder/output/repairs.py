"""What clashes in an impossible question, and what would mend it, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from stepladder.analysis.repair import Delay, Repair
from stepladder.analysis.steps import titles
from stepladder.data.demand import Demand
from stepladder.data.plan import Plan
from stepladder.optimise.elastic import Given
from stepladder.output import numbers
from stepladder.output.numbers import money_down, money_up
from stepladder.output.page import Page, Style
from stepladder.output.summary import summary_of
from stepladder.output.text import clean
from stepladder.output.words import end, title

FORMAT = "stepladder-repair/1"
SHOWN = 30


def repair_text(held: Repair, after: Plan | None = None, style: Style | None = None) -> str:
    """The clash in the words of the question, and each way out.

    Parameters
    ----------
    held
        What was found out.
    after
        The plan that follows from one of the repairs.
    style
        Width and colour.
    """
    page = Page(style or Style())
    if held.possible:
        page.say(
            "There is a plan as it is; nothing needs repair." if held.irreducible else "The search was stopped before it was known whether there is a plan."
        )
        return page.text()
    count = len(held.clash)
    together = "this demand" if count == 1 else f"these {numbers.count(count, 'demand')} together"
    page.say(f"No plan can meet {together}: this is proved.", kind="bad")
    for demand in held.clash[:SHOWN]:
        page.say(_demand(demand), 2, mark="- ", most=4)
    if count > SHOWN:
        page.say(f"… and {count - SHOWN:,} more (--json)", 2)
    if count > 1:
        said = "Without any one of them there is a plan." if held.irreducible else "The search was stopped before each of them was shown to be needed."
        page.say(said)
    page.heading("WHAT WOULD HELP")
    for line in (_money(held), *(_delay(held, delay) for delay in held.delays), _fewer(held)):
        if line:
            page.say(line, 2, mark="- ", most=8)
    if after is not None:
        page.heading("THE PLAN THAT FOLLOWS")
        page.say(summary_of(after), 2)
    return page.text()


def _demand(demand: Demand) -> str:
    name = f"milestone “{clean(demand.name)}” by {numbers.day(demand.date)}" if demand.date is not None else clean(demand.name)
    return f"{name} ({demand.at})"


def _money(held: Repair) -> str:
    found, currency = held.money, held.problem.currency
    if found is None:
        return ""
    if found.infeasible:
        return "Money alone does not help: even with any amount of it there is no plan. This is proved."
    if not found.starts:
        return f"Money: the search was stopped; no less than {money_down(found.bound, currency)} more is needed."
    periods = held.problem.periods
    when = ", ".join(f"{money_up(more)} in {clean(periods[t].label)}" for t, more in enumerate(found.extra) if more)
    return f"Money: {money_up(found.amount, currency)} more in all, at the latest {when}. {_proof(found, currency)}"


def _proof(found: Given, currency: str = "") -> str:
    if found.exact:
        return "Proved: less does not do."
    return f"Proved: less than {money_down(found.bound, currency)} does not do."


def _delay(held: Repair, delay: Delay) -> str:
    name = f"Time: “{clean(delay.milestone.name)}”"
    if delay.period is None:
        return f"{name} cannot be met within the horizon, whatever its date{'. This is proved.' if delay.proved else ', as far as the search went.'}"
    proof = "Proved: no earlier period will do." if delay.proved else "The search was stopped; an earlier one may do."
    return f"{name} can be met by {end(held.problem.periods[delay.period])}. {proof}"


def _fewer(held: Repair) -> str:
    found = held.fewer
    if found is None:
        return ""
    if found.infeasible:
        return "To give up required steps does not help: this is proved."
    if not found.starts and not found.dropped:
        return f"Less: the search was stopped; no fewer than {numbers.count(round(found.bound), 'required step')} must be given up."
    names = titles(held.problem)
    listed = "; ".join(title(names[name]) for name in found.dropped[:SHOWN])
    what = numbers.count(len(found.dropped), "required step")
    proof = "Proved: fewer do not do." if found.exact else f"Proved: fewer than {round(found.bound):,} do not do."
    return f"Less: give up {what}: {listed}. {proof}"


def repair_json(held: Repair, after: Plan | None = None) -> str:
    """The same for programs, as ``stepladder-repair/1``."""
    found = {
        "format": FORMAT,
        "feasible": held.possible and held.irreducible,
        "clash": [{"kind": demand.kind, "name": demand.name, "at": demand.at} for demand in held.clash],
        "irreducible": held.irreducible,
        "money": _given(held.money),
        "milestones": [{"name": delay.milestone.name, "at": delay.milestone.at, "period": delay.period, "proved": delay.proved} for delay in held.delays],
        "steps": _given(held.fewer),
        "plan": None if after is None else after.starts,
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _given(found: Given | None) -> dict[str, Any] | None:
    if found is None:
        return None
    finite = found.amount != float("inf")
    return {
        "helps": not found.infeasible,
        "amount": found.amount if finite else None,
        "at_least": None if found.infeasible else found.bound,
        "by_period": found.extra,
        "dropped": found.dropped,
    }
