"""The first and the last sentence of a plan: what it brings, and how good it is proved to be."""

from __future__ import annotations

from collections import Counter

from stepladder.analysis.claims import proved_of
from stepladder.analysis.roadmap import Roadmap, read
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import POINTS, objective_of
from stepladder.wording import numbers
from stepladder.wording.claims import good
from stepladder.wording.numbers import money
from stepladder.wording.text import listed


def so_far(road: Roadmap) -> str:
    """What is done, running and cancelled, what that has cost, and what is still to come."""
    plan = road.plan
    states = Counter(told.state for told in plan.progress.values())
    parts = [f"{numbers.whole(states[state])} {state}" for state in ("done", "running", "cancelled") if states[state]]
    left = numbers.count(len(road.open), "step")
    currency = plan.problem.currency
    money_ = (
        f"{money(road.spent, currency)} spent before that, {money(road.to_approve, currency)} to approve for what is"
        " open"
    )
    on = f", {money(road.going_on, currency)} for what is done or running" if road.going_on else ""
    what = f"{listed(parts, len(parts))}; " if parts else ""
    return f"As of {numbers.label(plan.problem.periods[plan.now])}: {what}{left} still open. {money_}{on}."


def summary_of(plan: Plan) -> str:
    """The same sentence, of a verified plan."""
    return summary(read(plan))


def summary(road: Roadmap) -> str:
    """One sentence: so many of so many steps, for so much money, bring the loss from here to there."""
    plan = road.plan
    currency, total = plan.problem.currency, len(plan.problem.steps)
    if not plan.starts:
        return (
            f"The best plan is to do none of the {numbers.count(total, 'step')}."
            if total
            else "There is nothing to do: the problem has no steps."
        )
    spent = money(plan.cost, currency)
    text = f"{numbers.whole(len(plan.starts))} of {numbers.count(total, 'step')}, for {spent} within the horizon,"
    after = plan.totals.tail_expected_loss_per_year
    worth = _worth(plan)
    if not plan.problem.threats:
        return f"{text.rstrip(',')}{worth}." if worth else f"The plan holds {text.rstrip(',')}."
    text = f"{text.rstrip(',')}{worth} and" if worth else text
    verb, all_ = ("brings", "it is") if len(plan.starts) == 1 else ("bring", "all of them are")
    when = "today" if plan.as_of is None else f"without the plan ({money(road.today, currency)} today)"
    return (
        f"{text} {verb} the expected loss from {money(road.at_first, currency)} a year {when} to"
        f" {money(after, currency)} a year once {all_} in place."
    )


def _worth(plan: Plan) -> str:
    """What the planned steps are worth, to follow them; empty where that is not what the plan is made for."""
    if not objective_of(plan.problem).points:
        return ""
    verb = "is" if len(plan.starts) == 1 else "are"
    return f", {verb} worth {money(plan.totals.points_present_value, POINTS)} (present value)"


def proof(plan: Plan) -> str:
    """The sentence with the gap: what is proved of every plan, and where this one stands."""
    return good(plan, proved_of(plan))
