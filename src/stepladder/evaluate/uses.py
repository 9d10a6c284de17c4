"""What each start of each step uses of each limit on one resource, as arrays: all at once where that is little, else
step by step.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import Any

import numpy as np
import numpy.typing as npt

Array = npt.NDArray[Any]
#: Which steps: some in a row, or their indices.
StepRows = slice | Array

#: Sums up to here are exact in 64 bits; beyond, Python's own integers are used, slower and just as exact.
EXACT = 2**62
#: So many numbers are kept at most; of larger problems those of the steps last asked for.
KEPT = 16_000_000
#: So many are made at a time.
AT_ONCE = 200_000


class Uses:
    """The uses of one resource, in whole units.

    Parameters
    ----------
    work
        By step: what each working period but the last uses, and what the last one does.
    running
        By step: what each period after the finish uses, none where that is nothing for all.
    duration
        By step, shape (n, 1).
    spans
        First period, and period after the last, of each window.
    uneven
        Of steps whose working periods use otherwise than ``work`` says, and as much together: what each of them uses.
    again
        By step: every so many periods after the finish, so much more.

    Attributes
    ----------
    dtype
        Of all arrays.
    work, whole
        By step: what it uses while it is worked on, and in all periods together when it starts in the first.
    """

    def __init__(
        self,
        work: Sequence[tuple[int, int]],
        running: Sequence[Sequence[int]] | None,
        duration: Array,
        horizon: int,
        spans: tuple[Array, Array],
        uneven: Mapping[int, Sequence[int]] | None = None,
        again: Sequence[tuple[int, int]] = (),
    ) -> None:
        self._duration, self._horizon = duration, horizon
        periods = duration[:, 0].tolist()
        most = _most(work, running, periods) + sum(more * (horizon // every) for every, more in again)
        self.dtype: Any = np.int64 if most < EXACT else object
        self._again: tuple[Array, Array] | None = None
        if any(more for _, more in again):
            every = np.array([every for every, _ in again], dtype=np.int64)
            self._again = every, np.array([more for _, more in again], dtype=self.dtype)
        self._each, self._last = (
            np.array([pair[k] for pair in work], dtype=self.dtype).reshape(-1, 1, 1) for k in range(2)
        )
        self._earlier = self._corrected(work, uneven) if uneven else None
        self._running: Array | None = None
        if running is not None:
            rows = np.array(running, dtype=self.dtype).reshape(len(work), horizon)
            self._running = np.concatenate(
                [np.zeros((len(work), 1), dtype=self.dtype), np.cumsum(rows, axis=1, dtype=self.dtype)], axis=1
            )
        self.work: list[int] = [each * (d - 1) + last for (each, last), d in zip(work, periods, strict=True)]
        self.whole = self.work
        if self._running is not None:
            whole = self._running
            after = whole[:, -1] - whole[np.arange(len(work)), np.minimum(duration[:, 0], horizon)]
            self.whole = [used + more for used, more in zip(self.work, after.tolist(), strict=True)]
        if self._again is not None:
            self.whole = [
                used + more * max(0, (horizon - d) // every)
                for used, d, (every, more) in zip(self.whole, periods, again, strict=True)
            ]
        #: The periods at whose beginning some window begins or ends, and where those of each window stand among them.
        self._times, places = np.unique(np.concatenate([*spans, [0]]).astype(np.int64), return_inverse=True)
        self._first, self._after = places[: len(spans[0])], places[len(spans[0]) : -1]

    def _corrected(self, work: Sequence[tuple[int, int]], uneven: Mapping[int, Sequence[int]]) -> Array:
        """By step and number of periods worked: how much more is used by then than evenly."""
        more = np.zeros((len(work), max(map(len, uneven.values())) + 1), dtype=self.dtype)
        for k, parts in uneven.items():
            each, last = work[k]
            evenly = [*[each] * (len(parts) - 1), last]
            more[k, 1 : len(parts) + 1] = list(accumulate(a - b for a, b in zip(parts, evenly, strict=True)))
        return more

    @property
    def _count(self) -> int:
        return len(self._duration)

    def of(self, k: int) -> Array:
        """What step ``k`` uses of each window, by start: shape (T, windows)."""
        result: Array = self.some(slice(k, k + 1))[0]
        return result

    def some(self, rows: StepRows) -> Array:
        """What some steps use of each window, by start: shape (some, T, windows)."""
        before = self._before(rows, self._times)
        result: Array = before[:, :, self._after] - before[:, :, self._first]
        return result

    def blocks(self) -> Iterator[tuple[slice, Array]]:
        """All steps, some at a time: which, and what they use, shape (some, T, windows)."""
        some = max(1, AT_ONCE // max(1, self._horizon * len(self._times)))
        for first in range(0, self._count, some):
            rows = slice(first, min(first + some, self._count))
            yield rows, self.some(rows)

    def between(self, first: int, after: int) -> Array:
        """What each step uses from the beginning of one period to that of another, by start: shape (n, T)."""
        before = self._before(slice(0, self._count), np.array([first, after]))
        result: Array = before[:, :, 1] - before[:, :, 0]
        return result

    def by_period(self) -> Iterator[tuple[slice, Array]]:
        """All steps, some at a time: which, and what they use in each period, shape (some, T, T)."""
        some = max(1, AT_ONCE // max(1, self._horizon * (self._horizon + 1)))
        for first in range(0, self._count, some):
            rows = slice(first, min(first + some, self._count))
            yield rows, np.diff(self._before(rows, np.arange(self._horizon + 1)), axis=2)

    def _before(self, rows: StepRows, times: Array) -> Array:
        """What is used before the beginning of each of these periods, by step and start."""
        start = np.arange(self._horizon).reshape(1, -1, 1)
        duration = self._duration[rows].reshape(-1, 1, 1)
        worked = np.clip(times.reshape(1, 1, -1) - start, 0, duration)
        used: Array = self._each[rows] * np.minimum(worked, duration - 1) + self._last[rows] * (worked == duration)
        if self._earlier is not None:
            more = self._earlier[rows]
            used = used + more[np.arange(len(more)).reshape(-1, 1, 1), np.minimum(worked, more.shape[1] - 1)]
        if self._again is not None:
            every, amount = (column[rows].reshape(-1, 1, 1) for column in self._again)
            gone = times.reshape(1, 1, -1) - (start + duration)
            used = used + np.maximum(gone // every, 0) * amount
        if self._running is not None:
            running = self._running[rows]
            finished = np.minimum(start[:, :, 0] + duration[:, :, 0], self._horizon)
            until = np.take_along_axis(running, finished, axis=1)[:, :, None]
            used = used + np.where(
                times.reshape(1, 1, -1) > finished[:, :, None],
                running[:, None, times] - until,
                np.zeros(1, dtype=self.dtype),
            )
        return used


def _most(work: Sequence[tuple[int, int]], running: Sequence[Sequence[int]] | None, periods: list[int]) -> int:
    """No less than what all steps use together."""
    each, last = (max((abs(pair[k]) for pair in work), default=0) for k in range(2))
    most = len(work) * (each * max(periods, default=0) + last)
    if running:
        most += len(running) * len(running[0]) * max(*map(max, running), -min(map(min, running)))
    if most < EXACT:
        return most
    # Few are as large as the largest: only where it may matter are they added up one by one.
    most = sum(abs(each) * d + abs(last) for (each, last), d in zip(work, periods, strict=True))
    return most + sum(sum(map(abs, row)) for row in running or ())


class Table:
    """The uses of every limit, side by side: those of each resource in turn, then whether the step is in work in each
    period where that is limited.

    Parameters
    ----------
    uses
        By resource.
    limits
        By resource: those of its windows, in units.
    parallel
        By period, how many steps may be in work at once; None for any number.
    """

    def __init__(
        self,
        uses: Mapping[str, Uses],
        limits: Mapping[str, Sequence[int]],
        duration: Array,
        horizon: int,
        parallel: Sequence[int] | None,
    ) -> None:
        self._uses, self._duration, self._horizon, self._parallel = list(uses.values()), duration, horizon, parallel
        parts = [np.array(limits[name], dtype=use.dtype) for name, use in uses.items()]
        edges = np.cumsum([0, *map(len, parts)]).tolist()
        #: By resource: where its windows stand.
        self.columns = {name: slice(first, after) for name, first, after in zip(uses, edges, edges[1:], strict=False)}
        parts += [] if parallel is None else [np.array(parallel, dtype=np.int64)]
        self.limits: Array = np.concatenate(parts) if parts else np.zeros(0, dtype=np.int64)
        self._room = max(1, KEPT // max(1, horizon * len(self.limits)))
        self._all: Array | None = self._whole() if self._room >= len(duration) else None
        self._known: dict[int, Array] = {}

    def _whole(self) -> Array:
        """The uses of all steps, made some at a time, which takes less room and time."""
        count, size = len(self._duration), self._horizon * len(self.limits)
        whole = np.empty((count, self._horizon, len(self.limits)), dtype=self.limits.dtype)
        some = max(1, AT_ONCE // max(1, size))
        for first in range(0, count, some):
            whole[first : first + some] = self.some(slice(first, min(first + some, count)))
        return whole

    def of(self, k: int) -> Array:
        """What step ``k`` uses of each limit, by start: shape (T, limits)."""
        if self._all is not None:
            result: Array = self._all[k]
            return result
        rows = self._known.get(k)
        if rows is None:
            if len(self._known) >= self._room:
                self._known.clear()
            rows = self._known[k] = self.some(slice(k, k + 1))[0]
        return rows

    def at(self, placed: Sequence[tuple[int, int]]) -> Array:
        """What some steps, each with its start, use of each limit together."""
        steps, starts = np.array(placed, dtype=np.intp).reshape(-1, 2).T
        used: Array = np.zeros_like(self.limits)
        if self._all is not None:
            used += self._all[steps, starts].sum(axis=0)
            return used
        for k, start in placed:
            used += self.of(k)[start]
        return used

    def some(self, rows: StepRows) -> Array:
        """What some steps use of each limit, by start: shape (some, T, limits)."""
        parts = [uses.some(rows) for uses in self._uses]
        duration = self._duration[rows].reshape(-1, 1, 1)
        if self._parallel is not None:
            time, start = np.arange(self._horizon).reshape(1, 1, -1), np.arange(self._horizon).reshape(1, -1, 1)
            parts.append(((time >= start) & (time < start + duration)).astype(np.int64))
        return np.concatenate(parts, axis=2) if parts else np.zeros((len(duration), self._horizon, 0), dtype=np.int64)

    def any_fits(self, steps: Sequence[int], room: Array) -> list[bool]:
        """Whether each of these steps has a start at which it uses no more than there is."""
        used = self.some(np.array(steps)) if self._all is None else self._all[steps]
        listed: list[bool] = np.any(np.all(used <= room, axis=2), axis=1).tolist()
        return listed
