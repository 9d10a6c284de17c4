"""A value laid over one of another form replaces it: every union of the formats, over and under every other form, in
every layer.
"""

from __future__ import annotations

import itertools
from pathlib import Path
from typing import Any

import pytest
import yaml

from stepladder.data.question import Question
from stepladder.errors import InvalidInput
from tests.support.asking import ask

PERT = {"low": 100, "likely": 400, "high": 2000}
LOGNORMAL = {"median": 1, "p95": 100}
#: Of each value that has several forms: where it stands, and one of each form.
UNIONS: dict[str, list[Any]] = {
    "threats.theft.loss_per_event": [300, PERT, LOGNORMAL],
    "threats.theft.events_per_year": [2, {"low": 1, "likely": 2, "high": 3}],
    "threats.fire.expected_loss_per_year": [2, {"low": 1, "likely": 2, "high": 3}],
    "threats.theft.reduced_by.access.depth": [{2: "30%"}, {2: {"low": 0.2, "likely": 0.3, "high": 0.4}}],
    "budget.amount": [30000, {2027: 1000, 2028: 2000}],
    "teams.security.capacity.amount": [20, {2027: 10, 2028: 20}],
    "current.alarms": [1, {"depth": 1}],
    "milestones.law.reach": ["target", {"alarms": {"depth": 2}}],
    "costs.scales.depth": [{2: {"once": 5}}, {2: {"once": {"low": 1, "likely": 5, "high": 6}}}],
    "costs.practices.access.scales.depth": [
        {2: {"effort": {"security": 5}}},
        {2: {"effort": {"security": {"low": 1, "likely": 5, "high": 6}}}},
    ],
    "costs.steps": [
        {"access.depth.2": {"months": 5}},
        {"access.depth.2": {"months": {"low": 1, "likely": 5, "high": 6}}},
    ],
}
LAW = {"title": "Law", "by": "2027-12-31", "reach": "target", "reason": "It applies."}
PARTS: dict[str, Any] = {
    "threats": {
        "theft": {"type": "theft", "events_per_year": 1, "loss_per_event": 5},
        "fire": {"expected_loss_per_year": 5},
    },
    "teams": {"security": {"capacity": {"amount": 12}}},
    "milestones": {"law": LAW},
}


def nested(path: str, value: Any) -> dict[str, Any]:
    for key in reversed(path.split(".")):
        value = {key: value}
    assert isinstance(value, dict)
    return value


def merged(base: dict[str, Any], over: dict[str, Any]) -> dict[str, Any]:
    mine = {
        key: merged(base[key], value) if isinstance(value, dict) and isinstance(base.get(key), dict) else value
        for key, value in over.items()
    }
    return {**base, **mine}


def asked(folder: Path, parts: dict[str, Any], *assignments: str, scenario: str | None = None) -> Question:
    # A milestone's date is written bare.
    said = [*assignments, "milestones.law.by=2027-12-31"]
    return ask(folder, *said, scenario=scenario, **parts)


PAIRS = [(path, one, other) for path, forms in UNIONS.items() for one, other in itertools.permutations(forms, 2)]


@pytest.mark.parametrize(("path", "one", "other"), PAIRS, ids=[f"{path}-{k}" for k, (path, _, _) in enumerate(PAIRS)])
def test_another_form_replaces_the_old_one(tmp_path: Path, path: str, one: Any, other: Any) -> None:
    meant = asked(tmp_path, merged(PARTS, nested(path, other))).problem
    base = merged(PARTS, nested(path, one))
    text = yaml.safe_dump(other, default_flow_style=True, width=1000).removesuffix("...\n").strip()
    assert asked(tmp_path, base, f"{path}={text}").problem == meant
    bricks = {**base, "overrides": {"brick": nested(path, other)}, "scenarios": {"named": ["brick"]}}
    for name in ("brick", "named"):
        assert asked(tmp_path, bricks, scenario=name).problem == meant


@pytest.mark.parametrize(("one", "other"), list(itertools.permutations((300, PERT, LOGNORMAL), 2)))
def test_a_system_s_form_replaces_that_of_all(tmp_path: Path, one: Any, other: Any) -> None:
    mine = {"theft": {"events_per_year": 2, "loss_per_event": other}}
    parts = merged({**PARTS, "milestones": None}, nested("threats.theft.loss_per_event", one))
    found = ask(tmp_path, **parts, systems={"a": {"threats": mine}, "b": {}}).problem
    alone = ask(tmp_path, **merged({**PARTS, "milestones": None}, {"threats": mine})).problem
    assert found.threats[0].expected_loss_per_year == alone.threats[0].expected_loss_per_year


