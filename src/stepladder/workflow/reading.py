"""Which file an argument means, and what kind of file that is."""

from __future__ import annotations

import json
from pathlib import Path

from stepladder.data.formats.base import unknown
from stepladder.data.reading.library import find, names
from stepladder.data.reading.text import MISSING, read_text, refusal
from stepladder.errors import InvalidInput, UsageError


def locate(name: str | Path, kind: str = "scenarios") -> Path:
    """The file that is meant: a path, or the name of a shipped scenario when there is no such file; of ``models``, of a
    shipped catalogue.

    Raises
    ------
    UsageError
        When there is neither, or the path is a folder, a device or the like.
    """
    path = Path(name)
    wrong = refusal(path)
    if wrong is None:
        return path
    shipped = find(kind, str(name)) if wrong == MISSING else None
    if shipped is None:
        noun = "shipped scenario" if kind == "scenarios" else "shipped catalogue"
        raise _refused(name, wrong, f", and {unknown(noun, name, names(kind))}")
    return shipped


def existing(name: str | Path) -> Path:
    """The same for files that are never shipped, such as plans."""
    path = Path(name)
    wrong = refusal(path)
    if wrong is not None:
        raise _refused(name, wrong)
    return path


def is_folder(name: str | Path) -> bool:
    """Whether it is a folder; no name is too strange to ask."""
    try:
        return Path(name).is_dir()
    except (OSError, ValueError):
        return False


def _refused(name: str | Path, wrong: str, more: str = "") -> UsageError:
    return UsageError(f"no file {str(name)!r}{more}" if wrong == MISSING else f"cannot read {str(name)!r}: {wrong}")


def plans_in(folder: Path) -> list[Path]:
    """The plans that a folder holds, by name, such as those of a frontier.

    Raises
    ------
    UsageError
        When there is none.
    """
    files = sorted(folder.glob("*.json"))
    if not files:
        raise UsageError(f"there is no plan in {folder}; write some with: stepladder frontier … -o {folder}")
    return files


def is_plan(path: Path) -> bool:
    """Whether a file says that it is a plan; what is wrong inside it is found when it is read."""
    if path.suffix != ".json" or refusal(path) is not None:
        return False
    try:
        read = json.loads(read_text(path, str(path)))
    except (InvalidInput, ValueError, RecursionError):
        return False
    return isinstance(read, dict) and str(read.get("format", "")).startswith("stepladder-plan/")
