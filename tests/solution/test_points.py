"""Plans of which points are what is wanted: made, verified, and caught where a figure in points is wrong."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import Problem
from stepladder.data.load import load_plan
from stepladder.optimise import Options, Outcome, optimise
from stepladder.solution import make_plan
from stepladder.solution.recount import figures
from stepladder.solution.verify import verify
from tests.support.brute import Brute
from tests.support.problems import with_points


def asked(seed: int, **changes: Any) -> Problem:
    return Problem.model_validate_json(json.dumps({**with_points(seed), **changes}))


def planned(seed: int) -> Plan | None:
    made = asked(seed)
    outcome = optimise(made, Options(gap=0.0))
    return None if outcome.status == "infeasible" else make_plan(made, outcome)


def plans() -> list[Plan]:
    return [plan for seed in range(0, 120, 3) if (plan := planned(seed)) is not None]


def test_every_plan_is_verified_and_its_value_is_its_points_taken_negative() -> None:
    made = plans()
    assert len(made) >= 25
    for plan in made:
        assert verify(plan) == []
        assert plan.objective.value == -plan.totals.points_present_value


def test_a_wrong_total_of_points_is_found_however_large_the_losses_are() -> None:
    plan = next(plan for plan in plans() if plan.totals.points_present_value > 1)
    totals = plan.totals.model_copy(update={"points_present_value": plan.totals.points_present_value + 0.01})
    assert {fault.rule for fault in verify(plan.model_copy(update={"totals": totals}))} == {"figures_totals"}
    aim = plan.objective.model_copy(update={"value": plan.objective.value - 0.01})
    assert "figures_objective" in {fault.rule for fault in verify(plan.model_copy(update={"objective": aim}))}
    huge = tuple(threat.model_copy(update={"expected_loss_per_year": 9e12}) for threat in plan.problem.threats)
    rich = plan.model_copy(update={"problem": plan.problem.model_copy(update={"threats": huge}), "objective": aim})
    assert "figures_objective" in {fault.rule for fault in verify(rich)}


def test_figures_are_those_of_the_brute_force() -> None:
    for seed in range(0, 60, 3):
        said, made = with_points(seed), asked(seed)
        tried = list(Brute(said).plans())
        for plan in random.Random(seed).sample(tried, min(25, len(tried))):
            held = figures(made, plan.starts)
            assert held.points_present_value == pytest.approx(plan.points, rel=1e-12, abs=1e-12)
            assert held.objective("worth") == pytest.approx(plan.criteria("worth")[0], rel=1e-12, abs=1e-12)


def test_what_is_said_of_steps_that_are_left_out_is_what_the_verifier_counts() -> None:
    words: set[str] = set()
    for seed in range(0, 240, 3):
        made = asked(seed)
        allowed = [plan for plan in Brute(with_points(seed)).plans() if not plan.broken]
        for tried in random.Random(seed).sample(allowed, min(4, len(allowed))):
            value = figures(made, tried.starts).objective("worth")
            plan = make_plan(made, Outcome("feasible", tried.starts, value, value - 1.0))
            assert verify(plan) == [], seed
            words |= {left.detail for left in plan.not_planned.values()}
    assert any("points" in said and "would improve the plan by" in said for said in words)
    assert any(said.startswith("would be worth no points and cost") for said in words)
    assert any(said.startswith("is worth no points") for said in words)


def test_a_problem_and_a_plan_without_points_have_no_key_for_them() -> None:
    plain = {**with_points(1), "steps": [{**step, "points_per_year": 0.0} for step in with_points(1)["steps"]]}
    made = Problem.model_validate_json(json.dumps(plain))
    assert "points" not in made.model_dump_json()
    plan = make_plan(made, optimise(made, Options(gap=0.0)))
    assert "points" not in dump(plan)


def test_a_file_with_points_is_read_as_it_was_written() -> None:
    plan = plans()[0]
    text = dump(plan)
    assert '"points_per_year"' in text
    again = load_plan(Path("plan.json"), text)
    assert dump(again) == text
    assert verify(again) == []
