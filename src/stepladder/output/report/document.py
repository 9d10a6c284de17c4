"""What a report says, as data: sections of paragraphs, tables and charts. Numbers stay numbers until somebody writes
them.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from stepladder.data.formats.problem import Period
from stepladder.wording import numbers
from stepladder.wording.text import clean

#: Rows of a table that are shown; what is left out is said.
ROWS = 300
#: How a number is written: as money, with its cents only where it is small; as person-days or the like; as a whole
#: number; as a part of one; as a proved gap, rounded up; as a proved bound, rounded down.
ValueKind = Literal["text", "money", "amount", "whole", "share", "gap", "bound"]
Value = str | float | int | datetime.date | Period | None
Tone = Literal["", "good", "warn", "bad"]


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, and how its numbers are written."""

    title: str
    kind: ValueKind = "text"


@dataclass(frozen=True)
class Table:
    """Rows of values; the first column says what each row is about.

    Attributes
    ----------
    caption
        What it shows.
    columns, rows
        As many values in each row as there are columns; None is an empty cell.
    more
        What is said about rows that are left out; empty where none are.
    total
        Whether the last row is the sum of those above.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    more: str = ""
    total: bool = False


@dataclass(frozen=True)
class Heat:
    """Whole numbers in cells that are coloured by them; the numbers are written as well.

    Attributes
    ----------
    spans
        Titles above the columns, each with the number of columns below it.
    columns
        Titles of the columns.
    rows
        Group and name of each row, and its numbers; None where there is none.
    most
        The number with the darkest colour.
    key
        Lines that say what the numbers mean.
    wanted
        Columns that say what is wanted rather than what is there.
    """

    spans: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[int | None, ...]], ...]
    most: int
    key: tuple[str, ...] = ()
    wanted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bar:
    """A row of a Gantt chart: work in periods ``first`` to ``last``, of a kind that has a colour of its own."""

    title: str
    first: int
    last: int
    kind: str


@dataclass(frozen=True)
class Gantt:
    """Bars by phase, and milestones as points in time, counted in periods from the beginning of the first."""

    labels: tuple[str, ...]
    phases: tuple[tuple[str, int, int], ...]
    bars: tuple[Bar, ...]
    milestones: tuple[tuple[str, float], ...]
    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Panel:
    """Stacked columns for each period, and the most that each could hold; None where nothing limits it."""

    title: str
    parts: tuple[tuple[str, tuple[float, ...]], ...]
    most: tuple[float | None, ...]


@dataclass(frozen=True)
class Columns:
    """Panels over the same periods, one above the other."""

    labels: tuple[str, ...]
    panels: tuple[Panel, ...]
    unit: str


@dataclass(frozen=True)
class Fall:
    """Stacked losses at every time, and caps on their sum from one time to another."""

    labels: tuple[str, ...]
    parts: tuple[tuple[str, tuple[float, ...]], ...]
    caps: tuple[tuple[str, int, int, float], ...]
    unit: str


@dataclass(frozen=True)
class Pairs:
    """Two bars for each name: before and after."""

    names: tuple[str, ...]
    before: tuple[float, ...]
    after: tuple[float, ...]
    said: tuple[str, str]
    unit: str


@dataclass(frozen=True)
class Lines:
    """Named curves through points, with what is counted across and up, and how that is written; across in places of
    ``labels`` where there are any.
    """

    across: str
    up: str
    curves: tuple[tuple[str, tuple[tuple[float, float], ...]], ...]
    kinds: tuple[ValueKind, ValueKind] = ("money", "money")
    labels: tuple[str, ...] = ()


@dataclass(frozen=True)
class Network:
    """Boxes in layers from left to right, with lines between those that need each other; some on the longest chain."""

    boxes: tuple[tuple[str, int, int], ...]
    lines: tuple[tuple[int, int], ...]
    chain: frozenset[int]


Drawing = Gantt | Columns | Fall | Pairs | Lines | Network | Heat


@dataclass(frozen=True)
class Chart:
    """A drawing with its name on the command line, what it shows in words, and the same figures as a table."""

    name: str
    title: str
    words: str
    drawing: Drawing
    tables: tuple[Table, ...]


@dataclass(frozen=True)
class Tile:
    """One figure that stands for itself."""

    name: str
    value: float
    kind: ValueKind
    unit: str = ""


@dataclass(frozen=True)
class Item:
    """A headed paragraph of a list: a step, a milestone, a rule."""

    title: str
    text: str
    tone: Tone = ""


@dataclass(frozen=True)
class Choice:
    """One verified plan on a frontier: what its budget and appetite are, its figures by name, and when each step
    starts (None: never).
    """

    money: float
    appetite: str
    figures: tuple[tuple[str, ValueKind, float | None], ...]
    starts: tuple[int | None, ...]


@dataclass(frozen=True)
class WhatIf:
    """Choices by appetite and then by budget; the steps and periods that they speak of; and the choice that is
    nearest to the plan itself.
    """

    choices: tuple[Choice, ...]
    steps: tuple[str, ...]
    periods: tuple[str, ...]
    nearest: int

    @property
    def several(self) -> bool:
        """Whether there is more than one appetite."""
        return len({choice.appetite for choice in self.choices}) > 1


#: Shades of a heat map, from the lightest.
SHADES = 6

Block = str | Table | Chart | WhatIf | tuple[Tile, ...] | tuple[Item, ...]


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it."""

    id: str
    title: str
    blocks: tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """The whole report."""

    title: str
    subtitle: str
    currency: str
    sections: tuple[Section, ...]
    made_with: str

    def charts(self) -> dict[str, Chart]:
        """All charts by name."""
        return {block.name: block for section in self.sections for block in section.blocks if isinstance(block, Chart)}


def shown(value: Value, kind: ValueKind, currency: str = "") -> str:
    """A value as it is written in a cell or a sentence."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Period):
        return numbers.label(value)
    if isinstance(value, datetime.date):
        return numbers.day(value)
    written = {
        "text": numbers.amount,
        "money": lambda number: numbers.money(number, currency),
        "bound": lambda number: numbers.money_down(number, currency),
        "amount": numbers.amount,
        "whole": lambda number: numbers.whole(round(number)),
        "share": numbers.share,
        "gap": numbers.gap,
    }
    return written[kind](value)


def labels(periods: Sequence[Period]) -> tuple[str, ...]:
    """Names of periods, as they are written."""
    return tuple(map(numbers.label, periods))


def rest(count: int, noun: str) -> str:
    """That a table leaves so many rows out, where it does."""
    return f"… and {numbers.count(count, f'more {noun}')}" if count > 0 else ""


def shade(value: int, most: int) -> int:
    """The shade of a number on a scale up to ``most``, 0 being the lightest."""
    return min(SHADES - 1, round(value / most * (SHADES - 1))) if most else 0
