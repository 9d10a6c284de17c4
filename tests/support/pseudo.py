"""A language in which every sentence stands in brackets, so that what was not asked of a catalogue is seen."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pytest

from stepladder.wording import language

OPENING, CLOSING = "⟦", "⟧"
_WORD = re.compile(r"[^\W\d_]{2,}")


class Pseudo:
    """A catalogue that has everything."""

    def gettext(self, message: str) -> str:
        return f"{OPENING}{message}{CLOSING}"

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


def speak(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make it what is spoken where numbers are written as in German."""
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    monkeypatch.setattr(language, "read", lambda name: Pseudo())


def bare(text: str, own: Iterable[str] = ()) -> list[str]:
    """Words that stand in no brackets and in nothing of the user's own. What is cut at its end has no closing one."""
    depth, left = 0, []
    for char in text:
        depth += (char == OPENING) - (char == CLOSING)
        left.append(char if depth == 0 else " ")
    outside = "".join(left)
    for theirs in sorted(own, key=len, reverse=True):
        outside = outside.replace(theirs, " ")
    return _WORD.findall(outside)
