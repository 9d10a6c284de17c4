"""Applied controls of CISO Assistant in each of the tables that it writes; each becomes a step of its own."""

from __future__ import annotations

import datetime
from pathlib import Path
from typing import Any

import pytest

from stepladder.api import import_
from stepladder.errors import UsageError
from tests.support.imported import planned, read, real, refused, workbook, write

#: The export of the list of controls: semicolons, labels, an apostrophe before what a program could compute.
EXPORT = """\
\ufeffinternal_id;ref_id;name;description;category;csf_function;folder;status;start_date;eta;expiry_date;priority;effort;\
impact;cost_currency;cost_build_fixed;cost_build_people_days;cost_run_fixed;cost_run_people_days;\
cost_amortization_period;owner;labels
id-1;C-1;Gate;"Steel;
painted";physical;protect;HQ;to_do;;2028-06-30;;1;Medium;Very High;€;12000;10;900;1;3;Anna,Ben;iron
id-2;C-2;'=Bell;;technical;detect;HQ;in_progress;;;;2;Large;High;€;0;0;0;0;1;;
id-3;C-3;Dog;;process;detect;HQ;on_hold;;;;3;;Low;€;500;4;60;0;1;;
id-4;;Lamp;;technical;;HQ;active;;2026-01-31;;4;Extra Small;Medium;€;20;1;1;0;1;;
id-5;C-5;Moat;;physical;protect;HQ;deprecated;;;;;;;€;;;;;;;
id-6;C-6;Ditch;;physical;protect;HQ;;;2026-12-01;;1;;;€;;;;;;;
"""
IMPORTED = """\
name,description,category,csf_function,ref_id,status,priority,effort,control_impact,eta,amortization_period,\
build_fixed_cost,build_people_days,run_fixed_cost,run_people_days
Gate,Steel,physical,protect,C-1,to_do,1,M,5,,3,12000,10,900,2
"""
ACTION_PLAN = """\
\ufeffName,Description,Category,CSF Function,Priority,Status,ETA,Expiry date,Effort,Impact,Cost,Covered requirements
Gate,Steel,physical,protect,1,to_do,2028-06-30,,M,5,4900,"D.1
D.2"
"""
MEASURES = """\
\ufeffmeasure_id;measure_name;measure_desc;category;csf_function;reference_control;eta;priority;effort;control_impact;annual_cost;link;status
id-1;Gate;Steel;physical;protect;;2028-06-30;1;M;5;4900;;--
"""


def test_the_export_becomes_steps_with_all_that_it_says(tmp_path: Path) -> None:
    done = read(tmp_path, {"controls.csv": EXPORT})
    gate = done.practices["c_1"]
    assert (gate["title"], gate["ref"], gate["description"]) == ("Gate", "C-1", "Steel; painted")
    assert gate["costs"]["done"][1] == {
        "once": 12_000,
        "per_year": 900,
        "effort": {"security": 10},
        "months": 1,
        "basis": "The file's own figures.",
    }
    assert done.practices["c_2"]["title"] == "=Bell"
    assert done.practices["c_2"]["costs"]["done"][1]["effort"] == {"security": 20}
    assert {group["title"]: group.get("ref") for group in done.model["groups"].values()} == {
        "Protect": "PR",
        "Detect": "DE",
        "Technical": None,
    }
    # An impact says how much it matters, else the priority.
    assert done.model["importance"] == {"c_1": "critical", "c_2": "high", "c_3": "low", "id_4": "medium", "c_6": "high"}
    assert done.scenario["current"]["id_4"] == {"done": 1}
    assert done.scenario["owners"] == {"c_1": "Anna,Ben"}
    assert done.scenario["currency"] == "EUR"
    assert done.scenario["pins"] == {
        "c_1.done.1": {"finish_by": "2028-06-30"},
        "c_2.done.1": {"start": "2027-01-01", "reason": "It is in progress."},
        "c_3.done.1": {"earliest": "2028-01-01", "reason": "It is on hold."},
    }
    for text in (
        "the ETA of Ditch, 2026-12-01: it is before the plan begins",
        "left: 1 control: deprecated",
        "1 control without a status: to do",
        "left: labels (1 row)",
        "left: folder (6 rows)",
        "what running cost is for: year",
    ):
        assert done.says(text), text


