"""What counts as equal, and searches that end: at a local optimum, with the gap that is wanted, and without a step
that is of no use.
"""

from __future__ import annotations

import random
from typing import Any

import numpy as np
import pytest

from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.order import Order
from stepladder.evaluate.tables import Tables
from stepladder.optimise import Options, optimise
from stepladder.optimise.formulation.program import criteria
from stepladder.optimise.formulation.rules import better_than, other_than
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.search.state import values_of
from stepladder.optimise.solvers import highs
from stepladder.optimise.solvers.arrays import Arrays, without_smallest
from stepladder.solution import make_plan
from stepladder.solution.recount import figures
from stepladder.solution.verify import broken_rules
from tests.benchmarks.generate import smm
from tests.support.edges import edge
from tests.support.exactly import LEFT_OPEN, NEVER_ENDS, POINTLESS, Every, record
from tests.support.problems import problem
from tests.support.sizes import FULL
from tests.support.watched import watched

PROBLEMS = 3000 if FULL else 240
CHUNK = PROBLEMS // 12
#: Most of them take a tenth of one.
SECONDS = 120.0


# -- the faults ----------------------------------------------------------------------------------------------------


def test_small_losses_beside_large_ones_are_no_circle() -> None:
    """R with the step at 0: 1e9 · 6.71 + 0.01 · (1 + 0.5 · (0.95 + 0.9 + 0.86 + 3)) = 6,710,000,000.03855; without
    it 0.0671, equal to 1e-9.
    """
    assert watched("tests.support.exactly:of_fault", ["never ends"], SECONDS) == {}
    for gap in (0.0, 0.01):
        found = optimise(record(NEVER_ENDS), Options(gap=gap))
        assert found.status == "optimal"
        assert found.value == pytest.approx(6710000000.03855, rel=1e-9)
        # Equal losses: nobody pays 1,000 for three cents in seven thousand million.
        assert found.starts == {}


@pytest.mark.parametrize("gap", [0.0, 0.01])
def test_a_step_that_is_needed_by_useless_ones_only_is_not_bought(gap: float) -> None:
    """R = 100,000 · 0.25 · (1 + 0.98 + 0.97) = 73,750."""
    found = optimise(record(POINTLESS), Options(gap=gap))
    assert (found.status, found.starts, found.value) == ("optimal", {}, 73750.0)


@pytest.mark.parametrize("solver", ["highs", "cbc"])
def test_a_gap_that_is_not_wanted_is_closed(solver: Any) -> None:
    found = optimise(record(LEFT_OPEN), Options(gap=0.0, solver=solver))
    assert (found.status, found.starts) == ("optimal", {"s0": 2, "s2": 3})
    assert found.value == pytest.approx(228.40644375, rel=1e-9)
    assert found.bound == pytest.approx(228.40644375, rel=1e-9)


# -- the order -----------------------------------------------------------------------------------------------------


def test_the_order_is_transitive_at_any_ceiling() -> None:
    rng = random.Random(1)
    values = [1.0 + k * 1e-13 for k in range(12)] + [0.0, -1.0]
    for ceiling in (float("-inf"), 1.0 + 5e-13, 0.0):
        order = Order(ceiling)
        for _ in range(5000):
            a, b, c = ((rng.choice(values), rng.choice(values)) for _ in range(3))
            assert not (order.better(a, b) and order.better(b, a))
            assert order.better(a, c) or not (order.better(a, b) and order.better(b, c))
            # What neither comes before the other is equal, and that is transitive too.
            same = [not order.better(x, y) and not order.better(y, x) for x, y in ((a, b), (b, c), (a, c))]
            assert same[2] or not (same[0] and same[1])


@pytest.mark.parametrize("seed", range(0, 120, 3))
def test_what_a_draft_comes_to_is_of_the_plan_alone(seed: int) -> None:
    """To the last digit: whatever was tried on the way."""
    made = record(edge(seed))
    tables, rng = Tables(Ledger(made)), random.Random(seed)
    draft = Draft(tables)
    for _ in range(60):
        k = rng.randrange(len(made.steps))
        draft.put(k, rng.choice([None, *range(made.horizon - made.steps[k].duration + 1)]))
        fresh = Draft(tables, draft.plan)
        assert draft.criteria() == fresh.criteria()
        assert draft.size() == fresh.size()
        assert (draft.losses == fresh.losses).all()


# -- polishing -----------------------------------------------------------------------------------------------------


def test_polishing_ends_where_no_single_change_is_better() -> None:
    assert watched("tests.support.exactly:of_polish", [str(seed) for seed in range(600 if FULL else 60)], SECONDS) == {}


@pytest.mark.parametrize("seed", [2, 5])
def test_at_default_options_no_move_or_drop_saves_money_without_more_loss(seed: int) -> None:
    made = smm(seed, 1, "year")
    # Some of the steps of one practice are of no use, and what they need is then of none either.
    lost = {step.id for step in made.steps if step.id.startswith(("p3.", "p7."))}
    threats = tuple(
        t.model_copy(update={"factors": {name: f for name, f in t.factors.items() if name not in lost}})
        for t in made.threats
    )
    made = made.model_copy(update={"threats": threats})
    found = optimise(made, Options())
    now = figures(made, found.starts)
    risk, spend = now.objective("risk"), now.spend_present_value
    draft = Draft(Tables(Ledger(made)), found.starts)
    for k, step in enumerate(made.steps):
        for start in (None, *range(made.horizon - step.duration + 1)) if step.id in found.starts else ():
            if not draft.broken(k, start, first=True):
                other = {name: at for name, at in found.starts.items() if name != step.id} | (
                    {} if start is None else {step.id: start}
                )
                assert broken_rules(made, other) == []
                there = figures(made, other)
                assert there.spend_present_value >= spend - 1e-6 or there.objective("risk") > risk, (step.id, start)


