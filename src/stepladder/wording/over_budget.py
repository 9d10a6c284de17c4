"""How likely a plan breaks its budget, in words: what was tried, or how to try it."""

from __future__ import annotations

import math

from stepladder.analysis.front import Front, OverBudget
from stepladder.data.formats.problem import SPENT
from stepladder.wording import numbers
from stepladder.wording.language import _


def chance_over(front: Front) -> str:
    """The chance, as a sentence with how it was found; or that nobody has tried it, and how to."""
    if not any(window.resource in SPENT for window in front.plan.problem.windows):
        return _("Nothing limits the money, so there is no budget to break.")
    if front.over_budget is None:
        return _(
            "How likely the plan breaks its budget has not been tried: plan --keep 90% finds the reserve that keeps it"
            " in nine of ten futures, and report --sweep says how often a sweep broke it."
        )
    return f"{_often(front.over_budget)} {_reserve(front.over_budget, front.plan.problem.currency)}".strip()


def _often(found: OverBudget) -> str:
    figures = {
        "over": numbers.whole(found.over),
        "futures": numbers.count(found.futures, "future"),
        "chance": numbers.chance(found.chance),
    }
    if found.low is not None and found.high is not None:
        # Each end away from the middle, so that no more is said than is known.
        low, high = math.floor(found.low * 100) / 100, math.ceil(found.high * 100) / 100
        return _(
            "The plan breaks its budget in {over} of {futures} drawn from the scenario's ranges ({chance}), between"
            " {low} and {high} of all with 95 % confidence.",
            low=numbers.share(low),
            high=numbers.share(high),
            **figures,
        )
    return _(
        "The plan breaks its budget in {over} of {futures} drawn from the scenario's ranges ({chance}).", **figures
    )


def _reserve(found: OverBudget, currency: str) -> str:
    if found.wanted is None:
        return _("The reserve that would keep it is found by plan --keep.")
    part, held = numbers.wanted_gap(found.wanted), numbers.money(found.held, currency)
    if not found.held:
        return _("Nothing is held back to stay within it in {part} of futures.", part=part)
    return _("Held back to stay within it in {part} of futures: {money}.", part=part, money=held)
