"""A problem asked again with one number changed: as good an answer, a bound that never lies, and far less work."""

from __future__ import annotations

import json
import math
import random
import time
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.evaluate.tables import Tables
from stepladder.optimise import Learnt, Options, Outcome, optimise
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.heuristics.greedy import obeys
from stepladder.optimise.search.state import SearchState, logs_of
from stepladder.optimise.search.warm_start import POINTS, points_of, recall, still_bounds
from stepladder.solution.verify import broken_rules
from tests.benchmarks.generate import smm
from tests.support.brute import Brute
from tests.support.problems import problem
from tests.support.sizes import FULL

SEEDS = range(320 if FULL else 120)
CHUNK = 40
Said = dict[str, Any]


def record(said: Said) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


def plain(made: Problem) -> Said:
    said: Said = json.loads(made.model_dump_json(by_alias=True))
    return said


def tables(said: Said) -> Tables:
    return Tables(Ledger(record(said)))


def optimum(said: Said) -> float:
    """By trying everything; infinite where nothing is allowed."""
    tried = (plan.criteria(said["objective"])[0] for plan in Brute(said).plans() if not plan.broken)
    return min(tried, default=math.inf)


# -- one number changed --------------------------------------------------------------------------------------------


def scaled(key: str, low: float = 0.6, high: float = 1.5) -> Callable[[random.Random, Said], None]:
    return lambda rng, part: part.update({key: round(part[key] * rng.uniform(low, high), 2)})


def effort(rng: random.Random, step: Said) -> None:
    # Multiples of 3, so that the brute force holds each period's share exactly.
    team = rng.choice(sorted(step["effort"]))
    step["effort"][team] = max(0.0, step["effort"][team] + rng.choice([-6.0, -3.0, 3.0, 6.0]))


def factor(rng: random.Random, threat: Said) -> None:
    name = rng.choice(sorted(threat["factors"]))
    threat["factors"][name] = round(min(1.0, threat["factors"][name] * rng.uniform(0.7, 1.4)), 4)


def shifted(key: str) -> Callable[[random.Random, Said], None]:
    return lambda rng, part: part.update({key: max(0, part[key] + rng.choice([-1, 1]))})


def changed(seed: int) -> Said:
    """The seed's problem with one number up or down."""
    rng, said = random.Random(f"changed {seed}"), problem(seed)
    steps, threats, last = said["steps"], said["threats"], len(said["periods"]) - 1
    kinds: list[tuple[list[Said], Callable[[random.Random, Said], None]]] = [
        (steps, scaled("once")),
        (steps, scaled("per_year")),
        ([step for step in steps if "value_once" in step], scaled("value_once")),
        ([step for step in steps if step["effort"]], effort),
        ([step for step in steps if "earliest" in step], shifted("earliest")),
        ([step for step in steps if 0 < step.get("latest_finish", 0) < last], shifted("latest_finish")),
        ([need for step in steps for need in step.get("needs", [])], shifted("lag")),
        (threats, scaled("expected_loss_per_year")),
        ([threat for threat in threats if threat["factors"]], factor),
        (said.get("windows", []), scaled("limit")),
        (said.get("windows", []), scaled("limit")),
        (said.get("appetite", []), scaled("expected_loss_per_year", 0.8, 1.2)),
        ([said] if "max_parallel" in said else [], shifted("max_parallel")),
    ]
    parts, change = rng.choice([kind for kind in kinds if kind[0]])
    change(rng, rng.choice(parts))
    return said


@cache
def first(seed: int, gap: float) -> Outcome:
    return optimise(record(problem(seed)), Options(gap=gap))


@cache
def known(seed: int) -> float:
    return optimum(changed(seed))


def trouble(seed: int, found: Outcome, gap: float) -> str | None:
    """What is wrong with a second answer."""
    best = known(seed)
    if math.isinf(best) or found.status == "infeasible":
        return None if math.isinf(best) and found.status == "infeasible" else f"{found.status}, expected {best}"
    if found.status != "optimal" or found.value is None or found.bound is None:
        return f"{found.status} with {found.value} and {found.bound}"
    if found.bound > best + 1e-9 * max(1.0, abs(best)):
        return f"bound {found.bound} is above the optimum {best}"
    if not -1e-6 * abs(best) - 1e-3 <= found.value - best <= max(gap, 1e-6) * abs(found.value) + 1e-3:
        return f"value {found.value}, expected {best}"
    return (
        f"breaks {broken_rules(record(changed(seed)), found.starts)}"
        if broken_rules(record(changed(seed)), found.starts)
        else None
    )


