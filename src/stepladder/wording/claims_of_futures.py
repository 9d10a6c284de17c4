"""The sentences that say that something is proved about what most futures have in common: ways to begin, and money that
is held back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepladder.data.formats.robust import Promise
from stepladder.data.objective import OBJECTIVES, Objective
from stepladder.wording import numbers
from stepladder.wording.claims_of_plans import aims
from stepladder.wording.language import _, mark
from stepladder.wording.numbers import money, money_down

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


def futures(of: str) -> str:
    """Of futures without a plan; ``of`` is how many of how many."""
    return _("In {futures} no plan meets all demands: that is proved.", futures=of)


def regret(mean: float, low: float, high: float, unit: str) -> str:
    """What a way to begin costs on average, in the unit of the objective, and between which amounts that is."""
    ends = numbers.money_down(low, unit, named=False), numbers.money_up(high, unit, named=False)
    shown = {"mean": money(mean, unit), "low": ends[0], "high": ends[1]}
    return _("regret {mean} on average (proved: {low} to {high})", **shown)


def two_stage(way: str, low: float, high: float, objective: Objective, unit: str) -> str:
    """How far one way to begin is from the best of all ways, on average over the futures that were drawn, with all that
    follows decided once the figures are known.
    """
    farthest = numbers.money_up if objective.points else money_down
    shown = {"way": way, "mean": money(objective.shown(high), unit), "bound": farthest(objective.shown(low), unit)}
    if high <= low:
        return (
            _(
                "Proved, over these futures: to begin as in {way}) comes to {mean} on average, and no way to begin to"
                " more.",
                **shown,
            )
            if objective.points
            else _(
                "Proved, over these futures: to begin as in {way}) comes to {mean} on average, and no way to begin to"
                " less.",
                **shown,
            )
        )
    return (
        _(
            "Proved, over these futures: to begin as in {way}) comes to {mean} on average, and no way to begin, looked"
            " at or not, to more than {bound}.",
            **shown,
        )
        if objective.points
        else _(
            "Proved, over these futures: to begin as in {way}) comes to {mean} on average, and no way to begin, looked"
            " at or not, to less than {bound}.",
            **shown,
        )
    )


def staying(keep: float) -> str:
    """What a plan that is kept in this part of all futures does, as a verb."""
    return _("stays within its money in {share} of futures", share=numbers.wanted_gap(keep))


def with_nothing_held_back(keep: float) -> str:
    """That the best plan was kept in this part of the futures of its test. How often it is kept in all futures that
    there can be is between two numbers, which are said beside it.
    """
    part = numbers.wanted_gap(keep)
    return _(
        "Nothing has to be held back: the best plan stays within its money in {part} of the futures of its test.",
        part=part,
    )


def held_back(promise: Promise, plan: Plan) -> str:
    """What holding so much back costs: the best plan with it against the best without, of which both are known between
    a bound and a plan.
    """
    objective, unit = OBJECTIVES[plan.objective.name], OBJECTIVES[plan.objective.name].unit(plan.problem.currency)
    low = max(0.0, plan.objective.bound - promise.value_without)
    high = max(low, plan.objective.value - promise.bound_without)
    ends = money_down(low, unit, named=False), numbers.money_up(high, unit)
    between = (
        _("at most {high}", high=ends[1]) if low == 0 else _("between {low} and {high}", low=ends[0], high=ends[1])
    )
    return _(_HELD_BACK[objective.verb], amount=between, what=aims(plan))


#: By the verb of each objective: what holding money back costs.
_HELD_BACK = {
    "leave": mark("Proved: the best plan with so much held back leaves {amount} more{what}."),
    "cost": mark("Proved: the best plan with so much held back costs {amount} more{what}."),
    "come to": mark("Proved: the best plan with so much held back comes to {amount} more{what}."),
    "be worth": mark("Proved: the best plan with so much held back is worth {amount} fewer{what}."),
}


def too_much_held_back(keep: float, most: float, currency: str) -> str:
    """That no plan is left with as much held back as was thought to be enough; ``most`` is that of one limit."""
    return _(
        "So that a plan {stays}, up to {money} would have to be held back of one limit, and no plan meets all demands"
        " with that: this is proved.",
        stays=staying(keep),
        money=money(most, currency),
    )


def kept_instead(kept: int, without: int, of: int, most: float, currency: str) -> str:
    """What could be kept instead, counted in the futures that it was chosen in."""
    counts = {"kept": numbers.whole(kept), "futures": numbers.count(of, "future")}
    if most:
        return _(
            "The most that was found is a plan that is kept in {kept} of the {futures} that were looked at, with up to"
            " {money} held back of one limit; with nothing held back in {without}; ask for less (--keep)",
            money=money(most, currency),
            without=numbers.whole(without),
            **counts,
        )
    return _(
        "The most that was found is a plan that is kept in {kept} of the {futures} that were looked at, with nothing"
        " held back; ask for less (--keep)",
        **counts,
    )
