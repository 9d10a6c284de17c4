"""Which files a run reads and which it writes: never one and the same, whatever they are called."""

from __future__ import annotations

import stat
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from pathlib import Path

from stepladder.errors import UsageError

#: A file, whatever it is called: its disk and its number there.
_File = tuple[int, int]


@dataclass
class _Run:
    """By file, the name under which it was read, and under which it is to be written."""

    read: dict[_File, str] = field(default_factory=dict)
    written: dict[_File, str] = field(default_factory=dict)


_RUN: ContextVar[_Run | None] = ContextVar("stepladder_run", default=None)


@contextmanager
def run() -> Iterator[None]:
    """One command, from its first file to its last. Outside of it nothing is noted, and everything may be read and
    written.
    """
    before = _RUN.set(_Run())
    try:
        yield
    finally:
        _RUN.reset(before)


def reads(path: Path, shown: str | None = None) -> None:
    """Note a file that is read, just before that.

    Raises
    ------
    UsageError
        When this run is to write it.
    """
    run, file = _RUN.get(), _file(path)
    if run is None or file is None:
        return
    if file in run.written:
        raise _refused(run.written[file], shown or str(path))
    run.read.setdefault(file, shown or str(path))


def writes(path: Path) -> None:
    """Note a file that is to be written, as soon as that is known and again when it is done.

    Raises
    ------
    UsageError
        When this run has read it, also under another name: through a link, in other letters where those do not matter,
        by another path.
    """
    run, file = _RUN.get(), _file(path)
    if run is None or file is None:
        return
    if file in run.read:
        raise _refused(str(path), run.read[file])
    run.written.setdefault(file, str(path))


def _file(path: Path) -> _File | None:
    """None for what is not there, and for devices and pipes: writing does not take away what was read there."""
    try:
        there = path.stat()
    except (OSError, ValueError):
        return None
    return (there.st_dev, there.st_ino) if stat.S_ISREG(there.st_mode) else None


def _refused(output: str, source: str) -> UsageError:
    same = "" if output == source else f": it is the same file as {source}"
    return UsageError(
        f"{output} is to be written, but this command reads it{same}; nothing was written, name another file"
    )
