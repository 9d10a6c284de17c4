"""Assessments by SAMM: every spelling is read, what is written back says the same, and whatever is wrong is named."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest
import yaml

from stepladder.api import import_
from stepladder.data.formats.plan import Plan
from stepladder.errors import InvalidInput, UsageError
from stepladder.exchange.intake.kinds import suited
from stepladder.exchange.intake.source import Source
from stepladder.exchange.samm_model import ACTIVITIES, code_of
from stepladder.workflow.export import export
from stepladder.workflow.intake import Frame, Wish, intake
from stepladder.workflow.plan import plan as planned
from tests.support.commanding import run
from tests.support.samm import SETS, core, samm, toolbox
from tests.support.sizes import FULL
from tests.support.spoiling import must_be_told, spoilt

ROOT = Path(__file__).parents[2]
REAL = ROOT.parent / "shared/data/imports/samm"
Files = Mapping[str, bytes | str]
START = Frame("2027-01-01")
#: Level 1 of one stream is there, of another level 2 over a gap, of a third level 1 in part.
SOME: dict[str, object] = {"G-SM-A-1": 1.0, "D-TA-A-1": 0.5, "D-TA-A-2": 1.0, "O-OM-B-1": 1.0, "O-OM-B-2": 0.25}


def read(folder: Path, files: Files, **say: str) -> tuple[dict[str, Any], dict[str, Any], str]:
    """The scenario, the model, and what was said."""
    for name, data in files.items():
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    taken = intake([folder / name for name in files], START, Wish(say=say))
    return yaml.safe_load(taken.text), yaml.safe_load(taken.model), "\n".join(taken.notes)


def levels(part: dict[str, Any]) -> dict[str, int]:
    return {name: level for name, scales in part.items() for level in scales.values()}


# -- what is read ------------------------------------------------------------------------------------------------------


def test_three_spellings_of_a_code_are_one_activity() -> None:
    spellings = ("G-SM-1-A", "G-SM-A-1-1", "G-SM-A-1", "g-sm-a-1")
    assert {code_of(text) for text in spellings} == {"G-SM-A-1"}
    assert [code_of(text) for text in ("G-SM-A-4", "G-TA-A-1", "G-SM-C-1", "SM-A-1")] == [None] * 4
    # 15 practices of two streams and three levels each.
    assert len(ACTIVITIES) == 90


@pytest.mark.parametrize("above", [0, 3])
@pytest.mark.parametrize("computed", [True, False])
def test_a_toolbox_is_read_by_its_own_hidden_sheets(above: int, computed: bool, tmp_path: Path) -> None:
    scenario, model, notes = read(tmp_path, {"box.xlsx": toolbox(SOME, above=above, computed=computed)})
    assert scenario["title"] == "Mill & Co, Press"
    # A level counts from "most or all" on, and on top of the level below it.
    assert levels(scenario["current"]) == {"g_sm_a": 1, "o_om_b": 1}
    assert set(levels(scenario["target"]).values()) == {2}
    assert len(scenario["target"]) == 30
    assert "took: 5 of 90 answers (1 some, 1 at least half, 3 most or all)" in notes
    assert "D-TA-A-2: answered well enough, but a level below is not" in notes
    assert "what is not answered counts as no: 85 questions" in notes
    refs = [name["ref"] for group in _groups(model) for name in group.get("practices", {}).values()]
    assert len(refs) == 30
    assert refs[0] == "G-SM-A"


def _groups(model: dict[str, Any]) -> list[dict[str, Any]]:
    return [inner for outer in model["groups"].values() for inner in outer["groups"].values()]


def test_a_text_that_two_sets_share_counts_what_its_own_set_says(tmp_path: Path) -> None:
    same = SETS[0][3]
    assert same == SETS[1][1]
    answers: dict[str, object] = {"G-SM-A-1": same, "G-SM-B-1": same}
    scenario, _, _ = read(tmp_path, {"box.xlsx": toolbox(answers)}, shape="coverage")
    assert levels(scenario["current"]) == {"g_sm_a_1": 3, "g_sm_b_1": 1}


def test_a_level_counts_from_the_answer_on_that_one_says(tmp_path: Path) -> None:
    scenario, model, _ = read(tmp_path, {"box.xlsx": toolbox(SOME)}, reached="0.5")
    assert levels(scenario["current"]) == {"g_sm_a": 1, "d_ta_a": 2, "o_om_b": 1}
    assert model["scales"]["maturity"]["title"] == "Maturity, from at least half on"


def test_by_activity_every_part_counts(tmp_path: Path) -> None:
    scenario, model, _ = read(tmp_path, {"box.xlsx": toolbox(SOME)}, shape="coverage")
    now = {"g_sm_a_1": 3, "d_ta_a_1": 2, "d_ta_a_2": 3, "o_om_b_1": 3, "o_om_b_2": 1}
    assert levels(scenario["current"]) == now
    # 60 activities up to level 2, of which three are there in full.
    assert len(scenario["target"]) == 57
    one = _groups(model)[0]["practices"]["g_sm_a_2"]
    assert one["ref"] == "G-SM-A-2-1"
    # 10 days for level 2, divided by what each part counts: a quarter, a quarter and a half.
    assert [cost["effort"]["security"] for cost in one["costs"]["coverage"].values()] == [2.5, 2.5, 5]
    assert len(model["prerequisites"]) == 60


def test_the_last_phase_of_the_roadmap_is_the_target(tmp_path: Path) -> None:
    phases: dict[str, object] = {"G-SM-A-2": 1.0, "I-SB-A-1": 1.0, "O-OM-B-1": 0.5}
    box = toolbox(SOME, phases)
    scenario, _, notes = read(tmp_path, {"box.xlsx": box})
    assert levels(scenario["target"]) == {"g_sm_a": 2, "i_sb_a": 1}
    assert "the target is Phase 2 of the sheet Roadmap" in notes
    assert "left: phase 'Phase 2' is below today for O-OM-B-1" in notes
    scenario, _, notes = read(tmp_path, {"box.xlsx": box}, target="1")
    assert set(levels(scenario["target"]).values()) == {1}
    assert "sheet Roadmap" not in notes
    scenario, _, _ = read(tmp_path, {"box.xlsx": box}, shape="coverage", target="roadmap")
    assert levels(scenario["target"]) == {"g_sm_a_2": 3, "i_sb_a_1": 3}


def test_a_target_by_function(tmp_path: Path) -> None:
    scenario, _, _ = read(tmp_path, {"box.xlsx": toolbox(SOME)}, target="1, G=3, d = 2")
    found = levels(scenario["target"])
    assert {found["g_sm_a"], found["g_eg_b"]} == {3}
    assert found["d_ta_a"] == 2
    assert found["i_sb_a"] == 1
    with pytest.raises(UsageError, match="write a level from 0 to 3"):
        read(tmp_path, {"box.xlsx": toolbox(SOME)}, target="four")
    with pytest.raises(UsageError, match="plans nothing in a sheet Roadmap"):
        read(tmp_path, {"box.xlsx": toolbox(SOME)}, target="roadmap")
    with pytest.raises(UsageError, match="write three numbers"):
        read(tmp_path, {"box.xlsx": toolbox(SOME)}, days="8")


def test_a_samm_file_is_read_in_both_spellings(tmp_path: Path) -> None:
    answers = [{"questionCode": "G-SM-A-1", "answerScore": 1}, {"questionCode": "G-SM-A-2"}]
    text = samm(answers)
    scenario, model, notes = read(tmp_path, {"one.samm": text})
    assert scenario["title"] == "Mill & Co, Press"
    assert scenario["description"] == "Assessed 2026-05-01."
    assert model["version"] == "2.0.8"
    assert levels(scenario["current"]) == {"g_sm_a": 1}
    # No score is no answer.
    assert "took: 1 of 90 answers" in notes
    other, _, _ = read(tmp_path, {"one.samm": text.replace("organization", "organisation")})
    assert other == scenario


def test_a_score_between_two_answers_is_asked_for(tmp_path: Path) -> None:
    text = samm([{"questionCode": "G-SM-A-1", "answerScore": 0.9}, {"questionCode": "G-SM-B-1", "answerScore": 0.375}])
    scenario, _, notes = read(tmp_path, {"one.samm": text}, shape="coverage")
    assert levels(scenario["current"]) == {"g_sm_a_1": 2, "g_sm_b_1": 1}
    assert "what a score between two answers becomes: down" in notes
    scenario, _, _ = read(tmp_path, {"one.samm": text}, shape="coverage", between="nearest")
    # 0.375 is as near to a quarter as to a half: the lower one.
    assert levels(scenario["current"]) == {"g_sm_a_1": 3, "g_sm_b_1": 1}


def test_the_models_own_files_bring_titles_and_what_is_related(tmp_path: Path) -> None:
    files = core(related={"V-AA-A-2": ("D-SR-A-1", "V-AA-A-1"), "I-SB-A-1": ("G-PC-A-1",)})
    scenario, model, notes = read(tmp_path, {"one.samm": samm([]), **files}, shape="coverage")
    assert _groups(model)[0]["practices"]["g_sm_a_1"]["title"] == "The G-SM-A-1 of ours"
    # 60 rungs of the streams, one of which the file names again, and two more.
    assert len(model["prerequisites"]) == 62
    assert "90 titles of activities, and 3 relations" in notes
    scenario, model, _ = read(tmp_path, files)
    assert "current" in scenario
    assert [(need["step"], need["needs"]) for need in model["prerequisites"]] == [
        ("i_sb_a.maturity.1", "g_pc_a.maturity.1"),
        ("v_aa_a.maturity.2", "d_sr_a.maturity.1"),
    ]


def test_it_is_known_by_what_is_in_it(tmp_path: Path) -> None:
    box, text = toolbox(SOME), samm([])
    for name, data in (("x.csv", box), ("x.xlsx", text.encode()), ("x.json", core()["SM.yml"].encode())):
        chosen = suited([Source(name, data)])
        assert chosen is not None
        assert chosen[0].name == "samm"


# -- what is wrong -----------------------------------------------------------------------------------------------------

CORE = core()
PART = {name: text for name, text in CORE.items() if name.startswith(("level", "SM", "G-SM"))}
HEAD = "Code,Stream,Level,Answer\n"
SPOILT: dict[str, tuple[Files, str, str]] = {
    "an answer that its set does not have": (
        {"x.xlsx": toolbox({"G-SM-A-1": "Yes, al"})}, "x.xlsx Interview!F18", 'did you mean "Yes, all"?'
    ),
    "an answer of another set": (
        {"x.xlsx": toolbox({"G-SM-A-1": "Yes, each month"})}, "x.xlsx Interview!F18", "is none of the answers to"
    ),
    "a number as an answer": ({"x.xlsx": toolbox({"G-SM-A-1": 3})}, "x.xlsx Interview!F18", "they are: No; Yes, a bit"),
    "a code that is none": (
        {"x.xlsx": toolbox(ids={"G-SM-A-1": "G-SN-A-1-1"})}, "x.xlsx Interview!A18", "did you mean 'G-SM-A-1'?"
    ),
    "a code twice": ({"x.xlsx": toolbox(twice="G-SM-A-1")}, "x.xlsx Interview", "stands twice, first in A18"),
    "no codes at all": (
        {"x.xlsx": toolbox(ids=dict.fromkeys(ACTIVITIES, ""))}, "x.xlsx Interview!A1", "no codes such as G-SM-A-1-1"
    ),
    "no sets of answers": ({"x.xlsx": toolbox(without=("imp-answers",))}, "x.xlsx:1:1", "the sheet imp-answers is not"),
    "no hidden sheets": (
        {"x.xlsx": toolbox(without=("imp-answers", "imp-questions"))}, "x.xlsx:1:1", "imp-questions and imp-answers are"
    ),
    "an empty sheet of sets": ({"x.xlsx": toolbox(sets=[("",)])}, "x.xlsx imp-answers!A1", "has no sets of answers"),
    "a weight that is none": (
        {"x.xlsx": toolbox(sets=[(0, *SETS[0], 0, 1, 2, 3), (1, *SETS[1], 0, 0.25, 0.5, 1)])},
        "x.xlsx imp-answers!H2", "is 0, 0.25, 0.5 or 1 in column C_W",
    ),
    "a question with a set that is not there": (
        {"x.xlsx": toolbox(questions=[("G-SM-A-1-1", 7)])}, "x.xlsx imp-questions!E2", "has no such set of answers"
    ),
    "a question that the hidden sheet does not have": (
        {"x.xlsx": toolbox({"G-SM-B-1": "No"}, questions=[("G-SM-A-1-1", 0)])},
        "x.xlsx Interview!F24", "does not say which answers G-SM-B-1 has",
    ),
    "a phase beside a code that was never computed": (
        {"x.xlsx": toolbox({}, {"G-SM-A-1": 1.0}, computed=False)}, "x.xlsx Roadmap!N18", "save it"
    ),
    "an answer of a phase that is none": (
        {"x.xlsx": toolbox({}, {"G-SM-A-1": "Maybe"})}, "x.xlsx Roadmap!N18", "is none of the answers"
    ),
    "one sheet as CSV": (
        {"x.csv": HEAD + "".join(f"{code}-1,made up,1,No\n" for code in ACTIVITIES)}, "x.csv:1:1", "one sheet of the"
    ),
    "half a workbook": ({"x.xlsx": toolbox(SOME)[:3000]}, "x.xlsx:1:1", "give an .xlsx file"),
    "the schema": (
        {"x.json": json.dumps({"$schema": "y", "properties": {"formatVersion": {}, "assessment": {}}})},
        "x.json:1:1", "this is the schema of .samm files",
    ),
    "no answers": ({"x.samm": '{"formatVersion": "1", "assessment": {}}'}, "x.samm:1:38", "has no list `answers`"),
    "answers that are no list": (
        {"x.samm": '{"formatVersion": "1", "assessment": {"answers": {}}}'}, "x.samm:1:38", "has no list `answers`"
    ),
    "a code of SAMM 1.5": (
        {"x.samm": samm([{"questionCode": "SM1", "answerScore": 1}])}, "x.samm:10:21", "SAMM 1.5 has other ones"
    ),
    "an answer without a code": ({"x.samm": samm([{"answerScore": 1}])}, "x.samm:9:4", "has no `questionCode`"),
    "an answer that is no mapping": ({"x.samm": samm(["G-SM-A-1"])}, "x.samm:9:4", "has no `questionCode`"),
    "a score above 1": ({"x.samm": samm([{"questionCode": "G-SM-A-1", "answerScore": 3}])}, "x.samm:11:20", "3: what"),
    "a score that is text": (
        {"x.samm": samm([{"questionCode": "G-SM-A-1", "answerScore": "1"}])}, "x.samm:11:20", "'1': what"
    ),
    "a score that is a truth value": (
        {"x.samm": samm([{"questionCode": "G-SM-A-1", "answerScore": True}])}, "x.samm:11:20", "what an answer counts"
    ),
    "a code twice in two spellings": (
        {"x.samm": samm([{"questionCode": "G-SM-A-1"}, {"questionCode": "G-SM-1-A"}])}, "x.samm:13:21", "in line 10"
    ),
    "another framework": (
        {"x.samm": samm([], extensions=[{"name": "Assessment Framework", "version": "1", "framework": "ASVS"}])},
        "x.samm", "the answers are for 'ASVS'",
    ),
    "JSON that breaks off": ({"x.samm": samm([])[:-5]}, "x.samm", ""),
    "a set of answers": (
        {"x.yml": "id: 1a\nvalues:\n- text: No\n  value: 0\ntype: AnswerSet\n"}, "x.yml:1:1", "this is a set of answers"
    ),
    "one activity alone": ({"x.yml": CORE["G-SM-A-1.yml"]}, "x.yml:3:9", "a stream with the id sSMA is in none of the"),
    "a part of the model": (PART, "", "of SAMM's 90 activities 84 are in none of the files, such as G-PC-A-1"),
    "an id in two files": ({**CORE, "z.yml": CORE["G-SM-A-1.yml"]}, "z.yml:3:1", "give the file once"),
    "a related activity that is not there": (
        core(related={"G-SM-A-1": ("X",)}), "G-SM-A-1.yml:8:3", "the related activity aX is in none of the files"
    ),
    "a practice of another model": (
        {**CORE, "SM.yml": "id: pSM\nshortName: XX\ntype: Practice\n"}, "G-SM-A-1.yml:3:1", "XX is no practice of it"
    ),
    "two assessments": ({"a.samm": samm([]), "b.samm": samm([])}, "b.samm:1:1", "import one at a time"),
    "a file of something else": (
        {"a.samm": samm([]), "b.yaml": "teams: [A]\n"}, "b.yaml:1:1", "this is no file of SAMM; leave it out"
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SPOILT)
def test_what_is_wrong_is_named_by_its_place(name: str, tmp_path: Path) -> None:
    files, place, message = SPOILT[name]
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, files)
    must_be_told(wrong.value.issues, place, message)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    wrong: dict[str, object] = {"G-SM-A-1": "Yess", "O-OM-B-3": "Never", "D-TA-A-1": 12}
    with pytest.raises(InvalidInput) as raised:
        read(tmp_path, {"x.xlsx": toolbox(wrong)})
    assert len(raised.value.issues) == 3


@pytest.mark.parametrize("seed", range(20 if not FULL else 1000))
def test_whatever_is_spoilt_is_read_or_refused_with_its_place(seed: int, tmp_path: Path) -> None:
    rng = Random(seed)
    extension = {"name": "Assessment Framework", "version": "1", "framework": "SAMM"}
    answers = [{"questionCode": "G-SM-A-1", "answerScore": 0.5}, {"questionCode": "D-TA-B-2"}]
    wrong: set[str] = set()
    try:
        read(tmp_path, {"x.samm": spoilt(samm(answers, extensions=[extension]), rng)})
    except InvalidInput as error:
        wrong = {Path(issue.location.file).name for issue in error.issues}
    # What is wrong is wrong with a file that was given, not with what would have been made of it.
    assert wrong <= {"x.samm"}


# -- written back ------------------------------------------------------------------------------------------------------


def made(folder: Path, files: Files, **say: str) -> Plan:
    for name, data in files.items():
        (folder / name).write_bytes(data.encode() if isinstance(data, str) else data)
    taken = intake([folder / name for name in files], START, Wish(say=say))
    (folder / "model.yaml").write_text(taken.model, encoding="utf-8")
    (folder / "scenario.yaml").write_text(taken.text, encoding="utf-8")
    return planned(folder / "scenario.yaml")


@pytest.fixture(scope="module")
def by_level(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    return made(tmp_path_factory.mktemp("level"), {"box.xlsx": toolbox(SOME)}, target="1", reached="0.5")


@pytest.fixture(scope="module")
def by_activity(tmp_path_factory: pytest.TempPathFactory) -> Plan:
    answers = [{"questionCode": code, "answerScore": score} for code, score in SOME.items()]
    return made(tmp_path_factory.mktemp("activity"), {"one.samm": samm(answers)}, target="G=1", shape="coverage")


def scores(data: bytes) -> dict[str, float | None]:
    answers = json.loads(data)["assessment"]["answers"]
    return {answer["questionCode"]: answer.get("answerScore") for answer in answers}


def test_a_plan_from_the_file_alone_does_something(by_level: Plan, by_activity: Plan) -> None:
    # Of 30 streams three have level 1. Of six activities of governance's level 1 one is there in full.
    assert len(by_level.starts) == 27
    assert len(by_activity.starts) == 15
    # 27 steps of 5 days each, twelve in the 60 days of a quarter.
    assert len(set(by_level.starts.values())) == 3


def test_what_is_written_today_is_what_was_read(by_activity: Plan, by_level: Plan, tmp_path: Path) -> None:
    today = scores(export(by_activity, "samm-today").data)
    assert {code: score for code, score in today.items() if score} == SOME
    assert len(today) == 90
    # By level only what is reached is known, and it counts what a level counts from on.
    data = export(by_level, "samm-today").data
    known = {code: score for code, score in scores(data).items() if score is not None}
    assert known == {"G-SM-A-1": 0.5, "D-TA-A-1": 0.5, "D-TA-A-2": 0.5, "O-OM-B-1": 0.5}
    again, _, _ = read(tmp_path, {"again.samm": data}, reached="0.5")
    assert levels(again["current"]) == {"g_sm_a": 1, "d_ta_a": 2, "o_om_b": 1}


def test_what_is_written_for_the_end_is_what_is_planned(by_activity: Plan, by_level: Plan, tmp_path: Path) -> None:
    exported = export(by_activity, "samm")
    assert exported.notes == ()
    end = scores(exported.data)
    assert all(end[code] == 1 for code in ACTIVITIES if code.startswith("G-") and code.endswith("-1"))
    assert end["D-TA-A-1"] == 0.5
    scenario, _, _ = read(tmp_path, {"end.samm": exported.data}, shape="coverage", target="G=1")
    # Nothing is left to do.
    assert scenario["target"] == {}
    exported = export(by_level, "samm")
    assert "levels that are not reached have no score" in exported.notes[0]
    assert all(scores(exported.data)[code] == 0.5 for code in ACTIVITIES if code.endswith("-1"))


def test_the_state_at_the_end_of_a_year_is_what_is_finished_by_then(by_level: Plan) -> None:
    end = {
        step.id: by_level.problem.periods[step.finish(by_level.starts[step.id])].end for step in by_level.problem.steps
    }
    for year in ("2027", "2028", "2029"):
        document = json.loads(export(by_level, "samm", year=year).data)
        assert document["assessment"]["date"].startswith(f"{year}-12-")
        done = {name for name, day in end.items() if name in by_level.starts and str(day) <= f"{year}-12-31"}
        reached = {code for code, score in scores(json.dumps(document).encode()).items() if score is not None}
        assert len(reached) == len(done) + 4
    assert export(by_level, "samm", year="2029").data == export(by_level, "samm").data
    with pytest.raises(UsageError, match="unknown year '2031'"):
        export(by_level, "samm", year="2031")
    with pytest.raises(UsageError, match="leave --year out"):
        export(by_level, "samm-today", year="2027")


@pytest.mark.parametrize("name", ["samm", "samm-today"])
def test_the_file_has_what_the_schema_asks_for(name: str, by_activity: Plan, by_level: Plan) -> None:
    for plan in (by_activity, by_level):
        document = json.loads(export(plan, name).data)
        assert isinstance(document["formatVersion"], str)
        assessment = document["assessment"]
        assert all(isinstance(assessment[key], str) for key in ("version", "organization", "scope", "date"))
        assert all(set(answer) <= {"questionCode", "answerScore"} for answer in assessment["answers"])
        assert all(
            isinstance(extension[key], str) for extension in document["extensions"] for key in ("name", "version")
        )
        assert export(plan, name) == export(plan, name)
        if not REAL.is_dir():
            continue
        from jsonschema import validate

        validate(document, json.loads((REAL / "open-sammy_core_schema.json").read_text(encoding="utf-8")))


def test_a_plan_without_codes_of_samm_is_refused() -> None:
    from tests.support import handmade

    with pytest.raises(UsageError, match="has a code of SAMM 2"):
        export(handmade.bottling(), "samm")


# -- the true files ----------------------------------------------------------------------------------------------------

real = pytest.mark.skipif(not REAL.is_dir(), reason="SAMM's own files are not beside this project")


@real
@pytest.mark.parametrize("name", ["SAMM_spreadsheet.xlsx", "open-sammy_Toolbox.xlsx"])
def test_the_published_toolboxes_are_read(name: str, tmp_path: Path) -> None:
    taken = import_(REAL / name, start="2027-01-01")
    assert "took: 0 of 90 answers" in "\n".join(taken.notes)
    assert "sheet Roadmap" not in taken.text


@real
def test_a_published_toolbox_that_a_script_filled_in_is_read(tmp_path: Path) -> None:
    taken = intake([REAL / "filled_synthetic.xlsx"], START, Wish())
    assert "took: 90 of 90 answers (23 no, 23 some, 22 at least half, 22 most or all)" in taken.notes
    assert levels(yaml.safe_load(taken.text)["current"])["g_sm_b"] == 1


@real
@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("core_answer_set_A.yml", "this is a set of answers of SAMM's core"),
        ("core_activity_D-SA-2-A.yml", "a stream with the id 253b0120"),
        ("open-sammy_core_schema.json", "this is the schema of .samm files"),
    ],
)
def test_parts_of_the_published_model_are_refused_by_name(name: str, message: str) -> None:
    with pytest.raises(InvalidInput, match=message):
        intake([REAL / name], START, Wish())


@real
@pytest.mark.timing
def test_an_assessment_is_planned_in_under_twenty_seconds(tmp_path: Path) -> None:
    begun = time.perf_counter()
    done = run("import", REAL / "SAMM_spreadsheet.xlsx", "--start", "2027-01-01", "-o", tmp_path / "s.yaml")
    assert done.exit_code == 0
    done = run("plan", tmp_path / "s.yaml", "--no-progress", "-o", tmp_path / "plan.json")
    assert "60 of 60 steps" in done.stdout
    assert time.perf_counter() - begun < 20
