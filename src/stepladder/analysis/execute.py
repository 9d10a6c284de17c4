"""A plan carried out where numbers turn out otherwise: nothing starts before its time, and nothing before what it needs
is finished.

Steps wait (right-shift, in the words of project scheduling), no more is decided; so it can be seen which limits such a
plan would break.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from stepladder.data.formats.problem import MONEY, Need, Problem, Step
from stepladder.data.objective import objective_of
from stepladder.evaluate import Starts
from stepladder.solution.recount import exact, figures, finish, total


@dataclass(frozen=True)
class Due:
    """A milestone: its title, the last period that ends by then (−1: none), and its steps."""

    title: str
    period: int
    steps: tuple[str, ...]


@dataclass(frozen=True)
class Carried:
    """What came of a plan.

    Attributes
    ----------
    starts
        When each step began, of those that are finished within the horizon.
    unfinished
        Planned, and not finished within the horizon.
    late
        So many steps began later than planned.
    spend
        Money within the horizon, in currency; unfinished steps included.
    loss_present_value, loss_at_the_end
        Expected loss, and per year after the horizon.
    value
        The objective.
    over
        By resource: the most by which one of its limits is exceeded, in currency or person-days.
    missed
        Numbers of the milestones that are not met.
    """

    starts: dict[str, int]
    unfinished: tuple[str, ...]
    late: int
    spend: float
    loss_present_value: float
    loss_at_the_end: float
    value: float
    over: dict[str, float]
    missed: tuple[int, ...]


def carry(problem: Problem, planned: Starts, dues: Sequence[Due] = ()) -> Carried:
    """Carry out a plan of a problem like this one.

    Parameters
    ----------
    problem
        With the numbers that turned out.
    planned
        Start by step; steps that the problem does not have are left out.
    dues
        Milestones.
    """
    steps = problem.steps_by_id()
    begun = _begun(problem, steps, {name: start for name, start in planned.items() if name in steps})
    done = {name: start for name, start in begun.items() if finish(steps[name], start) < problem.horizon}
    amounts = figures(problem, done)
    used = {
        name: total(problem, steps, begun, name) for name in {window.resource for window in problem.windows} | {"money"}
    }
    # Present value of the money, with what unfinished steps took.
    running = math.fsum(steps[name].per_year for name in done) * problem.tail.years * problem.tail.discount
    spent = math.fsum(period.discount * float(used["money"][t]) for t, period in enumerate(problem.periods)) + running
    objective = objective_of(problem)
    risk = -amounts.points_present_value
    if not objective.points:
        risk = amounts.loss_present_value - amounts.value_present_value
    return Carried(
        starts=done,
        unfinished=tuple(name for name in planned if name in steps and name not in done),
        late=sum(start > planned[name] for name, start in begun.items()),
        spend=float(sum(used["money"], Fraction(0))),
        loss_present_value=amounts.loss_present_value,
        loss_at_the_end=amounts.tail_loss,
        value=objective.criteria(risk, spent)[0],
        over=_over(problem, used),
        missed=tuple(
            k
            for k, due in enumerate(dues)
            if not all(name in done and finish(steps[name], done[name]) <= due.period for name in due.steps)
        ),
    )


def _begun(problem: Problem, steps: Mapping[str, Step], planned: Starts) -> dict[str, int]:
    """When each step begins, as far as that is within the horizon."""
    begun: dict[str, int] = {}
    waiting = sorted(planned, key=lambda name: (planned[name], name))
    # What needs something stands after it in the plan or, with no lag, beside it: each round settles at least one step.
    while waiting:
        settled = []
        for name in waiting:
            ready = _ready(steps, steps[name], begun, {other for other in waiting if other not in settled})
            if ready is None:
                continue
            settled.append(name)
            start = max(planned[name], ready, steps[name].earliest)
            if start < problem.horizon:
                begun[name] = start
        if not settled:
            break
        waiting = [name for name in waiting if name not in settled]
    return begun


def _ready(steps: Mapping[str, Step], step: Step, begun: Mapping[str, int], open_: set[str]) -> int | None:
    """The first period in which everything that a step needs is finished; None while that is not known; far away
    where it never is.
    """

    def after(need: Need) -> int:
        """The first period after a need and its lag; ``_NEVER`` where the step it names has no start."""
        return finish(steps[need.step], begun[need.step]) + need.lag if need.step in begun else _NEVER

    if any(need.step in open_ for need in step.needs):
        return None
    ready = max((after(need) for need in step.needs), default=0)
    for group in step.needs_any:
        known = [after(need) for need in group if need.step not in open_]
        if not known or min(known) >= _NEVER:
            if any(need.step in open_ for need in group):
                return None
            return _NEVER
        ready = max(ready, min(known))
    return ready


_NEVER = 10**9


def _over(problem: Problem, used: Mapping[str, Sequence[Fraction]]) -> dict[str, float]:
    """By resource, money as one: the most by which a limit is exceeded."""
    excesses: dict[str, Fraction] = {}
    for window in problem.windows:
        excess = sum(used[window.resource][window.from_ : window.to + 1], Fraction(0)) - exact(window.limit)
        name = "money" if window.resource in MONEY else window.resource
        if excess > 0:
            excesses[name] = max(excess, excesses.get(name, Fraction(0)))
    return {name: float(excess) for name, excess in sorted(excesses.items())}
