"""``history``: the versions of one roadmap, from their files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from stepladder.analysis import history as room
from stepladder.analysis.history import History
from stepladder.analysis.versions import Named
from stepladder.data.formats import scenario
from stepladder.data.kinds import format_of
from stepladder.errors import InvalidInput, NotVerified, UsageError
from stepladder.workflow.reading import existing, is_folder, is_plan
from stepladder.workflow.show import show

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan

#: Files of a folder that a note names; of more it says how many.
NAMED = 20


def history(sources: Sequence[str | Path], records: Sequence[Named] = ()) -> History:
    """Read plans, verify each, and put the versions of the roadmap in order.

    Parameters
    ----------
    sources
        Plans, and folders that hold some. What of a folder is no plan, and assessments, which have no date, are left
        out and named in a note.
    records
        Verified plans that are there already, each with a name.

    Raises
    ------
    InvalidInput, NotVerified
        When a plan is wrong; its file is named.
    UsageError
        When there is no plan, or they are no versions of one roadmap; both files are named.
    """
    paths, notes = _files(sources)
    if not paths and not records:
        where = f" in {_listed(map(str, sources))}" if sources else ""
        raise UsageError(f"there is no plan{where}; name the plans of a roadmap, or the folder that holds them")
    return room.history([*((str(path), _verified(path)) for path in paths), *records], notes)


def plot(versions: History, picture: Literal["svg", "png"] = "svg", locale: str = "en") -> bytes:
    """Draw loss and money of the versions against what the first one planned.

    Raises
    ------
    UsageError
        When there is no such locale.
    """
    from stepladder.output.histories import chart
    from stepladder.output.report import drawing
    from stepladder.wording import numbers

    with numbers.written_as(locale):
        drawn = chart(versions)
        return drawing.svg(drawn).encode() if picture == "svg" else drawing.png(drawn)


def _files(sources: Sequence[str | Path]) -> tuple[list[Path], list[str]]:
    """The plans that are named, each file once, and what is to be said of the others."""
    paths: list[Path] = []
    notes: list[str] = []
    for source in sources:
        if is_folder(source):
            inside, remarks = _inside(Path(source))
            paths += inside
            notes += remarks
        elif _undated(existing(source)):
            notes.append(_without_date([str(source)]))
        else:
            paths.append(existing(source))
    return list({path.resolve(): path for path in reversed(paths)}.values())[::-1], notes


def _inside(folder: Path) -> tuple[list[Path], list[str]]:
    entries = sorted(folder.iterdir())
    plans = [path for path in entries if is_plan(path)]
    undated = [path for path in entries if path not in plans and path.is_file() and _undated(path, strict=False)]
    others = [path for path in entries if path not in plans and path not in undated]
    return plans, [*_left_out(folder, others), *([_without_date([path.name for path in undated])] if undated else [])]


def _left_out(folder: Path, others: Sequence[Path]) -> Iterator[str]:
    if others:
        yield f"Left out of {folder}, as no plan in a file named .json: {_listed(path.name for path in others)}."


def _without_date(names: Sequence[str]) -> str:
    which = "is an assessment" if len(names) == 1 else "are assessments"
    return f"{_listed(names)} {which}: nothing in it says when it was made, so it has no place here and is left out."


def _listed(names: Iterable[str]) -> str:
    every = list(names)
    more = [f"{len(every) - NAMED:,} more"] if len(every) > NAMED else []
    return ", ".join([*every[:NAMED], *more])


def _undated(path: Path, *, strict: bool = True) -> bool:
    """Whether a file says that it is a scenario; what says nothing, where that is an error, is said of a named file."""
    try:
        return format_of(path) == scenario.FORMAT
    except InvalidInput:
        if strict:
            raise
        return False


def _verified(path: Path) -> Plan:
    try:
        return show(path)
    except NotVerified as error:
        raise NotVerified(fault._replace(message=f"{fault.message} (in {path})") for fault in error.faults) from None
