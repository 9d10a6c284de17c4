"""Output files: whole or not at all, and never one that the command reads."""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from stepladder.errors import StepladderError, UsageError

try:
    import fcntl
except ImportError:  # Windows, where a file that is open is neither renamed nor deleted
    LOCKS = False
else:
    LOCKS = True

#: What is said instead of the system's own words.
_WORDS = {
    errno.ENAMETOOLONG: "the name is too long; choose a shorter one",
    errno.ELOOP: "its links lead in a circle",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ENOENT: "the current folder is gone",
}
#: What a file that people write says of itself, and how far into it that is looked for.
LOOKED_AT = 65_536
_OURS = re.compile(rb"^format:\s*['\"]?stepladder-(scenario|catalogue|profile|actuals|map)", re.MULTILINE)
#: What was read from a tracker is read again, and a plan is a file in which everything may depend on every byte.
_READ_AGAIN = re.compile(rb"^source: tracker", re.MULTILINE)
_PLAN = re.compile(rb'\A\s*\{\s*"format":\s*"stepladder-plan/')
#: What a draft is called.
_DRAFT = re.compile(r"\.stepladder-[0-9a-f]{16}\.tmp")


def prepare(path: Path, *, force: bool | None = None, plan: bool = False) -> None:
    """Find out before a long search whether a file can be written.

    Parameters
    ----------
    path
        The file.
    force
        Whether it may take the place of any other, or of none; None: of all but those that people write by hand, and
        plans.
    plan
        Whether it is a plan, which may take the place of another.

    Raises
    ------
    UsageError
        When its folder is missing or closed, it is a folder itself, it is read by this command, or it exists and must
        not be replaced.
    """
    if path == Path("-"):
        raise UsageError("this command writes files, not to stdout; name one with -o")
    with _explained(path):
        target = _target(path)
        there = _there(target)
        if there is not None:
            _may_be_written(path, target, there)
        if not target.parent.is_dir():
            raise UsageError(f"cannot write {path}: there is no folder {target.parent}")
        if there is not None and force is False:
            raise UsageError(f"{path} exists already; choose another name with -o, or replace it with --force")
        _to_be_written(path)
        if there is not None and force is None and _by_hand(target, there):
            raise UsageError(f"{path} is a file that people write by hand; choose another name, or delete it first")
        if there is not None and force is None and not plan and _holds(target, there, _PLAN):
            raise UsageError(f"{path} is a plan; choose another name, or delete it first")
        if there is None or stat.S_ISREG(there.st_mode):
            _open(path, target.parent)


@contextmanager
def folder(path: Path | None) -> Iterator[None]:
    """A folder in which files can be written; one that was not there is gone again where nothing came of it. Nothing
    happens where none is given.

    Raises
    ------
    UsageError
        When it cannot be made or takes no files.
    """
    new = path is not None and not path.exists()
    try:
        if path is not None:
            _prepare_folder(path)
        yield
    finally:
        if new and path is not None:
            with suppress(OSError):
                path.rmdir()


def _prepare_folder(path: Path) -> None:
    with _explained(path):
        if not path.exists() and not path.parent.is_dir():
            raise UsageError(f"cannot write in {path}: there is no folder {path.parent}")
        if path.exists() and not path.is_dir():
            raise UsageError(f"cannot write in {path}: it is a file, not a folder")
        path.mkdir(exist_ok=True)
        _open(path, path)


def write(path: Path, content: str | bytes) -> None:
    """Write a file atomically: readers see the old file or the whole new one, and a failure leaves nothing behind.

    Raises
    ------
    UsageError
        When this command has read it.
    StepladderError
        When the disk is full or the like.
    """
    data = content.encode() if isinstance(content, str) else content
    _to_be_written(path)
    try:
        target = _target(path)
        there = _there(target)
        if there is not None and not stat.S_ISREG(there.st_mode):
            # A device or a pipe takes what it is given; a file in its place would be wrong.
            with target.open("wb") as device:
                device.write(data)
        else:
            _replace(target, data, there)
    except OSError as error:
        raise StepladderError(f"cannot write {path}: {error.strerror or error}") from error


def _to_be_written(path: Path) -> None:
    from stepladder.data.reading import sources

    sources.writes(path)


def _target(path: Path) -> Path:
    """Where a file is in truth: behind all links, which stay."""
    return Path(os.path.realpath(path))


