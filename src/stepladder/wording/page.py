"""A page of text: headings, paragraphs and aligned rows that never exceed its width, in colour or not."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stepladder.wording.text import clean, columns, cut, pad, wrap

_CODES = {"bold": "1", "dim": "2", "good": "32", "warn": "33", "bad": "31", "heading": "1;36"}


@dataclass(frozen=True)
class Style:
    """How a page looks.

    Attributes
    ----------
    width
        Columns that no line exceeds.
    colour
        Whether the reader's terminal shows colour.
    """

    width: int = 80
    colour: bool = False

    def paint(self, text: str, kind: str) -> str:
        """The text in the colour of its kind (bold, dim, good, warn, bad, heading), or plain."""
        return f"\x1b[{_CODES[kind]}m{text}\x1b[0m" if self.colour and kind and text else text


@dataclass
class Page:
    """Lines, from top to bottom."""

    style: Style = Style()
    lines: list[str] = field(default_factory=list)

    def blank(self) -> None:
        """One empty line, never two, and none at the top."""
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def heading(self, text: str) -> None:
        """A section's title, with air around it."""
        self.blank()
        for line in wrap(clean(text), self.style.width):
            self.lines.append(self.style.paint(line, "heading"))

    def say(self, text: str, indent: int = 0, *, mark: str = "", kind: str = "", most: int = 0) -> None:
        """A paragraph, wrapped.

        Parameters
        ----------
        text
            What to say.
        indent
            Columns left free.
        mark
            What the first line begins with, such as ``- ``; the others stand below its text.
        kind
            Its colour.
        most
            At most so many lines, the last one cut with ``…``; 0 for all.
        """
        first = " " * indent + mark
        lines = wrap(clean(text), self.style.width, first, " " * columns(first))
        if most and len(lines) > most:
            lines = [*lines[: most - 1], cut(lines[most - 1] + " …", self.style.width)]
        self.lines += [self.style.paint(cut(line, self.style.width), kind) for line in lines]

    def table(
        self, head: Sequence[str], rows: Sequence[Sequence[str]], align: str, *, give: int = 0, indent: int = 2
    ) -> None:
        """Aligned columns.

        Parameters
        ----------
        head
            Titles of the columns.
        rows
            Cells.
        align
            ``l`` or ``r`` for each column.
        give
            The column that is cut when the table is too wide. When that is not enough, each row becomes a paragraph.
        """
        cells = [[clean(cell) for cell in row] for row in (head, *rows)]
        widths = [max(columns(row[k]) for row in cells) for k in range(len(head))]
        spare = self.style.width - indent - 2 * (len(head) - 1) - sum(widths)
        if spare < 0:
            widths[give] += spare
        if widths[give] < min(8, max(columns(row[give]) for row in cells)):
            for row in cells[1:]:
                self.say(
                    "; ".join(
                        f"{title}: {cell}" if title else cell for title, cell in zip(cells[0], row, strict=True) if cell
                    ),
                    indent,
                    mark="- ",
                )
            return
        for k, row in enumerate(cells):
            line = "  ".join(
                pad(cell, width, right=side == "r") for cell, width, side in zip(row, widths, align, strict=True)
            )
            self.lines.append(self.style.paint(" " * indent + line.rstrip(), "" if k else "dim"))

    def text(self) -> str:
        """The whole page, ending in a line break."""
        return "\n".join(self.lines).strip("\n") + "\n"
