"""Assessments of CSET as JSON: letters have the meaning that their model gives them."""

from __future__ import annotations

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import pytest

from stepladder.errors import UsageError
from tests.support.imported import planned, read, refused, write


def question(number: int, title: str, answer: str | None, level: int = 1, **more: Any) -> dict[str, Any]:
    return {
        "QuestionId": number,
        "Title": title,
        "QuestionText": f"Is {title} done?",
        "MaturityLevel": level,
        "AnswerText": answer,
        "Comment": None,
        "Observations": [],
        "FollowupQuestions": [],
        **more,
    }


SEEN = [{"Importance": "High", "Title": "No list", "Summary": "", "Recommendations": "Write one."}]
C2M2: dict[str, Any] = {
    "ModelId": 12,
    "ModelName": "C2M2",
    "ModelTitle": "Doors and windows",
    "Levels": [{"Level": 1, "Label": "MIL-1"}, {"Level": 2, "Label": "MIL-2"}],
    "Groupings": [
        {
            "Title": "Doors",
            "Groupings": [
                {
                    "Title": "Know the doors",
                    "Questions": [question(1, "DOOR-1a", "PI", Observations=SEEN), question(2, "DOOR-1b", "LI", 2)],
                }
            ],
            "Questions": [],
        },
        {"Title": "Windows", "Questions": [question(3, "WIN-1a", "NI"), question(4, "WIN-1b", "U", 2)]},
        {"Title": "Empty", "Groupings": [], "Questions": []},
    ],
}
CPG2: dict[str, Any] = {
    "ModelName": "CPG2",
    "Groupings": [
        {"Title": "Goals", "Questions": [question(k, f"{k}.A", letter, 0) for k, letter in enumerate("YISNU", start=1)]}
    ],
}
CRR: dict[str, Any] = {
    "ModelName": "CRR",
    "ModelTitle": "Review",
    "Groupings": [
        {
            "Title": "Goal 1",
            "Questions": [
                question(
                    1, "Q1", None, 0, FollowupQuestions=[question(2, "Q1.a", "Y", 0), question(3, "Q1.b", "INC", 0)]
                ),
                question(4, "Q2", "A", 0),
                question(5, "Q3", "NA", 0),
                question(6, "Q4", "N", 0),
            ],
        }
    ],
}
STANDARDS: dict[str, Any] = {
    "Mode": "R",
    "Standards": [
        {
            "SetName": "House rules",
            "Requirements": [
                {"RequirementId": 1, "Title": "R.1", "RequirementText": "Shut the door.", "AnswerText": "N"},
                {"RequirementId": 2, "Title": "R.2", "RequirementText": "Lock it.", "AnswerText": "Y"},
            ],
        }
    ],
    "Questions": [],
}


def cased(value: Any, key: Any) -> Any:
    if isinstance(value, dict):
        return {key(name): cased(child, key) for name, child in value.items()}
    return [cased(child, key) for child in value] if isinstance(value, list) else value


def export(*models: dict[str, Any], key: Any = str, **more: Any) -> dict[str, str]:
    whole = {"Assessment": {"Name": "Ours"}, "Contacts": [], "MaturityModels": list(models), **more}
    return {"export.json": json.dumps(cased(whole, key), indent=1)}


@pytest.mark.parametrize("key", [str, str.lower, lambda text: text[:1].lower() + text[1:]])
def test_c2m2_has_four_levels_and_its_own(key: Any, tmp_path: Path) -> None:
    done = read(tmp_path, export(C2M2, key=key))
    assert {name: one["ref"] for name, one in done.practices.items()} == {
        "door_1a": "DOOR-1a",
        "door_1b": "DOOR-1b",
        "win_1a": "WIN-1a",
        "win_1b": "WIN-1b",
    }
    levels = done.model["scales"]["answer"]["levels"]
    assert [level["ref"] for level in levels.values()] == ["NI", "PI", "LI", "FI"]
    current = {name: level["answer"] for name, level in done.scenario["current"].items()}
    assert current == {"door_1a": 1, "door_1b": 2, "win_1a": 0, "win_1b": 0}
    # Largely implemented is enough for a level of C2M2.
    assert {level["answer"] for level in done.scenario["target"].values()} == {2}
    assert done.model["profiles"]["mil_1"] == {"title": "MIL-1", "levels": {"door_1a": 2, "win_1a": 2}}
    assert list(done.model["profiles"]["mil_2"]["levels"]) == list(done.practices)
    assert [group["title"] for group in done.model["groups"].values()] == ["Doors", "Windows"]
    assert done.model["importance"] == {"default": "medium", "door_1a": "high"}
    assert "Observed: No list Write one." in done.practices["door_1a"]["description"]
    assert done.says("1 question not answered: the lowest level")


def test_the_target_is_a_level_of_the_model_and_what_is_enough(tmp_path: Path) -> None:
    done = read(tmp_path, export(C2M2), say={"highest": "1", "enough": "met"})
    assert done.scenario["target"] == {"door_1a": {"answer": 3}, "win_1a": {"answer": 3}}
    for say, words in (
        ({"highest": "3"}, "unknown maturity level '3'"),
        ({"enough": "fully"}, "unknown answer 'fully'"),
        ({"answers": "FI"}, "write letters and what they mean"),
        ({"answers": "FI:yes"}, "write letters and what they mean"),
        ({"answers": "NI:met,PI:met,LI:met"}, "at least two letters"),
    ):
        with pytest.raises(UsageError, match=words):
            read(tmp_path, export(C2M2), say=say)


