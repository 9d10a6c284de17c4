"""Nothing that stands in a sheet is lost in silence, and nothing that went wrong in it is read as nothing."""

from __future__ import annotations

import datetime
import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from openpyxl.worksheet.worksheet import Worksheet

from stepladder.api import import_
from stepladder.errors import InvalidInput
from tests.exchange.test_intake import ACCESS, CODES, CRA, GOOD, PATCH, TEAMS, at, sheet
from tests.support.commanding import run


def edited(folder: Path, edit: Callable[[openpyxl.Workbook], None], **parts: Any) -> Path:
    book = openpyxl.load_workbook(io.BytesIO(sheet(**parts)))
    edit(book)
    path = folder / "filled.xlsx"
    book.save(path)
    return path


def put(page: str, cell: str, value: Any) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        held: Worksheet = book[page]
        held[cell].value = value
        if isinstance(value, str) and value.startswith("#"):
            held[cell].data_type = "e"

    return edit


def wrong(path: Path) -> list[str]:
    with pytest.raises(InvalidInput) as refused:
        import_(path)
    return [str(issue) for issue in refused.value.issues]


@pytest.mark.parametrize("error", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?"])
@pytest.mark.parametrize("head", ["Code", "Current", "Target", "Importance", "Once", "Per year", "Days", "Team"])
def test_a_cell_that_shows_an_error_is_not_read_as_nothing(error: str, head: str, tmp_path: Path) -> None:
    cell = at(head).rpartition("!")[2]
    (said, *_) = wrong(edited(tmp_path, put("Assessment", cell, error)))
    assert f"Assessment!{cell} " in said
    assert error in said


@pytest.mark.parametrize(
    ("cell", "value"), [("B1", "#REF!"), ("B2", "#N/A"), ("B4", "#VALUE!"), ("B14", "#REF!"), ("D18", "#N/A")]
)
def test_nor_is_one_of_the_frame(cell: str, value: str, tmp_path: Path) -> None:
    assert any(f"Frame!{cell} " in said for said in wrong(edited(tmp_path, put("Frame", cell, value))))


@pytest.mark.parametrize(
    ("page", "cell", "words"),
    [
        ("Frame", "A14", "nothing stands under Team"),
        ("Frame", "A18", "nothing stands under What must be there"),
        ("Losses", "A2", "nothing stands under Threat"),
        ("Losses", "D2", "Low is missing; write both ends"),
        ("Losses", "F2", "High is missing; write both ends"),
        ("Assessment", f"A{CODES.index(ACCESS) + 2}", "nothing stands under Code"),
    ],
)
def test_a_row_without_its_name_is_not_passed_over(page: str, cell: str, words: str, tmp_path: Path) -> None:
    (said,) = [one for one in wrong(edited(tmp_path, put(page, cell, None))) if f"{page}!{cell} " in one]
    assert words in said


def test_empty_rows_end_no_table(tmp_path: Path) -> None:
    teams: list[list[Any]] = [*TEAMS, [None, None], ["Operations", 7], [None, None]]
    dates: list[list[Any]] = [[None] * 5, ["The audit", datetime.date(2027, 12, 11), CRA, "2 Ad hoc", "The customer"]]
    threats: list[list[Any]] = [[None] * 7, ["Ransomware", "ransomware_on_operations", 0.2, 1, 2, 3, "Workshop"]]
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet(teams=teams, dates=dates, threats=threats))
    found = yaml.safe_load(import_(path).text)
    assert set(found["teams"]) == {"security", "operations"}
    assert len(found["milestones"]) == len(found["threats"]) == 1


def test_what_stands_twice_is_said(tmp_path: Path) -> None:
    twice = edited(tmp_path, put("Assessment", "N1", "current"))
    assert ["Assessment!N1 " in said for said in wrong(twice)] == [True]
    path = tmp_path / "teams.xlsx"
    path.write_bytes(sheet(teams=[*TEAMS, ["security", 7]]))
    assert "Frame!A15 " in wrong(path)[0]
    other = tmp_path / "other.xlsx"
    other.write_bytes(sheet())
    scenario = tmp_path / "scenario.yaml"
    scenario.write_text(import_(other).text, encoding="utf-8")
    for arguments in (("import", other, path), ("import", other, path, "--update", scenario)):
        done = run(*arguments)
        assert done.exit_code == 2
        assert "one file at a time" in done.stderr


