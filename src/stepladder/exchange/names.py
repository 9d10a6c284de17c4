"""Ids and marks: names that follow from what is named and from nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections import Counter
from collections.abc import Sequence

from stepladder.wording.text import clean

#: Longest part of an id that is made of a text, and the digest in it where the text says more.
SLUG, DIGEST = 80, 8
#: Letters and digits of a marker: 40 bits, so that two of 3,000 steps share one once in 250,000 plans, and then the
#: second is given another.
MARK = 8


def mark_of(name: str) -> str:
    """The mark of an id, unless another id had it first."""
    return "SL-" + base64.b32encode(hashlib.sha256(name.encode()).digest()).decode()[:MARK]


def marks_of(names: Sequence[str]) -> dict[str, str]:
    """A short name for each, the same for the same id; of two that would share one, the later in the alphabet is
    given the next.
    """
    marks: dict[str, str] = {}
    taken: set[str] = set()
    for name in sorted(names):
        turn = 0
        while (mark := mark_of(f"{name}#{turn}" if turn else name)) in taken:
            turn += 1
        taken.add(mark)
        marks[name] = mark
    return marks


def names_of(texts: Sequence[str], others: Sequence[str] = ()) -> list[str]:
    """A name for each text that follows from it alone; of those that would share one, each is told apart by the
    other text, then by its turn.
    """
    names = [slug(text) for text in texts]
    for further in (texts, others or texts):
        shared = Counter(names)
        names = [
            f"{name}_{digest(text)}" if shared[name] > 1 else name for name, text in zip(names, further, strict=True)
        ]
    seen: Counter[str] = Counter()
    for k, name in enumerate(names):
        seen[name] += 1
        names[k] = name if seen[name] == 1 else f"{name}_{seen[name]}"
    return names


def slug(text: str) -> str:
    """Letters, digits and underscores; where they do not say all of the text's words, with a digest of it."""
    shown = clean(text).lower()
    short = "_".join("".join(char if char.isascii() and char.isalnum() else " " for char in shown).split())
    if len(short) <= SLUG and (short or not shown) and not any(char.isalnum() for char in shown if not char.isascii()):
        return short
    return f"{short[: SLUG - DIGEST - 1]}_{digest(shown)}".removeprefix("_")


def digest(text: str) -> str:
    """The first letters of a text's SHA-256."""
    return hashlib.sha256(clean(text).encode()).hexdigest()[:DIGEST]
