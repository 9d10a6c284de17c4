"""A plan made by insertion only: each step as early as it fits among what is there, and what is put stays."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence

import numpy as np

from stepladder.evaluate.achieved import NEVER
from stepladder.optimise.formulation.variables import Grid

#: So many steps are looked at together, to see which of them have no room left.
TOGETHER = 512


class Board:
    """What is put so far. Caps on losses are not looked at.

    Parameters
    ----------
    grid
        The problem.

    Attributes
    ----------
    starts
        By step: its start, or None.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid, self._tables = grid, grid.tables
        self.starts: list[int | None] = [None] * len(grid.tables.steps)
        self._uses = grid.tables.rows
        self._slack = self._uses.limits.copy()
        #: Steps that did not fit with what they need, and all that need them; not asked for before somebody takes.
        self._out = bytearray(not starts for starts in grid.dates.starts)

    @property
    def plan(self) -> dict[str, int]:
        """Starts by step id, in the order of the problem."""
        return {
            step.id: start for step, start in zip(self._tables.steps, self.starts, strict=True) if start is not None
        }

    def put(self, k: int) -> bool:
        """Put a step as early as it fits after what it needs; whether it does."""
        start = self._first(k)
        if start is None:
            return False
        self.starts[k] = start
        self._slack -= self._uses.of(k)[start]
        return True

    def take(self, steps: Sequence[int], stopped: Callable[[], bool]) -> None:
        """One after the other, put each step and what it still needs, all or none; what was left out, and what needs
        it, is not tried again.
        """
        for first in range(0, len(steps), TOGETHER):
            for k in self._with_room(steps[first : first + TOGETHER]):
                if stopped():
                    return
                if self.starts[k] is None and not self._out[k]:
                    self._take(k)

    def _take(self, k: int) -> None:
        order, before = self._with_needs(k), self._slack.copy()
        if any(self._out[j] for j in order):
            self._leave_out(k)
            return
        for count, j in enumerate(order):
            if not self.put(j):
                for other in order[:count]:
                    self.starts[other] = None
                self._slack = before
                # Where nothing but what it needs was put, it is this step that does not fit.
                self._leave_out(j if count < len(order) - 1 and self._all_needed(j, order[:count]) else k)
                return

    def _with_needs(self, k: int) -> list[int]:
        """The step and what it needs that is not planned yet, needs first; of a group of which nothing is planned,
        its first member.
        """
        needs, groups, starts = self._tables.needs, self._tables.groups, self.starts
        order: list[int] = []
        stack, seen = [(k, False)], set()
        while stack:
            j, done = stack.pop()
            if done:
                order.append(j)
            elif j not in seen and starts[j] is None:
                seen.add(j)
                stack.append((j, True))
                stack += [(i, False) for i, _ in needs[j]]
                stack += [(group[0][0], False) for group in groups[j] if all(starts[i] is None for i, _ in group)]
                stack += [(i, False) for a, _ in self._tables.achieving[j] for i in self._way(a)]
        return order

    def _way(self, a: int) -> list[int]:
        """Steps that are still wanting for an achievement."""
        given = [k for k, start in enumerate(self.starts) if start is not None]
        return self._tables.achievements.way(a, given)

    def _all_needed(self, k: int, steps: Iterable[int]) -> bool:
        """Whether a step needs all of these, directly or through others."""
        left, waiting = set(steps), [k]
        while waiting and left:
            for j, _ in self._tables.needs[waiting.pop()]:
                if j in left:
                    left.discard(j)
                    waiting.append(j)
        return not left

    def _leave_out(self, k: int) -> None:
        waiting = [k]
        while waiting:
            j = waiting.pop()
            if not self._out[j] or j == k:
                self._out[j] = True
                waiting += [i for i, _ in self._tables.waiting[j] if not self._out[i]]

    def _with_room(self, steps: Sequence[int]) -> Iterator[int]:
        """Those of these steps that still have room somewhere by themselves: it only ever gets less."""
        left = [k for k in steps if not self._out[k]]
        if not left:
            return
        room = self._uses.any_fits(left, self._slack)
        for k, fits in zip(left, room, strict=True):
            if fits:
                yield k
            else:
                self._leave_out(k)

    def _first(self, k: int) -> int | None:
        """The first start at which a step fits; what it needs must be put."""
        starts, first = self.starts, 0
        for j, gap in self._tables.needs[k]:
            there = starts[j]
            if there is None:
                return None
            first = max(first, there + gap)
        for group in self._tables.groups[k]:
            ready = [there + gap for j, gap in group if (there := starts[j]) is not None]
            if not ready:
                return None
            first = max(first, min(ready))
        if any(starts[j] is not None for j in self._tables.excludes[k]):
            return None
        if self._tables.achieving[k]:
            times = self._tables.achievements.since(
                NEVER if start is None else step.finish(start)
                for step, start in zip(self._tables.steps, starts, strict=True)
            )
            first = max(first, *(times[a] + lag for a, lag in self._tables.achieving[k]))
        possible = self._grid.dates.starts[k]
        at = bisect_left(possible, first)
        if at == len(possible):
            return None
        uses = self._uses.of(k)
        if (uses[possible[at]] <= self._slack).all():
            return possible[at]
        fits = np.all(uses[list(possible[at:])] <= self._slack, axis=1)
        place = int(fits.argmax())
        return possible[at + place] if fits[place] else None
