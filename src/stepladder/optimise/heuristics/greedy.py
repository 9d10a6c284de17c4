"""Plans by hand: whether a plan keeps every rule, what it is worth, and a first plan by greedy insertion.

Every change is judged by a draft, every plan as a whole. The order of all loops is fixed, so the same plan
comes out every time.
"""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping

from stepladder import graph
from stepladder.data.objective import objective_of
from stepladder.data.rules import CAPS
from stepladder.evaluate import Starts, within
from stepladder.evaluate.achieved import NEVER
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.order import Criteria
from stepladder.optimise.formulation.dates import must_plan
from stepladder.optimise.formulation.variables import Grid

#: What a step makes possible counts for it a little less than what it does itself.
UNLOCKED = 0.8


def keeps_order(grid: Grid, starts: Starts) -> bool:
    """Whether a plan obeys every rule that is not about money, people or losses."""
    steps, problem = grid.ledger.steps, grid.problem
    finish = {name: steps[name].finish(start) for name, start in starts.items()}
    for name, start in starts.items():
        step = steps[name]
        if start not in grid.starts_of(step):
            return False
        if any(need.step not in finish or start < finish[need.step] + need.lag for need in step.needs):
            return False
        if any(
            not any(n.step in finish and start >= finish[n.step] + n.lag for n in group) for group in step.needs_any
        ):
            return False
    if any(a in starts and b in starts for a, b in problem.excludes):
        return False
    if any(step.must and step.id not in starts for step in problem.steps):
        return False
    if problem.achievements and not _achieves(grid, starts, finish):
        return False
    if problem.parallel is None:
        return True
    work = [(start, finish[name]) for name, start in starts.items() if steps[name].is_work]
    busy = [sum(start <= t <= last for start, last in work) for t in range(problem.horizon)]
    return all(count <= most for count, most in zip(busy, problem.parallel, strict=True))


def _achieves(grid: Grid, starts: Starts, finish: Mapping[str, int]) -> bool:
    """Whether achievements hold when they are asked for, and when steps need them."""
    achievements = grid.tables.achievements
    times = achievements.since(finish.get(step.id, NEVER) for step in grid.problem.steps)
    needs = zip(grid.problem.steps, grid.tables.achieving, strict=True)
    return not achievements.unmet(times) and not any(
        step.id in starts and starts[step.id] < times[a] + lag for step, needed in needs for a, lag in needed
    )


def obeys(grid: Grid, starts: Starts) -> bool:
    """Whether a plan obeys every rule, and keeps to what is published."""
    if any(name not in grid.number for name in starts):
        # A policy that nobody can have in a year is no step.
        return False
    published = grid.keep is None or grid.keep.holds(starts)
    return published and keeps_order(grid, starts) and within(grid.ledger, starts)


def criteria_of(grid: Grid, starts: Starts) -> Criteria | None:
    """What a plan that obeys every rule comes to, as searches compare it; None where it breaks one."""
    return Draft(grid.tables, starts).criteria() if obeys(grid, starts) else None


def first_plan(grid: Grid, wish: Mapping[str, float], stop: threading.Event) -> dict[str, int] | None:
    """A plan by inserting steps in the order of their wished starts, each as early as it fits; None when what must be
    done does not fit.

    Parameters
    ----------
    wish
        A wished start by step, from a linear relaxation; steps that are not in it are left out unless they must be
        planned.
    """
    steps = grid.ledger.steps
    must = must_plan(grid.problem)
    edges = [(step.id, need.step) for step in grid.problem.steps for need in step.needs]
    horizon, steps_ = float(grid.problem.horizon), grid.tables.steps
    way = {steps_[k].id for k in ways(grid, {grid.number[name] for name in {*must, *wish}})}
    wish = {**dict.fromkeys((step.id for step in steps_ if step.id in way), horizon), **wish}
    listed = sorted(steps, key=lambda name: (name not in must, wish.get(name, horizon), grid.number[name]))
    wanted = [name for name in graph.order(listed, edges) if name in wish or name in must]
    draft = Draft(grid.tables)
    first = {*must, *way}
    for name in [*(name for name in wanted if name in first), *(name for name in wanted if name not in first)]:
        if stop.is_set():
            return None
        k = grid.number[name]
        start = next((s for s in open_starts(grid, draft, k) if not _in_the_way(draft, k, s)), None)
        if start is not None:
            draft.put(k, start)
        elif name in must:
            return None
    return draft.plan if obeys(grid, draft.plan) else None


def ways(grid: Grid, given: Collection[int] = ()) -> list[int]:
    """Steps, but those that are given, with which every achievement that is asked for is reached."""
    achievements = grid.tables.achievements
    chosen = dict.fromkeys(given)
    for a, due in enumerate(achievements.due):
        if due < NEVER:
            chosen |= dict.fromkeys(achievements.way(a, chosen))
    return [k for k in chosen if k not in given]


def promising(grid: Grid, stop: threading.Event) -> dict[str, int] | None:
    """A plan without a solver: first what removes most loss for its money, alone or through what it makes possible."""
    tables, draft = grid.tables, Draft(grid.tables)
    losses_first = not objective_of(grid.problem).spend
    worth = [
        (tables.achievements.shares[k] - draft.change(k, 0)[0]) / (step.once + 2 * step.per_year + 1)
        if losses_first
        else 0.0
        for k, step in enumerate(tables.steps)
    ]
    wish = {
        step.id: -max([worth[k], *(UNLOCKED * worth[i] for i, _ in tables.waiting[k])])
        for k, step in enumerate(tables.steps)
    }
    return first_plan(grid, wish if losses_first else {}, stop)


def _in_the_way(draft: Draft, k: int, start: int) -> bool:
    """Whether a start breaks a rule that no later insertion can mend: a cap on losses is met later, if at all."""
    return not CAPS.issuperset(draft.broken(k, start, first=True))


def open_starts(grid: Grid, draft: Draft, k: int) -> list[int]:
    """The starts that the steps needed leave open, earliest first."""
    first = 0
    for j, gap in grid.tables.needs[k]:
        other = draft.starts[j]
        if other is None:
            return []
        first = max(first, other + gap)
    return [start for start in grid.starts_of(grid.tables.steps[k]) if start >= first]
