"""What a function of the package comes to: its record, which also reads well in a terminal and in a notebook, and as
tables.
"""

from __future__ import annotations

import html
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from stepladder.errors import UsageError

if TYPE_CHECKING:
    from stepladder.output.tables import Frame

T = TypeVar("T")


@dataclass(frozen=True, repr=False)
class Answer(Generic[T]):
    """A result; what it does not have itself is its record's.

    Attributes
    ----------
    record
        The frozen record of the package.
    text
        Makes what the command prints.
    json
        Makes what it prints with ``--json``.
    tables
        Each makes one table, by name.
    """

    record: T
    text: Callable[[], str]
    json: Callable[[], str]
    tables: Mapping[str, Callable[[], Frame]] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return getattr(self.record, name)

    def __str__(self) -> str:
        """What the command prints."""
        return self.text()

    def __repr__(self) -> str:
        """One line, for lists of them."""
        first = next((line.strip() for line in self.text().splitlines() if line.strip()), "")
        return f"<{type(self.record).__name__}: {first}>"

    def _repr_html_(self) -> str:
        """For notebooks: the first table, if there is one, beneath the headline; else the text."""
        if not self.tables:
            return f"<pre>{html.escape(self.text())}</pre>"
        lead = self.text().strip().split("\n\n")[0]
        return f"<p>{html.escape(lead)}</p>{next(iter(self.tables.values()))().to_html(index=False, na_rep='')}"

    def to_pandas(self, table: str | None = None) -> Frame:
        """A table.

        Parameters
        ----------
        table
            Its name; the first of ``tables`` when left out.

        Raises
        ------
        UsageError
            When there is no such table.
        """
        if not self.tables:
            raise UsageError(f"{type(self.record).__name__} has no tables; str() gives it as text, json() for programs")
        chosen = next(iter(self.tables)) if table is None else table
        if chosen not in self.tables:
            raise UsageError(f"no table {chosen!r}; there are {', '.join(self.tables)}")
        return self.tables[chosen]()
