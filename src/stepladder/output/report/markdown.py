"""The report in Markdown, for wikis and pull requests; charts are tables there, and the roadmap a diagram."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from stepladder.output.report.cells import Value, ValueKind, shown
from stepladder.output.report.document import (
    ITEMS,
    ROWS,
    Block,
    Cards,
    Chart,
    Document,
    Heat,
    Item,
    Items,
    Phases,
    Table,
    Tile,
    WhatIf,
)
from stepladder.wording import marks, numbers
from stepladder.wording.language import _

Write = Callable[[Value, ValueKind], str]


def markdown(document: Document, diagram: str = "") -> str:
    """The document; ``diagram`` is the roadmap in Mermaid."""

    def write(value: Value, kind: ValueKind) -> str:
        """A value as Markdown in the document's currency."""
        return marks.markdown(shown(value, kind, document.currency))

    lines = [f"# {marks.markdown(document.title)}", "", marks.markdown(document.subtitle)]
    for section in document.sections:
        lines += ["", f"## {marks.markdown(section.title)}"]
        for block in section.whole:
            lines += ["", *_block(block, write)]
            if isinstance(block, Chart) and block.name == "roadmap" and diagram:
                lines += ["", "```mermaid", diagram.rstrip("\n"), "```"]
    lines += ["", _("Made with {programs}.", programs=marks.markdown(document.made_with))]
    return "\n".join(lines) + "\n"


def _block(block: Block, write: Write) -> Iterator[str]:
    if isinstance(block, str):
        yield write(block, "text")
    elif isinstance(block, Table):
        yield from _table(block, write)
    elif isinstance(block, Chart):
        yield f"**{write(block.title, 'text')}**: {write(block.words, 'text')} {write(block.key, 'text')}".rstrip()
        yield ""
        for table in block.tables:
            yield from _table(table, write)
        if isinstance(block.drawing, Heat):
            yield from _heat(block.drawing, write)
    elif isinstance(block, WhatIf):
        yield _("{plans}, by budget:", plans=numbers.count(len(block.choices), "verified plan"))
    elif isinstance(block, Items):
        yield from (_entry(entry, write) for entry in block.items[:ITEMS])
        yield from _more(block, ITEMS, write)
    elif isinstance(block, Phases):
        yield from _phases(block, write)
    elif isinstance(block, Cards):
        for card in block.cards:
            yield from (f"### {write(card.title, 'text')}", "")
            for part in card.blocks:
                yield from (*_block(part, write), "")
    else:
        yield from (_entry(entry, write) for entry in block)


def _phases(held: Phases, write: Write) -> Iterator[str]:
    """Where there are few steps; more than that are in the table alone."""
    years = ["", *(phase.year for phase in held.phases)]
    for phase, before in zip(held.phases if held.few else (), years, strict=False):
        yield from (f"### {write(phase.year, 'text')}", "") if phase.year != before else ()
        yield f"**{write(phase.title, 'text')}**"
        for group in phase.groups:
            yield from ("", write(group.title, "text")) if group.title else ()
            yield from ("", *(_entry(item, write) for item in group.steps.items))
        yield from [""] if phase is not held.phases[-1] else ()


def _entry(entry: Item | Tile, write: Write) -> str:
    if isinstance(entry, Tile):
        return (
            f"- {write(entry.name, 'text')}: **{write(entry.value, entry.kind)}** {write(entry.unit, 'text')}".rstrip()
        )
    text = f"{write(entry.text, 'text')} {write(entry.reason, 'text')}".rstrip()
    return f"- **{write(entry.title, 'text')}** {text}" if entry.title else f"- {text}"


def _row(cells: Iterator[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _table(table: Table, write: Write) -> Iterator[str]:
    yield _row(write(column.title, "text") for column in table.columns)
    yield _row("---" if column.kind == "text" else "---:" for column in table.columns)
    for row in table.rows[:ROWS]:
        yield _row(write(value, column.kind) for value, column in zip(row, table.columns, strict=True))
    yield from _more(table, ROWS, write)


def _more(held: Table | Items, most: int, write: Write) -> Iterator[str]:
    if held.more(most):
        yield from ("", write(held.more(most), "text"))


def _heat(heat: Heat, write: Write) -> Iterator[str]:
    spans = [name for name, count in heat.spans for _column in range(count)] or [""] * len(heat.columns)
    yield _row(
        iter(["", *(write(f"{span} {name}".strip(), "text") for span, name in zip(spans, heat.columns, strict=True))])
    )
    yield _row(iter(["---", *["---:"] * len(heat.columns)]))
    for group, name, values in heat.rows:
        yield _row(
            iter(
                [
                    write(f"{group}: {name}" if group else name, "text"),
                    *("" if value is None else numbers.whole(value) for value in values),
                ]
            )
        )
    yield ""
    for line in heat.key:
        yield f"- {write(line, 'text')}"
