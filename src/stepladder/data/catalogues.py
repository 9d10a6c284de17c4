"""A catalogue's file, checked whole."""

from __future__ import annotations

from pathlib import Path

from stepladder.data.formats.catalogue import Catalogue
from stepladder.data.formats.money import digits
from stepladder.data.reading.tree import Node
from stepladder.data.reading.validate import load_located
from stepladder.data.resolving import amounts, conditions, effects
from stepladder.data.resolving import index as indexing
from stepladder.errors import InvalidInput


def load_catalogue(
    path: Path, shown: str | None = None, currency: str = "", text: str | None = None
) -> tuple[indexing.Index, Node]:
    """Read a catalogue and check it whole. It names no currency: its money may be as fine as most have it, and as
    the one that it is read for.
    """
    catalogue, root = load_located(Catalogue, path, shown or str(path), "catalogue", text)
    index = indexing.build(catalogue)
    issues = [
        *indexing.problems(index, root),
        *(
            issue
            for name, threat in catalogue.threats.items()
            for issue in effects.checked(index, threat.reduced_by, root, ("threats", name, "reduced_by"))
        ),
        *conditions.problems(index, catalogue.achievements, (), root),
        *conditions.choices(index, root),
        *amounts.issues(Catalogue, root, currency if digits(currency) > digits("") else ""),
    ]
    if issues:
        raise InvalidInput(issues)
    return index, root
