"""Rows about achievements: what follows from steps that are finished."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.evaluate.achieved import whole
from stepladder.optimise.formulation.rows import Pairs, Row, collect
from stepladder.optimise.formulation.variables import Grid


def achieved_all(grid: Grid) -> Iterator[Row]:
    """h[a, t] ≤ z[i, t − d_i + 1] for each step i that a takes, h[a, t] ≤ h[b, t] for each achievement b: all of
    them.
    """
    for (a, t), name in grid.achieved.items():
        for k, other in enumerate(grid.problem.achievements[a].all):
            yield Row("achieved_all", (a, k, t), collect([(name, 1.0), (grid.met(other, t), -1.0)]), "<=", 0.0)


def achieved_any(grid: Grid) -> Iterator[Row]:
    """h[a, t] ≤ Σ_i z[i, t − d_i + 1] + Σ_b h[b, t] over the members i and b of a group: at least one of them."""
    for (a, t), name in grid.achieved.items():
        for g, group in enumerate(grid.problem.achievements[a].any):
            terms: Pairs = [(name, 1.0), *((grid.met(other, t), -1.0) for other in group)]
            yield Row("achieved_any", (a, g, t), collect(terms), "<=", 0.0)


def achieved_score(grid: Grid) -> Iterator[Row]:
    """at_least · h[a, t] ≤ Σ_i amount_i · z[i, t − d_i + 1], divided by at_least, no amount more than that."""
    for (a, t), name in grid.achieved.items():
        score = grid.problem.achievements[a].score
        if score is not None:
            amounts, least = whole(score)
            terms: Pairs = [(name, 1.0), *((grid.met(other, t), -count / least) for other, count in amounts.items())]
            yield Row("achieved_score", (a, t), collect(terms), "<=", 0.0)


def achieved(grid: Grid) -> Iterator[Row]:
    """h[a, by_a] = 1 for an achievement that is asked for."""
    for a, achievement in enumerate(grid.problem.achievements):
        if achievement.by is not None:
            yield Row("achieved", (a,), collect([(grid.holding(a, achievement.by), 1.0)]), "==", 1.0)


def needs_achievements(grid: Grid) -> Iterator[Row]:
    """z[i, t] ≤ h[a, t − ℓ] for i needs achievement a with lag ℓ: s_i ≥ the period from which a holds + ℓ."""
    for k, step in enumerate(grid.problem.steps):
        for a, lag in grid.tables.achieving[k]:
            for t in grid.starts_of(step):
                held = grid.achieved.get((a, t - lag))
                terms = [(grid.started(step, t), 1.0), (held, -1.0)]
                yield Row("needs_achievements", (k, a, t), collect(terms), "<=", 0.0)
