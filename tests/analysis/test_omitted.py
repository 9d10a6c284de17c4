"""Steps that are left out: what is said to be in their way is so, at every start."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from stepladder.analysis.omitted import omitted
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.solution.verify import broken_rules
from stepladder.wording.levels import levelled
from tests.support import handmade
from tests.support.problems import problem
from tests.support.shapes import renewed

STARTS_OF = {"earliest", "needs"}
RULES = {"windows", "max_parallel", "needs_any", "excludes", "latest_finish", *STARTS_OF}


@cache
def full(seed: int) -> Plan:
    """A small plan into which steps were put, one after the other, at the first start that breaks no more rules."""
    made = problem(seed) | {"appetite": []}
    for step in made["steps"][::3]:
        step["earliest"] = max(1, step.get("earliest", 0))
    asked = Problem.model_validate_json(json.dumps(made))
    starts: dict[str, int] = {}
    for step in asked.steps:
        for start in range(asked.horizon - step.duration + 1):
            if not RULES & broken(asked, starts, step.id, start):
                starts[step.id] = start
                break
    return handmade.plan(asked, starts)


def broken(asked: Problem, starts: dict[str, int], name: str, start: int) -> set[str]:
    return {fault.rule for fault in broken_rules(asked, {**starts, name: start})}


@pytest.mark.parametrize("seed", range(60))
def test_from_the_period_on_that_is_named_every_start_breaks_one_of_the_limits(seed: int) -> None:
    plan = full(seed)
    for group in omitted(plan):
        for one in group.steps if group.why == "room" else ():
            for start in range(plan.problem.horizon - one.step.duration + 1):
                rules = broken(plan.problem, dict(plan.starts), one.step.id, start)
                if start < one.since:
                    assert rules & STARTS_OF, (one.step.id, start)
                elif group.rules == {"max_parallel"}:
                    assert "max_parallel" in rules
                else:
                    assert rules & {"windows", "max_parallel"}
                    assert not rules & {"needs_any", "excludes", *STARTS_OF}


def test_all_that_is_said_is_said_of_some() -> None:
    groups = [group for seed in range(60) for group in omitted(full(seed))]
    assert {"room", "needs", "rules"} <= {group.why for group in groups}
    assert any(one.since for group in groups for one in group.steps)


def test_every_step_is_in_one_group() -> None:
    for plan in (handmade.bottling(), renewed(), *map(handmade.random_plan, range(20))):
        names = [one.step.id for group in omitted(plan) for one in group.steps]
        assert sorted(names) == sorted(step.id for step in plan.problem.steps if step.id not in plan.starts)


def test_whoever_cancelled_a_step_has_the_first_word() -> None:
    groups = {group.why: [one.step.id for one in group.steps] for group in omitted(renewed())}
    assert groups["cancelled"] == ["vault.depth.4"]


def test_a_step_that_nothing_needs_and_that_removes_nothing() -> None:
    steps: list[dict[str, Any]] = [{"id": "idle", "title": "Idle", "once": 10**9}]
    (group,) = omitted(handmade.plan(handmade.problem(steps=steps, threats=[], appetite=[]), {}))
    # There is no money for it either; that it never pays is said, whatever there is room for.
    assert group.why == "nothing"


def test_levels_from_and_to_and_of_how_many() -> None:
    plan = handmade.bottling()
    steps = plan.problem.steps_by_id()
    assert levelled(plan, steps["access.depth.2"]) == "Access Control: level 1 → 2 of 3 (Ad hoc)"
    assert levelled(plan, steps["access.depth.3"], "Zones") == "Zones (level 2 → 3 of 3, Consistent)"
    assert levelled(plan, steps["assets.depth.2"]) == "Asset Management to Ad hoc"  # of a practice that is not told
    assert levelled(handmade.plan(), steps["access.depth.2"]) == "Access Control to Ad hoc"
