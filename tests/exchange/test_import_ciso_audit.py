"""Audits of CISO Assistant, with the library of their framework and alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from stepladder.errors import UsageError
from tests.exchange.test_import_ciso_library import LIBRARY, UNSCORED
from tests.support.imported import planned, read, real, refused, workbook, write

N = "urn:acme:risk:req_node:doors:"
AUDIT = f"""\
\ufeffurn;ref_id;name;description;typical_evidence;annotation;compliance_result;extended_result;requirement_progress;score;observations
{N}d;D;Doors;;;;;;;;
{N}d.1;D.1;Front door;"Two
lines";;;compliant;;done;2;'=fine
{N}d.10;8.10;;The back door has a lock of its own.;;;not_assessed;;to_do;;
{N}w;;;Windows.;;;not_applicable;;done;;There are none
{N}w.1;D.1;Front window;;;;partially_compliant;;in_progress;;
"""


def test_with_its_library_scores_are_levels(tmp_path: Path) -> None:
    for files in ({"audit.csv": AUDIT, "doors.yaml": LIBRARY}, {"doors.yaml": LIBRARY, "audit.csv": AUDIT}):
        done = read(tmp_path, files)
        assert done.scenario["current"] == {
            "d_1": {"score": 2},
            "x_8_10": {"score": 1},
            "d_1_2": {"score": 2},
        }
        assert {levels["score"] for levels in done.scenario["target"].values()} == {3}
        assert done.scenario["not_applicable"] == {"windows": "There are none"}
        assert done.says("1 requirement not assessed yet: the lowest level, Open")
        assert done.says("1 requirement without a score: compliant is the highest level")


def test_without_scores_results_are_levels(tmp_path: Path) -> None:
    done = read(tmp_path, {"audit.csv": AUDIT.replace(";2;", ";;"), "doors.yaml": UNSCORED})
    assert done.scenario["current"] == {"d_1": {"result": 2}, "x_8_10": {"result": 0}, "d_1_2": {"result": 1}}


def test_alone_its_rows_are_the_model(tmp_path: Path) -> None:
    done = read(tmp_path, {"audit.csv": AUDIT})
    assert [group["title"] for group in done.model["groups"].values()] == ["Doors"]
    assert {name: one["title"] for name, one in done.practices.items()} == {
        "d_1": "Front door",
        "x_8_10": "The back door has a lock of its own.",
        "windows": "Windows.",
        "d_1_2": "Front window",
    }
    assert done.scenario["current"] == {"d_1": {"result": 2}, "x_8_10": {"result": 0}, "d_1_2": {"result": 1}}
    assert done.says("left: 1 score: what they mean stands in the framework's library")


def test_a_score_between_two_levels_counts_as_it_is_answered(tmp_path: Path) -> None:
    files = {"audit.csv": AUDIT.replace(";2;", ";1.5;"), "doors.yaml": LIBRARY}
    lower, higher = read(tmp_path, files), read(tmp_path, files, say={"between": "higher"})
    assert (lower.scenario["current"]["d_1"], higher.scenario["current"]["d_1"]) == ({"score": 1}, {"score": 2})
    assert lower.says("a score between two levels counts as the one that is: lower")
    with pytest.raises(UsageError, match="unknown answer 'up'"):
        read(tmp_path, files, say={"between": "up"})


def test_the_workbook_says_what_is_a_heading_and_ref_ids_will_do(tmp_path: Path) -> None:
    rows: list[list[Any]] = [
        ["assessable", "ref_id", "name", "compliance_result", "implementation_score"],
        [False, "D", "Doors", "not_assessed", None],
        [True, "8.10", "Back door", "partially_compliant", 3],
    ]
    done = read(tmp_path, {"audit.xlsx": workbook({"Audit": rows}), "doors.yaml": LIBRARY})
    assert done.scenario["current"]["x_8_10"] == {"score": 3}
    assert done.says("3 requirements without a row in the audit: the lowest level, Open")
    alone = read(tmp_path, {"audit.xlsx": workbook({"Audit": rows})})
    assert alone.scenario["current"] == {"x_8_10": {"result": 1}}


def test_a_plan_from_the_files_alone(tmp_path: Path) -> None:
    paths = write(tmp_path, {"audit.csv": AUDIT, "doors.yaml": LIBRARY})
    assert "D.1 Front door: level 2 → 3 of 3 (Locked)" in planned(tmp_path, paths)
    for name in ("scenario.yaml", "scenario_model.yaml"):
        (tmp_path / name).unlink()
    assert "Front window: level 1 → 2 of 2 (Compliant)" in planned(tmp_path, paths[:1])


SPOILT: list[tuple[str, str, str]] = [
    (";compliant;;done", ";complaint;;done", "did you mean 'compliant'"),
    ("not_assessed", "later", "unknown result 'later'"),
    (";2;'=fine", ";two;", '"two": is no number'),
    (";2;'=fine", ";4;", "is no score of the framework, which has 1 Open, 2 Shut, 3 Locked"),
    (";2;'=fine", ";0;", "is no score of the framework"),
    (";2;'=fine", ";-1;", "is below 0"),
    (";2;'=fine", ";2,0;", "write 2.0 as a number"),
    (f"{N}d.1;", f"{N}d.2;", "did you mean"),
    (f"{N}w;", f"{N}d.1;", "stands in"),
    (f"{N}d;D;Doors;;;;;;;;", f"{N}d;D;Doors;;;;compliant;;;;", "is a heading of the framework"),
    (f"{N}w;;", ";D.1;", "unknown requirement"),
    (f"{N}w;;", ";D.9;", "unknown requirement"),
    (f"{N}w;;", ";;", "unknown requirement"),
    ('lines"', "lines", "not CSV in the row that begins here"),
    ("ref_id;name", "urn;name", "stands twice"),
]


@pytest.mark.parametrize(("old", "new", "words"), SPOILT)
def test_what_is_wrong_is_named_by_its_cell(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in AUDIT
    found = refused(tmp_path, {"audit.csv": AUDIT.replace(old, new), "doors.yaml": LIBRARY})
    assert any(words in issue for issue in found), found
    assert all("audit.csv:" in issue for issue in found)


def test_what_cannot_be_planned_is_refused(tmp_path: Path) -> None:
    heads = AUDIT.splitlines()[0] + f"\n{N}d;D;Doors;;;;;;;;\n"
    assert "no row has a compliance_result" in refused(tmp_path, {"audit.csv": heads})[0]
    done = f"{AUDIT.splitlines()[0]}\n{N}d.1;D.1;Front door;;;;compliant;;;;\n"
    assert "nothing is left to plan" in refused(tmp_path, {"audit.csv": done})[0]
    other = {"audit.csv": AUDIT, "notes.yaml": "a: 1\n"}
    assert "only the library of its framework goes with it" in refused(tmp_path, other)[0]
    wrong = {"audit.csv": AUDIT, "doors.yaml": LIBRARY.replace("  framework:", "  risk_matrix:")}
    assert "this library holds no framework" in refused(tmp_path, wrong)[0]
    rows = [["assessable", "ref_id", "compliance_result"], ["perhaps", "D.1", "compliant"]]
    assert "neither true nor false" in refused(tmp_path, {"audit.xlsx": workbook({"A": rows})})[0]


def test_an_audit_of_a_real_library(tmp_path: Path) -> None:
    (library,) = real("ciso-assistant/nist-csf-2.0.yaml")
    nodes = yaml.safe_load(library.read_text(encoding="utf-8"))["objects"]["framework"]["requirement_nodes"]
    lines = ["urn;ref_id;name;compliance_result;score;observations"]
    for k, node in enumerate(nodes):
        answer = f"partially_compliant;{1 + k % 3};" if node["assessable"] else ";;"
        lines.append(f"{node['urn']};{node['ref_id']};;{answer}")
    (audit,) = write(tmp_path, {"audit.csv": "\n".join(lines)})
    done = read(tmp_path, {"audit.csv": audit.read_bytes(), library.name: library.read_bytes()})
    assert len(done.scenario["current"]) == 106
    assert "GV.OC-01" in planned(tmp_path, [library, audit])
