"""Plans by beam search: period by period and step by step, the most promising unfinished plans only.

An unfinished plan is promising when its starts so far, and the best start of each step that is left, cost little at the
prices of a linear relaxation. Thousands of them are carried along at once, as arrays; that takes tenths of a second
where a solver would take many seconds.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stepladder import graph
from stepladder.evaluate.achieved import NEVER
from stepladder.evaluate.tables import Tables
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.greedy import criteria_of
from stepladder.optimise.solvers.arrays import Floats

#: With more steps than this a beam takes too long.
SMALL = 300
#: So many unfinished plans are carried along.
WIDTH = 2000
#: So many finished plans are looked at.
FINALISTS = 20
#: A limit may be exceeded by so much of itself by a sum of short floats; plans are judged exactly in the end.
SLIP = 1e-5

Whole = npt.NDArray[np.int16]
Shares = npt.NDArray[np.float32]


@dataclass
class _Beam:
    """Unfinished plans: the start of each step (``never`` where there is none yet), what is left of each limit, and
    the cost of each.
    """

    starts: Whole
    left: Shares
    cost: Floats

    def choose(self, which: npt.NDArray[np.intp]) -> None:
        """Keep these only, in this order."""
        self.starts, self.left, self.cost = self.starts[which], self.left[which], self.cost[which]


class Beam:
    """What a beam search needs of a problem.

    Parameters
    ----------
    grid
        The problem.
    """

    def __init__(self, grid: Grid) -> None:
        self._grid, tables = grid, grid.tables
        self._never = 2 * tables.horizon + 1
        edges = [(step.id, need.step) for step in tables.steps for need in step.needs]
        self._order = [tables.number[name] for name in graph.order([step.id for step in tables.steps], edges)]
        self._uses = _uses(tables)
        rng = np.random.default_rng(0)
        self._salt: npt.NDArray[np.int64] = rng.integers(1, 2**62, size=len(tables.steps), dtype=np.int64)

    def best(
        self, costs: Floats, stopped: Callable[[], bool] = lambda: False, width: int = WIDTH
    ) -> dict[str, int] | None:
        """The best of the plans that a beam of this width ends with; None where none of them keeps every rule, or it
        was stopped.

        Parameters
        ----------
        costs
            As in ``Guide.costs``.
        stopped
            Whether it is to end soon.
        width
            So many unfinished plans are kept.
        """
        chosen, value = None, None
        for plan, _ in self.finished(costs, width, FINALISTS, stopped):
            criteria = criteria_of(self._grid, plan)
            if criteria is not None and (value is None or criteria < value):
                chosen, value = plan, criteria
        return chosen

    def finished(
        self, costs: Floats, width: int, most: int, stopped: Callable[[], bool] = lambda: False
    ) -> list[tuple[dict[str, int], float]]:
        """The cheapest finished plans with their costs above the least of every step, cheapest first; caps on losses
        are not looked at.
        """
        if not np.isfinite(costs).any(axis=1).all():
            return []
        beam = self._run(costs, width, stopped)
        if beam is None:
            return []
        cheapest = np.argsort(beam.cost, kind="stable")[:most]
        ids = [step.id for step in self._grid.problem.steps]
        plans = [
            {name: int(start) for name, start in zip(ids, row, strict=True) if start < self._never}
            for row in beam.starts[cheapest]
        ]
        return list(zip(plans, beam.cost[cheapest].tolist(), strict=True))

    def _run(self, costs: Floats, width: int, stopped: Callable[[], bool]) -> _Beam | None:
        horizon = self._grid.problem.horizon
        #: The cheapest start from each period on.
        rest = np.minimum.accumulate(costs[:, ::-1], axis=1)[:, ::-1]
        beam = _Beam(
            np.full((1, len(costs)), self._never, dtype=np.int16),
            np.ones((1, self._uses.shape[2]), dtype=np.float32),
            np.zeros(1),
        )
        for t in range(horizon):
            for k in self._order:
                if stopped():
                    return None
                if np.isfinite(costs[k, t]):
                    self._branch(beam, k, t, costs[k, t] - rest[k, t], rest[k, t + 1] - rest[k, t])
                    if len(beam.cost) > width:
                        beam.choose(np.sort(np.argpartition(beam.cost, width)[:width]))
            self._merge(beam)
        return beam

    def _branch(self, beam: _Beam, k: int, t: int, now: float, later: float) -> None:
        """Every unfinished plan that can has step ``k`` start now, and goes on without it as well, if it can start
        later or need not.
        """
        free = beam.starts[:, k] == self._never
        able = np.flatnonzero(free & self._ready(beam.starts, k, t))
        left = beam.left[able] - self._uses[k, t]
        fits = (left >= -SLIP).all(axis=1)
        able, left = able[fits], left[fits]
        begun, cost = beam.starts[able], beam.cost[able] + now
        begun[:, k] = t
        beam.cost[free] += later
        if not np.isfinite(later):
            beam.choose(np.flatnonzero(~free))
        beam.starts, beam.left, beam.cost = (
            np.concatenate([beam.starts, begun]),
            np.concatenate([beam.left, left]),
            np.concatenate([beam.cost, cost]),
        )

    def _ready(self, starts: Whole, k: int, t: int) -> npt.NDArray[np.bool_]:
        """Whether what step ``k`` needs is done by then, and nothing that it excludes is planned."""
        tables = self._grid.tables
        ready = np.ones(len(starts), dtype=bool)
        for j, gap in tables.needs[k]:
            ready &= starts[:, j] + gap <= t
        for group in tables.groups[k]:
            ready &= np.logical_or.reduce([starts[:, j] + gap <= t for j, gap in group])
        for j in sorted(tables.excludes[k]):
            ready &= starts[:, j] == self._never
        if tables.achieving[k]:
            ends = np.where(starts == self._never, NEVER, starts + tables.duration[:, 0] - 1)
            times = tables.achievements.since_in(ends)
            for a, lag in tables.achieving[k]:
                ready &= times[:, a] + lag <= t
        return ready

    def _merge(self, beam: _Beam) -> None:
        """Of unfinished plans with the same steps the cheapest."""
        steps = ((beam.starts < self._never) * self._salt).sum(axis=1)
        order = np.lexsort((beam.cost, steps))
        first = np.ones(len(order), dtype=bool)
        first[1:] = steps[order][1:] != steps[order][:-1]
        beam.choose(np.sort(order[first]))


def _uses(tables: Tables) -> Shares:
    """What each start uses of each limit, as a share of it: shape (n, T, limits)."""
    horizon, count = tables.horizon, len(tables.steps)
    columns: list[Floats] = [np.zeros((count, horizon, 0))]
    for name, (_, _, limits) in tables.windows.items():
        shares = np.concatenate([np.asarray(used, dtype=float) for _, used in tables.uses(name).blocks()])
        # Where there is nothing to be had, any use is too much.
        columns.append(shares / np.maximum(np.array(limits, dtype=float), 0.5))
    most = tables.problem.parallel
    if most is not None:
        time, start = np.arange(horizon), np.arange(horizon)[:, None]
        busy = (time >= start) & (time < start + tables.at_work[:, :, None])
        columns.append(busy / np.maximum(np.array(most, dtype=float), 0.5))
    return np.concatenate(columns, axis=2).astype(np.float32)
