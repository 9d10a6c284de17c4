"""An answer to a small problem against every plan that there is: value, second criterion, bound, and moves of single steps."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from brute import Brute, Tried

from stepladder.data.problem import Problem
from stepladder.optimise import Options, Outcome, optimise
from stepladder.solution.verify import broken_rules

EQUAL = 1e-9


def trouble(made: Mapping[str, Any], gap: float) -> str | None:
    """What is wrong with the answer to a problem, or None."""
    problem = Problem.model_validate_json(json.dumps(made))
    outcome = optimise(problem, Options(gap=gap))
    every = Every(made)
    if not every.allowed or outcome.status == "infeasible":
        return None if not every.allowed and outcome.status == "infeasible" else f"{outcome.status}, and {len(every.allowed)} plans are possible"
    if broken_rules(problem, outcome.starts):
        return f"breaks {broken_rules(problem, outcome.starts)}"
    return next(every.faults(outcome, gap), None)


class Every:
    """Every plan of a problem, and what is wrong with an answer."""

    def __init__(self, made: Mapping[str, Any]) -> None:
        self.objective = made.get("objective", "risk")
        self.plans = {tuple(sorted(tried.starts.items())): tried for tried in Brute(made).plans()}
        self.allowed = [tried for tried in self.plans.values() if not tried.broken]
        weights = sum(period["years"] * period["discount"] for period in made["periods"]) + made["tail"]["years"] * made["tail"]["discount"]
        worth = sum(abs(step.get("value_once", 0.0)) for step in made["steps"])
        #: What the values are sums of: so much of it they may be off by.
        self.size = weights * sum(threat["expected_loss_per_year"] for threat in made["threats"]) + worth

    def near(self, value: float) -> float:
        """By how much another one may differ."""
        return max(EQUAL * max(1.0, abs(value)), 1e-14 * self.size)

    def faults(self, outcome: Outcome, gap: float) -> Iterator[str]:
        value, bound = outcome.value, outcome.bound
        mine = self.plans[tuple(sorted(outcome.starts.items()))].criteria(self.objective)
        best = min(tried.criteria(self.objective)[0] for tried in self.allowed)
        if value is None or bound is None or outcome.status != "optimal":
            yield f"{outcome.status} with {value} and {bound}"
            return
        if abs(value - mine[0]) > self.near(mine[0]):
            yield f"the value is said to be {value} and is {mine[0]}"
        if gap == 0.0 and value > best + self.near(best):
            yield f"value {value}, possible {best}"
        if bound > best + self.near(best):
            yield f"bound {bound} is above the optimum {best}"
        if value - bound > max(gap, EQUAL) * abs(value) + EQUAL:
            yield f"the gap from {bound} to {value} is not closed"
        yield from self._seconds(outcome, mine)

    def _seconds(self, outcome: Outcome, mine: tuple[float, float]) -> Iterator[str]:
        """Among plans whose first criterion is no worse the second is least; at any gap, because these problems are small."""
        equals = [tried for tried in self.allowed if tried.criteria(self.objective)[0] <= mine[0]]
        least = min(equals, key=lambda tried: tried.criteria(self.objective)[1])
        if mine[1] > least.criteria(self.objective)[1] + self.near(mine[1]):
            yield f"second criterion {mine[1]} with {outcome.starts}, possible {least.criteria(self.objective)[1]} with {least.starts}"


def moved(starts: Mapping[str, int], other: Tried) -> int:
    """How many steps stand elsewhere."""
    return sum(starts.get(name) != other.starts.get(name) for name in {*starts, *other.starts})
