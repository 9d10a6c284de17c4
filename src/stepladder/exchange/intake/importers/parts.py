"""What importers make models of: ids that are unique, titles of one line, costs that say what they rest on, tables that
are found by their headings, and everything that is wrong at once.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake.cells import Cell, Sheet
from stepladder.exchange.intake.desk import Cells, slug
from stepladder.exchange.intake.importer import Answers, Question, Span
from stepladder.exchange.intake.source import Source
from stepladder.wording.text import clean

#: Titles are cut at a word before this; what a text says at most.
SHORT, LONG = 120, 3900
#: What ids have a meaning of their own in a scenario.
RESERVED = ("default", "target")

#: Calendar months of a step, where nobody has said them.
MONTHS = 2
#: What every kind of file leaves open that has no costs.
DAYS = Question("days", "person-days for one level of one practice", "7")
TEAM = Question("team", "the team that does the work", "security")
_BASIS = (
    "Illustrative: assumed by the import, {days:g} person-days; replace it with your own. SAMM 1.0 publishes about 7"
    " person-days a year as the mean of one of its levels."
)
ILLUSTRATIVE = "Illustrative figure of the import; replace it with your own."


class Names:
    """Gives out ids, each once."""

    def __init__(self, *others: str) -> None:
        self._taken = {*RESERVED, *others}

    def new(self, text: str) -> str:
        """A name as an id that nothing else has."""
        plain = slug(text)[:80].strip("_") or "x"
        name, count = plain, 1
        while name in self._taken:
            count += 1
            name = f"{plain}_{count}"
        self._taken.add(name)
        return name


@dataclass
class Faults:
    """What is wrong so far."""

    issues: list[Issue] = field(default_factory=list)

    def wrong(self, at: Location, message: str, code: str = "SL104") -> None:
        """Something is wrong at a place."""
        self.issues.append(Issue(at, code, message))

    def check(self) -> None:
        """Raises InvalidInput when anything is wrong."""
        if self.issues:
            raise InvalidInput(self.issues)


def short(text: str) -> str:
    """A title: one line, cut at a word where nobody would read on."""
    line = clean(text)
    return line if len(line) <= SHORT else f"{line[: SHORT - 1].rsplit(' ', 1)[0].rstrip(' ,;:')}…"


def counted(count: int, noun: str) -> str:
    """``1 control``, ``2 controls``."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def titled(title: str, text: str = "", ref: str = "") -> dict[str, Any]:
    """Title, the model's own code, and what is said beyond the title, as far as they are there."""
    name = short(title) or short(text) or ref
    line = clean(text)[:LONG]
    return {
        "title": name,
        **({"ref": clean(ref)} if clean(ref) else {}),
        **({"description": line} if line and line != name else {}),
    }


def costs(levels: Iterable[int], days: float, team: str) -> dict[int, dict[str, Any]]:
    """The assumed work of each step: person-days of a team."""
    return {
        level: {"effort": {team: days}, "months": MONTHS, "basis": _BASIS.format(days=days)}
        for level in sorted(levels)[1:]
    }


def too_late(span: Span, day: datetime.date, quarters: int) -> str:
    """Why no plan can keep a date of what takes so many quarters from the beginning; empty where one can."""
    if span.first is None or day < span.first:
        return f"it is before the plan begins, {span.first}"
    if day < span.end(quarters):
        return "it is too soon for the work that it takes"
    return "it is after the plan ends" if day > span.end(span.quarters) else ""


def team(answers: Answers) -> str:
    """The id of the team that does the work. Raises UsageError where its name has no letter or digit."""
    text = answers["team"]
    if not re.search(r"[a-z0-9]", text.casefold()):
        raise UsageError(f"--say team={text}: write a name with a letter from a to z in it, such as security")
    return slug(text)


def chosen(answers: Answers, key: str, known: Mapping[str, Any] | Sequence[str]) -> str:
    """An answer that is one of what stands in the files. Raises UsageError with the nearest otherwise."""
    text = answers[key]
    for name in known:
        if name.casefold() == text.casefold():
            return name
    raise UsageError(f"--say {key}={text}: {unknown('answer', text, list(known))}")


# -- trees -------------------------------------------------------------------------------------------------------------


