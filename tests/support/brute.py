"""A brute force: every plan of a small problem, written from the definition of a plan and sharing no code with the
program.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal
from statistics import NormalDist
from typing import Any

from tests.support.exceeding import broken

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
#: Rules about achievements, and about insurance; drawn in families of their own.
ACHIEVED = ("needs_achievements", "achievements")
INSURED = ("policies", "policy_needs")


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
        self.offers = {policy["id"]: policy for policy in problem.get("policies", [])}
        self.years: list[Mapping[str, Any]] = problem.get("policy_years", [])
        self._known: dict[tuple[str, str, float], float] = {}

    def plans(self) -> Iterator[Tried]:
        """Every choice of starts inside the horizon, and of a policy for each policy year, with the kinds of rule that
        it breaks.
        """
        names = list(self.steps)
        choices = [[None, *range(self.T - self.steps[name].get("duration", 1) + 1)] for name in names]
        insured = itertools.product([None, *self.offers], repeat=len(self.years))
        for chosen, policies in itertools.product(itertools.product(*choices), list(insured)):
            starts = {name: start for name, start in zip(names, chosen, strict=True) if start is not None}
            years = enumerate(zip(policies, self.years, strict=True))
            starts |= {f"{policy}@{y}": year["from"] for y, (policy, year) in years if policy is not None}
            losses = self.losses(starts)
            yield Tried(
                starts,
                frozenset(self._broken(starts, losses)),
                self._risk(starts, losses),
                self._spend(starts),
                self._points(starts),
            )

    def _in_force(self, starts: dict[str, int]) -> list[tuple[Mapping[str, Any], Mapping[str, Any], Decimal]]:
        """Policies with their years and premiums."""
        found = []
        for name in starts:
            policy, at, y = name.partition("@")
            if at:
                premium = self.offers[policy]["premiums"][int(y)]
                found.append((self.offers[policy], self.years[int(y)], Decimal(repr(premium or 0.0))))
        return found

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
            if step.get("spread"):
                parts = [(once * Decimal(repr(share))).quantize(coin, ROUND_FLOOR) for share in step["spread"]]
                # What is left over is paid last, where anything is paid.
                parts[max(k for k, share in enumerate(step["spread"]) if share)] += once - sum(parts)
                invest[start : start + duration] = parts
            for t in range(start + duration, self.T):
                running[t] = per_year * Decimal(repr(self.p["periods"][t]["years"]))
                if self._renewed(step, start, t):
                    running[t] += Decimal(repr(step["renew"].get("once", 0.0)))
            found[start] = (invest, running)
        return found

    def _renewed(self, step: Mapping[str, Any], start: int, t: int) -> bool:
        """Whether what comes again after a step does so in a period."""
        last = start + step.get("duration", 1) - 1
        return bool(step.get("renew")) and t > last and (t - last) % step["renew"]["every"] == 0

    # -- rules -----------------------------------------------------------------------------------------------------

    def _broken(self, starts: dict[str, int], losses: list[dict[str, float]]) -> Iterator[str]:
        for name, step in self.steps.items():
            if name in starts:
                yield from self._step_broken(step, starts)
            elif step.get("required") or step.get("start") is not None:
                yield "required" if step.get("required") else "start"
        if any(a in starts and b in starts for a, b in self.p.get("excludes", [])):
            yield "excludes"
        for item in self.p.get("achievements", []):
            if item.get("by") is not None and not self._achieved(item["id"], starts, item["by"]):
                yield "achievements"
        yield from self._windows_broken(starts)
        yield from self._insurance_broken(starts)
        limit = self.p.get("max_parallel")
        limits = self.p.get("max_parallel_by_period") or [limit] * self.T
        if limit is not None and any(
            sum(s <= t <= self._finish(n, s) for n, s in starts.items() if n in self.steps) > limits[t]
            for t in range(self.T)
        ):
            yield "max_parallel"
        for cap in self.p.get("appetite", []):
            last = self.T if cap.get("to") is None else cap["to"]
            for t in range(cap["from"], last + 1):
                held = losses[t][cap["threat"]] if cap.get("threat") else sum(losses[t].values())
                if held > cap["expected_loss_per_year"] * (1 + 1e-9):
                    yield "appetite_threat" if cap.get("threat") else "appetite"
        if self.p.get("exceedance"):
            lag = self.p.get("effect_lag", 1)
            steps = {name: s for name, s in starts.items() if name in self.steps}
            in_place = {name: min(self._finish(name, s) + lag, self.T) for name, s in steps.items()}
            yield from broken(self.p, in_place, [(policy["id"], year) for policy, year, _ in self._in_force(starts)])

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

        for need in step.get("needs_achievements", []):
            t = starts[name] - need.get("lag", 1)
            if t < 0 or not self._achieved(need["achievement"], starts, t):
                yield "needs_achievements"

    def _achieved(self, name: str, starts: dict[str, int], t: int) -> bool:
        """Whether a step is finished, or an achievement holds, in a period: by its definition, from the top down."""
        if name in self.steps:
            return name in starts and self._finish(name, starts[name]) <= t
        item = next(item for item in self.p["achievements"] if item["id"] == name)
        if not all(self._achieved(other, starts, t) for other in item.get("all", [])):
            return False
        if not all(any(self._achieved(other, starts, t) for other in group) for group in item.get("any", [])):
            return False
        score = item.get("score")
        if not score:
            return True
        amounts = [Decimal(repr(amount)) for other, amount in score["of"].items() if self._achieved(other, starts, t)]
        return sum(amounts, Decimal(0)) >= Decimal(repr(score["at_least"]))

    def _after(self, starts: dict[str, int], name: str, need: Mapping[str, Any]) -> bool:
        other = need["step"]
        return other in starts and starts[name] >= self._finish(other, starts[other]) + need.get("lag", 1)

    def _insurance_broken(self, starts: dict[str, int]) -> Iterator[str]:
        for y, year in enumerate(self.years):
            held = [name.partition("@")[0] for name in starts if name.endswith(f"@{y}")]
            fact = [year["policy"]] if year.get("policy") else []
            if year.get("decided"):
                if held != fact:
                    yield "policies"
                # After the horizon it is renewed, for a year before which its steps are finished.
                needs = self.offers[fact[0]].get("needs", []) if fact and year["to"] == self.T else []
                if any(need not in starts for need in needs):
                    yield "policy_needs"
                continue
            if len(held) > 1 or any(self.offers[name]["premiums"][y] is None for name in held):
                yield "policies"
            for need in (need for name in held for need in self.offers[name].get("needs", [])):
                if need not in starts or self._finish(need, starts[need]) > year["from"] - 1:
                    yield "policy_needs"

    def _windows_broken(self, starts: dict[str, int]) -> Iterator[str]:
        for window in self.p.get("windows", []):
            resource, span = window["resource"], range(window["from"], window["to"] + 1)
            used = Decimal(0)
            if resource in ("money", "money_per_year"):
                used += sum(
                    (premium for _, year, premium in self._in_force(starts) if year["from"] in span), Decimal(0)
                )
            for name, start in starts.items():
                if name not in self.steps:
                    continue
                invest, running = self.money[name][start]
                if resource in ("money", "money_once"):
                    used += sum((invest[t] for t in span), Decimal(0))
                if resource in ("money", "money_per_year"):
                    used += sum((running[t] for t in span), Decimal(0))
                if resource == "money_afterwards" and self._finish(name, start) in span:
                    used += self._a_year(self.steps[name])
                if not resource.startswith("money"):
                    used += self._days(self.steps[name], start, resource, span)
            if used > Decimal(repr(window["limit"])):
                yield resource if resource.startswith("money") else "team"

    def _a_year(self, step: Mapping[str, Any]) -> Decimal:
        """What it goes on costing a year after the horizon."""
        again = step.get("renew") or {"a_year": 0.0}
        return Decimal(repr(step.get("per_year", 0.0))) + Decimal(repr(again.get("once", 0.0))) * Decimal(
            repr(again["a_year"])
        )

    def _days(self, step: Mapping[str, Any], start: int, team: str, span: range) -> Decimal:
        """Person-days of a team in some periods: of the work, of running it, and of what comes again."""
        duration = step.get("duration", 1)
        at_work = sum(start <= t < start + duration for t in span)
        # Durations here are 1, 2 and 4 (or days are multiples of 3), so that a decimal holds the share exactly.
        used: Decimal = Decimal(repr(step.get("effort", {}).get(team, 0.0))) * at_work / duration
        a_year = Decimal(repr(step.get("effort_per_year", {}).get(team, 0.0)))
        for t in span:
            if t >= start + duration:
                used += a_year * Decimal(repr(self.p["periods"][t]["years"]))
            if self._renewed(step, start, t):
                used += Decimal(repr(step["renew"].get("effort", {}).get(team, 0.0)))
        return used

    # -- figures ---------------------------------------------------------------------------------------------------

    def losses(self, starts: dict[str, int]) -> list[dict[str, float]]:
        lag = self.p.get("effect_lag", 1)
        found, insured = [], self._in_force(starts)
        for t in range(self.T + 1):
            now = {}
            for threat in self.p.get("threats", []):
                loss = threat["expected_loss_per_year"]
                for name, factor in threat.get("factors", {}).items():
                    if name in starts and (t == self.T or self._finish(name, starts[name]) + lag <= t):
                        loss *= factor
                held = [policy for policy, year, _ in insured if year["from"] <= t <= year["to"]]
                for policy in held:
                    if threat["id"] in policy["terms"]:
                        loss *= self._ours(policy["id"], threat, self._cheaper(threat, starts, t))
                now[threat["id"]] = loss
            found.append(now)
        return found

    def _cheaper(self, threat: Mapping[str, Any], starts: dict[str, int], t: int) -> float:
        """What steps in place leave of what an event costs."""
        lag, part = self.p.get("effect_lag", 1), 1.0
        for name in threat.get("cheaper", []):
            if name in starts and (t == self.T or self._finish(name, starts[name]) + lag <= t):
                part *= threat["factors"][name]
        return part

    def _ours(self, policy: str, threat: Mapping[str, Any], part: float) -> float:
        """What remains of a lognormal loss, each event of which costs a part of what it did: what is above the
        retention, up to the limit, is paid in part.
        """
        key = (policy, threat["id"], part)
        if key not in self._known:
            self._known[key] = _left(threat["events"], self.offers[policy]["terms"][threat["id"]], part)
        return self._known[key]

    def _risk(self, starts: dict[str, int], losses: list[dict[str, float]]) -> float:
        periods, tail = self.p["periods"], self.p.get("tail", {"years": 0.0, "discount": 0.0})
        weights = [period["years"] * period["discount"] for period in periods] + [tail["years"] * tail["discount"]]
        total: float = sum(weight * sum(now.values()) for weight, now in zip(weights, losses, strict=True))
        for name, start in starts.items():
            if name not in self.steps:
                continue
            finish = self._finish(name, start)
            first = finish + self.p.get("effect_lag", 1)
            total -= self.steps[name].get("value_once", 0.0) * periods[finish]["discount"]
            total -= self.steps[name].get("value_per_year", 0.0) * (sum(weights[first : self.T]) + weights[self.T])
        return total

    def _points(self, starts: dict[str, int]) -> float:
        """Points of each planned step for every year in place, and for the tail."""
        tail, total = self.p.get("tail", {"years": 0.0, "discount": 0.0}), 0.0
        for name, start in starts.items():
            if name not in self.steps:
                continue
            years = tail["years"] * tail["discount"]
            for period in self.p["periods"][self._finish(name, start) + self.p.get("effect_lag", 1) :]:
                years += period["years"] * period["discount"]
            total += self.steps[name].get("points_per_year", 0.0) * years
        for item in self.p.get("achievements", []):
            for t, period in enumerate(self.p["periods"]):
                if self._achieved(item["id"], starts, t):
                    total += item.get("points_per_year", 0.0) * period["years"] * period["discount"]
            if self._achieved(item["id"], starts, self.T - 1):
                total += item.get("points_per_year", 0.0) * tail["years"] * tail["discount"]
        return total

    def _spend(self, starts: dict[str, int]) -> float:
        periods, tail = self.p["periods"], self.p.get("tail", {"years": 0.0, "discount": 0.0})
        total = 0.0
        for _, year, premium in self._in_force(starts):
            total += float(premium) * periods[year["from"]]["discount"]
            total += float(premium) * tail["years"] * tail["discount"] if year["to"] == self.T else 0.0
        for name, start in starts.items():
            if name not in self.steps:
                continue
            invest, running = self.money[name][start]
            total += sum(period["discount"] * float(invest[t] + running[t]) for t, period in enumerate(periods))
            total += tail["years"] * tail["discount"] * float(self._a_year(self.steps[name]))
        return total


def _left(events: Mapping[str, Any], terms: Mapping[str, Any], part: float) -> float:
    m, s, normal = float(events["median"]) * part, float(events["sigma"]), NormalDist()

    def counted(u: float) -> float:
        """E[min(X, u)]: u where X is above it, and the partial expectation below."""
        if u <= 0:
            return 0.0
        z = math.log(u / m) / s
        return u * normal.cdf(-z) + m * math.exp(s * s / 2) * normal.cdf(z - s)

    r = terms.get("retention", 0.0)
    paid = float(terms.get("share", 1.0)) * (counted(r + terms["limit"]) - counted(r))
    return 1 - paid / (m * math.exp(s * s / 2))


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
