"""``export``: a plan as other programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stepladder.data.formats.plan import Plan
from stepladder.errors import StepladderError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import OURS, Broken, Format, find, formats, usable
from stepladder.exchange.items import Breakdown


@dataclass(frozen=True)
class Exported:
    """A file's bytes, and what its reader should know."""

    data: bytes
    notes: tuple[str, ...]


def export(plan: Plan, to: str, system: str = "") -> Exported:
    """Write a verified plan in a format.

    Parameters
    ----------
    plan
        The plan.
    to
        Name of the format.
    system
        What the only system is called, so that its items keep their ids when the scenario gets more systems.

    Raises
    ------
    UsageError
        When there is no such format, the plan has no dates, or the format needs what is not installed.
    """
    chosen = find(to)
    whole = breakdown(plan, system)
    rows = len(whole.items) + len(whole.milestones) + len(whole.phases)
    notes: tuple[str, ...] = ()
    if chosen.limit is not None and rows > chosen.limit:
        notes = (
            (
                f"{chosen.title} takes {chosen.limit:,} rows at a time, and there are {rows:,}; import the file in"
                " parts, header included"
            ),
        )
    return Exported(_written(chosen, whole), (*notes, *chosen.remarks(whole)))


def _written(chosen: Format, whole: Breakdown) -> bytes:
    """A format's bytes; another package's format is not trusted to give any."""
    if formats()[chosen.name].startswith(OURS):
        return chosen.write(whole)
    try:
        data = chosen.write(whole)
    except StepladderError:
        raise
    except Exception as error:
        # Whatever another package's code does while it writes.
        raise StepladderError(
            f"the format {chosen.name!r} ({formats()[chosen.name]}) failed: {type(error).__name__}: {error}"
        ) from error
    if not isinstance(data, bytes):
        raise StepladderError(
            f"the format {chosen.name!r} ({formats()[chosen.name]}) gave no bytes; nothing was written"
        )
    return data


def named(path: Path) -> str | None:
    """The format that a file's name means: the one that is called like its suffix, or the first that has it."""
    suffix = path.suffix.lower()
    if suffix.removeprefix(".") in formats():
        return suffix.removeprefix(".")
    return next((entry.name for entry in usable()[0] if entry.suffix == suffix), None)


def listed() -> tuple[list[Format], list[Broken]]:
    """All formats by name, and those of other packages that cannot be used."""
    return usable()