@pytest.mark.parametrize("text", [IMPORTED, ACTION_PLAN, MEASURES])
def test_the_other_tables_with_the_same_controls(text: str, tmp_path: Path) -> None:
    done = read(tmp_path, {"controls.csv": text})
    (gate,) = done.practices.values()
    assert (gate["title"], gate["description"]) == ("Gate", "Steel")
    assert gate["costs"]["done"][1]["effort"] == {"security": 10 if text == IMPORTED else 8}
    assert list(done.model["importance"].values()) == ["critical"]
    for mark in ",;\t":
        other = "\t" if mark == "\t" else mark
        moved = other.join(text.splitlines()[0].replace(";", ",").split(","))
        row = text.splitlines()[1:]
        if len(row) == 1:
            cells = row[0].replace(";", ",").split(",")
            assert read(tmp_path, {"c.csv": f"{moved}\n{other.join(cells)}\n"}).practices == done.practices


def test_a_workbook_has_numbers_and_days(tmp_path: Path) -> None:
    heads = ["status", "name", "category", "eta", "cost_build_fixed", "priority"]
    rows: list[list[Any]] = [heads, ["to_do", "Gate", "physical", datetime.date(2028, 6, 30), 1200.5, 1]]
    done = read(tmp_path, {"controls.xlsx": workbook({"Sheet1": [["Ours"], [], *rows]})})
    assert done.practices["gate"]["costs"]["done"][1]["once"] == 1200.5
    assert done.scenario["pins"] == {"gate.done.1": {"finish_by": "2028-06-30"}}


def test_what_is_open_is_answered(tmp_path: Path) -> None:
    done = read(tmp_path, {"c.csv": EXPORT}, say={"run": "period", "hold": "5", "team": "Plant IT", "days": "3"})
    assert done.practices["c_1"]["costs"]["done"][1]["per_year"] == 300
    assert done.practices["c_6"]["costs"]["done"][1]["effort"] == {"plant_it": 3}
    # Five months end in the second quarter.
    assert done.scenario["pins"]["c_3.done.1"]["earliest"] == "2027-07-01"
    for say, words in (
        ({"run": "monthly"}, "unknown answer 'monthly'"),
        ({"hold": "99"}, "not before the end of the plan"),
        ({"hold": "later"}, "write a number"),
        ({"team": "-"}, "write a name with a letter"),
        ({"haste": "1"}, "unknown question 'haste'"),
    ):
        with pytest.raises(UsageError, match=words):
            read(tmp_path, {"c.csv": EXPORT}, say=say)


def test_amounts_are_in_whole_units_of_their_currency(tmp_path: Path) -> None:
    text = EXPORT.replace("€", "JPY").replace(";12000;10;900;", ";12000.7;10.33333;1000;")
    done = read(tmp_path, {"c.csv": text}, say={"run": "period"})
    cost = done.practices["c_1"]["costs"]["done"][1]
    assert (cost["once"], cost["per_year"], cost["effort"]) == (12_001, 333, {"security": 10.3333})


def test_what_is_in_progress_waits_where_people_or_money_do_not_allow_it(tmp_path: Path) -> None:
    rows = "".join(f"C{k},d,physical,protect,C-{k},in_progress,1,M,5,,1,100,10,0,0\n" for k in range(9))
    text = IMPORTED.splitlines(keepends=True)[0] + rows
    assert len(read(tmp_path, {"c.csv": text}).scenario["pins"]) == 6  # 60 days a quarter, 10 each
    assert len(read(tmp_path, {"c.csv": text}, money=450.0).scenario["pins"]) == 4
    done = read(tmp_path, {"c.csv": text}, days=30.0)
    assert len(done.scenario["pins"]) == 3
    assert done.says("6 controls in progress beyond what people or money allow at once: put off")