def text_of(node: Node | None, *path: str | int) -> str:
    """What stands at a path, as text; empty where nothing does, or no single value."""
    child = node.find(path) if node is not None else None
    value = None if child is None else child.value
    return "" if value is None or isinstance(value, dict | list) else str(value).strip()


def items(node: Node | None, *path: str | int) -> list[Node]:
    """The items of a list at a path, or the values of a mapping; none where there is neither."""
    child = node.find(path) if node is not None else None
    value = None if child is None else child.value
    return list(value) if isinstance(value, list) else list(value.values()) if isinstance(value, dict) else []


def true(node: Node | None, *path: str | int) -> bool:
    """Whether a value says yes."""
    return text_of(node, *path).casefold() in ("true", "yes", "1")


# -- tables ------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """Rows of cells by heading; rows in which nothing stands are left out. ``titles`` are the headings as they are
    written.
    """

    at: Location
    titles: Mapping[str, str]
    rows: tuple[Mapping[str, Cell], ...]

    @property
    def heads(self) -> tuple[str, ...]:
        """The headings as ``heading`` has them."""
        return tuple(self.titles)

    def filled(self, desk: Cells, read: Callable[[str], bool]) -> Iterator[Mapping[str, Cell]]:
        """The rows in which anything stands under a heading that is read; what is wrong with such a cell itself is
        noted.
        """
        for cells in self.rows:
            looked_at = [cell for head, cell in cells.items() if read(head)]
            if not all(cell.empty for cell in looked_at):
                desk.look(looked_at)
                yield cells


@lru_cache(maxsize=10_000)
def heading(text: str) -> str:
    """A heading in small letters with single spaces: ``CSF Function`` and ``csf_function`` are the same one."""
    return re.sub(r"[\s_]+", "_", text.strip().strip("\u00a0\ufeff'").casefold())


def table(source: Source, *wanted: Iterable[str]) -> Table | None:
    """The first table of a file that has one of the sets of headings, wherever it stands; None where none has."""
    sets = [frozenset(names) for names in wanted]
    return table_where(source, lambda heads: any(names <= set(heads) for names in sets))


def table_where(source: Source, wanted: Callable[[Sequence[str]], bool]) -> Table | None:
    """The first table of a file whose headings are of some kind; None where there is none."""
    for sheet in source.sheets.values():
        for k, row in enumerate(sheet.rows):
            # Sheets may have very many rows that only look empty.
            if any(cell.value != "" for cell in row) and wanted([heading(cell.text) for cell in row]):
                return _table(sheet, k)
    return None


def _table(sheet: Sheet, first: int) -> Table:
    row = sheet.rows[first]
    heads = [heading(cell.text) for cell in row]
    desk = Cells()
    desk.look(row)
    if desk.issues:
        raise InvalidInput(desk.issues)
    for k, head in enumerate(heads):
        if head and head in heads[:k]:
            message = f"the heading {row[k].text!r} stands twice; remove one of the two columns"
            raise InvalidInput([Issue(row[k].at, "SL003", message)])
    rows = [
        {head: cell for head, cell in zip(heads, cells, strict=False) if head}
        for cells in sheet.rows[first + 1 :]
        if not all(cell.empty for cell in cells)
    ]
    titles = {head: " ".join(cell.text.split()) for head, cell in zip(heads, row, strict=True) if head}
    return Table(row[0].at, titles, tuple(rows))


def word(cells: Mapping[str, Cell], *names: str) -> str:
    """What stands under the first of several headings that there is; without the apostrophe that keeps a spreadsheet
    program from computing it.
    """
    cell = cell_of(cells, *names)
    return "" if cell is None else cell.text


def cell_of(cells: Mapping[str, Cell], *names: str) -> Cell | None:
    """The same as its cell; None where there is nothing."""
    for name in names:
        if name in cells and not cells[name].empty:
            cell = cells[name]
            return Cell(cell.at, cell.value[1:]) if isinstance(cell.value, str) and cell.value[:1] == "'" else cell
    return None


def alone(main: Source, others: Sequence[Source], what: str) -> None:
    """Raises InvalidInput when there are further files, which nothing reads."""
    if others:
        message = f"{main.path} is {what}, which nothing else goes with; import this file by itself"
        raise InvalidInput([Issue(Location(file.path), "SL102", message) for file in others])