def test_headings_are_read_in_any_letters(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    path.write_text(f"CODE;current;TARGET\n{ACCESS};1;3\n", encoding="utf-8")
    found = yaml.safe_load(import_(path, start="2027-01-01", years=1, money=1).text)
    assert found["target"]["access_control"] == {"comprehensiveness": 3}


@pytest.mark.parametrize("text", ["-", "?", "n/a"])
def test_a_dash_is_no_reason(text: str, tmp_path: Path) -> None:
    rows = {code: {**filled, "Not applicable because": text, "Owner": text} for code, filled in GOOD.items()}
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet(rows))
    found = yaml.safe_load(import_(path).text)
    assert "not_applicable" not in found
    assert "owners" not in found


@pytest.mark.parametrize(
    ("text", "words"), [("no", "is no reason"), ("x", "is no reason"), ("No network", "has a target")]
)
def test_what_takes_a_practice_out_has_a_reason_and_no_target(text: str, words: str, tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet({**GOOD, ACCESS: {**GOOD[ACCESS], "Not applicable because": text}}))
    (said,) = wrong(path)
    assert words in said


def test_costs_without_a_way_to_go_are_said(tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet({**GOOD, PATCH: {"Current": 1, "Target": 1, "Once": 5_000}}))
    notes = import_(path).notes
    assert any("a target as today" in note and at("Once", PATCH) in note for note in notes)


def test_a_stray_cell_at_the_far_corner_is_refused(tmp_path: Path) -> None:
    (said,) = wrong(edited(tmp_path, put("Assessment", "XFD1048576", "x")))
    assert "Assessment!XFD1048576 " in said
    assert "fill the memory" in said


@pytest.mark.parametrize(
    ("frame", "cell"),
    [
        ({"Currency": "eur"}, "Frame!B"),
        ({"First day": datetime.date(2027, 1, 15)}, "Frame!B1"),
        ({"Years": 1_000}, "Frame!B2"),
    ],
)
def test_what_the_whole_finds_wrong_is_named_by_its_cell_too(frame: dict[str, Any], cell: str, tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet(frame=frame))
    assert cell in wrong(path)[0]


def test_files_of_ours_are_told_apart(tmp_path: Path) -> None:
    scenario = tmp_path / "scenario.yaml"
    (tmp_path / "filled.xlsx").write_bytes(sheet())
    scenario.write_text(import_(tmp_path / "filled.xlsx").text, encoding="utf-8")
    with pytest.raises(InvalidInput, match="this is a stepladder-scenario file, no assessment"):
        import_(scenario)


def test_a_filled_workbook_is_not_written_over_by_an_empty_one(tmp_path: Path) -> None:
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet())
    before = path.read_bytes()
    assert run("template", "-o", path).exit_code == 2
    assert path.read_bytes() == before
    assert run("template", "-o", path, "--force").exit_code == 0


def test_an_update_keeps_a_byte_order_mark(tmp_path: Path) -> None:
    path, scenario = tmp_path / "levels.csv", tmp_path / "scenario.yaml"
    path.write_text(f"Code;Current;Target\n{ACCESS};1;3\n", encoding="utf-8")
    scenario.write_bytes(b"\xef\xbb\xbf" + import_(path, start="2027-01-01", years=1, money=1).text.encode())
    before = scenario.read_bytes()
    path.write_text(f"Code;Current;Target\n{ACCESS};2;3\n", encoding="utf-8")
    assert run("import", path, "--update", scenario).exit_code == 0
    after = scenario.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf")
    assert len(after) == len(before)


def test_a_plan_of_another_model_has_no_place_in_a_sheet(tmp_path: Path) -> None:
    path, scenario, made = tmp_path / "levels.csv", tmp_path / "scenario.yaml", tmp_path / "plan.json"
    path.write_text(f"Code;Current;Target\n{ACCESS};1;2;beside\n", encoding="utf-8")
    scenario.write_text(import_(path, start="2027-01-01", years=1, money=90_000).text, encoding="utf-8")
    assert run("plan", scenario, "--work", 1, "--no-progress", "-o", made).exit_code == 0
    copy = tmp_path / "copy.csv"
    assert run("export", made, "--to", "sheet", "--into", path, "-o", copy).exit_code == 0
    # What stands beyond the headings stays where it is.
    assert copy.read_text(encoding="utf-8").splitlines()[1].startswith(f"{ACCESS};1;2;beside;2 by")
    path.write_text("Code;Current;Target\nbackups.met;0;1\n", encoding="utf-8")
    done = run("export", made, "--to", "sheet", "--into", path, "-o", tmp_path / "other.csv")
    assert done.exit_code == 3
    assert "another maturity model" in done.stderr
