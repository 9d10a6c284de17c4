"""Cells of a workbook or of a CSV file, each with its place; what is wrong with the file itself is said at once."""

from __future__ import annotations

import csv
import datetime
import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from stepladder.errors import CellLocation, InvalidInput, Issue, Location
from stepladder.exchange.intake.marks import Marked, refused

#: What a cell holds; an empty text stands for nothing.
Value = str | float | int | bool | datetime.date
#: What spreadsheet programs show where a formula went wrong, in several languages; in CSV it is text.
_ERROR = re.compile(r"#(?:[A-ZÄÖÜ][A-ZÄÖÜÉ0-9/_]*[!?]|N/A|NV)|Err:\d{3}")
NEVER = "the formula has no value yet; open the file in a spreadsheet program and save it, or write the value itself"
_WENT_WRONG = "shows that a formula went wrong; mend the formula, or write the value itself"
_COVERED = "is covered by the merged cell {}; split that, and write the value in each row"
_SPACES = " \t\r\n\u00a0\u200b\ufeff"


@dataclass(frozen=True)
class Cell:
    """A value and where it stands. ``fault`` is what is wrong with the cell, whatever is expected there; empty where
    nothing is.
    """

    at: Location
    value: Value = ""
    fault: str = ""

    @property
    def text(self) -> str:
        """As text, without spaces around it; a whole number without a decimal point."""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value).strip(_SPACES)

    @property
    def empty(self) -> bool:
        """Whether nothing stands there, or nothing but spaces; a formula without a value is something."""
        return self.text == "" and self.fault != NEVER


@dataclass(frozen=True)
class Sheet:
    """Rows of cells under a name; all rows are as long as the longest."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]

    def table(self, first: str, second: str) -> Iterator[dict[str, Cell]]:
        """The rows of the table that has these two headings, by heading, until a row in which nothing stands. Nothing
        where there is no such table.
        """
        row, below = self._found((first, second))
        heads = [cell.text for cell in row]
        for cells in below:
            if all(cell.empty for cell in cells):
                return
            yield {head: cell for head, cell in zip(heads, cells, strict=False) if head}

    def tables(self, names: Sequence[str], others: Sequence[Sequence[str]]) -> Iterator[dict[str, Cell]]:
        """The same of a table in which rows may be left empty: it ends where another one begins.

        Parameters
        ----------
        names
            Its headings; it is found by the first two, and each is given as it is here, however it is written.
        others
            The headings of the other tables of the sheet.
        """
        known = {name.casefold(): name for name in names}
        row, below = self._found(names)
        heads = [known.get(cell.text.casefold(), cell.text) for cell in row]
        for cells in below:
            if any(_begins(cells, other) for other in others):
                return
            if not all(cell.empty for cell in cells):
                # Of a heading that stands twice the first one counts.
                yield {head: cell for head, cell in reversed(list(zip(heads, cells, strict=False))) if head}

    def heads(self, names: Sequence[str]) -> Sequence[Cell]:
        """The row of headings of a table; none where there is no such table."""
        return self._found(names)[0]

    def twice(self, names: Sequence[str]) -> Iterator[Cell]:
        """Headings of a table that stand a second time in it."""
        known, seen = {name.casefold() for name in names}, set[str]()
        for cell in self.heads(names):
            text = cell.text.casefold()
            if text in known and text in seen:
                yield cell
            seen.add(text)

    def _found(self, names: Sequence[str]) -> tuple[Sequence[Cell], Sequence[Sequence[Cell]]]:
        """The row of headings of the table that has the first two of these, and the rows below it; none where there is
        no such table.
        """
        for k, row in enumerate(self.rows):
            if _begins(row, names):
                return row, self.rows[k + 1 :]
        return (), ()


def _begins(row: Sequence[Cell], names: Sequence[str]) -> bool:
    """Whether a row has the first two headings of a table."""
    return {cell.text.casefold() for cell in row} >= {name.casefold() for name in names[:2]}


def workbook(path: str, data: bytes, marked: Mapping[str, Marked]) -> Mapping[str, Sheet]:
    """The sheets of a workbook by name. A number that is shown as a percentage is text, ``50 %``.

    Parameters
    ----------
    path
        What the file is called.
    data
        Its bytes.
    marked
        What ``marks`` says of them.

    Raises
    ------
    InvalidInput
        When it is no workbook that can be read.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        read = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        return {
            name: _sheet(path, name, sheet.to_python(skip_empty_area=False), marked.get(name, Marked()))
            for name, sheet in read.items()
        }
    except (CalamineError, zipfile.BadZipFile, ValueError) as error:
        raise refused(path, f"it cannot be read as a workbook ({error}); save it as .xlsx again") from error


