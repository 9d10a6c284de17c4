"""The variables' coordinates: which ``started`` and ``loss`` variables exist, and how a start becomes terms over them.

``z[i, t]`` is 1 when step i has started in or before period t. With these the rows of needs are differences of two
variables, which solvers and their linear relaxations like far better than a variable for each possible start.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stepladder.data.formats.problem import Problem, Step
from stepladder.data.objective import objective_of
from stepladder.evaluate import Ledger, Starts, caps, loss_weights, weights
from stepladder.evaluate.tables import Tables
from stepladder.optimise.clock import Clock
from stepladder.optimise.formulation.dates import Dates
from stepladder.optimise.formulation.rows import Name, Variable
from stepladder.optimise.outcome import Keep

Pairs = list[tuple[Name | None, float]]


@dataclass(frozen=True)
class Grid:
    """A problem as arrays, with the starts that each step can have, and the clock of whoever asks."""

    tables: Tables
    dates: Dates
    keep: Keep | None = None
    clock: Clock = field(default_factory=Clock)

    @property
    def ledger(self) -> Ledger:
        """The problem in exact units."""
        return self.tables.ledger

    @property
    def problem(self) -> Problem:
        """The problem."""
        return self.ledger.problem

    @property
    def number(self) -> dict[str, int]:
        """Index of each step. Names of variables are built from indices: two ids may look alike to a solver."""
        return self.tables.number

    @cached_property
    def weights(self) -> list[float]:
        """δ_t Δ_t for each period, δ_T Y for the tail; zeros where no loss is in the objective."""
        return loss_weights(self.problem)

    @cached_property
    def scale(self) -> float:
        """What one unit of the solver's objective is worth in currency, or in points, so that its tolerances mean the
        same on every problem.
        """
        if objective_of(self.problem).points:
            points = math.fsum(step.points_per_year for step in self.problem.steps)
            return (points * math.fsum(weights(self.problem)) or 1.0) / 1e4
        losses = math.fsum(threat.expected_loss_per_year for threat in self.problem.threats) * math.fsum(self.weights)
        money = math.fsum(
            step.once + step.per_year + abs(step.value_once) + abs(step.value_per_year) for step in self.problem.steps
        )
        return max(losses, money, 1.0) / 1e4

    def starts_of(self, step: Step) -> tuple[int, ...]:
        """The periods in which a step may start, ascending."""
        return self.dates.starts[self.number[step.id]]

    def started(self, step: Step, t: int) -> Name | None:
        """The variable that says whether a step has started by period ``t``; None where it cannot have."""
        k = self.number[step.id]
        at = bisect_right(self.dates.starts[k], t)
        return self._started[k][at - 1] if at else None

    @cached_property
    def _started(self) -> list[list[Name]]:
        """The variables of each step, one for each of its starts."""
        return [[Name(f"z_{k}_{s}") for s in starts] for k, starts in enumerate(self.dates.starts)]

    def starting(self, step: Step, s: int) -> Name:
        """The variable that says whether a step starts in period ``s``."""
        return Name(f"x_{self.number[step.id]}_{s}")

    def planned(self, step: Step) -> Name | None:
        """The variable that says whether a step is planned at all; None where it cannot be."""
        return self.started(step, self.problem.horizon)

    def by_start(self, step: Step, amount: Callable[[int], float]) -> Pairs:
        """Terms that come to ``amount(s)`` for the start s that is chosen: Σ_s amount(s) · (z[s] − z[s−1])."""
        self.clock.check()
        starts = self.starts_of(step)
        amounts = [amount(s) for s in starts]
        later = [*amounts[1:], 0.0][: len(amounts)]
        return [
            (name, here - after)
            for name, here, after in zip(self._started[self.number[step.id]], amounts, later, strict=True)
        ]

    def in_place(self, step: Step, t: int) -> Name | None:
        """The variable that says whether a step is in place at time ``t``; the tail, T, has every finished step in
        place.
        """
        problem = self.problem
        last = problem.horizon if t == problem.horizon else t - problem.effect_lag - step.duration + 1
        return self.started(step, last)

    def log_loss(self, threat: int, t: int) -> Pairs:
        """Terms of Σ ln(factor) over the steps in place: the logarithm of what remains of a threat."""
        terms = self._logs.get((threat, t))
        if terms is None:
            self.clock.check()
            factors = self.problem.threats[threat].factors
            terms = self._logs[threat, t] = [
                (self.in_place(self.ledger.steps[name], t), math.log(factor))
                for name, factor in factors.items()
                if factor < 1
            ]
        return terms

    @cached_property
    def _logs(self) -> dict[tuple[int, int], Pairs]:
        return {}

    def loss(self, threat: int, t: int) -> Name | None:
        """The variable for what remains of a threat at a time, a share of today's loss; None where nothing can be in
        place yet.
        """
        return Name(f"e_{threat}_{t}") if (threat, t) in self.losses else None

    @cached_property
    def losses(self) -> dict[tuple[int, int], float]:
        """(threat, time) -> the least share that can remain, for every pair that the objective or an appetite looks
        at.
        """
        times = {t for t, weight in enumerate(self.weights) if weight}
        watched = {(k, t) for k in range(len(self.problem.threats)) for t in times}
        place = {threat.id: k for k, threat in enumerate(self.problem.threats)}
        for index, t in caps(self.problem):
            name = self.problem.appetite[index].threat
            watched |= {(k, t) for k in (range(len(place)) if name is None else [place[name]])}
        least = {}
        for k, t in sorted(watched):
            logs = [value for name, value in self.log_loss(k, t) if name is not None]
            if logs and self.problem.threats[k].expected_loss_per_year > 0:
                least[k, t] = math.exp(math.fsum(logs))
        return least

    def remaining(self, starts: Starts) -> Iterator[tuple[tuple[int, int], float]]:
        """The true share that remains of each watched threat and time under a plan."""
        since = {name: self.problem.in_place(self.ledger.steps[name], start) for name, start in starts.items()}
        for k, t in self.losses:
            self.clock.check()
            factors = self.problem.threats[k].factors
            yield (k, t), math.prod(factor for name, factor in factors.items() if since.get(name, t + 1) <= t)


def lay(ledger: Ledger, keep: Keep | None = None, clock: Clock | None = None) -> Grid:
    """The grid of a problem, the published plan that plans are to keep to, and the clock of the search."""
    tables = Tables(ledger)
    return Grid(tables, Dates(tables), keep, clock or Clock())


def system_of(name: str) -> str:
    """The system that a step or threat belongs to; empty for shared ones."""
    return name.rpartition("/")[0]


def systems(grid: Grid) -> int:
    """How many systems the steps belong to."""
    return len({system_of(step.id) for step in grid.problem.steps} - {""})


def coordinates(
    variables: Iterable[Variable],
) -> tuple[npt.NDArray[np.bool_], npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """Of each variable: whether it says that a step has started, or else what remains of a threat; the step's or
    threat's index; the time.
    """
    parts = [(variable.kind == "started", variable.index, variable.time) for variable in variables]
    started, index, time = zip(*parts, strict=True) if parts else ((), (), ())
    return np.array(started, dtype=bool), np.array(index, dtype=np.intp), np.array(time, dtype=np.intp)


def block_of(grid: Grid, variables: Iterable[Variable]) -> npt.NDArray[np.intp]:
    """The number of the system that each variable belongs to; −1 for those of shared steps, and of threats that no
    system's own steps reduce.

    A threat is of the system whose steps reduce it, whatever it is called, and of the first one where there are
    several: the rows that tie it to the others are then shared, and no value of what remains of it need be held.
    """
    problem = grid.problem
    known: dict[str, int] = {"": -1}
    steps = [known.setdefault(system_of(step.id), len(known) - 1) for step in problem.steps]
    owners = [{steps[grid.number[name]] for name in threat.factors} - {-1} for threat in problem.threats]
    threats = [min(owner, default=-1) for owner in owners]
    started, index, _ = coordinates(variables)
    return np.array([(steps if mine else threats)[k] for mine, k in zip(started, index, strict=True)], dtype=np.intp)
