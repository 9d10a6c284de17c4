"""Text that somebody spoilt in passing: lines lost, moved and cut, and characters that nobody expects."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from stepladder.errors import Issue

_STRANGE = ("", "x", "- a", "[]", "{}", "null", "0", "-1", "1e9", "\u202e", "\x07", "true", "'", '"', ":", " ", "\n",
            "  ", "é", "a: b", "*x", "&x", "<<: 1", "9" * 50, "\U0001f4a5")  # fmt: skip


def spoilt(text: str, rng: Random) -> str:
    """One to three things are wrong with it."""
    for _ in range(rng.randint(1, 3)):
        at, lines = rng.randrange(len(text) + 1), text.split("\n")
        row = rng.randrange(len(lines))
        kind = rng.randrange(4)
        if kind == 0:
            text = text[:at] + rng.choice(_STRANGE) + text[at:]
        elif kind == 1:
            text = text[:at] + text[at + rng.randint(1, 8) :]
        else:
            key = lines[row].partition(":")[0]
            others = [key + ": " + rng.choice(_STRANGE), rng.choice(lines), lines[row] + rng.choice(_STRANGE)]
            lines[row : row + 1] = [rng.choice(others)] if kind == 2 else []
            text = "\n".join(lines)
    return text


def must_be_told(issues: Iterable[Issue], place: str, message: str) -> None:
    """That one of them is said, at its place, and that all of them can be shown."""
    told = [(str(issue.location).rpartition("/")[2], issue.message) for issue in issues]
    assert any(place in at and message in text for at, text in told), told
    assert all(text.isprintable() for _, text in told)
