"""``init``: the text of a first scenario, the short one or a shipped case."""

from __future__ import annotations

from importlib import resources

from stepladder.data.formats.base import unknown
from stepladder.data.reading import sources
from stepladder.data.reading.library import find, names
from stepladder.errors import UsageError

FIRST = "first"


def cases() -> list[str]:
    """What ``init`` can write."""
    return [FIRST, *names("scenarios")]


def init(case: str = FIRST) -> str:
    """A commented scenario as YAML text.

    Raises
    ------
    UsageError
        When there is no such case.
    """
    if case == FIRST:
        return resources.files("stepladder.workflow").joinpath("first.yaml").read_text(encoding="utf-8")
    path = find("scenarios", case) if case in names("scenarios") else None
    if path is None:
        raise UsageError(unknown("case", case, cases()))
    sources.reads(path)
    return path.read_text(encoding="utf-8")
