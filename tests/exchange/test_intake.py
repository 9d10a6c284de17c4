"""The sheet to fill in: what a template holds, that a filled one becomes the scenario that somebody would write by
hand, and that whatever is wrong in it is named by its cell.
"""

from __future__ import annotations

import datetime
import io
import random
import resource
import zipfile
from pathlib import Path
from typing import Any

import openpyxl
import openpyxl.styles
import pytest
import xlsxwriter
import yaml
from python_calamine import CalamineWorkbook

from stepladder.api import import_
from stepladder.errors import CellLocation, InvalidInput, UsageError
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.marks import LARGEST
from stepladder.workflow.asking import ask
from stepladder.workflow.catalogue import catalogue
from stepladder.workflow.template import template
from tests.support.commanding import run

INDEX = catalogue("iot_smm").index
CODES = [f"{practice}.{scale}" for practice, place in INDEX.places.items() for scale in place.scales]
HEADS = [field.name for field in layout.ROWS]
FRAME = {"First day": datetime.date(2027, 1, 1), "Years": 3, "Periods": "quarter", "Money a year": 60_000}
ACCESS, PATCH = "access_control.comprehensiveness", "patch_management.comprehensiveness"
CRA = "vulnerability_assessment.comprehensiveness"
GOOD: dict[str, dict[str, Any]] = {
    ACCESS: {"Current": "1 Minimum", "Target": "3 Consistent", "Once": 30_001, "Per year": 4_000, "Days": 21},
    PATCH: {"Current": 1, "Target": "ad hoc", "Owner": "Maintenance"},
    CRA: {"Current": "1", "Target": 2.0, "Team": "Security"},
}
GOOD[ACCESS] |= {"Team": "Security"}
TEAMS, DATES = [["Security", 30]], [["The audit", datetime.date(2027, 12, 11), CRA, "2 Ad hoc", "The customer"]]
THREATS = [["Ransomware", "ransomware_on_operations", 0.2, 100_000, 400_000, 2_000_000, "Workshop"]]


