"""Prices, reasons and frontiers of small random problems, each against trying everything."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stepladder.analysis import variants
from stepladder.analysis.curves import own_money, worth
from stepladder.analysis.first_steps import nudge
from stepladder.analysis.frontier import frontier, limited
from stepladder.analysis.price import Price
from stepladder.analysis.why import why, why_not
from stepladder.data.formats.problem import Problem
from stepladder.data.pointless import pointless
from stepladder.optimise import Options, Outcome, optimise
from stepladder.solution import make_plan
from tests.support.brute import Brute, Tried
from tests.support.problems import problem
from tests.support.sizes import FULL, size

EXACT = Options(gap=0.0)
SEEDS = range(200)
CHUNK = 25
CHUNKS = pytest.mark.parametrize("first", SEEDS[:: CHUNK if FULL else 2 * CHUNK])


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
    return min(
        (plan.criteria(objective)[0] for plan in tried(seed) if not plan.broken and chosen(plan)), default=math.inf
    )


def later_than(name: str, period: int, absent: float = math.inf) -> Callable[[Tried], bool]:
    """Plans in which a step starts after a period; ``absent``: when it is taken to start where it is not planned."""
    return lambda plan: plan.starts.get(name, absent) > period


def earlier_than(name: str, period: int) -> Callable[[Tried], bool]:
    return lambda plan: plan.starts.get(name, math.inf) < period


def holds(name: str, *, planned: bool) -> Callable[[Tried], bool]:
    return lambda plan: (name in plan.starts) == planned


def begins_unlike(period: int, steps: set[str], never: frozenset[str]) -> Callable[[Tried], bool]:
    """Plans that begin otherwise, whatever steps that never pay they begin with."""
    return lambda plan: {name for name, start in plan.starts.items() if start <= period} - never != steps - never


def optimum(said: dict[str, Any]) -> float:
    return min(
        (plan.criteria(said["objective"])[0] for plan in Brute(said).plans() if not plan.broken), default=math.inf
    )


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
        held, optimal, period = nudge(plan, EXACT), best(seed), min(found.starts.values())
        for name, price in held.waiting.items():
            assert equals(price, best(seed, later_than(name, period)), optimal), (seed, name)
        default = {name for name, start in found.starts.items() if start == period}
        other = best(seed, begins_unlike(period, default, pointless(plan.problem)))
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
                (other,) = why_not(plan, name, EXACT).others
                assert equals(other.price, best(seed, holds(name, planned=True)), optimal), (seed, name)
                continue
            start = found.starts[name]
            expected = {
                "earlier": best(seed, earlier_than(name, start)),
                "later": best(seed, later_than(name, start, absent=-1)),
                "never": best(seed, holds(name, planned=False)),
            }
            others = why(plan, name, EXACT).others
            assert {other.choice for other in others} == set(expected) - ({"earlier"} if start == 0 else set())
            for other in others:
                assert equals(other.price, expected[other.choice], optimal), (seed, name, other.choice)


@pytest.mark.parametrize("first", range(0, size(250), 25))
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
        _affordable(made, own, amounts, held.target.affordable, out_of_reach=held.target.out_of_reach)
        assert held.target.decided
    assert seen >= 40


@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_what_is_said_of_more_money_is_true_of_every_budget_on_the_curve() -> None:
    """Below ``until`` some larger budget pays, from ``beyond`` on none does, below ``least`` there is no plan: by
    trying everything.
    """
    until = beyond = least = 0
    for seed in range(size(150)):
        made = record(problem(seed)).model_copy(update={"objective": "risk"})
        own = own_money(made) or sum(step.once + step.per_year * 5 for step in made.steps)
        amounts = [round(own * part, 2) for part in (0.05, 0.2, 0.4, 0.6, 0.8, 1.0, 1.3)]
        curve = frontier(made, None, amounts, [None], Options(gap=0.01)).curves[0]
        true = {money: optimum(plain(limited(made, own_money(made), money))) for money in amounts}
        found = worth(curve)
        for money in (
            money
            for money in amounts
            if found.until is not None and money < found.until and not math.isinf(true[money])
        ):
            assert any(true[money] - true[more] > more - money - 1e-3 for more in amounts if more > money), seed
            until += 1
        for more in (more for more in amounts if found.beyond is not None and more > found.beyond):
            assert found.beyond is not None
            assert true[found.beyond] - true[more] <= more - found.beyond + 1e-3, seed
            beyond += 1
        if curve.least is not None:
            low, high = curve.least
            assert math.isinf(optimum(plain(limited(made, own_money(made), low)))), seed
            assert not math.isinf(optimum(plain(limited(made, own_money(made), high)))), seed
            assert high - low <= 1 + (amounts[-1] - amounts[0]) / 2**5, seed
            least += 1
    assert min(until, beyond, least) >= (10 if FULL else 3)


def test_a_lump_on_a_curve_breaks_the_run() -> None:
    """10,000 EUR halve one threat of 40,000 a year (3 years: 60,000); 90,000 more halve one of 33,333 (50,000),
    which is less than they cost.
    """
    said = json.loads((Path(__file__).parents[1] / "faults" / "lumps_on_a_curve.json").read_text(encoding="utf-8"))
    curve = frontier(record(said), None, [10_000.0 * k for k in range(13)], [None], Options()).curves[0]
    assert (worth(curve).until, worth(curve).beyond) == (10_000.0, 10_000.0)


def _affordable(
    made: Problem, own: float | None, amounts: list[float], found: float | None, *, out_of_reach: bool
) -> None:
    everything = variants.planned(made, [step.id for step in made.steps])
    possible = [amount for amount in amounts if not math.isinf(optimum(plain(limited(everything, own, amount))))]
    assert found == (possible[0] if possible else None)
    assert not (out_of_reach and possible)
