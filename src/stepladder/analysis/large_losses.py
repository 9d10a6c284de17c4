"""How likely large losses are under a plan: today, half-way through the horizon, and with everything in place."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from stepladder.data.formats.exceedance import MANY, Exceedance
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import is_choice
from stepladder.data.formats.problem import Problem
from stepladder.evaluate import there
from stepladder.evaluate.covers import with_covers
from stepladder.evaluate.exceedance import CHANCES, Curve
from stepladder.evaluate.tail import Tail, measured, perils
from stepladder.evaluate.year_sum import Between, YearSum

#: So many cells: two digits of a probability that count are then known.
CELLS = 1024
#: The share of the worst years of which the mean is told.
WORST = 0.05
WHEN = ("today", "half-way", "after")


@dataclass(frozen=True)
class Chance:
    """What is true of losses above an amount at one time.

    Attributes
    ----------
    event
        The probability that an event of a year costs more.
    year
        Between what the probability lies that a year does; None with too many events to tell.
    excess
        What events are expected to cost beyond the amount, in currency per year.
    """

    event: float
    year: Between | None
    excess: float


@dataclass(frozen=True)
class LargeLoss:
    """A cap, and what is true of the losses it is about.

    Attributes
    ----------
    cap
        The cap.
    chances
        Today, half-way and after.
    """

    cap: Exceedance
    chances: tuple[Chance, ...]


@dataclass(frozen=True)
class YearCurve:
    """How much a year may cost at one time.

    Attributes
    ----------
    curve
        The mean, and for each probability an amount that is proved to be exceeded with no more than it.
    shortfall
        Between what the mean of the worst years lies (expected shortfall).
    off
        By how much of itself an amount of the curve is too high at most.
    """

    curve: Curve
    shortfall: Between
    off: float


def in_place(plan: Plan) -> tuple[list[str], ...]:
    """Ids of the steps that are in place today, half-way and after, and of the policy that is in force."""
    problem = plan.problem
    done = {name: start for name, start in plan.begun.items() if is_choice(name) or plan.state(name) == "done"}
    today = there(problem, done, plan.now) if plan.as_of is not None else []
    return today, *(there(problem, plan.decided, t) for t in (problem.horizon // 2, problem.horizon))


def large_losses(plan: Plan) -> tuple[LargeLoss, ...]:
    """Each cap on large losses, and what is true of them."""
    problem = plan.problem
    tails = (Tail(problem, index) for index in range(len(problem.exceedance)))
    return tuple(LargeLoss(one.cap, tuple(_chance(one, names) for names in in_place(plan))) for one in tails)


def _chance(one: Tail, names: list[str]) -> Chance:
    above, left = one.cap.above, list(perils(one.threats.values(), names))
    events, excess = (math.fsum(measured(of, peril, above) for peril in left) for of in ("one_event", "excess"))
    many = math.fsum(peril.rate for peril in left) > MANY
    return Chance(-math.expm1(-events), None if many else YearSum(left).above(above, CELLS), excess)


def year_curves(plan: Plan) -> tuple[YearCurve, ...]:
    """How much a year may cost, today, half-way and after; empty where the problem does not say how much events differ,
    or has too many of them.
    """
    return tuple(_curves(plan)) if _told(plan.problem) else ()


def _told(problem: Problem) -> bool:
    known = all(threat.events is not None or threat.expected_loss_per_year == 0 for threat in problem.threats)
    rate = math.fsum(threat.events.per_year for threat in problem.threats if threat.events is not None)
    return known and 0 < rate <= MANY


def _curves(plan: Plan) -> Iterator[YearCurve]:
    threats = with_covers(plan.problem).threats
    for when, names in zip(WHEN, in_place(plan), strict=True):
        year = YearSum(list(perils(threats, names)))
        ends = year.exceeded(CHANCES, CELLS)
        off = max((between.width / between.high for between in ends if between.high > 0), default=0.0)
        yield YearCurve(Curve(when, year.mean, tuple(end.high for end in ends)), year.shortfall(WORST, CELLS), off)
