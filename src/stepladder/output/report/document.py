"""What a report says, as data: sections of paragraphs, tables and charts; a number is one until somebody writes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from stepladder.output.report.cells import Value, ValueKind, rest

#: Rows of a table and entries of a list that a renderer with room shows; what is left out is said.
ROWS, ITEMS = 300, 40
#: With more planned steps than this nothing says of each one why it is there.
DETAILED = 60
Tone = Literal["", "good", "warn", "bad"]


@dataclass(frozen=True)
class Column:
    """A column of a table: its title, how its numbers are written, and whether a short form leaves it out."""

    title: str
    kind: ValueKind = "text"
    detail: bool = False


@dataclass(frozen=True)
class Table:
    """Rows of as many values as there are columns, the first being what each is about; None is an empty cell.

    The caption says what it shows, ``noun`` what a row is (one of ``cells.MORE``) where a renderer has no room for all.
    """

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    noun: str = "row"

    def more(self, most: int) -> str:
        """That the other rows are left out; empty where none are."""
        return rest(len(self.rows) - most, self.noun)


@dataclass(frozen=True)
class Heat:
    """Whole numbers in cells that are coloured by them, the darkest being ``most``; the numbers are written as well.

    Titles above so many columns each; titles of columns; group, name and numbers of each row; lines that say what the
    numbers mean; columns that say what is wanted rather than what is there.
    """

    spans: tuple[tuple[str, int], ...]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, str, tuple[int | None, ...]], ...]
    most: int
    key: tuple[str, ...] = ()
    wanted: frozenset[int] = frozenset()


@dataclass(frozen=True)
class Bar:
    """A row of a Gantt chart: work in periods ``first`` to ``last``, of a kind that has a colour of its own, paler
    where it is done.
    """

    title: str
    first: int
    last: int
    kind: str
    done: bool = False


@dataclass(frozen=True)
class Gantt:
    """Bars by phase, and milestones as points in time, counted in periods from the beginning of the first; and where
    today is, None while nothing has begun.
    """

    labels: tuple[str, ...]
    phases: tuple[tuple[str, int, int], ...]
    bars: tuple[Bar, ...]
    milestones: tuple[tuple[str, float], ...]
    kinds: tuple[str, ...]
    today: int | None = None


@dataclass(frozen=True)
class Panel:
    """Stacked columns for each period, and the most that each could hold; None where nothing limits it."""

    title: str
    parts: tuple[tuple[str, tuple[float, ...]], ...]
    most: tuple[float | None, ...]


@dataclass(frozen=True)
class Columns:
    """Panels over the same periods, one above the other; ``mark`` says what their ``most`` is where it is more than a
    limit. Low ones are for a page that has other things to say.
    """

    labels: tuple[str, ...]
    panels: tuple[Panel, ...]
    unit: str
    mark: str = ""
    low: bool = False


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
    """A drawing with its name on the command line, what it shows in words, the same figures as tables, and what a
    reader has to know to read it.
    """

    name: str
    title: str
    words: str
    drawing: Drawing
    tables: tuple[Table, ...]
    key: str = ""


@dataclass(frozen=True)
class Tile:
    """One figure that stands for itself."""

    name: str
    value: float
    kind: ValueKind
    unit: str = ""


@dataclass(frozen=True)
class Item:
    """A headed paragraph of a list: a step, a milestone, a rule; why it is there; and its figures in a few words."""

    title: str
    text: str
    tone: Tone = ""
    reason: str = ""
    brief: str = ""


@dataclass(frozen=True)
class Items:
    """A list, of long ones its first entries and how many there are, with what an entry is: one of ``cells.MORE``."""

    items: tuple[Item, ...]
    noun: str
    of: int | None = None

    @property
    def count(self) -> int:
        """How many entries there are, those that are left out included."""
        return len(self.items) if self.of is None else self.of

    def more(self, most: int) -> str:
        """That all but so many are left out; empty where none are."""
        return rest(self.count - most, self.noun)


@dataclass(frozen=True)
class Group:
    """What one system begins in a phase; the name is empty where there is none, ``brief`` is all of it in a few
    words.
    """

    title: str
    brief: str
    steps: Items


@dataclass(frozen=True)
class Phase:
    """What begins in one period, and what is said of its year."""

    year: str
    title: str
    groups: tuple[Group, ...]


@dataclass(frozen=True)
class Phases:
    """Work by period."""

    phases: tuple[Phase, ...]

    @property
    def few(self) -> bool:
        """Whether there is room for every step's reasons."""
        return sum(group.steps.count for phase in self.phases for group in phase.groups) <= DETAILED


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
    """Choices by appetite and then by budget; the steps and periods that they speak of; the choice that is nearest to
    the plan itself; and what is said of one of them, with ``{budget}`` and ``{value}`` in it.
    """

    choices: tuple[Choice, ...]
    steps: tuple[str, ...]
    periods: tuple[str, ...]
    nearest: int
    said: str

    @property
    def several(self) -> bool:
        """Whether there is more than one appetite."""
        return len({choice.appetite for choice in self.choices}) > 1


@dataclass(frozen=True)
class Card:
    """One of a page's questions, as a title, and its answer."""

    title: str
    blocks: tuple[str | Table | Items, ...]


@dataclass(frozen=True)
class Cards:
    """Cards that stand beside each other where there is room; folded, each is opened by its title."""

    cards: tuple[Card, ...]
    folded: bool = False


Block = str | Table | Chart | WhatIf | tuple[Tile, ...] | Items | Phases | Cards


@dataclass(frozen=True)
class Section:
    """A heading and what stands below it.

    Attributes
    ----------
    id, title
        Its name inside a document, and its heading.
    blocks
        The answer to a reader's question.
    detail
        What stands below where there is room; a short form leaves it out.
    """

    id: str
    title: str
    blocks: tuple[Block, ...]
    detail: tuple[Block, ...] = ()

    @property
    def whole(self) -> tuple[Block, ...]:
        """Both."""
        return self.blocks + self.detail


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
        return {block.name: block for section in self.sections for block in section.whole if isinstance(block, Chart)}
