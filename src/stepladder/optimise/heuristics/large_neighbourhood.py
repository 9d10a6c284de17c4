"""A better plan by large-neighbourhood search: free some variables of the plan, let the solver place them again, keep
what is better.

Where nothing better is near, the plan is crossed with good ones found before: what they agree on stays, the rest is
free. Then the walk goes on from a good plan after a few steps that were chosen with other prices.
"""

from __future__ import annotations

import contextlib
import math
import random
from collections.abc import Callable, Generator
from dataclasses import replace

import numpy as np

from stepladder.evaluate.draft import Draft
from stepladder.evaluate.order import Order
from stepladder.optimise.clock import TimeUp
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.beam_search import Beam
from stepladder.optimise.heuristics.lp_guide import Guide
from stepladder.optimise.heuristics.neighbourhoods import Neighbourhoods
from stepladder.optimise.heuristics.subproblem import NEVER, Frame, Mask, StartArray
from stepladder.optimise.solvers.highs import small

#: How much a small program may work: nodes, and simplex iterations times entries of an epoch.
NODES = 100
EPOCH = 2e7
#: What a small program costs before it is solved, in the same units.
OVERHEAD = 1e6
#: After so many small programs in a row without a better plan nothing better is near.
PATIENCE = 8
#: Good plans that are kept, and how many of them a plan is crossed with.
ELITE = 8
CROSSED = 3
#: Of plans whose values are so near only one is kept among the good ones: they are to differ.
ALIKE = 1e-6
#: Other prices: the standard deviation of the logarithm of what the costs above the least are multiplied by.
NOISE = 0.5
#: The work of a beam search, in the same units.
BEAM = 2e6
#: How far a step is thought to be from where the linear relaxation has it, in periods, beside what it is.
DOUBT = 0.5

_PLAIN = Order()

Plan = dict[str, int]
#: Yields the work that each small program took; in the end, whether there is a better plan than before.
Work = Generator[float, None, bool]


