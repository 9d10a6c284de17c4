"""What is held back so that a plan is kept in most futures: against trying everything, and against the figures of the
brute force.
"""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction
from typing import Any

import pytest

from stepladder.analysis import variants
from stepladder.analysis.execute import spent_in_windows
from stepladder.analysis.futures import independent, quantiles
from stepladder.analysis.held_back import held_back, level
from stepladder.analysis.robust import TESTS, Refused, Reserved, robust
from stepladder.data.binomial import clopper_pearson
from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.data.formats.robust import Promise, Robust
from stepladder.errors import Location
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import broken_rules
from stepladder.wording import claims_of_futures
from tests.support.brute import Brute
from tests.support.problems import problem as random_problem
from tests.support.sizes import size

EXACT = Options(gap=0.0, threads=1)
LOOSE = Options(gap=0.2, threads=1, work=1)


def record(said: dict[str, Any]) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


def objective(tried: Any, name: str) -> float:
    return float(tried.criteria(name)[0])


def limited(seed: int) -> dict[str, Any]:
    """A random problem with a limit on money in every period, tight enough to matter."""
    said, dice = random_problem(seed), random.Random(f"robust {seed}")
    money = sum(step.get("once", 0.0) for step in said["steps"])
    said["windows"] = [window for window in said.get("windows", []) if window["resource"] not in MONEY]
    for t in range(len(said["periods"])):
        share = (t + 1) / len(said["periods"]) * dice.choice([0.5, 0.8, 1.0])
        said["windows"].append({"resource": "money", "from": 0, "to": t, "limit": round(money * share, 2)})
    return said


