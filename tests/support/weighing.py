"""All plans of a small question, each with the demands that it breaks and what each kind of remedy would have to give
for it.

Written from the definitions, on the plain JSON of a problem; demands are taken as records of what they say, and nothing
of the program is used.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

MONEY = ("money", "money_once", "money_per_year")
NEVER = math.inf


class Plan:
    """One choice of starts, with what it uses and leaves."""

    def __init__(
        self,
        starts: dict[str, int],
        finish: dict[str, int],
        used: dict[str, list[Fraction]],
        losses: dict[str, list[float]],
        busy: list[int],
        since: dict[str, float],
    ) -> None:
        self.starts, self.finish, self.used, self.losses, self.busy = starts, finish, used, losses, busy
        self.since = since

    def loss(self, threat: str | None, t: int) -> float:
        return math.fsum(values[t] for values in self.losses.values()) if threat is None else self.losses[threat][t]


class Weighing:
    """Every plan of a problem that obeys how things are: the horizon and the needs."""

    def __init__(self, said: Mapping[str, Any]) -> None:
        self.p, self.steps = said, {step["id"]: step for step in said["steps"]}
        self.achievements = {item["id"]: item for item in said.get("achievements", [])}
        self.T = len(said["periods"])
        self.resources = sorted({*MONEY, *(window["resource"] for window in said["windows"])})
        self._uses = {
            (name, start): self._use(step, start)
            for name, step in self.steps.items()
            for start in range(self.T - step["duration"] + 1)
        }
        self.plans = list(self._all())

    def _use(self, step: Mapping[str, Any], start: int) -> dict[str, list[Fraction]]:
        found = {resource: [Fraction(0)] * self.T for resource in self.resources}
        last = start + step["duration"] - 1
        cents = round(step["once"] * 100)
        for t in range(start, self.T):
            if t <= last:
                once = Fraction(
                    (
                        cents - cents // step["duration"] * (step["duration"] - 1)
                        if t == last
                        else cents // step["duration"]
                    ),
                    100,
                )
                running = Fraction(0)
            else:
                once, running = (
                    Fraction(0),
                    Fraction(repr(step["per_year"])) * Fraction(repr(self.p["periods"][t]["years"])),
                )
            found["money"][t], found["money_once"][t], found["money_per_year"][t] = once + running, once, running
            for team in self.resources:
                if team not in MONEY and t <= last:
                    found[team][t] = Fraction(repr(step["effort"].get(team, 0.0))) / step["duration"]
        return found

    def _all(self) -> Any:
        names = list(self.steps)
        choices = [[None, *range(self.T - self.steps[name]["duration"] + 1)] for name in names]
        for chosen in itertools.product(*choices):
            starts = {name: start for name, start in zip(names, chosen, strict=True) if start is not None}
            finish = {name: start + self.steps[name]["duration"] - 1 for name, start in starts.items()}
            if all(self._in_order(self.steps[name], starts, finish) for name in starts):
                yield self._weighed(starts, finish)

    def _in_order(self, step: Mapping[str, Any], starts: dict[str, int], finish: dict[str, int]) -> bool:
        def first(need: Mapping[str, Any]) -> bool:
            return need["step"] in finish and starts[step["id"]] >= finish[need["step"]] + need["lag"]

        def held(need: Mapping[str, Any]) -> bool:
            return self._since(need["achievement"], finish) + int(need["lag"]) <= starts[step["id"]]

        return (
            all(map(first, step["needs"]))
            and all(any(map(first, group)) for group in step["needs_any"])
            and all(map(held, step.get("needs_achievements", [])))
        )

    def _since(self, name: str, finish: Mapping[str, int]) -> float:
        """From which period an achievement holds, by the first one in which all that it takes is there."""
        return next((t for t in range(self.T) if self._holds(name, finish, t)), NEVER)

    def _holds(self, name: str, finish: Mapping[str, int], t: int) -> bool:
        if name in self.steps:
            return finish.get(name, NEVER) <= t
        item = self.achievements[name]
        score = item["score"] or {"of": {}, "at_least": 0}
        reached = [Fraction(repr(count)) for one, count in score["of"].items() if self._holds(one, finish, t)]
        return (
            all(self._holds(one, finish, t) for one in item["all"])
            and all(any(self._holds(one, finish, t) for one in group) for group in item["any"])
            and sum(reached, Fraction(0)) >= Fraction(repr(score["at_least"]))
        )

    def _weighed(self, starts: dict[str, int], finish: dict[str, int]) -> Plan:
        used = {
            resource: [
                sum((self._uses[item][resource][t] for item in starts.items()), Fraction(0)) for t in range(self.T)
            ]
            for resource in self.resources
        }
        losses = {}
        for threat in self.p["threats"]:
            losses[threat["id"]] = [
                threat["expected_loss_per_year"]
                * math.prod(
                    f
                    for name, f in threat["factors"].items()
                    if name in finish and (t == self.T or finish[name] + self.p["effect_lag"] <= t)
                )
                for t in range(self.T + 1)
            ]
        busy = [sum(start <= t <= finish[name] for name, start in starts.items()) for t in range(self.T)]
        since = {name: self._since(name, finish) for name in self.achievements}
        return Plan(starts, finish, used, losses, busy, since)

    # -- what is broken --------------------------------------------------------------------------------------------

    def over(self, plan: Plan, window: Mapping[str, Any]) -> Fraction:
        return sum(plan.used[window["resource"]][window["from"] : window["to"] + 1], Fraction(0)) - Fraction(
            repr(window["limit"])
        )

    def times(self, cap: Mapping[str, Any]) -> range:
        return range(cap["from"], (self.T if cap["to"] is None else cap["to"]) + 1)

    def above(self, plan: Plan, cap: Mapping[str, Any], t: int) -> bool:
        most: float = cap["expected_loss_per_year"]
        return plan.loss(cap["threat"], t) > most * (1 + 1e-9)

    def breaks(self, plan: Plan, demand: Any, loose: Collection[str], held: Collection[str]) -> bool:
        """Whether a plan breaks what a demand says, but for what is loose; ``held``: steps that cannot be given up."""
        kind = demand.kind
        if kind in ("budget", "team"):
            return {"budget": "money", "team": "people"}[kind] not in loose and any(
                self.over(plan, self.p["windows"][k]) > 0 for k in demand.windows
            )
        if kind == "parallel":
            return "parallel" not in loose and self._at_once(plan) > self.p["max_parallel"]
        if kind == "appetite":
            caps = [self.p["appetite"][k] for k in demand.appetite]
            return not {"cap", "from"} & set(loose) and any(
                self.above(plan, cap, t) for cap in caps for t in self.times(cap)
            )
        if kind == "excludes":
            return "pin" not in loose and any(set(self.p["excludes"][k]) <= plan.starts.keys() for k in demand.excludes)
        return any(self._date(plan, name, fields, loose, held) for name, fields in demand.steps.items()) or (
            "fewer" not in loose
            and any(
                plan.since[name] > (self.T - 1 if "later" in loose else by) for name, by in demand.achievements.items()
            )
        )

    def _date(
        self, plan: Plan, name: str, fields: Mapping[str, Any], loose: Collection[str], held: Collection[str]
    ) -> bool:
        start = plan.starts.get(name)
        if fields.get("required") and start is None and ("fewer" not in loose or name in held):
            return True
        if fields.get("start") is not None and start != fields["start"] and "pin" not in loose:
            return True
        if start is None:
            return False
        if fields.get("earliest") and start < fields["earliest"] and "pin" not in loose:
            return True
        return (
            fields.get("latest_finish") is not None
            and plan.finish[name] > fields["latest_finish"]
            and "later" not in loose
        )

    # -- what would have to be given -------------------------------------------------------------------------------

    def amount(self, plan: Plan, quantity: str, demands: Sequence[Any], loose: Collection[str]) -> float:
        """In currency, person-days, steps or periods; infinite where no amount will do for this plan."""
        amounts: dict[str, Callable[[], float]] = {
            "plan": lambda: 0.0,
            "money": lambda: self._dearest(plan, [w for w in self.p["windows"] if w["resource"] in MONEY]),
            "people": lambda: sum(
                self._dearest(plan, [self.p["windows"][k] for k in d.windows]) for d in demands if d.kind == "team"
            ),
            "parallel": lambda: float(self._at_once(plan) - self.p["max_parallel"]),
            "later": lambda: float(sum(self._late(plan, demand) for demand in demands)),
            "fewer": lambda: float(len(self._dropped(plan, demands, loose))),
            "cap": lambda: sum(self._excess(plan, cap) for cap in self.p["appetite"]) / 100,
            "from": lambda: sum(self._delay(plan, cap) for cap in self.p["appetite"]),
            "pin": lambda: float(self._pins(plan, demands)[0]),
            "moved": lambda: float(self._pins(plan, demands)[1]),
        }
        return amounts[quantity]()

    def _dearest(self, plan: Plan, windows: Sequence[Mapping[str, Any]]) -> float:
        """The set of limits that share no period and lack most together, each in whole hundredths: by duality the
        least that must be given.
        """
        upto = [0] * (self.T + 1)
        for t in range(self.T):
            lacks = [upto[w["from"]] + max(0, math.ceil(self.over(plan, w) * 100)) for w in windows if w["to"] == t]
            upto[t + 1] = max([upto[t], *lacks])
        return upto[-1] / 100

    def _late(self, plan: Plan, demand: Any) -> int:
        ends: list[tuple[int, int]] = [
            (plan.finish[name], fields["latest_finish"])
            for name, fields in demand.steps.items()
            if name in plan.finish and "latest_finish" in fields
        ]
        times = [(plan.since[name], by) for name, by in demand.achievements.items()]
        ends += [(int(time), by) for time, by in times if time < self.T]
        return max([0, *(end - due for end, due in ends)])

    def _at_once(self, plan: Plan) -> int:
        """How many steps at once a plan needs: as many as are in work where that is more than is allowed there."""
        least = int(self.p["max_parallel"])
        allowed = self.p.get("max_parallel_by_period") or [least] * len(plan.busy)
        return max([least, *(busy for busy, most in zip(plan.busy, allowed, strict=True) if busy > most)])

    def _dropped(self, plan: Plan, demands: Sequence[Any], loose: Collection[str]) -> set[str | tuple[int, str]]:
        """The steps that a plan gives up, and the achievements, demand by demand."""
        pinned = {name for d in demands for name, fields in d.steps.items() if fields.get("start") is not None}
        free = set() if "pin" in loose else pinned
        dropped: set[str | tuple[int, str]] = {
            name
            for d in demands
            for name, fields in d.steps.items()
            if fields.get("required") and name not in plan.starts and name not in free
        }
        return dropped | {
            (k, name)
            for k, d in enumerate(demands)
            for name, by in d.achievements.items()
            if plan.since[name] > (self.T - 1 if "later" in loose else by)
        }

    def _excess(self, plan: Plan, cap: Mapping[str, Any]) -> int:
        """Cents a year by which a cap must be raised to the next whole cent that the plan keeps."""
        worst = max(plan.loss(cap["threat"], t) for t in self.times(cap))
        if not self.above(plan, cap, cap["from"]):
            return 0
        return math.ceil(worst / (1 + 1e-9) * 100) - math.floor(Fraction(repr(cap["expected_loss_per_year"])) * 100)

    def _delay(self, plan: Plan, cap: Mapping[str, Any]) -> float:
        return next(
            (
                t - cap["from"]
                for t in self.times(cap)
                if not any(self.above(plan, cap, u) for u in self.times(cap) if u >= t)
            ),
            NEVER,
        )

    def _pins(self, plan: Plan, demands: Sequence[Any]) -> tuple[int, int]:
        count = moved = 0
        for demand in demands:
            for k in demand.excludes:
                count += set(self.p["excludes"][k]) <= plan.starts.keys()
            for name, fields in demand.steps.items():
                start, pin, earliest = plan.starts.get(name), fields.get("start"), fields.get("earliest") or 0
                if pin is not None and start != pin:
                    count, moved = count + 1, moved + (self.T if start is None else abs(start - pin))
                if start is not None and start < earliest:
                    count, moved = count + 1, moved + min(earliest, self.T) - start
        return count, moved

    # -- claims ----------------------------------------------------------------------------------------------------

    def least(self, claim: Any) -> float:
        """The least of a claim's quantity over the plans that it means; infinite where there is none."""
        pinned = {name for d in claim.demands for name, fields in d.steps.items() if fields.get("start") is not None}
        held = set() if "pin" in claim.loose else pinned
        best = NEVER
        for plan in self.plans:
            if any(self.breaks(plan, demand, claim.loose, held) for demand in claim.demands):
                continue
            if "from" in claim.loose and math.isinf(self.amount(plan, "from", claim.demands, claim.loose)):
                continue
            if any(
                self.amount(plan, quantity, claim.demands, claim.loose) > most + 1e-9 for quantity, most in claim.within
            ):
                continue
            best = min(best, self.amount(plan, claim.quantity, claim.demands, claim.loose))
        return best


@cache
def _weighed(text: str) -> Weighing:
    import json

    return Weighing(json.loads(text))


def weighing(text: str) -> Weighing:
    """Of a problem's JSON with every default written out."""
    return _weighed(text)
