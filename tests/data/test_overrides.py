"""Which layer has the last word, and what is said about it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepladder.data.question import Question
from stepladder.errors import InvalidInput, UsageError
from tests.support.asking import ask, step, windows

BRICKS: dict[str, Any] = {
    "overrides": {
        "poor": {"budget": {"amount": 20000}, "title": "Poor"},
        "poorer": {"budget": {"amount": 10000}},
        "lax": {"target": {"default": {"depth": 1}, "access": None}, "teams": None},
    },
    "scenarios": {"both": ["poor", "poorer"], "turned": ["poorer", "poor"], "lax": ["lax"]},
    "title": "Mill",
    "target": {"default": {"depth": 2}, "access": {"depth": 3}},
    "teams": {"security": {"capacity": {"amount": 12}}},
}


def year(asked: Question) -> float:
    return windows(asked, "money")[3][2]


def test_precedence_from_left_to_right_and_set_last(tmp_path: Path) -> None:
    assert year(ask(tmp_path, **BRICKS)) == 40000
    assert year(ask(tmp_path, scenario="both", **BRICKS)) == 10000
    assert year(ask(tmp_path, scenario="turned", **BRICKS)) == 20000
    assert year(ask(tmp_path, "budget.amount=5000", scenario="both", **BRICKS)) == 5000
    assert year(ask(tmp_path, "budget.amount=5000", "budget.amount=6000", **BRICKS)) == 6000


def test_a_brick_can_be_asked_for_by_its_own_name(tmp_path: Path) -> None:
    assert year(ask(tmp_path, scenario="poorer", **BRICKS)) == 10000


def test_null_takes_away(tmp_path: Path) -> None:
    asked = ask(tmp_path, scenario="lax", **BRICKS)
    assert asked.problem.steps == ()
    assert windows(asked, "security") == []


def test_what_changed_is_said_with_its_place(tmp_path: Path) -> None:
    asked = ask(tmp_path, "rules.lag=0", scenario="both", **BRICKS)
    lines = (tmp_path / "asked.yaml").read_text(encoding="utf-8").splitlines()
    at = next(k for k, line in enumerate(lines, start=1) if line.strip() == "amount: 10000")
    assert asked.changes == (
        f"budget.amount: 40000 -> 10000 ({tmp_path}/asked.yaml:{at}:15)",
        f'title: "Mill" -> "Poor" ({tmp_path}/asked.yaml:{at - 3}:12)',
        'rules: nothing -> {"lag": 0} (--set rules.lag:1:1)',
    )
    assert ask(tmp_path, **BRICKS).changes == ()


def test_set_reaches_keys_with_dots_and_reads_yaml(tmp_path: Path) -> None:
    pins = {"access.depth.2": {"earliest": "2027-Q2"}}
    asked = ask(
        tmp_path, "pins.access.depth.2.earliest=2027-Q4", "teams={security: {capacity: {amount: 3}}}", pins=pins
    )
    assert step(asked, "access.depth.2").earliest == 3
    assert windows(asked, "security")[0] == (0, 0, 3)


def test_set_takes_away_with_nothing(tmp_path: Path) -> None:
    assert (
        step(ask(tmp_path, "pins=", pins={"access.depth.2": {"earliest": "2027-Q2"}}), "access.depth.2").earliest == 0
    )


def test_a_set_that_changes_nothing_is_mentioned(tmp_path: Path) -> None:
    asked = ask(tmp_path, "threats={}", "budget.amount=40000", "horizon.periods=9")
    assert [line.split(" (")[0] for line in asked.changes] == [
        "horizon.periods: 8 -> 9",
        "nothing by --set threats={}",
        "nothing by --set budget.amount=40000",
    ]


@pytest.mark.parametrize("assignment", ["budget.amount", "=5", ""])
def test_a_set_without_a_path_or_value_is_wrong_usage(tmp_path: Path, assignment: str) -> None:
    with pytest.raises(UsageError, match="write it as path=value"):
        ask(tmp_path, assignment)


@pytest.mark.parametrize("assignment", ["title=M\udcfchle", "ti\udcfctle=x"])
def test_a_set_that_is_not_utf_8_is_wrong_usage(tmp_path: Path, assignment: str) -> None:
    with pytest.raises(UsageError, match="not UTF-8; write it as UTF-8"):
        ask(tmp_path, assignment)


def test_what_is_wrong_with_a_set_is_said_of_the_set(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=r"--set budget\.amount:1:1 SL104 -5 is too small"):
        ask(tmp_path, "budget.amount=-5")
    with pytest.raises(InvalidInput, match=r"--set budget\.amount:2:1 SL002"):
        ask(tmp_path, "budget.amount=[")


def test_every_number_says_which_layer_it_comes_from(tmp_path: Path) -> None:
    asked = ask(tmp_path, "threats.theft.expected_loss_per_year=7", scenario="both", **BRICKS)
    assert asked.context is not None
    origins = asked.context.origins
    assert origins["/windows/0/limit"].from_ == "override"
    assert origins["/threats/0/expected_loss_per_year"].from_ == "set"
    assert origins["/steps/0/once"].from_ == "catalogue"
    assert (
        next(
            origin
            for name, origin in origins.items()
            if name.startswith("/windows/") and asked.problem.windows[int(name.split("/")[2])].resource == "security"
        ).from_
        == "scenario"
    )
