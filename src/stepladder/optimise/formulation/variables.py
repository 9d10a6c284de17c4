"""The variables' coordinates: which ``started`` and ``loss`` variables exist, and how a start becomes terms over them.

``z[i, t]`` is 1 when step i has started in or before period t. With these the rows of needs are differences of two
variables, which solvers and their linear relaxations like far better than a variable for each possible start.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
import numpy.typing as npt

from stepladder.data.formats.problem import Problem, Step
from stepladder.data.objective import objective_of
from stepladder.evaluate import Ledger, Starts, caps, loss_weights, remains, there, weights
from stepladder.evaluate.tables import Tables
from stepladder.optimise.clock import Clock
from stepladder.optimise.formulation.dates import Dates
from stepladder.optimise.formulation.rows import Name, Pairs, Variable
from stepladder.optimise.formulation.states import States
from stepladder.optimise.outcome import Keep


@dataclass(frozen=True)
class Grid:
    """A problem as arrays, with the starts that each step can have, a clock, and achievements that are named."""

    tables: Tables
    dates: Dates
    keep: Keep | None = None
    clock: Clock = field(default_factory=Clock)
    named: Collection[str] = ()

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
            points = math.fsum(
                [
                    *(step.points_per_year for step in self.problem.steps),
                    *(achievement.points_per_year for achievement in self.problem.achievements),
                ]
            )
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

    @cached_property
    def achieved(self) -> dict[tuple[int, int], Name]:
        """(achievement, period) -> the variable that says whether it holds then, of every achievement that counts for
        anything, from the first period in which it can hold on.
        """
        first = self.dates.achieved
        return {
            (a, t): Name(f"h_{a}_{t}")
            for a in sorted(self._looked_at)
            for t in range(min(first[a], self.problem.horizon), self.problem.horizon)
        }

    @cached_property
    def _looked_at(self) -> set[int]:
        """Achievements that are named, asked for, needed, or worth something, and those that these take."""
        achievements, items = self.tables.achievements, self.problem.achievements
        queue = [a for a, item in enumerate(items) if item.by is not None or item.id in self.named]
        queue += [a for needed in self.tables.achieving for a, _ in needed]
        queue += [a for a, gains in enumerate(achievements.gains) if any(gains)]
        looked: set[int] = set()
        while queue:
            a = queue.pop()
            if a not in looked:
                looked.add(a)
                places = (achievements.number.get(name) for name in items[a].conditions)
                queue += [place for place in places if place is not None]
        return looked

    def holding(self, a: int, t: int) -> Name | None:
        """The variable that says whether an achievement holds in a period; None where it cannot."""
        return self.achieved.get((a, min(t, self.problem.horizon - 1)))

    def gained(self) -> Pairs:
        """Terms of what achievements are worth, taken negative: for every period in which each holds."""
        gains, horizon = self.tables.achievements.gains, self.problem.horizon
        after = {(a, t): gains[a][t + 1] if t + 1 < horizon else 0.0 for a, t in self.achieved}
        return [(name, after[a, t] - gains[a][t]) for (a, t), name in self.achieved.items()]

    def helping(self, a: int, t: int) -> set[Name]:
        """The variables of steps that count towards an achievement in a period."""
        names = (self.met(self.tables.steps[k].id, t) for k in sorted(self.tables.achievements.inside[a]))
        return {name for name in names if name is not None}

    def met(self, name: str, t: int) -> Name | None:
        """The variable that says whether a step is finished, or an achievement holds, in a period; None where it cannot
        be.
        """
        step = self.ledger.steps.get(name)
        if step is not None:
            return self.started(step, t - step.duration + 1)
        return self.holding(self.tables.achievements.number[name], t)

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
        if step.until is not None:
            return self.planned(step) if step.helps_from(0, problem.effect_lag) <= t < step.until else None
        last = problem.horizon if t == problem.horizon else t - problem.effect_lag - step.duration + 1
        return self.started(step, last)

    @cached_property
    def states(self) -> States:
        """What of losses is no factor."""
        return States(self.problem, self.ledger.tails, self.in_place)

    def log_loss(self, threat: int, t: int) -> Pairs:
        """Terms of the logarithm of what remains of a threat: Σ ln(factor) over the steps in place, and over the
        combinations of what is no factor. Numbers beyond those of the threats are of what caps on large losses measure.
        """
        terms = self._logs.get((threat, t))
        if terms is None:
            self.clock.check()
            terms = self._logs[threat, t] = self.states.log_loss(threat, t)
        return terms

    def lessening(self, threat: int, t: int) -> set[Name]:
        """The variables of the steps and policies that take anything off a threat at a time."""
        one = self.problem.threats[threat]
        names = (self.in_place(self.ledger.steps[name], t) for name, factor in one.factors.items() if factor < 1)
        covers = (self.in_place(self.ledger.steps[name], t) for name in self.states.policies(threat, t))
        return {name for name in (*names, *covers) if name is not None}

    def called(self, threat: int) -> str:
        """What a loss is called from answer to answer, whatever its number is."""
        threats = self.problem.threats
        if threat < len(threats):
            return threats[threat].id
        one = self.states.measured[threat - len(threats)]
        return f"{one.tail.index} {threats[one.threat].id}"

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
        for tail, t, k in ((one, t, k) for one in self.ledger.tails for t in one.times for k in one.threats):
            measures = self.states.measures(tail, k, t)
            watched.add((k if measures is None else measures, t))
        #: At most one policy is in force: of these the one that leaves least.
        policies = {self.planned(step) for step in self.problem.steps if step.until is not None}
        threats, least = self.problem.threats, {}
        for k, t in sorted(watched):
            logs = [(name, value) for name, value in self.log_loss(k, t) if name is not None]
            if logs and (k >= len(threats) or threats[k].expected_loss_per_year > 0):
                one_of = policies | {state.name for state in self.states.of(self._threat_of(k), t)}
                covered = min((value for name, value in logs if name in one_of), default=0.0)
                least[k, t] = math.exp(math.fsum([covered, *(value for name, value in logs if name not in one_of)]))
        return least

    def _threat_of(self, k: int) -> int:
        count = len(self.problem.threats)
        return k if k < count else self.states.measured[k - count].threat

    def remaining(self, starts: Starts) -> Iterator[tuple[tuple[int, int], float]]:
        """The true share that remains of each watched threat and time under a plan."""
        at: dict[int, frozenset[str]] = {}
        for k, t in self.losses:
            self.clock.check()
            names = at[t] if t in at else at.setdefault(t, frozenset(there(self.problem, starts, t)))
            if k >= len(self.problem.threats):
                yield (k, t), self.states.remaining(k, names)
            else:
                yield (k, t), remains(self.problem.threats[k], names)

    @cached_property
    def combinations(self) -> list[tuple[int, int]]:
        """(threat, time) of which combinations count, ascending."""
        return sorted({(k, t) for of, t in self.losses if self.states.of(k := self._threat_of(of), t)})

    def combined(self, starts: Starts) -> dict[Name, float]:
        """The values of the variables of combinations under a plan."""
        values: dict[Name, float] = {}
        for k, t in self.combinations:
            names = frozenset(there(self.problem, starts, t))
            covers, cheap = self.states.policies(k, t), names.intersection(self.states.cheaper(k, t))
            cover = next((name for name in covers if name in names), None)
            values |= {s.name: float((s.cover, s.there) == (cover, cheap)) for s in self.states.of(k, t)}
        return values


def lay(ledger: Ledger, keep: Keep | None = None, clock: Clock | None = None, named: Collection[str] = ()) -> Grid:
    """The grid of a problem, the published plan that plans are to keep to, and the clock of the search."""
    tables, clock = Tables(ledger), clock or Clock()
    return Grid(tables, Dates(tables, clock), keep, clock, named)


def system_of(name: str) -> str:
    """The system that a step or threat belongs to; empty for shared ones."""
    return name.rpartition("/")[0]


def systems(grid: Grid) -> int:
    """How many systems the steps belong to."""
    return len({system_of(step.id) for step in grid.problem.steps} - {""})


def block_of(grid: Grid, variables: Iterable[Variable]) -> npt.NDArray[np.intp]:
    """The number of the system that each variable belongs to; −1 for those of shared steps, of threats that no
    system's own steps reduce, of achievements, and of combinations with policies.

    A threat is of the system whose steps reduce it, whatever it is called, and of the first one where there are
    several: the rows that tie it to the others are then shared, and no value of what remains of it need be held.
    """
    problem = grid.problem
    known: dict[str, int] = {"": -1}
    steps = [known.setdefault(system_of(step.id), len(known) - 1) for step in problem.steps]
    owners = [{steps[grid.number[name]] for name in threat.factors} - {-1} for threat in problem.threats]
    threats = [min(owner, default=-1) for owner in owners]
    by_kind = {"started": steps, "loss": threats + [-1] * len(grid.states.measured)}
    by_kind |= {"achieved": [-1] * len(problem.achievements), "state": [-1] * len(threats)}
    return np.array([by_kind[variable.kind][variable.index] for variable in variables], dtype=np.intp)
