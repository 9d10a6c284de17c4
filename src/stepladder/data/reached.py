"""From when achievements hold, counted period by period: for the verifier, and for whoever shows it."""

from __future__ import annotations

from collections.abc import Mapping, Set
from decimal import Decimal
from fractions import Fraction

from stepladder.data.formats.achieved import Achievement
from stepladder.data.formats.problem import Problem


def reached(problem: Problem, done: Mapping[str, int]) -> dict[str, int]:
    """The achievements that are reached, each with the first period in which everything that it takes is finished, by
    the last period of each step: period by period, as a plan goes along.
    """
    since: dict[str, int] = {}
    for t in sorted(set(done.values())) if problem.achievements else ():
        finished = {name for name, last in done.items() if last <= t}
        for achievement in problem.achievements:
            if achievement.id not in since and _met(achievement, finished | since.keys()):
                since[achievement.id] = t
    return since


def _met(achievement: Achievement, there: Set[str]) -> bool:
    """Whether what is finished and reached is all that an achievement takes."""
    score = achievement.score
    return (
        all(name in there for name in achievement.all)
        and all(any(name in there for name in group) for group in achievement.any)
        and (
            score is None
            or sum((_exact(amount) for name, amount in score.of.items() if name in there), Fraction(0))
            >= _exact(score.at_least)
        )
    )


def _exact(number: float) -> Fraction:
    """The decimal number that was written."""
    return Fraction(Decimal(repr(number)))