def _there(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _may_be_written(path: Path, target: Path, there: os.stat_result) -> None:
    if stat.S_ISDIR(there.st_mode):
        raise UsageError(f"{path} is a folder; name a file in it")
    if stat.S_ISBLK(there.st_mode):
        raise UsageError(f"{path} is a disk; name a file on it")
    if not os.access(target, os.W_OK):
        raise UsageError(f"cannot write {path}: permission denied")


def _by_hand(target: Path, there: os.stat_result) -> bool:
    """Whether a file is one of those in YAML that no answer takes the place of."""
    yaml = target.suffix.lower() in (".yaml", ".yml")
    return yaml and _holds(target, there, _OURS) and not _holds(target, there, _READ_AGAIN)


def _holds(target: Path, there: os.stat_result, pattern: re.Pattern[bytes]) -> bool:
    """Whether something stands at the beginning of a file."""
    if not stat.S_ISREG(there.st_mode):
        return False
    with target.open("rb") as file:
        return pattern.search(file.read(LOOKED_AT)) is not None


def _open(path: Path, folder: Path) -> None:
    """Find out whether a folder takes new files; what was left there half written is deleted."""
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UsageError(
            f"cannot write {path}: permission denied: the folder {folder} takes no new file, and without one none is"
            " written whole"
        )
    _clear(folder)


@contextmanager
def _explained(path: Path) -> Iterator[None]:
    """What the system refuses, as an error about the name that was given."""
    try:
        yield
    except OSError as error:
        why = _WORDS.get(error.errno or 0, (error.strerror or str(error)).lower())
        raise UsageError(f"cannot write {path}: {why}") from error
    except ValueError as error:
        raise UsageError(f"cannot write {str(path)!r}: no file can be called so") from error


# -- whole or not at all -----------------------------------------------------------------------------------------------


def _replace(target: Path, data: bytes, before: os.stat_result | None) -> None:
    """A draft beside it, safely on the disk, takes its place."""
    while not _replaced(target, data, before):
        pass
    _settle(target.parent)


def _replaced(target: Path, data: bytes, before: os.stat_result | None) -> bool:
    """False where somebody took the draft, before it was locked, for one that was left behind."""
    draft = target.parent / f".stepladder-{os.urandom(8).hex()}.tmp"
    try:
        with _begun(draft, 0o666 if before is None else 0o600) as file:
            if LOCKS and _locked(file.fileno()) and not draft.exists():
                return False
            file.write(data)
            file.flush()
            if before is not None:
                _like(draft, target, before)
            os.fsync(file.fileno())
            if LOCKS:
                # Locked as long as it is a draft.
                draft.replace(target)
        if not LOCKS:
            draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return True


def _begun(draft: Path, mode: int) -> BinaryIO:
    return os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode), "wb")


def _locked(number: int) -> bool:
    """Lock an open file until it is closed; False where somebody else has, or where files cannot be locked."""
    try:
        fcntl.flock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _like(draft: Path, target: Path, before: os.stat_result) -> None:
    """Owner, permissions and access lists as before, as far as that is allowed."""
    now = draft.stat()
    if (now.st_uid, now.st_gid) != (before.st_uid, before.st_gid):
        with suppress(OSError):
            os.chown(draft, before.st_uid, before.st_gid)
    draft.chmod(stat.S_IMODE(before.st_mode))
    with suppress(OSError, AttributeError):
        for name in os.listxattr(target):
            with suppress(OSError):
                os.setxattr(draft, name, os.getxattr(target, name))


def _settle(folder: Path) -> None:
    """That the file has this name now is to survive a loss of power, too."""
    if hasattr(os, "O_DIRECTORY"):
        with suppress(OSError):
            number = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
            try:
                os.fsync(number)
            finally:
                os.close(number)


def _clear(folder: Path) -> None:
    """Delete drafts of runs that were killed while they wrote; one that is still being written is locked."""
    with suppress(OSError):
        for draft in [entry for entry in folder.iterdir() if _DRAFT.fullmatch(entry.name)]:
            with suppress(OSError):
                _unlink_if_left(draft)


def _unlink_if_left(draft: Path) -> None:
    if not LOCKS:
        draft.unlink()
        return
    number = os.open(draft, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        if _locked(number):
            draft.unlink()
    finally:
        os.close(number)
