"""Which variables of a plan are free at a time: several kinds in turn, each larger as long as its small programs are
solved quickly.
"""

from __future__ import annotations

import random
from collections.abc import Callable

import numpy as np

from stepladder.optimise.formulation.variables import Grid, system_of, systems
from stepladder.optimise.heuristics.subproblem import Frame, Mask, StartArray
from stepladder.optimise.solvers.arrays import Floats

#: Free variables at first, and by what their number grows when a small program is solved to its end quickly, and
#: shrinks when it is not.
FIRST = 120.0
GROWTH, SHRINKAGE = 1.05, 0.9
#: Simplex iterations.
QUICK = 400
#: By how many periods a step that may only be shifted moves at most.
SHIFT = 3
#: By how much more is free where a step is to come in or go out.
KIN = 1.5

Neighbourhood = Callable[[Frame, StartArray, int], Mask]


class Neighbourhoods:
    """Kinds of neighbourhoods of a plan, in turn.

    Parameters
    ----------
    grid
        The problem.
    wish
        The start of each step on average in the linear relaxation; beyond the horizon where it hardly plans the step.
    rng
        Which steps and periods are chosen.
    """

    def __init__(self, grid: Grid, wish: Floats, rng: random.Random) -> None:
        self._horizon, self._wish, self._random = grid.problem.horizon, wish, rng
        self._needs, self._waiting = grid.tables.needs, grid.tables.waiting
        self._homes = [system_of(step.id) for step in grid.problem.steps]
        self._kinds: list[Neighbourhood] = [
            self._scattered,
            self._together,
            self._disputed,
            self._periods,
            self._shifted,
        ]
        if systems(grid) > 1:
            self._kinds.append(self._some_systems)
        self._size = [FIRST] * len(self._kinds)
        self._last = -1

    def next(self, frame: Frame, starts: StartArray) -> Mask:
        """The next kind's choice."""
        self._last = (self._last + 1) % len(self._kinds)
        return self._kinds[self._last](frame, starts, int(min(self._size[self._last], len(frame.step))))

    def with_step(self, frame: Frame, starts: StartArray, step: int) -> Mask:
        """One step, all that it needs and all that need it, and any others."""
        kin = [step, *sorted(self._kin(step))]
        others = [k for k in self._any(starts) if k not in set(kin)]
        return frame.first_of([*kin, *others], max(int(KIN * FIRST), sum(frame.count[k] for k in kin) + int(FIRST)))

    def _kin(self, step: int) -> set[int]:
        kin: set[int] = set()
        for links in (self._needs, self._waiting):
            new = {step}
            while new:
                new = {j for k in new for j, _ in links[k]} - kin
                kin |= new
        return kin - {step}

    def learn(self, *, proved: bool, iterations: int) -> None:
        """How the last small program went."""
        self._size[self._last] *= GROWTH if proved and iterations <= QUICK else SHRINKAGE

    def _scattered(self, frame: Frame, starts: StartArray, size: int) -> Mask:
        """Any steps, wherever they are."""
        return frame.first_of(self._any(starts), size)

    def _together(self, frame: Frame, starts: StartArray, size: int) -> Mask:
        """Steps that start at about the same time; those that are not planned count as just after the end."""
        centre = self._random.randrange(self._horizon)
        far = [abs(min(int(start), self._horizon + 2) - centre) + self._random.random() * 6 for start in starts]
        return frame.first_of(sorted(range(len(starts)), key=far.__getitem__), size)

    def _disputed(self, frame: Frame, starts: StartArray, size: int) -> Mask:
        """Steps that the linear relaxation would start at another time, or not at all."""
        far = np.abs(np.minimum(starts, self._horizon) - self._wish) * [self._random.random() for _ in starts]
        return frame.first_of(np.argsort(-far, kind="stable").tolist(), size)

    def _periods(self, frame: Frame, starts: StartArray, size: int) -> Mask:
        """What happens in a few periods in a row, of any steps; of steps in any order where those of one period are
        too many.
        """
        width = max(1, size * self._horizon // max(1, len(frame.step)))
        first = self._random.randrange(max(1, self._horizon - width + 1))
        inside = (frame.step >= 0) & (frame.time >= first) & (frame.time < first + width)
        return frame.first_of(self._any(starts), size, inside)

    def _shifted(self, frame: Frame, starts: StartArray, size: int) -> Mask:
        """Any steps, each near where it is; those that are not planned stay so."""
        by = self._random.randint(1, SHIFT)
        away = frame.time - starts[frame.step]
        inside = (frame.step >= 0) & (away >= -by) & (away < by)
        return frame.first_of(self._any(starts), size, inside)

    def _some_systems(self, frame: Frame, starts: StartArray, size: int) -> Mask:
        """All steps of a few systems."""
        order = sorted(set(self._homes))
        self._random.shuffle(order)
        rank = {home: k for k, home in enumerate(order)}
        return frame.first_of(sorted(range(len(starts)), key=lambda k: rank[self._homes[k]]), size)

    def _any(self, starts: StartArray) -> list[int]:
        return self._random.sample(range(len(starts)), len(starts))
