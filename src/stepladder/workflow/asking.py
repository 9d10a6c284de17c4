"""The one door through which a question is read: a scenario, the sheet that it may name, or a problem."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from stepladder.data.load import load
from stepladder.data.question import Question
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.index import Index
from stepladder.workflow.reading import locate


def ask(path: str | Path, scenario: str | None = None, assignments: Sequence[str] = ()) -> Question:
    """Read the question: a file or the name of a shipped scenario, one of its named scenarios, and ``path=value``
    laid over it.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the files.
    UsageError
        When there is no such file.
    """
    return load(locate(path), scenario, assignments, sheets=sheet)


def ask_of(text: str, name: str, scenario: str | None = None, assignments: Sequence[str] = ()) -> Question:
    """The same of what would stand in a file of that name, from whose place other files are looked for."""
    return load(Path(name), scenario, assignments, text, sheets=sheet)


def sheet(path: Path, shown: str, index: Index, scenario: Node) -> tuple[Node, tuple[str, ...]]:
    """What a filled sheet says of the scenario that names it, each value with its cell, and what was taken for granted.

    Raises
    ------
    InvalidInput
        With everything that is wrong, cell by cell.
    """
    # Few scenarios name a sheet, and its readers take their time.
    from stepladder.exchange.intake.reading import assessment_of
    from stepladder.exchange.intake.source import source

    named = scenario.child("teams")
    titles = {name: team.child("title") for name, team in (named.mapping if named else {}).items()}
    teams = {name: str(title.value) if title is not None else name for name, title in titles.items()}
    currency = scenario.child("currency")
    said = str(currency.value) if currency is not None else ""
    read = assessment_of(source(path, shown).sheets, index, shown, teams, said)
    return read.tree, read.notes