def sheet(
    rows: dict[str, dict[str, Any]] | None = None,
    frame: dict[str, Any] | None = None,
    teams: list[list[Any]] | None = None,
    dates: list[list[Any]] | None = None,
    threats: list[list[Any]] | None = None,
    heads: list[str] | None = None,
    codes: list[str] | None = None,
    above: int = 0,
) -> bytes:
    """A filled sheet, by cell; formulas and dates as what they are."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory, {"in_memory": True, "default_date_format": "yyyy-mm-dd", "strings_to_formulas": False}
    )
    assessment, framed, losses = (book.add_worksheet(name) for name in (layout.ASSESSMENT, layout.FRAME, layout.LOSSES))
    rows, heads = GOOD if rows is None else rows, heads or HEADS
    for k in range(above):
        assessment.write(k, 0, "Our assessment")
    assessment.write_row(above, 0, heads)
    for k, code in enumerate(codes or CODES, start=above + 1):
        for m, head in enumerate(heads):
            value = code if head == "Code" else rows.get(code, {}).get(head)
            if isinstance(value, tuple):
                assessment.write_formula(k, m, *value)
            elif value is not None:
                assessment.write(k, m, value)
    for k, (name, value) in enumerate({**FRAME, **(frame or {})}.items()):
        framed.write_row(k, 0, [name, value])
    at = 12
    for fields, content in (
        (layout.TEAMS, TEAMS if teams is None else teams),
        (layout.DATES, DATES if dates is None else dates),
    ):
        framed.write_row(at, 0, [field.name for field in fields])
        for k, line in enumerate(content, start=1):
            framed.write_row(at + k, 0, line)
        at += len(content) + 3
    losses.write_row(0, 0, [field.name for field in layout.THREATS])
    for k, line in enumerate(THREATS if threats is None else threats, start=1):
        losses.write_row(k, 0, line)
    hidden = book.add_worksheet(layout.HIDDEN)
    hidden.write_column(0, 0, [layout.FORMAT, "iot_smm"])
    book.close()
    return memory.getvalue()


def read(folder: Path, data: bytes | str, name: str = "filled.xlsx", **given: Any) -> dict[str, Any]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    found: dict[str, Any] = yaml.safe_load(import_(path, **given).text)
    return found


# -- the template ------------------------------------------------------------------------------------------------------


def test_a_template_has_a_row_for_each_practice_and_scale_and_is_the_same_every_time() -> None:
    data = template()
    assert data == template()
    book = CalamineWorkbook.from_filelike(io.BytesIO(data))
    assert book.sheet_names[:4] == [layout.ASSESSMENT, layout.FRAME, layout.LOSSES, layout.READ_ME]
    rows = book.get_sheet_by_name(layout.ASSESSMENT).to_python()
    assert rows[0] == HEADS
    assert [row[0] for row in rows[1:]] == CODES


def test_a_template_that_nobody_filled_in_says_what_is_missing_and_where(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, template())
    places = {str(issue.location).rpartition("/")[2] for issue in wrong.value.issues}
    assert places == {"filled.xlsx Assessment!A2", "filled.xlsx Frame!B3"}


# -- a filled one ------------------------------------------------------------------------------------------------------


def test_a_filled_sheet_becomes_the_scenario_that_one_would_write(tmp_path: Path) -> None:
    found = read(tmp_path, sheet())
    assert found["horizon"] == {"start": "2027-01-01", "periods": 12, "period": "quarter"}
    assert found["budget"] == {"amount": 60_000}
    assert found["current"]["access_control"] == {"comprehensiveness": 1, "scope": 1}
    assert found["target"]["access_control"]["comprehensiveness"] == 3
    assert found["target"]["patch_management"]["comprehensiveness"] == 2
    assert found["owners"] == {"patch_management": "Maintenance"}
    assert found["teams"] == {"security": {"title": "Security", "capacity": {"amount": 30}}}
    # 30,001 for two levels: whole cents, and nothing lost; the days are all that it takes.
    half = {"once": 15_000.5, "per_year": 2_000, "effort": {"engineering": 0, "operations": 0, "security": 10.5}}
    assert found["costs"]["steps"] == {f"{ACCESS}.2": half, f"{ACCESS}.3": half}
    (date,) = found["milestones"].values()
    assert date["reach"] == {"vulnerability_assessment": {"comprehensiveness": 2}}
    (threat,) = found["threats"].values()
    assert threat["loss_per_event"] == {"low": 100_000, "likely": 400_000, "high": 2_000_000}


@pytest.mark.parametrize("seed", range(5))
def test_rows_and_columns_stand_anywhere(seed: int, tmp_path: Path) -> None:
    rng = random.Random(seed)
    heads, codes = rng.sample(HEADS, len(HEADS)), rng.sample(CODES, len(CODES))
    moved, plain = (read(tmp_path, data) for data in (sheet(heads=heads, codes=codes, above=seed), sheet()))
    assert {**moved, "costs": None} == {**plain, "costs": None}
    assert moved["costs"] == plain["costs"]


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_same_columns_as_csv(mark: str, tmp_path: Path) -> None:
    lines = [mark.join(("Code", "Current", "Target", "Owner")), mark.join((ACCESS, "1 Minimum", "Ad hoc", "IT"))]
    found = read(tmp_path, "\ufeff" + "\r\n".join(lines), "filled.csv", start="2027-01-01", years=2, money=5_000)
    assert found["target"]["access_control"]["comprehensiveness"] == 2
    assert found["horizon"]["periods"] == 8
    with pytest.raises(InvalidInput, match="or give --start"):
        read(tmp_path, "\n".join(lines), "filled.csv")


def test_from_the_sheet_to_a_plan_by_two_commands(tmp_path: Path) -> None:
    path, scenario = tmp_path / "filled.xlsx", tmp_path / "scenario.yaml"
    path.write_bytes(sheet())
    done = run("import", path, "-o", scenario)
    assert done.exit_code == 0, done.stderr
    assert f"stepladder plan {scenario}" in done.stderr
    assert len(ask(scenario).problem.steps) >= 4
    made = run("plan", scenario, "--work", 1, "--no-progress")
    assert made.exit_code == 0
    assert "The audit" in made.stdout


def test_without_losses_the_plan_is_made_for_what_matters(tmp_path: Path) -> None:
    rows = {ACCESS: {**GOOD[ACCESS], "Importance": "High"}, PATCH: GOOD[PATCH], CRA: GOOD[CRA]}
    found = read(tmp_path, sheet(rows, threats=[]))
    assert found["objective"] == "worth"
    assert found["importance"] == {
        "access_control": {"comprehensiveness": "high"},
        "patch_management": {"comprehensiveness": "medium"},
        "vulnerability_assessment": {"comprehensiveness": "medium"},
    }
    path = tmp_path / "scenario.yaml"
    assert run("import", tmp_path / "filled.xlsx", "-o", path).exit_code == 0
    made = run("plan", path, "--work", 1, "--no-progress")
    assert made.exit_code == 0
    assert "points" in made.stdout
    with pytest.raises(InvalidInput, match="unknown importance 'hihg'; did you mean 'high'"):
        read(tmp_path, sheet({ACCESS: {**GOOD[ACCESS], "Importance": "hihg"}}))


# -- several systems, and a sheet that stays the source ----------------------------------------------------------------


LINES = "System;Code;Current;Target;Once;Days;Importance\n"
PRESS = f"Press;{ACCESS};1;3;10000;8;high\nOven;{ACCESS};1;2;4000;;\n;{PATCH};0;1;;;\n"


def test_a_template_for_several_systems_has_rows_for_each() -> None:
    rows = CalamineWorkbook.from_filelike(io.BytesIO(template("iot_smm", ["Press", "Oven"]))).get_sheet_by_index(0)
    head, *lines = rows.to_python()
    assert head[:2] == ["System", "Code"]
    assert [line[:2] for line in lines] == [[system, code] for system in ("Press", "Oven") for code in CODES]
    with pytest.raises(UsageError, match="the same name"):
        template("iot_smm", ["Press", "press"])


def test_a_sheet_of_several_systems(tmp_path: Path) -> None:
    found = read(tmp_path, LINES + PRESS, "lines.csv", start="2027-01-01", years=2, money=50_000)
    assert found["title"] == "lines"
    press = found["systems"]["press"]
    assert (press["title"], press["target"]) == ("Press", {"access_control": {"comprehensiveness": 3}})
    assert press["costs"]["steps"][f"{ACCESS}.3"] == {
        "once": 5000.0,
        "effort": {"engineering": 0, "operations": 0, "security": 0, "everybody": 4.0},
    }
    assert press["importance"] == {"access_control": {"comprehensiveness": "high"}}
    assert found["systems"]["oven"]["importance"] == {"access_control": {"comprehensiveness": "medium"}}
    assert found["target"] == {"patch_management": {"comprehensiveness": 1}}
    (tmp_path / "scenario.yaml").write_text(import_(tmp_path / "lines.csv", start="2027-01-01", years=2, money=1).text)
    steps = {step.id for step in ask(tmp_path / "scenario.yaml").problem.steps}
    assert steps >= {f"press/{ACCESS}.3", f"oven/{PATCH}.1", f"press/{PATCH}.1"}
    with pytest.raises(InvalidInput, match=r"stands in .*lines\.csv:2:2 already"):
        read(tmp_path, LINES + PRESS + f"press;{ACCESS};1;1;;;\n", "lines.csv", start="2027-01-01", years=2, money=1)


NAMING = """format: stepladder-scenario/1
catalogue: iot_smm
title: From the sheet
assessment: {sheet}
horizon: {{start: 2027-01-01, periods: 4}}
budget: {{amount: 50000}}
objective: worth
importance: {{default: medium}}
teams: {{it: {{title: IT, capacity: {{amount: 20}}}}}}
target: {{patch_management: {{comprehensiveness: 2}}}}
"""


def test_a_scenario_that_names_a_sheet_reads_it_each_time(tmp_path: Path) -> None:
    rows = f"Code;Current;Target;Once;Days;Team\n{ACCESS};1;2;3000;5;IT\n{PATCH};0;1;;;\n"
    (tmp_path / "levels.csv").write_text(rows, encoding="utf-8")
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(NAMING.format(sheet="levels.csv"), encoding="utf-8")
    question = ask(scenario)
    steps = {step.id: step for step in question.problem.steps}
    # What the scenario says itself stands above the sheet.
    assert set(steps) >= {f"{ACCESS}.2", f"{PATCH}.1", f"{PATCH}.2"}
    assert f"{ACCESS}.3" not in steps
    assert (steps[f"{ACCESS}.2"].once, steps[f"{ACCESS}.2"].effort) == (3000.0, {"it": 5.0})
    assert question.context is not None
    assert f"{tmp_path / 'levels.csv'}:2:4" in {origin.at for origin in question.context.origins.values()}
    (tmp_path / "levels.csv").write_text(rows.replace(f"{ACCESS};1;2;3000", f"{ACCESS};1;3;3000"), encoding="utf-8")
    assert f"{ACCESS}.3" in {step.id for step in ask(scenario).problem.steps}
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet())
    scenario.write_text(NAMING.format(sheet="filled.xlsx"), encoding="utf-8")
    asked = ask(scenario)
    assert asked.context is not None
    assert any(origin.at.endswith(at("Once")) for origin in asked.context.origins.values())
    assert run("check", scenario).exit_code == 0


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "scenario.yaml:4:13 SL211 no file 'levels.csv' beside"),
        (f"Code;Current;Target\n{ACCESS};9;2\n", 'levels.csv:2:2 SL104 "9": is no level of Comprehensiveness'),
        (f"Code;Current;Target;Days;Team\n{ACCESS};1;2;5;OT\n", "levels.csv:2:5 SL104 \"OT\": unknown team 'OT'"),
    ],
)
def test_what_is_wrong_in_a_sheet_that_is_named(content: str | None, words: str, tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(NAMING.format(sheet="levels.csv"), encoding="utf-8")
    if content is not None:
        (tmp_path / "levels.csv").write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput) as wrong:
        ask(scenario)
    assert any(words in str(issue) for issue in wrong.value.issues), wrong.value


# -- what is wrong -----------------------------------------------------------------------------------------------------


def with_(code: str, **cells: Any) -> dict[str, Any]:
    return {"rows": {**GOOD, code: {**GOOD.get(code, {}), **cells}}}


def at(head: str, code: str = ACCESS) -> str:
    """The cell of a heading and a code."""
    return str(CellLocation("Assessment", CODES.index(code) + 2, HEADS.index(head) + 1))


SPOILT: list[tuple[dict[str, Any], str, str]] = [
    (with_(ACCESS, Current="Konsistent"), at("Current"), "did you mean Consistent (3)?"),
    (with_(ACCESS, Current=7), at("Current"), "is no level of Comprehensiveness"),
    (with_(ACCESS, Current=1.75), at("Current"), "is no level of Comprehensiveness"),
    (with_(ACCESS, Current="4 Minimum"), at("Current"), "is no level of Comprehensiveness"),
    (with_(ACCESS, Current="3 Consistent", Target="1 Minimum"), at("Target"), "is below the current level, 3"),
    (with_(ACCESS, Once="12.000"), at("Once"), "is text and no number; write 12000"),
    (with_(ACCESS, Once="12,000"), at("Once"), "is text and no number; write 12000"),
    (with_(ACCESS, Once="12 000 EUR"), at("Once"), "is text and no number; write 12000"),
    (with_(ACCESS, Once="1,5"), at("Once"), "is text and no number; write 1.5"),
    (with_(ACCESS, Once="50 %"), at("Once"), "is a percentage; write the number itself"),
    (with_(ACCESS, Once="cheap"), at("Once"), "is no number"),
    (with_(ACCESS, Once=-5), at("Once"), "is below 0"),
    (with_(ACCESS, Days=1e20), at("Days"), "is too much"),
    (with_(ACCESS, Days=True), at("Days"), "is no number"),
    (with_(ACCESS, Once=datetime.date(2027, 1, 1)), at("Once"), "is no number"),
    (with_(ACCESS, Team="Secuirty"), at("Team"), "did you mean 'Security'?"),
    (with_(ACCESS, Once=("=1+1", None, "")), at("Once"), "the formula has no value yet"),
    ({"codes": [*CODES, ACCESS]}, f"Assessment!A{len(CODES) + 2}", "stands in"),
    (
        {"codes": [*CODES, "acess_control.scope"]},
        f"Assessment!A{len(CODES) + 2}",
        "did you mean 'access_control.scope'?",
    ),
    ({"codes": [*CODES, "2027-03-01"]}, f"Assessment!A{len(CODES) + 2}", "unknown code"),
    ({"frame": {"First day": "1 January"}}, "Frame!B1", "is no date"),
    ({"frame": {"First day": 46_388}}, "Frame!B1", "is no date"),
    ({"frame": {"First day": ""}}, "Frame!B1", "'First day' is missing"),
    ({"frame": {"Years": "three"}}, "Frame!B2", "is no number"),
    ({"frame": {"Periods": "quater"}}, "Frame!B3", "did you mean 'quarter'?"),
    ({"frame": {"Money a year": "60.000 €"}}, "Frame!B4", "write 60000 as a number"),
    ({"teams": [["Security", "thirty"]]}, "Frame!B14", "is no number"),
    ({"dates": [["The audit", "soon", CRA, 2, ""]]}, "Frame!B18", "is no date"),
    ({"dates": [["The audit", datetime.date(2027, 12, 11), "nothing.scope", 2, ""]]}, "Frame!C18", "unknown code"),
    ({"threats": [["Fire", "fire", 0.2, 1, 2, 3, ""]]}, "Losses!B2", "unknown kind of threat 'fire'"),
    (
        {"threats": [["Ransomware", "ransomware_on_operations", "", 1, 2, 3, ""]]},
        "Losses!C2",
        "Times a year is missing",
    ),
    ({"heads": ["Code", "Now", "Target"]}, "filled.xlsx:1:1", "no table with the headings Code and Current"),
]


#: Text in a cell for a number, and what is said of it: no notation is guessed, whatever country it comes from.
NO_NUMBERS = {
    **dict.fromkeys(("12.000,50", "1 234,56", "1'234.50", "1.234.567", "1,234,567"), "is text and no number"),
    **dict.fromkeys(("12 000 €", "€12,000", "EUR 500"), "is text and no number"),
    **dict.fromkeys(("12k", "1.2e3", "0x10", "½", "٣٠٠", "one", "50%", "50 %", "(500)", "10-20", "~500"), "is"),
    **dict.fromkeys(("=1+1", "1/2", "5 days", "1_000", "1.5.2027", "∞", "nan", "inf", "--5", "+ 5", "5-"), "is"),
    **dict.fromkeys((".5.",), "is"),
}
#: Text in a cell for a level.
NO_LEVELS = (
    *("9", "-1", "1.5", "minimal-ish", "3 Minimum", "Level 2", "50%", "2,0", "IV", "x", "ja"),
    "1 Minimum; 2 Ad hoc",
)
#: Text in a cell for a day.
NO_DAYS = (
    *("soon", "2027", "1.1.2027", "01/02/2027", "2027-13-01", "2027-02-30", "Q1 2027", "20270101x"),
    *("next year", "0"),
)


@pytest.mark.parametrize("head", ["Once", "Per year", "Days"])
@pytest.mark.parametrize("text", NO_NUMBERS)
def test_no_number_is_guessed(text: str, head: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, sheet(**with_(ACCESS, **{head: text})))
    (issue,) = wrong.value.issues
    assert str(issue.location).endswith(at(head))
    assert NO_NUMBERS[text] in issue.message


@pytest.mark.parametrize("head", ["Current", "Target"])
@pytest.mark.parametrize("text", NO_LEVELS)
def test_no_level_is_guessed(text: str, head: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, sheet(**with_(ACCESS, **{head: text})))
    assert str(wrong.value.issues[0].location).endswith(at(head))
    assert "is no level of Comprehensiveness" in wrong.value.issues[0].message


@pytest.mark.parametrize("text", NO_DAYS)
def test_no_day_is_guessed(text: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, sheet(frame={"First day": text}))
    assert [str(issue.location).rpartition(" ")[2] for issue in wrong.value.issues][:1] == ["Frame!B1"]


def test_a_million_empty_rows_are_no_burden(tmp_path: Path) -> None:
    """Formatted to the end, as somebody does who colours a whole column."""
    path = tmp_path / "filled.xlsx"
    book = openpyxl.load_workbook(io.BytesIO(sheet()))
    page = book[layout.ASSESSMENT]
    for row in (200_000, 1_048_576):
        page.cell(row, 3).fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.save(path)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    found = yaml.safe_load(import_(path).text)
    assert found["target"]["access_control"]["comprehensiveness"] == 3
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 500


def test_merged_hidden_and_moved_cells_do_not_matter(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(sheet()))
    page = book[layout.ASSESSMENT]
    page.insert_rows(1, 3)
    page.merge_cells("A1:F2")
    page["A1"].value = "Our assessment of this spring"
    page.row_dimensions[8].hidden = True
    page.column_dimensions["B"].hidden = True
    book.move_sheet(layout.ASSESSMENT, 2)
    book.save(tmp_path / "filled.xlsx")
    found = yaml.safe_load(import_(tmp_path / "filled.xlsx").text)
    assert found == read(tmp_path, sheet(), "plain.xlsx") | {"title": "filled"}


@pytest.mark.parametrize(("spoilt", "place", "words"), SPOILT)
def test_what_is_wrong_is_named_by_its_cell(spoilt: dict[str, Any], place: str, words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, sheet(**spoilt))
    (issue, *_) = wrong.value.issues
    assert words in issue.message
    assert str(issue.location).endswith(place)


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path) -> None:
    rows = {**GOOD, ACCESS: {"Current": "Konsistent", "Once": "12.000"}, PATCH: {"Target": 9}}
    with pytest.raises(InvalidInput) as wrong:
        read(tmp_path, sheet(rows, frame={"First day": ""}))
    assert len(wrong.value.issues) == 4


@pytest.mark.parametrize("nothing", ["", "-", "?", "n/a", " \u00a0"])
def test_what_nobody_has_answered_is_the_lowest_level_and_is_said(nothing: str, tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet({**GOOD, PATCH: {"Current": nothing, "Target": 2}}))
    read_ = import_(path)
    assert yaml.safe_load(read_.text)["current"]["patch_management"]["comprehensiveness"] == 0
    assert any("no current level" in note for note in read_.notes)


def bomb() -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("xl/workbook.xml", b"0" * (LARGEST + 1))
    return memory.getvalue()


def packed(name: str) -> bytes:
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w") as archive:
        archive.writestr(name, b"<a/>")
    return memory.getvalue()


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "an old .xls file, or protected by a password"),
        (b"\0\1\2\3 no text", "NUL"),
        (b"", "it is empty"),
        (packed("word/document.xml"), "it is no Excel workbook"),
        (packed("xl/workbook.xml"), "cannot be read as a workbook"),
        (sheet()[:4000], "it is no workbook"),
    ],
)
def test_a_file_that_is_no_workbook_is_told_apart(data: bytes, words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match=words):
        read(tmp_path, data)


def test_a_file_that_is_made_to_fill_the_memory_is_not_unpacked(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="that is no sheet to fill in"):
        read(tmp_path, bomb())


def test_a_cell_is_called_as_spreadsheet_programs_call_it() -> None:
    for name in ("A1", "Z9", "AA10", "AZ3", "BA100", "ZZ7", "AAA2"):
        assert str(CellLocation.of("file.xlsx Sheet", name)) == f"file.xlsx Sheet!{name}"


@pytest.mark.parametrize(("text", "number"), [("30000", 30_000), ("12.5", 12.5), ("0.25", 0.25), ("1200.0001", 1200)])
def test_text_that_is_the_same_number_everywhere_is_a_number(text: str, number: float, tmp_path: Path) -> None:
    found = read(tmp_path, sheet({ACCESS: {"Current": 1, "Target": 2, "Once": text}}, dates=[]))
    assert found["costs"]["steps"][f"{ACCESS}.2"]["once"] == pytest.approx(number, abs=0.001)
