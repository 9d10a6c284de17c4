"""Prices, reasons, frontiers and repairs of small random problems, each against trying everything."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from brute import Brute, Tried
from problems import problem

from stepladder.analysis import variants
from stepladder.analysis.curves import own_money
from stepladder.analysis.frontier import frontier, limited
from stepladder.analysis.nudge import nudge
from stepladder.analysis.price import Price
from stepladder.analysis.repair import mended, repair
from stepladder.analysis.why import why, why_not
from stepladder.data.demand import Demand, demands_of, later, without
from stepladder.data.problem import MONEY, Problem
from stepladder.optimise import Options, Outcome, optimise
from stepladder.optimise.elastic import Given, extra_money, fewest_dropped
from stepladder.solution import make_plan
from stepladder.solution.verify import broken_rules

EXACT = Options(gap=0.0)
SEEDS = range(200)
CHUNK = 25
CHUNKS = pytest.mark.parametrize("first", SEEDS[::CHUNK])


def record(said: dict[str, Any]) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


def plain(made: Problem) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(made.model_dump_json(by_alias=True))
    return said


@cache
def tried(seed: int) -> tuple[Tried, ...]:
    return tuple(Brute(problem(seed)).plans())


@cache
def answered(seed: int) -> Outcome:
    return optimise(record(problem(seed)), EXACT)


def best(seed: int, chosen: Callable[[Tried], bool] = lambda _: True) -> float:
    """The least first criterion of the plans that break no rule and are chosen; infinite where there is none."""
    objective = problem(seed)["objective"]
    return min((plan.criteria(objective)[0] for plan in tried(seed) if not plan.broken and chosen(plan)), default=math.inf)


def later_than(name: str, period: int, absent: float = math.inf) -> Callable[[Tried], bool]:
    """Plans in which a step starts after a period; ``absent``: when it is taken to start where it is not planned."""
    return lambda plan: plan.starts.get(name, absent) > period


def earlier_than(name: str, period: int) -> Callable[[Tried], bool]:
    return lambda plan: plan.starts.get(name, math.inf) < period


def holds(name: str, *, planned: bool) -> Callable[[Tried], bool]:
    return lambda plan: (name in plan.starts) == planned


def begins_unlike(period: int, steps: set[str]) -> Callable[[Tried], bool]:
    return lambda plan: {name for name, start in plan.starts.items() if start <= period} != steps


def optimum(said: dict[str, Any]) -> float:
    return min((plan.criteria(said["objective"])[0] for plan in Brute(said).plans() if not plan.broken), default=math.inf)


def equals(price: Price, other: float, optimal: float) -> bool:
    """Whether a price is the difference, as one figure, or says that there is none."""
    if math.isinf(other):
        return price.impossible
    slip = 1e-6 * max(1.0, abs(optimal), abs(other))
    return price.low - slip <= other - optimal <= price.high + slip and price.high - price.low <= 2 * slip


@CHUNKS
def test_the_price_of_waiting_and_the_best_other_ways_to_begin(first: int) -> None:
    for seed in range(first, first + CHUNK):
        found = answered(seed)
        if found.value is None or not found.starts:
            continue
        plan = make_plan(record(problem(seed)), found)
        held, optimal, period = nudge(plan, found, EXACT), best(seed), min(found.starts.values())
        for name, price in held.waiting.items():
            assert equals(price, best(seed, later_than(name, period)), optimal), (seed, name)
        default = {name for name, start in found.starts.items() if start == period}
        other = best(seed, begins_unlike(period, default))
        if math.isinf(other):
            assert held.alternatives == (), seed
        else:
            assert equals(held.alternatives[0].price, other, optimal), seed
            assert set(held.alternatives[0].steps) != default, seed


@CHUNKS
def test_why_and_why_not(first: int) -> None:
    for seed in range(first, first + CHUNK):
        found = answered(seed)
        if found.value is None:
            continue
        plan, optimal = make_plan(record(problem(seed)), found), best(seed)
        for step in plan.problem.steps:
            name = step.id
            if name not in found.starts:
                (other,) = why_not(plan, name, found, EXACT).others
                assert equals(other.price, best(seed, holds(name, planned=True)), optimal), (seed, name)
                continue
            start = found.starts[name]
            expected = {
                "earlier": best(seed, earlier_than(name, start)),
                "later": best(seed, later_than(name, start, absent=-1)),
                "never": best(seed, holds(name, planned=False)),
            }
            others = why(plan, name, found, EXACT).others
            assert {other.choice for other in others} == set(expected) - ({"earlier"} if start == 0 else set())
            for other in others:
                assert equals(other.price, expected[other.choice], optimal), (seed, name, other.choice)


@pytest.mark.parametrize("first", range(0, 200, 25))
def test_points_of_the_frontier(first: int) -> None:
    seen = 0
    for seed in range(first, first + 25):
        made = record(problem(seed))
        own = own_money(made)
        everything = sum(step.once + step.per_year * 5 for step in made.steps)
        amounts = [round(part * (own or everything), 2) for part in (0.3, 0.7, 1.0, 1.4)]
        held = frontier(made, None, amounts, [None], EXACT)
        values = []
        for point in held.curves[0].points:
            expected = optimum(plain(limited(made.model_copy(update={"objective": "risk"}), own, point.money)))
            if math.isinf(expected):
                assert point.plan is None, (seed, point.money)
                assert point.infeasible, (seed, point.money)
                continue
            seen += 1
            assert point.plan is not None
            assert point.plan.objective.value == pytest.approx(expected, rel=1e-6, abs=1e-3), (seed, point.money)
            assert point.plan.objective.bound <= expected + 1e-9 * max(1.0, abs(expected)), (seed, point.money)
            values.append(point.plan.objective.value)
        assert values == sorted(values, reverse=True), seed
        _affordable(made, own, amounts, held.affordable, out_of_reach=held.out_of_reach)
    assert seen >= 40


def _affordable(made: Problem, own: float | None, amounts: list[float], found: float | None, *, out_of_reach: bool) -> None:
    everything = variants.planned(made, [step.id for step in made.steps])
    possible = [amount for amount in amounts if not math.isinf(optimum(plain(limited(everything, own, amount))))]
    assert found == (possible[0] if possible else None)
    assert not (out_of_reach and possible)


# -- repair --------------------------------------------------------------------------------------------------------


def impossible(seed: int) -> Problem | None:
    """The seed's problem with more asked than can be done, or None where all of it can."""
    made = record(problem(seed))
    names = [step.id for step in made.steps]
    for count in range(len(names) + 1):
        asked = variants.planned(made, names[:count])
        if math.isinf(optimum(plain(asked))):
            return asked
    short = variants.with_money(variants.planned(made, names), 0.5)
    return short if math.isinf(optimum(plain(short))) else None


