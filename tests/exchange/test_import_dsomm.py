"""DSOMM's files: activities by UUID, teams and their progress, which is written back; whatever is wrong is named."""

from __future__ import annotations

import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from stepladder.api import replan
from stepladder.data.formats.plan import Plan
from stepladder.errors import InvalidInput, UsageError
from stepladder.workflow.export import export
from stepladder.workflow.intake import Frame, Wish, intake
from stepladder.workflow.plan import plan as planned
from tests.support import handmade
from tests.support.commanding import run
from tests.support.dsomm import CUSTOM, GENERATED, META, MODEL, PROGRESS, TEAMS
from tests.support.sizes import FULL
from tests.support.spoiling import must_be_told, spoilt

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared/data"
Files = Mapping[str, str]
START = Frame("2027-01-01")
ALL = {"model.yaml": MODEL, "meta.yaml": META, "teams.yaml": TEAMS, "team-progress.yaml": PROGRESS}
FIRST, SCRATCH, PARTS, TRAINING, EXPERTS = (
    "build_by_one_command",
    "built_from_scratch",
    "a_list_of_parts",
    "training_for_all",
    "training_for_experts",
)


def read(folder: Path, files: Files, **say: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The scenario, the model, and what was said."""
    for name, data in files.items():
        (folder / name).write_text(data, encoding="utf-8")
    taken = intake([folder / name for name in files], START, Wish(say=say))
    return yaml.safe_load(taken.text), yaml.safe_load(taken.model), "\n".join(taken.notes)


def practices(model: dict[str, Any]) -> dict[str, Any]:
    return {
        name: one
        for outer in model["groups"].values()
        for inner in outer["groups"].values()
        for name, one in inner["practices"].items()
    }


# -- what is read ------------------------------------------------------------------------------------------------------


def test_the_activities_alone_make_a_model_and_a_scenario(tmp_path: Path) -> None:
    scenario, model, notes = read(tmp_path, {"anything.txt": MODEL})
    assert "took: 5 activities of version 9.9.9 in 3 sub-dimensions, and 4 needs between them" in notes
    assert model["version"] == "9.9.9"
    found = practices(model)
    assert list(found) == [FIRST, SCRATCH, PARTS, TRAINING, EXPERTS]
    assert found[PARTS]["ref"] == "00000000-0000-4000-8000-000000000003-medium"
    # Yes or no, and twelve points of difficulty at a day each; five of time at a month each.
    assert found[PARTS]["costs"]["state"] == {
        1: {"effort": {"default": 12.0}, "months": 5.0, "basis": "Illustrative; from DSOMM's points of difficulty."}
    }
    assert model["importance"][FIRST] == {"state": {1: "critical"}}
    assert list(model["profiles"]["level_1"]["levels"]) == [FIRST, TRAINING]
    assert scenario["profile"] == "level_2"
    assert scenario["teams"]["default"]["title"] == "Default"
    assert scenario["current"] == {}


def test_teams_are_systems_with_states_and_people_of_their_own(tmp_path: Path) -> None:
    scenario, model, notes = read(tmp_path, ALL, days="2")
    assert [info["title"] for info in model["scales"]["state"]["levels"].values()] == [
        "Nothing yet",
        "Begun",
        "All of it",
    ]
    press, night = scenario["systems"].values()
    assert (press["title"], night["title"]) == ("O'Brien's press", "no: 2")
    # The highest state that has a day counts; one without a day has not been reached.
    assert press["current"] == {FIRST: {"state": 2}}
    assert night["current"] == {FIRST: {"state": 1}, TRAINING: {"state": 2}}
    # A fifth of the way to Begun, the rest to All of it; two days a point, and seven points.
    scale = press["costs"]["scales"]["state"]
    assert [cost["effort"]["o_brien_s_press"] for cost in scale.values()] == [0.4, 1.6]
    assert scenario["costs"]["practices"][SCRATCH] == {"factor": 7}
    assert "left: groups of teams: Night (no: 2)" in notes
    needs = [(need["step"], need["needs"]) for need in model["prerequisites"]]
    assert (f"{SCRATCH}.state.1", f"{FIRST}.state.1") in needs
    assert (f"{SCRATCH}.state.2", f"{FIRST}.state.2") in needs


def test_an_activity_is_one_step_where_that_is_wanted(tmp_path: Path) -> None:
    scenario, model, notes = read(tmp_path, ALL, shape="whole")
    assert [info["title"] for info in model["scales"]["state"]["levels"].values()] == ["Nothing yet", "All of it"]
    press, night = scenario["systems"].values()
    assert press["current"] == {FIRST: {"state": 1}}
    assert night["current"] == {TRAINING: {"state": 1}}
    assert "what is there in part counts as not there" in notes


def test_what_exists_once_is_as_far_as_the_furthest_team(tmp_path: Path) -> None:
    scenario, model, _ = read(tmp_path, ALL, shared="training")
    assert scenario["shared"] == [TRAINING, EXPERTS]
    assert scenario["current"] == {TRAINING: {"state": 2}}
    assert "central" in practices(model)[EXPERTS]["costs"]["state"][1]["effort"]
    assert scenario["teams"]["central"]["title"] == "Central team"
    with pytest.raises(UsageError, match="did you mean 'Training'"):
        read(tmp_path, ALL, shared="Trainings")


def test_custom_activities_change_add_move_and_ignore(tmp_path: Path) -> None:
    _, model, notes = read(tmp_path, {"custom.yaml": CUSTOM, "model.yaml": MODEL})
    found = practices(model)
    assert list(found) == [FIRST, "built_from_scratch_at_night", "ours", TRAINING, EXPERTS]
    # What it does not say stays as it was.
    assert found["built_from_scratch_at_night"]["costs"]["state"][1]["effort"] == {"default": 7.0}
    assert "left: activities that are ignored: A list of parts" in notes
    assert "usefulness 3 or difficulty 2 where it is not said: Ours" in notes
    assert EXPERTS in model["groups"]["new"]["groups"]["corner"]["practices"]
    assert EXPERTS in model["profiles"]["level_2"]["levels"]


def test_a_need_of_what_is_ignored_is_told(tmp_path: Path) -> None:
    custom = "Build:\n  Compiling:\n    Built from scratch:\n      ignore: true\n"
    _, model, notes = read(tmp_path, {"model.yaml": MODEL, "custom.yaml": custom, "meta.yaml": META,
                                      "p.yaml": PROGRESS.replace("000000000004", "000000000002")})  # fmt: skip
    assert "left: A list of parts depends on Built from scratch, which is ignored" in notes
    assert "left: the progress of 00000000-0000-4000-8000-000000000002, which is ignored" in notes
    assert SCRATCH not in practices(model)


def test_the_one_file_of_older_versions(tmp_path: Path) -> None:
    scenario, model, _ = read(tmp_path, {"generated.yaml": GENERATED}, target="1")
    assert [(need["step"], need["needs"]) for need in model["prerequisites"]] == [
        ("from_scratch.state.1", "one_command.state.1")
    ]
    default, other = scenario["systems"].values()
    assert (default["title"], other["title"]) == ("Default", "B")
    assert default["current"] == {"from_scratch": {"state": 1}}
    assert other["current"] == {"one_command": {"state": 1}, "from_scratch": {"state": 1}}


def test_an_empty_progress_is_none(tmp_path: Path) -> None:
    scenario, model, _ = read(tmp_path, {**ALL, "team-progress.yaml": "  # nothing yet\nprogress:\n"})
    assert all(not system["current"] for system in scenario["systems"].values())
    assert len(model["scales"]["state"]["levels"]) == 2


def test_names_that_differ_in_signs_only_have_ids_of_their_own(tmp_path: Path) -> None:
    text = MODEL.replace("Training for experts", "Training-for all")
    _, model, _ = read(tmp_path, {"model.yaml": text})
    assert {"training_for_all", "training_for_all_2"} <= set(practices(model))


# -- what is wrong -----------------------------------------------------------------------------------------------------

SPOILT: dict[str, tuple[Files, str, str]] = {
    "progress without its states": (
        {"model.yaml": MODEL, "p.yaml": PROGRESS}, "p.yaml:1:1", "said nowhere: All of it, Begun; give meta.yaml, too"
    ),
    "progress alone": ({"p.yaml": PROGRESS}, "p.yaml:1:1", "this has the progress of teams only; give model.yaml"),
    "settings alone": ({"meta.yaml": META}, "meta.yaml:1:1", "this has the settings only; give model.yaml"),
    "teams alone": ({"teams.yaml": TEAMS}, "teams.yaml:1:1", "this has the teams only; give model.yaml"),
    "custom activities alone": ({"c.yaml": CUSTOM}, "c.yaml:1:1", "this has custom activities only; give model.yaml"),
    "a state that is not defined": (
        {**ALL, "team-progress.yaml": PROGRESS.replace("'Begun'", "'Begunn'")}, "progress.yaml:4:", "mean 'Begun'?"
    ),
    "a team that is not there": (
        {**ALL, "team-progress.yaml": PROGRESS.replace("'no: 2'", "'no: 3'")}, "progress.yaml:6:5", "mean 'no: 2'?"
    ),
    "an activity that is not there": (
        {**ALL, "team-progress.yaml": PROGRESS.replace("000000000004", "000000000009")},
        "progress.yaml:9:3", "unknown activity '00000000-0000-4000-8000-000000000009'; did you mean",
    ),
    "a day that is none": (
        {**ALL, "team-progress.yaml": PROGRESS.replace("2025-09-30", "soon")}, "progress.yaml:5:20", "'soon' is no day"
    ),
    "a name that ends its quotes": (
        {**ALL, "team-progress.yaml": PROGRESS.replace("''", "'")}, "progress.yaml:3:8", "check indentation, quotes"
    ),
    "a score that is none": ({**ALL, "meta.yaml": META.replace("20%", "some")}, "meta.yaml:10:5", "is no percentage"),
    "a score above all": ({**ALL, "meta.yaml": META.replace("20%", "120%")}, "meta.yaml:10:5", "is no percentage"),
    "two states that count the same": (
        {**ALL, "meta.yaml": META.replace("20%", "0%")}, "meta.yaml:10:5", "'Begun' and 'Nothing yet' count the same"
    ),
    "one state": (
        {**ALL, "meta.yaml": META.replace("  Begun:\n    score: 20%\n  All of it:\n    score: 100%\n", "")},
        "meta.yaml:5:1", "fewer than two states",
    ),
    "a team twice": (
        {**ALL, "teams.yaml": TEAMS.replace('"no: 2"\nteam', '"no: 2"\n  - "no: 2"\nteam')}, "teams.yaml:5:5", "twice"
    ),
    "a level above 5": (
        {"model.yaml": MODEL.replace("level: 3", "level: 7")}, "model.yaml:", "level is '7'; write a whole number"
    ),
    "a level in words": (
        {"model.yaml": MODEL.replace("level: 3", "level: high")}, "model.yaml:", "level is 'high'; write a whole"
    ),
    "a difficulty of 0": (
        {"model.yaml": MODEL.replace("time: 5", "time: 0")}, "model.yaml:", "'A list of parts': time is '0'; write a"
    ),
    "an activity of ours without a level": (
        {"model.yaml": MODEL, "c.yaml": CUSTOM.replace("      level: 1\n", "")}, "c.yaml:8:7", "'Ours' has no level"
    ),
    "a UUID that is none": (
        {"model.yaml": MODEL.replace("uuid: 00000000-0000-4000-8000-000000000005", "uuid: 5")},
        "model.yaml:", "'5' is no UUID",
    ),
    "a UUID twice": (
        {"model.yaml": MODEL.replace("000000000005", "000000000004")},
        "model.yaml:", "is of two activities, first in line 39",
    ),
    "a name twice": (
        {"model.yaml": MODEL.replace("    A list of parts:", "    Built From Scratch:")},
        "model.yaml:", "'built from scratch' is of two",
    ),
    "two UUIDs for one name": (
        {"model.yaml": MODEL, "c.yaml": CUSTOM.replace("    Ours:", "    Training for all:")},
        "c.yaml:8:13", "has two UUIDs, 11111111-1111-1111-1111-111111111111 and 0000",
    ),
    "a need of nothing": (
        {"model.yaml": GENERATED.replace("- One command", "- One comand")}, "model.yaml:19:9", "mean 'One command'?"
    ),
    "a need of itself": (
        {"model.yaml": GENERATED.replace("- One command", "- From scratch")}, "model.yaml:19:9", "depends on itself"
    ),
    "needs in a circle": (
        {"model.yaml": MODEL.replace("usefulness: 5\n", "usefulness: 5\n      dependsOn: [A list of parts]\n")},
        "model.yaml:", "these depend on each other in a circle:",
    ),
    "two settings": ({**ALL, "z.yaml": META}, "z.yaml:1:1", "two files have the settings; give one"),
    "a file of something else": ({**ALL, "z.yaml": "a: [b]\n"}, "z.yaml:1:1", "this is no file of DSOMM; leave it out"),
    "a key twice": (
        {"model.yaml": MODEL.replace("    Built from scratch:", '    "Build: by one command":')}, "model.yaml", "twice"
    ),
    "a file that breaks off": ({"model.yaml": MODEL + '      a: "b'}, "model.yaml:", "not YAML"),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_named_by_its_place(name: str, tmp_path: Path) -> None:
    files, place, message = SPOILT[name]
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, files)
    must_be_told(wrong.value.issues, place, message)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    text = PROGRESS.replace("'Begun'", "'Begunn'").replace("2025-09-30", "soon").replace("000000000004", "000000000009")
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, {**ALL, "team-progress.yaml": text})
    assert len(wrong.value.issues) == 4


@pytest.mark.parametrize("seed", range(40 if not FULL else 2000))
def test_whatever_is_spoilt_is_read_or_refused_with_its_place(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    files = dict(rng.choice([{**ALL, "c.yaml": CUSTOM}, {"model.yaml": GENERATED}]))
    name = rng.choice(list(files))
    files[name] = spoilt(files[name], rng)
    wrong: set[str] = set()
    try:
        read(tmp_path, files)
    except InvalidInput as error:
        wrong = {Path(issue.location.file).name for issue in error.issues}
    # What is wrong is wrong with a file that was given, not with what would have been made of it.
    assert wrong <= set(files)


def test_a_target_below_every_activity_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no activity of that level or below"):
        read(tmp_path, {"model.yaml": MODEL.replace("level: 1", "level: 2")}, target="1")


# -- written back ------------------------------------------------------------------------------------------------------


def made(folder: Path, files: Files, **say: str) -> Plan:
    for name, data in files.items():
        (folder / name).write_text(data, encoding="utf-8")
    taken = intake([folder / name for name in files], START, Wish(say=say, model="ours.yaml"))
    (folder / "ours.yaml").write_text(taken.model, encoding="utf-8")
    (folder / "scenario.yaml").write_text(taken.text, encoding="utf-8")
    return planned(folder / "scenario.yaml")


def test_progress_is_what_is_there_and_is_read_back(tmp_path: Path) -> None:
    plan = made(tmp_path, ALL)
    exported = export(plan, "dsomm-progress")
    assert exported == export(plan, "dsomm-progress")
    content = yaml.safe_load(exported.data)["progress"]
    day = "2026-12-31"
    assert {key: {team: {state: str(on) for state, on in states.items()} for team, states in teams.items()}
            for key, teams in content.items()} == {
        "00000000-0000-4000-8000-000000000001": {"O'Brien's press": {"All of it": day}, "no: 2": {"Begun": day}},
        "00000000-0000-4000-8000-000000000004": {"no: 2": {"All of it": day}},
    }  # fmt: skip
    # What is planned stands beside it, and is no fact.
    assert "# planned: 'All of it': 2027-" in exported.data.decode()
    assert "have the day 2026-12-31" in exported.notes[0]
    before, _, _ = read(tmp_path, ALL)
    after, _, _ = read(tmp_path, {**ALL, "team-progress.yaml": exported.data.decode()})
    assert before == after


def test_what_is_done_since_has_its_day(tmp_path: Path) -> None:
    plan = made(tmp_path, ALL)
    first = [step for step, start in plan.starts.items() if start == 0]
    assert first
    later = replan(plan, as_of="2027-07-01").plan
    text = export(later, "dsomm-progress").data.decode()
    content = yaml.safe_load(text)["progress"]
    days = {str(day) for teams in content.values() for states in teams.values() for day in states.values()}
    assert "2027-03-31" in days
    scenario, _, _ = read(tmp_path, {**ALL, "team-progress.yaml": text})
    stood, _, _ = read(tmp_path, ALL)
    assert scenario["systems"] != stood["systems"]


def test_one_team_keeps_its_name(tmp_path: Path) -> None:
    teams = "teams: [The only press]\n"
    plan = made(tmp_path, {"model.yaml": MODEL, "meta.yaml": META, "teams.yaml": teams})
    exported = export(plan, "dsomm-progress")
    assert yaml.safe_load(exported.data) == {"progress": {}}
    assert "'The only press':" in exported.data.decode()
    assert "'The only press'" in exported.notes[1]


def test_what_is_shared_is_of_every_team(tmp_path: Path) -> None:
    plan = made(tmp_path, ALL, shared="Training")
    content = yaml.safe_load(export(plan, "dsomm-progress").data)["progress"]
    assert set(content["00000000-0000-4000-8000-000000000004"]) == {"O'Brien's press", "no: 2"}


def test_a_plan_without_uuids_is_refused() -> None:
    with pytest.raises(UsageError, match="has a UUID of DSOMM"):
        export(handmade.bottling(), "dsomm-progress")


# -- the true files ----------------------------------------------------------------------------------------------------

THEIRS = REAL / "imports/dsomm"
real = pytest.mark.skipif(not THEIRS.is_dir(), reason="DSOMM's own files are not beside this project")
ALL_OF_THEIRS = [REAL / "dsomm/model.yaml", *(THEIRS / f"{name}.yaml" for name in
                 ("meta", "teams", "team-progress.synthetic", "custom-activities"))]  # fmt: skip


@real
def test_the_published_model_is_read_with_all_that_goes_with_it() -> None:
    notes = "\n".join(intake(ALL_OF_THEIRS, START, Wish()).notes)
    # One more than the 194 of the model, in a corner of its own; the ignored one was moved by its UUID.
    assert "took: 195 activities of version 4.3.1 in 20 sub-dimensions, and 123 needs between them" in notes
    assert "took: teams: Team A, Team B, Team C, Team D; 3 states above 'Not implemented'" in notes
    with pytest.raises(InvalidInput, match="Fully implemented, Partly implemented, Started; give meta"):
        intake([REAL / "dsomm/model.yaml", THEIRS / "team-progress.synthetic.yaml"], START, Wish())
    notes = "\n".join(intake([REAL / "dsomm/model.yaml", THEIRS / "team-progress.empty.yaml"], START, Wish()).notes)
    assert "took: 194 activities" in notes


@real
@pytest.mark.timing
@pytest.mark.slow
def test_four_teams_are_planned_in_under_a_minute(tmp_path: Path) -> None:
    begun = time.perf_counter()
    done = run("import", *ALL_OF_THEIRS, "--start", "2027-01-01", "-o", tmp_path / "s.yaml")
    assert done.exit_code == 0
    done = run("plan", tmp_path / "s.yaml", "--no-progress", "-o", tmp_path / "plan.json")
    assert "1,002 of 1,002 steps" in done.stdout
    assert time.perf_counter() - begun < 60
