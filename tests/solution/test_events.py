"""How losses come about, in a plan's file: one that does not say so is as it was, and one that does has it sealed."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.plan import Plan, dump, faults, seal_of
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.problem import dump as written
from stepladder.data.load import load_plan
from stepladder.solution.verify import verify
from tests.support import handmade

#: As it was written before there were events.
BEFORE = Path(__file__).parent / "without_events.json"
#: 4 · 60,000 a year, of which the second costs what the first does.
EVENTS: dict[str, Any] = {"per_year": 4, "median": 60000}


def question(**threat: Any) -> Problem:
    """The small line, with more said of its first threat."""
    said = json.loads(written(handmade.problem()))
    said["threats"][0] |= threat
    return Problem.model_validate_json(json.dumps(said))


def test_a_file_from_before_is_verified_under_its_seal_and_written_as_it_was() -> None:
    plan = load_plan(BEFORE)
    assert plan.seal == seal_of(plan)
    assert verify(plan) == []
    assert dump(plan) == BEFORE.read_text(encoding="utf-8")
    # The same file in which a loss comes about by chance is another.
    said = json.loads(dump(plan))
    said["problem"]["threats"][0]["events"] = {"per_year": 4, "median": 25000}
    assert {fault.rule for fault in verify(Plan.model_validate_json(json.dumps(said)))} == {"seal"}


def test_a_threat_says_how_its_loss_comes_about_only_where_that_is_known() -> None:
    first, second = json.loads(written(question(events=EVENTS, cheaper=["patching.depth.2"])))["threats"]
    assert first["events"] == {"per_year": 4.0, "median": 60000.0, "sigma": 0.0}
    assert first["cheaper"] == ["patching.depth.2"]
    assert not {"events", "cheaper"} & set(second)


@pytest.mark.parametrize(
    ("field", "value"), [("per_year", 8.0), ("median", 30000.0), ("sigma", 1.0), ("cheaper", ["access.depth.3"])]
)
def test_a_change_of_it_is_seen(field: str, value: Any) -> None:
    made = json.loads(dump(handmade.plan(question(events=EVENTS, cheaper=["patching.depth.2"]))))
    assert verify(Plan.model_validate_json(json.dumps(made))) == []
    threat = made["problem"]["threats"][0]
    (threat if field == "cheaper" else threat["events"])[field] = value
    changed = Plan.model_validate_json(json.dumps(made))
    assert [fault.rule for fault in verify(changed)] == ["seal"]
    # What does not come to the expected loss is no question at all, with a seal or without.
    assert [code for _, code, _ in faults(changed)] == ([] if field == "cheaper" else ["SL313"])


def test_what_remains_of_a_loss_is_what_remains_of_both_parts() -> None:
    # By hand: 0.88 · 0.8 of the events, each at 0.75 of its cost.
    threat = question(events=EVENTS, cheaper=["patching.depth.2"]).threats[0]
    assert threat.remains(set(threat.factors)) == pytest.approx((0.88 * 0.8, 0.75))
    assert threat.remains({"access.depth.2", "patching.depth.2"}) == pytest.approx((0.88, 0.75))
    assert threat.remains(()) == (1, 1)


def test_events_that_come_to_another_loss_are_more_or_fewer_of_the_same() -> None:
    events = question(events={"per_year": 4, "median": 60000 / 1.6487212707, "sigma": 1}).threats[0].events
    assert events is not None
    # The mean is median · exp(1 / 2), which is 60,000: three of them are 180,000.
    more = events.coming_to(180_000)
    assert more is not None
    assert (more.median, more.sigma) == (events.median, events.sigma)
    assert more.per_year == pytest.approx(3)
    none = events.coming_to(0)
    assert none is not None
    assert none.per_year == 0


@pytest.mark.parametrize(("median", "loss"), [(0, 5), (0, 0), (1e-4, 1e13)])
def test_no_number_of_events_that_cost_nothing_comes_to_a_loss(median: float, loss: float) -> None:
    events = question(expected_loss_per_year=0, events={"per_year": 0, "median": median}).threats[0].events
    assert events is not None
    assert events.coming_to(loss) is None
