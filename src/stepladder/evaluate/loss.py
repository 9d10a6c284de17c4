"""What remains of a loss: the one home of how steps lessen threats, over time and by themselves.

The verifier's arithmetic (``solution.recount``) and the brute force of the tests have their own, on purpose.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Iterator, Mapping

from stepladder.data.formats.problem import Problem
from stepladder.data.formats.threat import Threat
from stepladder.evaluate.covers import mixed, with_covers
from stepladder.evaluate.ledger import Starts

_FOR_GOOD: Mapping[str, int] = {}


def over_time(
    threat: Threat, since: Mapping[str, int], horizon: int, until: Mapping[str, int] = _FOR_GOOD
) -> list[float]:
    """Expected loss per year of a threat in each period and in the tail: E_t = A · Π of the factors in place.

    Parameters
    ----------
    threat
        The threat.
    since
        By step, the first time at which it is in place; what is not there, or later than the tail, never is.
    horizon
        Number of periods, T.
    until
        By step that does not stay in place, the first time at which it is no longer.
    """
    if (covered := mixed(threat)) is not None:
        at = [
            [name for name, first in since.items() if first <= t < until.get(name, t + 1)] for t in range(horizon + 1)
        ]
        return [threat.expected_loss_per_year * covered.share(names) for names in at]
    drop, while_there = [1.0] * (horizon + 1), [1.0] * (horizon + 1)
    for name, factor in threat.factors.items():
        first, after = since.get(name, horizon + 1), until.get(name)
        if first <= horizon and after is None:
            drop[first] *= factor
        for t in range(first, min(after or 0, horizon + 1)):
            while_there[t] *= factor
    level, levels = threat.expected_loss_per_year, []
    for factor, other in zip(drop, while_there, strict=True):
        level *= factor
        levels.append(level * other)
    return levels


def remains(threat: Threat, there: Collection[str]) -> float:
    """The share that remains of a threat's expected loss with these steps, and this policy in a policy year, in
    place.
    """
    covered = mixed(threat)
    if covered is not None:
        return covered.share(there)
    return math.prod(factor for name, factor in threat.factors.items() if name in there)


def losses(problem: Problem, starts: Starts) -> dict[str, list[float]]:
    """Expected loss per year of each threat under a plan, T + 1 values each."""
    problem = with_covers(problem)
    steps = problem.steps_by_id()
    since = {name: problem.in_place(steps[name], start) for name, start in starts.items()}
    until = ends(problem)
    return {threat.id: over_time(threat, since, problem.horizon, until) for threat in problem.threats}


def ends(problem: Problem) -> dict[str, int]:
    """By step that does not stay in place, the first time at which it is no longer."""
    return {step.id: step.until for step in problem.steps if step.until is not None}


def there(problem: Problem, starts: Starts, t: int) -> list[str]:
    """Ids of the steps of a plan that are in place at a time; T is the tail."""
    problem = with_covers(problem)
    steps = problem.steps_by_id()
    since = ((name, problem.in_place(steps[name], start), steps[name].until) for name, start in starts.items())
    return [name for name, first, after in since if first <= t and (after is None or t < after)]


def alone(problem: Problem, levels: Mapping[str, float] | None = None) -> Iterator[tuple[Threat, str, float]]:
    """What each step takes off each threat a year by itself: threat, id of the step, amount.

    Parameters
    ----------
    problem
        The problem.
    levels
        Expected loss per year by threat; today's where it is not given.
    """
    for threat in problem.threats:
        level = threat.expected_loss_per_year if levels is None else levels[threat.id]
        for name, factor in threat.factors.items():
            yield threat, name, level * (1 - factor)


def caps(problem: Problem) -> Iterable[tuple[int, int]]:
    """(index of the appetite, time) for every time it binds; T is the tail."""
    for k, cap in enumerate(problem.appetite):
        last = problem.horizon if cap.to is None else cap.to
        for t in range(cap.from_, last + 1):
            yield k, t
