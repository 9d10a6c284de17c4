"""The optimiser against a brute force: nearly 500 random problems in which every rule decides again and again."""

from __future__ import annotations

import math
from collections import Counter
from itertools import pairwise
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.optimise import Options, Outcome, optimise
from stepladder.solution.verify import broken_rules
from tests.support.brute import RULES, Answer, answer, near
from tests.support.problems import going_on, problem, promised, with_points
from tests.support.sizes import FULL, size

SEEDS = range(490)
CHUNK = 35
#: Problems in which points are wanted.
POINTS = range(0, 900 if FULL else 210, 3)
#: Problems in which something goes on costing.
GOING_ON = range(size(500))
#: Problems in which a step is promised already.
PROMISED = range(size(200))


def record(made: dict[str, Any]) -> Problem:
    return Problem.model_validate(made, strict=False)


def agrees(made: dict[str, Any], expected: Answer, found: Outcome, gap: float = 0.0) -> str | None:
    """What is wrong with an exact answer, or None; ``gap``: how much a solver's own tolerance may leave open, and
    say so.
    """
    if expected.best is None or found.status == "infeasible":
        return (
            None
            if expected.best is None and found.status == "infeasible"
            else f"{found.status}, expected {expected.best}"
        )
    value, second = expected.best
    if (
        found.value is None
        or found.bound is None
        or (found.status != "optimal" and found.value - found.bound > gap * abs(found.value))
    ):
        return f"{found.status} with {found.value} and {found.bound}"
    if not math.isclose(found.value, value, rel_tol=1e-6, abs_tol=1e-3):
        return f"value {found.value}, expected {value}"
    if found.bound > value + 1e-9 * max(1.0, abs(value)):
        return f"bound {found.bound} is above the optimum {value}"
    held = record(made)
    if broken_rules(held, found.starts):
        return f"breaks {broken_rules(held, found.starts)}"
    stated = evaluate(Ledger(held), found.starts).criteria(held.objective)[1] if held.objective != "net" else 0.0
    if not (near(stated, second) or stated < second):
        return f"second criterion {stated}, could be {second}"
    return None


@pytest.mark.parametrize("first", SEEDS[:: CHUNK if FULL else 2 * CHUNK])
def test_exact_answers_equal_the_brute_force(first: int) -> None:
    wrong = {}
    for seed in range(first, first + CHUNK):
        made = problem(seed)
        trouble = agrees(made, answer(made), optimise(record(made), Options(gap=0.0)))
        if trouble:
            wrong[seed] = trouble
    assert wrong == {}


@pytest.mark.parametrize("first", POINTS[::CHUNK])
def test_exact_answers_in_points_equal_the_brute_force(first: int) -> None:
    wrong = {}
    for seed in POINTS[POINTS.index(first) :][:CHUNK]:
        made = with_points(seed)
        assert made["objective"] == "worth"
        trouble = agrees(made, answer(made), optimise(record(made), Options(gap=0.0)))
        if trouble:
            wrong[seed] = trouble
    assert wrong == {}


@pytest.mark.parametrize("first", GOING_ON[::CHUNK])
def test_exact_answers_with_what_goes_on_costing_equal_the_brute_force(first: int) -> None:
    wrong = {}
    for seed in GOING_ON[GOING_ON.index(first) :][:CHUNK]:
        made = going_on(seed)
        trouble = agrees(made, answer(made), optimise(record(made), Options(gap=0.0)))
        if trouble:
            wrong[seed] = trouble
    assert wrong == {}


@pytest.mark.parametrize("first", PROMISED[::CHUNK])
def test_exact_answers_with_what_is_promised_equal_the_brute_force(first: int) -> None:
    wrong = {}
    for seed in PROMISED[PROMISED.index(first) :][:CHUNK]:
        made = promised(seed)
        trouble = agrees(made, answer(made), optimise(record(made), Options(gap=0.0)))
        if trouble:
            wrong[seed] = trouble
    assert wrong == {}


def test_shares_of_what_is_paid_once_decide_some_of_them() -> None:
    """Without them the best plan is worth another amount, or there is none."""
    least, seen = (20, 0) if FULL else (2, 0)
    for seed in GOING_ON:
        made, other = going_on(seed), going_on(seed)
        if not any(step.pop("spread", None) for step in other["steps"]):
            continue
        one, two = answer(made).best, answer(other).best
        seen += (one is None) != (two is None) or (one is not None and two is not None and not near(one[0], two[0]))
        if seen >= least:
            return
    raise AssertionError(f"they decide only {seen}")