@pytest.mark.parametrize("start", SEEDS[::CHUNK])
def test_second_answers_equal_the_brute_force(start: int) -> None:
    wrong, reused = {}, 0
    for seed in range(start, start + CHUNK):
        held = first(seed, 0.0).learnt
        reused += held is not None
        found = optimise(record(changed(seed)), Options(gap=0.0), learnt=held)
        if (said := trouble(seed, found, 0.0)) is not None:
            wrong[seed] = said
    assert wrong == {}
    assert reused >= CHUNK / 2


def test_second_answers_keep_a_wanted_gap_and_their_bounds_hold() -> None:
    wrong = {}
    for seed in SEEDS[::3]:
        found = optimise(record(changed(seed)), Options(gap=0.05), learnt=first(seed, 0.05).learnt)
        if (said := trouble(seed, found, 0.05)) is not None:
            wrong[seed] = said
    assert wrong == {}


def test_where_a_bound_is_said_to_hold_it_does() -> None:
    holds = 0
    for seed in SEEDS:
        if still_bounds(tables(problem(seed)), tables(changed(seed))):
            holds += 1
            best = optimum(problem(seed))
            assert best <= known(seed) + 1e-9 * max(1.0, abs(best)) or best == known(seed), seed
    assert len(SEEDS) // 6 <= holds <= len(SEEDS) * 5 // 6


# -- made by hand --------------------------------------------------------------------------------------------------


def base(**parts: Any) -> Said:
    """Three steps, two threats, and one rule of each kind."""
    said: Said = {
        "format": "stepladder-problem/1",
        "periods": [{"label": f"P{t}", "years": 0.5, "discount": 0.9**t} for t in range(4)],
        "tail": {"years": 2.0, "discount": 0.5},
        "steps": [
            {"id": "a", "once": 100.0, "per_year": 10.0, "effort": {"ops": 3.0}, "earliest": 1, "latest_finish": 2},
            {"id": "b", "once": 200.0, "needs": [{"step": "a", "lag": 1}], "value_once": 5.0, "required": True},
            {"id": "c", "once": 300.0, "needs_any": [[{"step": "a"}, {"step": "b"}]], "duration": 2},
            {"id": "d", "start": 1},
        ],
        "threats": [
            {"id": "x", "expected_loss_per_year": 1000.0, "factors": {"a": 0.5, "b": 0.9}},
            {"id": "y", "expected_loss_per_year": 500.0, "factors": {"c": 0.7}},
        ],
        "windows": [
            {"resource": "money", "from": 0, "to": 3, "limit": 500.0},
            {"resource": "ops", "from": 1, "to": 2, "limit": 4.0},
        ],
        "max_parallel": 2,
        "excludes": [["c", "d"]],
        "appetite": [
            {"from": 2, "expected_loss_per_year": 1400.0},
            {"from": 3, "threat": "x", "expected_loss_per_year": 900.0},
        ],
        "objective": "net",
    }
    return {**said, **parts}


def put(*path: str | int, to: Any) -> Callable[[Said], None]:
    def change(said: Any) -> None:
        for key in path[:-1]:
            said = said[key]
        if to is None:
            del said[path[-1]]
        else:
            said[path[-1]] = to

    return change


