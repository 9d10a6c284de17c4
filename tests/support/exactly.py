"""An answer to a small problem against every plan that there is: value, second criterion, bound, and moves of single
steps.
"""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Iterator, Mapping
from typing import Any

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.evaluate.order import Order, most_equal
from stepladder.optimise import Options, Outcome, optimise
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.heuristics.local_search import polish, settle
from stepladder.solution.verify import broken_rules
from tests.support.brute import Brute, Tried
from tests.support.edges import edge
from tests.support.problems import problem

EQUAL = 1e-9


def record(said: Mapping[str, Any]) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


def years(*pairs: tuple[float, float]) -> list[dict[str, Any]]:
    return [{"label": f"P{t}", "years": length, "discount": discount} for t, (length, discount) in enumerate(pairs)]


#: A step that takes half off a threat of a cent, beside one of a billion.
NEVER_ENDS: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "tail": {"years": 3, "discount": 1.0},
    "periods": years((1, 1.0), (1, 0.95), (1, 0.9), (1, 0.86)),
    "steps": [{"id": "a", "once": 1000}],
    "threats": [
        {"id": "big", "expected_loss_per_year": 1e9},
        {"id": "small", "expected_loss_per_year": 0.01, "factors": {"a": 0.5}},
    ],
}
#: A step that is needed by another one, and neither takes anything off any threat.
POINTLESS: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "periods": years((0.25, 1.0), (0.25, 0.98), (0.25, 0.97)),
    "steps": [{"id": "tool", "once": 1000}, {"id": "policy", "needs": [{"step": "tool"}]}],
    "threats": [{"id": "t", "expected_loss_per_year": 100000}],
}
#: HiGHS 1.16 finds the best value here and gives back another plan.
LEFT_OPEN: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "periods": years((0.5, 1.0), (0.5, 0.97), (0.5, 0.9409), (0.5, 0.912673)),
    "tail": {"years": 2, "discount": 0.85},
    "steps": [
        {"id": "s0", "per_year": 7.5, "required": True, "earliest": 1},
        {"id": "s2", "once": 10, "per_year": 4, "needs": [{"step": "s0", "lag": 1}]},
    ],
    "threats": [{"id": "h1", "expected_loss_per_year": 60, "factors": {"s2": 0.8}}],
    "windows": [{"resource": "money", "from": 0, "to": t, "limit": 25.0 * (t + 1)} for t in range(4)],
    "objective": "net",
}
FAULTS = {"never ends": NEVER_ENDS, "pointless": POINTLESS, "left open": LEFT_OPEN}


def of_fault(name: str) -> str | None:
    return trouble(FAULTS[name])


def of_seed(seed: str) -> str | None:
    """What is wrong with the answers to a seed's problem; every third seed has ordinary numbers."""
    number = int(seed)
    return trouble(problem(number) if number % 3 == 0 else edge(number))


def trouble(made: Mapping[str, Any]) -> str | None:
    """What is wrong with the answers to a problem, exactly and as it is asked by default, or None."""
    every = Every(made)
    for gap in (0.0, Options().gap):
        asked = record(made)
        outcome = optimise(asked, Options(gap=gap))
        broken = broken_rules(asked, outcome.starts) if outcome.starts else []
        wrong = f"breaks {broken}" if broken else next(every.faults(outcome, gap), None)
        if wrong:
            return f"gap {gap:g}: {wrong}"
    return None


