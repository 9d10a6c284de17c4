"""Cells of a workbook or of a CSV file, each with its place; what is wrong with the file itself is said at once."""

from __future__ import annotations

import csv
import datetime
import io
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from lxml import etree

from stepladder.errors import CellLocation, InvalidInput, Issue, Location

#: What a cell holds; an empty text stands for nothing.
Value = str | float | int | bool | datetime.date
#: Unpacked, a workbook is no larger than this; what is, was made to fill the memory of whoever opens it.
LARGEST = 200_000_000
#: Rows that are looked at, and columns.
ROWS, COLUMNS = 100_000, 200
_SPACES = " \t\r\n\u00a0\u200b\ufeff"


@dataclass(frozen=True)
class Cell:
    """A value and where it stands."""

    at: Location
    value: Value = ""

    @property
    def text(self) -> str:
        """As text, without spaces around it; a whole number without a decimal point."""
        if isinstance(self.value, float) and self.value.is_integer():
            return str(int(self.value))
        return str(self.value).strip(_SPACES)

    @property
    def empty(self) -> bool:
        """Whether nothing stands there, or nothing but spaces."""
        return self.text == ""


@dataclass(frozen=True)
class Sheet:
    """Rows of cells under a name; all rows are as long as the longest."""

    name: str
    rows: tuple[tuple[Cell, ...], ...]

    def table(self, first: str, second: str) -> Iterator[dict[str, Cell]]:
        """The rows of the table that has these two headings, by heading, until a row in which nothing stands; the row
        of hints below the headings is left out. Nothing where there is no such table.
        """
        wanted = {first.casefold(), second.casefold()}
        for k, row in enumerate(self.rows):
            heads = [cell.text.casefold() for cell in row]
            if wanted <= set(heads):
                yield from self._below(k + 1, [cell.text for cell in row])
                return

    def _below(self, first: int, heads: Sequence[str]) -> Iterator[dict[str, Cell]]:
        for row in self.rows[first:]:
            if all(cell.empty for cell in row):
                return
            yield {head: cell for head, cell in zip(heads, row, strict=False) if head}


def workbook(path: str, data: bytes) -> Mapping[str, Sheet]:
    """The sheets of a workbook by name.

    Parameters
    ----------
    path
        What the file is called.
    data
        Its bytes.

    Raises
    ------
    InvalidInput
        When it is no workbook that can be read, or one that is made to fill the memory, or a formula in it has never
        been computed.
    """
    from python_calamine import CalamineError, CalamineWorkbook

    _check(path, data)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        read = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        sheets = {name: _sheet(path, name, sheet.to_python(skip_empty_area=False)) for name, sheet in read.items()}
    except (CalamineError, zipfile.BadZipFile, ValueError) as error:
        raise _refused(path, f"it cannot be read as a workbook ({error}); save it as .xlsx again") from error
    issues = [Issue(place, "SL104", NEVER) for place in _never_computed(path, data)]
    if issues:
        raise InvalidInput(issues)
    return sheets


NEVER = "the formula has no value yet; open the file in a spreadsheet program and save it, or write the value itself"


def table_of(path: str, text: str) -> Sheet:
    """A CSV file with commas or semicolons as one sheet."""
    first = text.lstrip("\ufeff").split("\n", 1)[0]
    mark = ";" if first.count(";") > first.count(",") else "\t" if first.count("\t") > first.count(",") else ","
    rows = list(csv.reader(io.StringIO(text.lstrip("\ufeff")), delimiter=mark))
    return Sheet(PurePath(path).name, _rows(rows, lambda row, column: Location(path, row + 1, column + 1)))


def _sheet(path: str, name: str, rows: Sequence[Sequence[Any]]) -> Sheet:
    if len(rows) > ROWS or any(len(row) > COLUMNS for row in rows[:1]):
        rows = [row[:COLUMNS] for row in rows[:ROWS]]
    file = f"{path} {name}"
    return Sheet(name, _rows(rows, lambda row, column: CellLocation(file, row + 1, column + 1)))


def _rows(rows: Sequence[Sequence[Any]], place: Any) -> tuple[tuple[Cell, ...], ...]:
    width = max((len(row) for row in rows), default=0)
    return tuple(
        tuple(Cell(place(k, m), _value(row[m]) if m < len(row) else "") for m in range(width))
        for k, row in enumerate(rows)
    )


def _value(value: Any) -> Value:
    if isinstance(value, datetime.datetime):
        return value.date()
    if isinstance(value, datetime.time | datetime.timedelta):
        return str(value)
    return "" if value is None else value


# -- what is wrong with the file itself --------------------------------------------------------------------------------


def _refused(path: str, why: str) -> InvalidInput:
    return InvalidInput([Issue(Location(path), "SL001", why)])


def _check(path: str, data: bytes) -> None:
    """What no reader should be given."""
    if data[:8] == b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1":
        raise _refused(path, "it is an old .xls file, or protected by a password; save it as .xlsx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(info.file_size for info in packed.infolist())
            names = set(packed.namelist())
    except zipfile.BadZipFile as error:
        raise _refused(path, "it is no workbook; give an .xlsx file, or a .csv") from error
    if size > LARGEST:
        raise _refused(path, f"unpacked it has {size:,} bytes, more than {LARGEST:,}: that is no sheet to fill in")
    if "xl/workbook.xml" not in names:
        raise _refused(path, "it is no Excel workbook; save it as .xlsx")


_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def _never_computed(path: str, data: bytes) -> Iterator[Location]:
    """Where a formula stands that has no value: it would read as an empty cell."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name, part in _parts(packed):
            with packed.open(part) as stream:
                for _, cell in etree.iterparse(
                    stream, tag=f"{_MAIN}c", resolve_entities=False, no_network=True, huge_tree=False
                ):
                    value = cell.find(f"{_MAIN}v")
                    if cell.find(f"{_MAIN}f") is not None and (value is None or not value.text):
                        yield CellLocation.of(f"{path} {name}", str(cell.get("r", "A1")))
                    cell.clear()
                    while cell.getprevious() is not None:
                        del cell.getparent()[0]


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets' names, and where each stands in the file."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    names = set(packed.namelist())
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    related = etree.fromstring(packed.read("xl/_rels/workbook.xml.rels"), parser)
    targets = {one.get("Id"): str(one.get("Target", "")) for one in related}
    for sheet in etree.fromstring(packed.read("xl/workbook.xml"), parser).iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            yield str(sheet.get("name", "")), part
