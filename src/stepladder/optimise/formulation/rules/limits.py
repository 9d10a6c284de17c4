"""Rows about what is used: money, people, steps at once."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.data.formats.problem import Window
from stepladder.optimise.formulation.rows import Pairs, Row, collect
from stepladder.optimise.formulation.variables import Grid


def use(grid: Grid, window: Window) -> Pairs:
    """Terms of what is used in a window, in currency or person-days: Σ_i Σ_s use_i(s, window) · (z[i, s] − z[i,
    s−1]).
    """
    ledger = grid.ledger
    if window.resource not in ledger.unit:
        # No step uses it.
        return []
    used = grid.tables.uses(window.resource).between(window.from_, window.to + 1)
    inside = (used / ledger.unit[window.resource]).astype(float).tolist()
    terms: Pairs = []
    for step, by_start in zip(grid.problem.steps, inside, strict=True):
        if ledger.uses(step, window.resource):
            terms += grid.by_start(step, by_start.__getitem__)
    return terms


def windows(grid: Grid) -> Iterator[Row]:
    """Σ_i Σ_s use_i(s, window) · (z[i, s] − z[i, s−1]) ≤ limit, in currency or person-days."""
    ledger = grid.ledger
    for k, window in enumerate(grid.problem.windows):
        limit = ledger.amount(ledger.limits[k], window.resource)
        yield Row("window", (k,), collect(use(grid, window)), "<=", limit)


def busy(grid: Grid, t: int) -> Pairs:
    """Terms of how many steps are in work in a period: Σ_i (z[i, t] − z[i, t − d_i])."""
    terms: Pairs = []
    for step in grid.problem.steps:
        if step.is_work:
            terms += [(grid.started(step, t), 1.0), (grid.started(step, t - step.duration), -1.0)]
    return terms


def max_parallel(grid: Grid) -> Iterator[Row]:
    """Σ_i (z[i, t] − z[i, t − d_i]) ≤ limit: so many steps in work in period t."""
    for t, limit in enumerate(grid.problem.parallel or ()):
        yield Row("parallel", (t,), collect(busy(grid, t)), "<=", float(limit))
