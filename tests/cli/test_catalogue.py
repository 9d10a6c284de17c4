"""A maturity model as text, as JSON and as CSV: everything that a scenario may write is there, and every default
cost is the one that plans take.
"""

from __future__ import annotations

import csv
import io
import json
import random
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.catalogues import load_catalogue
from stepladder.data.formats.base import CONTROL
from stepladder.data.reading.library import folder, names
from stepladder.wording.text import columns
from stepladder.workflow.asking import ask as ask_command
from tests.support.commanding import run
from tests.support.handmade import hostile

SMALL = Path(__file__).parents[1] / "data" / "catalogue.yaml"
SHIPPED = folder("models") / "iot_smm.yaml"

RANGES = """\
format: stepladder-catalogue/1
title: Ranges
scales:
  depth:
    title: Depth
    levels: {0: {title: None}, 1: {title: Some}, 2: {title: Good}}
    costs:
      1: {once: {low: 1000, likely: 2000, high: 6000}, basis: the scale's,
          effort: {security: 4, plant: {low: 1, likely: 2, high: 3}}}
groups:
  basics:
    title: Basics
    practices:
      assets: {title: "=1+1", costs: {depth: {1: {per_year: 50, effort: {plant: 7, cook: 1}, basis: its own}}}}
      access: {title: Access}
"""


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


@pytest.mark.parametrize("name", ["iot_smm", str(SMALL)])
def test_the_page_names_everything_that_a_scenario_may_write(name: str) -> None:
    found = run("catalogue", name)
    assert (found.exit_code, found.stderr) == (0, "")
    index, _ = load_catalogue(SHIPPED if name == "iot_smm" else SMALL)
    words = set(found.stdout.replace(",", " ").replace(":", " ").split())
    assert {
        *index.places,
        *index.groups,
        *index.catalogue.scales,
        *index.roles,
        *index.catalogue.threats,
        *index.catalogue.profiles,
    } <= words
    for scale in index.catalogue.scales.values():
        assert all(f"    {level}  {info.title}" in found.stdout for level, info in scale.levels.items())
    assert f"  catalogue: {name}" in found.stdout.replace("\n", "")
    assert run("catalogue", name).stdout == found.stdout


def test_without_a_name_the_shipped_ones_are_listed() -> None:
    found = run("catalogue")
    assert found.exit_code == 0
    assert "  - iot_smm: IoT Security Maturity Model 1.2; 18 practices in 12 groups, 2" in found.stdout
    listed = json.loads(run("catalogue", "--json").stdout)
    assert [one["name"] for one in listed["catalogues"]] == names("models")
    assert [row["name"] for row in rows(run("catalogue", "--csv").stdout)] == names("models")


def test_as_json_everything_is_said() -> None:
    found: dict[str, Any] = json.loads(run("catalogue", "iot_smm", "--json").stdout)
    catalogue = load_catalogue(SHIPPED)[0].catalogue
    assert found["format"] == "stepladder-catalogue-view/1"
    assert [scale["id"] for scale in found["scales"]] == list(catalogue.scales)
    assert found["scales"][0]["levels"][4] == {
        "level": 4,
        "title": "Formalized",
        "description": "There is evidence that it works, and it is measured and improved all the time.",
    }
    assert len(found["practices"]) == 18
    # 18 practices, each with levels 1 to 4 of the one scale and 2 to 3 of the other.
    assert len(found["steps"]) == 18 * (4 + 2)
    assert found["roles"] == ["engineering", "operations", "security"]
    assert [threat["id"] for threat in found["threats"]] == list(catalogue.threats)
    assert len(found["prerequisites"]) == len(catalogue.prerequisites)
    assert found["profiles"][0]["levels"]["default"] == {"comprehensiveness": 2, "scope": 1}
    # Every text of the file is there.
    said = json.dumps(found, ensure_ascii=False)
    for texts in (catalogue.threats, catalogue.profiles):
        assert all(json.dumps(record.source, ensure_ascii=False) in said for record in texts.values())
    assert all(json.dumps(need.why, ensure_ascii=False) in said for need in catalogue.prerequisites)


def test_default_costs_are_those_of_plans(tmp_path: Path) -> None:
    """A scenario that asks for all levels and says nothing of costs takes every default."""
    path = tmp_path / "all.yaml"
    path.write_text(
        "format: stepladder-scenario/1\ncatalogue: iot_smm\nhorizon: {start: 2027-01-01, periods: 60, period:"
        " month}\nbudget: {amount: 1000000}\ncurrent: {default: {comprehensiveness: 0, scope: 1}}\ntarget: {default:"
        " {comprehensiveness: 4, scope: 3}}\n",
        encoding="utf-8",
    )
    steps = {step.id: step for step in ask_command(path).problem.steps}
    found = rows(run("catalogue", "iot_smm", "--csv").stdout)
    assert [row["step"] for row in found] == list(steps)
    for row in found:
        step = steps[row["step"]]
        assert (float(row["once"]), float(row["per_year"]), float(row["months"])) == (
            step.once,
            step.per_year,
            step.duration,
        )
        assert {
            name.removeprefix("effort_"): float(days)
            for name, days in row.items()
            if name.startswith("effort_") and days
        } == step.effort


