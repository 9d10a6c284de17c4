"""Curves of money against what remains: points that are plans, from where they were worked out or from files, and
what can be said between them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from stepladder.analysis.feasibility import Bounds
from stepladder.data.formats.money import nearest
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Appetite, Problem
from stepladder.data.formats.threat import Threat
from stepladder.data.objective import objective_of
from stepladder.errors import UsageError


@dataclass(frozen=True)
class Point:
    """The answer for one budget.

    Attributes
    ----------
    money
        What the limits allow over the horizon, in currency.
    plan
        The plan, verified; None where there is none.
    infeasible
        Whether it is proved that there is none.
    """

    money: float
    plan: Plan | None
    infeasible: bool = False


@dataclass(frozen=True)
class Curve:
    """Points by money, the least first, all with the same appetite (None: as the question has it).

    Attributes
    ----------
    appetite, points
        As above.
    least
        Between two of the points, where the first plan is: with the lesser amount it is proved that there is none, with
        the larger there is one. None where the least budget has a plan, none has, or it was not looked at.
    """

    appetite: float | None
    points: tuple[Point, ...]
    least: tuple[float, float] | None = None

    @property
    def plans(self) -> list[tuple[float, Plan]]:
        """Money and plan of the points that have one."""
        return [(point.money, point.plan) for point in self.points if point.plan is not None]


@dataclass(frozen=True)
class Reach:
    """With which money every step can be done in time.

    Attributes
    ----------
    affordable
        The least of the budgets with which a plan of everything was found; None where it was with none of them.
    out_of_reach
        Whether it is proved that no money allows it: time, people or other rules are in the way.
    decided
        Whether it is proved that no lesser budget allows it, and that enough money would; else a search was stopped.
    """

    affordable: float | None
    out_of_reach: bool
    decided: bool


@dataclass(frozen=True)
class Frontier:
    """Curves over the same budgets.

    Attributes
    ----------
    problem
        The question, with its own limits; its objective is that of all points.
    own
        What its own limits allow over the horizon; None where money is not limited.
    curves
        One for each appetite.
    target
        With which of them everything can be done.
    """

    problem: Problem
    own: float | None
    curves: tuple[Curve, ...]
    target: Reach


def own_money(problem: Problem) -> float | None:
    """The most that the limits on money allow over the horizon; None where money is not limited."""
    bounds = Bounds(problem)
    for resource in ("money", "money_once"):
        most = bounds.supply(resource)[-1]
        if most is not None:
            return bounds.ledger.amount(most, resource)
    return None


def gathered(own: Plan, plans: Sequence[Plan]) -> tuple[Curve, ...]:
    """Curves from plans of other budgets: one for each appetite, that of ``own`` first, points by money.

    Raises
    ------
    UsageError
        When a plan is of another question than ``own``, or money is not limited in it.
    """
    names = [step.id for step in own.problem.steps]
    curves: dict[tuple[Appetite, ...], dict[float, Plan]] = {own.problem.appetite: {}}
    for plan in plans:
        problem = plan.problem
        if (
            [step.id for step in problem.steps] != names
            or problem.horizon != own.problem.horizon
            or _losses(problem) != _losses(own.problem)
            or problem.exceedance != own.problem.exceedance
        ):
            raise UsageError(
                f"a plan for {problem.title or 'another question'!r} has other steps, periods, threats or caps on large"
                " losses; its budgets say nothing about this one"
            )
        if objective_of(problem).points != objective_of(own.problem).points:
            raise UsageError(
                f"a plan for {problem.title or 'another question'!r} counts {_counted(problem)}, and this one"
                f" {_counted(own.problem)}; take the folder that frontier -o wrote for this question"
            )
        money = own_money(problem)
        if money is None:
            raise UsageError(
                "a plan without a limit on money stands on no frontier; take the folder that frontier -o wrote"
            )
        curves.setdefault(problem.appetite, {})[nearest(money, problem.currency)] = plan
    return tuple(
        Curve(
            None if appetite == own.problem.appetite else _total(appetite),
            tuple(Point(money, by_budget[money]) for money in sorted(by_budget)),
        )
        for appetite, by_budget in curves.items()
        if by_budget
    )


def _counted(problem: Problem) -> str:
    """What a plan of a problem is measured by, in a word."""
    return "points" if objective_of(problem).points else "losses"


def _losses(problem: Problem) -> list[Threat]:
    """The threats as far as figures rest on them: how a loss comes about is not in every file."""
    return [threat.model_copy(update={"events": None, "cheaper": ()}) for threat in problem.threats]


def _total(caps: Sequence[Appetite]) -> float | None:
    """The last cap on all threats together."""
    return next((cap.expected_loss_per_year for cap in reversed(caps) if cap.threat is None), None)


@dataclass(frozen=True)
class WorthPaying:
    """Where a larger budget pays: where it takes off more loss, present value, than it is larger. Of the budgets of a
    curve only.

    Attributes
    ----------
    until
        For every budget below this one, some larger one surely pays; None where that is not proved of the least.
    beyond
        For this one, no larger one pays: the least of which that is proved; None where it is proved of none.
    """

    until: float | None
    beyond: float | None


def worth(curve: Curve) -> WorthPaying:
    """What values and bounds of the points prove about larger budgets: an unbroken run from the least on, and the first
    with which it ends.

    One budget has to be compared with all larger ones. Where steps are large, the next budget may pay nothing and the
    one after it much. Of points nobody knows what they are worth in money, so nothing is proved of them.
    """
    if any(objective_of(plan.problem).points for _, plan in curve.plans):
        return WorthPaying(None, None)
    points = [(money, plan.objective.value, plan.objective.bound) for money, plan in curve.plans]
    pays = [
        any(bound - value > more - money for more, value, _ in points[k + 1 :])
        for k, (money, _, bound) in enumerate(points)
    ]
    idle = [
        all(value - bound <= more - money for more, _, bound in points[k + 1 :])
        for k, (money, value, _) in enumerate(points)
    ]
    run = next((k for k, one in enumerate(pays) if not one), len(points))
    last = next((k for k, one in enumerate(idle[:-1]) if one), None)
    return WorthPaying(points[run][0] if 0 < run < len(points) else None, None if last is None else points[last][0])