def future(said: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """The same where each step costs less or more, and some take longer."""
    changed: dict[str, Any] = json.loads(json.dumps(said))
    for step in changed["steps"]:
        step["once"] = round(step.get("once", 0.0) * dice.uniform(0.8, 1.4), 2)
        if dice.random() < 0.1 and step.get("duration", 1) < len(said["periods"]):
            step["duration"] = step.get("duration", 1) + 1
    return changed


# -- what is held back -------------------------------------------------------------------------------------------------


def test_the_lowest_level_that_would_have_been_enough() -> None:
    """Against trying every level: as many futures as wanted stay within, and with the level below they do not."""
    for seed in range(size(1000)):
        dice = random.Random(seed)
        limits = {k: Fraction(dice.randint(5, 20)) for k in range(dice.randint(1, 4))}
        held = {k: Fraction(dice.randint(0, 3)) for k in limits if dice.random() < 0.5}
        planned = {k: limit - held.get(k, Fraction(0)) - dice.randint(0, 3) for k, limit in limits.items()}
        used = [{k: planned[k] + dice.randint(-3, 8) for k in limits} for _ in range(dice.randint(1, 12))]
        count = dice.randint(1, len(used))

        def good(more: dict[int, Fraction], *, held: Any = held, used: Any = used, limits: Any = limits) -> int:
            """In how many futures all would have been within."""
            return sum(all(one[k] - (more[k] - held.get(k, 0)) <= limits[k] for k in limits) for one in used)

        levels = []
        for rank in range(len(used)):
            beyond = {k: max(Fraction(0), sorted(one[k] for one in used)[rank] - planned[k]) for k in limits}
            levels.append({k: max(held.get(k, Fraction(0)), beyond[k]) for k in limits})
        first = next(at for at in levels if good(at) >= count)
        assert level(held, planned, used, limits, count) == first


def test_less_is_there_and_no_more_is_held_than_there_is() -> None:
    whole = record(limited(3))
    held = {k: Fraction(1, 3) for k, window in enumerate(whole.windows) if window.resource in MONEY}
    less = variants.with_held_back(whole, held)
    # A third is no whole number of cents: 34 hundredths are held back.
    assert set(held_back(whole, less).values()) == {Fraction(34, 100)}
    none = variants.with_held_back(whole, dict.fromkeys(held, Fraction(10**9)))
    assert {none.windows[k].limit for k in held} == {0.0}


def test_what_is_spent_in_a_future_is_what_the_brute_force_says() -> None:
    """Where every step is finished it names the same broken limits."""
    looked_at = 0
    for seed in range(size(300)):
        said, dice = limited(seed), random.Random(seed)
        plan = next((tried for tried in Brute(said).plans() if not tried.broken and tried.starts), None)
        if plan is None:
            continue
        other = future(said, dice)
        for step, before in zip(other["steps"], said["steps"], strict=True):
            # Nothing waits, so that the starts stay as they are.
            step["duration"] = before.get("duration", 1)
        tried = Brute(other)
        broken = set(tried._broken(plan.starts, tried.losses(plan.starts)))
        made = record(other)
        used = spent_in_windows(made, plan.starts)
        over = any(used[k] > Fraction(repr(made.windows[k].limit)) for k in used)
        assert over == ("money" in broken)
        looked_at += 1
    assert looked_at > size(300) / 2


def test_a_plan_is_kept_as_often_as_is_asked_for_or_it_is_said_what_could_be() -> None:
    kinds = {"kept": 0, "held": 0, "none": 0}
    for seed in range(size(200)):
        said = limited(seed)
        made = record(said)

        def draw(test: int, *, said: Any = said, seed: int = seed) -> list[Problem]:
            """Ten futures of a test."""
            dice = random.Random(f"{seed} {test}")
            return [record(future(said, dice)) for _ in range(10)]

        answer = robust(made, draw, Robust(keep=0.8, futures=10), EXACT)
        if isinstance(answer, Reserved):
            kinds["kept"] += 1
            kinds["held"] += answer.problem != made
            assert not broken_rules(answer.problem, answer.outcome.starts)
            assert 1 <= answer.tests <= TESTS
            limits = {k: window.limit for k, window in enumerate(made.windows) if window.resource in MONEY}
            for outcome, kept in ((answer.outcome, answer.kept), (answer.without, answer.kept_without)):
                used = [spent_in_windows(one, outcome.starts) for one in draw(answer.tests)]
                assert kept == sum(all(float(one[k]) <= limits[k] + 1e-9 for k in limits) for one in used)
            assert answer.kept >= 8
        elif isinstance(answer, Refused):
            kinds["none"] += 1
            assert answer.kept_without <= answer.kept
            if answer.problem is not None:
                assert not [
                    1
                    for tried in Brute(json.loads(answer.problem.model_dump_json(by_alias=True))).plans()
                    if not tried.broken
                ]
        else:
            assert answer.status == "infeasible"
            assert all(tried.broken for tried in Brute(said).plans())
    assert min(kinds.values()) > 0, kinds


def test_what_it_costs_lies_in_the_interval_that_is_said_to_be_proved() -> None:
    """The best plans of both questions by trying everything; the search is stopped at a wide gap."""
    looked_at = 0
    for seed in range(size(100)):
        said = limited(seed)
        whole = record(said)
        dice = random.Random(seed)
        held = {
            k: Fraction(repr(round(window.limit * dice.uniform(0.05, 0.3), 2)))
            for k, window in enumerate(whole.windows)
            if window.resource in MONEY
        }
        less = variants.with_held_back(whole, held)
        with_it, without = optimise(less, LOOSE), optimise(whole, LOOSE)
        if with_it.value is None or without.value is None or without.bound is None:
            continue
        value = min(without.value, with_it.value)
        promise = Promise(
            keep=0.5, futures=10, seed=0, held=(), tests=1, kept=9, kept_without=1, low=0.5, high=1.0,
            value_without=value, bound_without=min(value, without.bound),
        )  # fmt: skip
        plan = make_plan(less, with_it)
        best = [
            min(objective(tried, whole.objective) for tried in Brute(one).plans() if not tried.broken)
            for one in (json.loads(less.model_dump_json(by_alias=True)), said)
        ]
        price, scale = best[0] - best[1], 1e-6 * max(1.0, abs(best[0]), abs(best[1]))
        low = max(0.0, plan.objective.bound - promise.value_without)
        high = max(low, plan.objective.value - promise.bound_without)
        assert low - scale <= price <= high + scale
        sentence = claims_of_futures.held_back(promise, plan)
        assert sentence.startswith("Proved: ")
        looked_at += 1
    assert looked_at > size(100) / 3


# -- chances -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("kept", "count", "low", "high"), [
    # From tables of the binomial distribution: 95 % limits of 10 of 20, and of none and all of 10 (0.025^(1/10)).
    (10, 20, 0.27196, 0.72804),
    (0, 10, 0.0, 0.30850),
    (10, 10, 0.69150, 1.0),
])  # fmt: skip
def test_an_interval_is_that_of_the_tables(kept: int, count: int, low: float, high: float) -> None:
    assert clopper_pearson(kept, count, 0.95) == pytest.approx((low, high), abs=1e-5)


def test_an_interval_misses_no_more_often_than_it_says() -> None:
    """Whatever the true part is: the chance of all counts whose interval it lies in, summed up."""
    for count, confidence in ((10, 0.95), (25, 0.95), (40, 0.9875)):
        ends = [clopper_pearson(kept, count, confidence) for kept in range(count + 1)]
        for hundredth in range(1, 100):
            part = hundredth / 100
            inside = math.fsum(
                math.comb(count, kept) * part**kept * (1 - part) ** (count - kept)
                for kept, (low, high) in enumerate(ends)
                if low <= part <= high
            )
            assert inside >= confidence - 1e-12


def test_fresh_futures_are_others_for_each_test_and_the_same_each_time() -> None:
    unknown = Unknown("x", Location("f"), "money", (0.0, 1.0, 2.0))
    draws = [independent([unknown], 50, 7, test)["x"] for test in (1, 2, 1)]
    assert draws[0] == draws[2] != draws[1]
    assert not {*draws[0], *draws[1]} & {*quantiles([unknown], 50, 7)["x"]}
    # A new range changes nothing for the others.
    other = Unknown("y", Location("f"), "money", (0.0, 1.0, 2.0))
    assert independent([other, unknown], 50, 7, 1)["x"] == draws[0]
