"""An appetite for large losses, from the scenario to the problem: what may be said, and what is refused where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem, dump, faults
from stepladder.data.load import load
from stepladder.errors import InvalidInput
from stepladder.output.checked import check_text
from stepladder.workflow.check import check

SAID = """\
format: stepladder-scenario/1
catalogue: iot_smm
horizon: {start: 2027-01-01, periods: 4}
current: {default: {comprehensiveness: 1, scope: 1}}
target: {access_control: {comprehensiveness: 3, scope: 1}}
budget: {amount: 70000}
threats:
  ransomware: {type: ransomware_on_operations, events_per_year: 0.2, loss_per_event: {median: 300000, p95: 2500000}}
  fire: {title: Fire, FIRE, reduced_by: {access_control: {comprehensiveness: {3: 20%}}}}
appetite:
  bank: {CAP, from: 2027-Q3}
"""
SPREAD = "events_per_year: 0.1, loss_per_event: {median: 90000, p95: 900000}"


def written(folder: Path, cap: str, fire: str = SPREAD) -> Path:
    path = folder / "asked.yaml"
    path.write_text(SAID.replace("CAP", cap).replace("FIRE", fire), encoding="utf-8")
    return path


def test_each_measure_is_a_cap_of_the_problem(tmp_path: Path) -> None:
    cap = "expected_loss_per_year: 90000, one_event: {above: 2e6, chance: 5%}, year: {above: 3e6, chance: 0.04}"
    loaded = load(written(tmp_path, cap.replace("2e6", "2000000").replace("3e6", "3000000")))
    made = loaded.problem
    assert [(c.of, c.above, c.chance, c.from_, c.to) for c in made.exceedance] == [
        ("one_event", 2e6, 0.05, 2, 4),
        ("year", 3e6, 0.04, 2, 4),
    ]
    assert len(made.appetite) == 1
    assert Problem.model_validate_json(dump(made)) == made
    asked = [demand for demand in loaded.demands if demand.kind == "appetite"]
    assert [demand.name for demand in asked] == [
        "expected loss at most 90,000 a year from 2027-Q3 on",
        "the chance of an event above 2,000,000 at most 5 % a year from 2027-Q3 on",
        "the chance of a year above 3,000,000 at most 4 % a year from 2027-Q3 on",
    ]
    assert all("asked.yaml:11" in demand.at for demand in asked)


@pytest.mark.parametrize(
    ("cap", "fire", "code", "said"),
    [
        ("one_event: {above: 1000000, chance: 0}", SPREAD, "SL104", "0 is too small; it must be more than 0"),
        ("one_event: {above: 1000000, chance: 100%}", SPREAD, "SL104", "less than 1"),
        ("year: {above: 0, chance: 5%}", SPREAD, "SL104", "0 is too small; it must be more than 0"),
        ("year: {above: 1000000}", SPREAD, "SL102", "'chance' is missing"),
        ("excess: {above: 1000000, per_year: -1}", SPREAD, "SL104", "0"),
        ("reason: None", SPREAD, "SL104", "caps nothing; give expected_loss_per_year, one_event, year or excess"),
        ("one_event: {above: 1000000, chance: 5%}, threat: flood", SPREAD, "SL206", "unknown threat 'flood'"),
        ("one_event: {above: 9, chance: 5%}", "expected_loss_per_year: 9000", "SL102", "'Fire' has an expected loss"),
        (
            "excess: {above: 9, per_year: 5}",
            "events_per_year: 1, loss_per_event: 90",
            "SL102",
            "'Fire' does not say how much its events differ, so how likely large losses are is not known; give it",
        ),
        (
            "year: {above: 1000000, chance: 5%}",
            "events_per_year: 150, loss_per_event: {median: 90, p95: 900}",
            "SL313",
            "150 events a year are too many to tell what they come to together (at most 100); cap one threat",
        ),
    ],
)
def test_what_cannot_be_is_refused_with_its_line(tmp_path: Path, cap: str, fire: str, code: str, said: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(written(tmp_path, cap, fire))
    issues = caught.value.issues
    assert [issue.code for issue in issues] == [code]
    assert said in issues[0].message
    assert issues[0].location is not None
    assert issues[0].location.line == 11


def test_a_cap_on_a_threat_that_says_enough_needs_nothing_of_the_others(tmp_path: Path) -> None:
    cap = "one_event: {above: 1000000, chance: 5%}, threat: ransomware"
    assert load(written(tmp_path, cap, "expected_loss_per_year: 9000")).problem.exceedance[0].threat == "ransomware"


def test_a_cap_that_is_kept_today_is_told_by_check(tmp_path: Path) -> None:
    for most, kept in (("50%", True), ("0.1%", False)):
        for measure in ("one_event", "year"):
            found = check(written(tmp_path, f"{measure}: {{above: 2000000, chance: {most}}}"))
            assert found.facts.idle_caps == ((0,) if kept else ())
            text = " ".join(check_text(found.question.problem, found.facts).split())
            assert ("Given your numbers, a cap is kept already today" in text) == kept


def said_problem(**cap: Any) -> dict[str, Any]:
    events = {"per_year": 0.5, "median": 1000.0, "sigma": 1.0}
    return {
        "format": "stepladder-problem/1",
        "periods": [{"label": "p0", "years": 1, "discount": 1}, {"label": "p1", "years": 1, "discount": 1}],
        "steps": [{"id": "door"}],
        # 0.5 · 1000 · e^(1 / 2)
        "threats": [{"id": "theft", "expected_loss_per_year": 824.36, "factors": {"door": 0.5}, "events": events}],
        "exceedance": [{"of": "one_event", "above": 500, "chance": 0.1, "from": 1, **cap}],
    }


@pytest.mark.parametrize(
    ("cap", "where", "said"),
    [
        ({"of": "excess"}, "of", "the cap is missing; excess goes with per_year"),
        ({"per_year": 5}, "per_year", "one_event goes with chance; remove per_year"),
        ({"threat": "fire"}, "threat", "unknown threat 'fire'"),
        ({"from": 3}, "from", "period 3 is outside the horizon; the tail is 2"),
        ({"from": 1, "to": 0}, "from", "ends before that, in 0"),
    ],
)
def test_a_problem_that_contradicts_itself_is_refused(cap: dict[str, Any], where: str, said: str) -> None:
    found = list(faults(Problem.model_validate_json(json.dumps(said_problem(**cap)))))
    assert any(path == ("exceedance", 0, where) and said in message for path, _, message in found)


def test_a_problem_without_a_spread_is_refused() -> None:
    said = said_problem()
    said["threats"][0] |= {"expected_loss_per_year": 500, "events": {"per_year": 0.5, "median": 1000.0}}
    ((path, code, message),) = faults(Problem.model_validate_json(json.dumps(said)))
    assert (path, code) == (("exceedance", 0, "of"), "SL102")
    assert "give it events with a median and a sigma above 0" in message


def test_a_problem_without_such_caps_is_written_as_before() -> None:
    said = said_problem()
    del said["exceedance"]
    assert "exceedance" not in dump(Problem.model_validate_json(json.dumps(said)))