def least_money(made: Problem) -> float:
    """Over all plans that break nothing but limits on money: the dearest set of limits that share no period, each with what it lacks."""
    said, least = plain(made), math.inf
    brute = Brute(said)
    for plan in brute.plans():
        if plan.broken <= set(MONEY):
            lacking = [(w["from"], w["to"], _lacks(brute, plan, w)) for w in said["windows"] if w["resource"] in MONEY]
            upto = [0.0] * (len(said["periods"]) + 1)
            for t in range(len(said["periods"])):
                upto[t + 1] = max([upto[t], *(upto[begin] + missing for begin, end, missing in lacking if end == t)])
            least = min(least, upto[-1])
    return least


def _lacks(brute: Brute, plan: Tried, window: dict[str, Any]) -> float:
    used = 0.0
    for name, start in plan.starts.items():
        invest, running = brute.money[name][start]
        for t in range(window["from"], window["to"] + 1):
            used += float(invest[t]) * (window["resource"] != "money_per_year") + float(running[t]) * (window["resource"] != "money_once")
    return max(0.0, used - window["limit"])


def fewest(made: Problem) -> float:
    """Over all plans that break nothing but what is required, pins aside: how many required steps they lack at least."""
    names = [step.id for step in made.steps if step.required and step.start is None]
    counts = [
        sum(name not in plan.starts for name in names) for plan in Brute(plain(made)).plans() if plan.broken <= {"required"} and not _pin_broken(made, plan)
    ]
    return min(counts, default=math.inf)


