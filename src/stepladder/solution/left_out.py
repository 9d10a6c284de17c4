"""Why steps are not planned, counted once more: every reason and amount that a plan states, from its problem and its
starts alone.

Like the verifier, of which it is a part, it imports errors and data only, and the verifier's own arithmetic. Windows
are judged by floats where they are clear, and by exact fractions where they are not.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from typing import NamedTuple

from stepladder.data import unplanned
from stepladder.data.formats import money
from stepladder.data.formats.plan import NotPlanned, Plan
from stepladder.data.formats.problem import MONEY, Problem, Step
from stepladder.errors import Fault
from stepladder.solution.recount import Counted, exact, finish, once, used

#: A use that is this close to what is left, relative to the limit, is looked at exactly.
HAIR = 1e-9
#: Sums of floats in some order: this close, relative to what they are sums of, is equal.
SLACK = 1e-10

_AMOUNT = r"(-?[\d,]*\.?\d+)"


class _Room(NamedTuple):
    """What a window has left: exactly, and as a float with the size of what it is a difference of."""

    first: int
    last: int
    left: Fraction
    roughly: float
    size: float


class _Change(NamedTuple):
    """What a start would change the two criteria by, and the size of what the first is a sum of."""

    first: float
    second: float
    size: float


def unlike_reasons(plan: Plan, counted: Counted | None = None) -> Iterator[Fault]:
    """A fault for every step whose stated reason is not the one that comes out; of a plan that keeps every rule."""
    standing = _Standing(counted or Counted(plan.problem, plan.starts), plan.objective.value)
    for step in plan.problem.steps:
        stated = plan.not_planned.get(step.id)
        if stated is None or step.id in plan.starts:
            continue
        possible = standing.reasons(step)
        if not any(_says(stated, said, size, plan.problem.currency) for said, size in possible):
            right = possible[0][0].told(plan.problem.currency)
            message = (
                f"{step.id} is said to be {stated.reason!r} ({stated.detail}), and it comes to {right.reason!r}"
                f" ({right.detail})"
            )
            yield Fault("reasons", step.id, message)


def _says(stated: NotPlanned, said: unplanned.Said, size: float, currency: str) -> bool:
    """Whether a stated reason is this one, its amount written as amounts are, and right as far as sums of floats can
    tell.
    """
    if stated.reason != said.reason:
        return False
    if stated.detail == said.told(currency).detail:
        return True
    if said.reason == "blocked":
        return False
    before, hole, after = said.words.partition("{}")
    shown = re.fullmatch(re.escape(before) + _AMOUNT + "(.*)", stated.detail, re.DOTALL)
    if not hole or shown is None:
        return False
    amount = float(shown[1].replace(",", ""))
    near = abs(amount - said.amount) <= SLACK * size + 0.5 * 10 ** -len(shown[1].partition(".")[2])
    return near and shown[1] + shown[2] == money.said(amount, currency) + after


class _Standing:
    """A plan as a step that is to be added to it finds it."""

    def __init__(self, counted: Counted, value: float) -> None:
        self.counted, self.value = counted, value
        problem, starts = self.problem, self.starts = counted.problem, counted.starts
        self.steps = counted.steps
        self.done = {name: finish(self.steps[name], start) for name, start in starts.items()}
        self.busy = [0] * problem.horizon
        for name, start in starts.items():
            for t in range(start, self.done[name] + 1):
                self.busy[t] += 1
        self.shut_out = {b for pair in problem.excludes for a, b in (pair, pair[::-1]) if a in starts}
        self.rooms = self._rooms()
        self.running = _sums([period.years for period in problem.periods])
        self.discounted = _sums([period.discount for period in problem.periods])
        self.weights = [period.discount * period.years for period in problem.periods]
        self.tail = problem.tail.discount * problem.tail.years
        self.weighted = _sums(self.weights)
        self.after, self.effects = self._losses()
        self._split: dict[str, tuple[float, float]] = {}
        self.idle = _idle(problem)

    def _rooms(self) -> dict[str, list[_Room]]:
        """What every window has left, by resource."""
        found: dict[str, list[_Room]] = {}
        totals = {
            name: [Fraction(0), *accumulate(self.counted.total(name))]
            for name in {w.resource for w in self.problem.windows}
        }
        for window in self.problem.windows:
            held, limit = totals[window.resource], exact(window.limit)
            left = limit - (held[window.to + 1] - held[window.from_])
            found.setdefault(window.resource, []).append(
                _Room(window.from_, window.to, left, float(left), float(limit))
            )
        # The tightest first: where a step is too much for none of the first, it is for none.
        return {resource: sorted(rooms, key=_surely) for resource, rooms in found.items()}

    def _losses(self) -> tuple[dict[str, list[float]], dict[str, list[tuple[str, float]]]]:
        """Of each threat what its loss weighs from each time on, and of each step which threats it lessens, and to
        what share.
        """
        weights = [*self.weights, self.tail]
        after = {}
        for name, over_time in self.counted.losses.items():
            weighted = [loss * weight for loss, weight in zip(over_time, weights, strict=True)]
            after[name] = list(accumulate(weighted[::-1]))[::-1]
        effects: dict[str, list[tuple[str, float]]] = {}
        for threat in self.problem.threats:
            for name, factor in threat.factors.items():
                effects.setdefault(name, []).append((threat.id, factor))
        return after, effects

    # -- what stands in the way -----------------------------------------------------------------------------------

    def reasons(self, step: Step) -> list[tuple[unplanned.Said, float]]:
        """What can rightly be said of a step, with the size of what the amount is a sum of: more than one where
        floats cannot tell.
        """
        # Of a step that never pays, what is in its way is as true.
        never = [(unplanned.never_pays(), 0.0)] if step.id in self.idle else []
        return [*never, *self._around(step)]

    def _around(self, step: Step) -> list[tuple[unplanned.Said, float]]:
        waits = [self.steps[need.step] for need in step.needs if need.step not in self.done]
        if waits:
            return [(unplanned.waiting(waits), 0.0)]
        broken: dict[str, int] = {}
        changes: list[_Change] = []
        for start in range(self.problem.horizon - step.duration + 1):
            rules = [*self._dates(step, start), *self._limits(step, start)]
            for rule in rules:
                broken[rule] = broken.get(rule, 0) + 1
            if not rules:
                changes.append(self._change(step, start))
        return _possible(self.problem, changes, self.value) if changes else [(unplanned.blocked(broken), 0.0)]

    def _dates(self, step: Step, start: int) -> Iterator[str]:
        """The rules about dates and order that a start breaks."""
        if start < step.earliest:
            yield "earliest"
        if step.latest_finish is not None and finish(step, start) > step.latest_finish:
            yield "latest_finish"
        if any(start < self.done[need.step] + need.lag for need in step.needs):
            yield "needs"
        if any(
            not any(need.step in self.done and start >= self.done[need.step] + need.lag for need in group)
            for group in step.needs_any
        ):
            yield "needs_any"
        if step.id in self.shut_out:
            yield "excludes"
        if self.problem.max_parallel is not None and any(
            self.busy[t] >= self.problem.max_parallel for t in range(start, finish(step, start) + 1)
        ):
            yield "max_parallel"

    def _limits(self, step: Step, start: int) -> Iterator[str]:
        """The limits on money and people that a start exceeds. Another step lessens losses, so it can break no cap
        on them.
        """
        for name in MONEY:
            if name in self.rooms and self._too_much(step, start, name):
                yield name
        if any(self._too_much(step, start, team) for team in step.effort if team in self.rooms):
            yield "teams"

    def _too_much(self, step: Step, start: int, resource: str) -> bool:
        """Whether a start exceeds some window of a resource."""
        most = step.effort.get(resource, 0.0) if resource not in MONEY else step.once + step.per_year * self.running[-1]
        for room in self.rooms[resource]:
            if most * (1 + 2 * HAIR) < _surely(room):
                return False
            if self._exceeds(step, start, resource, room):
                return True
        return False

    def _exceeds(self, step: Step, start: int, resource: str, room: _Room) -> bool:
        more = self._use(step, start, resource, room)
        hair = HAIR * (room.size + more)
        if more == 0 or abs(more - room.roughly) > hair:
            return more > max(0.0, room.roughly)
        return (
            sum((used(self.problem, step, start, t, resource) for t in range(room.first, room.last + 1)), Fraction(0))
            > room.left
        )

    def _use(self, step: Step, start: int, resource: str, room: _Room) -> float:
        """What a start uses of a window, roughly."""
        last = finish(step, start)
        working = max(0, min(last, room.last) - max(start, room.first) + 1)
        if resource not in MONEY:
            return step.effort.get(resource, 0.0) / step.duration * working
        held = 0.0
        if working and resource != "money_per_year":
            each, rest = self._shares(step)
            held = each * working + (rest - each) * (room.first <= last <= room.last)
        if last < room.last and resource != "money_once":
            held += step.per_year * (self.running[room.last + 1] - self.running[max(room.first, last + 1)])
        return held

    def _shares(self, step: Step) -> tuple[float, float]:
        """Investment in each working period but the last, and in the last."""
        if step.id not in self._split:
            self._split[step.id] = (
                float(once(self.problem, step, 0, 0)),
                float(once(self.problem, step, 0, step.duration - 1)),
            )
        return self._split[step.id]

    # -- what it would bring --------------------------------------------------------------------------------------

    def _change(self, step: Step, start: int) -> _Change:
        """What a start changes the criteria by."""
        problem, last = self.problem, finish(step, start)
        since = min(last + problem.effect_lag, problem.horizon)
        lost = [(factor - 1) * self.after[threat][since] for threat, factor in self.effects.get(step.id, ())]
        each, rest = self._shares(step)
        spent = each * (self.discounted[last] - self.discounted[start]) + rest * problem.periods[last].discount
        spent += step.per_year * (self.weighted[-1] - self.weighted[last + 1] + self.tail)
        worth = step.value_once * problem.periods[last].discount + step.value_per_year * (
            self.weighted[-1] - self.weighted[since] + self.tail
        )
        risk = math.fsum(lost) - worth
        size = (
            math.fsum(map(abs, lost))
            + abs(step.value_once)
            + abs(step.value_per_year) * (self.weighted[-1] + self.tail)
            + spent
        )
        first, second = {"risk": (risk, spent), "spend": (spent, risk), "net": (risk + spent, 0.0)}[problem.objective]
        return _Change(first, second, size)


def _surely(room: _Room) -> float:
    """What a window has left at least, whatever floats are off by."""
    return room.roughly - HAIR * room.size


def _possible(problem: Problem, changes: Sequence[_Change], value: float) -> list[tuple[unplanned.Said, float]]:
    """What may be said of a step that could be added: of the best start, and of every other that floats cannot tell
    from it.
    """
    least, second = unplanned.best([(change.first, change.second) for change in changes])
    size = max(change.size for change in changes)
    near = [change for change in changes if change.first <= least + unplanned.SMALL + SLACK * size]
    firsts = (least - SLACK * size, least, least + SLACK * size)
    pairs = [(least, second), *((first, change.second) for change in near for first in firsts)]
    return [(unplanned.possible(problem.objective, *pair, value), size) for pair in pairs]


def _sums(values: Sequence[float]) -> list[float]:
    """What there is before each place, and in all."""
    return [0.0, *accumulate(values)]


def _idle(problem: Problem) -> set[str]:
    """The steps that never pay: not demanded, of no worth, against no threat, and not needed by any other than such."""
    idle = {
        step.id
        for step in problem.steps
        if not (step.required or step.start is not None or max(step.value_once, step.value_per_year) > 0)
    }
    for threat in problem.threats:
        if threat.expected_loss_per_year > 0:
            idle -= {name for name, factor in threat.factors.items() if factor < 1}
    steps = problem.steps_by_id()
    layer = steps.keys() - idle
    while layer:
        layer = {
            need.step for name in layer for group in (steps[name].needs, *steps[name].needs_any) for need in group
        } & idle
        idle -= layer
    return idle
