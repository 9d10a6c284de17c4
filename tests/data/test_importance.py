"""How much a step matters: the more specific wins, the scenario over the catalogue, and nothing above the target."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepladder.data.load import load
from stepladder.data.question import Question
from tests.support.asking import ask

CATALOGUE = Path(__file__).parent / "catalogue.yaml"


def points(asked: Question) -> dict[str, float]:
    return {step.id: step.points_per_year for step in asked.problem.steps if step.points_per_year}


DEEP = {"access": {"depth": 3, "reach": 2}, "alarms": {"depth": 2}}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"default": "low"}, {"access.depth.2": 1, "access.depth.3": 1, "access.reach.2": 1, "alarms.depth.2": 1}),
        (
            {"basics": "medium", "default": "low"},
            {"access.depth.2": 3, "access.depth.3": 3, "access.reach.2": 3, "alarms.depth.2": 1},
        ),
        ({"basics": "medium", "access": "high"}, {"access.depth.2": 9, "access.depth.3": 9, "access.reach.2": 9}),
        (
            {"access": {"reach": "high"}, "basics": "low"},
            {"access.depth.2": 1, "access.depth.3": 1, "access.reach.2": 9},
        ),
        ({"access": {"depth": {3: "critical"}}}, {"access.depth.3": 27}),
        ({"assets": "critical"}, {}),
    ],
)
def test_the_more_specific_wins(tmp_path: Path, said: dict[str, Any], expected: dict[str, float]) -> None:
    # Assets to 2 is implied by alarms to 2: above its own target it counts for nothing, and is no error.
    asked = ask(tmp_path, target=DEEP, importance=said)
    assert "assets.depth.2" in [step.id for step in asked.problem.steps]
    assert points(asked) == expected


def test_tiers_weigh_what_the_scenario_says(tmp_path: Path) -> None:
    asked = ask(tmp_path, importance={"alarms": "high"}, tiers={"medium": 5, "high": 7.5})
    assert points(asked) == {"alarms.depth.2": 7.5}


def with_catalogue(tmp_path: Path, importance: str, scenario: str) -> Question:
    text = CATALOGUE.read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(f"{text}importance: {importance}\n", encoding="utf-8")
    (tmp_path / "asked.yaml").write_text(
        "format: stepladder-scenario/1\ncatalogue: own.yaml\nhorizon: {start: 2027-01-01, periods: 8}\n"
        "budget: {amount: 40000}\ncurrent: {default: {depth: 1, reach: 1}}\n"
        f"target: {{access: {{depth: 3, reach: 2}}, alarms: {{depth: 2}}}}\nimportance: {scenario}\n",
        encoding="utf-8",
    )
    return load(tmp_path / "asked.yaml")


@pytest.mark.parametrize(
    ("catalogue", "scenario", "expected"),
    [
        ("{alarms: low}", "{alarms: high}", 9),
        ("{alarms: low}", "{watch: high}", 1),
        ("{watch: low}", "{watch: high}", 9),
        ("{alarms: {depth: {2: low}}}", "{alarms: {depth: high}}", 1),
        ("{alarms: {depth: low}}", "{alarms: high}", 1),
        ("{default: low}", "{}", 1),
    ],
)
def test_a_scenario_is_laid_over_its_catalogue_place_by_place(
    tmp_path: Path, catalogue: str, scenario: str, expected: float
) -> None:
    assert points(with_catalogue(tmp_path, catalogue, scenario))["alarms.depth.2"] == expected


def test_every_number_says_where_its_tier_stands(tmp_path: Path) -> None:
    asked = with_catalogue(tmp_path, "{alarms: low}", "{access: {depth: high}}")
    assert asked.context is not None
    place = {step.id: k for k, step in enumerate(asked.problem.steps)}
    origins = asked.context.origins
    mine, theirs = (origins[f"/steps/{place[name]}/points_per_year"] for name in ("access.depth.2", "alarms.depth.2"))
    assert (mine.from_, Path(mine.at.partition(":")[0]).name) == ("scenario", "asked.yaml")
    assert (theirs.from_, Path(theirs.at.partition(":")[0]).name) == ("catalogue", "own.yaml")
    assert f"/steps/{place['access.reach.2']}/points_per_year" not in origins


def test_a_system_says_its_own(tmp_path: Path) -> None:
    asked = ask(tmp_path, systems={"a": {"importance": {"alarms": "critical"}}, "b": {}}, importance={"alarms": "low"})
    assert points(asked) == {"a/alarms.depth.2": 27, "b/alarms.depth.2": 1}
