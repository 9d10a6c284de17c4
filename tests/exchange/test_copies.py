"""The plan in a copy of what somebody filled in: it holds every cell as it was, and what is planned."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml
from openpyxl.utils import get_column_letter

from stepladder.api import export, import_, template
from stepladder.data.formats.plan import Plan
from stepladder.errors import InvalidInput, UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.optimise import Options
from stepladder.workflow.asking import ask
from stepladder.workflow.plan import answer
from tests.exchange.test_import_csf_profile import profile
from tests.exchange.test_intake import ACCESS, CODES, CRA, GOOD, HEADS, LINES, PATCH, PRESS, sheet
from tests.support.commanding import run
from tests.support.imported import write


def planned(folder: Path, data: bytes, name: str = "filled.xlsx", **frame: Any) -> tuple[Path, Plan]:
    """A sheet, and the plan of what it says."""
    path, scenario = folder / name, folder / "scenario.yaml"
    path.write_bytes(data)
    scenario.write_text(import_(path, **frame).text, encoding="utf-8")
    return path, answer(ask(scenario), Options(work=1))


def cells(data: bytes) -> dict[tuple[str, str], Any]:
    book = openpyxl.load_workbook(io.BytesIO(data))
    return {(page.title, cell.coordinate): cell.value for page in book for row in page for cell in row if cell.value}


def test_a_sheet_comes_back_with_every_cell_and_what_is_planned(tmp_path: Path) -> None:
    path, plan = planned(tmp_path, sheet())
    copy = export(plan, "sheet", into=path)
    before, after = cells(path.read_bytes()), cells(copy)
    added = {place: value for place, value in after.items() if place not in before}
    assert {place: after[place] for place in before} == before
    letter = get_column_letter(len(HEADS) + 1)
    assert added.pop(("Assessment", f"{letter}1")) == "Planned for"
    items = {item.step: item for item in breakdown(plan).items}
    for code in (ACCESS, PATCH, CRA):
        texts = [f"{level} by {items[f'{code}.{level}'].finish}" for level in range(5) if f"{code}.{level}" in items]
        assert added.pop(("Assessment", f"{letter}{CODES.index(code) + 2}"), None) == ("; ".join(texts) or None)
    # What else is in the plan was needed for that.
    assert len(added) == len({name.rpartition(".")[0] for name in items} - {ACCESS, PATCH, CRA})
    (tmp_path / "copy.xlsx").write_bytes(copy)
    assert import_(tmp_path / "copy.xlsx").text == import_(path).text.replace("filled", "copy")
    # The next plan takes the place of this one in the same column.
    assert cells(export(plan, "sheet", into=tmp_path / "copy.xlsx")) == after


def test_a_template_keeps_its_drop_downs_and_its_protection(tmp_path: Path) -> None:
    book = openpyxl.load_workbook(io.BytesIO(template()))
    page = book["Assessment"]
    for code, filled in GOOD.items():
        row = CODES.index(code) + 2
        for head in ("Current", "Target"):
            page.cell(row, HEADS.index(head) + 1).value = filled[head]
    frame = book["Frame"]
    for name, value in frame.iter_rows(max_col=2):
        if name.value in ("First day", "Money a year"):
            value.value = "2027-01-01" if name.value == "First day" else 50_000
    memory = io.BytesIO()
    book.save(memory)
    path, plan = planned(tmp_path, memory.getvalue())
    copy = openpyxl.load_workbook(io.BytesIO(export(plan, "sheet", into=path)))
    assert copy["Assessment"].protection.sheet
    assert copy["stepladder"].sheet_state == "veryHidden"
    ours, theirs = (
        sorted(str(rule.sqref) for rule in one["Assessment"].data_validations.dataValidation) for one in (copy, book)
    )
    assert ours == theirs


def test_lines_of_systems_come_back_as_csv(tmp_path: Path) -> None:
    frame = {"start": "2027-01-01", "years": 2.0, "money": 500_000.0}
    path, plan = planned(tmp_path, ("\ufeff" + LINES + PRESS).encode(), "lines.csv", **frame)
    lines = export(plan, "sheet", into=path).decode("utf-8-sig").splitlines()
    assert lines[0] == LINES.strip() + ";Planned for"
    assert [len(cells_) for cells_ in csv.reader(lines, delimiter=";")] == [8, 8, 8, 8]
    assert "press: 1 by 20" in lines[3]
    assert "oven: 1 by 20" in lines[3]
    assert lines[1].startswith(f'Press;{ACCESS};1;3;10000;8;high;"2 by 20')


def outcomes(path: Path) -> None:
    book = openpyxl.Workbook()
    page = book.active
    assert page is not None
    page.title = "Current and Target Profile"
    page.append(
        ["CSF Outcome (Function, Category, or Subcategory)", "CSF Outcome Description", "Target CSF Tier", "Notes"]
    )
    page.append(["GV", "GOVERN", None, None])
    page.append(["A.AC-01", "One", 3, "asked by the board"])
    page.append(["A.PM-01: text", "Two", None, None])
    page.append(["A.XX-01", "Three", None, None])
    book.save(path)


def test_a_profile_of_the_csf_gets_tiers_where_none_were_and_lines_in_its_notes(tmp_path: Path) -> None:
    _, plan = planned(tmp_path, sheet())
    assert plan.context is not None
    refs = {f"{ACCESS}.2": "A.AC-01", f"{ACCESS}.3": "A.AC-01", f"{PATCH}.1": "A.PM-01", f"{PATCH}.2": "A.PM-01"}
    steps = {name: entry.model_copy(update={"ref": refs.get(name)}) for name, entry in plan.context.steps.items()}
    plan = plan.model_copy(update={"context": plan.context.model_copy(update={"steps": steps})})
    profile = tmp_path / "profile.xlsx"
    outcomes(profile)
    before, after = cells(profile.read_bytes()), cells(export(plan, "csf-profile", into=profile))
    items = {item.step: item for item in breakdown(plan).items}
    two = items[f"{PATCH}.2"]
    added = {place[1]: value for place, value in after.items() if before.get(place) != value}
    notes = added.pop("D3")
    assert notes.startswith("asked by the board\nTier ")
    assert added == {"C4": 2, "D4": f"Tier 2 by {two.finish} ({two.mark})"}


def test_a_profile_that_was_imported_gets_its_plan_and_is_read_again(tmp_path: Path) -> None:
    (path,) = write(tmp_path, profile())
    scenario = tmp_path / "scenario.yaml"
    assert run("import", path, "--start", "2027-01-01", "-o", scenario).exit_code == 0
    plan = answer(ask(scenario), Options(work=1))
    assert plan.starts
    again = tmp_path / "again.xlsx"
    again.write_bytes(export(plan, "csf-profile", into=path))
    before, after = cells(path.read_bytes()), cells(again.read_bytes())
    changed = {place[1]: value for place, value in after.items() if before.get(place) != value}
    assert {place: after[place] for place in before if place[1] not in changed} == {
        place: value for place, value in before.items() if place[1] not in changed
    }
    marks = {item.mark for item in breakdown(plan).items}
    assert sum(any(mark in str(value) for mark in marks) for value in changed.values()) >= 1
    # What was wanted is wanted still.
    first, second = (yaml.safe_load(import_(one, start="2027-01-01").text) for one in (path, again))
    assert {**first, "title": ""} == {**second, "title": ""}


def test_what_cannot_be_copied_is_said(tmp_path: Path) -> None:
    path, plan = planned(tmp_path, sheet())
    with pytest.raises(UsageError, match="with --into"):
        export(plan, "sheet")
    with pytest.raises(UsageError, match="leave --into out"):
        export(plan, "csv", into=path)
    with pytest.raises(UsageError, match="no file"):
        export(plan, "sheet", into=tmp_path / "nothing.xlsx")
    other = tmp_path / "other.xlsx"
    outcomes(other)
    with pytest.raises(InvalidInput, match="no table with the headings Code and Current"):
        export(plan, "sheet", into=other)
    with pytest.raises(InvalidInput, match="Target CSF Tier"):
        export(plan, "csf-profile", into=path)
    with pytest.raises(InvalidInput, match="another maturity model"):
        export(plan, "csf-profile", into=other)
    made = tmp_path / "plan.json"
    assert run("plan", tmp_path / "scenario.yaml", "--work", 1, "--no-progress", "-o", made).exit_code == 0
    before = path.read_bytes()
    assert run("export", made, "--to", "sheet", "--into", path, "-o", path).exit_code == 2
    assert path.read_bytes() == before
    assert run("export", made, "--to", "sheet", "--into", path, "-o", tmp_path / "c.xlsx").exit_code == 0
