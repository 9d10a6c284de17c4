"""Plans by hand: a first plan by greedy insertion, and improvement by moving one step at a time.

Everything is judged by exact evaluation. The order of all loops is fixed, so the same plan comes out every time.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Mapping

from stepladder import graph
from stepladder.evaluate import Evaluation, Starts, evaluate
from stepladder.optimise.dates import must_plan
from stepladder.optimise.grid import Grid

#: A later criterion counts only when the earlier ones are equal to this relative precision.
EQUAL = 1e-12

Criteria = tuple[float, float]


def better(a: Criteria, b: Criteria) -> bool:
    """Whether a comes before b: the first criterion, then the second, each to a relative precision."""
    for x, y in zip(a, b, strict=True):
        if not math.isclose(x, y, rel_tol=EQUAL, abs_tol=1e-9):
            return x < y
    return False


def keeps_order(grid: Grid, starts: Starts) -> bool:
    """Whether a plan obeys every rule that is not about money, people or losses."""
    steps, problem = grid.ledger.steps, grid.problem
    finish = {name: start + steps[name].duration - 1 for name, start in starts.items()}
    for name, start in starts.items():
        step = steps[name]
        if start not in grid.starts_of(step):
            return False
        if any(need.step not in finish or start < finish[need.step] + need.lag for need in step.needs):
            return False
        if any(not any(n.step in finish and start >= finish[n.step] + n.lag for n in group) for group in step.needs_any):
            return False
    if any(a in starts and b in starts for a, b in problem.excludes):
        return False
    if any((step.required or step.start is not None) and step.id not in starts for step in problem.steps):
        return False
    if problem.max_parallel is None:
        return True
    busy = [sum(start <= t <= finish[name] for name, start in starts.items()) for t in range(problem.horizon)]
    return max(busy, default=0) <= problem.max_parallel


def judge(grid: Grid, starts: Starts) -> Evaluation | None:
    """The evaluation of a plan that obeys every rule, or None."""
    if not keeps_order(grid, starts):
        return None
    found = evaluate(grid.ledger, starts)
    return None if found.exceeded or found.above else found


def first_plan(grid: Grid, wish: Mapping[str, float], stop: threading.Event) -> dict[str, int] | None:
    """A plan by inserting steps in the order of their wished starts, each as early as it fits; None when what must be done does not fit.

    Parameters
    ----------
    wish
        A wished start by step, from a linear relaxation; steps that are not in it are left out unless they must be planned.
    """
    steps = grid.ledger.steps
    must = must_plan(grid.problem)
    edges = [(step.id, need.step) for step in grid.problem.steps for need in step.needs]
    horizon = float(grid.problem.horizon)
    listed = sorted(steps, key=lambda name: (name not in must, wish.get(name, horizon), grid.number[name]))
    wanted = [name for name in graph.order(listed, edges) if name in wish or name in must]
    first = [name for name in wanted if name in must]
    plan: dict[str, int] = {}
    room = _Room(grid)
    for name in [*first, *(name for name in wanted if name not in must)]:
        if stop.is_set():
            return None
        start = room.earliest(name, plan)
        if start is not None:
            plan[name] = start
            room.take(name, start)
        elif name in must:
            return None
    return plan if judge(grid, plan) is not None else None


class _Room:
    """What the windows still hold, for insertion one step at a time."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.used = {resource: [0] * grid.problem.horizon for resource in grid.ledger.resources}
        self.busy = [0] * grid.problem.horizon

    def earliest(self, name: str, plan: Starts) -> int | None:
        """The first start at which the step fits into the plan, or None."""
        step, steps = self.grid.ledger.steps[name], self.grid.ledger.steps
        if any(other in plan for pair in self.grid.problem.excludes if name in pair for other in pair if other != name):
            return None
        first = 0
        for need in step.needs:
            if need.step not in plan:
                return None
            first = max(first, plan[need.step] + steps[need.step].duration - 1 + need.lag)
        for group in step.needs_any:
            ready = [plan[n.step] + steps[n.step].duration - 1 + n.lag for n in group if n.step in plan]
            if not ready:
                return None
            first = max(first, min(ready))
        return next((start for start in self.grid.starts_of(step) if start >= first and self._fits(name, start)), None)

    def _fits(self, name: str, start: int) -> bool:
        problem, ledger = self.grid.problem, self.grid.ledger
        step = ledger.steps[name]
        limit = problem.max_parallel
        if limit is not None and any(self.busy[t] >= limit for t in range(start, start + step.duration)):
            return False
        for k, window in enumerate(problem.windows):
            if ledger.uses(step, window.resource):
                span = slice(window.from_, window.to + 1)
                if sum(self.used[window.resource][span]) + sum(ledger.use(step, start, window.resource)[span]) > ledger.limits[k]:
                    return False
        return True

    def take(self, name: str, start: int) -> None:
        """Book a step."""
        step = self.grid.ledger.steps[name]
        for resource in self.used:
            if self.grid.ledger.uses(step, resource):
                self.used[resource] = [a + b for a, b in zip(self.used[resource], self.grid.ledger.use(step, start, resource), strict=True)]
        for t in range(start, start + step.duration):
            self.busy[t] += 1


def polish(grid: Grid, starts: Starts, stop: threading.Event, *, keep: Callable[[Criteria], bool] = lambda _: True) -> dict[str, int]:
    """Insert, drop or move one step at a time while that makes the plan better; ties go to the earlier start.

    Afterwards no single insertion that breaks no rule makes the plan better: what is said of steps that are not planned rests on it.
    """
    plan = dict(starts)
    held = judge(grid, plan)
    if held is None:
        return plan
    best = held.criteria(grid.problem.objective)
    improved = True
    while improved and not stop.is_set():
        improved = False
        for trial in _neighbours(grid, plan):
            if stop.is_set():
                break
            found = judge(grid, trial)
            if found is None:
                continue
            value = found.criteria(grid.problem.objective)
            if better(value, best) and keep(value):
                plan, best, improved = trial, value, True
                break
    return plan


def _neighbours(grid: Grid, plan: dict[str, int]) -> Iterable[dict[str, int]]:
    """Every plan that differs in one step, in a fixed order: insertions, drops, moves."""
    for step in grid.problem.steps:
        if step.id not in plan:
            for start in grid.starts_of(step):
                yield {**plan, step.id: start}
    for name in plan:
        yield {other: start for other, start in plan.items() if other != name}
    for name, held in plan.items():
        for start in grid.starts_of(grid.ledger.steps[name]):
            if start != held:
                yield {**plan, name: start}


def earliest_of_equals(grid: Grid, starts: Starts, stop: threading.Event) -> dict[str, int]:
    """Among plans that are equal in every criterion, the one in which each step, in the order of the problem, starts earliest."""
    plan = dict(starts)
    held = judge(grid, plan)
    if held is None:
        return plan
    value = held.criteria(grid.problem.objective)
    for name in [step.id for step in grid.problem.steps if step.id in plan]:
        for start in grid.starts_of(grid.ledger.steps[name]):
            if stop.is_set() or start >= plan[name]:
                break
            found = judge(grid, {**plan, name: start})
            if found is not None and not better(value, found.criteria(grid.problem.objective)):
                plan[name] = start
                break
    return plan