def table_of(path: str, text: str) -> Sheet:
    """A CSV file with commas, semicolons or tabs as one sheet. Raises InvalidInput where a quotation mark is wrong."""
    reader = csv.reader(io.StringIO(text.lstrip("\ufeff"), newline=""), delimiter=separator(text), strict=True)
    rows: list[list[str]] = []
    # A cell may go on over several lines: each row stands where it begins.
    lines = [1]
    try:
        for row in reader:
            rows.append(row)
            lines.append(reader.line_num + 1)
    except csv.Error as error:
        place = Location(path, lines[-1])
        message = f"not CSV in the row that begins here: {error}; check its quotation marks"
        raise InvalidInput([Issue(place, "SL002", message)]) from error
    width = max(map(len, rows), default=0)
    name = PurePath(path).name
    cells = _laid_out(len(rows), width, lambda k, m: _cell(Location(path, lines[k - 1], m), rows[k - 1][m - 1 : m]))
    return Sheet(name, cells)


def separator(text: str) -> str:
    """What stands between the cells of a CSV text, by the first line in which anything does; titles may stand above."""
    lines = text.lstrip("\ufeff").splitlines()
    first = next((line for line in lines if any(mark in line for mark in ";,\t")), "")
    return ";" if first.count(";") > first.count(",") else "\t" if first.count("\t") > first.count(",") else ","


def _sheet(path: str, name: str, rows: Sequence[Sequence[Any]], marked: Marked) -> Sheet:
    """One sheet with what is known of its cells beside their values."""
    file = f"{path} {name}"
    # A reader of values may leave out where there are none.
    known = [*marked.uncomputed, *marked.errors]
    height = max([len(rows), *(k for k, _ in known)])
    width = max([0, *map(len, rows), *(m for _, m in known)])
    covered = _covered(file, marked, height, width)

    def _at(k: int, m: int) -> Cell:
        place, at = (k, m), CellLocation(file, k, m)
        if place in marked.errors:
            return Cell(at, marked.errors[place], _WENT_WRONG)
        if place in marked.uncomputed:
            return Cell(at, "", NEVER)
        if place in covered:
            return Cell(at, "", _COVERED.format(covered[place]))
        held = rows[k - 1][m - 1 : m] if k <= len(rows) else ()
        if place in marked.percents and held and isinstance(held[0], int | float):
            return Cell(at, f"{held[0] * 100:.12g} %")
        return _cell(at, held)

    return Sheet(name, _laid_out(height, width, _at))


def _covered(file: str, marked: Marked, height: int, width: int) -> dict[tuple[int, int], str]:
    """The cells that merged ones cover, each with the first of its range."""
    covered: dict[tuple[int, int], str] = {}
    for first, last in marked.merged:
        name = str(CellLocation(file, *first)).rpartition("!")[2]
        for k in range(first[0], min(last[0], height) + 1):
            covered |= {(k, m): name for m in range(first[1], min(last[1], width) + 1) if (k, m) != first}
    return covered


def _laid_out(height: int, width: int, cell: Callable[[int, int], Cell]) -> tuple[tuple[Cell, ...], ...]:
    """So many rows of so many cells, of what stands in a row and column, from 1."""
    return tuple(tuple(cell(k, m) for m in range(1, width + 1)) for k in range(1, height + 1))


def _cell(at: Location, held: Sequence[Any]) -> Cell:
    """A cell of the value that it holds, if it holds one."""
    value = _value(held[0]) if held else ""
    wrong = isinstance(value, str) and _ERROR.fullmatch(value.strip(_SPACES))
    return Cell(at, value, _WENT_WRONG if wrong else "")


def _value(value: Any) -> Value:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return "" if value is None else value
