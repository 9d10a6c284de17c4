"""A formulation as arrays, for a solver that takes the whole matrix at once, and a bound from any dual values."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt

from stepladder.optimise.clock import Clock
from stepladder.optimise.formulation.rows import Formulation, Name

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int32]

#: HiGHS leaves out coefficients up to here, whatever that does to a row.
SMALLEST = 1e-9


@dataclass(frozen=True)
class Arrays:
    """min cost · x + constant, row_lower ≤ A x ≤ row_upper, lower ≤ x ≤ upper.

    Attributes
    ----------
    names
        The columns.
    cost, lower, upper, integer
        By column.
    row_lower, row_upper
        By row.
    start, index, value
        The matrix by rows: row r has entries ``start[r]`` to ``start[r + 1]``.
    """

    names: list[Name]
    cost: Floats
    lower: Floats
    upper: Floats
    integer: npt.NDArray[np.bool_]
    row_lower: Floats
    row_upper: Floats
    start: Integers
    index: Integers
    value: Floats
    constant: float

    @cached_property
    def row(self) -> npt.NDArray[np.intp]:
        """The row of each entry."""
        return np.repeat(np.arange(len(self.row_lower)), np.diff(self.start))

    def signed(self, duals: Floats) -> Floats:
        """Dual values on the right side of their rows."""
        return signed(duals, self.row_lower, self.row_upper)

    def safe_bound(self, duals: Floats) -> float:
        """A lower bound on the objective from any dual values, however inexact: every column has bounds.

        With y on the right side of its row, c·x ≥ y·(row's side) + Σ_j min over the column's bounds of (c − Aᵀy)_j x_j.
        """
        y = self.signed(duals)
        side = np.where(y > 0, self.row_lower, np.where(y < 0, self.row_upper, 0.0))
        taken = np.bincount(self.index, weights=self.value * y[self.row], minlength=len(self.cost))
        reduced = self.cost - taken
        inside = np.minimum(reduced * self.lower, reduced * self.upper).sum()
        # What the sums above can be off by, on the safe side.
        slip = 1e-12 * (
            np.abs(y * side).sum()
            + np.abs(np.maximum(np.abs(reduced * self.lower), np.abs(reduced * self.upper))).sum()
        )
        return float((y * side).sum() + inside - slip) + self.constant


def signed(duals: Floats, lower: Floats, upper: Floats) -> Floats:
    """Dual values of rows with these sides, each with the sign that its sides allow."""
    y = np.where(np.isneginf(lower), np.minimum(duals, 0.0), duals)
    return np.where(np.isposinf(upper), np.maximum(y, 0.0), y)


def arrays(formulation: Formulation, clock: Clock | None = None) -> Arrays:
    """All columns and rows, in the order in which they were built, without columns that occur nowhere.

    Raises
    ------
    TimeUp
        When the clock says so in the middle.
    """
    clock, used = clock or Clock(), set(formulation.objective)
    for row in clock.watched(formulation.rows):
        used.update(row.terms)
    columns = [variable for name, variable in formulation.variables.items() if name in used]
    place = {variable.name: k for k, variable in enumerate(columns)}
    cost = np.zeros(len(columns))
    for name, amount in formulation.objective.items():
        cost[place[name]] = amount
    lengths = [len(row.terms) for row in formulation.rows]
    index: list[int] = []
    value: list[float] = []
    for row in clock.watched(formulation.rows):
        index.extend(map(place.__getitem__, row.terms))
        value.extend(row.terms.values())
    rhs = np.array([row.rhs for row in formulation.rows], dtype=float)
    sense = np.array([row.sense for row in formulation.rows], dtype=object)
    return Arrays(
        names=[variable.name for variable in columns],
        cost=cost,
        lower=np.array([variable.lower for variable in columns], dtype=float),
        upper=np.array([variable.upper for variable in columns], dtype=float),
        integer=np.array([variable.integer for variable in columns], dtype=bool),
        row_lower=np.where(sense == "<=", -np.inf, rhs),
        row_upper=np.where(sense == ">=", np.inf, rhs),
        start=np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32),
        index=np.array(index, dtype=np.int32),
        value=np.array(value, dtype=float),
        constant=formulation.constant,
    )


def without_smallest(matrix: Arrays) -> Arrays:
    """A program without the coefficients that a solver takes for zero; its rows give way by as much as those can
    come to, so no solution is lost.
    """
    small = (matrix.value != 0) & (np.abs(matrix.value) <= SMALLEST)
    if not small.any():
        return matrix
    row, value, column = matrix.row[small], matrix.value[small], matrix.index[small]
    ends = value * matrix.lower[column], value * matrix.upper[column]
    most, least = (
        np.bincount(row, weights=end, minlength=len(matrix.row_lower)) for end in (np.maximum(*ends), np.minimum(*ends))
    )
    left = np.bincount(matrix.row[~small], minlength=len(matrix.row_lower))
    return replace(
        matrix,
        row_lower=matrix.row_lower - most,
        row_upper=matrix.row_upper - least,
        start=np.concatenate([[0], np.cumsum(left)]).astype(np.int32),
        index=matrix.index[~small],
        value=matrix.value[~small],
    )


def cut_out(matrix: Arrays, columns: npt.NDArray[np.intp], rows: npt.NDArray[np.intp], off: Floats) -> Arrays:
    """The part of a program in these rows and columns, ascending; ``off``, by row of the whole, is what the other
    columns come to.
    """
    column, row = np.full(len(matrix.cost), -1, dtype=np.int32), np.full(len(matrix.row_lower), -1)
    column[columns], row[rows] = np.arange(len(columns)), np.arange(len(rows))
    inside = (column[matrix.index] >= 0) & (row[matrix.row] >= 0)
    kept = np.bincount(row[matrix.row[inside]], minlength=len(rows))
    return Arrays(
        names=[],
        cost=matrix.cost[columns],
        lower=matrix.lower[columns],
        upper=matrix.upper[columns],
        integer=matrix.integer[columns],
        row_lower=matrix.row_lower[rows] - off[rows],
        row_upper=matrix.row_upper[rows] - off[rows],
        start=np.concatenate([[0], np.cumsum(kept)]).astype(np.int32),
        index=column[matrix.index[inside]],
        value=matrix.value[inside],
        constant=0.0,
    )


def as_values(formulation: Formulation, names: list[Name], solution: Any) -> dict[Name, float]:
    """A solution by name, with the columns that the solver was not shown: they occur nowhere, so their lower bound
    is as good as any value.
    """
    values = {name: variable.lower for name, variable in formulation.variables.items()}
    values.update(zip(names, map(float, solution), strict=True))
    return values
