"""The document as text for a terminal: the short form of each section, without pictures, in lines that fit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby

from stepladder.output.report.cells import Value, shown
from stepladder.output.report.document import (
    DETAILED,
    Block,
    Card,
    Cards,
    Chart,
    Column,
    Columns,
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
from stepladder.output.report.phases import NAMED
from stepladder.wording import numbers
from stepladder.wording.language import _, mark
from stepladder.wording.page import Page, Style
from stepladder.wording.text import columns, cut, shortened

#: Rows of a table and entries of a list; the rest is said to be elsewhere.
ROWS, ITEMS = 36, 30
#: Columns beside the first that stand in one table, columns of a heading above person-days, and of a bar.
ABREAST, HEAD, BAR = 3, 20, 40
#: Of more than ``DETAILED`` steps, lines for a period; with more systems in it than this, a line for each, with so much
#: of its name.
STARTS, HEADED, NAME = NAMED, 4, 30
#: Entries of a card, and lines of each.
CARD, LINES = 2, 2
#: Where all of a short page is.
WHOLE = mark("All of it, with every step: --full. A page for the board: stepladder report.")
#: What is promised to somebody, and what to find out first, is shown whole, however much of it there is.
KEPT = ("milestone", "cap", "question")
#: Lines of an entry's title, of a title with a reason, and of an entry.
TITLE, REASON, ENTRY = 3, 3, 12
#: Where all of them are that are left out here.
ELSEWHERE = {noun: f"show --csv {noun}s" for noun in ("step", "period", "threat")}


def text(document: Document, style: Style, *, short: bool = False) -> str:
    """The document; its first section stands below the title, without a heading of its own. A short one says at its end
    where all of it is.
    """
    page = Page(style)
    page.say(document.title, kind="bold", most=2)
    page.blank()
    page.say(document.subtitle)
    for k, section in enumerate(document.sections):
        _section(page, section, document.currency, headed=k > 0)
    if short:
        page.blank()
        page.say(_(WHOLE), kind="dim")
    return page.text()


def _section(page: Page, section: Section, currency: str, *, headed: bool) -> None:
    parts = [part for block in section.blocks for part in _parts(block)]
    if headed:
        money = currency and any(column.kind == "money" for part in parts for column in _columns(part))
        page.heading(section.title.upper() + (f" ({currency})" if money else ""))
    for k, part in enumerate(parts):
        before, after = parts[max(0, k - 1)], parts[min(len(parts) - 1, k + 1)]
        leads = isinstance(part, str) and not isinstance(after, str | Cards)
        if leads or (k and not isinstance(part, str) and not isinstance(before, str)):
            page.blank()
        if isinstance(part, str):
            page.say(part, 2 if leads else 0)
        else:
            _part(page, part, currency)


def _parts(block: Block) -> tuple[Block, ...]:
    """What of a block stands here: of the charts the bars, and the tables of those whose figures nothing else says; no
    figures that stand for themselves, which the sentences say.
    """
    if isinstance(block, tuple):
        return ()
    if not isinstance(block, Chart) or isinstance(block.drawing, Fall):
        return (block,)
    return block.tables if isinstance(block.drawing, Columns | Pairs) else ()


def _columns(part: Block) -> tuple[Column, ...]:
    return part.tables[0].columns if isinstance(part, Chart) else part.columns if isinstance(part, Table) else ()


def _part(page: Page, part: Block, currency: str) -> None:
    if isinstance(part, Items):
        _items(page, part)
    elif isinstance(part, Phases):
        _phases(page, part)
    elif isinstance(part, Cards):
        for card in part.cards:
            _card(page, card, currency)
    elif isinstance(part, Chart):
        _bars(page, part.tables[0], currency)
    elif isinstance(part, Table):
        (_list if [column.kind for column in part.columns] in (["text"], ["text", "text"]) else _strips)(
            page, part, currency
        )


def _card(page: Page, card: Card, currency: str) -> None:
    money = currency and any(column.kind == "money" for block in card.blocks for column in _columns(block))
    page.heading(card.title.upper() + (f" ({currency})" if money else ""))
    for together, blocks in groupby(card.blocks, key=lambda block: isinstance(block, str)):
        if together:
            page.say(" ".join(block for block in blocks if isinstance(block, str)))
            continue
        for block in blocks:
            _in_card(page, block, currency)


def _in_card(page: Page, block: Block, currency: str) -> None:
    if isinstance(block, Items):
        whole = block.noun in KEPT
        most = len(block.items) if whole else CARD
        for item in block.items[:most]:
            said = " ".join(filter(None, (f"{item.title}:" if item.title else "", item.text)))
            page.say(said, 2, mark="- ", most=ENTRY if whole else LINES)
        _rest(page, block, most)
    else:
        _part(page, block, currency)


def _rest(page: Page, held: Table | Items, most: int, indent: int = 2) -> None:
    if held.more(most):
        page.say(f"{held.more(most)} ({_elsewhere(held)})", indent)


def _elsewhere(held: Table | Items) -> str:
    return ELSEWHERE.get(held.noun, "--json")


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
        name, first = shortened(group.title, NAME) or _("For all"), group.steps.items[0]
        page.say(f"{name}: {group.brief}: {first.title}{', …' if group.steps.count > 1 else ''}", 4, mark="- ", most=1)
    rest = [group.steps.count for group in groups[STARTS:]]
    if rest:
        others = numbers.count(sum(rest), "step")
        page.say(_("… and {steps} in {systems}", steps=others, systems=numbers.count(len(rest), "more system")), 4)
    page.say(_("(every step: {where})", where=ELSEWHERE["step"]), 4, kind="dim")


# -- tables ------------------------------------------------------------------------------------------------------------


def _list(page: Page, table: Table, currency: str) -> None:
    """What a table says of each name."""
    for row in table.rows[:ITEMS]:
        page.say(": ".join(_written(row, table.columns, currency)), 2, mark="- ", most=REASON)
    _rest(page, table, ITEMS)


def _written(row: Iterable[Value], heads: Iterable[Column], currency: str) -> list[str]:
    """The cells of a row; the heading of the section names the currency."""
    return [shown(value, column.kind, currency, named=False) for value, column in zip(row, heads, strict=True)]


def _strips(page: Page, table: Table, currency: str) -> None:
    """The short form of a table, or several with the same first column where it is broad."""
    first, *others = (k for k, column in enumerate(table.columns) if not column.detail)
    abreast = len(others) if _fits(page, table, [first, *others], currency) else ABREAST
    for begin in range(0, len(others), abreast or 1):
        if begin:
            page.blank()
        places = (first, *others[begin : begin + abreast])
        heads = [table.columns[k] for k in places]
        rows = [_written([row[k] for k in places], heads, currency) for row in table.rows[:ROWS]]
        texts = [k for k, head in enumerate(heads) if head.kind == "text"]
        page.table(
            [cut(head.title, HEAD) if head.kind == "amount" else head.title for head in heads],
            rows,
            "".join("l" if head.kind == "text" else "r" for head in heads),
            give=max(texts, key=lambda k: max(columns(row[k]) for row in rows)),
        )
        _rest(page, table, ROWS)


def _fits(page: Page, table: Table, places: Sequence[int], currency: str) -> bool:
    """Whether all of these columns have room beside each other."""
    heads = [table.columns[k] for k in places]
    rows = [
        [head.title for head in heads],
        *(_written([row[k] for k in places], heads, currency) for row in table.rows[:ROWS]),
    ]
    return sum(2 + max(columns(row[k]) for row in rows) for k in range(len(places))) <= page.style.width


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
    more = table.more(ROWS + 1)
    if more:
        page.say(_("{more} before the last line ({where})", more=more, where=_elsewhere(table)), 2)
