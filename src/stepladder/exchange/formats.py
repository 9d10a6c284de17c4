"""What a format is, and which there are: ours, and those that other packages bring along as entry points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points

from stepladder.data.problem import unknown
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange.items import Breakdown

#: The group of entry points; each is a ``Format``.
GROUP = "stepladder.formats"


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
    """

    name: str
    title: str
    suffix: str
    write: Callable[[Breakdown], bytes]
    limit: int | None = None


@cache
def formats() -> dict[str, str]:
    """Names of all formats, each with the place from which it is loaded, in alphabetical order."""
    return {entry.name: entry.value for entry in sorted(entry_points(group=GROUP), key=lambda entry: (entry.name, entry.value))}


def find(name: str) -> Format:
    """A format by its name.

    Raises
    ------
    UsageError
        When there is none of that name.
    StepladderError
        When another package's format cannot be loaded.
    """
    if name not in formats():
        raise UsageError(unknown("format", name, formats()))
    entry = next(entry for entry in entry_points(group=GROUP) if entry.name == name and entry.value == formats()[name])
    try:
        found = entry.load()
    except (ImportError, AttributeError) as error:
        raise StepladderError(f"the format {name!r} ({entry.value}) cannot be loaded: {error}") from error
    if not isinstance(found, Format):
        raise StepladderError(f"the format {name!r} ({entry.value}) is no stepladder.exchange.formats.Format")
    return found
