"""Why steps are not planned, counted once more: every reason and amount that a plan states, from its problem and its
starts alone.

Like the verifier, of which it is a part, it imports errors and data only, and the verifier's own arithmetic. Starts are
spoken of as sets of bits, as in ``room``.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import accumulate
from typing import NamedTuple

from stepladder.data import unplanned
from stepladder.data.formats.plan import NotPlanned, Plan
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.reached import reached
from stepladder.errors import Fault
from stepladder.solution.insured import cheaper
from stepladder.solution.reached import achieved_points
from stepladder.solution.recount import Counted, by_shares, finish, shares
from stepladder.solution.room import crowded

#: Sums of floats in some order: this close, relative to what they are sums of, is equal.
SLACK = 1e-10

_AMOUNT = r"(-?[\d,]*\.?\d+)"


class _Change(NamedTuple):
    """What a start would change the two criteria by, and the size of what the first is a sum of."""

    first: float
    second: float
    size: float


def unlike_reasons(plan: Plan, counted: Counted | None = None) -> Iterator[Fault]:
    """A fault for every step whose stated reason is not the one that comes out; of a plan that keeps every rule."""
    standing = _Standing(counted or Counted(plan.problem, plan.decided), plan.objective.value)
    for step in plan.problem.steps:
        stated = plan.not_planned.get(step.id)
        if stated is None or step.id in plan.starts:
            continue
        possible = standing.reasons(step)
        if not any(_says(stated, reason, size, plan.problem.currency) for reason, size in possible):
            right = possible[0][0].told(plan.problem.currency)
            message = (
                f"{step.id} is said to be {stated.reason!r} ({stated.detail}), and it comes to {right.reason!r}"
                f" ({right.detail})"
            )
            yield Fault("reasons", step.id, message)


def _says(stated: NotPlanned, reason: unplanned.Said, size: float, currency: str) -> bool:
    """Whether a stated reason is this one, its amount written as amounts are, and right as far as sums of floats can
    tell.
    """
    if stated.reason != reason.reason:
        return False
    told = reason.told(currency).detail
    if stated.detail == told:
        return True
    if reason.reason == "blocked":
        return unplanned.as_now(stated.detail) == told
    before, hole, after = reason.words.partition("{}")
    shown = re.fullmatch(re.escape(before) + _AMOUNT + "(.*)", stated.detail, re.DOTALL)
    if not hole or shown is None:
        return False
    amount = float(shown[1].replace(",", ""))
    near = abs(amount - reason.amount) <= SLACK * size + 0.5 * 10 ** -len(shown[1].partition(".")[2])
    return near and shown[1] + shown[2] == reason.written(amount, currency) + after


class _Standing:
    """A plan as a step that is to be added to it finds it."""

    def __init__(self, counted: Counted, value: float) -> None:
        self.counted, self.value = counted, value
        problem, starts = self.problem, self.starts = counted.problem, counted.starts
        self.steps = counted.steps
        self.done = {name: finish(self.steps[name], start) for name, start in starts.items()}
        self.busy_periods = _full_periods(problem, starts, self.done)
        self.shut_out = {b for pair in problem.excludes for a, b in (pair, pair[::-1]) if a in starts}
        waiting = [step for step in problem.steps if step.id not in starts]
        self.crowded = crowded(counted, [s for s in waiting if all(need.step in starts for need in s.needs)])
        self.discounted = _sums([period.discount for period in problem.periods])
        self.weights = [period.discount * period.years for period in problem.periods]
        self.tail = problem.tail.discount * problem.tail.years
        self.weighted = _sums(self.weights)
        self.threats = {threat.id: threat for threat in problem.threats}
        self.after, self.effects = self._losses()
        self.idle = _idle(problem)
        self.achieved = math.fsum(achieved_points(problem, counted.reached))
        self.counting = _counting(problem, [item.id for item in problem.achievements if item.points_per_year])

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
        never = [(unplanned.never_pays(self.problem.objective), 0.0)] if step.id in self.idle else []
        return [*never, *self._around(step)]

    def _around(self, step: Step) -> list[tuple[unplanned.Said, float]]:
        waits = [self.steps[need.step] for need in step.needs if need.step not in self.done]
        if waits:
            return [(unplanned.waiting(waits), 0.0)]
        count = max(0, self.problem.horizon - step.duration + 1)
        every = (1 << count) - 1
        broken: dict[str, int] = {}
        free = every
        for rule, starts in self._in_the_way(step, every):
            if starts & every:
                broken[rule] = broken.get(rule, 0) | starts & every
                free &= ~starts
        if not free:
            return [(unplanned.blocked({rule: bits.bit_count() for rule, bits in broken.items()}), 0.0)]
        changes = [self._change(step, start) for start in range(count) if free >> start & 1]
        return _possible(self.problem, changes, self.value)

    def _in_the_way(self, step: Step, every: int) -> Iterator[tuple[str, int]]:
        """The rules that some start breaks, each with those starts; of all that there are the bits are ``every``."""
        yield "earliest", _before(step.earliest)
        if step.latest_finish is not None:
            yield "latest_finish", every & ~_before(step.latest_finish - step.duration + 2)
        yield "needs", _before(max((self.done[need.step] + need.lag for need in step.needs), default=0))
        for group in step.needs_any:
            met = [self.done[need.step] + need.lag for need in group if need.step in self.done]
            yield "needs_any", _before(min(met)) if met else every
        for need in step.needs_achievements:
            there = self.counted.reached.get(need.achievement)
            yield "needs_achievements", every if there is None else _before(there + need.lag)
        yield "excludes", every if step.id in self.shut_out else 0
        yield "max_parallel", self._full(step)
        # Another step lessens losses, so it can break no cap on them.
        yield from self.crowded[step.id].items()

    def _full(self, step: Step) -> int:
        """The starts at which there would be more steps in work than may be."""
        full = 0
        for t in self.busy_periods:
            full |= _before(t + 1) & ~_before(t - step.duration + 1)
        return full

    def _invested(self, step: Step, start: int) -> float:
        """Investment, discounted."""
        coins, last = self.counted.coins, finish(step, start)
        if step.spread:
            parts = enumerate(by_shares(step, coins), start)
            return math.fsum(part / coins * self.problem.periods[t].discount for t, part in parts)
        each, rest = shares(step, coins)
        evenly = each / coins * (self.discounted[last] - self.discounted[start])
        return evenly + rest / coins * self.problem.periods[last].discount

    def _achieved(self, step: Step, last: int) -> float:
        """The points of the achievements that come, or come earlier, when a step is finished in a period."""
        if step.id not in self.counting:
            return 0.0
        return math.fsum(achieved_points(self.problem, reached(self.problem, {**self.done, step.id: last}))) - (
            self.achieved
        )

    def _lost(self, step: Step, since: int, name: str, factor: float) -> float:
        """What the step changes a threat's loss by, which weighs less after the horizon: a factor, but where it makes
        events cheaper of which a policy pays a part.
        """
        threat, insured = self.threats[name], self.counted.insured
        if step.id not in threat.cheaper or not any(name in held.policy.terms for held in insured):
            return (factor - 1) * self.after[name][since]
        weighted = [*self.after[name], 0.0]
        changes = []
        for t in range(since, self.problem.horizon + 1):
            part = cheaper(threat, {one for one, last in self.done.items() if last + self.problem.effect_lag <= t})
            if t == self.problem.horizon:
                part = cheaper(threat, self.done.keys())
            held = [one for one in insured if one.holds(t)]
            before, after = (math.prod(one.keeps(threat, g) for one in held) for g in (part, part * factor))
            changes.append((factor * after / before - 1) * (weighted[t] - weighted[t + 1]))
        return math.fsum(changes)

    # -- what it would bring --------------------------------------------------------------------------------------

    def _change(self, step: Step, start: int) -> _Change:
        """What a start changes the criteria by."""
        problem, last = self.problem, finish(step, start)
        since = min(last + problem.effect_lag, problem.horizon)
        lost = [self._lost(step, since, threat, factor) for threat, factor in self.effects.get(step.id, ())]
        spent = self._invested(step, start)
        spent += step.per_year * (self.weighted[-1] - self.weighted[last + 1] + self.tail)
        if step.renew:
            again = (
                problem.periods[t].discount for t in range(last + step.renew.every, problem.horizon, step.renew.every)
            )
            spent += step.renew.once * (math.fsum(again) + step.renew.a_year * self.tail)
        worth = step.value_once * problem.periods[last].discount + step.value_per_year * (
            self.weighted[-1] - self.weighted[since] + self.tail
        )
        if problem.objective == "worth":
            points = step.points_per_year * (self.weighted[-1] - self.weighted[since] + self.tail)
            more = points + self._achieved(step, last)
            return _Change(-more, spent, more + self.achieved)
        risk = math.fsum(lost) - worth
        size = (
            math.fsum(map(abs, lost))
            + abs(step.value_once)
            + abs(step.value_per_year) * (self.weighted[-1] + self.tail)
            + spent
        )
        first, second = {"risk": (risk, spent), "spend": (spent, risk), "net": (risk + spent, 0.0)}[problem.objective]
        return _Change(first, second, size)


def _before(period: int) -> int:
    """The starts before a period, as bits."""
    return (1 << max(0, period)) - 1


def _full_periods(problem: Problem, starts: Mapping[str, int], done: Mapping[str, int]) -> list[int]:
    """The periods in which as many steps are in work as may be."""
    if problem.parallel is None:
        return []
    change = [0] * (problem.horizon + 1)
    for name, start in starts.items():
        change[start] += 1
        change[done[name] + 1] -= 1
    busy = zip(accumulate(change[:-1]), problem.parallel, strict=True)
    return [t for t, (count, most) in enumerate(busy) if count >= most]


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
    """The steps that never pay: not demanded, of no worth, against no threat, counting towards no achievement that is
    asked for or worth something, and not needed by any other than such.
    """
    idle = {
        step.id for step in problem.steps if not (step.required or step.start is not None or _worth(problem, step) > 0)
    }
    # Where points are wanted, a loss counts for a cap on it only.
    for threat in problem.threats if _looked_at(problem) else ():
        if threat.expected_loss_per_year > 0:
            idle -= {name for name, factor in threat.factors.items() if factor < 1}
    points = problem.objective == "worth"
    asked = [item.id for item in problem.achievements if item.by is not None or (points and item.points_per_year)]
    idle -= _counting(problem, asked)
    steps = problem.steps_by_id()
    layer = steps.keys() - idle
    while layer:
        needed = {
            need.step for name in layer for group in (steps[name].needs, *steps[name].needs_any) for need in group
        }
        needed |= _counting(problem, [need.achievement for name in layer for need in steps[name].needs_achievements])
        layer = needed & idle
        idle -= layer
    return idle


def _looked_at(problem: Problem) -> bool:
    """Whether anything rests on losses."""
    return problem.objective != "worth" or bool(problem.appetite or problem.exceedance)


def _counting(problem: Problem, achievements: Sequence[str]) -> set[str]:
    """The steps that count towards some achievements, or towards one that counts towards them."""
    by_name = {achievement.id: achievement for achievement in problem.achievements}
    wanted, counting = list(achievements), set[str]()
    while wanted:
        name = wanted.pop()
        if name in by_name:
            wanted += by_name[name].conditions
        else:
            counting.add(name)
    return counting


def _worth(problem: Problem, step: Step) -> float:
    """More than nothing where a step is worth something by itself, whatever its threats."""
    return step.points_per_year if problem.objective == "worth" else max(step.value_once, step.value_per_year)
