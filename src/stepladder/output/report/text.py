"""The document as text for a terminal: the short form of each section, without pictures, in lines that fit."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.output.report.cells import Value, shown
from stepladder.output.report.document import (
    DETAILED,
    Block,
    Chart,
    Column,
    Document,
    Fall,
    Group,
    Item,
    Items,
    Pairs,
    Phases,
    Section,
    Table,
)
from stepladder.wording import numbers
from stepladder.wording.page import Page, Style
from stepladder.wording.text import columns, cut, shortened

#: Rows of a table and entries of a list; the rest is said to be elsewhere.
ROWS, ITEMS = 36, 30
#: Columns beside the first that stand in one table, columns of a heading above person-days, and of a bar.
ABREAST, HEAD, BAR = 3, 20, 40
#: Of more than ``DETAILED`` steps, lines for a period; with more systems in it than this, a line for each, with so much
#: of its name.
STARTS, HEADED, NAME = 12, 4, 30
#: What is promised to somebody is shown whole, however much of it there is.
KEPT = ("milestone", "cap")
#: Lines of an entry's title, of a title with a reason, and of an entry.
TITLE, REASON, ENTRY = 3, 3, 12
#: Where all of them are that are left out here.
ELSEWHERE = {noun: f"show --csv {noun}s" for noun in ("step", "period", "threat")}


def text(document: Document, style: Style) -> str:
    """The document; its first section stands below the title, without a heading of its own."""
    page = Page(style)
    page.say(document.title, kind="bold", most=2)
    page.blank()
    page.say(document.subtitle)
    for k, section in enumerate(document.sections):
        _section(page, section, document.currency, headed=k > 0)
    return page.text()


def _section(page: Page, section: Section, currency: str, *, headed: bool) -> None:
    tables = [table for block in section.blocks for table in _tables(block)]
    money = currency and any(column.kind == "money" for table in tables for column in table.columns)
    if headed:
        page.heading(section.title.upper() + (f" ({currency})" if money else ""))
    blocks = [block for block in section.blocks if not isinstance(block, Chart) or _tables(block)]
    for k, block in enumerate(blocks):
        if isinstance(block, str):
            leads = not all(isinstance(other, str) for other in blocks[k + 1 : k + 2])
            if leads:
                page.blank()
            page.say(block, 2 if leads else 0)
            continue
        if k and not isinstance(blocks[k - 1], str):
            page.blank()
        _block(page, block, currency)


def _tables(block: Block) -> tuple[Table, ...]:
    """What stands here as a table: of the drawings those that are bars."""
    if isinstance(block, Chart):
        return block.tables if isinstance(block.drawing, Fall | Pairs) else ()
    return (block,) if isinstance(block, Table) else ()


def _block(page: Page, block: Block, currency: str) -> None:
    if isinstance(block, Items):
        _items(page, block)
    elif isinstance(block, Phases):
        _phases(page, block)
    elif isinstance(block, Chart) and isinstance(block.drawing, Fall):
        _bars(page, block.tables[0], currency)
    else:
        for table in _tables(block):
            (_list if _terms(table) else _strips)(page, table, currency)


def _rest(page: Page, held: Table | Items, most: int, indent: int = 2, where: str = "") -> None:
    if held.more(most):
        page.say(f"{held.more(most)}{where} ({ELSEWHERE.get(held.noun, '--json')})", indent)


def _items(page: Page, held: Items) -> None:
    most = len(held.items) if held.noun in KEPT else ITEMS
    for item in held.items[:most]:
        _entry(page, item, 2)
    _rest(page, held, most)


def _entry(page: Page, item: Item, indent: int) -> None:
    if not item.title:
        page.say(item.text, indent, mark="- ", most=ENTRY)
        return
    page.say(item.title, indent, mark="- ", kind="bold", most=TITLE)
    for said in filter(None, (item.text, item.reason)):
        page.say(said, indent + 2, most=ENTRY)


# -- the roadmap -------------------------------------------------------------------------------------------------------


def _phases(page: Page, held: Phases) -> None:
    year = ""
    for phase in held.phases:
        if phase.year != year:
            year = phase.year
            page.blank()
            page.say(year, kind="bold")
        page.blank()
        page.say(phase.title, 2, kind="bold")
        if held.few or len(phase.groups) <= HEADED:
            _groups(page, phase.groups, few=held.few)
        else:
            _fleet(page, phase.groups)


def _groups(page: Page, groups: Sequence[Group], *, few: bool) -> None:
    """Every step, with its reasons where there are few."""
    for group in groups:
        if group.title:
            page.say(f"{group.title}:", 4, kind="dim", most=2)
        most = DETAILED if few else STARTS // len(groups)
        for item in group.steps.items[:most]:
            if few:
                _entry(page, item, 4)
            else:
                page.say(f"{item.brief}: {item.title}", 4, mark="- ", most=1)
        _rest(page, group.steps, most, 4)


def _fleet(page: Page, groups: Sequence[Group]) -> None:
    """One line for each system."""
    for group in groups[:STARTS]:
        name, (first, *others) = shortened(group.title, NAME) or "For all", group.steps.items
        page.say(f"{name}: {group.brief}: {first.title}{', …' if others else ''}", 4, mark="- ", most=1)
    rest = [len(group.steps.items) for group in groups[STARTS:]]
    if rest:
        page.say(f"… and {numbers.count(sum(rest), 'step')} in {numbers.count(len(rest), 'more system')}", 4)
    page.say(f"(every step: {ELSEWHERE['step']})", 4, kind="dim")


# -- tables ------------------------------------------------------------------------------------------------------------


def _terms(table: Table) -> bool:
    """Whether a table says something of each name: that is a list here."""
    return [column.kind for column in table.columns] == ["text", "text"]


def _list(page: Page, table: Table, currency: str) -> None:
    for row in table.top(ITEMS):
        name, said = _written(row, table.columns, currency)
        page.say(f"{name}: {said}", 2, mark="- ", most=REASON)
    _rest(page, table, ITEMS)


def _written(row: tuple[Value, ...], heads: tuple[Column, ...], currency: str) -> list[str]:
    """The cells of a row; the heading of the section names the currency."""
    return [shown(value, column.kind, currency, named=False) for value, column in zip(row, heads, strict=True)]


def _strips(page: Page, table: Table, currency: str) -> None:
    """A table, or several with the same first column where it is broad."""
    for k in range(1, len(table.columns), ABREAST):
        if k > 1:
            page.blank()
        places = (0, *range(k, min(k + ABREAST, len(table.columns))))
        heads = tuple(table.columns[place] for place in places)
        rows = [_written(tuple(row[place] for place in places), heads, currency) for row in table.top(ROWS)]
        wide = {place: max(columns(row[place]) for row in rows) for place, head in enumerate(heads) if _left(head)}
        page.table(
            [cut(head.title, HEAD) if head.kind == "amount" else head.title for head in heads],
            rows,
            "".join("l" if _left(head) else "r" for head in heads),
            give=max(wide, key=lambda place: wide[place]),
        )
        _rest(page, table, ROWS)


def _left(column: Column) -> bool:
    return column.kind == "text"


def _bars(page: Page, table: Table, currency: str) -> None:
    """A bar for each row, as long as its second value is large; the last row always stands."""
    first = table.rows[:-1][:ROWS]
    rows = [_written(row, table.columns, currency) for row in (*first, table.rows[-1])]
    values = [row[1] if isinstance(row[1], float) else 0.0 for row in (*first, table.rows[-1])]
    taken = min(30, max(columns(row[0]) for row in rows)) + max(columns(row[1]) for row in rows)
    room = max(1, min(BAR, page.style.width - taken - 6))
    bars = [numbers.bar(value, max(values), room) for value in values]
    page.table(
        [*(column.title for column in table.columns), ""],
        [[*row, bar] for row, bar in zip(rows, bars, strict=True)],
        "lrl",
        give=0,
    )
    _rest(page, table, ROWS + 1, where=" before the last line")
