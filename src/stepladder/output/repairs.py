"""What clashes in an impossible question, and what would mend it, as text and as JSON."""

from __future__ import annotations

import json
import math
from typing import Any

from stepladder.analysis.claims import Claim
from stepladder.analysis.remedies import Remedy
from stepladder.analysis.repair import Clash, Repair
from stepladder.data.demand import Demand
from stepladder.data.demand_names import HORIZON, span_name
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import steps_in
from stepladder.output.remedies import described, way
from stepladder.wording import claims, numbers
from stepladder.wording.language import _
from stepladder.wording.page import Page, Style
from stepladder.wording.summary import summary_of
from stepladder.wording.text import clean, isolated, listed, quote
from stepladder.wording.words import TITLE

FORMAT = "stepladder-repair/2"
SHOWN = 30


def repair_text(repair: Repair, after: Plan | None = None, style: Style | None = None) -> str:
    """The clashes in the words of the question, and each way out.

    Parameters
    ----------
    repair
        What was found out.
    after
        The plan that follows from one of the remedies.
    style
        Width and colour.
    """
    page = Page(style or Style())
    if repair.possible:
        page.say(claims.possible(repair.claim, given_up=bool(repair.given_up)))
        _given_up(page, repair)
        return page.text()
    one = len(repair.clashes) == 1
    page.say(
        claims.impossible(repair.clashes[0].claim if one else repair.claim, clashes=len(repair.clashes)), kind="bad"
    )
    for k, clash in enumerate(repair.clashes, start=1):
        if not one:
            page.heading(_("CLASH {number}", number=numbers.whole(k)))
            page.say(claims.impossible(clash.claim, clashes=1), 2)
        _clash(page, repair, clash, only=one)
    if repair.given_up:
        page.heading(_("NOT DEMANDED ANY MORE"))
        _given_up(page, repair)
    _after(page, repair)
    _helpful(page, repair)
    if after is not None:
        page.heading(_("THE PLAN THAT FOLLOWS"))
        page.say(summary_of(after), 2)
    return page.text()


def _given_up(page: Page, repair: Repair) -> None:
    """Milestones that no plan meets, since somebody has decided so."""
    for one in repair.given_up:
        steps = listed([quote(name, TITLE) for name in one.steps])
        sentence = _(
            "milestone {name} by {day}: cancelled is {steps}",
            name=quote(one.title, TITLE),
            day=numbers.day(one.date),
            steps=steps,
        )
        page.say(sentence, 2, mark="- ", most=4)


def _clash(page: Page, repair: Repair, clash: Clash, *, only: bool) -> None:
    for demand in clash.demands[:SHOWN]:
        page.say(_demand(repair, demand), 2, mark="- ", most=4)
    if len(clash.demands) > SHOWN:
        page.say(_("… and {count} more (--json)", count=numbers.whole(len(clash.demands) - SHOWN)), 2)
    sentence = claims.needed(clash.needed, repair.each, only=only and repair.rest is not None and repair.rest.shown)
    if sentence:
        page.say(sentence, 0 if only else 2)


def _after(page: Page, repair: Repair) -> None:
    """What is true of the other demands, where there are several clashes or more than are known."""
    if repair.rest is None or (len(repair.clashes) == 1 and repair.rest.shown):
        return
    page.blank()
    page.say(claims.rest(repair.rest))


def _helpful(page: Page, repair: Repair) -> None:
    useless = claims.useless(
        [claim for remedy in repair.remedies if len(remedy.kinds) == 1 for claim in remedy.claims if claim.none]
    )
    others = [remedy for remedy in repair.remedies if not remedy.useless]
    if others:
        page.heading(_("WHAT WOULD HELP") if repair.helpful else _("WHAT MIGHT HELP"))
    for remedy in others:
        if len(remedy.kinds) == 1:
            page.say(way(repair, remedy, remedy.kinds[0]), 2, mark="- ", most=12)
            continue
        page.say(claims.together(remedy.needed, len(remedy.kinds)), 2, mark="- ")
        for claim in remedy.claims:
            if claim.quantity in remedy.kinds:
                page.say(way(repair, remedy, claim.quantity), 4, mark="- ", most=12)
    if useless:
        page.heading(_("WHAT WOULD NOT HELP"))
        page.say(useless, 2, mark="- ")


def _demand(repair: Repair, demand: Demand) -> str:
    """A demand in words, with where it was written; of a limit that is not for the whole horizon, or of which that is
    not known, for which time it holds.
    """
    text = isolated(clean(demand.name))
    name = (
        text
        if demand.date is None
        else _("milestone {name} by {day}", name=quote(demand.name, TITLE), day=numbers.day(demand.date))
    )
    at = repair.at(demand)
    beside = [clean(at)] if at else []
    if demand.windows and (span := span_name(repair.problem, demand.windows)) and (span != HORIZON or not beside):
        beside.insert(0, isolated(clean(span)))
    return f"{name} ({', '.join(beside)})" if beside else name


def hint(repair: Repair) -> str:
    """How to get the plan that follows; empty where nothing that was found helps."""
    names = [remedy.name for remedy in repair.helpful]
    if not names:
        return ""
    return _("the plan that follows: stepladder repair … --by {names} -o plan.json", names="|".join(names))


# -- for programs --------------------------------------------------------------------------------------------------


def repair_json(repair: Repair, after: Plan | None = None) -> str:
    """The same for programs, as ``stepladder-repair/2``."""
    given_up = [one._asdict() | {"date": one.date.isoformat()} for one in repair.given_up]
    document = {
        "format": FORMAT,
        "feasible": True if repair.claim.shown else False if repair.claim.none else None,
        "demands": [
            {"kind": demand.kind, "name": demand.name, "at": repair.at(demand) or demand.pointer}
            for demand in repair.demands
        ],
        "clashes": [
            {"demands": [repair.demands.index(demand) for demand in clash.demands], "irreducible": clash.irreducible}
            for clash in repair.clashes
        ],
        "all_else_possible": None if repair.rest is None or not repair.rest.known else repair.rest.shown,
        "remedies": [_remedy(repair, remedy) for remedy in repair.remedies],
        **({"given_up": given_up} if given_up else {}),
        **({"overruns": [one._asdict() for one in repair.overruns]} if repair.overruns else {}),
        "plan": None if after is None else after.starts,
        **({"policies": after.policies} if after is not None and after.policies else {}),
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _remedy(repair: Repair, remedy: Remedy) -> dict[str, Any]:
    return {
        "by": remedy.name,
        "helps": True if remedy.helps else False if remedy.useless else None,
        "least": [_claim(claim) for claim in remedy.claims],
        "changes": [described(repair, change) for change in remedy.changes],
        "starts": steps_in(remedy.starts) if remedy.helps else None,
    }


def _claim(claim: Claim) -> dict[str, Any]:
    """A proved range; an end that is not finite is null."""
    low, high = (None if math.isinf(value) else value for value in (claim.low, claim.high))
    return {"of": claim.quantity, "low": low, "high": high, "proved": claim.none or claim.exact}