# -- against every plan that there is ------------------------------------------------------------------------------


@pytest.mark.parametrize("first", range(0, PROBLEMS, CHUNK))
def test_answers_at_the_edge_equal_the_brute_force(first: int) -> None:
    """Status, value, second criterion and bound, exactly and at default options; with STEPLADDER_FULL=1 of 3,000
    problems.
    """
    assert watched("tests.support.exactly:of_seed", [str(seed) for seed in range(first, first + CHUNK)], SECONDS) == {}


def test_every_edge_is_among_them() -> None:
    """Of the seeds that are always tried: each rule and each objective, factors near 0 and 1, losses and money of
    all sizes.
    """
    made = [problem(seed) if seed % 3 == 0 else edge(seed) for seed in range(240)]
    factors = [factor for said in made for threat in said["threats"] for factor in threat["factors"].values()]
    assert min(factors.count(value) for value in (1e-9, 1 - 1e-12, 1.0)) >= 10
    assert sum({0.01, 1e9} <= {threat["expected_loss_per_year"] for threat in said["threats"]} for said in made) >= 10
    assert sum(any(step["once"] > 9e11 for step in said["steps"]) for said in made) >= 5
    assert {said["objective"] for said in made} == {"risk", "spend", "net"}


def test_an_endless_run_is_reported_with_what_it_was_about() -> None:
    assert watched("tests.support.exactly:of_endless", ["7"], 5.0) == {"7": "not ended after 5 s"}


def test_plans_that_a_solver_hides_are_come_by_when_others_are_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the check of the solver's own words: the plan that it gives back is no better than what it proves, so
    it is cut off.
    """
    monkeypatch.setattr(highs, "_contradicts_itself", lambda *_: False)
    found = optimise(record(LEFT_OPEN), Options(gap=0.0))
    assert (found.status, found.starts) == ("optimal", {"s0": 2, "s2": 3})


@pytest.mark.parametrize("seed", range(0, 90, 3))
def test_rows_that_cut_plans_off_lose_nothing_better(seed: int) -> None:
    """Every plan that is better than a plan keeps the row, the plan itself does not; of the other row only the plan
    itself does not.
    """
    said, rng = edge(seed), random.Random(seed)
    every, made = Every(said), record(said)
    grid = lay(Ledger(made))
    terms = criteria(grid)[0][0]
    able = [
        tried
        for tried in every.allowed
        if all(start in grid.starts_of(grid.ledger.steps[name]) for name, start in tried.starts.items())
    ]
    assert len(able) == len(every.allowed)
    for plan in rng.sample(able, min(4, len(able))):
        better, other = better_than(grid, terms, plan.starts, "0"), other_than(grid, plan.starts, "0")
        for tried in rng.sample(able, min(200, len(able))):
            values = values_of(grid, tried.starts)
            kept = [
                sum(amount * values[name] for name, amount in row.terms.items()) >= row.rhs - 1e-9
                for row in (better, other)
            ]
            assert kept[1] == (tried.starts != plan.starts)
            gain = plan.criteria(every.objective)[0] - tried.criteria(every.objective)[0]
            assert kept[0] or gain <= every.near(plan.criteria(every.objective)[0])


def test_coefficients_that_a_solver_takes_for_zero_lose_no_solution() -> None:
    rng = np.random.default_rng(5)
    for _ in range(50):
        count = 6
        x = rng.random(count)
        value = rng.normal(size=(3, count)) * 10.0 ** rng.integers(-12, 1, size=(3, count))
        sides = value @ x
        start = np.arange(0, 3 * count + 1, count, dtype=np.int32)
        index = np.tile(np.arange(count, dtype=np.int32), 3)
        whole = np.zeros(count, dtype=bool)
        made = Arrays(
            [], np.zeros(count), np.zeros(count), np.ones(count), whole, sides, sides, start, index, value.ravel(), 0.0
        )
        left = without_smallest(made)
        assert not len(left.value) or np.abs(left.value).min() > 1e-9
        reached = np.bincount(left.row, weights=left.value * x[left.index], minlength=3)
        assert (reached >= left.row_lower - 1e-15).all()
        assert (reached <= left.row_upper + 1e-15).all()
        assert (left.row_upper - left.row_lower <= count * 1e-9 + 1e-15).all()


def test_what_is_too_little_to_be_paid_for_is_said_to_be_so() -> None:
    """0.01 · 0.5 · (0.95 + 0.9 + 0.86 + 3) = 0.02855 of 6.71e9: no search was stopped before that."""
    made = record(NEVER_ENDS)
    said = make_plan(made, optimise(made)).not_planned["a"]
    assert (said.reason, said.detail.split(":")[0]) == (
        "worsens_objective",
        "would improve the plan by 0.03 only (present value)",
    )
