"""A fleet's relaxation, system by system: prices for what the systems share, and a bound from any prices.

Rows that several systems are in (money, people) are priced; steps that exist once for all are held at some values, and
how each system would like to change them is read from its duals. Whatever prices and values are used, the sum is a
valid bound: it is a Lagrangian relaxation with Benders' cuts for the shared columns. Good prices come from a sample of
the systems with its share of the limits.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stepladder.optimise.clock import Clock
from stepladder.optimise.formulation.rows import Name
from stepladder.optimise.solvers import highs
from stepladder.optimise.solvers.arrays import Arrays, Floats, signed

Indices = npt.NDArray[np.intp]
#: Of a priced row by its number, and the value of a shared column by its name.
Prices = tuple[dict[int, float], dict[Name, float]]

#: Price steps after the first bound, and the part of the way to the target that the first of them goes.
STEPS = 4
PACE = 0.02
#: A row on so many systems is a limit, of which a sample has its share.
MANY = 3


@dataclass(frozen=True)
class Block:
    """Some rows of a program, over columns of its own and shared ones; entries as (row, column, value) with local
    numbers.
    """

    columns: Indices
    lower: Floats
    upper: Floats
    own: tuple[Indices, Indices, Floats]
    shared: tuple[Indices, Indices, Floats]


@dataclass(frozen=True)
class Priced:
    """What prices come to.

    Attributes
    ----------
    bound
        Valid whatever the prices were.
    values
        A solution of the relaxed program, by column.
    excess
        How much more than is there each priced row uses, in the units of the row.
    shared
        The values of the shared columns that would be best.
    """

    bound: float
    values: Floats
    excess: Floats
    shared: Floats


class Blocks:
    """A program cut into blocks.

    Parameters
    ----------
    made
        The program.
    block
        The block of each column, −1 for shared ones.
    clock
        When to end.
    """

    def __init__(self, matrix: Arrays, block: Indices, clock: Clock | None = None) -> None:
        self.made, self._block, self._clock = matrix, block, clock
        count = int(block.max(initial=-1)) + 1
        blocks = block[matrix.index]
        highest, lowest = np.full(len(matrix.row_lower), -1), np.full(len(matrix.row_lower), count)
        np.maximum.at(highest, matrix.row, blocks)
        np.minimum.at(lowest, matrix.row[blocks >= 0], blocks[blocks >= 0])
        home = np.where(highest > lowest, count, highest)
        self.priced = np.flatnonzero(home == count)
        self.shared_columns = np.flatnonzero(block == -1)
        self._place = np.zeros(len(block), dtype=np.intp)
        order = np.argsort(home[matrix.row], kind="stable")
        edges = np.searchsorted(home[matrix.row][order], np.arange(-1, count + 2))
        rows, row_edges = np.argsort(home, kind="stable"), np.searchsorted(np.sort(home), np.arange(-1, count + 2))
        columns, column_edges = (
            np.argsort(block, kind="stable"),
            np.searchsorted(np.sort(block), np.arange(-1, count + 1)),
        )
        self._place[self.shared_columns] = np.arange(len(self.shared_columns))
        self.parts = []
        for b in range(-1, count):
            mine = columns[column_edges[b + 1] : column_edges[b + 2]]
            self._place[mine] = np.arange(len(mine))
            entries = order[edges[b + 1] : edges[b + 2]]
            self.parts.append(self._part(mine, np.sort(rows[row_edges[b + 1] : row_edges[b + 2]]), entries, block, b))
        self._coupling = order[edges[count + 1] : edges[count + 2]]
        self.limits = np.where(
            np.isinf(matrix.row_upper[self.priced]), matrix.row_lower[self.priced], matrix.row_upper[self.priced]
        )

    def _part(self, mine: Indices, rows: Indices, entries: Indices, block: Indices, b: int) -> Block:
        matrix = self.made
        row = np.searchsorted(rows, matrix.row[entries])
        column, value = matrix.index[entries], matrix.value[entries]
        own, other = block[column] == b, (block[column] == -1) & (b >= 0)
        return Block(
            mine,
            matrix.row_lower[rows],
            matrix.row_upper[rows],
            (row[own], self._place[column[own]], value[own]),
            (row[other], self._place[column[other]], value[other]),
        )

    # -- prices ----------------------------------------------------------------------------------------------------

    def taken(self, prices: Floats) -> Floats:
        """What each column is charged, Cᵀ prices."""
        at = np.searchsorted(self.priced, self.made.row[self._coupling])
        return _added(
            self.made.index[self._coupling],
            weights=self.made.value[self._coupling] * prices[at],
            minlength=len(self.made.cost),
        )

    def excess(self, values: Floats) -> Floats:
        """C values − limits."""
        at = np.searchsorted(self.priced, self.made.row[self._coupling])
        used = _added(
            at,
            weights=self.made.value[self._coupling] * values[self.made.index[self._coupling]],
            minlength=len(self.priced),
        )
        result: Floats = used - self.limits
        return result

    def sample(self, count: int) -> tuple[Floats, Floats] | None:
        """Prices of the rows, and values of the shared columns, from some systems with their share of limits and of the
        shared steps' cost.

        None when that has no optimum.
        """
        total = len(self.parts) - 1
        chosen = [self.parts[1 + k] for k in np.unique(np.linspace(0, total - 1, min(count, total)).astype(int))]
        share = len(chosen) / total
        parts = [self.parts[0], *chosen]
        columns = np.concatenate([part.columns for part in parts])
        scale = np.concatenate([np.full(len(parts[0].columns), share), np.ones(len(columns) - len(parts[0].columns))])
        place = np.full(len(self.made.cost), -1)
        place[columns] = np.arange(len(columns))
        entries, base = [], 0
        for part in parts:
            for (row, column, value), names in ((part.own, part.columns), (part.shared, self.shared_columns)):
                entries.append((row + base, place[names[column]], value))
            base += len(part.lower)
        kept, limit = self._kept(place >= 0)
        at = np.searchsorted(self.priced, self.made.row[self._coupling])
        inside = kept[at] & (place[self.made.index[self._coupling]] >= 0)
        column = place[self.made.index[self._coupling][inside]]
        value = self.made.value[self._coupling][inside] * np.where(limit[at[inside]], scale[column], 1.0)
        entries.append(((np.cumsum(kept) - 1)[at[inside]] + base, column, value))
        part_of = np.where(limit, share, 1.0)[kept]
        lower = np.concatenate([*(part.lower for part in parts), self.made.row_lower[self.priced[kept]] * part_of])
        upper = np.concatenate([*(part.upper for part in parts), self.made.row_upper[self.priced[kept]] * part_of])
        matrix = _arrays(self.made, columns, self.made.cost[columns] * scale, lower, upper, _together(entries))
        solved = highs.linear(matrix, clock=self._clock)
        if solved is None:
            return None
        values, duals, _ = solved
        prices = self._guessed()
        prices[kept] = duals[base:]
        return self._signed(prices), values[: len(self.shared_columns)]

    def _kept(self, sampled: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.bool_]]:
        """Of the priced rows: which are in a sample of the columns, whole or as a limit on many systems; and which
        are in it as a share of a limit.
        """
        matrix, entries = self.made, self._coupling
        at, count = np.searchsorted(self.priced, matrix.row[entries]), len(self.priced)
        pairs = np.unique(np.stack([at, self._block[matrix.index[entries]]]), axis=1)
        many = np.bincount(pairs[0][pairs[1] >= 0], minlength=count) >= MANY
        outside = np.bincount(at, weights=~sampled[matrix.index[entries]], minlength=count) > 0
        # What limits a resource leaves room for doing nothing; what begins later than something else does not.
        limit = outside & many & np.isneginf(matrix.row_lower[self.priced]) & (matrix.row_upper[self.priced] > 0)
        return limit | ~outside, limit

    def _guessed(self) -> Floats:
        """Prices of rows that no sample has: what remains of a threat costs as much as it does in the objective, in
        equal parts over its tangents.
        """
        matrix, entries = self.made, self._coupling
        at = np.searchsorted(self.priced, matrix.row[entries])
        # A tangent is the row in which what remains of a threat, which is no integer, stands above something.
        tangent = ~matrix.integer[matrix.index[entries]] & np.isposinf(matrix.row_upper[matrix.row[entries]])
        column = matrix.index[entries][tangent]
        shares = matrix.cost[column] / np.maximum(np.bincount(column, minlength=len(matrix.cost))[column], 1)
        return _added(at[tangent], weights=np.maximum(shares, 0.0), minlength=len(self.priced))

    def named(self, prices: Floats, shared: Floats) -> Prices:
        """Prices and values of shared columns by what they belong to, for a program that has grown since."""
        rows, columns = self.priced.tolist(), self.shared_columns.tolist()
        return dict(zip(rows, prices.tolist(), strict=True)), {
            self.made.names[at]: x for at, x in zip(columns, shared.tolist(), strict=True)
        }

    def recalled(self, before: Prices) -> tuple[Floats, Floats]:
        """The same for this program, whose rows begin with those that there were: a new row costs nothing yet, a new
        column is where it is cheapest.
        """
        prices, values = before
        lowest = np.where(self.made.cost < 0, self.made.upper, self.made.lower)
        shared = [values.get(self.made.names[at], lowest[at]) for at in self.shared_columns.tolist()]
        return np.array([prices.get(row, 0.0) for row in self.priced.tolist()]), np.array(shared, dtype=float)

    def _signed(self, prices: Floats) -> Floats:
        """Prices on the right side of their rows."""
        return signed(prices, self.made.row_lower[self.priced], self.made.row_upper[self.priced])

    def stepped(self, prices: Floats, priced: Priced, target: float, pace: float) -> Floats:
        """Prices a step further along the excess (Polyak's rule), each row in units of its limit."""
        unit = 1 / np.maximum(np.abs(self.limits), 1e-9)
        slope = priced.excess * unit
        slope = np.where(self._signed(prices - slope * unit * 1e-9) == prices, 0.0, slope)
        length = float((slope**2).sum())
        if length < 1e-18:
            return prices
        return self._signed(prices - pace * max(target - priced.bound, 0.0) / length * slope * unit)

    # -- the bound -------------------------------------------------------------------------------------------------

    def bound(
        self, prices: Floats, shared: Floats, bases: dict[int, Any], stopped: Callable[[], bool]
    ) -> Priced | None:
        """The bound that prices prove, system by system; None when stopped on the way, or when a system has no optimum
        with these values.

        Parameters
        ----------
        prices
            By priced row, on the right side of it (``sample`` and ``stepped`` see to that).
        shared
            Values at which the shared columns are held.
        bases
            Where each system's last solution is kept, so that the next one is found quickly.
        """
        matrix = self.made
        cost = matrix.cost - self.taken(prices)
        total = float(prices @ self.limits) + matrix.constant
        wanted = cost[self.shared_columns].copy()
        values = np.zeros(len(matrix.cost))
        for b, part in enumerate(self.parts[1:]):
            if stopped():
                return None
            row, column, value = part.shared
            off = _added(row, weights=value * shared[column], minlength=len(part.lower))
            block = _arrays(matrix, part.columns, cost[part.columns], part.lower - off, part.upper - off, part.own)
            solved = highs.linear(block, bases.get(b), self._clock)
            if solved is None:
                return None
            values[part.columns], duals, bases[b] = solved
            duals = block.signed(duals)
            total += block.safe_bound(duals) + float(duals[row] @ (value * shared[column]))
            wanted -= _added(column, weights=value * duals[row], minlength=len(wanted))
        top = self.parts[0]
        block = _arrays(matrix, top.columns, wanted, top.lower, top.upper, top.own)
        solved = highs.linear(block, clock=self._clock)
        if solved is None:
            return None
        values[self.shared_columns] = solved[0]
        return Priced(total + block.safe_bound(solved[1]), values, self.excess(values), solved[0])

    def raised(
        self, prices: Floats, shared: Floats, target: float, stopped: Callable[[], bool]
    ) -> tuple[Priced, Floats, Floats] | None:
        """The best of a few bounds, each with prices a step further from the best ones so far; and its prices and
        shared values.
        """
        bases: dict[int, Any] = {}
        priced = self.bound(prices, shared, bases, stopped)
        if priced is None:
            return None
        best_so_far, pace = (priced, prices, shared), PACE
        for _ in range(STEPS):
            best, prices, shared = best_so_far
            prices, shared = self.stepped(prices, best, target, pace), 0.5 * (shared + best.shared)
            trial = self.bound(prices, shared, bases, stopped)
            if trial is None:
                break
            if trial.bound > best.bound:
                best_so_far = (trial, prices, shared)
            else:
                pace /= 4
        return best_so_far


def _added(at: Any, *, weights: Any, minlength: int) -> Floats:
    """Sums of weights by place, as floats even where there is nothing to add."""
    return np.bincount(at, weights=weights, minlength=minlength).astype(float)


def _together(entries: Sequence[tuple[Indices, Indices, Floats]]) -> tuple[Indices, Indices, Floats]:
    row, column, value = (np.concatenate([entry[k] for entry in entries]) for k in range(3))
    order = np.argsort(row, kind="stable")
    return row[order], column[order], value[order]


def _arrays(
    matrix: Arrays,
    columns: Indices,
    cost: Floats,
    lower: Floats,
    upper: Floats,
    entries: tuple[Indices, Indices, Floats],
) -> Arrays:
    row, column, value = entries
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=len(lower)))]).astype(np.int32)
    whole = np.zeros(len(columns), dtype=bool)
    return Arrays(
        [],
        cost,
        matrix.lower[columns],
        matrix.upper[columns],
        whole,
        lower,
        upper,
        start,
        column.astype(np.int32),
        value,
        0.0,
    )
