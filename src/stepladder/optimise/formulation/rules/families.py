"""The families of variables of a program."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.optimise.formulation.rows import Variable
from stepladder.optimise.formulation.variables import Grid


def started_variables(grid: Grid) -> Iterator[Variable]:
    """z[i, t] ∈ {0, 1}: step i has started in or before period t, for earliest_i ≤ t ≤ latest_i."""
    for k, step in enumerate(grid.problem.steps):
        for t in grid.starts_of(step):
            name = grid.started(step, t)
            if name is not None:
                yield Variable(name, 0.0, 1.0, integer=True, kind="started", index=k, time=t)


def starting_variables(grid: Grid) -> Iterator[Variable]:
    """x[i, s] ∈ {0, 1}: step i starts in period s."""
    for k, step in enumerate(grid.problem.steps):
        for s in grid.starts_of(step):
            yield Variable(grid.starting(step, s), 0.0, 1.0, integer=True, kind="starting", index=k, time=s)


def loss_variables(grid: Grid) -> Iterator[Variable]:
    """e[k, t] ∈ [least, 1]: what remains of threat k at time t, a share of today's loss; t = T is the tail."""
    for (k, t), least in grid.losses.items():
        name = grid.loss(k, t)
        if name is not None:
            yield Variable(name, least, 1.0, integer=False, kind="loss", index=k, time=t)


def achieved_variables(grid: Grid) -> Iterator[Variable]:
    """h[a, t] ∈ {0, 1}: achievement a holds in period t, from the first period in which it can."""
    for (a, t), name in grid.achieved.items():
        yield Variable(name, 0.0, 1.0, integer=True, kind="achieved", index=a, time=t)
