"""A file that somebody holds, as what it is: found by what is in it, never by how its name ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from stepladder.data.reading import sources
from stepladder.data.reading.foreign import trees
from stepladder.data.reading.text import decoded
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake.cells import Sheet, table_of, workbook
from stepladder.exchange.intake.marks import OLD_WORKBOOK, marks

#: Larger files are no assessments.
MOST = 50_000_000
#: How a packed file begins.
_ZIP = b"PK\x03\x04"


@dataclass(frozen=True)
class Source:
    """One file: what it is called, and its bytes.

    What is wrong with its form is said when it is looked at: each view raises InvalidInput with the place.
    """

    path: str
    data: bytes

    @property
    def tables(self) -> bool:
        """Whether it has cells: a workbook, or lines of CSV."""
        return self.packed or (not self.nested and self._lines_of_cells)

    @property
    def packed(self) -> bool:
        """Whether it is a workbook, or an old or locked one."""
        return self.data[:4] == _ZIP or self.data[:8] == OLD_WORKBOOK

    @property
    def nested(self) -> bool:
        """Whether it is JSON."""
        return not self.packed and self.text.lstrip()[:1] in ("{", "[")

    @property
    def _lines_of_cells(self) -> bool:
        """Whether the first line that says anything is one of CSV: YAML's ends a word with a colon, or is a comment."""
        first = next((line.lstrip() for line in self.text.splitlines() if line.strip()), "")
        return not first.startswith(("#", "---", "- ", "<")) and ": " not in first and not first.rstrip().endswith(":")

    @cached_property
    def text(self) -> str:
        """The text of a file that is no workbook."""
        return decoded(self.data, self.path)

    @cached_property
    def sheets(self) -> Mapping[str, Sheet]:
        """The sheets of a workbook by name; of CSV the one that it is. Whoever reads a cell looks at its ``fault``."""
        if self.packed:
            return workbook(self.path, self.data, marks(self.path, self.data))
        sheet = table_of(self.path, self.text)
        return {sheet.name: sheet}

    @cached_property
    def trees(self) -> tuple[Node, ...]:
        """The documents of YAML or JSON: in YAML every value is text, or None where nothing stands."""
        if self.text.lstrip()[:1] == "<":
            message = "this is XML or HTML, which is not read; export it as JSON, as CSV or as a workbook"
            raise InvalidInput([Issue(Location(self.path), "SL002", message)])
        return trees(self.text, self.path)

    @property
    def tree(self) -> Node:
        """The first document that is there; an empty one where none is."""
        return self.trees[0] if self.trees else Node({}, Location(self.path))


def source(path: Path, shown: str) -> Source:
    """A file on the disk, noted as read.

    Raises
    ------
    InvalidInput
        When it is empty, or larger than any assessment.
    """
    sources.reads(path)
    size = path.stat().st_size
    if not 0 < size <= MOST:
        wrong = "it is empty" if size == 0 else f"it has more than {MOST:,} bytes; that is no assessment"
        raise InvalidInput([Issue(Location(shown), "SL001", wrong)])
    return Source(shown, path.read_bytes())
