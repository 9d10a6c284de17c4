"""Better plans from small programs: what they say is what the whole program says, and nothing depends on who is
faster.
"""

from __future__ import annotations

import json
import math
import threading

import numpy as np
import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.optimise import Options, Outcome, optimise
from stepladder.optimise.formulation.variables import Grid, lay
from stepladder.optimise.heuristics.greedy import criteria_of, promising
from stepladder.optimise.heuristics.improver import Improver
from stepladder.optimise.heuristics.lp_guide import Guide
from stepladder.optimise.heuristics.subproblem import NEVER, Frame, StartArray
from stepladder.optimise.solvers.highs import small
from stepladder.solution.verify import broken_rules
from tests.benchmarks.generate import CARRIES, Carry, smm
from tests.support.problems import problem
from tests.support.sizes import FULL


def starts_of(grid: Grid, plan: dict[str, int]) -> StartArray:
    return np.array([plan.get(step.id, NEVER) for step in grid.problem.steps], dtype=np.int64)


def test_with_nothing_free_there_is_nothing_and_with_all_free_the_best() -> None:
    """All steps free, from any plan: the true optimum where one tangent is at it; from there nothing is better."""
    seen = 0
    for seed in range(0, 490, 7):
        held = Problem.model_validate_json(json.dumps(problem(seed)))
        found = optimise(held, Options(gap=0.0))
        if held.objective != "risk" or found.value is None:
            continue
        seen += 1
        grid = lay(Ledger(held))
        frame = Frame(grid)
        starts = starts_of(grid, found.starts)
        assert len(frame.around(starts, np.zeros(len(frame.step), dtype=bool)).columns) == 0
        if not (frame.step >= 0).any():
            continue
        part = frame.around(starts, frame.step >= 0)
        answer = small(part.program, part.first, 1000, lambda: False)
        assert answer.proved, seed
        assert answer.values is not None
        lowest = float(part.program.cost @ answer.values) + frame.made.constant
        assert lowest * grid.scale <= found.value + 1e-6 * max(1.0, abs(found.value)), seed
        assert np.array_equal(frame.starts(frame.values(starts), len(starts)), starts)
    assert seen >= 20


@pytest.mark.parametrize("carry", CARRIES)
def test_epochs_give_better_plans_that_keep_every_rule(carry: Carry) -> None:
    made = smm(5, 1, carry)
    grid = lay(Ledger(made))
    plan = promising(grid, threading.Event())
    assert plan is not None
    improver = Improver(grid, Guide(), 0, beside=False, stopped=lambda: False)
    assert improver.exchange(plan) is None
    found = improver.exchange(plan)
    improver.end()
    assert found is not None
    assert broken_rules(made, found) == []
    one, other = criteria_of(grid, found), criteria_of(grid, plan)
    assert one is not None
    assert other is not None
    assert one < other


def solved(threads: int, effort: int, seed: int = 0) -> Outcome:
    return optimise(smm(3, 1, "none"), Options(gap=0.0, threads=threads, work=effort, seed=seed))


def test_the_same_work_gives_the_same_plan_and_bound_in_turn_or_at_the_same_time() -> None:
    once = solved(1, 3)
    assert all(solved(2, 3) == once for _ in range(2 if FULL else 1))


@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_more_work_is_never_worse() -> None:
    one, more = solved(2, 1), solved(2, 4)
    assert None not in (one.value, one.bound, more.value, more.bound)
    assert (one.value or math.nan) >= (more.value or math.nan)
    assert (one.bound or math.nan) <= (more.bound or math.nan) <= (more.value or math.nan)


def test_a_stop_ends_an_epoch() -> None:
    made = smm(3, 1, "none")
    grid = lay(Ledger(made))
    plan = promising(grid, threading.Event())
    improver = Improver(grid, Guide(), 0, beside=True, stopped=lambda: True)
    improver.exchange(plan)
    assert improver.exchange(plan) == plan
    improver.end()
