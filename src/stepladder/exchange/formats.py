"""What a format is, and which there are: ours, and those that other packages bring along as entry points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

from stepladder.data.formats.base import unknown
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange.intake.source import Source
from stepladder.exchange.items import Breakdown

#: The group of entry points; each is a ``Format``.
GROUP = "stepladder.formats"
#: How the places of our own begin; no other package's format takes the name of one of them.
OURS = "stepladder.exchange.exporters."


def _no_remarks(plan: Breakdown) -> tuple[str, ...]:
    del plan
    return ()


@dataclass(frozen=True)
class Format:
    """One way to write a work breakdown down.

    Attributes
    ----------
    name
        What ``--to`` calls it.
    title
        Which program reads it, in a few words.
    suffix
        Of its files, with the dot.
    write
        From a work breakdown to the bytes of a file; the same bytes for the same work breakdown.
    limit
        So many rows at most its reader takes; None where there is no such limit.
    remarks
        What somebody who has the file should know of it: what its reader's limits left out.
    into
        For a format that is a copy of a file which somebody filled in: from the work breakdown and that file to the
        bytes of the copy.
    by_year
        Whether it is a state at the end of the plan, and can be that at the end of a fiscal year.
    by_locale
        Whether people read it, so that words, numbers, money, dates and paper can be their country's own. What programs
        read has the same names in every language.
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Breakdown], bytes]
    limit: int | None = None
    remarks: Callable[[Breakdown], tuple[str, ...]] = _no_remarks
    into: Callable[[Breakdown, Source], bytes] | None = None
    by_year: bool = False
    by_locale: bool = False


class Broken(NamedTuple):
    """Another package's format that cannot be used: its name, where it comes from, and why."""

    name: str
    value: str
    reason: str


@cache
def entries() -> tuple[dict[str, EntryPoint], tuple[Broken, ...]]:
    """Entry points by name, and those that are passed over: a name is given once, and ours come first."""
    ordered = sorted(
        entry_points(group=GROUP), key=lambda entry: (not entry.value.startswith(OURS), entry.name, entry.value)
    )
    chosen: dict[str, EntryPoint] = {}
    passed: dict[tuple[str, str], Broken] = {}
    for entry in ordered:
        first = chosen.setdefault(entry.name, entry)
        if first.value != entry.value:
            passed[entry.name, entry.value] = Broken(entry.name, entry.value, f"{first.value} has this name already")
    return dict(sorted(chosen.items())), tuple(passed.values())


def formats() -> dict[str, str]:
    """Names of all formats, each with the place from which it is loaded, in alphabetical order."""
    return {name: entry.value for name, entry in entries()[0].items()}


def find(name: str) -> Format:
    """A format by its name.

    Raises
    ------
    UsageError
        When there is none of that name.
    StepladderError
        When another package's format cannot be loaded.
    """
    entry = entries()[0].get(name)
    if entry is None:
        raise UsageError(unknown("format", name, formats()))
    try:
        exporter = entry.load()
    except Exception as error:
        # Whatever another package's code does while it is imported.
        raise StepladderError(
            f"the format {name!r} ({entry.value}) cannot be loaded: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(exporter, Format) or exporter.name != name:
        raise StepladderError(
            f"the format {name!r} ({entry.value}) is no stepladder.exchange.formats.Format of that name"
        )
    return exporter


def usable() -> tuple[list[Format], list[Broken]]:
    """All formats that can be loaded, by name; and those that cannot, or whose name another one has."""
    loaded, broken = [], list(entries()[1])
    for name, value in formats().items():
        try:
            loaded.append(find(name))
        except StepladderError as error:
            broken.append(Broken(name, value, str(error)))
    return loaded, broken
