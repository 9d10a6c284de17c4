"""The workbook to fill in: an assessment with drop-downs, the frame of the plan, and losses where they are known. It is
read by its titles and codes, which are the same in every language.
"""

from __future__ import annotations

import datetime
import io
from collections.abc import Iterator, Mapping, Sequence

import xlsxwriter
from xlsxwriter.utility import xl_range_abs
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from stepladder.data.resolving.index import Index
from stepladder.exchange.intake import layout
from stepladder.exchange.rows import written
from stepladder.exchange.xlsx_sheet import Looks, add_sheet, fit_row, looks_of, put_text

#: Rows that can be filled in below the tables whose length nobody knows.
SPARE = 15
#: Columns of the assessment that are given, and not to be filled in.
GIVEN = ("Code", "Practice", "Scale", "Levels")
_NOTHING = datetime.datetime(2026, 1, 1)  # noqa: DTZ001 - a fixed moment, so that the same model gives the same bytes


def template(name: str, index: Index, systems: Sequence[str] = ()) -> bytes:
    """The workbook for a catalogue.

    Parameters
    ----------
    name
        What a scenario calls the catalogue.
    index
        What is in it.
    systems
        Lines, products or sites, each with rows of its own; none where there is but one.
    """
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    title = index.catalogue.title
    book.set_properties({"title": f"Assessment: {title}", "created": _NOTHING})
    looks = {**looks_of(book, "EUR"), **_open(book)}
    sheets = [add_sheet(book, part) for part in (layout.ASSESSMENT, layout.FRAME, layout.LOSSES, layout.READ_ME)]
    lists = _lists(book, index)
    _assessment(sheets[0], looks, index, lists, systems)
    _frame(sheets[1], looks, title)
    _losses(sheets[2], looks, lists, systems)
    _read_me(sheets[3], looks, title)
    hidden = book.add_worksheet(layout.HIDDEN)
    for row, text in enumerate((layout.FORMAT, name)):
        hidden.write_string(row, 0, text)
    hidden.very_hidden()
    book.close()
    return memory.getvalue()


def table(index: Index, systems: Sequence[str] = ()) -> bytes:
    """The assessment alone, as CSV with a byte order mark, so that spreadsheet programs read it.

    Parameters
    ----------
    index, systems
        As above.
    """
    names = [field.name for field in _fields(systems)]
    rows = ([given.get(name, "") for name in names] for given, _ in _rows(index, systems))
    return written(names, rows, mark=True)


def _fields(systems: Sequence[str]) -> tuple[layout.Field, ...]:
    """The columns of the assessment."""
    return (*((layout.SYSTEM,) if systems else ()), *layout.ROWS)


def _open(book: Workbook) -> Looks:
    """Of cells that are to be filled in."""
    free = {"locked": False, "border": 1, "border_color": "#B7C3D0", "valign": "top", "bg_color": "#FFFDF2"}
    return {
        "free": book.add_format({**free, "text_wrap": True}),
        "free_number": book.add_format({**free, "num_format": "#,##0.##"}),
        "free_date": book.add_format({**free, "num_format": "yyyy-mm-dd"}),
        "given": book.add_format({"font_color": "#5A6572", "valign": "top", "text_wrap": True}),
        "hint": book.add_format({"font_color": "#5A6572", "italic": True, "valign": "top", "text_wrap": True}),
    }


def _lists(book: Workbook, index: Index) -> Mapping[str, str]:
    """What drop-downs offer, on a hidden sheet: by list, where it stands."""
    sheet, places = book.add_worksheet(layout.LISTS), {}
    columns: dict[str, Sequence[str]] = {
        "tiers": layout.TIERS,
        "periods": layout.PERIODS,
        "kinds": [*index.catalogue.threats],
        **{f"scale {scale}": _levels(index, scale) for scale in index.catalogue.scales},
    }
    for column, (name, values) in enumerate(columns.items()):
        for row, value in enumerate(values):
            sheet.write_string(row, column, value)
        places[name] = f"={layout.LISTS}!{xl_range_abs(0, column, max(0, len(values) - 1), column)}"
    sheet.hide()
    return places


def _levels(index: Index, scale: str) -> list[str]:
    return [layout.level(number, info.title) for number, info in index.scale(scale).levels.items()]


def _assessment(sheet: Worksheet, looks: Looks, index: Index, lists: Mapping[str, str], systems: Sequence[str]) -> None:
    fields = _fields(systems)
    given_names = {*GIVEN, layout.SYSTEM.name}
    _heads(sheet, looks, 0, fields)
    widths = {field.name: field.width for field in fields}
    columns = {field.name: column for column, field in enumerate(fields)}
    row = 0
    for row, (given, scale) in enumerate(_rows(index, systems), start=1):
        fit_row(sheet, row, [(text, widths[name]) for name, text in given.items()])
        for name, text in given.items():
            put_text(sheet, row, columns[name], text, looks["given"])
        for name, column in columns.items():
            if name not in given_names:
                sheet.write_blank(row, column, None, looks[_look(name)])
        for name in ("Current", "Target"):
            _choose(sheet, row, row, columns[name], lists[f"scale {scale}"])
    if row:
        _choose(sheet, 1, row, columns["Importance"], lists["tiers"])
        for name in ("Once", "Per year", "Days"):
            _amounts(sheet, 1, row, columns[name])
    sheet.freeze_panes(1, columns["Practice"] + 1)
    sheet.autofilter(0, 0, row, len(fields) - 1)
    sheet.repeat_rows(0)
    _guard(sheet)


