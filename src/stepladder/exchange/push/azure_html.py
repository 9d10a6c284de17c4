"""Descriptions of Azure's work items, which are HTML: from lines in plain words, and back."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from stepladder.wording import marks

#: What days are called where they stand in the description, because the type of work item has no field for them.
DAYS = {"start": "Start", "due": "Due"}
_NAMES = {shown: name for name, shown in DAYS.items()}
_DAY = re.compile(
    rf"\s*<(div|p)\b[^<>]*>\s*({'|'.join(_NAMES)}): (\d{{4}}-\d\d-\d\d)\s*(?:<br\s*/?>\s*)?</\1>", re.IGNORECASE
)
_BREAK = re.compile(r"<(?:br|/?(?:div|p|li|ul|ol|h[1-6]|table|tr|td|blockquote|pre))\b[^<>]*>", re.IGNORECASE)


def document(lines: Iterable[str]) -> str:
    """Lines as HTML in which nothing of them is markup."""
    return "".join(f"<div>{marks.html(line) or '<br>'}</div>" for line in lines)


def plain(text: str) -> str:
    """The text of HTML: its lines without markup, those that say nothing left out, a run of white space one space."""
    bare = re.sub(r"<[^<>]*>", "", _BREAK.sub("\n", text))
    lines = (" ".join(html.unescape(line).split()) for line in bare.splitlines())
    return "\n".join(line for line in lines if line)


def dated(days: Mapping[str, str]) -> str:
    """Days, by the names of our fields, as they stand before the rest of a description; an empty one does not."""
    return document(f"{DAYS[name]}: {day}" for name, day in days.items() if day)


def undated(text: str) -> tuple[dict[str, str], str]:
    """The days before the rest of a description, and the rest as it is."""
    days: dict[str, str] = {}
    while match := _DAY.match(text):
        days.setdefault(_NAMES[match[2].capitalize()], match[3])
        text = text[match.end() :]
    return days, text
