"""A bound that needs no solver: everything that helps in place as early as can be, and every step at its cheapest
start.
"""

from __future__ import annotations

import math

import numpy as np

from stepladder.data.objective import objective_of
from stepladder.evaluate import ends, over_time
from stepladder.optimise.formulation.dates import must_plan
from stepladder.optimise.formulation.variables import Grid

#: What sums and products of floats are off by, relatively; far more than they can be.
SLIP = 1e-9


def floor(grid: Grid) -> float:
    """No plan's first criterion is below this, in currency."""
    objective, tables = objective_of(grid.problem), grid.tables
    losses = _least_losses(grid) if objective.risk else np.zeros(1)
    beside = np.zeros((len(tables.steps), tables.horizon))
    if objective.spend:
        beside = beside + tables.spend
    if objective.risk:
        beside = beside - tables.worth
    paid = _cheapest(grid, beside)
    achieved = _most_achieved(grid) if objective.risk else 0.0
    slip = SLIP * (np.abs(losses).sum() + np.abs(paid).sum() + achieved)
    return float(losses.sum() + paid.sum() - achieved - slip)


def _most_achieved(grid: Grid) -> float:
    """What achievements are worth at most: each from the first period in which it can hold."""
    return math.fsum(grid.tables.achievements.gain(a, first) for a, first in enumerate(grid.dates.achieved))


def _least_losses(grid: Grid) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The least weighted loss of each threat at each time: whatever can be in place by then is."""
    tables, horizon = grid.tables, grid.problem.horizon
    first = zip(tables.steps, tables.since, grid.dates.starts, strict=True)
    since = {step.id: int(in_place[starts[0]]) for step, in_place, starts in first if starts}
    until = ends(grid.problem)
    left = np.array([over_time(threat, since, horizon, until) for threat in grid.problem.threats])
    left = left.reshape(-1, horizon + 1)
    weighted: np.ndarray[tuple[int, ...], np.dtype[np.float64]] = left * tables.loss_weights
    return weighted


def _cheapest(
    grid: Grid, cost: np.ndarray[tuple[int, ...], np.dtype[np.float64]]
) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """The least that each step can cost over its starts; nothing where it need not be planned and costs something."""
    must = {grid.number[name] for name in must_plan(grid.problem)}
    least = np.array([cost[k, list(starts)].min() if starts else 0.0 for k, starts in enumerate(grid.dates.starts)])
    free = np.array([k not in must for k in range(len(least))], dtype=bool)
    return np.where(free, np.minimum(least, 0.0), least)
