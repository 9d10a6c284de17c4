"""The rules about achievements, and what those that are reached are worth, counted by the verifier itself.

Like the verifier, of which it is a part, it imports errors and data only.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping

from stepladder.data.formats.problem import Problem, Step
from stepladder.data.reached import reached
from stepladder.errors import Fault

Starts = Mapping[str, int]


def achieved_points(problem: Problem, reached: Mapping[str, int]) -> list[float]:
    """The points of each achievement that is reached: for every year from the period on in which it is."""
    points = []
    for achievement in problem.achievements:
        if achievement.points_per_year and reached.get(achievement.id, problem.horizon) < problem.horizon:
            years = [period.discount * period.years for period in problem.periods[reached[achievement.id] :]]
            in_all = math.fsum([*years, problem.tail.discount * problem.tail.years])
            points.append(achievement.points_per_year * in_all)
    return points


def _done(steps: Mapping[str, Step], starts: Starts) -> dict[str, int]:
    """The last period of each planned step."""
    return {name: start + steps[name].duration - 1 for name, start in starts.items()}


def _label(problem: Problem, t: int) -> str:
    return problem.periods[t].label if 0 <= t < problem.horizon else f"period {t}"


def needs_achievements(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    """Faults of planned steps that start before an achievement that they need holds, with its lag."""
    since = reached(problem, _done(steps, starts))
    titles = {achievement.id: achievement.name for achievement in problem.achievements}
    for name, start in starts.items():
        for need in steps[name].needs_achievements:
            there = since.get(need.achievement)
            if there is None or start < there + need.lag:
                other = titles.get(need.achievement, need.achievement)
                when = "is not reached" if there is None else f"is reached in {_label(problem, there)}"
                message = (
                    f"{steps[name].name} starts in {_label(problem, start)} and needs {other}, which {when}"
                    f" and must be {need.lag} period(s) earlier"
                )
                yield Fault("needs_achievements", name, message)


def achievements(problem: Problem, steps: Mapping[str, Step], starts: Starts) -> Iterator[Fault]:
    """Faults of achievements that are asked for and hold too late, or never."""
    since = reached(problem, _done(steps, starts))
    for achievement in problem.achievements:
        there = since.get(achievement.id)
        if achievement.by is not None and (there is None or there > achievement.by):
            when = "is not reached" if there is None else f"is reached in {_label(problem, there)}"
            message = f"{achievement.name} {when}, and is asked for by {_label(problem, achievement.by)}"
            yield Fault("achievements", achievement.id, message)
