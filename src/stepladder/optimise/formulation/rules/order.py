"""Rows about which steps are planned, and which before which."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from stepladder.graph import cliques
from stepladder.optimise.formulation.rows import Pairs, Row, collect
from stepladder.optimise.formulation.variables import Grid


def once_started(grid: Grid) -> Iterator[Row]:
    """z[i, t] ≤ z[i, t+1]: what has started stays started."""
    for k, step in enumerate(grid.problem.steps):
        for t, then in pairwise(grid.starts_of(step)):
            terms = [(grid.started(step, t), 1.0), (grid.started(step, then), -1.0)]
            yield Row("once", (k, t), collect(terms), "<=", 0.0)


def starting(grid: Grid) -> Iterator[Row]:
    """x[i, s] = z[i, s] − z[i, s−1]: a step starts in the period by which it has started and before which it has
    not.
    """
    for k, step in enumerate(grid.problem.steps):
        for s in grid.starts_of(step):
            terms: Pairs = [
                (grid.starting(step, s), 1.0),
                (grid.started(step, s), -1.0),
                (grid.started(step, s - 1), 1.0),
            ]
            yield Row("starting", (k, s), collect(terms), "==", 0.0)


def required(grid: Grid) -> Iterator[Row]:
    """z[i, latest_i] = 1 for a step that is required or pinned; with no possible start this row cannot hold."""
    for k, step in enumerate(grid.problem.steps):
        if step.must:
            yield Row("required", (k,), collect([(grid.planned(step), 1.0)]), "==", 1.0)


def needs(grid: Grid) -> Iterator[Row]:
    """z[i, t] ≤ z[j, t − ℓ − d_j + 1] for i needs j with lag ℓ: s_i ≥ f_j + ℓ, and i only with j.

    Where both so close together are too much for a window, j has started earlier still. Where the same start of j
    serves several of i, the row of the last of them says it for all.
    """
    for k, step in enumerate(grid.problem.steps):
        for j, gap in grid.tables.needs[k] if step.is_work else ():
            latest = [*grid.dates.before(k, j, gap), None]
            for t, here, after in zip(grid.starts_of(step), latest, latest[1:], strict=False):
                if here is None or here != after:
                    other = None if here is None else grid.started(grid.tables.steps[j], here)
                    terms = [(grid.started(step, t), 1.0), (other, -1.0)]
                    yield Row("needs", (k, j, t), collect(terms), "<=", 0.0)


def needs_any(grid: Grid) -> Iterator[Row]:
    """z[i, t] ≤ Σ_j z[j, t − ℓ_j − d_j + 1] over the members j of a group: at least one of them first."""
    for k, step in enumerate(grid.problem.steps):
        for g, group in enumerate(step.needs_any):
            for t in grid.starts_of(step):
                terms: Pairs = [(grid.started(step, t), 1.0)]
                for need in group:
                    other = grid.ledger.steps[need.step]
                    terms.append((grid.started(other, t - need.lag - other.duration + 1), -1.0))
                yield Row("needs_any", (k, g, t), collect(terms), "<=", 0.0)


def excludes(grid: Grid) -> Iterator[Row]:
    """Σ z[i, latest_i] ≤ 1 over steps each two of which exclude each other: no more than one of them. One row for such
    a group says more to a relaxation than one for each pair, which a half of each step obeys.
    """
    steps = grid.ledger.steps
    # Of the policies of one year there is one row for all.
    pairs = [(k, pair) for k, pair in enumerate(grid.problem.excludes) if all(steps[name].is_work for name in pair)]
    for place, group in cliques(pair for _, pair in pairs):
        yield Row(
            "excludes", (pairs[place][0],), collect((grid.planned(steps[name]), 1.0) for name in group), "<=", 1.0
        )