class Walk:
    """A walk from plan to plan.

    Parameters
    ----------
    grid
        The problem.
    guide
        What the linear relaxation suggests.
    seed
        Which way it goes.
    stopped
        Whether it is to end soon.
    """

    def __init__(self, grid: Grid, guide: Guide, seed: str, stopped: Callable[[], bool]) -> None:
        self._grid, self._stopped = grid, stopped
        self._random = random.Random(seed)
        self._wish = np.array([guide.wish.get(step.id, grid.problem.horizon) for step in grid.problem.steps])
        self._costs, self._beam = guide.costs, None if guide.costs is None else Beam(grid)
        self._near = Neighbourhoods(grid, self._wish, self._random)
        self._frame: Frame | None = None
        self._best: Draft | None = None
        self._here: Draft | None = None
        self._elite: list[tuple[tuple[float, float], tuple[int, ...]]] = []
        #: A step that is to be planned (True) or not to be for a while.
        self._held: tuple[int, bool] | None = None
        self._departures = 0
        self._way = self._walk()

    def epoch(self, plan: Plan) -> Plan:
        """Work for one epoch, from this plan or from where the epoch before came to, whichever is better; the best
        plan then.
        """
        given = Draft(self._grid.tables, plan)
        if self._best is None or given.criteria() < self._best.criteria():
            self._best, self._here = given, Draft(self._grid.tables, plan)
        work = 0.0
        with contextlib.suppress(TimeUp):
            while work < EPOCH and not self._stopped():
                work += next(self._way)
        return self._best.plan

    def _walk(self) -> Generator[float, None, None]:
        while True:
            yield from self._descend()
            if self._held is not None:
                # Nothing better is near as long as it is held: let it go.
                self._held = None
                continue
            if not (yield from self._cross()):
                self._remember()
                yield from self._depart()

    def _descend(self) -> Generator[float, None, None]:
        """From better to better plan, until nothing better is near."""
        stale = 0
        while stale < PATIENCE:
            starts = self._starts()
            stale = 0 if (yield from self._try(starts, self._near.next(self._whole, starts))) else stale + 1

    def _cross(self) -> Work:
        """Cross with some of the good plans until that gives a better one."""
        for _, other in self._random.sample(self._elite, min(CROSSED, len(self._elite))):
            starts = self._starts()
            free = self._whole.between(starts, np.array(other))
            if free.any() and (yield from self._try(starts, free)):
                return True
        return False

    def _remember(self) -> None:
        """Keep the plan among the good ones, unless one of them is as good: they are to differ."""
        current = (self._drafted.criteria(), tuple(self._starts().tolist()))
        if not any(math.isclose(current[0][0], other[0], rel_tol=ALIKE) for other, _ in self._elite):
            self._elite = sorted([*self._elite, current])[:ELITE]

    def _depart(self) -> Generator[float, None, None]:
        """Go to another plan: in turn by beam search at other prices, and one that holds, or not, some step that a
        good plan does not, or does.
        """
        self._departures += 1
        plan = self._by_beam() if self._departures % 2 else None
        if plan is None:
            yield from self._turn()
        else:
            self._here = Draft(self._grid.tables, plan)
            yield BEAM

    def _by_beam(self) -> Plan | None:
        if self._beam is None or self._costs is None:
            return None
        least = self._costs.min(axis=1, keepdims=True)
        noise = np.array([self._random.lognormvariate(0.0, NOISE) for _ in range(self._costs.size)]).reshape(
            self._costs.shape
        )
        return self._beam.best((self._costs - least) * noise, self._stopped)

    def _turn(self) -> Generator[float, None, None]:
        """From a good plan to one that holds, or does not hold, some step; rather one on which the plan and the
        linear relaxation differ.
        """
        _, chosen = self._random.choice(self._elite)
        plan = {step.id: start for step, start in zip(self._grid.problem.steps, chosen, strict=True) if start != NEVER}
        self._here = Draft(self._grid.tables, plan)
        starts = self._starts()
        far = np.abs(np.minimum(starts, self._grid.problem.horizon) - self._wish) + DOUBT
        step = self._random.choices(range(len(starts)), far.tolist())[0]
        self._held = (step, bool(starts[step] == NEVER))
        yield from self._try(starts, self._near.with_step(self._whole, starts, step), anyhow=True)

    # -- one small program -----------------------------------------------------------------------------------------

    @property
    def _whole(self) -> Frame:
        self._frame = self._frame or Frame(self._grid)
        return self._frame

    @property
    def _drafted(self) -> Draft:
        assert self._here is not None
        return self._here

    def _starts(self) -> StartArray:
        return np.array([NEVER if start is None else start for start in self._drafted.starts], dtype=np.int64)

    def _try(self, starts: StartArray, free: Mask, *, anyhow: bool = False) -> Work:
        """Solve one small program and go where it leads if that is better, or anyhow."""
        frame, draft, part = self._whole, self._drafted, self._whole.around(starts, free)
        program = part.program
        if self._held is not None:
            step, inside = self._held
            mine = frame.step[part.columns] == step
            last = mine & (frame.time[part.columns] == frame.last[step])
            program = replace(
                program,
                lower=np.where(last & inside, 1.0, program.lower),
                upper=np.where(mine & (not inside), 0.0, program.upper),
            )
        answer = small(program, part.first, NODES, self._stopped)
        self._near.learn(proved=answer.proved, iterations=answer.iterations)
        moved = False
        if answer.values is not None:
            values = frame.values(starts)
            values[part.columns] = answer.values
            moved = self._move(draft, starts, frame.starts(values, len(starts)), anyhow=anyhow)
            if moved and (self._best is None or draft.criteria() < self._best.criteria()):
                self._best = Draft(self._grid.tables, draft.plan)
        yield OVERHEAD + answer.iterations * len(part.program.index)
        return moved

    def _move(self, draft: Draft, before: StartArray, after: StartArray, *, anyhow: bool) -> bool:
        """Make the changes if together they make the plan better (or anyhow) and break no rule; the solver's word is
        not taken.
        """
        former = draft.criteria()
        changed = [int(k) for k in np.flatnonzero(before != after)]
        for k in changed:
            draft.put(k, None if after[k] == NEVER else int(after[k]))
        good = anyhow or _PLAIN.gains(draft.criteria(), former, draft.size())
        if good and not any(draft.broken(k, draft.starts[k], first=True) for k in changed):
            return bool(changed)
        for k in changed:
            draft.put(k, None if before[k] == NEVER else int(before[k]))
        return False
