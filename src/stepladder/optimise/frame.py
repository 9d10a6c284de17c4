"""A plan's surroundings as a small program: some variables are free, everything else stands as it is in the plan.

The frame of a problem is its program with a single tangent at each loss, whose coefficients are the factors' logarithms; from these a small
program gets tangents of its own, where its free steps can take each loss.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stepladder.optimise.arrays import Arrays, Floats, arrays, cut_out
from stepladder.optimise.formulation import build, criteria, minimise
from stepladder.optimise.grid import Grid, coordinates

#: Where a small program has tangents: at the plan, and these parts of the way to all of its free steps in place, or none.
DOWN = (0.8, 0.5, 0.25, 0.1, 0.0)
UP = (0.15, 0.5)
#: The start of a step that is not planned.
NEVER = 1 << 20

Mask = npt.NDArray[np.bool_]
Starts = npt.NDArray[np.int64]


@dataclass(frozen=True)
class Surroundings:
    """A small program, with the columns of the frame that are its own, and the plan as its first solution."""

    program: Arrays
    columns: npt.NDArray[np.intp]
    first: Floats


class Frame:
    """The frame of a problem.

    Attributes
    ----------
    step, time
        By column: the step that it is about and the period by which that has started; −1 for losses.
    """

    def __init__(self, grid: Grid) -> None:
        program = build(grid, {key: [0.0] for key in grid.losses})
        self.made = made = arrays(minimise(program, grid, criteria(grid)[0]))
        started, index, time = coordinates(made.names)
        self.step, self.time = np.where(started, index, -1), np.where(started, time, -1)
        tangents = np.array([row.name.startswith("tangent_") for row in program.rows], dtype=bool)
        losses = tangents[made.row] & ~started[made.index]
        self._loss = np.full(len(tangents), -1)
        self._loss[made.row[losses]] = made.index[losses]

    def values(self, starts: Starts) -> Floats:
        """What the frame's columns are in a plan, given as the start of each step; what is lost is taken from the tangents when it is asked for."""
        return np.where(self.step >= 0, starts[self.step] <= self.time, 0).astype(float)

    def starts(self, values: Floats, count: int) -> Starts:
        """The plan that values mean."""
        found = np.full(count, NEVER, dtype=np.int64)
        on = np.flatnonzero((self.step >= 0) & (values > 0.5))
        np.minimum.at(found, self.step[on], self.time[on])
        return found

    def around(self, starts: Starts, free: Mask) -> Surroundings:
        """The small program in which these columns are free, beside the losses that they change."""
        made, row, entries = self.made, self.made.row, self.made.index
        values = self.values(starts)
        touched = _marked(row[free[entries]], len(self._loss))
        changed = self._loss[touched & (self._loss >= 0)]
        every = free.copy()
        every[changed] = True
        touched = _marked(row[every[entries]], len(self._loss))
        fixed = np.where(every, 0.0, self._with_losses(values))
        off = np.bincount(row, weights=made.value * fixed[entries], minlength=len(self._loss)).astype(float)
        plain, curved = touched & (self._loss < 0), touched & (self._loss >= 0)
        columns = np.flatnonzero(every)
        rest = cut_out(made, columns, np.flatnonzero(plain), off)
        slopes = cut_out(made, columns, np.flatnonzero(curved), off)
        return Surroundings(_with_tangents(rest, slopes, values[columns]), columns, values[columns])

    def _with_losses(self, values: Floats) -> Floats:
        """Values with what remains of each loss: a tangent row's other terms are minus the logarithm of it."""
        made = self.made
        logs = -np.bincount(made.row, weights=made.value * values[made.index], minlength=len(self._loss)).astype(float)
        full = values.copy()
        at = self._loss >= 0
        full[self._loss[at]] = np.exp(logs[at])
        return full


def _marked(places: npt.NDArray[np.intp], count: int) -> Mask:
    found = np.zeros(count, dtype=bool)
    found[places] = True
    return found


def _with_tangents(rest: Arrays, slopes: Arrays, values: Floats) -> Arrays:
    """``rest`` with tangents in place of the rows of ``slopes``: e + v · z ≥ 1 − fixed, whose v are minus the logarithms of factors.

    The tangent at p is e + exp(p) v · z ≥ exp(p) (1 − p + fixed logarithms), with values of z, zero for e, where the plan is.
    """
    count = len(slopes.row_lower)
    row = slopes.row
    steps = slopes.integer[slopes.index]
    fixed = slopes.row_lower - 1.0
    here = np.bincount(row, weights=slopes.value * values[slopes.index], minlength=count)
    most = np.bincount(row[steps], weights=slopes.value[steps], minlength=count)
    made = [rest]
    for point in [*(fixed - here - part * (most - here) for part in DOWN), *(fixed - here + part * here for part in UP)]:
        height = np.exp(point)
        made.append(replace(slopes, value=np.where(steps, slopes.value * height[row], slopes.value), row_lower=height * (1 - point + fixed)))
    starts = np.cumsum([0, *(part.start[-1] for part in made)])
    return replace(
        rest,
        row_lower=np.concatenate([part.row_lower for part in made]),
        row_upper=np.concatenate([part.row_upper for part in made]),
        start=np.concatenate([[0], *(part.start[1:] + first for part, first in zip(made, starts, strict=False))]).astype(np.int32),
        index=np.concatenate([part.index for part in made]),
        value=np.concatenate([part.value for part in made]),
    )