def test_what_is_renewed_decides_some_of_them() -> None:
    """The same without what comes again within the horizon, and then also afterwards."""
    seen = {"within": 0, "afterwards": 0}
    for seed in GOING_ON:
        made, later, never = (going_on(seed) for _ in range(3))
        for step in (step for step in later["steps"] if "renew" in step):
            step["renew"]["every"] = 1000
        for step in never["steps"]:
            step.pop("renew", None)
        best = [answer(said).best for said in (made, later, never)]
        for name, (one, two) in zip(seen, pairwise(best), strict=True):
            seen[name] += (one is None) != (two is None) or bool(one and two and not near(one[0], two[0]))
        if min(seen.values()) >= (20 if FULL else 2):
            return
    raise AssertionError(f"it decides only {seen}")


def test_a_wanted_gap_is_kept_in_points_and_the_bound_never_below_the_most() -> None:
    for seed in POINTS[::6]:
        made = with_points(seed)
        expected, found = answer(made).best, optimise(record(made), Options(gap=0.05))
        assert (expected is None) == (found.status == "infeasible"), seed
        if expected is not None:
            assert found.value is not None
            assert found.bound is not None
            assert found.bound <= expected[0] + 1e-9 * max(1.0, abs(expected[0])), seed
            assert found.value - found.bound <= 0.05 * abs(found.value) + 1e-6, seed


def test_points_change_nothing_where_another_objective_is_asked() -> None:
    for seed in (seed for seed in range(120 if FULL else 30) if seed % 3):
        one, two = (optimise(record(made), Options(gap=0.0)) for made in (problem(seed), with_points(seed)))
        assert (one.status, one.value, one.bound, one.starts) == (two.status, two.value, two.bound, two.starts)


def test_cbc_answers_equal_the_brute_force() -> None:
    wrong = {}
    for seed in SEEDS[::14]:
        made = problem(seed)
        trouble = agrees(made, answer(made), optimise(record(made), Options(gap=0.0, solver="cbc")), gap=1e-7)
        if trouble:
            wrong[seed] = trouble
    assert wrong == {}


def test_a_wanted_gap_is_kept_and_the_bound_never_exceeds_the_optimum() -> None:
    for seed in SEEDS[::5]:
        made = problem(seed)
        expected, found = answer(made).best, optimise(record(made), Options(gap=0.05))
        if expected is None:
            assert found.status == "infeasible", seed
            continue
        assert found.status == "optimal", seed
        assert found.value is not None
        assert found.bound is not None
        assert found.bound <= expected[0] + 1e-9 * max(1.0, abs(expected[0])), seed
        assert found.value >= expected[0] - 1e-9 * max(1.0, abs(expected[0])), seed
        assert found.value - found.bound <= 0.05 * abs(found.value) + 1e-6, seed


def test_every_rule_decides_at_least_twenty_of_the_problems() -> None:
    decided: Counter[str] = Counter()
    objectives: Counter[str] = Counter()
    infeasible = 0
    part = 1 if FULL else 5
    for seed in SEEDS[::part]:
        made = problem(seed)
        held = answer(made)
        decided.update(held.decided_by)
        objectives[made["objective"]] += 1
        infeasible += held.best is None
    assert {rule: decided[rule] for rule in RULES if decided[rule] < (20 if FULL else 2)} == {}
    assert min(objectives[name] for name in ("risk", "spend", "net")) >= 50 // part
    assert infeasible >= 50 // part


@pytest.mark.parametrize(
    ("name", "change"), [("effect lag", "effect_lag"), ("lag", "lag"), ("duration", "duration"), ("tail", "tail")]
)
def test_numbers_of_time_decide_at_least_twenty_of_the_problems(name: str, change: str) -> None:
    decided = 0
    for seed in range(2 * len(SEEDS)):
        made, other = problem(seed), problem(seed)
        if change == "effect_lag":
            other["effect_lag"] = 1 - other["effect_lag"]
        elif change == "tail":
            other["tail"]["years"] = 0.0
        for step in other["steps"]:
            if change == "duration":
                step["duration"] = 1
            for need in step.get("needs", []):
                if change == "lag":
                    need["lag"] += 2
        if other == made:
            continue
        one, two = answer(made).best, answer(other).best
        decided += (one is None) != (two is None) or (one is not None and two is not None and not near(one[0], two[0]))
        if decided == 20:
            return
    raise AssertionError(f"{name} decides only {decided}")
