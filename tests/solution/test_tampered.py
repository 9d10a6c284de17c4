"""Every value of three plans' files changed, one at a time: what is still accepted is what the documentation lists.

A part is tried by default; every change with STEPLADDER_FULL=1.
"""

from __future__ import annotations

import json
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import Problem
from stepladder.optimise import Options, optimise
from stepladder.output.terminal import plan_text
from stepladder.solution import make_plan
from stepladder.wording.page import Style
from stepladder.workflow.plan import plan as plan_command
from stepladder.workflow.replan import replan, stands
from tests.support.sizes import FULL
from tests.support.tampered import pattern, places, refused, tampered

REFERENCE = Path(__file__).parents[2] / "docs/reference/verify.md"
EVERY = 1 if FULL else 197

RULES: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "title": "Every rule",
    "currency": "EUR",
    "periods": [
        {
            "label": f"2027-Q{t + 1}",
            "start": f"2027-{first}",
            "end": f"2027-{last}",
            "years": 0.25,
            "discount": round(0.99**t, 6),
        }
        for t, (first, last) in enumerate(
            (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))
        )
    ],
    "tail": {"years": 2.0, "discount": 0.9},
    "steps": [
        {
            "id": "a.1",
            "title": "A",
            "once": 9000.0,
            "per_year": 1000.0,
            "effort": {"security": 6.0},
            "required": True,
            "latest_finish": 2,
        },
        {
            "id": "b.1",
            "title": "B",
            "once": 8000.0,
            "effort": {"security": 4.0, "plant": 2.0},
            "needs": [{"step": "a.1", "lag": 0}],
        },
        {
            "id": "c.1",
            "title": "C",
            "once": 7000.01,
            "duration": 2,
            "needs_any": [[{"step": "a.1"}, {"step": "b.1", "lag": 2}]],
            "earliest": 1,
        },
        {"id": "d.1", "title": "D", "once": 500.0, "value_once": 900.0, "value_per_year": -20.0},
        {"id": "e.1", "title": "E", "once": 90000.0, "effort": {"plant": 3.0}},
        {"id": "f.1", "title": "F", "once": 300.0, "per_year": 12.5},
        {"id": "g.1", "title": "G", "start": 1, "effort": {"plant": 1.0}},
    ],
    "threats": [
        {
            "id": "x",
            "title": "X",
            "expected_loss_per_year": 100000.0,
            "factors": {"a.1": 0.5, "b.1": 0.8, "c.1": 0.7},
            "events": {"per_year": 4.0, "median": 25000.0},
            "cheaper": ["c.1"],
        },
        {"id": "y", "title": "Y", "expected_loss_per_year": 20000.0, "factors": {"e.1": 0.5, "c.1": 0.9}},
    ],
    "windows": [
        {"resource": "money", "from": 0, "to": 3, "limit": 30000.0, "label": "2027"},
        {"resource": "security", "from": 0, "to": 1, "limit": 9.0, "label": "first half"},
        {"resource": "money_per_year", "from": 0, "to": 3, "limit": 900.0, "label": "running"},
    ],
    "max_parallel": 2,
    "excludes": [["d.1", "e.1"]],
    "appetite": [
        {"from": 4, "expected_loss_per_year": 70000.0},
        {"from": 3, "to": 3, "threat": "x", "expected_loss_per_year": 60000.0},
    ],
    "objective": "net",
}


def ruled() -> Plan:
    asked = Problem.model_validate_json(json.dumps(RULES))
    return make_plan(asked, optimise(asked, Options(gap=0.0)))


def replanned() -> Plan:
    first = plan_command("home_cameras", options=Options(gap=0.03))
    return replan(first, stands(first, as_of="2027-Q3"), Options(gap=0.03)).plan


PLANS = {
    "scenario": lambda: plan_command("bottling_line", options=Options(gap=0.03)),
    "rules": ruled,
    "replanned": replanned,
}


@cache
def document(name: str) -> Any:
    return json.loads(dump(PLANS[name]()))


def listed(heading: str) -> list[str]:
    """The values that a table of the documentation names."""
    text = REFERENCE.read_text(encoding="utf-8").split(f"<!-- {heading} -->")[1]
    rows = re.findall(r"^\| (`.*?) \|", text.split("\n\n", 2)[1], re.MULTILINE)
    return [name for row in rows for name in re.findall(r"`([^`]+)`", row)]


def covered(place: str, names: list[str]) -> str | None:
    """The name in the list that a place belongs to; a star at the end is everything below."""
    return next(
        (name for name in names if place == name or (name.endswith(".*") and place.startswith(name[:-1]))), None
    )


def accepted(name: str, every: int, *, sealed: bool) -> dict[str, Any]:
    """Of every so many changed files those that are not refused and are not the same plan: the pattern of the value,
    and one such file.
    """
    whole = document(name) if sealed else {key: value for key, value in document(name).items() if key != "seal"}
    same = Plan.model_validate_json(json.dumps(whole))
    found: dict[str, Any] = {}
    for k, (place, _, changed) in enumerate(tampered(whole)):
        # A prime number apart, so that every kind of change comes up.
        if k % every == 0 and refused(changed) is None and Plan.model_validate_json(json.dumps(changed)) != same:
            found.setdefault(pattern(place, whole), (place, changed))
    return found


def figures_of(plan: Plan) -> list[str]:
    return re.findall(r"\d[\d,.]*", plan_text(plan, Style(width=100), full=True))


@pytest.mark.parametrize("name", PLANS)
def test_an_untouched_file_is_accepted_and_has_every_kind_of_value(name: str) -> None:
    assert refused(document(name)) is None
    kinds = {type(value) for _, value in places(document(name))}
    assert {dict, list, str, int, float, bool} <= kinds


@pytest.mark.parametrize("name", PLANS)
def test_what_is_accepted_with_a_seal_is_listed_word_for_word(name: str) -> None:
    names = listed("accepted by verify, with a seal")
    found = accepted(name, EVERY, sealed=True)
    assert sorted(set(found) - set(names)) == []
    if EVERY == 1 and name == "scenario":
        # Teams may have no titles to change.
        assert sorted(set(names) - set(found) - {"context.teams", "context.teams.*"}) == []


@pytest.mark.parametrize("name", PLANS)
def test_what_is_accepted_without_a_seal_is_listed_too(name: str) -> None:
    names = [*listed("accepted by verify, with a seal"), *listed("accepted by verify, without a seal")]
    assert sorted(place for place in accepted(name, EVERY, sealed=False) if covered(place, names) is None) == []


def test_what_is_shown_of_an_accepted_file_has_the_same_figures() -> None:
    whole = document("scenario")
    expected = figures_of(Plan.model_validate_json(json.dumps(whole)))
    for place, changed in accepted("scenario", max(EVERY, 7), sealed=True).values():
        value: Any = whole
        for part in place:
            value = value[part]
        if not re.search(r"\d", json.dumps(value)):
            assert figures_of(Plan.model_validate_json(json.dumps(changed))) == expected, place


def test_a_key_that_is_there_twice_is_refused(tmp_path: Path) -> None:
    from stepladder.data.load import load_plan
    from stepladder.errors import InvalidInput

    text = dump(PLANS["rules"]())
    for k, line in enumerate(text.split("\n")):
        if re.match(r' *"[^"]+": [^\[{]', line) and k % 7 == 0:
            lines = text.split("\n")
            path = tmp_path / "twice.json"
            path.write_text("\n".join([*lines[:k], line.rstrip(",") + ",", line, *lines[k + 1 :]]), encoding="utf-8")
            with pytest.raises(InvalidInput, match="SL003"):
                load_plan(path)
