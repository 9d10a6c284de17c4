"""What stands in a sheet of ours and nothing reads: other sheets, other columns, other lines of the frame."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake import layout
from stepladder.exchange.intake.cells import Cell, Sheet
from stepladder.wording.text import clean, quote

#: The sheets that are read, each with the headings of its tables; a table is found by the first two.
READ: Mapping[str, tuple[tuple[str, ...], ...]] = {
    layout.ASSESSMENT: (("Code", "Current", *(field.name for field in (*layout.ROWS, layout.SYSTEM))),),
    layout.FRAME: tuple(tuple(field.name for field in fields) for fields in (layout.TEAMS, layout.DATES)),
    layout.LOSSES: (tuple(field.name for field in (*layout.THREATS, layout.SYSTEM)),),
}
#: Sheets of the template that say nothing themselves.
_SILENT = (layout.READ_ME, layout.LISTS, layout.HIDDEN)


def page(sheets: Mapping[str, Sheet], name: str) -> Sheet | None:
    """One of the sheets that are read, in whatever letters its name is written; None where it is not there."""
    plain = {given.strip().casefold(): sheet for given, sheet in sheets.items()}
    return plain.get(name.casefold())


def assessment(sheets: Mapping[str, Sheet]) -> Sheet:
    """The sheet with the assessment: by its name, else the one that has its table; the first where none has.

    Raises
    ------
    InvalidInput
        When several could be meant.
    """
    named = page(sheets, layout.ASSESSMENT)
    found = [sheet for sheet in sheets.values() if sheet.heads(READ[layout.ASSESSMENT][0])]
    if named is None and len(found) > 1:
        names = " and ".join(quote(sheet.name) for sheet in found)
        at = found[0].heads(READ[layout.ASSESSMENT][0])[0].at
        message = f"{names} are both assessments; call the one that counts {layout.ASSESSMENT}"
        raise InvalidInput([Issue(Location(at.file.rpartition(" ")[0]), "SL102", message)])
    return named or (found or list(sheets.values()))[0]


def left(sheets: Mapping[str, Sheet]) -> list[str]:
    """What nothing reads, one sentence each."""
    counts = assessment(sheets)
    read = {sheet.name: name for name in READ if (sheet := page(sheets, name)) is not None}
    read[counts.name] = layout.ASSESSMENT
    silent = {name.casefold() for name in _SILENT}
    notes = [
        f"left: the sheet {quote(name)}, which nothing reads; the assessment is in {quote(counts.name)}"
        for name, sheet in sheets.items()
        if name not in read and name.casefold() not in silent and not _blank(sheet)
    ]
    for name, kind in read.items():
        for heads in READ[kind]:
            notes += _columns(sheets[name], heads, [other for other in READ[kind] if other is not heads])
    framed = page(sheets, layout.FRAME)
    return notes + [_line(cell, framed) for cell in (_lines(framed) if framed is not None else ())]


def _blank(sheet: Sheet) -> bool:
    return all(cell.empty for row in sheet.rows for cell in row)


def _columns(sheet: Sheet, heads: Sequence[str], others: Sequence[Sequence[str]]) -> Iterator[str]:
    """Columns of a table that are not ours, with what may be meant."""
    known = {head.casefold() for head in heads}
    rows = list(sheet.tables(heads, others))
    there = {cell.text.casefold() for cell in sheet.heads(heads)}
    for cell in sheet.heads(heads):
        if cell.empty or cell.text.casefold() in known:
            continue
        count = sum(cell.text in row and not row[cell.text].empty for row in rows)
        if count:
            filled = f"{count:,} rows" if count > 1 else "1 row"
            free = [head for head in heads if head.casefold() not in there]
            yield f"left: the column {quote(clean(cell.text))} in {sheet.name} ({filled}){_near(cell.text, free)}"


def _lines(sheet: Sheet) -> Iterator[Cell]:
    """Lines above the tables of the frame with a value and a word that is not ours."""
    known = {line.name.casefold() for line in layout.LINES}
    heads = {id(row) for tables in READ[layout.FRAME] for row in (sheet.heads(tables),) if row}
    for row in sheet.rows:
        if id(row) in heads:
            return
        filled = [cell for cell in row if not cell.empty]
        if len(filled) > 1 and not any(label(cell) in known for cell in filled):
            yield filled[0]


def _line(cell: Cell, sheet: Sheet | None) -> str:
    where = sheet.name if sheet is not None else layout.FRAME
    there = {label(one) for row in sheet.rows for one in row} if sheet is not None else set()
    free = [line.name for line in layout.LINES if line.name.casefold() not in there]
    return f"left: the line {quote(clean(cell.text))} in {where}{_near(cell.text, free)}"


def label(cell: Cell) -> str:
    """A word of the frame in small letters; a colon after it makes no difference."""
    return cell.text.rstrip(":").rstrip().casefold()


def _near(text: str, names: Sequence[str]) -> str:
    """The one of the names that are missing that may be meant."""
    plain = {name.casefold(): name for name in names}
    near = get_close_matches(text.casefold(), plain, n=1, cutoff=0.6)
    return f"; did you mean {plain[near[0]]}?" if near else ""