def test_in_cpg_s_is_out_and_i_is_partly(tmp_path: Path) -> None:
    done = read(tmp_path, export(CPG2))
    current = {name: level["answer"] for name, level in done.scenario["current"].items()}
    assert current == {"x_1_a": 2, "x_2_a": 1, "x_4_a": 0, "x_5_a": 0}
    assert list(done.scenario["not_applicable"]) == ["x_3_a"]
    assert done.says("what the letters mean: N no, I partly, Y met, S out, U open")
    assert "profiles" not in done.model
    planned_ = read(tmp_path, export(CPG2), say={"answers": "S:no"})
    assert planned_.scenario["current"]["x_3_a"] == {"answer": 0}


def test_other_models_have_yes_and_no_and_parents_are_headings(tmp_path: Path) -> None:
    done = read(tmp_path, export(CRR))
    current = {name: level["answer"] for name, level in done.scenario["current"].items()}
    assert current == {"q1_a": 1, "q1_b": 0, "q2": 1, "q4": 0}
    assert list(done.scenario["not_applicable"]) == ["q3"]
    assert done.says("1 question with others below and no answer: only headings")
    assert done.says("1 question not answered: the lowest level")


def test_standards_are_read_too_and_one_of_several_is_chosen(tmp_path: Path) -> None:
    alone = read(tmp_path, export(Standards=STANDARDS))
    assert alone.scenario["current"] == {"r_1": {"answer": 0}, "r_2": {"answer": 1}}
    both = read(tmp_path, export(C2M2, Standards=STANDARDS))
    assert both.scenario["title"] == "Doors and windows"
    assert both.says("left: the model House rules: one at a time (--say model=House rules)")
    named = read(tmp_path, export(C2M2, Standards=STANDARDS), say={"model": "house rules"})
    assert named.scenario["title"] == "House rules"
    with pytest.raises(UsageError, match="did you mean 'House rules'"):
        read(tmp_path, export(C2M2, Standards=STANDARDS), say={"model": "House rule"})


def test_a_plan_from_the_file_alone(tmp_path: Path) -> None:
    made = planned(tmp_path, write(tmp_path, export(C2M2)))
    assert "WIN-1a Is WIN-1a done?: level 0 → 1 of 3 (PI Partly met)" in made


def test_the_backup_of_an_assessment_is_refused_by_name(tmp_path: Path) -> None:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as packed:
        packed.writestr("model.json", "{}")
    (issue,) = refused(tmp_path, {"ours.csetw": memory.getvalue()})
    assert "in CSET (.csetw) is; export the assessment as JSON instead" in issue


#: A part of the export of C2M2, what stands there instead, and what is said.
SPOILT: list[tuple[str, str, str]] = [
    ('"AnswerText": "PI"', '"AnswerText": "Y"', "unknown answer 'Y'"),
    ('"AnswerText": "PI"', '"AnswerText": "P I"', "did you mean 'PI'"),
    ('"AnswerText": "PI"', '"AnswerText": 3', "unknown answer '3'"),
    ('"AnswerText": "PI"', '"AnswerText": true', "unknown answer 'TRUE'"),
    ('"QuestionId": 2', '"QuestionId": 1', "the question 1 stands in line"),
    (
        '"Title": "WIN-1a",\n       "QuestionText": "Is WIN-1a done?"',
        '"QuestionText": ""',
        "without a title and without a text",
    ),
    ('"MaturityModels"', '"Models of ours"', "this is no assessment that can be imported"),
    ('"Questions": [', '"Answers": [', "has no question in the file"),
    ('"Groupings": [', '"Groups": [', "has no question in the file"),
    ('"ModelName": "C2M2",', "", "holds no maturity model and no standard"),
    ('"AnswerText": "PI"', '"AnswerText": NaN', "unknown answer 'NAN'"),
    ('"AnswerText": "PI",', '"AnswerText": "PI"', "not JSON"),
    ('"AnswerText": "PI"', '"AnswerText": "PI", "AnswerText": "FI"', "stands twice"),
    ('"PI"', '"LI"', ""),
    ('"NI"', '"LI"', ""),
    ('"FollowupQuestions": []', '"FollowupQuestions": 7', ""),
]


@pytest.mark.parametrize(("old", "new", "words"), SPOILT)
def test_what_is_wrong_is_named_by_its_line(old: str, new: str, words: str, tmp_path: Path) -> None:
    (text,) = export(C2M2).values()
    assert old in text
    spoilt = {"export.json": text.replace(old, new)}
    if not words:
        assert read(tmp_path, spoilt).practices
        return
    found = refused(tmp_path, spoilt)
    assert any(words in issue for issue in found), found
    assert all("export.json:" in issue for issue in found)


def test_what_is_done_already_or_holds_nothing_is_refused(tmp_path: Path) -> None:
    (text,) = export(C2M2).values()
    for letter in ("NI", "PI", "U"):
        text = text.replace(f'"{letter}"', '"FI"')
    assert "nothing is left to plan" in refused(tmp_path, {"export.json": text})[0]
    assert "holds no maturity model and no standard" in refused(tmp_path, export())[0]