UP_AND_DOWN: dict[str, tuple[Callable[[Said], None], Callable[[Said], None]]] = {
    "once": (put("steps", 0, "once", to=100.01), put("steps", 0, "once", to=99.99)),
    "running cost": (put("steps", 0, "per_year", to=10.03), put("steps", 0, "per_year", to=9.97)),
    "effort": (put("steps", 0, "effort", "ops", to=3.1), put("steps", 0, "effort", "ops", to=2.9)),
    "effort in other units": (put("steps", 0, "effort", "ops", to=3.0001), put("steps", 0, "effort", "ops", to=2.9999)),
    "earliest": (put("steps", 0, "earliest", to=2), put("steps", 0, "earliest", to=0)),
    "latest": (put("steps", 0, "latest_finish", to=1), put("steps", 0, "latest_finish", to=3)),
    "latest gone": (put("steps", 2, "latest_finish", to=2), put("steps", 0, "latest_finish", to=None)),
    "lag": (put("steps", 1, "needs", 0, "lag", to=2), put("steps", 1, "needs", 0, "lag", to=0)),
    "need": (put("steps", 2, "needs", to=[{"step": "a"}]), put("steps", 1, "needs", to=None)),
    "group": (put("steps", 1, "needs_any", to=[[{"step": "a"}]]), put("steps", 2, "needs_any", to=[[{"step": "a"}]])),
    "worth": (put("steps", 1, "value_once", to=4.99), put("steps", 1, "value_once", to=5.01)),
    "required": (put("steps", 0, "required", to=True), put("steps", 1, "required", to=None)),
    "pinned": (put("steps", 0, "start", to=1), put("steps", 3, "start", to=2)),
    "pin gone": (put("steps", 3, "required", to=True), put("steps", 3, "start", to=None)),
    "loss": (
        put("threats", 0, "expected_loss_per_year", to=1000.01),
        put("threats", 0, "expected_loss_per_year", to=999.99),
    ),
    "factor": (put("threats", 0, "factors", "a", to=0.51), put("threats", 0, "factors", "a", to=0.49)),
    "factor gone": (put("threats", 0, "factors", "a", to=None), put("threats", 0, "factors", "c", to=0.99)),
    "factors in another order": (
        put("threats", 0, "factors", "c", to=1.0),
        put("threats", 0, "factors", to={"b": 0.9, "a": 0.5}),
    ),
    "threat": (
        lambda said: said["threats"].append({"id": "z", "expected_loss_per_year": 1.0}),
        put("threats", 1, to=None),
    ),
    "limit": (put("windows", 0, "limit", to=499.99), put("windows", 0, "limit", to=500.01)),
    "window": (
        lambda said: said["windows"].append({"resource": "money", "from": 0, "to": 0, "limit": 1.0}),
        put("windows", 1, to=None),
    ),
    "span": (
        lambda said: said["windows"].append({"resource": "ops", "from": 1, "to": 2, "limit": 3.0}),
        put("windows", 1, "to", to=3),
    ),
    "at once": (put("max_parallel", to=1), put("max_parallel", to=3)),
    "no limit at once": (put("max_parallel", to=2), put("max_parallel", to=None)),
    "excludes": (lambda said: said["excludes"].append(["a", "d"]), put("excludes", to=[])),
    "appetite": (
        put("appetite", 0, "expected_loss_per_year", to=1399.0),
        put("appetite", 0, "expected_loss_per_year", to=1401.0),
    ),
    "appetite of one": (put("appetite", 1, "from", to=2), put("appetite", 1, "threat", to="y")),
    "appetite gone": (
        lambda said: said["appetite"].append({"from": 0, "expected_loss_per_year": 9e9}),
        put("appetite", 0, to=None),
    ),
    "labels only": (put("periods", 0, "label", to="other"), put("periods", 0, "discount", to=1.01)),
    "objective": (put("objective", to="net"), put("objective", to="risk")),
    "lag of effects": (put("effect_lag", to=1), put("effect_lag", to=0)),
    "duration": (put("steps", 2, "duration", to=2), put("steps", 2, "duration", to=3)),
    "tail": (put("tail", "years", to=2.0), put("tail", "years", to=3.0)),
    "steps": (put("title", to="other"), lambda said: said["steps"].append({"id": "e"})),
}


@pytest.mark.parametrize("kind", UP_AND_DOWN)
def test_bounds_hold_on_what_is_tighter_or_dearer_and_not_on_the_rest(kind: str) -> None:
    tighter, looser = base(), base()
    UP_AND_DOWN[kind][0](tighter)
    UP_AND_DOWN[kind][1](looser)
    assert still_bounds(tables(base()), tables(tighter))
    assert not still_bounds(tables(base()), tables(looser))


def test_what_the_first_criterion_does_not_count_may_change() -> None:
    cheaper, worthier = base(objective="risk", windows=[]), base(objective="spend")
    cheaper["steps"][0]["once"] = 1.0
    worthier["steps"][1]["value_once"] = 50.0
    assert still_bounds(tables(base(objective="risk", windows=[])), tables(cheaper))
    assert still_bounds(tables(base(objective="spend")), tables(worthier))


