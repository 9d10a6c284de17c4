"""Every kind of file is checked as what it says that it is; what says nothing of ours is answered with what is
known.
"""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import yaml

import stepladder
from stepladder.data.reading.library import folder
from tests.support.commanding import SMALL, run

ROOT = Path(__file__).parents[2]
CATALOGUE = ROOT / "tests" / "data" / "catalogue.yaml"
ACTUALS = ROOT / "examples" / "actuals.yaml"
PROFILES = (
    "format: stepladder-profiles/1\nprofiles:\n  mine: {title: Mine, levels: {default: {depth: 2}}}\n  other: {title:"
    " Other, levels: {}}\n"
)
KNOWN = (
    "known: stepladder-catalogue/1, stepladder-scenario/1, stepladder-profiles/1, stepladder-problem/1,"
    " stepladder-plan/1, stepladder-plan/2, stepladder-actuals/1, stepladder-map/1"
)


def as_json(source: Path, to: Path) -> Path:
    to.write_text(json.dumps(yaml.safe_load(source.read_text(encoding="utf-8")), default=str), encoding="utf-8")
    return to


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_a_catalogue(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"mine{suffix}"
    if suffix == ".json":
        as_json(CATALOGUE, path)
    else:
        shutil.copy(CATALOGUE, path)
    found = run("check", path, "--width", 400)
    assert (found.exit_code, found.stderr) == (0, "")
    assert (
        found.stdout == f"{path}: valid, checked as a catalogue (stepladder-catalogue/1).\n"
        "A small model: 3 practices in 2 groups, 2 scales, 11 steps, 1 threat type and 1 target profile.\n"
        f"All of it: stepladder catalogue {path}\n"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("access.depth.2", "acess.depth.2"), encoding="utf-8")
    wrong = run("check", path)
    assert (wrong.exit_code, wrong.stdout) == (3, "")
    assert "SL201 unknown practice 'acess'; did you mean 'access'?" in wrong.stderr


def test_the_shipped_catalogue() -> None:
    found = json.loads(run("check", folder("models") / "iot_smm.yaml", "--json").stdout)
    assert (found["checked_as"], found["valid"], found["complete"], found["practices"]) == (
        "stepladder-catalogue/1",
        True,
        True,
        18,
    )


def test_stored_targets(tmp_path: Path) -> None:
    path = tmp_path / "profiles.yaml"
    path.write_text(PROFILES, encoding="utf-8")
    found = run("check", path, "--width", 400)
    assert found.exit_code == 0
    assert found.stdout.startswith(
        f"{path}: valid, checked as a file of stored targets (stepladder-profiles/1).\n2 target profiles: mine and"
        " other.\n"
    )
    assert "is checked with a scenario that names this file" in found.stdout
    assert json.loads(run("check", path, "--json").stdout)["profiles"] == ["mine", "other"]
    path.write_text(PROFILES.replace("title: Other", "titel: Other"), encoding="utf-8")
    assert run("check", path).stderr.startswith(f"{path}:4:")


@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_actuals(tmp_path: Path, suffix: str) -> None:
    path = ACTUALS if suffix == ".yaml" else as_json(ACTUALS, tmp_path / "actuals.json")
    found = run("check", path, "--width", 400)
    assert found.exit_code == 0
    assert found.stdout.splitlines() == [
        f"{path}: valid, checked as a file of actuals (stepladder-actuals/1).",
        "What has happened before 2027-Q4: 2 steps (1 done and 1 slipped) and 1 threat.",
        "Whether a plan has these steps, threats and periods is checked with: stepladder replan PLAN --actuals FILE",
    ]
    assert json.loads(run("check", path, "--json").stdout)["steps"] == {"done": 1, "slipped": 1}


def test_actuals_that_are_wrong(tmp_path: Path) -> None:
    path = tmp_path / "actuals.yaml"
    path.write_text(
        "format: stepladder-actuals/1\nas_of: 2027-Q4\nsteps: {a.b.1: {status: finished}}\n", encoding="utf-8"
    )
    found = run("check", path)
    assert found.exit_code == 3
    assert found.stderr.startswith(f"{path}:3:25 SL104")


def test_a_plan_is_verified(plan_file: Path, broken_file: Path) -> None:
    good, bad = run("check", plan_file, "--width", 400), run("check", broken_file, "--width", 400)
    assert (good.exit_code, bad.exit_code) == (0, 6)
    assert (
        good.stdout
        == f"{plan_file}: checked as a plan (stepladder-plan/2).\n\n{run('verify', plan_file, '--width', 400).stdout}"
    )
    assert bad.stdout.startswith(f"{broken_file}: checked as a plan")
    assert "Not verified: 1 fault." in bad.stdout
    said = json.loads(run("check", broken_file, "--json").stdout)
    assert (said["valid"], len(said["faults"])) == (False, 1)
    assert json.loads(run("check", plan_file, "--json").stdout)["valid"]


def test_questions_say_as_what_they_were_checked(tmp_path: Path) -> None:
    assert "\nChecked as a problem in plain numbers (stepladder-problem/1).\n" in run("check", SMALL).stdout
    first = Path(stepladder.__file__).parent / "workflow" / "first.yaml"
    assert "\nChecked as a scenario (stepladder-scenario/1).\n" in run("check", first).stdout
    quoted = tmp_path / "quoted.yaml"
    quoted.write_text(
        first.read_text(encoding="utf-8").replace("format: stepladder-scenario/1", '"format": "stepladder-scenario/1"'),
        encoding="utf-8",
    )
    assert run("check", quoted).stdout == run("check", first).stdout


def test_a_question_with_the_wrong_ending(tmp_path: Path) -> None:
    problem = tmp_path / "problem.yaml"
    shutil.copy(SMALL, problem)
    assert "let its name end in .json" in run("check", problem).stderr
    scenario = as_json(folder("scenarios") / "bottling_line.yaml", tmp_path / "scenario.json")
    assert "let its name end in .yaml" in run("check", scenario).stderr


@pytest.mark.parametrize(
    "said",
    ["stepladder-nonsense/1", "stepladder-scenario/2", "stepladder-catalogue-view/1", "12", "stepladder-problem/9"],
)
@pytest.mark.parametrize("suffix", [".yaml", ".json"])
def test_an_unknown_format_lists_the_known_ones(tmp_path: Path, said: str, suffix: str) -> None:
    path = tmp_path / f"odd{suffix}"
    path.write_text(
        f'{{"title": 1, "format": "{said}"}}' if suffix == ".json" else f"title: x\nformat: {said}\n", encoding="utf-8"
    )
    found = run("check", path)
    assert (found.exit_code, found.stdout) == (3, "")
    place = "1:24" if suffix == ".json" else "2:9"
    assert found.stderr == f"{path}:{place} SL104 '{said}' is no format that is known here; {KNOWN}\n1 problem found\n"


@pytest.mark.parametrize(
    ("name", "text"),
    [("none.yaml", "title: x\n"), ("none.json", '{"periods": []}'), ("nested.yaml", "a:\n  format: x\n")],
)
def test_without_a_format_it_is_asked_for(tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    found = run("check", path)
    assert found.exit_code == 3
    assert found.stderr.startswith(f"{path}:1:1 SL102 key 'format' is missing")
    assert KNOWN.removeprefix("known: ") in found.stderr


def test_a_file_of_another_command_is_told_so(tmp_path: Path) -> None:
    path = tmp_path / "state.json"
    path.write_text('{"format": "stepladder-push/1", "target": {}, "items": {}}', encoding="utf-8")
    assert "give it to: stepladder push" in run("check", path).stderr


@pytest.mark.parametrize("options", [("--set", "a=1"), ("--scenario", "lean")])
def test_nothing_is_laid_over_what_is_no_scenario(options: tuple[str, str]) -> None:
    found = run("check", CATALOGUE, *options)
    assert (found.exit_code, found.stdout) == (2, "")
    assert "is no scenario but a catalogue (stepladder-catalogue/1); leave --scenario and --set out" in found.stderr