def _rows(index: Index, systems: Sequence[str]) -> Iterator[tuple[dict[str, str], str]]:
    """What is given of each practice and scale, of each system where there are several; and the scale."""
    for system in systems or ("",):
        for practice, place in index.places.items():
            for scale in place.scales:
                known = index.scale(scale)
                meanings = "; ".join(layout.level(number, info.title) for number, info in known.levels.items())
                texts = (f"{practice}.{scale}", place.practice.name, known.title, meanings)
                given = dict(zip(GIVEN, texts, strict=True))
                yield {**({layout.SYSTEM.name: system} if system else {}), **given}, scale


def _look(name: str) -> str:
    return "free_number" if name in ("Once", "Per year", "Days") else "free"


def _frame(sheet: Worksheet, looks: Looks, title: str) -> None:
    """Lines, then the teams and the dates that bind."""
    sheet.set_column(0, 0, 34)
    sheet.set_column(1, 1, 24)
    sheet.set_column(2, 2, 60)
    sheet.set_column(3, 4, 24)
    values: dict[str, str | float] = {"Title": title, "Currency": "EUR", "Years": 3, "Periods": "quarter"}
    for row, line in enumerate(layout.LINES):
        put_text(sheet, row, 0, line.name, looks["label"])
        value = values.get(line.name)
        if isinstance(value, str):
            fit_row(sheet, row, [(value, 24.0)])
            put_text(sheet, row, 1, value, looks["free"])
        elif value is not None:
            sheet.write_number(row, 1, value, looks["free_number"])
        else:
            sheet.write_blank(row, 1, None, looks["free_date" if line.name == "First day" else "free_number"])
        put_text(sheet, row, 2, line.hint, looks["hint"])
    row = [line.name for line in layout.LINES].index("Periods")
    _choose(sheet, row, row, 1, ",".join(layout.PERIODS))
    below = _table(sheet, looks, len(layout.LINES) + 1, layout.TEAMS, numbers=("Days a period",))
    _table(sheet, looks, below + 1, layout.DATES, numbers=("Level",), days=("By",))
    _guard(sheet)


def _losses(sheet: Worksheet, looks: Looks, lists: Mapping[str, str], systems: Sequence[str]) -> None:
    whose = layout.Field(
        layout.SYSTEM.name, "Which one it hits; all of them where nothing stands.", layout.SYSTEM.width
    )
    fields = (*layout.THREATS, *((whose,) if systems else ()))
    last = _table(sheet, looks, 0, fields, numbers=("Times a year", "Low", "Likely", "High"))
    for column, field in enumerate(fields):
        sheet.set_column(column, column, field.width)
    _choose(sheet, 2, last - 1, 1, lists["kinds"])
    _guard(sheet)


def _table(
    sheet: Worksheet,
    looks: Looks,
    row: int,
    fields: Sequence[layout.Field],
    numbers: Sequence[str] = (),
    days: Sequence[str] = (),
) -> int:
    """Headings, hints below them, and rows to fill in; the row after it."""
    _heads(sheet, looks, row, fields, wide=False)
    fit_row(sheet, row + 1, [(field.hint, 24.0) for field in fields])
    for column, field in enumerate(fields):
        put_text(sheet, row + 1, column, field.hint, looks["hint"])
        look = "free_number" if field.name in numbers else "free_date" if field.name in days else "free"
        for k in range(SPARE):
            sheet.write_blank(row + 2 + k, column, None, looks[look])
    return row + 2 + SPARE


def _heads(sheet: Worksheet, looks: Looks, row: int, fields: Sequence[layout.Field], *, wide: bool = True) -> None:
    for column, field in enumerate(fields):
        put_text(sheet, row, column, field.name, looks["head"])
        if wide:
            sheet.set_column(column, column, field.width)
            if field.hint:
                sheet.write_comment(row, column, field.hint, {"author": "stepladder"})


def _read_me(sheet: Worksheet, looks: Looks, title: str) -> None:
    lines = (
        f"{title}: where you are, where you want to be, and what that takes.",
        "1. Assessment: choose where each practice is today and where you want it. That alone is enough for a plan.",
        "2. Importance says what matters most, where no losses are known. Costs and days left out are the model's own.",
        "3. Frame: when the plan begins, how long it is, money a year, who does the work, and the dates that bind.",
        "4. Losses: what can go wrong, how often and how dearly, if you know; then the plan is made against that.",
        "Save the file, then: stepladder import THIS.xlsx -o scenario.yaml, and stepladder plan scenario.yaml.",
    )
    sheet.set_column(0, 0, 110)
    for row, line in enumerate(lines):
        fit_row(sheet, row, [(line, 110.0)])
        put_text(sheet, row, 0, line, looks["title" if row == 0 else "wrap"])
    sheet.protect()


def _choose(sheet: Worksheet, first: int, last: int, column: int, source: str) -> None:
    """A drop-down; what is not in it is asked about, and nothing is lost by that."""
    values = source if source.startswith("=") else source.split(",")
    sheet.data_validation(
        first,
        column,
        last,
        column,
        {
            "validate": "list",
            "source": values,
            "error_title": "Not in the list",
            "error_message": "Choose one of the list, or leave the cell empty.",
        },
    )


def _amounts(sheet: Worksheet, first: int, last: int, column: int) -> None:
    sheet.data_validation(
        first,
        column,
        last,
        column,
        {
            "validate": "decimal",
            "criteria": ">=",
            "value": 0,
            "error_title": "No amount",
            "error_message": "Write a number, 0 or more, without a unit.",
        },
    )


def _guard(sheet: Worksheet) -> None:
    """Nothing but the cells to fill in can be changed; no password is needed to lift that."""
    may = ("format_cells", "format_columns", "format_rows", "autofilter", "sort")
    sheet.protect("", dict.fromkeys(may, True))
