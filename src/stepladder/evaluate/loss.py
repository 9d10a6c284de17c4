"""What remains of a loss: the one home of how steps lessen threats, over time and by themselves.

The verifier's arithmetic (``solution.recount``) and the brute force of the tests have their own, on purpose.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stepladder.data.formats.problem import Problem
from stepladder.data.formats.threat import Threat
from stepladder.evaluate.ledger import Starts


def over_time(threat: Threat, since: Mapping[str, int], horizon: int) -> list[float]:
    """Expected loss per year of a threat in each period and in the tail: E_t = A · Π of the factors in place.

    Parameters
    ----------
    threat
        The threat.
    since
        By step, the first time at which it is in place; what is not there, or later than the tail, never is.
    horizon
        Number of periods, T.
    """
    drop = [1.0] * (horizon + 1)
    for name, factor in threat.factors.items():
        if since.get(name, horizon + 1) <= horizon:
            drop[since[name]] *= factor
    level, levels = threat.expected_loss_per_year, []
    for factor in drop:
        level *= factor
        levels.append(level)
    return levels


def losses(problem: Problem, starts: Starts) -> dict[str, list[float]]:
    """Expected loss per year of each threat under a plan, T + 1 values each."""
    steps = problem.steps_by_id()
    since = {name: problem.in_place(steps[name], start) for name, start in starts.items()}
    return {threat.id: over_time(threat, since, problem.horizon) for threat in problem.threats}


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
