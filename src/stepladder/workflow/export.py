"""``export``: a plan as other programs read it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from stepladder.data.formats.base import unknown
from stepladder.data.formats.plan import Plan
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import OURS, Broken, Format, find, formats, usable
from stepladder.exchange.intake.source import source
from stepladder.exchange.items import Breakdown
from stepladder.wording import numbers
from stepladder.workflow.reading import existing


@dataclass(frozen=True)
class Exported:
    """A file's bytes, and what its reader should know."""

    data: bytes
    notes: tuple[str, ...]


def export(
    plan: Plan, to: str, system: str = "", into: str | Path | None = None, year: str = "", locale: str = ""
) -> Exported:
    """Write a verified plan in a format.

    Parameters
    ----------
    plan
        The plan.
    to
        Name of the format.
    system
        What the only system is called, so that its items keep their ids when the scenario gets more systems.

    into
        For a format that is a copy of a file which somebody filled in: that file. It is read, and never written.
    year
        For a format that is a state: the fiscal year at the end of which, by its label; the end of the plan when empty.
    locale
        For a format that people read: in which language where that is complete, how numbers, money and dates are
        written, and on which paper.

    Raises
    ------
    InvalidInput
        When the file that is to be copied is none that the format knows.
    UsageError
        When there is no such format or locale, the plan has no dates, or the format needs what is not installed, or a
        file to copy, or takes none.
    """
    chosen = find(to)
    if locale:
        if not chosen.by_locale:
            raise UsageError(f"the format {to} is for programs, and the same in every country; leave --locale out")
        with numbers.written_as(locale):
            return export(plan, to, system, into, year)
    whole = breakdown(plan, system)
    notes = _too_many(chosen, whole)
    if year:
        whole = _by_the_end(chosen, whole, year)
    if into is not None:
        if chosen.into is None:
            raise UsageError(f"the format {to} is no copy of another file; leave --into out")
        return Exported(chosen.into(whole, source(existing(into), str(into))), notes)
    return Exported(_written(chosen, whole), (*notes, *chosen.remarks(whole)))


def _too_many(chosen: Format, whole: Breakdown) -> tuple[str, ...]:
    """That a reader takes less at a time; nothing where it takes all."""
    rows = len(whole.items) + len(whole.milestones) + len(whole.phases)
    if chosen.limit is None or rows <= chosen.limit:
        return ()
    said = f"{chosen.title} takes {chosen.limit:,} rows at a time, and there are {rows:,}"
    return (f"{said}; import the file in parts, header included",)


def _by_the_end(chosen: Format, whole: Breakdown, year: str) -> Breakdown:
    if not chosen.by_year:
        raise UsageError(f"the format {chosen.name} is no state at the end of a year; leave --year out")
    phases = {phase.title: phase for phase in whole.phases}
    if year not in phases:
        raise UsageError(unknown("year", year, phases))
    return whole.until(phases[year])


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
