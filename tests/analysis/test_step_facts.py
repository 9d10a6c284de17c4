"""Why each step stands in a plan, what a plan uses of its limits, and what comes first; all worked out by hand."""

from __future__ import annotations

import pytest

from stepladder.analysis.next import beginning
from stepladder.analysis.roadmap import read
from stepladder.analysis.steps import dependencies, facts, removals
from tests.support import handmade


def test_what_a_step_removes_alone_at_todays_levels() -> None:
    # 20 % of 240,000 and 50 % of 60,000; the larger first.
    first, second = removals(handmade.problem())["access.depth.3"]
    assert first.threat == "ransomware"
    assert (first.share, first.per_year) == pytest.approx((0.2, 48000))
    assert second.threat == "tampering"
    assert second.per_year == pytest.approx(30000)


def test_a_factor_of_one_removes_nothing() -> None:
    threat = {"id": "t", "expected_loss_per_year": 5, "factors": {"access.depth.2": 1}}
    assert removals(handmade.problem(threats=[threat]))["access.depth.2"] == ()


def test_facts_by_start() -> None:
    found = facts(handmade.bottling())
    assert list(found) == ["access.depth.2", "assets.depth.2", "access.depth.3", "patching.depth.2"]
    first = found["access.depth.2"]
    assert (first.start, first.finish, first.unlocks, first.owner) == (0, 0, ("access.depth.3",), "Plant security")
    assert [milestone.title for milestone in first.milestones] == ["EU CRA: access control at 3"]
    assert found["access.depth.3"].finish == 2
    assert found["assets.depth.2"].implied_by == "patching.depth.2"


def test_unlocks_reach_through_others_and_stop_at_what_is_not_planned() -> None:
    steps = [
        {"id": "a"},
        {"id": "b", "needs": [{"step": "a"}]},
        {"id": "c", "needs": [{"step": "b"}]},
        {"id": "d", "needs": [{"step": "a"}]},
    ]
    asked = handmade.problem(steps=steps, threats=[])
    found = facts(handmade.plan(asked, {"a": 0, "b": 1, "c": 2}))
    assert found["a"].unlocks == ("b", "c")
    assert found["a"].direct == ("b",)


def test_of_alternatives_only_the_one_that_was_needed_unlocks() -> None:
    group = [[{"step": "a"}, {"step": "b"}]]
    asked = handmade.problem(steps=[{"id": "a"}, {"id": "b"}, {"id": "c", "needs_any": group}], threats=[])
    assert dependencies(asked, {"a": 0, "b": 2, "c": 1}) == [("c", "a")]
    assert dependencies(asked, {"a": 0, "b": 0, "c": 1}) == []


def test_alternatives_that_lean_on_each_other_make_no_cycle() -> None:
    steps = [
        {"id": "a", "needs_any": [[{"step": "b", "lag": 0}]]},
        {"id": "b", "needs_any": [[{"step": "a", "lag": 0}]]},
    ]
    asked = handmade.problem(steps=steps, threats=[])
    assert facts(handmade.plan(asked, {"a": 0, "b": 0}))["a"].unlocks == ()


def test_system_of_a_bare_problem_is_read_from_the_id() -> None:
    asked = handmade.problem(steps=[{"id": "line_1/a"}, {"id": "b"}], threats=[])
    found = facts(handmade.plan(asked, {"line_1/a": 0, "b": 0}))
    assert (found["line_1/a"].system, found["b"].system) == ("line_1", None)


def test_limits_hold_what_the_plan_uses() -> None:
    # Period 0: 12,000 + 5,000.50. Period 1: 12,000 of access.3 and a quarter of 2,000. So 29,500.50 until then.
    road = read(handmade.bottling())
    assert road.used["money"][:2] == [17000.5, 12500.0]
    held = road.applies("money", 1)
    assert held is not None
    assert (held.used, held.window.limit, held.window.to) == (29500.5, 36000, 1)
    assert road.used["security"] == [20, 6, 6, 0]
    assert road.applies("operations", 0) is None
    assert road.teams == ["operations", "security"]
    assert road.today == 300000


def test_the_tightest_of_the_limits_that_end_with_a_period_applies() -> None:
    windows = [
        {"resource": "money", "from": 0, "to": 3, "limit": 1},
        *({"resource": "money", "from": first, "to": 1, "limit": 20000.5} for first in (0, 1)),
    ]
    held = read(handmade.plan(handmade.problem(windows=windows))).applies("money", 1)
    assert held is not None
    # Since period 0 29,500.50 are used, since period 1 only 12,500.
    assert held.window.from_ == 0


def test_losses_by_threat() -> None:
    # 240,000 · 0.88 from period 1, · 0.8 · 0.75 from period 3.
    assert read(handmade.bottling()).losses["ransomware"] == pytest.approx([240000, 211200, 211200, 126720, 126720])


def test_the_beginning_is_the_first_period_with_a_start() -> None:
    first = beginning(handmade.plan(starts={"assets.depth.2": 1, "access.depth.2": 1, "patching.depth.2": 3}))
    assert first.period == 1
    assert first.when is not None
    assert first.when.label == "2027-Q2"
    # Without milestones: assets unlocks one planned step, access none.
    assert [step.step.id for step in first.steps] == ["assets.depth.2", "access.depth.2"]


def test_milestones_come_first() -> None:
    assert [step.step.id for step in beginning(handmade.bottling()).steps] == ["access.depth.2", "assets.depth.2"]


def test_nothing_to_begin_with() -> None:
    first = beginning(handmade.plan(starts={}))
    assert (first.period, first.when, first.steps) == (None, None, ())
