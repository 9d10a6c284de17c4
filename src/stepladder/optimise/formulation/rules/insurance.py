"""Rows about insurance: which policies, and what they ask for; to losses a policy is a factor, as a step is."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.optimise.formulation.rows import Pairs, Row, collect
from stepladder.optimise.formulation.variables import Grid


def policies(grid: Grid) -> Iterator[Row]:
    """Σ_p q[p, y] ≤ 1 with q[p, y] = z[p@y, from_y]: in each policy year at most one policy is in force."""
    by_year: dict[int, Pairs] = {}
    for step in grid.problem.steps:
        if step.until is not None:
            by_year.setdefault(step.until, []).append((grid.planned(step), 1.0))
    for until, terms in by_year.items():
        if len(collect(terms)) > 1:
            yield Row("policies", (until,), collect(terms), "<=", 1.0)


def policy_needs(grid: Grid) -> Iterator[Row]:
    """q[p, y] ≤ z[i, from_y − d_i]: every step i that a policy asks for is finished before the first period of the
    year.
    """
    for k, step in enumerate(grid.problem.steps):
        for j, gap in () if step.is_work else grid.tables.needs[k]:
            for start in grid.starts_of(step):
                other = grid.started(grid.tables.steps[j], start - gap)
                yield Row("policy_needs", (k, j), collect([(grid.planned(step), 1.0), (other, -1.0)]), "<=", 0.0)
