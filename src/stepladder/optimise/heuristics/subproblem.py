"""A plan's surroundings as a small program: some variables are free, everything else stands as it is in the plan.

Within a plan's surroundings each loss is as good as linear, so a small program has the tangents at the plan for its
costs and no variables for losses. Measured against programs with four tangents at each loss: the same better plans, in
less time.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from stepladder.optimise.formulation.program import build, criteria, minimise
from stepladder.optimise.formulation.rows import Variable
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.solvers.arrays import Arrays, Floats, arrays, cut_out

#: The start of a step that is not planned.
NEVER = 1 << 20

Mask = npt.NDArray[np.bool_]
StartArray = npt.NDArray[np.int64]


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
        By column: the step that it is about and the period by which that has started; −1 for losses, achievements and
        combinations.
    count, last
        By step: how many columns it has, and the last period in which it may start, −1 where none.
    """

    def __init__(self, grid: Grid) -> None:
        program = build(grid, {key: [0.0] for key in grid.losses})
        self.made = matrix = arrays(minimise(program, grid, criteria(grid)[0]), grid.clock)
        # A variable that occurs nowhere has no column.
        started, index, time = _coordinates(program.variables[name] for name in matrix.names)
        self.step, self.time = np.where(started, index, -1), np.where(started, time, -1)
        self.count = np.bincount(index[started], minlength=len(grid.problem.steps))
        self.last = np.full(len(grid.problem.steps), -1)
        np.maximum.at(self.last, index[started], time[started])
        tangent = np.array([row.family == "tangent" for row in program.rows], dtype=bool)
        kinds = [program.variables[name].kind for name in matrix.names]
        #: By column: whether it says that an achievement holds; which, and when. And whether it is of a combination.
        self._achieved, self._state = (
            np.array([k == kind for k in kinds], dtype=bool) for kind in ("achieved", "state")
        )
        self._beside = self._achieved | self._state
        self._which, self._when = index, time
        self._grid = grid
        on_loss = ~(started | self._beside)[matrix.index]
        #: The loss of each tangent row, −1 for other rows.
        self._loss = np.full(len(tangent), -1)
        self._loss[matrix.row[on_loss & tangent[matrix.row]]] = matrix.index[on_loss & tangent[matrix.row]]
        #: Entries of the tangents' rows: minus the logarithm of a factor each, because these tangents touch where
        #: nothing is in place.
        self._steep = np.flatnonzero((started | self._state)[matrix.index] & tangent[matrix.row])
        #: Losses that a limit looks at stay in small programs, with their tangent's row; of all others only the price
        #: is left.
        watched = _marked(matrix.index[on_loss & ~tangent[matrix.row]], len(matrix.names))
        self._kept = (self._loss < 0) | watched[self._loss]

    def values(self, starts: StartArray) -> Floats:
        """What the frame's columns are in a plan, given as the start of each step: what has started by when, and
        what remains of each loss.
        """
        matrix = self.made
        values = np.where(self.step >= 0, starts[self.step] <= self.time, 0).astype(float)
        if self._state.any():
            pairs = zip(self._grid.problem.steps, starts.tolist(), strict=True)
            combined = self._grid.combined({step.id: start for step, start in pairs if start < NEVER})
            values[self._state] = [combined[matrix.names[at]] for at in np.flatnonzero(self._state).tolist()]
        at = matrix.index[self._steep]
        logs = np.bincount(
            self._loss[matrix.row[self._steep]], weights=-matrix.value[self._steep] * values[at], minlength=len(values)
        )
        values = np.where((self.step >= 0) | self._state, values, np.exp(logs))
        if self._achieved.any():
            tables = self._grid.tables
            pairs = zip(starts.tolist(), tables.steps, strict=True)
            times = np.array(tables.achievements.since(start + step.duration - 1 for start, step in pairs))
            on = np.flatnonzero(self._achieved)
            values[on] = times[self._which[on]] <= self._when[on]
        return values

    def starts(self, values: Floats, count: int) -> StartArray:
        """The plan that values mean."""
        starts = np.full(count, NEVER, dtype=np.int64)
        on = np.flatnonzero((self.step >= 0) & (values > 0.5))
        np.minimum.at(starts, self.step[on], self.time[on])
        return starts

    def first_of(self, order: Sequence[int], size: int, inside: Mask | None = None) -> Mask:
        """The columns (of those inside) of the first of these steps, as many steps as have no more than ``size`` of
        them together, at least one.
        """
        candidates = self.step >= 0 if inside is None else inside
        counts = np.bincount(self.step[candidates], minlength=len(order))
        taken = np.cumsum(counts[list(order)])
        chosen = list(order)[: max(1, int(np.searchsorted(taken, size, side="right")))]
        mask: Mask = candidates & np.isin(self.step, chosen)
        return mask

    def between(self, one: StartArray, other: StartArray) -> Mask:
        """The columns in which two plans differ, and the one before and after them."""
        low, high = np.minimum(one, other)[self.step], np.maximum(one, other)[self.step]
        mask: Mask = (self.step >= 0) & (low != high) & (self.time >= low - 1) & (self.time <= high)
        return mask

    def around(self, starts: StartArray, free: Mask) -> Surroundings:
        """The small program in which these columns are free."""
        values = self.values(starts)
        matrix = self._linear(values)
        touched = _marked(matrix.row[free[matrix.index]], len(self._loss)) & self._kept
        every = free.copy()
        every[self._loss[touched & (self._loss >= 0)]] = True
        every |= self._beside
        touched = _marked(matrix.row[every[matrix.index]], len(self._loss)) & self._kept
        off = np.bincount(
            matrix.row, weights=matrix.value * np.where(every, 0.0, values)[matrix.index], minlength=len(self._loss)
        ).astype(float)
        columns = np.flatnonzero(every)
        return Surroundings(cut_out(matrix, columns, np.flatnonzero(touched), off), columns, values[columns])

    def _linear(self, values: Floats) -> Arrays:
        """The program with each loss as a sum over steps, right at the plan and wherever one step is changed: in its
        row, and in the steps' prices.
        """
        matrix, row, at = self.made, self.made.row[self._steep], self.made.index[self._steep]
        loss, log = self._loss[row], -matrix.value[self._steep]
        slope = values[loss] * np.where(values[at] > 0.5, -np.expm1(-log), np.expm1(log))
        value, lower = matrix.value.copy(), matrix.row_lower.copy()
        value[self._steep] = -slope
        curved = self._loss >= 0
        lower[curved] = (
            values[self._loss[curved]] - np.bincount(row, weights=slope * values[at], minlength=len(lower))[curved]
        )
        priced = np.bincount(at, weights=slope * matrix.cost[loss], minlength=len(values))
        cost = np.where((self.step >= 0) | self._beside, matrix.cost + priced, 0.0)
        return replace(matrix, cost=cost, value=value, row_lower=lower)


def _marked(places: npt.NDArray[np.intp], count: int) -> Mask:
    mask = np.zeros(count, dtype=bool)
    mask[places] = True
    return mask


def _coordinates(
    variables: Iterable[Variable],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Of each variable: whether it says that a step has started, or else what remains of a threat, or whether an
    achievement holds; the index of the step, threat or achievement; the time.
    """
    parts = [(variable.kind == "started", variable.index, variable.time) for variable in variables]
    started, index, time = zip(*parts, strict=True) if parts else ((), (), ())
    return np.array(started, dtype=bool), np.array(index, dtype=np.intp), np.array(time, dtype=np.intp)
