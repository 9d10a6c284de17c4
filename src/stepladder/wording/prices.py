"""Proved intervals as people read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from stepladder.data.objective import OBJECTIVES
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.numbers import money, money_down, money_up

if TYPE_CHECKING:
    from stepladder.analysis.price import Price
    from stepladder.data.formats.plan import Plan

#: A difference of at most this part of what a plan comes to is none that anybody could tell.
FREE = 0.001


def amount(price: Price, currency: str) -> str:
    """``nothing``, ``12,345 EUR`` or ``between 1,000 and 2,000 EUR``: what is proved of a price; low ends rounded
    down, high ends up.
    """
    if price.impossible:
        return _("not possible")
    if price.exact:
        return _("nothing") if price.high == 0 else money(price.high, currency)
    if price.high == float("inf"):
        return _("at least {low}", low=money_down(price.low, currency))
    high = money_up(price.high, currency)
    # Decimals say nothing beside thousands.
    low = money_down(price.low if price.high < 1000 else math.floor(price.low), currency, named=False)
    return _("at most {high}", high=high) if price.low == 0 else _("between {low} and {high}", low=low, high=high)


def none_at_all(price: Price, plan: Plan, beside: float = 0.0) -> str:
    """That a choice costs nothing of what is minimised, and what it costs more beside that, in the second criterion;
    empty where it costs something.
    """
    if not price.exact or price.high != 0:
        return ""
    objective = OBJECTIVES[plan.objective.name]
    if objective.both or beside < 1:
        return _("no {more}", more=_(objective.more))
    other = OBJECTIVES["spend" if objective.risk else "risk"].more
    shown = money(beside, plan.problem.currency)
    return _("no {more}, but {money} {other}", more=_(objective.more), money=shown, other=_(other))


def undecided(price: Price, plan: Plan) -> str:
    """That no difference is proved, as a part of what the plan comes to; empty where one is, or nothing can be said.

    A wide figure would look like a price.
    """
    value = abs(plan.objective.value)
    if price.exact or price.low > 0 or math.isinf(price.high) or value == 0:
        return ""
    part = price.high / value
    words = {"share": numbers.gap(part), "noun": _(OBJECTIVES[plan.objective.name].noun)}
    if part <= FREE:
        return _("no provable difference (0 to {share} of the {noun}): choose freely", **words)
    return _("no provable difference (0 to {share} of the {noun}); more work (--work) can say more", **words)


def facts(price: Price) -> dict[str, Any]:
    """For programs; an end that is not finite is null."""
    return {
        "possible": not price.impossible,
        "low": None if price.impossible else price.low,
        "high": None if price.high == float("inf") else price.high,
    }
