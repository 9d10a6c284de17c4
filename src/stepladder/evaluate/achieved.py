"""From when the achievements of a problem hold, and what that is worth: conditions as lists of indices, amounts as
whole numbers.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from stepladder.data.formats.achieved import Achievement, Score, counting, exact
from stepladder.data.formats.problem import Problem
from stepladder.data.objective import objective_of
from stepladder.evaluate.ledger import weights

if TYPE_CHECKING:
    from stepladder.evaluate.uses import Array

#: The time of what never comes.
NEVER = 1 << 30


@dataclass(frozen=True)
class Conditions:
    """What one achievement takes; places below the number of steps are steps, those above are achievements.

    Attributes
    ----------
    all, any
        All of these; of each group at least one.
    amounts, least
        Whole amounts by place, and the least sum of them; both empty where there is no score.
    """

    all: tuple[int, ...]
    any: tuple[tuple[int, ...], ...]
    amounts: tuple[tuple[int, int], ...] = ()
    least: int = 0

    def since(self, times: Sequence[int]) -> int:
        """The first time at which all of it is met, by the times of its parts."""
        last = max((times[place] for place in self.all), default=0)
        last = max([last, *(min(times[place] for place in group) for group in self.any)])
        total = 0
        for time, amount in sorted((times[place], amount) for place, amount in self.amounts):
            total += amount
            if total >= self.least:
                return max(last, time)
        return NEVER if self.amounts else last


class Achievements:
    """The achievements of a problem by index.

    Parameters
    ----------
    problem
        The problem.

    Attributes
    ----------
    number
        Index of each achievement by its id.
    conditions
        What each takes.
    due
        The last period from which each must hold, ``NEVER`` where nobody asks.
    counts
        By step: whether it counts towards any.
    """

    def __init__(self, problem: Problem) -> None:
        self.problem, self.count = problem, len(problem.steps)
        place = {step.id: k for k, step in enumerate(problem.steps)}
        self.number = {achievement.id: a for a, achievement in enumerate(problem.achievements)}
        place |= {name: self.count + a for name, a in self.number.items()}
        self.conditions = [_conditions(achievement, place) for achievement in problem.achievements]
        self.due = [NEVER if achievement.by is None else achievement.by for achievement in problem.achievements]
        inside = counting(problem.achievements)
        self.inside = [frozenset(place[name] for name in inside[item.id]) for item in problem.achievements]
        every = frozenset[int]().union(*self.inside)
        self.counts = [k in every for k in range(self.count)]

    def __bool__(self) -> bool:
        return bool(self.conditions)

    def since(self, finishes: Iterable[int]) -> list[int]:
        """The first time from which each holds, by the last period of each step, ``NEVER`` of one that is not
        planned.
        """
        times = list(finishes)
        for conditions in self.conditions:
            times.append(conditions.since(times))
        return times[self.count :]

    def since_in(self, finishes: Array) -> Array:
        """The same for many plans at once: finishes of shape (plans, steps), result of shape (plans, achievements)."""
        import numpy as np  # whoever only counts what is there needs none

        times = list(finishes.astype(np.int64).T)
        for conditions in self.conditions:
            times.append(_since(conditions, times, len(finishes)))
        result: Array = np.array(times[self.count :], dtype=np.int64).reshape(-1, len(finishes)).T
        return result

    @cached_property
    def gains(self) -> list[list[float]]:
        """By achievement and period: what it is worth in points when it holds from then on; nothing in other units
        than points.
        """
        counted = weights(self.problem)
        horizon, points = self.problem.horizon, objective_of(self.problem).points
        after = [math.fsum(counted[t:]) for t in range(horizon)]
        return [
            [item.points_per_year * years if points else 0.0 for years in after] for item in self.problem.achievements
        ]

    @cached_property
    def worthy(self) -> bool:
        """Whether any of them is worth something by the problem's objective."""
        return any(map(any, self.gains))

    @cached_property
    def shares(self) -> list[float]:
        """By step: what it is worth as one of all that count towards achievements that are worth something."""
        shares = [0.0] * self.count
        for gains, inside in zip(self.gains, self.inside, strict=True):
            for k in sorted(inside):
                shares[k] += gains[0] / len(inside)
        return shares

    def unmet(self, times: Sequence[int]) -> bool:
        """Whether one that is asked for holds too late, by the times from which they hold."""
        return any(time > due for time, due in zip(times, self.due, strict=True))

    def gain(self, a: int, time: int) -> float:
        """What an achievement that holds from a time on is worth."""
        return self.gains[a][time] if time < self.problem.horizon else 0.0

    def way(self, a: int, given: Iterable[int] = ()) -> list[int]:
        """Steps with which an achievement is reached: all, the first of each group, and of a score those that count
        most; those that are given count already.
        """
        chosen = dict.fromkeys(given)
        self._go(a, chosen)
        return [k for k in chosen if k not in set(given)]

    def _go(self, a: int, chosen: dict[int, None]) -> None:
        conditions = self.conditions[a]
        for place in (*conditions.all, *(group[0] for group in conditions.any if not set(group) & set(chosen))):
            if place < self.count:
                chosen[place] = None
            else:
                self._go(place - self.count, chosen)
        total = 0
        for amount, place in sorted((-amount, place) for place, amount in conditions.amounts):
            if place in chosen:
                total -= amount
        for amount, place in sorted((-amount, place) for place, amount in conditions.amounts):
            if total < conditions.least and place not in chosen:
                chosen[place] = None
                total -= amount


def whole(score: Score) -> tuple[dict[str, int], int]:
    """The amounts of a score and the least sum, in whole numbers of the same size: none more than the least sum."""
    amounts, least = {name: exact(amount) for name, amount in score.of.items()}, exact(score.at_least)
    parts = math.lcm(least.denominator, *(amount.denominator for amount in amounts.values()))
    return {name: int(min(amount, least) * parts) for name, amount in amounts.items()}, int(least * parts)


def _conditions(achievement: Achievement, place: dict[str, int]) -> Conditions:
    groups = tuple(tuple(place[name] for name in group) for group in achievement.any)
    every = tuple(place[name] for name in achievement.all)
    if achievement.score is None:
        return Conditions(every, groups)
    amounts, least = whole(achievement.score)
    return Conditions(every, groups, tuple((place[name], amount) for name, amount in amounts.items()), least)


def _since(conditions: Conditions, times: list[Array], plans: int) -> Array:
    import numpy as np

    last: Array = np.zeros(plans, dtype=np.int64)
    for place in conditions.all:
        last = np.maximum(last, times[place])
    for group in conditions.any:
        last = np.maximum(last, np.minimum.reduce([times[place] for place in group]))
    if conditions.amounts:
        by_place = np.array([times[place] for place, _ in conditions.amounts])
        order = np.argsort(by_place, axis=0, kind="stable")
        sums = np.cumsum(np.array([amount for _, amount in conditions.amounts], dtype=object)[order], axis=0)
        first = np.argmax(sums >= conditions.least, axis=0)
        last = np.maximum(last, np.take_along_axis(by_place, order, axis=0)[first, np.arange(plans)])
    return last
