"""An impossible question: which demands clash, and the cheapest change with which there is a plan."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from stepladder.data.demand import Demand, later, without
from stepladder.data.problem import Problem
from stepladder.optimise import Options, optimise
from stepladder.optimise.elastic import Given, extra_money, fewest_dropped, with_extra

#: Any plan will do: with such a gap a search ends with the first one.
ANYHOW = 0.999999


@dataclass(frozen=True)
class Delay:
    """The earliest date by which a milestone can be met, all else as asked.

    Attributes
    ----------
    milestone
        Which one.
    period
        The period by whose end it can be met; None where no period of the horizon will do.
    proved
        Whether it is proved that no earlier period will do.
    """

    milestone: Demand
    period: int | None
    proved: bool


@dataclass(frozen=True)
class Repair:
    """Why a question has no plan, and what would give it one.

    Attributes
    ----------
    problem
        The question.
    clash
        Demands that cannot be met together, none of which can be left out of that; empty where there is a plan.
    irreducible
        Whether it is proved that none can be left out; a time limit may have left that open.
    money
        The least more money; None where money is no demand of the question.
    delays
        For each milestone of the clash.
    fewer
        The fewest required steps given up; None where no step is required.
    """

    problem: Problem
    clash: tuple[Demand, ...]
    irreducible: bool
    money: Given | None
    delays: tuple[Delay, ...]
    fewer: Given | None

    @property
    def possible(self) -> bool:
        """Whether the question has a plan as it is."""
        return not self.clash


def feasible(problem: Problem, options: Options) -> bool | None:
    """Whether there is a plan; None where a limit ended the search before that was known."""
    found = optimise(problem, replace(options, gap=ANYHOW))
    return True if found.value is not None else False if found.status == "infeasible" else None


def repair(problem: Problem, demands: Sequence[Demand], options: Options) -> Repair:
    """Find out what clashes and what would mend it.

    Parameters
    ----------
    problem, demands
        The question, and what it demands.
    options
        For every answer.
    """
    known = feasible(problem, options)
    if known is not False:
        return Repair(problem, (), known is True, None, (), None)
    clash, irreducible = _clash(problem, demands, options)
    money = extra_money(problem, options) if any(demand.kind == "budget" for demand in demands) else None
    delays = tuple(_delay(problem, demands, demand, options) for demand in clash if demand.kind == "milestone")
    fewer = fewest_dropped(problem, options) if any(step.required for step in problem.steps) else None
    return Repair(problem, clash, irreducible, money, delays, fewer)


def _clash(problem: Problem, demands: Sequence[Demand], options: Options) -> tuple[tuple[Demand, ...], bool]:
    """Leave out one demand after the other, for good where the rest still clashes."""
    kept, irreducible = list(demands), True
    for demand in demands:
        rest = [other for other in kept if other is not demand]
        still = feasible(without(problem, demands, [other for other in demands if other not in rest]), options)
        if still is False:
            kept = rest
        irreducible = irreducible and still is not None
    return tuple(kept), irreducible


def _delay(problem: Problem, demands: Sequence[Demand], milestone: Demand, options: Options) -> Delay:
    """By halving: with more time there is a plan wherever there was one with less."""
    due = max(fields["latest_finish"] for fields in milestone.steps.values())
    low, high, proved = due + 1, problem.horizon, True
    while low < high:
        middle = (low + high) // 2
        found = feasible(later(problem, demands, milestone, middle), options)
        low, high = (low, middle) if found else (middle + 1, high)
        proved = proved and found is not None
    return Delay(milestone, low if low < problem.horizon else None, proved)


def mended(problem: Problem, demands: Sequence[Demand], found: Repair, by: str) -> Problem | None:
    """The question after one of the repairs: ``money``, ``later`` or ``fewer``; None where that one does not help.

    With ``later`` the first milestone moves that helps by itself.
    """
    if by == "money" and found.money is not None and found.money.starts:
        return with_extra(problem, found.money.extra)
    if by == "fewer" and found.fewer is not None and found.fewer.starts:
        dropped = set(found.fewer.dropped)
        steps = tuple(step.model_copy(update={"required": False}) if step.id in dropped else step for step in problem.steps)
        return problem.model_copy(update={"steps": steps})
    if by == "later":
        for delay in found.delays:
            if delay.period is not None:
                return later(problem, demands, delay.milestone, delay.period)
    return None
