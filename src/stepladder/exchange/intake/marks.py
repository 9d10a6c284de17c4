"""What a workbook says beside the values of its cells, and whether it is one that any reader should be given."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO

from lxml import etree

from stepladder.errors import CellLocation, InvalidInput, Issue, Location

#: Unpacked, a workbook is no larger than this; what is, was made to fill the memory of whoever opens it.
LARGEST = 200_000_000
#: As far as cells may stand apart: rows times columns of a sheet.
CELLS = 20_000_000
#: How an .xls file begins, and any workbook that a password locks.
OLD_WORKBOOK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_MAIN = "{*}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
#: Formats of numbers that every workbook has and that show a percentage.
_PERCENTS = frozenset({"9", "10"})
#: What stands in a format of numbers as it is, and is no sign of it.
_AS_IS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]')
#: Row and column, from 1.
Place = tuple[int, int]


@dataclass
class Marked:
    """What the cells of a sheet are beside their values.

    Attributes
    ----------
    uncomputed
        Where a formula has no value.
    errors
        What is shown as an error, such as ``#REF!``.
    percents
        Where a number is shown as a percentage.
    merged
        The first and the last cell of each range that is merged.
    """

    uncomputed: set[Place] = field(default_factory=set)
    errors: dict[Place, str] = field(default_factory=dict)
    percents: set[Place] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)


def refused(path: str, why: str) -> InvalidInput:
    """A file that is no workbook that can be read."""
    return InvalidInput([Issue(Location(path), "SL001", why)])


def marks(path: str, data: bytes) -> dict[str, Marked]:
    """Look through a workbook without laying it out, by sheet. A formula whose value is a text of no letters has been
    computed.

    Raises
    ------
    InvalidInput
        When it is none, or one that is made to fill the memory.
    """
    _check(path, data)
    marked: dict[str, Marked] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            percents = _percents(packed)
            for name, part in _parts(packed):
                with packed.open(part) as stream:
                    marked[name] = _sheet(stream, f"{path} {name}", percents)
    except (zipfile.BadZipFile, etree.XMLSyntaxError, ValueError) as error:
        raise refused(path, f"it cannot be read as a workbook ({error}); save it as .xlsx again") from error
    return marked


def _sheet(stream: IO[bytes], file: str, percents: frozenset[str]) -> Marked:
    """One sheet, element by element."""
    marked, last = Marked(), (0, 0)
    tags = [f"{_MAIN}c", f"{_MAIN}mergeCell"]
    for _, cell in etree.iterparse(stream, tag=tags, resolve_entities=False, no_network=True, huge_tree=False):
        if cell.tag.endswith("mergeCell"):
            first, _, end = str(cell.get("ref", "")).partition(":")
            corners = [CellLocation.of(file, corner) for corner in (first, end or first)]
            marked.merged.append(((corners[0].line, corners[0].column), (corners[1].line, corners[1].column)))
            continue
        place = CellLocation.of(file, str(cell.get("r", "A1")))
        if _note(marked, cell, (place.line, place.column), percents):
            last = (max(last[0], place.line), max(last[1], place.column))
        if last[0] * last[1] > CELLS:
            far = "it stands so far from all others that the sheet would fill the memory; remove it"
            raise InvalidInput([Issue(place, "SL104", far)])
        cell.clear()
        while cell.getprevious() is not None:
            del cell.getparent()[0]
    return marked


def _note(marked: Marked, cell: etree._Element, at: Place, percents: frozenset[str]) -> bool:
    """What is to be known of a cell; whether anything stands in it."""
    value, formula, kind = cell.find(f"{_MAIN}v"), cell.find(f"{_MAIN}f"), cell.get("t")
    there = value is not None and bool(value.text or kind == "str")
    if formula is not None and not there and kind != "inlineStr":
        marked.uncomputed.add(at)
    if there and value is not None and kind == "e":
        marked.errors[at] = str(value.text)
    if there and kind in (None, "n") and cell.get("s") in percents:
        marked.percents.add(at)
    return there or formula is not None or kind == "inlineStr"


def _percents(packed: zipfile.ZipFile) -> frozenset[str]:
    """The styles of cells that show a number as a percentage."""
    if "xl/styles.xml" not in packed.namelist():
        return frozenset()
    styles = _tree(packed, "xl/styles.xml")
    own = {str(one.get("numFmtId")): str(one.get("formatCode", "")) for one in styles.iter(f"{_MAIN}numFmt")}
    shown = _PERCENTS | {number for number, code in own.items() if "%" in _AS_IS.sub("", code)}
    formats = styles.find(f"{_MAIN}cellXfs")
    styled = enumerate(formats if formats is not None else ())
    return frozenset(str(k) for k, one in styled if one.get("numFmtId") in shown)


def _tree(packed: zipfile.ZipFile, part: str) -> etree._Element:
    return etree.fromstring(packed.read(part), etree.XMLParser(resolve_entities=False, no_network=True))


def _check(path: str, data: bytes) -> None:
    """What no reader should be given."""
    if data[:8] == OLD_WORKBOOK:
        raise refused(path, "it is an old .xls file, or protected by a password; save it as .xlsx without one")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            size = sum(info.file_size for info in packed.infolist())
            names = set(packed.namelist())
    except zipfile.BadZipFile as error:
        raise refused(path, "it is no workbook; give an .xlsx file, or a .csv") from error
    if size > LARGEST:
        raise refused(path, f"unpacked it has {size:,} bytes, more than {LARGEST:,}: that is no sheet to fill in")
    if "xl/workbook.xml" not in names and any(name.endswith(".json") for name in names):
        what = "it is an archive with JSON in it, as the backup of an assessment in CSET (.csetw) is"
        raise refused(path, f"{what}; export the assessment as JSON instead, and give that file")
    if "xl/workbook.xml" not in names:
        raise refused(path, "it is no Excel workbook; save it as .xlsx")


def _parts(packed: zipfile.ZipFile) -> Iterator[tuple[str, str]]:
    """The sheets' names, and where each stands in the file."""
    names = set(packed.namelist())
    if "xl/_rels/workbook.xml.rels" not in names:
        return
    targets = {one.get("Id"): str(one.get("Target", "")) for one in _tree(packed, "xl/_rels/workbook.xml.rels")}
    for sheet in _tree(packed, "xl/workbook.xml").iter(f"{_MAIN}sheet"):
        target = targets.get(sheet.get(_RELATION), "").lstrip("/")
        part = target if target.startswith("xl/") else f"xl/{target}"
        if part in names:
            yield str(sheet.get("name", "")), part
