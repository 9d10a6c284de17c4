"""Several plans in one project: whose items are whose, and what was pushed before plans had ids."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepladder.cli.tracking import state_of
from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError
from stepladder.exchange.push.engine import Done, PushState, summary
from stepladder.exchange.push.state import dump, load
from stepladder.workflow.push import carry_out, look
from tests.support.trackers import OLD, Fake, mark, new_plan


def pushed(plan: Plan, tracker: Fake, state: PushState) -> tuple[Any, Done]:
    planned = look(plan, tracker, state)
    return planned, carry_out(planned, tracker, state, lambda: None)


def counts(planned: Any) -> dict[str, int]:
    return {verb: count for verb, count in summary(planned.steps.actions).items() if count}


def named(plan: Plan, name: str | None) -> Plan:
    return plan.model_copy(update={"id": name})


def look_of(tracker: Fake) -> dict[str, Any]:
    return {mark: (remote.key, dict(remote.fields), remote.open) for mark, remote in tracker.read().items()}


def test_two_plans_in_one_project_leave_each_other_alone() -> None:
    tracker = Fake()
    states: dict[str, PushState] = {"one": {}, "two": {}}
    pushed(named(OLD, "one"), tracker, states["one"])
    first = look_of(tracker)
    planned, done = pushed(named(OLD, "two"), tracker, states["two"])
    assert counts(planned) == {"create": 6, "link": 4}
    assert (done.failed, done.drift) == ([], [])
    assert set(planned.steps.strangers) == set(first)
    both = look_of(tracker)
    assert {mark: both[mark] for mark in first} == first
    assert len(both) == 2 * len(first)
    for name in ("one", "two", "one"):
        again, _ = pushed(named(OLD, name), tracker, states[name])
        assert again.steps.actions == ()
    # One is planned anew: nothing of the other moves.
    pushed(named(new_plan(), "two"), tracker, states["two"])
    after = look_of(tracker)
    assert {mark: after[mark] for mark in first} == first
    assert after != both


def test_what_was_pushed_before_plans_had_ids_is_taken_over_once() -> None:
    tracker = Fake()
    state: PushState = {}
    pushed(named(OLD, None), tracker, state)
    before = look_of(tracker)
    text = dump(state, {"tracker": "fake"})
    assert '"id"' not in text
    planned, _ = pushed(named(OLD, "line"), tracker, state)
    # Only the lines that name an item's id are new.
    assert set(counts(planned)) <= {"change"}
    assert {name for action in planned.steps.actions for name in action.fields} <= {"text"}
    assert set(look_of(tracker)) == set(before)
    assert pushed(named(OLD, "line"), tracker, state)[0].steps.actions == ()
    # What is new has a mark of its own, what is dropped is closed, what is kept keeps its mark.
    planned, _ = pushed(named(new_plan(), "line"), tracker, state)
    assert {(action.verb, action.mark) for action in planned.steps.actions if action.verb in ("create", "close")} == {
        ("create", mark(named(new_plan(), "line"), "vault.depth.4")),
        ("close", mark(OLD, "patching.depth.2")),
        ("close", mark(OLD, "assets.depth.2")),
    }
    assert pushed(named(new_plan(), "line"), tracker, state)[0].steps.actions == ()


def test_another_plan_s_items_are_taken_over_when_somebody_says_so() -> None:
    tracker = Fake()
    pushed(named(OLD, "theirs"), tracker, {})
    there = set(look_of(tracker))
    state: PushState = {}
    with pytest.raises(UsageError, match="nothing there is of a plan 'nobody'"):
        look(named(OLD, "ours"), tracker, state, adopt="nobody")
    planned = look(named(OLD, "ours"), tracker, state, side="ours", adopt="theirs")
    assert "create" not in counts(planned)
    carry_out(planned, tracker, state, lambda: None)
    assert set(look_of(tracker)) == there
    # From now on they are ours, without saying so again, also from a file.
    assert {record.id.partition("/")[0] for record in state.values()} == {"ours"}
    assert pushed(named(OLD, "ours"), tracker, state)[0].steps.actions == ()


def test_a_state_file_is_of_one_plan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    target = {"tracker": "redmine", "url": "http://x", "project": "plant"}
    assert str(state_of("redmine", "plant", None, "line")) == "stepladder-redmine-plant-line.json"
    assert str(state_of("redmine", "plant", None, None)) == "stepladder-redmine-plant.json"
    # One from before is taken over by whoever comes first.
    before = tmp_path / "stepladder-redmine-plant.json"
    before.write_text(dump({}, target), encoding="utf-8")
    assert state_of("redmine", "plant", None, "line").name == before.name
    before.write_text(dump({}, target, "line"), encoding="utf-8")
    assert state_of("redmine", "plant", None, "line").name == before.name
    assert state_of("redmine", "plant", None, "other").name == "stepladder-redmine-plant-other.json"
    assert load(before, target, "line") == {}
    with pytest.raises(UsageError, match="the state of the plan 'line'"):
        load(before, target, "other")