class Every:
    """Every plan of a problem, and what is wrong with an answer."""

    def __init__(self, made: Mapping[str, Any]) -> None:
        self.objective = made.get("objective", "risk")
        self.plans = {tuple(sorted(tried.starts.items())): tried for tried in Brute(made).plans()}
        self.allowed = [tried for tried in self.plans.values() if not tried.broken]
        weights = (
            sum(period["years"] * period["discount"] for period in made["periods"])
            + made["tail"]["years"] * made["tail"]["discount"]
        )
        worth = sum(abs(step.get("value_once", 0.0)) for step in made["steps"])
        #: What the values are sums of: so much of it they may be off by.
        self.size: float = weights * sum(threat["expected_loss_per_year"] for threat in made["threats"]) + worth

    def near(self, value: float) -> float:
        """By how much another one may differ."""
        return max(EQUAL * max(1.0, abs(value)), 1e-14 * self.size)

    def faults(self, outcome: Outcome, gap: float) -> Iterator[str]:
        value, bound = outcome.value, outcome.bound
        if not self.allowed or outcome.status == "infeasible":
            if self.allowed or outcome.status != "infeasible":
                yield f"{outcome.status}, and {len(self.allowed)} plans are possible"
            return
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
        """Among plans whose first criterion is no worse the second is least; at any gap, because these problems are
        small.
        """
        equals = [tried for tried in self.allowed if tried.criteria(self.objective)[0] <= mine[0]]
        least = min(equals, key=lambda tried: tried.criteria(self.objective)[1])
        if mine[1] > least.criteria(self.objective)[1] + self.near(mine[1]):
            yield (
                f"second criterion {mine[1]} with {outcome.starts}, possible {least.criteria(self.objective)[1]} with"
                f" {least.starts}"
            )


# -- polishing ---------------------------------------------------------------------------------------------------


def closure(starts: dict[str, int], name: str, steps: list[dict[str, Any]]) -> dict[str, int]:
    """A plan without a step and without all that then lack something: taken out one by one, by the rules' own
    definition.
    """
    left = {other: start for other, start in starts.items() if other != name}

    def after(step: dict[str, Any], need: dict[str, Any]) -> bool:
        other = need["step"]
        return other in left and left[step["id"]] >= left[other] + next(s for s in steps if s["id"] == other)[
            "duration"
        ] - 1 + need.get("lag", 1)

    while True:
        lacking = [
            step["id"]
            for step in steps
            if step["id"] in left
            and not (
                all(after(step, need) for need in step.get("needs", []))
                and all(any(after(step, need) for need in group) for group in step.get("needs_any", []))
            )
        ]
        if not lacking:
            return left
        for other in lacking:
            del left[other]


def neighbours(every: Every, starts: dict[str, int], said: dict[str, Any]) -> list[Tried]:
    """Every plan that obeys the rules and differs in one step, or is without one and all that need it."""
    single = [
        tried
        for tried in every.allowed
        if sum(tried.starts.get(s["id"]) != starts.get(s["id"]) for s in said["steps"]) == 1
    ]
    dropped = [every.plans[tuple(sorted(closure(starts, name, said["steps"]).items()))] for name in starts]
    return [*single, *(tried for tried in dropped if not tried.broken)]


def of_polish(seed: str) -> str | None:
    said, rng = edge(int(seed)), random.Random(f"polish {seed}")
    every, made = Every(said), record(said)
    grid, stop = lay(Ledger(made)), threading.Event()
    for tried in rng.sample(every.allowed, min(3, len(every.allowed))):
        for ceiling in (float("-inf"), most_equal(tried.criteria(every.objective)[0])):
            order = Order(ceiling)
            ends = polish(grid, tried.starts, stop, order, together=True), settle(grid, tried.starts, stop, order)
            for end in ends:
                found = every.plans[tuple(sorted(end.items()))]
                one, two = order.key(found.criteria(every.objective))
                # Values of an order of size are off by rounding.
                off = [
                    1e-11 * max(1.0, abs(amount), size)
                    for amount, size in ((one, every.size), (two, abs(two) + every.size * (every.objective == "spend")))
                ]
                if found.broken:
                    return f"{end} breaks {found.broken}"
                for other in neighbours(every, end, said):
                    first, second = order.key(other.criteria(every.objective))
                    if first < one - off[0] or (first <= one and second < two - off[1]):
                        return f"{end} with {(one, two)} is left, and {other.starts} with {(first, second)} is near"
    return None


def of_endless(_: str) -> str | None:
    while True:
        pass
