"""Which steps can be in place together, and what is said where they are too many for what a policy pays."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.combinations import combinations
from stepladder.data.formats.problem import Problem, faults
from stepladder.data.formats.step import Need, Step
from stepladder.data.load import load
from stepladder.errors import InvalidInput
from tests.support.brute import Brute

SAID = """\
format: stepladder-scenario/1
catalogue: iot_smm
horizon: {start: 2027-01-01, periods: 4}
current: {default: {comprehensiveness: 0, scope: 1}}
target: {default: {comprehensiveness: 3, scope: 3}}
budget: {amount: 70000}
threats:
  fire:
    title: Fire
    events_per_year: 0.1
    loss_per_event: {median: 90000, p95: 900000}
    reduced_by:
      access_control: {comprehensiveness: {1: 10%, 2: 20%, 3: 30%}, scope: {2: 5%, 3: 10%}}
      patch_management: {comprehensiveness: {1: 10%, 2: 20%, 3: 30%}, scope: {2: 5%, 3: 10%}}
    reduces: {access_control: magnitude, patch_management: magnitude}
insurance:
  basic: {premium: 10, limit: 100, COVERS}
"""


def said(seed: int) -> dict[str, Any]:
    """Steps of which some need others, through others too, and one excludes another."""
    dice = random.Random(f"together {seed}")
    steps: list[dict[str, Any]] = []
    for k in range(5):
        needs = [{"step": f"s{j}", "lag": 0} for j in range(k) if dice.random() < 0.3]
        steps.append({"id": f"s{k}", "needs": needs})
    periods = [{"label": "p0", "years": 1.0, "discount": 1.0}]
    excludes = [["s0", "s4"]] if seed % 2 else []
    return {"format": "stepladder-problem/1", "periods": periods, "steps": steps, "excludes": excludes}


@pytest.mark.parametrize("seed", range(12))
def test_they_are_the_sets_that_plans_have(seed: int) -> None:
    made = said(seed)
    names = random.Random(seed).sample([step["id"] for step in made["steps"]], 4)
    plans = [plan.starts for plan in Brute(made).plans() if not plan.broken]
    wanted = {frozenset(starts).intersection(names) for starts in plans}
    problem = Problem.model_validate_json(json.dumps(made))
    found = combinations(problem.steps, names, problem.excludes)
    assert found is not None
    assert len(found) == len(set(found))
    assert set(found) == wanted
    assert combinations(problem.steps, names, problem.excludes, len(found)) == found
    assert combinations(problem.steps, names, problem.excludes, len(found) - 1) is None


def test_needs_that_go_in_a_circle_or_are_of_nobody_end() -> None:
    one, other, lost = (Step(id=a, needs=(Need(step=b),)) for a, b in ("ab", "ba", "cz"))
    assert combinations([one, other], ["a", "b"]) == [frozenset()]
    assert combinations([lost], ["c"]) is not None


def with_cheaper(count: int) -> Problem:
    names = [f"s{k}" for k in range(count)]
    events = {"per_year": 1.0, "median": 1000.0, "sigma": 1.0}
    threat = {"id": "fire", "factors": dict.fromkeys(names, 0.9), "cheaper": names, "events": events}
    made: dict[str, Any] = {
        "format": "stepladder-problem/1",
        "periods": [{"label": "p0", "years": 1.0, "discount": 1.0}],
        "steps": [{"id": name} for name in names],
        "threats": [{**threat, "expected_loss_per_year": 1648.7212707001282}],
        "policy_years": [{"from": 0, "to": 1}],
        "policies": [{"id": "basic", "premiums": [1.0], "terms": {"fire": {"limit": 500.0}}}],
    }
    return Problem.model_validate_json(json.dumps(made))


def test_up_to_so_many_combinations_a_policy_may_cover() -> None:
    assert list(faults(with_cheaper(6))) == []
    ((path, code, message),) = faults(with_cheaper(7))
    assert (path, code) == (("policies", 0, "terms", "fire"), "SL314")
    assert "7 steps that make its events cheaper, of which 128 combinations can be in place" in message
    ((_, _, message),) = faults(with_cheaper(13))
    assert "more than 4,096 combinations" in message


@pytest.mark.parametrize(
    ("covers", "place"), [("covers: {fire: {limit: 50}}", "17:45"), ("title: Basic", "17:3")], ids=["named", "all"]
)
def test_a_scenario_is_told_where(tmp_path: Path, covers: str, place: str) -> None:
    path = tmp_path / "asked.yaml"
    path.write_text(SAID.replace("COVERS", covers), encoding="utf-8")
    with pytest.raises(InvalidInput) as caught:
        load(path)
    (issue,) = caught.value.issues
    assert issue.code == "SL314"
    assert str(issue.location).endswith(f"asked.yaml:{place}")
    assert "combinations can be in place" in issue.message
    assert "let some of them make events rarer" in issue.message
