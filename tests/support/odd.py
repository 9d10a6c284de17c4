"""Names and files that nobody should give a program, and that somebody will."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

_SCENARIO, _PROBLEM = (
    "format: stepladder-scenario/1\n",
    '{"format": "stepladder-problem/1", "periods": [], "steps": []}',
)


def _link(to: str) -> Callable[[Path], None]:
    return lambda path: path.symlink_to(to)


def _bytes(content: bytes) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(content)


def _endless(path: Path) -> None:
    with path.open("wb") as file:
        # A file with a hole, as large as none of ours may be; it takes no room on the disk.
        file.truncate(20_000_000_000)


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _circle(path: Path) -> None:
    path.symlink_to(path.with_name(f"back_{path.name}"))
    path.with_name(f"back_{path.name}").symlink_to(path)


#: By what is odd about it: how it is made, and what is said of it, where that does not depend on who reads it.
ODD: dict[str, tuple[Callable[[Path], object], str]] = {
    "missing": (lambda _: None, "no file"),
    "dangling": (_link("nowhere"), "the file that it links to is missing"),
    "circle": (_circle, "its links lead in a circle"),
    "folder": (Path.mkdir, ""),
    "pipe": (_pipe, "it is a device or a pipe"),
    "zero": (_link("/dev/zero"), "it is a device or a pipe"),
    "null": (_link("/dev/null"), "it is a device or a pipe"),
    "stdin": (_link("/dev/stdin"), "it is a device or a pipe"),
    "huge": (_endless, ""),
    "brackets": (_bytes(b"[" * 200_000), ""),
    "braces": (_bytes(b'{"a":' * 200_000), ""),
    "deep": (_bytes(b"[" * 500 + b"]" * 500), ""),
    "nested": (_bytes(b'{"format": "stepladder-plan/1", "problem": ' + b'{"a":' * 90 + b"1" + b"}" * 91), ""),
    "empty": (_bytes(b""), ""),
    "latin": (_bytes("title: Mühle".encode("latin-1")), ""),
    "utf_16": (_bytes(_SCENARIO.encode("utf-16")), ""),
    "utf_16_le": (_bytes(_PROBLEM.encode("utf-16-le")), ""),
    "utf_16_be": (_bytes(_SCENARIO.encode("utf-16-be")), ""),
    "utf_32": (_bytes(_PROBLEM.encode("utf-32")), ""),
    "mark": (_bytes(b"\xef\xbb\xbf" + _PROBLEM.encode()), ""),
    "nul": (_bytes(b"\x00" * 100), ""),
    "escaped_nul": (_bytes(b'{"a\\u0000b": 1, "format": "stepladder-problem/1"}'), ""),
    "half": (_bytes(b'{"format": "stepladder-problem/1", "title": "\\ud800"}'), ""),
    "digits": (_bytes(b'{"format": "stepladder-problem/1", "max_parallel": ' + b"9" * 5000 + b"}"), ""),
    "picture": (_bytes(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4), ""),
    "archive": (_bytes(b"PK\x03\x04" + bytes(range(256)) * 4), ""),
    "number": (_bytes(b"7"), ""),
    "list": (_bytes(b"[1, 2]"), ""),
}


def make(folder: Path, kind: str, suffix: str) -> Path:
    """A file of one kind; its name says which."""
    path = folder / f"odd_{kind}{suffix}"
    ODD[kind][0](path)
    return path


def words(kind: str) -> str:
    """What must be said of it."""
    return ODD[kind][1]
