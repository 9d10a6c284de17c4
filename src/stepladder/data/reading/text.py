"""The text of a file: a file indeed, of bounded size, in UTF-8. Whatever a person names is read through this door."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

from stepladder.data.reading import sources
from stepladder.errors import InvalidInput, Issue, Location

MAX_BYTES = 8_000_000
MAX_JSON_BYTES = 400_000_000

#: What is said where there is nothing of that name.
MISSING = "there is no such file; check the path"
_FOLDER = "it is a folder; name a file"
_DEVICE = "it is a device or a pipe, not a file; save what comes from it in a file, and name that"
_WORDS = {
    errno.ENOENT: MISSING,
    errno.ENOTDIR: MISSING,
    errno.EACCES: "permission denied; change its permissions, or those of its folder",
    errno.EPERM: "permission denied; change its permissions, or those of its folder",
    errno.EISDIR: _FOLDER,
    errno.ELOOP: "its links lead in a circle; name the file that is meant",
    errno.ENAMETOOLONG: "no file can have so long a name; shorten it",
}
#: How other programs mark that a text is not UTF-8, the longest first.
_MARKS = (
    (b"\xff\xfe\x00\x00", "UTF-32"),
    (b"\x00\x00\xfe\xff", "UTF-32"),
    (b"\xff\xfe", "UTF-16"),
    (b"\xfe\xff", "UTF-16"),
)
#: What becomes of a file that somebody filled in, or that another program wrote.
IMPORT = "an assessment becomes a scenario with: stepladder import FILE -o scenario.yaml"
#: How files begin that are no text.
_PACKED = (
    (b"PK\x03\x04", f"it is a workbook or another packed file, and no text; {IMPORT}"),
    (b"\xd0\xcf\x11\xe0", f"it is an old or locked workbook (.xls), and no text; save it as .xlsx; {IMPORT}"),
    (b"%PDF", "it is a PDF, and no text; what it shows was made of another file: name that one"),
    (b"\x1f\x8b", "it is compressed; unpack it, and name what was in it"),
)
#: Opened so, a pipe without a writer does not wait for one.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_NOCTTY", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)


def refusal(path: Path) -> str | None:
    """Why a path cannot be read, and what to do; None where it is a file. Nothing is opened."""
    try:
        mode = path.stat().st_mode
    except OSError as error:
        return (
            "the file that it links to is missing; mend the link"
            if error.errno == errno.ENOENT and path.is_symlink()
            else _words(error)
        )
    except ValueError:
        return "no file can have such a name; correct it"
    return _FOLDER if stat.S_ISDIR(mode) else None if stat.S_ISREG(mode) else _DEVICE


def _words(error: OSError) -> str:
    return (
        _WORDS.get(error.errno or 0) or f"{(error.strerror or str(error)).lower()}; check the path and its permissions"
    )


def read_text(path: Path, shown: str, *, ours: bool = False) -> str:
    """A file's text, without a byte order mark. Raises InvalidInput with the place otherwise.

    It is noted as read, so that the same run does not write it; one of ``ours`` may be written again.
    """
    start = Location(shown)
    wrong = refusal(path)
    if wrong is not None:
        raise InvalidInput([Issue(start, "SL001", f"cannot read the file: {wrong}")])
    if not ours:
        sources.reads(path, shown)
    limit = MAX_JSON_BYTES if path.suffix == ".json" else MAX_BYTES
    try:
        raw = _read(path, limit)
    except OSError as error:
        raise InvalidInput([Issue(start, "SL001", f"cannot read the file: {_words(error)}")]) from None
    if raw is None:
        raise InvalidInput([Issue(start, "SL001", f"the file has more than {limit:,} bytes; split it")])
    return decoded(raw, shown)


def _read(path: Path, limit: int) -> bytes | None:
    """All of it, or None where that is more than the limit, whatever the file says of its size; an error where it is
    no file any more.
    """
    parts: list[bytes] = []
    left = limit + 1
    with os.fdopen(os.open(path, _FLAGS), "rb") as file:
        there = os.fstat(file.fileno())
        if not stat.S_ISREG(there.st_mode):
            raise OSError(errno.EINVAL, _DEVICE.split(";", maxsplit=1)[0])
        if there.st_size > limit:
            return None
        while left > 0 and (part := file.read(min(left, max(there.st_size, 65_536) + 1))):
            parts.append(part)
            left -= len(part)
    return b"".join(parts) if left > 0 else None


def decoded(raw: bytes, shown: str) -> str:
    """The text of bytes in UTF-8, without a byte order mark. Raises InvalidInput with the place otherwise."""
    packed = next((what for start, what in _PACKED if raw.startswith(start)), None)
    if packed is not None:
        raise InvalidInput([Issue(Location(shown), "SL001", packed)])
    mark = next((name for mark, name in _MARKS if raw.startswith(mark)), None)
    if mark is not None:
        raise InvalidInput([Issue(Location(shown), "SL001", f"not UTF-8 but {mark}; save the file as UTF-8")])
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        place = place_of(raw[: error.start].decode("utf-8-sig", "replace"), shown)
        raise InvalidInput([Issue(place, "SL001", "not UTF-8 here; save the file as UTF-8")]) from None
    if "\0" in text:
        place = place_of(text[: text.index("\0")], shown)
        raise InvalidInput(
            [Issue(place, "SL001", "a NUL character here, as in UTF-16; save the file as UTF-8, or remove it")]
        )
    return text


def place_of(before: str, shown: str) -> Location:
    """Where the text after this one begins; lines as editors count them."""
    before = before.replace("\r\n", "\n").replace("\r", "\n")
    return Location(shown, before.count("\n") + 1, len(before) - before.rfind("\n"))
