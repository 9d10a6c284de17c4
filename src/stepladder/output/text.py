"""Text that fits: cleaned of what a terminal would act on, measured as a terminal measures, cut or wrapped to a width."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

# A number and its unit stay together.
_UNIT = re.compile(r"(?<=\d) (?=%|[A-Z]{3}\b)")
#: More accents than this on one letter are not writing.
_STACKED = 2


def clean(text: str) -> str:
    """One line of printable text: control and formatting characters gone, every run of white space one space."""
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    stacked = 0
    for char in text:
        kind = unicodedata.category(char)
        stacked = stacked + 1 if kind in ("Mn", "Me") else 0
        if stacked > _STACKED or kind == "Cf":
            continue
        kept.append("\N{REPLACEMENT CHARACTER}" if kind in ("Cs", "Co", "Cn") else " " if kind[0] in "CZ" else char)
    return " ".join("".join(kept).split())


@lru_cache(maxsize=4096)
def _columns(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def columns(text: str) -> int:
    """Columns that a clean text takes on a terminal: wide characters take two, accents none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def cut(text: str, width: int) -> str:
    """The text if it fits into ``width`` columns, else its beginning and ``…``."""
    if columns(text) <= width:
        return text
    return _head(text, width - 1).rstrip() + "…"


def _head(text: str, width: int) -> str:
    used = 0
    for k, char in enumerate(text):
        used += _columns(char)
        if used > width:
            return text[:k]
    return text


def quote(title: str, width: int = 90) -> str:
    """A title inside a sentence: cleaned, cut, in quotation marks."""
    return f"“{cut(clean(title), width)}”"


def wrap(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    """Lines of at most ``width`` columns.

    Parameters
    ----------
    text
        Clean text; it breaks at spaces, and inside a word only if the word alone is too long.
    first, rest
        What the first and all other lines begin with.
    """
    lines: list[str] = []
    line, empty = first, True
    for word in _pieces(_UNIT.sub("\N{NO-BREAK SPACE}", text), max(width - max(columns(first), columns(rest)), 2)):
        joined = line + word if empty else f"{line} {word}"
        if empty or columns(joined) <= width:
            line, empty = joined, False
        else:
            lines.append(line)
            line = rest + word
    return [line.replace("\N{NO-BREAK SPACE}", " ") for line in (*lines, line.rstrip())]


def _pieces(text: str, width: int) -> Iterator[str]:
    for word in text.split(" "):
        left = word
        while columns(left) > width:
            head = _head(left, width)
            yield head
            left = left[len(head) :]
        yield left


def pad(text: str, width: int, *, right: bool = False) -> str:
    """The text cut to ``width`` columns and filled up with spaces, at its left if it is to stand right."""
    shown = cut(text, width)
    fill = " " * (width - columns(shown))
    return fill + shown if right else shown + fill


def listed(names: list[str], most: int = 3) -> str:
    """``a, b and c``, or ``a, b and 5 more``."""
    if len(names) > most:
        return f"{', '.join(names[: most - 1])} and {len(names) - most + 1:,} more"
    return " and ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
