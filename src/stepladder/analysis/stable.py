"""What does not depend on the choice: steps that every plan holds, or none; and how different a plan may be that is
nearly as good.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.errors import UsageError
from stepladder.evaluate import apart
from stepladder.optimise import Options, Outcome
from stepladder.optimise.search.diverse import farthest
from stepladder.solution import make_plan
from stepladder.solution.recount import figures


@dataclass(frozen=True)
class StepAcrossPlans:
    """One step among several plans.

    Attributes
    ----------
    step
        Its id.
    count
        How many plans hold it.
    first, last
        The earliest and the latest period in which it starts in them; None where none holds it.
    """

    step: str
    count: int
    first: int | None
    last: int | None


@dataclass(frozen=True)
class Core:
    """Steps by how many of the plans hold them, in the order of the first plan's problem.

    Attributes
    ----------
    count
        How many plans.
    always, never, depends
        In all of them, in none, in some.
    """

    count: int
    always: tuple[StepAcrossPlans, ...]
    never: tuple[StepAcrossPlans, ...]
    depends: tuple[StepAcrossPlans, ...]


def core(plans: Sequence[Plan]) -> Core:
    """What several plans have in common; steps that only some of their questions have depend on the choice.

    Raises
    ------
    UsageError
        When there is no plan, or their periods are not the same.
    """
    if not plans:
        raise UsageError("no plan to look at; name at least one plan or scenario")
    labels = [period.label for period in plans[0].problem.periods]
    if any([period.label for period in plan.problem.periods] != labels for plan in plans):
        raise UsageError("the plans have different periods; only plans over the same horizon can be looked at together")
    names = list(dict.fromkeys(step.id for plan in plans for step in plan.problem.steps))
    steps = []
    for name in names:
        starts = [plan.starts[name] for plan in plans if name in plan.starts]
        steps.append(StepAcrossPlans(name, len(starts), min(starts, default=None), max(starts, default=None)))
    count = len(plans)
    return Core(
        count,
        always=tuple(step for step in steps if step.count == count),
        never=tuple(step for step in steps if step.count == 0),
        depends=tuple(step for step in steps if 0 < step.count < count),
    )


@dataclass(frozen=True)
class Alternative:
    """A plan that is nearly as good and as different as can be.

    Attributes
    ----------
    plan
        The plan, verified.
    apart
        How many steps stand elsewhere than in the plan that it is an alternative to.
    most
        No plan within the tolerance differs in more steps from all plans before it together; proved.
    """

    plan: Plan
    apart: int
    most: int


@dataclass(frozen=True)
class Alternatives:
    """Plans within a tolerance.

    Attributes
    ----------
    plans
        Each as different from those before it as was found.
    last
        Whether it is proved that there is no further one; None where as many were found as were wanted, False where the
        search was stopped.
    """

    plans: tuple[Alternative, ...]
    last: bool | None


def alternatives(plan: Plan, best: Outcome, tolerance: float, count: int, options: Options) -> Alternatives:
    """Plans within a tolerance of the best, each as far as can be from all before it.

    Parameters
    ----------
    plan
        The plan to differ from.
    best
        What is proved about its question.
    tolerance
        How much worse they may be, as a part of the plan's value.
    count
        How many at most.
    options
        For every search.

    Raises
    ------
    UsageError
        When the tolerance is negative.
    """
    if tolerance < 0:
        raise UsageError(f"a tolerance of {tolerance:g} makes no sense; write 1% or 0.01")
    value = plan.objective.value
    most = value + tolerance * abs(value)
    known: list[Mapping[str, int]] = [plan.decided]
    others: list[Alternative] = []
    while len(others) < count:
        another = farthest(plan.problem, known, most, options)
        if another.starts is None:
            return Alternatives(tuple(others), last=another.none)
        other = make_plan(plan.problem, _outcome(plan.problem, another.starts, best), plan.context)
        others.append(Alternative(other, apart(other.starts, plan.starts), math.floor(another.most + 1e-6)))
        known.append(another.starts)
    return Alternatives(tuple(others), last=None)


def _outcome(problem: Problem, starts: dict[str, int], best: Outcome) -> Outcome:
    value = figures(problem, starts).objective(problem.objective)
    return Outcome("feasible", starts, value, best.bound, best.solver, wanted_gap=best.wanted_gap)
