"""Which file an argument means, and what kind of file that is."""

from __future__ import annotations

import json
from pathlib import Path

from stepladder.data.library import find, names
from stepladder.data.problem import unknown
from stepladder.errors import UsageError


def locate(name: str | Path) -> Path:
    """The file that is meant: a path, or the name of a shipped scenario when there is no such file.

    Raises
    ------
    UsageError
        When there is neither, or the path is a folder.
    """
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"{name} is a folder; name a file")
    if path.exists():
        return path
    shipped = find("scenarios", str(name))
    if shipped is None:
        raise UsageError(f"no file {str(name)!r}, and {unknown('shipped scenario', name, names('scenarios'))}")
    return shipped


def existing(name: str | Path) -> Path:
    """The same for files that are never shipped, such as plans."""
    path = Path(name)
    if path.is_dir():
        raise UsageError(f"{name} is a folder; name a file")
    if not path.exists():
        raise UsageError(f"no file {str(name)!r}")
    return path


def is_plan(path: Path) -> bool:
    """Whether a file says that it is a plan; what is wrong inside it is found when it is read."""
    if path.suffix != ".json":
        return False
    try:
        read = json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(read, dict) and str(read.get("format", "")).startswith("stepladder-plan/")
