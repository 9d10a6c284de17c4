"""Cells that are wrong whatever is expected in them, in every file with cells: formulas without a value, errors,
percentages, and what a merged cell covers. Each is named, all at once, and none is read as something else.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from stepladder.api import import_
from stepladder.errors import InvalidInput
from tests.exchange.test_import_ciso_audit import AUDIT
from tests.exchange.test_import_ciso_controls import EXPORT
from tests.exchange.test_import_csf_profile import HEADS, ROWS
from tests.exchange.test_intake import ACCESS, GOOD, PATCH, at, sheet
from tests.exchange.test_sheet_losses import edited, put, wrong

ERRORS = ("#REF!", "#N/A", "#DIV/0!", "#VALUE!", "#NAME?", "#NUM!", "#NULL!")
#: What the same errors are in other languages, as CSV has them.
ABROAD = ("#BEZUG!", "#NV", "#WERT!", "#ZAHL!", "Err:502")


def cells(text: str) -> list[list[Any]]:
    """The rows of a CSV text."""
    import csv

    return list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=";"))


#: A file of each importer that reads cells, and in it a cell of each column that is read.
TABLES: dict[str, tuple[list[list[Any]], int, tuple[str, ...]]] = {
    "ciso-controls": (
        cells(EXPORT),
        1,
        (
            *("name", "ref_id", "description", "csf_function", "status", "eta", "priority", "effort", "impact"),
            *("cost_currency", "cost_build_fixed", "cost_build_people_days", "cost_run_fixed", "owner"),
        ),
    ),
    "ciso-audit": (cells(AUDIT), 2, ("urn", "ref_id", "name", "description", "compliance_result", "score")),
    "csf-profile": ([HEADS, *ROWS], 3, tuple(HEADS[:-1])),
}
CASES = [(kind, head) for kind, (_, _, heads) in TABLES.items() for head in heads]


def table(rows: list[list[Any]], row: int, column: int, value: Any, look: dict[str, Any] | None = None) -> bytes:
    """A workbook of rows in which one cell is another."""
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(memory, {"in_memory": True, "strings_to_formulas": False})
    page = book.add_worksheet("Table")
    for k, cells_ in enumerate(rows):
        for m, held in enumerate(cells_):
            if held is not None:
                page.write(k, m, held)
    shape = book.add_format(look or {})
    if isinstance(value, tuple):
        page.write_formula(row, column, value[0], shape, value[1] or "")
    else:
        page.write(row, column, value, shape)
    book.close()
    return memory.getvalue()


def refused(folder: Path, data: bytes | str, name: str) -> list[str]:
    path = folder / name
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    with pytest.raises(InvalidInput) as found:
        import_(path, start="2027-01-01")
    return [str(issue) for issue in found.value.issues]


def _cell(row: int, column: int) -> str:
    return f"Table!{get_column_letter(column + 1)}{row + 1} "


@pytest.mark.parametrize(("kind", "head"), CASES)
@pytest.mark.parametrize("value", ["#REF!", None])
def test_importers_name_the_cell(kind: str, head: str, value: str | None, tmp_path: Path) -> None:
    rows, row, _ = TABLES[kind]
    column = rows[0].index(head) if head in rows[0] else [text.lstrip("\ufeff") for text in rows[0]].index(head)
    said = refused(tmp_path, table(rows, row, column, ("=A1/0", value)), "file.xlsx")
    words = "has no value yet" if value is None else '"#REF!": shows that a formula went wrong'
    assert [one for one in said if _cell(row, column) in one and words in one], said


@pytest.mark.parametrize("kind", TABLES)
@pytest.mark.parametrize("error", [*ERRORS, *ABROAD])
def test_in_csv_an_error_is_text(kind: str, error: str, tmp_path: Path) -> None:
    rows, row, heads = TABLES[kind]
    changed = [list(one) for one in rows]
    changed[row][changed[0].index(heads[0])] = error
    text = "\n".join(";".join('"' + str("" if one is None else one) + '"' for one in line) for line in changed)
    assert any(f'"{error}": shows that a formula went wrong' in one for one in refused(tmp_path, text, "file.csv"))


@pytest.mark.parametrize(("kind", "head"), [("ciso-controls", "cost_build_fixed"), ("csf-profile", HEADS[-2])])
@pytest.mark.parametrize("value", [0.04, 1, 3])
def test_a_percentage_is_no_number_of_anything(kind: str, head: str, value: float, tmp_path: Path) -> None:
    rows, row, _ = TABLES[kind]
    column = rows[0].index(head)
    said = refused(tmp_path, table(rows, row, column, value, {"num_format": "0.0%"}), "file.xlsx")
    assert [one for one in said if _cell(row, column) in one and f'"{value * 100:g} %": is ' in one], said


@pytest.mark.parametrize("shown", ["0%", "0.00%", "0.0 %", '0" of "0%', "#,##0%;[Red]-0%"])
@pytest.mark.parametrize("head", ["Current", "Target", "Once", "Per year", "Days"])
def test_a_percentage_in_a_sheet_is_named(shown: str, head: str, tmp_path: Path) -> None:
    cell = at(head).rpartition("!")[2]

    def edit(book: openpyxl.Workbook) -> None:
        book["Assessment"][cell].value = 1
        book["Assessment"][cell].number_format = shown

    (said,) = wrong(edited(tmp_path, edit))
    assert f"Assessment!{cell} " in said
    assert '"100 %": is ' in said


@pytest.mark.parametrize(("page", "cell"), [("Frame", "B2"), ("Frame", "B4"), ("Frame", "B14"), ("Losses", "C2")])
def test_and_so_is_one_of_the_other_sheets(page: str, cell: str, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book[page][cell].number_format = "0%"

    (said,) = wrong(edited(tmp_path, edit))
    assert f"{page}!{cell} " in said
    assert "is a percentage; write the number itself" in said


@pytest.mark.parametrize("shown", ['0 "%"', "0\\%", "#,##0.00 [$€-407]", "General", '"100%" 0'])
def test_a_percent_sign_that_is_only_text_changes_nothing(shown: str, tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        book["Assessment"][at("Once").rpartition("!")[2]].number_format = shown

    assert "once: 15000.5" in import_(edited(tmp_path, edit)).text


def test_a_formula_without_a_value_hides_no_other_mistake(tmp_path: Path) -> None:
    rows = {
        **GOOD,
        ACCESS: {**GOOD[ACCESS], "Current": "Konsistent", "Once": ("=1+1", None, ""), "Per year": ("=2+2", None, "")},
        PATCH: {"Current": "soon", "Target": ("=A1", None, "")},
    }
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet(rows, frame={"First day": "soon", "Money a year": "60.000"}))
    said = wrong(path)
    places = [at("Current"), at("Once"), at("Per year"), at("Current", PATCH), at("Target", PATCH)]
    assert [one.split()[1] for one in said] == [*places, "Frame!B1", "Frame!B4"]


def test_a_formula_that_nothing_reads_may_have_no_value(tmp_path: Path) -> None:
    rows = {**GOOD, ACCESS: {**GOOD[ACCESS], "Note": ("=1+1", None, "")}}
    path = tmp_path / "filled.xlsx"
    path.write_bytes(sheet(rows))
    assert "access_control" in import_(path).text


def test_all_of_a_row_without_values_is_named(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        page: Worksheet = book["Assessment"]
        page.append(["=A2", None, None, None, "=E2", "=F2"])

    said = wrong(edited(tmp_path, edit))
    assert len(said) == 3
    assert all("has no value yet" in one for one in said)


# -- merged cells ------------------------------------------------------------------------------------------------------


def merged(pages: str, cells_: str) -> Callable[[openpyxl.Workbook], None]:
    def edit(book: openpyxl.Workbook) -> None:
        book[pages].merge_cells(cells_)

    return edit


@pytest.mark.parametrize("head", ["Current", "Target", "Team", "Once", "Importance", "Owner"])
def test_a_merged_cell_counts_for_no_row_but_its_own(head: str, tmp_path: Path) -> None:
    first = at(head).rpartition("!")[2]
    below = f"{first[0]}{int(first[1:]) + 1}"
    said = wrong(edited(tmp_path, merged("Assessment", f"{first}:{below}")))
    assert any(f"Assessment!{below} " in one and f"is covered by the merged cell {first}" in one for one in said), said


def test_titles_and_whole_rows_may_be_merged(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        page = book["Assessment"]
        page.merge_cells("A1:N1")
        last = page.max_row
        for column in range(1, page.max_column + 1):
            page.merge_cells(start_row=last, end_row=last + 2, start_column=column, end_column=column)

    assert "access_control" in import_(edited(tmp_path, edit, above=1)).text


def test_an_outcome_over_several_rows_is_one(tmp_path: Path) -> None:
    rows = [list(row) for row in [HEADS, *ROWS]]
    rows.insert(4, [None] * (len(HEADS) - 1) + ["a second note"])
    path = tmp_path / "profile.xlsx"
    path.write_bytes(table(rows, 0, 0, HEADS[0]))
    book = openpyxl.load_workbook(path)
    for column in range(1, len(HEADS)):
        book["Table"].merge_cells(start_row=4, end_row=5, start_column=column, end_column=column)
    book.save(path)
    assert "gv_oc_01" in import_(path, start="2027-01-01").text


@pytest.mark.parametrize("head", ["Included in Profile?", "Current Status", "Target CSF Tier", "Target Priority"])
def test_an_answer_without_an_outcome_is_named(head: str, tmp_path: Path) -> None:
    rows = [HEADS, *ROWS, [None if name != head else "2" for name in HEADS]]
    (said,) = refused(tmp_path, table(rows, 0, 0, HEADS[0]), "profile.xlsx")
    assert f"Table!A{len(rows)} " in said
    assert "its row has an answer and no outcome" in said


# -- what is left ------------------------------------------------------------------------------------------------------


def test_other_sheets_columns_and_lines_are_said_to_be_left(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        page = book["Assessment"]
        page["P1"], page["P3"], page["Q1"], page["Q4"], page["R1"] = "Cost centre", "K1", "Ownr", "x", "Nothing"
        book.copy_worksheet(page).title = "Assessment (2)"
        book.create_sheet("Read me")["A1"] = "How to"
        book.create_sheet("Empty")
        book["Frame"]["A6"], book["Frame"]["B6"] = "Budget", 5
        book["Frame"]["D13"], book["Frame"]["D14"] = "Where", "Oslo"

    left = [note for note in import_(edited(tmp_path, edit)).notes if note.startswith("left: ")]
    assert left == [
        "left: the sheet “Assessment (2)”, which nothing reads; the assessment is in “Assessment”",
        "left: the column “Cost centre” in Assessment (1 row)",
        "left: the column “Ownr” in Assessment (1 row)",
        "left: the column “Where” in Frame (1 row)",
        "left: the line “Budget” in Frame",
    ]


def test_what_may_be_meant_is_said_of_a_heading_that_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "levels.csv"
    path.write_text(f"Code;Current;Target;Importnce\n{ACCESS};1;2;high\n", encoding="utf-8")
    notes = import_(path, start="2027-01-01", years=1, money=1).notes
    assert "left: the column “Importnce” in levels.csv (1 row); did you mean Importance?" in notes


def test_a_sheet_that_was_called_otherwise_is_found_where_it_is_the_only_one(tmp_path: Path) -> None:
    def renamed(book: openpyxl.Workbook) -> None:
        book["Assessment"].title = "2027"
        book.move_sheet("Frame", -1)

    assert "access_control" in import_(edited(tmp_path, renamed)).text

    def two(book: openpyxl.Workbook) -> None:
        book.copy_worksheet(book["Assessment"]).title = "2028"
        book["Assessment"].title = "2027"

    (said,) = wrong(edited(tmp_path, two))
    assert "“2027” and “2028” are both assessments" in said


def test_a_line_of_the_frame_may_end_with_a_colon_and_stands_once(tmp_path: Path) -> None:
    assert "2027-01-01" in import_(edited(tmp_path, put("Frame", "A1", "First day:"))).text

    def twice(book: openpyxl.Workbook) -> None:
        book["Frame"]["A6"], book["Frame"]["B6"] = "Years", 5

    (said,) = wrong(edited(tmp_path, twice))
    assert "Frame!A6 " in said
    assert "stands above already" in said


def test_hidden_rows_columns_and_sheets_are_read_as_others_are(tmp_path: Path) -> None:
    def edit(book: openpyxl.Workbook) -> None:
        page = book["Assessment"]
        page.row_dimensions[3].hidden = True
        page.column_dimensions["F"].hidden = True
        book["Frame"].sheet_state = "hidden"

    shown = tmp_path / "shown.xlsx"
    shown.write_bytes(sheet())
    text = import_(edited(tmp_path, edit)).text
    assert text.replace("filled", "shown") == import_(shown).text
