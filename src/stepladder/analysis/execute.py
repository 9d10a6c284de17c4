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

from stepladder.data.formats.policy import is_choice
from stepladder.data.formats.problem import MONEY, Need, Problem, Step
from stepladder.data.objective import objective_of
from stepladder.data.reached import reached
from stepladder.evaluate import Starts
from stepladder.solution.insured import policy_needs
from stepladder.solution.recount import Counted, exact, figures, finish


@dataclass(frozen=True)
class Due:
    """A milestone: its title, the last period that ends by then (−1: none), its steps, and its achievements."""

    title: str
    period: int
    steps: tuple[str, ...]
    achievements: tuple[str, ...] = ()


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
    insured = insured_then(problem, planned, done)
    amounts, counted = figures(problem, done | insured), Counted(problem, begun | insured)
    used = {name: counted.total(name) for name in {window.resource for window in problem.windows} | {"money"}}
    # Present value of the money, with what unfinished steps took.
    renewed = (held.premium for held in counted.insured if held.holds(problem.horizon))
    yearly = math.fsum([*(steps[name].afterwards for name in done), *renewed])
    running = yearly * problem.tail.years * problem.tail.discount
    spent = math.fsum(period.discount * float(used["money"][t]) for t, period in enumerate(problem.periods)) + running
    since = reached(problem, {name: finish(steps[name], start) for name, start in done.items()})
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
            or not all(since.get(name, problem.horizon) <= due.period for name in due.achievements)
        ),
    )


def spent_in_windows(problem: Problem, planned: Starts) -> dict[int, Fraction]:
    """What a plan that is carried out uses of each limit on money, by the number of its window: exact, in currency.

    Parameters
    ----------
    problem
        With the numbers that turned out.
    planned
        Start by step.
    """
    steps = problem.steps_by_id()
    begun = _begun(problem, steps, {name: start for name, start in planned.items() if name in steps})
    done = {name: start for name, start in begun.items() if finish(steps[name], start) < problem.horizon}
    counted = Counted(problem, begun | insured_then(problem, planned, done))
    used = {name: counted.total(name) for name in MONEY}
    return {
        k: sum(used[window.resource][window.from_ : window.to + 1], Fraction(0))
        for k, window in enumerate(problem.windows)
        if window.resource in MONEY
    }


def insured_then(problem: Problem, planned: Starts, done: Starts) -> dict[str, int]:
    """The planned policies for whose year all that they ask for is finished in time: the others nobody can have."""
    steps = problem.steps_by_id()
    held = {name: start for name, start in planned.items() if is_choice(name)}
    return {name: at for name, at in held.items() if not [*policy_needs(problem, steps, {**done, name: at})]}


def _begun(problem: Problem, steps: Mapping[str, Step], planned: Starts) -> dict[str, int]:
    """When each step begins, as far as that is within the horizon."""
    begun: dict[str, int] = {}
    waiting = sorted(planned, key=lambda name: (planned[name], name))
    achieving = _Achieving(problem, planned)
    # What needs something stands after it in the plan or, with no lag, beside it: each round settles at least one step.
    while waiting:
        settled = []
        for name in waiting:
            open_ = {other for other in waiting if other not in settled}
            ready, achieved = _ready(steps, steps[name], begun, open_), achieving.ready(steps[name], begun, open_)
            if ready is None or achieved is None:
                continue
            settled.append(name)
            start = max(planned[name], ready, achieved, steps[name].earliest)
            if start < problem.horizon:
                begun[name] = start
        if not settled and achieving.patient:
            # What might still bring an achievement forward waits itself: what is known of it counts.
            achieving.patient = False
        elif not settled:
            break
        else:
            achieving.patient = True
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


class _Achieving:
    """When achievements hold that steps wait for, while not all starts are known.

    Attributes
    ----------
    patient
        Whether nothing is said of an achievement that an open step, begun as planned, could bring forward.
    """

    def __init__(self, problem: Problem, planned: Starts) -> None:
        self._problem, self._planned, self._steps = problem, planned, problem.steps_by_id()
        self.patient = True

    def ready(self, step: Step, begun: Mapping[str, int], open_: set[str]) -> int | None:
        """The first period in which every achievement that a step needs holds, with its lag; None while that is not
        known; far away where one never does.
        """
        if not step.needs_achievements:
            return 0
        known = {name: finish(self._steps[name], start) for name, start in begun.items()}
        soonest = {name: finish(self._steps[name], self._planned[name]) for name in open_ if name != step.id}
        since, possible = (reached(self._problem, done) for done in (known, {**soonest, **known}))
        names = [need.achievement for need in step.needs_achievements]
        if any(since.get(name) != possible.get(name) for name in names) and (
            self.patient or any(name not in since for name in names)
        ):
            return None
        return max(since.get(need.achievement, _NEVER) + need.lag for need in step.needs_achievements)


def _over(problem: Problem, used: Mapping[str, Sequence[Fraction]]) -> dict[str, float]:
    """By resource, money as one: the most by which a limit is exceeded."""
    excesses: dict[str, Fraction] = {}
    for window in problem.windows:
        excess = sum(used[window.resource][window.from_ : window.to + 1], Fraction(0)) - exact(window.limit)
        name = "money" if window.resource in MONEY else window.resource
        if excess > 0:
            excesses[name] = max(excess, excesses.get(name, Fraction(0)))
    return {name: float(excess) for name, excess in sorted(excesses.items())}
