"""The solver room's words: what is asked, what is going on, what came out."""

from __future__ import annotations

import math
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from stepladder.data.formats.policy import steps_in
from stepladder.data.formats.problem import Objective, Problem
from stepladder.evaluate import apart
from stepladder.evaluate.order import EQUAL
from stepladder.evaluate.tables import Tables
from stepladder.optimise.clock import Whole

Status = Literal["optimal", "feasible", "infeasible", "no_plan"]
SolverName = Literal["highs", "cbc"]

#: At this relative distance value and bound meet: closer values are equal.
CLOSED = EQUAL


#: Where a search stops when nobody says anything: at this gap, or after so much work, which takes one system 10 to 35
#: seconds on two cores, and a hundred a minute.
GAP, WORK = 0.001, 16


@dataclass(frozen=True)
class Options:
    """How hard to try.

    Parameters
    ----------
    gap
        Wanted relative gap, (value − bound) / |value|.
    time_limit
        Seconds, or None for as long as it takes.
    seed
        The solver's random seed.
    threads
        With more than one, plans are improved while the bound is raised, otherwise in turn; what comes out is the same.
    work
        Work to be done, counted in meetings of the two searches, or None for as much as it takes; the same work gives
        the same plan and bound. HiGHS only; a unit took about a second with one system.
    solver
        HiGHS in this process, or CBC as a program of its own.
    whole
        The end of all searches that belong together, see ``together``.
    """

    gap: float = 0.01
    time_limit: float | None = None
    seed: int = 0
    threads: int = 2
    work: int | None = None
    solver: SolverName = "highs"
    whole: Whole | None = field(default=None, compare=False, repr=False)

    def together(self) -> Options:
        """The same for several searches, whose time limit is one from now on, and of which none begins once somebody
        has asked to stop.
        """
        return self if self.whole is not None else replace(self, whole=Whole(self.time_limit))

    @property
    def over(self) -> bool:
        """Whether no search is to begin any more."""
        return self.whole is not None and self.whole.over()

    @property
    def seconds(self) -> float | None:
        """How long a search that begins now may take; None for as long as it takes."""
        left = None if self.whole is None else self.whole.left()
        return min((limit for limit in (self.time_limit, left) if limit is not None), default=None)

    def left(self, begun: float, part: float = 1.0) -> Options:
        """The same limits for what follows: of the seconds, of which only a part may be used, those that are not
        over since ``begun``.
        """
        if self.time_limit is None:
            return self
        return replace(self, time_limit=max(0.01, self.time_limit * part - (time.monotonic() - begun)))


def stopping(gap: float | None, time_limit: float | None, work: int | None) -> tuple[float, float | None, int | None]:
    """Gap, seconds and work, where those may be left out: whoever says how close, how long or how hard has said it
    all.
    """
    default = WORK if gap is None and time_limit is None else None
    return GAP if gap is None else gap, time_limit, work if work is not None else default


@dataclass(frozen=True)
class Keep:
    """A published plan that is not to move much.

    Attributes
    ----------
    starts
        The plan.
    moves
        So many steps at most stand elsewhere than there, those that only one of the two plans has included.
    settled
        Steps that are not counted: what is done, running or cancelled.
    """

    starts: Mapping[str, int]
    moves: int
    settled: frozenset[str] = frozenset()

    def moved(self, starts: Mapping[str, int]) -> int:
        """How many steps stand elsewhere; policies are none."""
        return apart(steps_in(starts), steps_in(self.starts), self.settled)

    def holds(self, starts: Mapping[str, int]) -> bool:
        """Whether no more steps have moved than may."""
        return self.moved(starts) <= self.moves


@dataclass(frozen=True)
class Progress:
    """How far the search is; value and bound are of the objective of this name."""

    seconds: float
    value: float | None
    bound: float | None
    gap: float | None
    objective: Objective = "risk"


@dataclass(frozen=True)
class Learnt:
    """What an answer leaves for the next one, to the same problem with a number changed.

    Attributes
    ----------
    problem
        The problem that was answered.
    starts
        The plan.
    bound
        A proved bound on the first criterion of every plan of it, in currency.
    points
        By threat's id and time: where the loss had tangents, as logarithms of what remains.
    keep
        The published plan that it kept to.
    """

    problem: Problem
    starts: Mapping[str, int]
    bound: float | None
    points: Mapping[tuple[str, int], tuple[float, ...]]
    keep: Keep | None = None


@dataclass(frozen=True)
class Outcome:
    """What came out.

    Attributes
    ----------
    status
        optimal (gap within the wanted gap), feasible (a plan with a stated gap), infeasible (proved), no_plan (stopped
        before any).
    starts
        Period of the start by step, in the order of the problem.
    value, bound
        True value of the plan, and a proved bound on the value of every plan.
    learnt
        What makes the answer to a problem like this one quicker; None where there is no plan.
    wanted_gap
        The gap that was wanted; None where that is not known.
    interrupted
        Whether Ctrl-C ended the search.
    tables
        The problem's arrays, for whoever goes on with the plan; left behind when the outcome goes to another process.
    """

    status: Status
    starts: dict[str, int] = field(default_factory=dict)
    value: float | None = None
    bound: float | None = None
    solver: str = ""
    learnt: Learnt | None = field(default=None, compare=False, repr=False)
    wanted_gap: float | None = None
    interrupted: bool = False
    tables: Tables | None = field(default=None, compare=False, repr=False)

    def __getstate__(self) -> dict[str, object]:
        return {**self.__dict__, "tables": None}


def relative_gap(value: float, bound: float) -> float | None:
    """(value − bound) / |value|; 0 when they are equal, None when only the value is 0, or so little that the gap is
    beyond all numbers.
    """
    if value == bound:
        return 0.0
    gap = math.inf if value == 0 else max(0.0, (value - bound) / abs(value))
    return gap if math.isfinite(gap) else None


def closed(value: float, bound: float, gap: float, least: float = CLOSED) -> bool:
    """Whether the gap is within the wanted gap, or so small that it is none."""
    return value - bound <= room(value, gap, least)


def room(value: float, gap: float, least: float = CLOSED) -> float:
    """How far below a value a bound may be for the gap to be within the wanted one."""
    return max(max(gap, least) * abs(value), least)
