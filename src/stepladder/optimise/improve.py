"""A better plan by large-neighbourhood search: free some steps of the plan, let the solver place them again, keep what is better.

It works in epochs of fixed work, in a thread of its own. Between two epochs, and only then, it exchanges plans with the search for the bound;
so the same plans come out whether both work at the same time or in turn, and however fast either of them is.
"""

from __future__ import annotations

import random
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from itertools import cycle

import numpy as np

from stepladder.evaluate.draft import Draft
from stepladder.optimise.frame import NEVER, Frame, Starts
from stepladder.optimise.grid import Grid, system_of, systems
from stepladder.optimise.highs import small
from stepladder.optimise.moves import better

#: How much a small program may work: nodes, and simplex iterations times entries of an epoch.
NODES = 200
EPOCH = 4e7
#: What a small program costs before it is solved, in the same units.
OVERHEAD = 4e6
#: Free steps at first, and by what their number grows when a small program is solved to its end, and shrinks when it is not.
FIRST = 12.0
GROWTH, SHRINKAGE = 1.05, 0.9

Plan = dict[str, int]


class Improver:
    """The search for better plans, beside another one or in turn with it.

    Parameters
    ----------
    grid
        The problem.
    seed
        Which neighbourhoods are tried.
    beside
        Whether to work while the other search does; if not, ``exchange`` works.
    stopped
        Whether it is to end soon.
    """

    def __init__(self, grid: Grid, seed: int, *, beside: bool, stopped: Callable[[], bool]) -> None:
        self._halt = threading.Event()
        self._search = _Neighbourhoods(grid, seed, lambda: self._halt.is_set() or stopped())
        self._beside = beside
        self._thread = ThreadPoolExecutor(1, "improver")
        self._epoch: Future[Plan] | None = None
        self._given: Plan | None = None

    def exchange(self, plan: Plan | None) -> Plan | None:
        """Give the best plan and get the one that the epoch before came to; the next epoch begins with the better of them."""
        if not self._beside:
            self._begin()
        found = None if self._epoch is None else self._epoch.result()
        self._given = plan
        if self._beside:
            self._begin()
        return found

    def _begin(self) -> None:
        self._epoch = None if self._given is None else self._thread.submit(self._search.epoch, self._given)

    def end(self) -> None:
        """Stop, and wait for the thread."""
        self._halt.set()
        self._thread.shutdown(wait=True, cancel_futures=True)


class _Neighbourhoods:
    """Neighbourhoods of a plan, each larger as long as small programs are solved to their end."""

    def __init__(self, grid: Grid, seed: int, stopped: Callable[[], bool]) -> None:
        self._grid, self._stopped = grid, stopped
        self._random = random.Random(seed)
        self._frame: Frame | None = None
        self._draft: Draft | None = None
        kinds: list[Callable[[Starts, int], list[int]]] = [self._scattered, self._together]
        if systems(grid) > 1:
            kinds.append(self._some_systems)
        self._kinds: Iterator[Callable[[Starts, int], list[int]]] = cycle(kinds)
        self._homes = [system_of(step.id) for step in grid.problem.steps]
        self._size = {kind.__name__: FIRST for kind in kinds}

    def epoch(self, plan: Plan) -> Plan:
        """Work for one epoch, from this plan or from the one that the epoch before came to, whichever is better; the best plan then."""
        grid = self._grid
        frame = self._frame = self._frame or Frame(grid)
        draft = self._draft
        if draft is None or better(Draft(grid.tables, plan).criteria(), draft.criteria()):
            draft = self._draft = Draft(grid.tables, plan)
        work = 0.0
        while work < EPOCH and not self._stopped():
            starts = np.array([NEVER if start is None else start for start in draft.starts], dtype=np.int64)
            kind = next(self._kinds)
            size = self._size[kind.__name__]
            chosen = kind(starts, int(size))
            free = np.isin(frame.step, chosen)
            part = frame.around(starts, free)
            found = small(part.program, part.first, NODES, self._stopped)
            work += OVERHEAD + found.iterations * len(part.program.index)
            self._size[kind.__name__] = min(size * (GROWTH if found.proved else SHRINKAGE), float(len(starts)))
            if found.values is not None:
                values = frame.values(starts)
                values[part.columns] = found.values
                self._move(draft, starts, frame.starts(values, len(starts)))
        return draft.plan

    def _move(self, draft: Draft, before: Starts, after: Starts) -> None:
        """Make the changes if together they make the plan better and break no rule; the solver's word is not taken."""
        held = draft.criteria()
        changed = [int(k) for k in np.flatnonzero(before != after)]
        for k in changed:
            draft.put(k, None if after[k] == NEVER else int(after[k]))
        if not better(draft.criteria(), held) or any(draft.broken(k, draft.starts[k], first=True) for k in changed):
            for k in changed:
                draft.put(k, None if before[k] == NEVER else int(before[k]))

    # -- which steps are free --------------------------------------------------------------------------------------

    def _scattered(self, starts: Starts, size: int) -> list[int]:
        """Any steps."""
        return self._random.sample(range(len(starts)), min(size, len(starts)))

    def _together(self, starts: Starts, size: int) -> list[int]:
        """Steps that start at about the same time; those that are not planned count as just after the end."""
        horizon = self._grid.problem.horizon
        centre = self._random.randrange(horizon)
        far = [abs(min(int(start), horizon + 2) - centre) + self._random.random() * 6 for start in starts]
        return sorted(range(len(starts)), key=far.__getitem__)[:size]

    def _some_systems(self, starts: Starts, size: int) -> list[int]:
        """All steps of a few systems."""
        order = sorted(set(self._homes))
        self._random.shuffle(order)
        rank = {home: k for k, home in enumerate(order)}
        return sorted(range(len(starts)), key=lambda k: rank[self._homes[k]])[:size]
