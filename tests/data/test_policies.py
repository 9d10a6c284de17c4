"""What is said of policies before there is a plan."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stepladder.output.checked import check_text
from stepladder.wording.page import Style
from stepladder.workflow.check import check
from tests.solution.test_insured import QUESTION
from tests.support.insured_mill import MILL


def said_of(path: Path) -> str:
    found = check(path)
    return " ".join(check_text(found.question.problem, found.facts, style=Style(width=400)).split())


@pytest.mark.parametrize("events", ["0.2", "0", None])
def test_one_that_covers_nothing_is_named_with_its_line(tmp_path: Path, events: str | None) -> None:
    """No threat at all, or only one that never happens."""
    threat = f"threats:\n  t: {{type: theft, events_per_year: {events}, loss_per_event: {{median: 400, p95: 900}}}}\n"
    threats, covers = threat if events else "", events == "0.2"
    path = tmp_path / "mill.yaml"
    before, rest = MILL.split("threats:\n")
    rest = "budget:" + rest.split("budget:")[1]
    path.write_text(before + threats + rest, encoding="utf-8")
    line = 1 + path.read_text(encoding="utf-8").splitlines().index("    premium: {2028: 310, 2029: 320}")
    facts = check(path).facts
    assert facts.idle_policies == (() if covers else (("Insurer A, basic", f"{path}:{line}:14"),))
    said = f"“Insurer A, basic” covers nothing: it pays for no threat here that costs anything ({path}:{line}:14)."
    assert (said in said_of(path)) != covers


def test_of_a_problem_in_plain_numbers_too(tmp_path: Path) -> None:
    path = tmp_path / "problem.json"
    policies = [{"id": "basic", "premiums": [1000.0, None], "terms": {}}, QUESTION["policies"][1]]
    path.write_text(
        json.dumps(QUESTION | {"policies": policies}).replace('"policies"', '\n"policies"'), encoding="utf-8"
    )
    facts = check(path).facts
    assert facts.idle_policies == (("basic", f"{path}:2:14"),)
