"""A brute force: every plan of a small problem, written from the definition of a plan and sharing no code with the
program.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from typing import Any

#: The smallest amount of a currency; of any other word it is a hundredth.
COINS = {"JPY": Decimal(1), "KWD": Decimal("0.001")}
RULES = (
    "needs",
    "needs_any",
    "excludes",
    "earliest",
    "latest_finish",
    "start",
    "required",
    "money",
    "money_once",
    "money_per_year",
    "team",
    "max_parallel",
    "appetite",
    "appetite_threat",
)


@dataclass(frozen=True)
class Tried:
    """One plan: what it breaks, and what it is worth."""

    starts: dict[str, int]
    broken: frozenset[str]
    risk: float
    spend: float
    points: float = 0.0

    def criteria(self, objective: str) -> tuple[float, float]:
        return {
            "risk": (self.risk, self.spend),
            "spend": (self.spend, self.risk),
            "net": (self.risk + self.spend, 0.0),
            "worth": (-self.points, self.spend),
        }[objective]


class Brute:
    """All plans of a problem, given as the plain mapping that its JSON is."""

    def __init__(self, problem: Mapping[str, Any]) -> None:
        self.p = problem
        self.steps = {step["id"]: step for step in problem["steps"]}
        self.T = len(problem["periods"])
        self.money = {name: self._money_by_start(step) for name, step in self.steps.items()}

    def plans(self) -> Iterator[Tried]:
        """Every choice of starts inside the horizon, with the kinds of rule that it breaks."""
        names = list(self.steps)
        choices = [[None, *range(self.T - self.steps[name].get("duration", 1) + 1)] for name in names]
        for chosen in itertools.product(*choices):
            starts = {name: start for name, start in zip(names, chosen, strict=True) if start is not None}
            losses = self.losses(starts)
            yield Tried(
                starts,
                frozenset(self._broken(starts, losses)),
                self._risk(starts, losses),
                self._spend(starts),
                self._points(starts),
            )

    def _finish(self, name: str, start: int) -> int:
        duration: int = self.steps[name].get("duration", 1)
        return start + duration - 1

    def _money_by_start(self, step: Mapping[str, Any]) -> dict[int, tuple[list[Decimal], list[Decimal]]]:
        """Investment and running cost in every period, by start."""
        duration, once, per_year = (
            step.get("duration", 1),
            Decimal(repr(step.get("once", 0.0))),
            Decimal(repr(step.get("per_year", 0.0))),
        )
        coin = COINS.get(self.p.get("currency", ""), Decimal("0.01"))
        each = (once / duration).quantize(coin, ROUND_FLOOR)
        found = {}
        for start in range(self.T - duration + 1):
            invest, running = [Decimal(0)] * self.T, [Decimal(0)] * self.T
            for t in range(start, start + duration):
                invest[t] = each
            invest[start + duration - 1] = once - each * (duration - 1)
            for t in range(start + duration, self.T):
                running[t] = per_year * Decimal(repr(self.p["periods"][t]["years"]))
            found[start] = (invest, running)
        return found

    # -- rules -----------------------------------------------------------------------------------------------------

    def _broken(self, starts: dict[str, int], losses: list[dict[str, float]]) -> Iterator[str]:
        for name, step in self.steps.items():
            if name in starts:
                yield from self._step_broken(step, starts)
            elif step.get("required") or step.get("start") is not None:
                yield "required" if step.get("required") else "start"
        if any(a in starts and b in starts for a, b in self.p.get("excludes", [])):
            yield "excludes"
        yield from self._windows_broken(starts)
        limit = self.p.get("max_parallel")
        limits = self.p.get("max_parallel_by_period") or [limit] * self.T
        if limit is not None and any(
            sum(s <= t <= self._finish(n, s) for n, s in starts.items()) > limits[t] for t in range(self.T)
        ):
            yield "max_parallel"
        for cap in self.p.get("appetite", []):
            last = self.T if cap.get("to") is None else cap["to"]
            for t in range(cap["from"], last + 1):
                held = losses[t][cap["threat"]] if cap.get("threat") else sum(losses[t].values())
                if held > cap["expected_loss_per_year"] * (1 + 1e-9):
                    yield "appetite_threat" if cap.get("threat") else "appetite"

    def _step_broken(self, step: Mapping[str, Any], starts: dict[str, int]) -> Iterator[str]:
        name = step["id"]
        if step.get("start") is not None and starts[name] != step["start"]:
            yield "start"
        if starts[name] < step.get("earliest", 0):
            yield "earliest"
        if step.get("latest_finish") is not None and self._finish(name, starts[name]) > step["latest_finish"]:
            yield "latest_finish"
        if not all(self._after(starts, name, need) for need in step.get("needs", [])):
            yield "needs"
        if not all(any(self._after(starts, name, need) for need in group) for group in step.get("needs_any", [])):
            yield "needs_any"

    def _after(self, starts: dict[str, int], name: str, need: Mapping[str, Any]) -> bool:
        other = need["step"]
        return other in starts and starts[name] >= self._finish(other, starts[other]) + need.get("lag", 1)

    def _windows_broken(self, starts: dict[str, int]) -> Iterator[str]:
        for window in self.p.get("windows", []):
            resource, span = window["resource"], range(window["from"], window["to"] + 1)
            used = Decimal(0)
            for name, start in starts.items():
                invest, running = self.money[name][start]
                if resource in ("money", "money_once"):
                    used += sum((invest[t] for t in span), Decimal(0))
                if resource in ("money", "money_per_year"):
                    used += sum((running[t] for t in span), Decimal(0))
                if not resource.startswith("money"):
                    days = Decimal(repr(self.steps[name].get("effort", {}).get(resource, 0.0)))
                    at_work = sum(start <= t <= self._finish(name, start) for t in span)
                    # Durations here are 1, 2 and 4 (or days are multiples of 3), so that a decimal holds the share
                    # exactly.
                    used += days * at_work / self.steps[name].get("duration", 1)
            if used > Decimal(repr(window["limit"])):
                yield resource if resource.startswith("money") else "team"

    # -- figures ---------------------------------------------------------------------------------------------------

    def losses(self, starts: dict[str, int]) -> list[dict[str, float]]:
        lag = self.p.get("effect_lag", 1)
        found = []
        for t in range(self.T + 1):
            now = {}
            for threat in self.p.get("threats", []):
                loss = threat["expected_loss_per_year"]
                for name, factor in threat.get("factors", {}).items():
                    if name in starts and (t == self.T or self._finish(name, starts[name]) + lag <= t):
                        loss *= factor
                now[threat["id"]] = loss
            found.append(now)
        return found

    def _risk(self, starts: dict[str, int], losses: list[dict[str, float]]) -> float:
        periods, tail = self.p["periods"], self.p.get("tail", {"years": 0.0, "discount": 0.0})
        weights = [period["years"] * period["discount"] for period in periods] + [tail["years"] * tail["discount"]]
        total: float = sum(weight * sum(now.values()) for weight, now in zip(weights, losses, strict=True))
        for name, start in starts.items():
            finish = self._finish(name, start)
            first = finish + self.p.get("effect_lag", 1)
            total -= self.steps[name].get("value_once", 0.0) * periods[finish]["discount"]
            total -= self.steps[name].get("value_per_year", 0.0) * (sum(weights[first : self.T]) + weights[self.T])
        return total

    def _points(self, starts: dict[str, int]) -> float:
        """Points of each planned step for every year in place, and for the tail."""
        tail, total = self.p.get("tail", {"years": 0.0, "discount": 0.0}), 0.0
        for name, start in starts.items():
            years = tail["years"] * tail["discount"]
            for period in self.p["periods"][self._finish(name, start) + self.p.get("effect_lag", 1) :]:
                years += period["years"] * period["discount"]
            total += self.steps[name].get("points_per_year", 0.0) * years
        return total

    def _spend(self, starts: dict[str, int]) -> float:
        periods, tail = self.p["periods"], self.p.get("tail", {"years": 0.0, "discount": 0.0})
        total = 0.0
        for name, start in starts.items():
            invest, running = self.money[name][start]
            total += sum(period["discount"] * float(invest[t] + running[t]) for t, period in enumerate(periods))
            total += tail["years"] * tail["discount"] * self.steps[name].get("per_year", 0.0)
        return total


@dataclass(frozen=True)
class Answer:
    """The best value (None: infeasible), the least second criterion among its equals, and the rules without which
    the answer differs.
    """

    best: tuple[float, float] | None
    decided_by: frozenset[str]


def near(a: float, b: float) -> bool:
    return abs(a - b) <= 1e-9 * max(1.0, abs(a), abs(b))


def answer(problem: Mapping[str, Any]) -> Answer:
    """Solve by trying everything, and find which rules decide."""
    plans = list(Brute(problem).plans())
    objective = problem.get("objective", "risk")

    def best(dropped: str | None) -> tuple[float, float] | None:
        allowed = [plan.criteria(objective) for plan in plans if plan.broken <= {dropped}]
        if not allowed:
            return None
        first = min(value for value, _ in allowed)
        return first, min(second for value, second in allowed if near(value, first))

    held = best(None)
    used = {rule for plan in plans for rule in plan.broken}

    def differs(rule: str) -> bool:
        other = best(rule)
        return (other is None) != (held is None) or (
            other is not None and held is not None and not near(other[0], held[0])
        )

    return Answer(held, frozenset(rule for rule in used if differs(rule)))