# -- what is taken over --------------------------------------------------------------------------------------------


def test_a_quite_different_problem_does_no_harm() -> None:
    other = optimise(smm(1), Options(gap=0.05)).learnt
    assert other is not None
    for seed in SEEDS[::20]:
        made = record(problem(seed))
        alone, helped = optimise(made, Options(gap=0.0)), optimise(made, Options(gap=0.0), learnt=other)
        assert alone == helped, seed


def test_a_plan_that_no_longer_fits_is_mended_and_the_program_does_not_grow() -> None:
    made = smm(0, 1, "year")
    held = optimise(made, Options(gap=0.03)).learnt
    assert held is not None
    said = plain(made)
    for window in said["windows"]:
        window["limit"] = round(window["limit"] * 0.6, 2)
    gone = next(iter(held.starts))
    said["steps"] = [step for step in said["steps"] if step["id"] != gone]
    for step in said["steps"]:
        step["needs"] = [need for need in step["needs"] if need["step"] != gone]
    for threat in said["threats"]:
        threat["factors"].pop(gone, None)
    state = SearchState(lay(Ledger(record(said))), Options(), None)
    assert recall(state, held)
    assert state.plan is not None
    assert obeys(state.grid, state.plan)
    assert state.bound is None
    many = Learnt(made, held.starts, held.bound, {key: tuple(-0.01 * m for m in range(100)) for key in held.points})
    found = points_of(state.grid, many, logs_of(state.grid, state.plan))
    assert found.keys() == state.grid.losses.keys()
    assert max(map(len, found.values())) <= POINTS + 1


def test_the_same_problem_again_needs_no_relaxation(monkeypatch: pytest.MonkeyPatch) -> None:
    made = smm(2, 1, "year")
    before = optimise(made, Options(gap=0.03))
    monkeypatch.setattr(SearchState, "relaxation", lambda _: pytest.fail("solved"))
    monkeypatch.setattr(SearchState, "solve", lambda *_, **__: pytest.fail("solved"))
    again = optimise(made, Options(gap=0.03), learnt=before.learnt)
    assert (again.status, again.bound) == (before.status, before.bound)
    assert again.value is not None
    assert before.value is not None
    assert again.value <= before.value * (1 + 1e-9)
    assert again.learnt is not None


# -- seconds -------------------------------------------------------------------------------------------------------


def twenty(made: Problem) -> list[Said]:
    """One number changed, twenty times."""
    first_threat = next(iter(plain(made)["threats"][0]["factors"]))
    changes: list[tuple[tuple[str | int, ...], float]] = [
        *(((("windows", k, "limit")), by) for k in (3, 11) for by in (0.9, 0.97, 1.03, 1.1)),
        *(((("windows", k, "limit")), by) for k in (14, 28) for by in (0.8, 1.2)),
        *(((("steps", k, "once")), by) for k in (2, 20) for by in (0.8, 1.25)),
        *(((("threats", 1, "expected_loss_per_year")), by) for by in (0.8, 1.25)),
        *(((("threats", 0, "factors", first_threat)), by) for by in (0.97, 1.02)),
    ]
    found = []
    for path, by in changes:
        said = plain(made)
        held: Any = said
        for key in path[:-1]:
            held = held[key]
        held[path[-1]] = round(held[path[-1]] * by, 4 if "factors" in path else 2)
        found.append(said)
    return found


@pytest.mark.timing
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_second_answers_cost_at_most_a_third_of_first_ones() -> None:
    made = smm(0, 1, "year")
    held = optimise(made).learnt
    questions = twenty(made)
    assert len(questions) == 20
    # By default every third, so that every kind of change is there once.
    questions = questions if FULL else questions[::3]
    seconds = [0.0, 0.0]
    for said in questions:
        asked = record(said)
        for k, learnt in enumerate((None, held)):
            begun = time.perf_counter()
            found = optimise(asked, learnt=learnt)
            seconds[k] += time.perf_counter() - begun
            assert found.status == "optimal"
            assert found.value is not None
            assert found.bound is not None
            assert found.value - found.bound <= 0.01 * abs(found.value)
    assert seconds[1] <= seconds[0] / 3, seconds