def test_a_practice_takes_from_its_scale_what_it_does_not_say(tmp_path: Path) -> None:
    path = tmp_path / "ranges.yaml"
    path.write_text(RANGES, encoding="utf-8")
    own, nothing, usual, _ = rows(run("catalogue", path, "--csv").stdout)
    # (1000 + 4 * 2000 + 6000) / 6 = 2500.
    assert (own["once"], own["per_year"], own["months"]) == ("2500", "50", "")
    assert (own["effort_cook"], own["effort_plant"], own["effort_security"]) == ("1", "7", "4")
    assert (own["own"], own["ranges"], own["basis"]) == (
        "per_year effort",
        "once 1,000 to 6,000, most likely 2,000",
        "its own the scale's",
    )
    assert own["practice_title"] == "'=1+1"
    assert (nothing["once"], nothing["basis"]) == ("", "")
    assert (usual["effort_plant"], usual["ranges"]) == (
        "2",
        "once 1,000 to 6,000, most likely 2,000; effort_plant 1 to 3, most likely 2",
    )
    step = json.loads(run("catalogue", path, "--json").stdout)["steps"][0]
    assert step["ranges"] == {"once": {"low": 1000, "likely": 2000, "high": 6000}}
    assert step["basis"] == ["its own", "the scale's"]
    assert "A range is shown by its mean." in run("catalogue", path).stdout.replace("\n  ", " ")


def test_a_catalogue_that_says_next_to_nothing(tmp_path: Path) -> None:
    path = tmp_path / "bare.yaml"
    path.write_text(
        "format: stepladder-catalogue/1\ntitle: Bare\nscales: {done: {title: Done, levels: {0: {title: Open}, 1:"
        " {title: Done}}}}\ngroups: {}\n",
        encoding="utf-8",
    )
    found = run("catalogue", path)
    assert found.exit_code == 0
    assert found.stdout.startswith(
        "Bare\nno practices in no groups, 1 scale, no steps, no threat types and no target\nprofiles.\n"
    )
    assert "names no costs" in found.stdout
    assert rows(run("catalogue", path, "--csv").stdout) == []
    assert json.loads(run("catalogue", path, "--json").stdout)["steps"] == []


def test_what_is_no_catalogue(tmp_path: Path) -> None:
    found = run("catalogue", "iot_sm")
    assert (found.exit_code, found.stdout) == (2, "")
    assert "did you mean 'iot_smm'?" in found.stderr
    assert run("catalogue", tmp_path).exit_code == 2
    other = run("catalogue", folder("scenarios") / "bottling_line.yaml")
    assert other.exit_code == 3
    assert "this is a scenario, and a catalogue (stepladder-catalogue/1) is wanted here" in other.stderr
    path = tmp_path / "wrong.yaml"
    path.write_text(
        SMALL.read_text(encoding="utf-8").replace("needs: assets.depth.1", "needs: asset.depth.1"), encoding="utf-8"
    )
    wrong = run("catalogue", path)
    assert (wrong.exit_code, wrong.stdout) == (3, "")
    assert f"{path}:27:33" in wrong.stderr
    assert "SL201 unknown practice 'asset'; did you mean 'assets'?" in wrong.stderr


@pytest.mark.parametrize("seed", range(6))
def test_texts_of_a_file_are_cleaned_and_no_line_is_wider_than_the_page(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)

    def text() -> str:
        # What a file's text may not hold is refused when it is read.
        return CONTROL.sub("", hostile(dice)).strip()[:4000] or "x"

    held = {
        "format": "stepladder-catalogue/1",
        "title": text(),
        "version": text(),
        "description": text(),
        "illustrative": text(),
        "scales": {
            "a_scale_with_a_rather_long_name": {
                "title": text(),
                "levels": {"0": {"title": text()}, "1": {"title": text(), "description": text()}},
            }
        },
        "groups": {
            "g" * 100: {
                "title": text(),
                "groups": {"h": {"title": text(), "practices": {"p" * 100: {"title": text()}, "q": {"title": text()}}}},
            }
        },
        "threats": {"t": {"title": text()}},
        "profiles": {"f": {"title": text(), "description": text(), "levels": {}}},
    }
    path = tmp_path / "odd.json"
    path.write_text(json.dumps(held), encoding="utf-8")
    width = (40, 57, 80)[seed % 3]
    found = run("catalogue", path, "--width", width)
    assert found.exit_code == 0, found.stderr
    assert all(columns(line) <= width for line in found.stdout.splitlines())
    assert not CONTROL.search(found.stdout)
    assert run("catalogue", path, "--csv").exit_code == 0
