"""The report as one HTML file: no network, no script but for tables that sort and a slider where there is a frontier,
nothing that a strict policy would stop.
"""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from stepladder.output.report import drawing
from stepladder.output.report.cells import Value, ValueKind, shade, shown, sorting
from stepladder.output.report.document import ITEMS, ROWS, Block, Cards, Chart, Document, Table, WhatIf
from stepladder.wording import numbers
from stepladder.wording.language import _, spoken
from stepladder.wording.text import ISOLATE, ISOLATED

if TYPE_CHECKING:
    from jinja2 import Template
    from markupsafe import Markup

PAGE = Path(__file__).parent / "page"
#: Tables of so many rows can be sorted and filtered.
SORTABLE = 8


def html(document: Document, *, paper: bool = False) -> str:
    """The page.

    Parameters
    ----------
    document
        What it says; numbers are written as ``numbers.written_as`` says while this runs.
    paper
        For a printer that knows neither scripts nor a reader's choice of colours.
    """
    from markupsafe import Markup

    seen = Counter(section.title for section in document.sections)

    def unique(text: str) -> str:
        """A name that no other region of the page has."""
        seen[text] += 1
        return text if seen[text] == 1 else f"{text} ({seen[text]})"

    def written(value: Value, kind: ValueKind) -> str:
        """A value as text in the document's currency."""
        return shown(value, kind, document.currency)

    def drawn(chart: Chart) -> Markup:
        """A chart as SVG inside the page."""
        # Made by a library that escapes every text in it.
        return Markup(drawing.svg(chart, inline=True, named=not paper))

    script = "" if paper else "".join((PAGE / name).read_text(encoding="utf-8") for name in _scripts(document))
    return _template().render(
        document=document,
        language=spoken(),
        rows=ROWS,
        items=ITEMS,
        shown=written,
        whole=numbers.whole,
        shade=shade,
        sorts=sorting,
        sortable=SORTABLE,
        svg=drawn,
        unique=unique,
        kind=lambda block: type(block).__name__,
        style=Markup((PAGE / "style.css").read_text(encoding="utf-8")),
        script=Markup(script),
        policy=policy(script),
    )


def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(PAGE), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["bdi"], environment.globals["_"] = isolating, _
    return environment.get_template("page.html.j2")


def _scripts(document: Document) -> Iterator[str]:
    """The scripts that a page is for."""
    blocks = [block for section in document.sections for block in section.whole]
    if any(isinstance(block, WhatIf) for block in blocks):
        yield "slider.js"
    if any(len(table.rows) >= SORTABLE for block in blocks for table in _tables(block)):
        yield "tables.js"


def _tables(block: Block) -> Iterator[Table]:
    if isinstance(block, Table):
        yield block
    elif isinstance(block, Chart):
        yield from block.tables
    elif isinstance(block, Cards):
        yield from (part for card in block.cards for part in card.blocks if isinstance(part, Table))


def isolating(text: str) -> Markup:
    """Text of a page, escaped; what is isolated in it is so by an element, which every browser and screen reader
    knows.
    """
    from markupsafe import Markup, escape

    # Ends in step with beginnings: cleaned text has no other.
    return Markup(str(escape(text)).replace(ISOLATE, "<bdi>").replace(ISOLATED, "</bdi>"))


def policy(script: str) -> str:
    """What the page may do: nothing but show itself, and run this one script."""
    content = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"
    if not script:
        return content
    return f"{content}; script-src 'sha256-{base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()}'"
