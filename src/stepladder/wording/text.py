"""Text that fits: cleaned of what a terminal would act on, measured as a terminal measures, cut or wrapped to a
width.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from functools import lru_cache

from stepladder.wording.language import _

# A number and its unit stay together.
_UNIT = re.compile(r"(?<=\d) (?=%|[A-Z]{3}\b)")
#: More marks than this on one letter are not writing; Hebrew, Burmese and Tibetan need as many.
_STACKED = 6
#: Zero-width non-joiner and joiner: without them Persian is misspelt, and families of emoji fall apart.
JOINERS = "\u200c\u200d"
_LOOSE = re.compile(f"[{JOINERS}]+(?= |$)")
#: Other format characters that are writing: Mongolian's separator, and signs that stand before or around numbers.
_SIGNS = frozenset("\u180e\u0600\u0601\u0602\u0603\u0604\u0605\u06dd\u070f\u0890\u0891\u08e2\U000110bd\U000110cd")
#: What begins an isolated piece of text, whichever way it is read, and what ends it.
ISOLATE, ISOLATED = "\u2068", "\u2069"
_ISOLATES = frozenset("\u2066\u2067\u2068")
#: A system's name that is shorter than this says nothing.
_LEAST = 6


def clean(text: str) -> str:
    """One line of printable text as it was written: without what a terminal would act on, every run of white space one
    space.

    Controls become spaces; characters that are none become U+FFFD; what turns the direction of other text goes, unless
    it is a closed isolate.
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())
    kept: list[str] = []
    opened: list[int] = []
    stacked = 0
    for char in text:
        kind = unicodedata.category(char)
        stacked = stacked + 1 if kind in ("Mn", "Me") else 0
        if stacked > _STACKED or (kind == "Cf" and not _formats(char, kept, opened)):
            continue
        kept.append(
            "\N{REPLACEMENT CHARACTER}" if _nothing(char, kind) else " " if kind in ("Cc", "Zs", "Zl", "Zp") else char
        )
    for place in opened:
        kept[place] = ""
    return _LOOSE.sub("", " ".join("".join(kept).split()))


def _formats(char: str, kept: list[str], opened: list[int]) -> bool:
    """Whether a format character stays: a joiner behind what it joins, a sign, an isolate; the ends of isolates in
    step with their beginnings.
    """
    if char in JOINERS:
        return bool(kept) and kept[-1] not in f" {JOINERS}"
    if char in _ISOLATES:
        opened.append(len(kept))
    elif char == ISOLATED and opened:
        opened.pop()
    else:
        return char in _SIGNS
    return True


def _nothing(char: str, kind: str) -> bool:
    """Whether it stands for no character: half of a pair, a noncharacter, an unassigned one that is not to be shown.
    Newer emoji are only unknown.
    """
    code = ord(char)
    unshown = (
        code & 0xFFFE == 0xFFFE
        or 0xFDD0 <= code <= 0xFDEF
        or 0xFFF0 <= code <= 0xFFF8
        or code == 0x2065
        or 0xE0000 <= code < 0xE1000
    )
    return kind == "Cs" or (kind == "Cn" and unshown)


@lru_cache(maxsize=4096)
def _columns(char: str) -> int:
    kind = unicodedata.category(char)
    if kind in ("Mn", "Me") or (kind == "Cf" and char not in _SIGNS):
        return 0
    # Emoji that Python does not know yet are as wide as the others.
    wide = unicodedata.east_asian_width(char) in "WF" or (kind == "Cn" and 0x1F000 <= ord(char) <= 0x1FAFF)
    return 2 if wide else 1


def columns(text: str) -> int:
    """Columns that a clean text takes on a terminal: wide characters take two, accents and joiners none."""
    return len(text) if text.isascii() else sum(map(_columns, text))


def isolated(text: str) -> str:
    """Text that is read from right to left, so that it does not turn what stands beside it; any other as it is."""
    if text.isascii() or not any(unicodedata.bidirectional(char) in ("R", "AL", "AN") for char in text):
        return text
    return f"{ISOLATE}{text}{ISOLATED}"


def cut(text: str, width: int) -> str:
    """The text if it fits into ``width`` columns, else its beginning and ``…``."""
    if columns(text) <= width:
        return text
    head = _head(text, width - 1).rstrip(f" {JOINERS}")
    return head + ISOLATED * max(0, sum(head.count(char) for char in _ISOLATES) - head.count(ISOLATED)) + "…"


def _head(text: str, width: int, measure: Callable[[str], int] = _columns) -> str:
    used = 0
    for k, char in enumerate(text):
        used += measure(char)
        if used > width:
            return text[:k]
    return text


def fitted(title: str, most: int, measure: Callable[[str], int] = columns) -> str:
    """A title no longer than ``most``. What stands before its last colon is cut first, in its middle: systems often
    differ at their ends only.

    Parameters
    ----------
    title
        Clean text; a fleet's are ``system: practice to level``.
    most
        In the units of ``measure``.
    measure
        The length of a text: columns of a terminal, or what a reader counts.
    """
    if measure(title) <= most:
        return title
    system, colon, rest = title.rpartition(": ")
    left = most - measure(colon + rest)
    if colon and left >= _LEAST:
        return shortened(system, left, measure) + colon + rest
    if measure(rest) <= most:
        return rest
    return _head(rest, max(0, most - 1), measure).rstrip(f" {JOINERS}") + "…"


def shortened(text: str, most: int, measure: Callable[[str], int] = columns) -> str:
    """The beginning and the end of a text with ``…`` between them, two parts to one."""
    if measure(text) <= most:
        return text
    tail = max(0, most - 1) // 3
    head = _head(text, max(0, most - 1 - tail), measure).rstrip(f" {JOINERS}")
    end = _head(text[::-1], tail, measure)[::-1]
    # An accent or a joiner without what it belongs to would end up on the dots.
    while end and unicodedata.category(end[0])[0] in "MCZ":
        end = end[1:]
    return f"{head}…{end}"


def quote(title: str, width: int = 90) -> str:
    """A title inside a sentence: cleaned, as short as that, in quotation marks, and isolated where it is read from
    right to left.
    """
    return _("“{title}”", title=isolated(fitted(clean(title), width)))


def begun(text: str) -> str:
    """A name as it begins a line: with a capital, where its first word has none at all."""
    first = text.partition(" ")[0]
    return text[:1].upper() + text[1:] if first.islower() else text


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
    shown = isolated(cut(text, width))
    fill = " " * (width - columns(shown))
    return fill + shown if right else shown + fill


def listed(names: list[str], most: int = 3) -> str:
    """``a, b and c``, or ``a, b and 5 more``."""
    if len(names) > most:
        return _("{names} and {count} more", names=", ".join(names[: most - 1]), count=f"{len(names) - most + 1:,}")
    if len(names) < 2:
        return "".join(names)
    return _("{names} and {name}", names=", ".join(names[:-1]), name=names[-1])
