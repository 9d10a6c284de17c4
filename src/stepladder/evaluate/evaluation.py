"""What a set of starts comes to on a problem: expected losses, money, effort, what each window holds.

Losses are products of floats, all else is exact (``Ledger``). The verifier has its own arithmetic and does not use this
module.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from stepladder.data.formats.problem import Problem
from stepladder.data.objective import OBJECTIVES, objective_of
from stepladder.evaluate.achieved import NEVER, Achievements
from stepladder.evaluate.ledger import Ledger, Starts, loss_weights
from stepladder.evaluate.loss import caps, losses, there

#: Expected losses are compared to this relative precision.
PRECISION = 1e-9


@dataclass(frozen=True)
class Evaluation:
    """What a plan comes to. Losses are per threat and time, with the tail as time T.

    Attributes
    ----------
    losses
        Expected loss per year by threat id, T + 1 values each.
    risk, spend, worth
        R (with V taken off), S and V in currency, discounted. Where the problem counts points, V is in points, and R is
        V taken negative.
    used
        By resource, units in each period.
    exceeded
        Indices of the windows that hold too much.
    above
        (index of the appetite, time) where the expected loss is above the cap.
    beyond
        (index of the cap on large losses, time) where it is broken.
    """

    losses: dict[str, list[float]]
    risk: float
    spend: float
    worth: float
    used: dict[str, list[int]]
    exceeded: tuple[int, ...]
    above: tuple[tuple[int, int], ...]
    beyond: tuple[tuple[int, int], ...] = ()

    def total_loss(self, t: int) -> float:
        """E_t: all threats together; the tail for t = T."""
        return math.fsum(losses[t] for losses in self.losses.values())

    def criteria(self, objective: str) -> tuple[float, float]:
        """What is minimised first and second."""
        return OBJECTIVES[objective].criteria(self.risk, self.spend)


def evaluate(ledger: Ledger, starts: Starts) -> Evaluation:
    """Everything a plan comes to.

    Parameters
    ----------
    ledger
        The problem's ledger; make it once for many evaluations.
    starts
        Period of the start by step id; every step must finish within the horizon.
    """
    problem = ledger.problem
    by_threat = losses(problem, starts)
    total = _together(problem, by_threat)
    risk, spend, worth = _values(ledger, starts, total)
    used = {resource: ledger.total(starts, resource) for resource in ledger.resources}
    above, beyond = _above(problem, by_threat, total), _beyond(ledger, starts)
    return Evaluation(by_threat, risk, spend, worth, used, _exceeded(ledger, used), above, beyond)


def within(ledger: Ledger, starts: Starts) -> bool:
    """Whether a plan exceeds no window and no cap, and nothing else of what ``evaluate`` finds."""
    problem = ledger.problem
    used = {name: ledger.total(starts, name) for name in dict.fromkeys(w.resource for w in problem.windows)}
    if _exceeded(ledger, used):
        return False
    if problem.appetite:
        by_threat = losses(problem, starts)
        if _above(problem, by_threat, _together(problem, by_threat)):
            return False
    return not _beyond(ledger, starts)


def _exceeded(ledger: Ledger, used: dict[str, list[int]]) -> tuple[int, ...]:
    return tuple(
        k
        for k, window in enumerate(ledger.problem.windows)
        if sum(used[window.resource][window.from_ : window.to + 1]) > ledger.limits[k]
    )


def _above(problem: Problem, by_threat: dict[str, list[float]], total: list[float]) -> tuple[tuple[int, int], ...]:
    above = []
    for k, t in caps(problem):
        cap = problem.appetite[k]
        loss = total[t] if cap.threat is None else by_threat[cap.threat][t]
        if loss > cap.expected_loss_per_year * (1 + PRECISION):
            above.append((k, t))
    return tuple(above)


def _beyond(ledger: Ledger, starts: Starts) -> tuple[tuple[int, int], ...]:
    """The caps on large losses that are broken, and when; each is looked at when it first binds, and where policies
    begin and end.
    """
    times = [(tail, t) for tail in ledger.tails for t in tail.times]
    names = {t: there(ledger.problem, starts, t) for t in dict.fromkeys(t for _, t in times)}
    return tuple((tail.index, t) for tail, t in times if not tail.kept(names[t]))


def objectives(ledger: Ledger, starts: Starts) -> tuple[float, float]:
    """What is minimised first and second, and nothing else of what ``evaluate`` finds."""
    risk, spend, _ = _values(ledger, starts, _together(ledger.problem, losses(ledger.problem, starts)))
    return objective_of(ledger.problem).criteria(risk, spend)


def _together(problem: Problem, by_threat: dict[str, list[float]]) -> list[float]:
    return [math.fsum(values[t] for values in by_threat.values()) for t in range(problem.horizon + 1)]


def _values(ledger: Ledger, starts: Starts, total: list[float]) -> tuple[float, float, float]:
    """R (with V taken off), S and V, from the losses of all threats together."""
    own = (ledger.worth(ledger.steps[name], start) for name, start in starts.items())
    worth = math.fsum([*own, *_achieved(ledger.problem, starts)])
    spend = math.fsum(ledger.spend_value(ledger.steps[name], start) for name, start in starts.items())
    return math.fsum(x * y for x, y in zip(loss_weights(ledger.problem), total, strict=True)) - worth, spend, worth


def _achieved(problem: Problem, starts: Starts) -> list[float]:
    """What the achievements of a plan are worth by its objective."""
    achievements = Achievements(problem)
    if not achievements.worthy:
        return []
    finishes = [NEVER if step.id not in starts else step.finish(starts[step.id]) for step in problem.steps]
    return [achievements.gain(a, time) for a, time in enumerate(achievements.since(finishes))]
