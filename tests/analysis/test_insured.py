"""A plan with insurance after some periods, in other futures, and in words."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace

import pytest

from stepladder.analysis.execute import carry
from stepladder.analysis.insured import dated, insured
from stepladder.analysis.rebase import rebase
from stepladder.analysis.replan import replan
from stepladder.analysis.roadmap import read
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import Problem
from stepladder.data.happened import as_planned
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import verify
from tests.solution.test_insured import MEAN, QUESTION
from tests.support.insured import insured as random_problem

EXACT = Options(gap=0.0)


def planned(seed: int) -> Plan | None:
    problem = Problem.model_validate_json(json.dumps(random_problem(seed)))
    found = optimise(problem, EXACT)
    return None if found.value is None else make_plan(problem, found)


@pytest.fixture(scope="module")
def plans() -> list[Plan]:
    return [plan for seed in range(24) if (plan := planned(seed)) is not None and any(plan.policies)]


def test_a_policy_in_force_is_a_fact_and_the_rest_is_planned_anew(plans: list[Plan]) -> None:
    assert len(plans) >= 5
    for published in plans:
        for now in range(1, published.problem.horizon):
            rebased = rebase(published.problem, as_planned(published, now))
            years = rebased.problem.policy_years
            assert [year.decided for year in years] == [
                year.from_ < now or old.decided for year, old in zip(years, published.problem.policy_years, strict=True)
            ]
            plan = replan(published, rebased, None, EXACT).plan
            assert verify(plan) == []
            for year, was, held in zip(years, published.policies, plan.policies, strict=True):
                assert held == was or year.from_ >= now
            # Where all has gone as planned the plan is still the best.
            assert plan.objective.value == pytest.approx(published.objective.value, rel=1e-9, abs=1e-6)


def test_a_policy_that_is_no_longer_on_offer_stays_in_force() -> None:
    problem = Problem.model_validate_json(json.dumps(QUESTION))
    published = make_plan(problem, optimise(problem, EXACT))
    bare = problem.model_copy(update={"policies": (), "policy_years": ()})
    rebased = rebase(bare, as_planned(published, 1), before=(problem, as_planned(published, 1)))
    assert [policy.id for policy in rebased.problem.policies] == ["basic"]
    plan = replan(published, rebased, None, EXACT).plan
    assert plan.policies == ("basic", None)
    assert verify(plan) == []


@pytest.mark.parametrize("fate", ["cancelled", "open again", "done"])
def test_a_policy_in_force_is_renewed_only_where_what_it_asks_for_is_there(fate: str) -> None:
    """A list is asked for by the policy of the last year, which has begun; then it is taken back, or it has turned out
    not to be there. By hand: in its year the policy stays, after the horizon 1,253.4797 of each event become 1,648.7213
    again (see `tests/solution/test_insured.py`), and nothing is paid.
    """
    made = Problem.model_validate_json(json.dumps({**QUESTION, "windows": []}))
    published = make_plan(made, optimise(made, EXACT))
    assert (published.policies[1], "list" in published.starts) == ("full", True)
    past = as_planned(published, 3)
    if fate == "cancelled":
        past = replace(past, started=without(past.started, "list"), cancelled=frozenset({"list"}))
    if fate == "open again":
        past = replace(past, started=without(past.started, "list"))
    standing = rebase(made, past)
    after = replan(published, standing, None, EXACT).plan
    assert verify(after) == []
    assert after.policies == published.policies
    assert after.problem.policy_years[1].to == (4 if fate == "done" else 3)
    left = 1253.47970 if fate == "done" else MEAN
    assert after.periods[3].expected_loss_per_year == pytest.approx(5 * 1253.47970 + MEAN, abs=1e-2)
    assert after.totals.tail_expected_loss_per_year == pytest.approx(5 * left + MEAN, abs=1e-2)
    assert after.renewed == (500.0 if fate == "done" else 0.0)
    said = [note for note in standing.notes if "renewed" in note]
    assert (
        said
        == {
            "done": [],
            "cancelled": ["Policy “full” is not renewed after the horizon: it asks for list, which was cancelled."],
            "open again": ["Policy “full” is not renewed after the horizon: it asks for list, which is not done."],
        }[fate]
    )
    # A new question, in which the year goes on after the horizon, knows the policy still.
    again = rebase(made, as_planned(after, 3), before=(after.problem, as_planned(after, 3)))
    assert again.problem.policy_years[1].policy == "full"
    assert again.problem.policy_years[1].to == (4 if fate == "done" else 3)


def without(starts: Mapping[str, int], name: str) -> dict[str, int]:
    return {step: start for step, start in starts.items() if step != name}


def test_carried_out_as_planned_it_comes_to_what_the_plan_says(plans: list[Plan]) -> None:
    for plan in plans:
        carried = carry(plan.problem, plan.decided)
        assert carried.value == pytest.approx(plan.objective.value, rel=1e-9, abs=1e-6)
        assert carried.over == {}


def test_a_policy_whose_demands_come_late_is_not_in_force() -> None:
    problem = Problem.model_validate_json(json.dumps(QUESTION))
    plan = make_plan(problem, optimise(problem, EXACT))
    late = {"list": 3, "door": 0, "basic@0": 0, "full@1": 2}
    one, other = carry(problem, late), carry(problem, {name: at for name, at in late.items() if name != "full@1"})
    assert (one.value, one.loss_at_the_end) == (other.value, other.loss_at_the_end)
    assert one.loss_at_the_end > plan.totals.tail_expected_loss_per_year


def test_what_policies_take_over_and_why_there_is_none(plans: list[Plan]) -> None:
    for plan in plans:
        for one, name in zip(insured(plan), plan.policies, strict=True):
            assert (one.policy.id if one.policy else None) == name
            if one.policy is None:
                continue
            assert 0 <= one.taken <= one.loss
        assert sum(not renewed for *_, renewed in dated(plan)) >= 1
        # Limits hold the premiums too.
        road = read(plan)
        assert sum(road.used["money"]) == pytest.approx(sum(period.spend for period in plan.periods))
        assert sum(road.used["money_once"]) == pytest.approx(sum(plan.once(step.step) for step in road.steps.values()))


def test_without_policies_a_plan_is_written_as_it_was() -> None:
    problem = Problem.model_validate_json(json.dumps({**QUESTION, "policies": [], "policy_years": []}))
    assert "polic" not in dump(make_plan(problem, optimise(problem, EXACT)))