def _pin_broken(made: Problem, plan: Tried) -> bool:
    return any(step.start is not None and step.id not in plan.starts for step in made.steps)


def agrees(found: Given, expected: float, slip: float) -> bool:
    if math.isinf(expected):
        return found.infeasible
    return found.exact and abs(found.amount - expected) <= slip


@CHUNKS
def test_what_clashes_and_the_cheapest_way_out(first: int) -> None:
    seen = 0
    for seed in range(first, first + CHUNK):
        made = impossible(seed)
        if made is None:
            continue
        seen += 1
        asked = demands_of(made)
        found = repair(made, asked, EXACT)
        assert found.clash, seed
        assert found.irreducible, seed

        def left(kept: list[Demand], made: Problem = made, asked: list[Demand] = asked) -> float:
            return optimum(plain(without(made, asked, [demand for demand in asked if demand not in kept])))

        clash = list(found.clash)
        assert math.isinf(left(clash)), seed
        for demand in clash:
            assert not math.isinf(left([other for other in clash if other is not demand])), (seed, demand.name)
        cents = 0.01 * (len(made.periods) + 1)
        if found.money is not None:
            assert agrees(found.money, least_money(made), cents), seed
        assert found.fewer is None or agrees(found.fewer, fewest(made), 0), seed
        for way in ("money", "fewer"):
            after = mended(made, asked, found, way)
            if after is not None:
                assert not math.isinf(optimum(plain(after))), (seed, way)
    assert seen >= 10


def test_more_money_is_exactly_enough() -> None:
    for seed in range(60):
        made = impossible(seed)
        if made is None or not any(window.resource in MONEY for window in made.windows):
            continue
        found = extra_money(made, EXACT)
        if found.infeasible:
            continue
        richer = mended(made, [], repair(made, demands_of(made), EXACT), "money")
        assert richer is not None
        assert broken_rules(richer, found.starts) == [], seed


def test_nothing_is_given_up_where_there_is_a_plan() -> None:
    for seed in range(30):
        made = record(problem(seed))
        if answered(seed).value is not None:
            assert repair(made, demands_of(made), EXACT).possible
            assert extra_money(made, EXACT).amount == 0
            assert fewest_dropped(made, EXACT).amount == 0


def test_a_later_milestone() -> None:
    """A milestone over two steps that need each other, one too early: by hand, the first period by whose end both are done."""
    said = {
        "format": "stepladder-problem/1",
        "periods": [{"label": f"P{t}", "years": 0.25, "discount": 1.0} for t in range(6)],
        "steps": [
            {"id": "a", "once": 100.0, "duration": 2, "required": True, "latest_finish": 1},
            {"id": "b", "once": 100.0, "duration": 2, "required": True, "latest_finish": 1, "needs": [{"step": "a"}]},
        ],
    }
    made = record(said)
    fields = {"required": True, "latest_finish": 1}
    asked = [Demand("milestone", "both", "here:1:1", {"a": fields, "b": fields})]
    found = repair(made, asked, EXACT)
    assert [demand.name for demand in found.clash] == ["both"]
    # a works in P0 and P1, b in P2 and P3.
    assert [(delay.period, delay.proved) for delay in found.delays] == [(3, True)]
    assert optimise(later(made, asked, asked[0], 3), EXACT).value is not None
    assert optimise(later(made, asked, asked[0], 2), EXACT).status == "infeasible"
    assert mended(made, asked, found, "later") is not None