def test_a_loss_a_year_and_events_a_year_replace_each_other(tmp_path: Path) -> None:
    found = asked(
        tmp_path,
        PARTS,
        "threats.theft.expected_loss_per_year=70",
        "threats.fire.events_per_year=2",
        "threats.fire.loss_per_event=30",
    )
    assert [threat.expected_loss_per_year for threat in found.problem.threats] == [70, 60]
    assert [line.split(" (")[0] for line in found.changes if "threats" in line] == [
        "threats.theft.events_per_year: 1 -> nothing",
        "threats.theft.loss_per_event: 5 -> nothing",
        "threats.theft.expected_loss_per_year: nothing -> 70",
        "threats.fire.expected_loss_per_year: 5 -> nothing",
        "threats.fire.events_per_year: nothing -> 2",
        "threats.fire.loss_per_event: nothing -> 30",
    ]


def test_a_part_of_the_same_form_is_laid_over_it(tmp_path: Path) -> None:
    parts = merged(PARTS, nested("threats.theft.loss_per_event", PERT))
    # (100 + 4 · 1000 + 2000) / 6
    assert (
        asked(tmp_path, parts, "threats.theft.loss_per_event.likely=1000").problem.threats[0].expected_loss_per_year
        == 1016.67
    )


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("{median: 1}", r"^--set threats\.theft\.loss_per_event:1:1 SL102 key 'p95' is missing"),
        (
            "{median: 1, p95: 9, low: 0}",
            (
                r"loss_per_event:1:21 SL101 key 'low' does not go with the others here; write \{low, likely, high\} or"
                r" \{median, p95\}"
            ),
        ),
        ("{low: 1, likely: 2, hihg: 3}", "SL101 unknown key 'hihg'; did you mean 'high'"),
        ("{median: 1, p59: 3}", "SL101 unknown key 'p59'; did you mean 'p95'"),
    ],
)
def test_half_a_form_and_two_at_once_are_refused(tmp_path: Path, value: str, words: str) -> None:
    parts = merged(PARTS, nested("threats.theft.loss_per_event", PERT))
    with pytest.raises(InvalidInput, match=words):
        asked(tmp_path, parts, f"threats.theft.loss_per_event={value}")


def test_a_default_that_nothing_needs_is_said_to_have_no_effect(tmp_path: Path) -> None:
    found = ask(tmp_path, "budget.amount={default: 30000}", budget={"amount": {2027: 1000, 2028: 2000}})
    assert found.notes == (
        "budget.amount.default: it has no effect, because every year or period has an amount of its own.",
    )
    assert ask(tmp_path, budget={"amount": {2027: 1000, "default": 2000}}).notes == ()


def test_a_key_of_what_is_around_is_just_unknown(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="SL101 unknown key 'title'; known: afterwards, amount, "):
        ask(tmp_path, "budget.title=x")
    with pytest.raises(InvalidInput, match="SL101 unknown key 'type'; known: high, likely, low"):
        asked(tmp_path, PARTS, "threats.theft.loss_per_event={type: 1}")


def test_two_answers_in_one_layer_stay_two_answers(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="two answers for one question"):
        asked(tmp_path, PARTS, "threats.theft={expected_loss_per_year: 5, events_per_year: 1, loss_per_event: 3}")


def test_practices_may_be_called_like_the_keys_of_a_form(tmp_path: Path) -> None:
    catalogue = yaml.safe_load((Path(__file__).parent / "catalogue.yaml").read_text(encoding="utf-8"))
    catalogue["groups"]["basics"]["practices"] |= {
        name: {"title": name} for name in ("low", "median", "expected_loss_per_year")
    }
    (tmp_path / "named.yaml").write_text(yaml.safe_dump(catalogue, sort_keys=False), encoding="utf-8")
    target = {"low": {"depth": 2}}
    found = ask(
        tmp_path,
        "target.median={depth: 2}",
        "target.expected_loss_per_year={depth: 2}",
        catalogue="named.yaml",
        target=target,
    )
    assert {step.id for step in found.problem.steps} == {
        "low.depth.2",
        "median.depth.2",
        "expected_loss_per_year.depth.2",
    }


def test_an_unknown_key_hides_nothing_else(tmp_path: Path) -> None:
    """It is read as the key that is near it, or as none."""
    wrong: dict[str, Any] = {
        "budget": {"amuont": 5, "colour": "red", "carry_over": "withn"},
        "targte": {"nobody": {"depth": 2}},
    }
    with pytest.raises(InvalidInput) as error:
        ask(tmp_path, **wrong, target=None)
    assert sorted(issue.code for issue in error.value.issues) == ["SL101", "SL101", "SL101", "SL104"]
    wrong["budget"] = {"amuont": 5}
    with pytest.raises(InvalidInput) as error:
        ask(tmp_path, **wrong, target=None)
    assert sorted(issue.message.partition(";")[0] for issue in error.value.issues) == [
        "unknown key 'amuont'",
        "unknown key 'targte'",
        "unknown practice or group 'nobody'",
    ]
