"""Strict JSON: read at once by the standard library; only when something is wrong it is read again, as a tree with a
place for every value.
"""

from __future__ import annotations

import json
import math
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import Any

from stepladder.data.formats.base import CONTROL
from stepladder.data.reading.tree import MAX_DEPTH, Node
from stepladder.errors import InvalidInput, Issue, Location

#: Values with places; beyond, what is wrong is said of the file.
MAX_NODES = 2_000_000
#: Characters of a number.
MAX_DIGITS = 40

_TOKEN = re.compile(r'[ \t\n\r]*([{}\[\]:,]|"[^"\\]*(?:\\.[^"\\]*)*"|[^ \t\n\r{}\[\]:,"]+)', re.DOTALL)
_HALF = re.compile("[\ud800-\udfff]")


class _Wrong(ValueError):
    """Something that the standard library lets pass."""


def _pairs(items: list[tuple[str, Any]]) -> dict[str, Any]:
    pairs = dict(items)
    if len(pairs) < len(items) or CONTROL.search("".join(pairs)):
        raise _Wrong
    return pairs


def _constant(_: str) -> Any:
    raise _Wrong


def _number(written: str) -> float:
    value = float(written)
    if not math.isfinite(value):
        raise _Wrong
    return value


def read_json(text: str, shown: str) -> Any:
    """Plain JSON, quickly; places are looked for only when something is wrong. Raises InvalidInput."""
    try:
        return json.loads(text, object_pairs_hook=_pairs, parse_constant=_constant, parse_float=_number)
    except (RecursionError, ValueError):
        # Not JSON; or a key twice, a number that is not finite or has thousands of digits, a control character in a
        # key; or too deep.
        check_form(text, shown)
        _, issues = json_tree(text, shown)
        raise InvalidInput(
            issues or [Issue(Location(shown), "SL002", "this JSON cannot be read; write it anew")]
        ) from None


def check_form(text: str, shown: str) -> None:
    """Raises InvalidInput with the place at which a text is no JSON."""
    try:
        json.loads(text, parse_int=str)
    except json.JSONDecodeError as error:
        message = f"not JSON: {error.msg[0].lower()}{error.msg[1:]}; check commas, quotes and brackets here"
        raise InvalidInput([Issue(_place(shown, _lines(text), error.pos), "SL002", message)]) from None
    except RecursionError:
        # The tree ends where it is too deep, and all before that is well formed.
        return


def _lines(text: str) -> list[int]:
    """Where each line begins; of all ways to end one."""
    return [0, *(match.end() for match in re.finditer("\r\n|\r|\n", text))]


def _place(shown: str, lines: list[int], at: int) -> Location:
    line = bisect_right(lines, at)
    return Location(shown, line, at - lines[line - 1] + 1)


def json_tree(text: str, shown: str) -> tuple[Node | None, list[Issue]]:
    """A JSON text as a tree, and everything wrong with its form that the standard library lets pass; no tree where
    it is too large or too deep.
    """
    return _Reader(text, shown).read()


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen yet; ``key`` is the name that waits for its value, and its place."""

    value: Any
    at: Location
    key_at: Location | None
    key: tuple[str, Location] | None = None


class _Reader:
    def __init__(self, text: str, shown: str) -> None:
        self.text, self.shown = text, shown
        self.lines = _lines(text)
        self.issues: list[Issue] = []
        self.count = 0

    def read(self) -> tuple[Node | None, list[Issue]]:
        """The tree, None where reading was given up, and what is wrong with it."""
        stack: list[_Open] = []
        for token in _TOKEN.finditer(self.text):
            written, holder = token[1], stack[-1] if stack else None
            if written in ":,":
                continue
            if written in "}]":
                closed = stack.pop()
                done = Node(closed.value, closed.at, closed.key_at)
            else:
                at = self._place(token.start(1))
                if holder is not None and isinstance(holder.value, dict) and holder.key is None:
                    holder.key = self._key(json.loads(written), at, holder.value)
                    continue
                if self._too_much(written, at, len(stack)):
                    break
                key_at = holder.key[1] if holder is not None and holder.key is not None else None
                if written in "{[":
                    stack.append(_Open({} if written == "{" else [], at, key_at))
                    continue
                value = self._plain(written, at)
                done = Node(value, at, key_at, text=written if isinstance(value, float) else "")
            if not stack:
                return done, self.issues
            _put(stack[-1], done)
        return None, self.issues

    def _too_much(self, written: str, at: Location, depth: int) -> bool:
        self.count += 1
        if depth >= MAX_DEPTH and written in "{[":
            self.issues.append(Issue(at, "SL007", f"nested more than {MAX_DEPTH} deep; flatten it"))
            return True
        return self.count > MAX_NODES

    def _place(self, at: int) -> Location:
        return _place(self.shown, self.lines, at)

    def _key(self, text: str, place: Location, holder: dict[str, Node]) -> tuple[str, Location]:
        if CONTROL.search(text):
            self.issues.append(Issue(place, "SL104", f"key {text!r} contains control characters; remove them"))
        if text in holder:
            first = holder[text].key_at or place
            self.issues.append(
                Issue(place, "SL003", f"key {text!r} stands twice, first in line {first.line}; remove one")
            )
        self._whole(text, place)
        return text, place

    def _whole(self, text: str, place: Location) -> None:
        if _HALF.search(text):
            self.issues.append(
                Issue(
                    place,
                    "SL002",
                    "half of a character (a lone surrogate, \\ud800 to \\udfff); write the whole character, or"
                    " remove it",
                )
            )

    def _plain(self, written: str, place: Location) -> Any:
        if written[0] == '"':
            text = json.loads(written)
            self._whole(text, place)
            return text
        if written in ("true", "false", "null"):
            return {"true": True, "false": False, "null": None}[written]
        if len(written) > MAX_DIGITS:
            self.issues.append(Issue(place, "SL104", f"a number of more than {MAX_DIGITS} characters; round it"))
            return written
        value = json.loads(written)
        if not math.isfinite(value):
            self.issues.append(Issue(place, "SL006", f"{written} is not a finite number; write a number"))
            return written
        return value


def _put(holder: _Open, done: Node) -> None:
    if isinstance(holder.value, list):
        holder.value.append(done)
    elif holder.key is not None:
        holder.value.setdefault(holder.key[0], done)
        holder.key = None
