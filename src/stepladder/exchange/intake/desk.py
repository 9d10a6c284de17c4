"""What is being read from a sheet, and everything that is wrong with it, each with its cell."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches

from stepladder.data.formats.base import meant, unknown
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.index import Index
from stepladder.errors import Issue, Location
from stepladder.exchange.intake.cells import Cell, Sheet, Value

#: Words for what nobody has answered yet.
UNANSWERED = frozenset({"", "-", "–", "?", "n/a", "na", "tbd", "unknown", "none"})
#: What of the frame may be said beside the file, and how.
OPTIONS = {"First day": "--start", "Years": "--years", "Money a year": "--money"}
NOTHING: Mapping[str, Value] = {}
#: Years that are planned where nobody says it.
YEARS = 3.0
#: Text that is the same number in every country: three digits after a dot may be thousands or decimals.
PLAIN = re.compile(r"-?\d{1,15}(?:\.(?:\d{1,2}|\d{4,}))?", re.ASCII)
#: How many periods a year has.
A_YEAR = {"quarter": 4, "month": 12, "year": 1}


@dataclass
class Cells:
    """What is wrong with cells so far, and what was assumed."""

    issues: list[Issue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    _named: set[Location] = field(default_factory=set)

    def wrong(self, cell: Cell, message: str) -> None:
        """Something is wrong with a cell: its own fault, where it has one, else what is said; the first of it counts,
        as the rest may follow from it.
        """
        if cell.at in self._named:
            return
        self._named.add(cell.at)
        shown = f'"{cell.text[:60]}": ' if cell.text else "" if cell.fault else "empty: "
        self.issues.append(Issue(cell.at, "SL104", f"{shown}{cell.fault or message}"))

    def look(self, cells: Iterable[Cell]) -> None:
        """Cells that are read have no faults of their own."""
        for cell in cells:
            if cell.fault:
                self.wrong(cell, "")

    def rows(
        self, sheet: Sheet | None, names: Sequence[str], others: Sequence[Sequence[str]]
    ) -> Iterator[dict[str, Cell]]:
        """The rows of a table of ours, by heading; a heading that stands twice is wrong, and so is a row in which the
        first column is empty and another one of ours is not.
        """
        if sheet is None:
            return
        self.look(sheet.heads(names))
        for cell in sheet.twice(names):
            self.wrong(cell, "the heading stands twice; remove one of the two columns")
        for cells in sheet.tables(names, others):
            read = [cells[name] for name in names if name in cells]
            # Of rows that a merged cell makes one, those below the first say nothing.
            if all(cell.empty for cell in read):
                continue
            self.look(read)
            if cells[names[0]].empty:
                missing = f"nothing stands under {names[0]}, yet in its row; fill it in, or empty the row"
                self.wrong(cells[names[0]], missing)
            else:
                yield cells

    def number(self, cell: Cell | None) -> float | None:
        """A number of at least zero; None where nothing stands."""
        if cell is None or cell.text.casefold() in UNANSWERED:
            return None
        value = cell.value
        if isinstance(value, str) and PLAIN.fullmatch(cell.text):
            value = float(cell.text)
        if isinstance(value, bool) or not isinstance(value, int | float):
            self.wrong(cell, _no_number(cell.text))
            return None
        if not 0 <= value <= 1e13:
            self.wrong(cell, "is below 0; write 0 or more" if value < 0 else "is too much")
            return None
        return float(value)

    def day(self, cell: Cell | None) -> str | None:
        """A day as a scenario writes it; None where nothing stands."""
        if cell is None or cell.empty:
            return None
        if isinstance(cell.value, datetime.date):
            return str(cell.value)
        try:
            return str(datetime.date.fromisoformat(cell.text))
        except ValueError:
            self.wrong(cell, "is no date; format the cell as a date, or write it as 2027-12-31")
            return None

    def one_of(self, cell: Cell, words: Iterable[str], what: str) -> str | None:
        """One of several words, in any letters."""
        known = {word.casefold(): word for word in words}
        found = known.get(cell.text.casefold())
        if found is None:
            self.wrong(cell, unknown(what, cell.text, list(known.values())))
        return found


def _no_number(text: str) -> str:
    """What is wrong with a text where a number is expected."""
    if text.endswith("%"):
        return "is a percentage; write the number itself, and format the cell as a number"
    plain = meant(text)
    return f"is text and no number; write {plain} as a number" if plain else "is no number"


class Tree:
    """What a sheet says, as a scenario has it, each value with its cell."""

    def __init__(self, at: Location) -> None:
        self.root = Node({}, at)

    def put(self, path: Sequence[str], value: object, at: Location) -> None:
        """A value at a path of keys; the first one that is put there stays."""
        node = self.root
        for key in path[:-1]:
            node = node.value.setdefault(key, Node({}, at))
        node.value.setdefault(path[-1], planted(value, at))


def planted(value: object, at: Location) -> Node:
    """Plain values as a tree, all of it from one cell."""
    if isinstance(value, Mapping):
        return Node({str(key): planted(child, at) for key, child in value.items()}, at)
    if isinstance(value, list | tuple):
        return Node([planted(child, at) for child in value], at)
    return Node(value, at, text=repr(value) if isinstance(value, float) else "")


@dataclass
class Desk(Cells):
    """The same of a sheet that speaks of one maturity model."""

    index: Index = field(kw_only=True)


@dataclass(frozen=True)
class Row:
    """One practice and scale, of one system where the sheet has several, as it was filled in."""

    system: str
    practice: str
    scale: str
    current: int
    target: int
    cells: Mapping[str, Cell]

    def get(self, name: str) -> Cell | None:
        """What stands under a heading; None where nothing does."""
        cell = self.cells.get(name)
        return None if cell is None or cell.empty else cell

    @property
    def code(self) -> str:
        """Practice and scale."""
        return f"{self.practice}.{self.scale}"

    @property
    def place(self) -> tuple[str, ...]:
        """Where a scenario speaks of its system; nowhere of its own where there is but one."""
        return ("systems", self.system) if self.system else ()


def level_of(desk: Desk, scale: str, cell: Cell | None, otherwise: int) -> int:
    """A level by its number, its name or both; the other one where nobody has answered."""
    if cell is None or cell.text.casefold() in UNANSWERED:
        return otherwise
    levels = {number: info.title for number, info in desk.index.scale(scale).levels.items()}
    text = cell.text
    number = re.fullmatch(r"(\d+)(?:\s+(.*))?", text)
    named = {title.casefold(): number for number, title in levels.items()}
    if number and int(number[1]) in levels and (not number[2] or named.get(number[2].casefold()) == int(number[1])):
        return int(number[1])
    if text.casefold() in named:
        return named[text.casefold()]
    words = number[2] if number and number[2] else text
    near = get_close_matches(words.casefold(), named, n=1, cutoff=0.5)
    title = desk.index.scale(scale).title
    meant_ = f"; did you mean {levels[named[near[0]]]} ({named[near[0]]})?" if near else ""
    listed = ", ".join(f"{number} {name}" for number, name in sorted(levels.items()))
    desk.wrong(cell, f"is no level of {title}{meant_ or f'; it has {listed}'}")
    return otherwise


def slug(text: str) -> str:
    """A name as an id."""
    plain = re.sub(r"[^a-z0-9]+", "_", text.casefold()).strip("_")
    return plain if plain[:1].isalpha() else f"x_{plain}"[:100]
