"""Output files: whole or not at all."""

from __future__ import annotations

import os
import stat
from pathlib import Path

from stepladder.errors import StepladderError, UsageError


def prepare(path: Path, *, force: bool = True) -> None:
    """Find out before a long search whether a file can be written.

    Raises
    ------
    UsageError
        When its folder is missing or closed, it is a folder itself, or it exists and must not be replaced.
    """
    if path.is_dir():
        raise UsageError(f"{path} is a folder; name a file in it")
    if path.exists() and not force:
        raise UsageError(f"{path} exists already; choose another name with -o, or replace it with --force")
    folder = path.resolve().parent
    if not folder.is_dir():
        raise UsageError(f"cannot write {path}: there is no folder {folder}")
    if not os.access(path if _special(path) else folder, os.W_OK):
        raise UsageError(f"cannot write {path}: permission denied")


def prepare_folder(path: Path) -> None:
    """Make a folder if it is not there, and find out whether files can be written in it.

    Raises
    ------
    UsageError
        When that cannot be.
    """
    try:
        path.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write in {path}: {(error.strerror or str(error)).lower()}") from error
    prepare(path / "plan.json")


def write(path: Path, content: str | bytes) -> None:
    """Write a file atomically: readers see the old file or the whole new one, and a failure leaves nothing behind.

    Raises
    ------
    StepladderError
        When the disk is full or the like.
    """
    target = path.resolve()
    try:
        data = content.encode() if isinstance(content, str) else content
        if _special(target):
            with target.open("wb") as device:
                device.write(data)
        else:
            _replace(target, data)
    except OSError as error:
        raise StepladderError(f"cannot write {path}: {error.strerror or error}") from error


def _special(path: Path) -> bool:
    """Devices and pipes are written to; replacing them by a file would be wrong."""
    return path.exists() and not stat.S_ISREG(path.stat().st_mode)


def _replace(target: Path, data: bytes) -> None:
    draft = target.with_name(f".{target.name[:100]}.{os.getpid()}.tmp")
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else None
    try:
        with draft.open("xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        if mode is not None:
            draft.chmod(mode)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
