"""Better plans beside the search for the bound, in epochs of fixed work.

Between two epochs, and only then, the two searches exchange plans; so the same plans come out whether both work at the
same time or in turn, and however fast either of them is.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable

from stepladder.optimise.clock import TimeUp
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.large_neighbourhood import Plan, Walk
from stepladder.optimise.heuristics.lp_guide import Guide
from stepladder.optimise.interruptible import Job, waited


class Improver:
    """The search for better plans, beside another one or in turn with it.

    Parameters
    ----------
    grid
        The problem.
    guide
        What the linear relaxation suggests.
    seed
        Which neighbourhoods are tried.
    beside
        Whether to work while the other search does; if not, ``exchange`` works.
    stopped
        Whether it is to end soon.
    """

    def __init__(self, grid: Grid, guide: Guide, seed: int, *, beside: bool, stopped: Callable[[], bool]) -> None:
        self._halt = threading.Event()
        self._beside_walk, self._here_walk = (
            Walk(grid, guide, f"{seed} {k}", lambda: self._halt.is_set() or stopped()) for k in range(2)
        )
        self._beside, self._stopped = beside, stopped
        self._epoch: Job[Plan] | None = None
        self._given: Plan | None = None

    def exchange(self, plan: Plan | None) -> Plan | None:
        """Give the best plan and get the one that the epoch before came to; the next epoch begins with the better of
        them.
        """
        if not self._beside:
            self._begin()
        starts = None if self._epoch is None else self._epoch.result(self._ended)
        self._given = plan
        if self._beside:
            self._begin()
        return starts

    def here(self, plan: Plan) -> Plan:
        """An epoch while the caller waits, on a walk of its own; the best plan that it has come to."""
        return waited(lambda: self._here_walk.epoch(plan), self._halt, self._ended)

    def _begin(self) -> None:
        given = self._given
        self._epoch = None if given is None else Job(lambda: self._beside_walk.epoch(given))

    def _ended(self) -> bool:
        return self._halt.is_set() or self._stopped()

    def end(self) -> None:
        """Stop, and wait for the thread."""
        self._halt.set()
        if self._epoch is not None:
            with contextlib.suppress(TimeUp):
                self._epoch.result(self._ended)
