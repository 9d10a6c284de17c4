"""What many futures say together: against figures worked out by hand, and against known distributions."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest

from stepladder.analysis import variants
from stepladder.analysis.beginnings import beginnings, compared, period_of, planned
from stepladder.analysis.futures import OWN, SweepRequest, Task, look, quantiles
from stepladder.analysis.spread import Spread, spread
from stepladder.analysis.sweep import summary
from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.errors import Location
from stepladder.evaluate.exceedance import CHANCES, curves
from stepladder.evaluate.severity import Severity, Terms
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import broken_rules
from tests.support.brute import Brute
from tests.support.problems import problem as random_problem
from tests.support.sizes import size

EXACT = Options(gap=0.0, threads=1)


def record(said: dict[str, Any]) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


def test_a_spread_is_made_of_figures_that_are_there() -> None:
    assert spread([3.0]) == Spread(3.0, 3.0, 3.0, 3.0)
    # Of 1 … 100: five are at most 5, half are at most 50, ninety-five are at most 95.
    assert spread([float(k) for k in range(100, 0, -1)]) == Spread(5.0, 50.0, 95.0, 50.5)


def test_years_with_events_of_one_size_are_poisson() -> None:
    # A fifth of an event a year, of 1,000 each: P(none) = exp(−0.2) = 0.8187, P(more than one) = 0.0175.
    held = curves([[[[0.2, 1000.0, 0.0]]] * 3] * 50, seed=0)
    today = dict(zip(CHANCES, held[0].losses, strict=True))
    assert (today[0.25], today[0.1], today[0.02], today[0.01]) == (0.0, 1000.0, 1000.0, 2000.0)
    assert math.isclose(held[0].mean, 200.0, rel_tol=0.05)


def test_lognormal_events_have_their_mean() -> None:
    # Five events a year, median 100, sigma 0.5: 5 · 100 · exp(0.125) = 566.6 a year.
    held = curves([[[[5.0, 100.0, 0.5]]] * 3] * 20, seed=1)
    assert math.isclose(held[0].mean, 500 * math.exp(0.125), rel_tol=0.02)


def test_what_is_in_place_makes_events_rarer_or_cheaper_and_never_dearer() -> None:
    times: list[list[list[float | None]]] = [
        [[1.0, 100.0, 1.0], [None, 30.0, 0.0]],
        [[0.5, 100.0, 1.0], [None, 20.0, 0.0]],
        [[0.5, 50.0, 1.0], [None, 10.0, 0.0]],
    ]
    today, half, after = curves([times] * 10, seed=2)
    assert all(a >= b >= c for a, b, c in zip(today.losses, half.losses, after.losses, strict=True))
    each = math.exp(0.5)
    for curve, wanted in ((today, 100 * each + 30), (half, 50 * each + 20), (after, 25 * each + 10)):
        assert math.isclose(curve.mean, wanted, rel_tol=0.05)
    assert min(after.losses) >= 10.0


def test_the_same_seed_gives_the_same_years() -> None:
    times = [[[1.0, 100.0, 1.0]]] * 3
    assert curves([times] * 3, seed=5) == curves([times] * 3, seed=5) != curves([times] * 3, seed=6)


@pytest.mark.parametrize("first", range(0, 60, 20))
def test_beginning_so_is_the_best_of_all_plans_that_do(first: int) -> None:
    from tests.support.brute import Brute

    for seed in range(first, first + 20):
        said = random_problem(seed)
        made, plans = record(said), [tried for tried in Brute(said).plans() if not tried.broken]
        for wanted in {frozenset(name for name, start in tried.starts.items() if start <= 0) for tried in plans[:50]}:
            found = optimise(variants.begins(made, wanted, 0), EXACT)
            so = [tried for tried in plans if {name for name, start in tried.starts.items() if start <= 0} == wanted]
            objective = {
                "risk": lambda tried: tried.risk,
                "spend": lambda tried: tried.spend,
                "net": lambda tried: tried.risk + tried.spend,
            }[made.objective]
            assert found.value is not None
            assert math.isclose(found.value, min(map(objective, so)), rel_tol=1e-6, abs_tol=1e-6)
            assert not broken_rules(made, found.starts)


# -- worked out by hand ------------------------------------------------------------------------------------------------

#: Two steps of which the first period has money for one; which of them is better depends on how much the two threats
#: cost.
TWO: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "periods": [{"label": "A", "years": 1, "discount": 1}, {"label": "B", "years": 1, "discount": 1}],
    "effect_lag": 0,
    "steps": [{"id": "a", "once": 10}, {"id": "b", "once": 10}],
    "windows": [{"resource": "money", "from": 0, "to": 0, "limit": 10}],
}


def two(one: float, other: float) -> Problem:
    rare, dear = {"per_year": 2.0, "median": one / 2}, {"per_year": 1.0, "median": other}
    threats = [
        {"id": "x", "expected_loss_per_year": one, "factors": {"a": 0.5}, "events": rare},
        {"id": "y", "expected_loss_per_year": other, "factors": {"b": 0.5}, "events": dear, "cheaper": ["b"]},
    ]
    return record({**TWO, "threats": threats})


def swept(pairs: list[tuple[float, float]]) -> tuple[SweepRequest, dict[tuple[int, str], dict[str, Any]]]:
    """All rows, made in this process."""
    base = two(100, 90)
    plan: Plan = make_plan(base, optimise(base, EXACT))
    asked = SweepRequest(plan, (), EXACT)
    futures = [two(*pair) for pair in pairs]
    rows = {(k, OWN): json.loads(look(Task(k, future, asked))[2]) for k, future in enumerate(futures)}
    for k, future in enumerate(futures):
        for number, way in enumerate(beginnings(asked, rows, len(pairs))):
            task = Task(k, future, asked, (number, way, 0), rows[k, OWN]["plan"]["starts"])
            rows[k, task.name] = json.loads(look(task)[2])
    return asked, rows


def test_regret_and_what_it_is_worth_to_know() -> None:
    # In half of the futures x costs 100 a year, in the others 60; y always 90. Who begins with a loses, where x costs
    # 60, half a year's 60 too little and half of 90 too much in the first period: 15. So the mean regret of a is 7.5,
    # and that of b 5 × 0.5 = 2.5.
    pairs = [(100.0, 90.0), (60.0, 90.0)] * 20
    asked, rows = swept(pairs)
    unknown = Unknown("x", Location("f"), "loss", (60.0, 80.0, 100.0))
    other = Unknown("z", Location("f"), "loss", (0.0, 1.0, 2.0))
    drawn = {"x": [one / 1000 for one, _ in pairs], "z": [((k * 7) % 40) / 40 for k in range(40)]}
    held = summary(asked, rows, [unknown, other], drawn, len(pairs), 0)
    own, best = held.beginnings
    assert (own.steps, best.steps) == (("a",), ("b",))
    assert (own.chosen, best.chosen) == (0.5, 0.5)
    for begun, regret, worst in ((own, 7.5, 15.0), (best, 2.5, 5.0)):
        assert math.isclose(begun.regret, regret)
        assert math.isclose(begun.worst, worst)
        assert begun.low <= regret + 1e-9
        assert regret <= begun.high + 1e-9
    assert held.everything == pytest.approx(2.5)
    # Knowing x is knowing everything; z says nothing.
    assert [worth.unknown.name for worth in held.worth][:1] == ["x"]
    assert 1.5 < held.worth[0].value <= 2.5
    assert all(worth.value < 0.5 for worth in held.worth[1:])
    assert (held.broken, held.late, held.infeasible) == (0.0, 0.0, 0)
    assert held.held == {"a": 1.0, "b": 1.0}
    assert held.first == {"a": 0.5, "b": 0.5}


def test_the_best_way_to_begin_and_how_far_any_other_could_be_better() -> None:
    # As above: b has the least regret on average, and the least where it is largest, 5 where x costs 100.
    asked, rows = swept([(100.0, 90.0), (60.0, 90.0)] * 2)
    best = compared(asked, rows, planned(rows, 4), 4).recourse
    assert best is not None
    assert (best.mean, best.worst) == (1, 1)
    # Begun with b, x costs all of its loss in the first year and half in the second, y half in both: 150 + 90 where x
    # costs 100, 90 + 90 where it costs 60; the best of each future is 50 + 50 + 90 + 45 = 235, and 180.
    assert best.high == pytest.approx((240 + 180) / 2)
    assert best.low == pytest.approx((235 + 180) / 2)


@pytest.mark.parametrize("loose", [False, True])
def test_the_best_of_all_ways_lies_between_what_is_said_to_be_proved(*, loose: bool) -> None:
    """The two-stage value by trying everything: of each set of first steps the mean over the futures of the best plan
    that begins so, of which the least; here with exact answers, and with bounds that are far away.
    """
    looked_at = 0
    for seed in range(size(50)):
        said, dice = random_problem(seed), random.Random(f"two-stage {seed}")
        futures = [json.loads(json.dumps(said)) for _ in range(3)]
        for future in futures:
            for threat in future["threats"]:
                threat["expected_loss_per_year"] = round(threat["expected_loss_per_year"] * dice.uniform(0.3, 2.0), 2)
        base, options = record(said), Options(gap=0.3, threads=1, work=1) if loose else EXACT
        outcome = optimise(base, EXACT)
        if outcome.value is None or base.appetite:
            continue
        asked = SweepRequest(make_plan(base, outcome), (), options)
        rows = _rows(asked, [record(future) for future in futures])
        best = compared(asked, rows, planned(rows, 3), 3).recourse
        if best is None or best.low is None or best.high is None:
            continue
        truth = _two_stage(futures, base.objective, period_of(asked))
        scale = 1e-6 * max(1.0, abs(truth))
        assert best.low - scale <= truth <= best.high + scale
        looked_at += 1
    assert looked_at > size(50) / 3


def _rows(asked: SweepRequest, futures: list[Problem]) -> dict[tuple[int, str], dict[str, Any]]:
    rows = {(k, OWN): json.loads(look(Task(k, future, asked))[2]) for k, future in enumerate(futures)}
    for k, future in enumerate(futures):
        for number, way in enumerate(beginnings(asked, rows, len(futures)) if "starts" in rows[k, OWN]["plan"] else ()):
            task = Task(k, future, asked, (number, way, period_of(asked)), rows[k, OWN]["plan"]["starts"])
            rows[k, task.name] = json.loads(look(task)[2])
    return rows


def _two_stage(futures: list[dict[str, Any]], objective: str, period: int) -> float:
    """By trying everything."""
    by_future = []
    for future in futures:
        best: dict[frozenset[str], float] = {}
        for tried in Brute(future).plans():
            if not tried.broken:
                way = frozenset(name for name, start in tried.starts.items() if start <= period)
                best[way] = min(best.get(way, math.inf), tried.criteria(objective)[0])
        by_future.append(best)
    ways = {way for best in by_future for way in best}
    return min(math.fsum(best.get(way, math.inf) for best in by_future) / len(futures) for way in ways)


def test_the_losses_of_a_future_follow_its_events() -> None:
    _, rows = swept([(100.0, 90.0)])
    today, half, after = rows[0, OWN]["losses"]
    # a stands in the first period and makes x half as frequent; b acts on magnitude, and stands from the second period
    # on.
    assert today == [[2.0, 50.0, 0.0], [1.0, 90.0, 0.0]]
    assert half == [[1.0, 50.0, 0.0], [1.0, 45.0, 0.0]]
    assert after == half


def test_rows_are_the_same_wherever_they_are_made() -> None:
    asked, rows = swept([(100.0, 90.0), (60.0, 90.0)])
    again = swept([(100.0, 90.0), (60.0, 90.0)])[1]
    assert json.dumps(list(rows.values())) == json.dumps(list(again.values()))
    assert asked.plan.starts == {"a": 0, "b": 1}


def test_probabilities_lie_inside() -> None:
    unknown = Unknown("x", Location("f"), "loss", (0.0, 1.0, 2.0))
    assert all(0 < u < 1 for u in quantiles([unknown], 1000, 9)["x"])


def test_years_of_insured_events_leave_what_a_policy_leaves() -> None:
    event, terms = (0.8, 1000.0, 1.0), (500.0, 1500.0, 0.9)
    (today, half, after) = curves([[[event], [(*event, *terms)], [(0.4, *event[1:], *terms)]]], 1)
    left = Severity(1000.0, 1.0, Terms(*terms))
    assert today.mean == pytest.approx(0.8 * Severity(1000.0, 1.0).mean, rel=0.05)
    assert half.mean == pytest.approx(0.8 * left.mean, rel=0.05)
    assert after.mean == pytest.approx(0.4 * left.mean, rel=0.07)
    # Of very many events a year is all but normal, around the same mean.
    (_, many, _) = curves([[[(20_000.0, 1000.0, 1.0)], [(20_000.0, 1000.0, 1.0, *terms)], [event]]], 1)
    assert many.mean == pytest.approx(20_000 * left.mean, rel=0.01)
