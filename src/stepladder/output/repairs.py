"""What clashes in an impossible question, and what would mend it, as text and as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

from stepladder.analysis.claims import Claim
from stepladder.analysis.remedies import Remedy
from stepladder.analysis.repair import Clash, Repair
from stepladder.data.demand import Demand
from stepladder.data.formats.plan import Plan
from stepladder.output.remedies import described, way
from stepladder.wording import claims, numbers
from stepladder.wording.page import Page, Style
from stepladder.wording.summary import summary_of
from stepladder.wording.text import clean, isolated, quote
from stepladder.wording.words import TITLE

FORMAT = "stepladder-repair/2"
SHOWN = 30


def repair_text(held: Repair, after: Plan | None = None, style: Style | None = None) -> str:
    """The clashes in the words of the question, and each way out.

    Parameters
    ----------
    held
        What was found out.
    after
        The plan that follows from one of the remedies.
    style
        Width and colour.
    """
    page = Page(style or Style())
    if held.possible:
        page.say(claims.possible(held.claim))
        return page.text()
    one = len(held.clashes) == 1
    page.say(claims.impossible(held.clashes[0].claim if one else held.claim, clashes=len(held.clashes)), kind="bad")
    for k, clash in enumerate(held.clashes, start=1):
        if not one:
            page.heading(f"CLASH {k:,}")
            page.say(claims.impossible(clash.claim, clashes=1), 2)
        _clash(page, held, clash, only=one)
    _after(page, held)
    _helpful(page, held)
    if after is not None:
        page.heading("THE PLAN THAT FOLLOWS")
        page.say(summary_of(after), 2)
    return page.text()


def _clash(page: Page, held: Repair, clash: Clash, *, only: bool) -> None:
    for demand in clash.demands[:SHOWN]:
        page.say(_demand(demand), 2, mark="- ", most=4)
    if len(clash.demands) > SHOWN:
        page.say(f"… and {len(clash.demands) - SHOWN:,} more (--json)", 2)
    said = claims.needed(clash.needed, held.each, only=only and held.rest is not None and held.rest.shown)
    if said:
        page.say(said, 0 if only else 2)


def _after(page: Page, held: Repair) -> None:
    """What is true of the other demands, where there are several clashes or more than are known."""
    if held.rest is None or (len(held.clashes) == 1 and held.rest.shown):
        return
    page.blank()
    page.say(claims.rest(held.rest))


def _helpful(page: Page, held: Repair) -> None:
    useless = claims.useless(
        [claim for remedy in held.remedies if len(remedy.kinds) == 1 for claim in remedy.claims if claim.none]
    )
    others = [remedy for remedy in held.remedies if not remedy.useless]
    if others:
        page.heading("WHAT WOULD HELP" if held.helpful else "WHAT MIGHT HELP")
    for remedy in others:
        if len(remedy.kinds) == 1:
            page.say(way(held, remedy, remedy.kinds[0]), 2, mark="- ", most=12)
            continue
        page.say(claims.together(remedy.needed, len(remedy.kinds)), 2, mark="- ")
        for claim in remedy.claims:
            if claim.quantity in remedy.kinds:
                page.say(way(held, remedy, claim.quantity), 4, mark="- ", most=12)
    if useless:
        page.heading("WHAT WOULD NOT HELP")
        page.say(useless, 2, mark="- ")


def _demand(demand: Demand) -> str:
    said = isolated(clean(demand.name))
    name = f"milestone {quote(demand.name, TITLE)} by {numbers.day(demand.date)}" if demand.date is not None else said
    return f"{name} ({clean(demand.at)})" if demand.at else name


def hint(held: Repair) -> str:
    """How to get the plan that follows; empty where nothing that was found helps."""
    names = [remedy.name for remedy in held.helpful]
    return f"the plan that follows: stepladder repair … --by {'|'.join(names)} -o plan.json" if names else ""


# -- for programs --------------------------------------------------------------------------------------------------


def repair_json(held: Repair, after: Plan | None = None) -> str:
    """The same for programs, as ``stepladder-repair/2``."""
    found = {
        "format": FORMAT,
        "feasible": True if held.claim.shown else False if held.claim.none else None,
        "demands": [{"kind": demand.kind, "name": demand.name, "at": demand.at} for demand in held.demands],
        "clashes": [
            {"demands": [held.demands.index(demand) for demand in clash.demands], "irreducible": clash.irreducible}
            for clash in held.clashes
        ],
        "all_else_possible": None if held.rest is None or not held.rest.known else held.rest.shown,
        "remedies": [_remedy(held, remedy) for remedy in held.remedies],
        "plan": None if after is None else after.starts,
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _remedy(held: Repair, remedy: Remedy) -> dict[str, Any]:
    return {
        "by": remedy.name,
        "helps": True if remedy.helps else False if remedy.useless else None,
        "least": [_claim(claim) for claim in remedy.claims],
        "changes": [described(held, change) for change in remedy.changes],
        "starts": dict(remedy.starts) if remedy.helps else None,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    """A proved range; an end that is not finite is null."""
    low, high = (None if math.isinf(value) else value for value in (claim.low, claim.high))
    return {"of": claim.quantity, "low": low, "high": high, "proved": claim.none or claim.exact}
