"""The plan in a copy of what somebody filled in: the sheet of ``template``, and NIST's profile of the CSF.

Nothing that stands there is changed: a column is added, or a cell filled that was empty, and notes get a line more.
Whatever a spreadsheet program had computed is computed again when it opens the copy.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterator, Mapping
from copy import copy
from typing import TYPE_CHECKING, Any

from stepladder.errors import CellLocation, InvalidInput, Issue, Location, UsageError
from stepladder.exchange.formats import Format
from stepladder.exchange.intake.cells import separator
from stepladder.exchange.intake.desk import slug
from stepladder.exchange.intake.source import Source
from stepladder.exchange.items import Breakdown, Item
from stepladder.wording import marks

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

#: What is said of a file of which nothing is planned.
OTHERS = "nothing in it is in this plan, as if it were of another maturity model"
#: The column that the sheet gets.
PLANNED = "Planned for"
#: What a profile of the CSF is called by its headings.
_ID, _TIER, _NOTES = "csf outcome", "target csf tier", "notes"
#: Rows in which headings are looked for.
_HEADS = 30


def _only_into(plan: Breakdown) -> bytes:
    del plan
    raise UsageError("this format is a copy of the file that was filled in; name that file with --into")


# -- the sheet of template ---------------------------------------------------------------------------------------------


def sheet(plan: Breakdown, file: Source) -> bytes:
    """The filled sheet with one column more: which level is planned for when.

    Raises
    ------
    InvalidInput
        When it has no table of an assessment, or cannot be read.
    """
    planned = _by_code(plan)
    if not file.packed:
        return _csv(file, planned)
    book = _opened(file)
    for page in book.worksheets:
        found = _headed(page, "code", "current")
        if found is None:
            continue
        row, heads = found
        column = heads.get(PLANNED.casefold(), max(heads.values()) + 1)
        _head(page, row, column, max(heads.values()))
        any_planned = False
        for line in range(row + 1, page.max_row + 1):
            code = _text(page.cell(line, heads["code"]))
            system = _text(page.cell(line, heads["system"])) if "system" in heads else ""
            texts = planned.get((slug(system) if system else "", code.casefold()), [])
            any_planned = any_planned or bool(texts)
            if texts or PLANNED.casefold() in heads:
                # What an earlier plan has put there is no longer so.
                _put(page, line, column, "; ".join(texts))
        if not any_planned and planned:
            raise _refused(file, OTHERS)
        return _saved(book)
    raise _refused(file, "it has no table with the headings Code and Current")


def _csv(file: Source, planned: Mapping[tuple[str, str], list[str]]) -> bytes:
    """The same of CSV: every line as it was, and one cell more."""
    mark = separator(file.text)
    rows = list(csv.reader(io.StringIO(file.text, newline=""), delimiter=mark))
    wide = max(map(len, rows), default=0)
    found = False
    written, heads = io.StringIO(), dict[str, int]()
    lines = csv.writer(written, delimiter=mark, lineterminator="\r\n" if "\r\n" in file.text else "\n")
    for row in rows:
        names = {text.strip().casefold(): k for k, text in enumerate(row)}
        if not heads and {"code", "current"} <= names.keys():
            heads = names
            heads.setdefault(PLANNED.casefold(), wide)
            column = heads[PLANNED.casefold()]
            lines.writerow([*[*row, *[""] * (column - len(row))][:column], PLANNED])
            continue
        cells = {name: row[k].strip() if k < len(row) else "" for name, k in heads.items()}
        system = cells.get("system", "")
        texts = planned.get((slug(system) if system else "", cells.get("code", "").casefold()), [])
        found = found or bool(texts)
        column = heads.get(PLANNED.casefold(), len(row))
        kept = [*row, *[""] * (column - len(row))][:column]
        lines.writerow([*kept, marks.cell("; ".join(texts))] if texts else row[:column])
    if not heads:
        raise _refused(file, "it has no table with the headings Code and Current")
    if not found and planned:
        raise _refused(file, OTHERS)
    return ("\ufeff" if file.data.startswith(b"\xef\xbb\xbf") else "").encode() + written.getvalue().encode()


def _by_code(plan: Breakdown) -> dict[tuple[str, str], list[str]]:
    """By system and code: the levels that are planned, in their order."""
    planned: dict[tuple[str, str], list[str]] = {}
    for item in plan.items:
        system, code, level = _parts(item)
        practice = code.rpartition(".")[0]
        text = f"{level} by {item.finish}" if item.state != "done" else f"{level} done {item.done_on or item.finish}"
        own = item.ref.casefold()
        for name in {code, practice, *([own] if own else [])}:
            planned.setdefault((system, name), []).append(text)
            if system:
                # A row without a system is for all of them.
                planned.setdefault(("", name), []).append(f"{item.system}: {text}")
    return planned


def _parts(item: Item) -> tuple[str, str, str]:
    system, _, rest = item.step.rpartition("/")
    code, _, level = rest.rpartition(".")
    return system, code, level


# -- a profile of the CSF ----------------------------------------------------------------------------------------------


def profile(plan: Breakdown, file: Source) -> bytes:
    """A profile of the CSF with what is planned: the tier where none was wanted, and a line in the notes.

    Raises
    ------
    InvalidInput
        When it is no such workbook, or cannot be read.
    """
    best: dict[str, Item] = {}
    for item in plan.items:
        if item.ref:
            best[item.ref.casefold()] = item
    book = _opened(file)
    for page in book.worksheets:
        found = _headed(page, _ID, _TIER)
        if found is None:
            continue
        row, heads = found
        notes = heads.get(_NOTES, max(heads.values()) + 1)
        if _NOTES not in heads:
            _head(page, row, notes, max(heads.values()), "Notes")
        any_planned = False
        for line in range(row + 1, page.max_row + 1):
            words = _text(page.cell(line, heads[_ID])).split(":", maxsplit=1)[0].strip()
            chosen = best.get(words.casefold())
            if chosen is not None:
                _planned(page, line, heads[_TIER], notes, chosen)
                any_planned = True
        if not any_planned and plan.items:
            raise _refused(file, OTHERS)
        return _saved(book)
    raise _refused(file, "it has no table with the headings CSF Outcome and Target CSF Tier")


def _planned(page: Worksheet, line: int, tier: int, notes: int, item: Item) -> None:
    level = _parts(item)[2]
    if not _text(page.cell(line, tier)):
        _put(page, line, tier, int(level))
    before = _text(page.cell(line, notes))
    _put(page, line, notes, f"{before}\n" * bool(before) + f"Tier {level} by {item.finish} ({item.mark})")


# -- workbooks ---------------------------------------------------------------------------------------------------------


def _opened(file: Source) -> Any:
    from openpyxl import load_workbook

    # What is wrong with the file itself is said as it is when it is imported.
    assert file.sheets is not None
    return load_workbook(io.BytesIO(file.data), keep_links=True)


def _saved(book: Any) -> bytes:
    memory = io.BytesIO()
    book.save(memory)
    return memory.getvalue()


def _refused(file: Source, why: str) -> InvalidInput:
    return InvalidInput([Issue(Location(file.path), "SL102", f"{why}; name the file that was filled in with --into")])


def _headed(page: Worksheet, *wanted: str) -> tuple[int, dict[str, int]] | None:
    """The row of headings that has all of these, and its columns by heading in small letters."""
    for row in range(1, min(page.max_row, _HEADS) + 1):
        heads = dict(_heads(page, row))
        if set(wanted) <= heads.keys():
            return row, heads
    return None


def _heads(page: Worksheet, row: int) -> Iterator[tuple[str, int]]:
    for cell in page[row]:
        text = " ".join(_text(cell).split()).casefold()
        if text:
            # NIST's own heading goes on with what the outcomes are.
            yield (_ID if text.startswith(_ID) and "description" not in text else text), int(cell.column or 0)


def _head(page: Worksheet, row: int, column: int, like: int, title: str = PLANNED) -> None:
    """A heading that looks as the one at another column."""
    from openpyxl.utils import get_column_letter

    _put(page, row, column, title)
    cell, other = page.cell(row, column), page.cell(row, like)
    for name in ("font", "fill", "border", "alignment", "protection"):
        setattr(cell, name, copy(getattr(other, name)))
    letter = get_column_letter(column)
    page.column_dimensions[letter].width = max(page.column_dimensions[letter].width or 0, 40)


def _put(page: Worksheet, row: int, column: int, value: str | int) -> None:
    """A value in a cell; nothing where the text is empty."""
    cell: Any = page.cell(row, column)
    if not hasattr(cell, "column_letter"):
        # A part of merged cells keeps nothing.
        raise InvalidInput(
            [Issue(CellLocation(page.title, row, column), "SL104", "it is merged with others; split it")]
        )
    cell.value = value if value != "" else None
    if isinstance(value, str) and value:
        # Whatever it looks like, it is text.
        cell.data_type = "s"


def _text(cell: Any) -> str:
    return "" if cell.value is None else str(cell.value).strip()


def _format(name: str, title: str, suffix: str, into: Callable[[Breakdown, Source], bytes]) -> Format:
    return Format(name, title, suffix, _only_into, into=into)


SHEET = _format("sheet", "a copy of the filled sheet, with what is planned", ".xlsx", sheet)
PROFILE = _format("csf-profile", "a copy of a CSF 2.0 profile, with what is planned", ".xlsx", profile)