def test_a_plan_from_the_file_alone(tmp_path: Path) -> None:
    made = planned(tmp_path, write(tmp_path, {"controls.csv": EXPORT}))
    assert "C-1 Gate: level 0 → 1 of 1 (Active)" in made
    assert "has its start fixed" in made


SPOILT: list[tuple[str, str, str]] = [
    ("HQ;to_do", "HQ;todo", 'controls.csv:2:8 SL104 "todo": unknown value'),
    ("HQ;on_hold", "HQ;onhold", "did you mean 'on_hold'"),
    ("1;Medium;Very High", "1;Huge;Very High", '"huge": unknown value'),
    ("Medium;Very High", "Medium;Enormous", '"enormous": unknown value'),
    ("Medium;Very High", "Medium;7", '"7": unknown value'),
    ("2028-06-30;;1;", "2028-06-30;;P9;", '"p9": unknown value'),
    (";12000;10;", ";12.000;10;", '"12.000": is text and no number; write 12000'),
    (";12000;10;", ";12000;ten;", '"ten": is no number'),
    (";12000;10;", ";-12000;10;", '"-12000": is below 0'),
    (";12000;10;", ";1e99;10;", '"1e99": is no number'),
    ("2028-06-30", "30.06.2028", "is no date"),
    ("2028-06-30", "2028-02-31", "is no date"),
    ("Very High;€;", "Very High;Euro;", "is no currency"),
    (
        "id-2;C-2;'=Bell;;technical;detect;HQ;in_progress;;;;2;Large;High;€",
        "id-2;C-2;B;;;;;to_do;;;;2;;;$",
        "a second currency",
    ),
    ("C-2;'=Bell", "C-2;", "a control needs a name"),
    ("id-2;C-2;'=Bell", "id-2;C-1;Gate", "the same control stands in"),
    ("ref_id;name", "name;name", "the heading 'name' stands twice"),
    ('painted"', "painted", "not CSV in the row that begins here"),
    (";status;", ";state;", "no table with the headings Code and Current"),
]


@pytest.mark.parametrize(("old", "new", "words"), SPOILT)
def test_what_is_wrong_is_named_by_its_cell(old: str, new: str, words: str, tmp_path: Path) -> None:
    assert old in EXPORT
    found = refused(tmp_path, {"controls.csv": EXPORT.replace(old, new)})
    assert any(words in issue for issue in found), found
    assert all("controls.csv:" in issue for issue in found)


def test_a_row_of_several_lines_moves_no_place(tmp_path: Path) -> None:
    (issue,) = refused(tmp_path, {"controls.csv": EXPORT.replace("HQ;on_hold", "HQ;held up")})
    assert "controls.csv:5:8" in issue
    assert len(refused(tmp_path, {"c.csv": EXPORT.replace("HQ;", "HQ;x")})) == 6


def test_nothing_to_plan_is_said(tmp_path: Path) -> None:
    heads = IMPORTED.splitlines(keepends=True)[0]
    assert "headings and no controls" in refused(tmp_path, {"c.csv": heads})[0]
    assert "nothing is left to plan" in refused(tmp_path, {"c.csv": IMPORTED.replace("to_do", "active")})[0]
    assert "which nothing else goes with" in refused(tmp_path, {"c.csv": IMPORTED, "d.csv": IMPORTED})[0]


@pytest.mark.parametrize(
    ("name", "count"),
    [("applied_controls_sample.csv", 20), ("sample_applied_controls.csv", 5), ("applied_controls_template.xlsx", 20)],
)
def test_real_tables(name: str, count: int, tmp_path: Path) -> None:
    (path,) = real(f"ciso-assistant/{name}")
    done = read(tmp_path, {path.name: path.read_bytes()})
    assert len(done.practices) == count
    assert "Incident Response Plan: level 0 → 1 of 1 (Active)" in planned(tmp_path, [path])


def test_a_first_day_that_is_none_is_said(tmp_path: Path) -> None:
    (path,) = write(tmp_path, {"c.csv": IMPORTED})
    with pytest.raises(UsageError, match="--start January: it is no day; write one such as 2027-01-01"):
        import_(path, start="January")
    with pytest.raises(UsageError, match="say it with --start"):
        import_(path)
