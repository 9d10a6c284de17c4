"""What a linear relaxation suggests to those who look for plans: when each step starts on average, and what each
start costs at its prices.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from stepladder.optimise.formulation.rows import Formulation
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.solvers.answer import Values
from stepladder.optimise.solvers.arrays import Floats, arrays


@dataclass(frozen=True)
class Guide:
    """What a linear relaxation suggests.

    Attributes
    ----------
    wish
        The start of each step that it plans, on average.
    costs
        What each start costs at its prices, in the solver's units, shape (n, T + 1): infinite where it cannot be; the
        last column is for not at all. None where prices are not known.
    """

    wish: dict[str, float] = field(default_factory=dict)
    costs: Floats | None = None


def wish(grid: Grid, values: Values, part: float | None) -> dict[str, float]:
    """The start that a fractional solution means, of every step that it plans at all: on average, or when that part
    of it has started.
    """
    wishes = {}
    for step in grid.problem.steps:
        starts = grid.starts_of(step)
        shares = [values[name] for t in starts if (name := grid.started(step, t)) is not None]
        if shares and shares[-1] > 1e-6:
            average = starts[0] + math.fsum(1 - share for share in shares)
            reached = next(
                (t for t, share in zip(starts, shares, strict=True) if part is not None and share >= part), None
            )
            # Of steps that reach the same part in the same period the one that comes sooner on average is first.
            wishes[step.id] = average if reached is None else reached + average / (1000 * len(shares))
    return wishes


def costs(grid: Grid, program: Formulation, duals: Floats) -> Floats:
    """What each start costs, with a price on everything but a step's own order in time: Σ over t ≥ s of the reduced
    costs of z[i, t].

    Rows that were added since the prices were found, at the end of the program, have none.
    """
    matrix = arrays(program, grid.clock)
    duals = np.concatenate([duals, np.zeros(len(matrix.row_lower) - len(duals))])
    once = np.array([row.family == "once" for row in program.rows], dtype=bool)
    y = np.where(once, 0.0, matrix.signed(duals))
    reduced = matrix.cost - np.bincount(matrix.index, weights=matrix.value * y[matrix.row], minlength=len(matrix.cost))
    of = dict(zip(matrix.names, reduced.tolist(), strict=True))
    prices = np.full((len(grid.problem.steps), grid.problem.horizon + 1), np.inf)
    for k, step in enumerate(grid.problem.steps):
        prices[k, -1] = np.inf if step.must else 0.0
        total = 0.0
        for s in reversed(grid.starts_of(step)):
            name = grid.started(step, s)
            total += of.get(name, 0.0) if name is not None else 0.0
            prices[k, s] = total
    return prices
