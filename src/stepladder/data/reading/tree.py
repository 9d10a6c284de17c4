"""Strict YAML with a place for every value. The only home of yaml.

What YAML 1.1 would silently read as something else (``yes``, ``012``, ``1_000``, ``12:30``) is refused, as are
duplicate keys, tags, merge keys, several documents, and aliases that would expand without limit. A file is read from
parser events with a stack, so depth and size are bounded before anything is built.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from stepladder.data.formats.base import CONTROL
from stepladder.data.formats.problem import Path
from stepladder.data.reading.text import place_of
from stepladder.errors import Issue, Location

MAX_DEPTH = 60
MAX_NODES = 200_000

_AMBIGUOUS_WORD = re.compile(r"(?:y|n|yes|no|on|off)", re.IGNORECASE)
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d*)")
_DECIMAL = re.compile(r"[-+]?(?:0|[1-9]\d*)?(?:\.\d+|(?<=\d)\.)?(?:(?<=[\d.])[eE][-+]?\d+)?")
_OTHER_NUMBER = re.compile(
    r"[-+]?(?:0[xX][0-9a-fA-F_]+|0[oO]?[0-7_]+|0[bB][01_]+|0\d[\d_.]*|\d[\d_]*_[\d_.]*|\d+(?::[0-5]?\d)+(?:\.\d*)?)"
)
_BREAK = re.compile("[\x85\u2028\u2029]")
_NOT_FINITE = re.compile(r"[-+]?\.?(?:nan|inf|infinity)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it stands. ``value`` is a scalar, a list of nodes or a dict of nodes; ``key_at`` is where its
    key stands.

    ``text`` is how a number with decimals was written.
    """

    value: Any
    at: Location
    key_at: Location | None = None
    layer: str = "scenario"
    text: str = ""

    @property
    def mapping(self) -> dict[str, Node]:
        """The entries, or none where this is not a mapping."""
        return self.value if isinstance(self.value, dict) else {}

    def find(self, path: Path) -> Node | None:
        """The node at a path of keys and indices."""
        node: Node | None = self
        for part in path:
            node = node.child(part) if node else None
        return node

    def child(self, part: str | int) -> Node | None:
        """One entry or item."""
        if isinstance(self.value, dict):
            child: Node | None = self.value.get(str(part))
            return child
        if isinstance(self.value, list) and isinstance(part, int) and part < len(self.value):
            item: Node = self.value[part]
            return item
        return None

    def nearest(self, path: Path, *, key: bool = False) -> Location:
        """The place of a path, or of the deepest part of it that exists; with ``key`` the place of its key."""
        node = self
        for part in path:
            child = node.child(part)
            if child is None:
                break
            node = child
        return node.key_at if key and node.key_at else node.at

    def plain(self) -> Any:
        """The value without places."""
        if isinstance(self.value, dict):
            return {key: child.plain() for key, child in self.value.items()}
        if isinstance(self.value, list):
            return [child.plain() for child in self.value]
        return self.value

    def walk(self, path: Path = ()) -> Iterator[tuple[Path, Node]]:
        """Every node below, with its path, in the order of the file."""
        yield path, self
        if isinstance(self.value, dict):
            for key, child in self.value.items():
                yield from child.walk((*path, key))
        elif isinstance(self.value, list):
            for k, child in enumerate(self.value):
                yield from child.walk((*path, k))


def read_yaml(
    text: str, shown: str, layer: str = "scenario", builder: Builder | None = None
) -> tuple[Node | None, list[Issue]]:
    """One YAML document as a tree, and everything wrong with its form; a builder of one's own may take the events
    another way.
    """
    import yaml

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    builder = builder or Builder(shown, layer)
    if breaks := _BREAK.search(text):
        message = (
            f"the character U+{ord(breaks[0]):04X} ends a line in YAML, and in few editors; remove it, or break the"
            " line"
        )
        return None, [Issue(place_of(text[: breaks.start()], shown), "SL002", message)]
    try:
        for event in yaml.parse(text, Loader=loader):
            if not builder.take(type(event).__name__, event):
                break
    except yaml.MarkedYAMLError as error:
        # What never ends is to be looked for where it begins.
        mark = (
            error.context_mark
            if "end of stream" in (error.problem or "") and error.context_mark
            else error.problem_mark
        )
        place = Location(shown, mark.line + 1, mark.column + 1) if mark else Location(shown)
        builder.issues.append(
            Issue(
                place,
                "SL002",
                f"not YAML: {error.problem or error.context}; check indentation, quotes and brackets here",
            )
        )
        return None, builder.issues
    except yaml.reader.ReaderError as error:
        builder.issues.append(Issue(*_unreadable(text, shown, error)))
        return None, builder.issues
    if builder.root is None and not builder.issues:
        builder.issues.append(
            Issue(Location(shown), "SL010", "the file is empty; `stepladder init` writes a first scenario")
        )
    return builder.root, builder.issues


def reads_as_text(text: str) -> bool:
    """Whether a text, written without quotes, is read as itself."""
    builder = Builder("", "")
    return builder._resolve(text, Location("")) == text and not builder.issues


def _unreadable(text: str, shown: str, error: Any) -> tuple[Location, str, str]:
    """A character that YAML does not allow; the C parser counts bytes, the other one characters."""
    before = (
        text[: error.position]
        if error.encoding == "unicode"
        else text.encode()[: error.position].decode("utf-8", "ignore")
    )
    after = text[len(before) :]
    return (
        place_of(before, shown),
        "SL002",
        f"the character U+{ord(after[0]) if after else 0:04X} is not allowed in YAML; remove it",
    )


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been seen yet."""

    at: Location
    anchor: str | None
    value: Any
    key: str | None = None
    key_at: Location | None = None
    awaits_value: bool = False
    repeated: bool = False


@dataclass(slots=True)
class Builder:
    """Turns parser events into nodes; ``take`` returns False when there is no point in going on. ``done`` is for those
    that keep more than one document.
    """

    shown: str
    layer: str
    issues: list[Issue] = field(default_factory=list)
    root: Node | None = None
    stack: list[_Open] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int]] = field(default_factory=dict)
    count: int = 0
    documents: int = 0
    done: list[Node] = field(default_factory=list)

    def take(self, kind: str, event: Any) -> bool:
        """Put one event of the parser into the tree; whether to go on."""
        place = Location(self.shown, event.start_mark.line + 1, event.start_mark.column + 1)
        if kind == "DocumentStartEvent":
            self.documents += 1
            if self.documents > 1:
                return self._stop(place, "SL011", "a second document starts here; keep one document in a file")
        elif kind == "ScalarEvent":
            return self._count(place, 1) and self._scalar(event, place)
        elif kind in ("MappingStartEvent", "SequenceStartEvent"):
            self._no_tag(event, place)
            if len(self.stack) >= MAX_DEPTH:
                return self._stop(place, "SL007", f"nested more than {MAX_DEPTH} deep; flatten it")
            if self.stack and isinstance(self.stack[-1].value, dict) and not self.stack[-1].awaits_value:
                return self._stop(place, "SL002", "a mapping or list cannot be a key; use plain text")
            self.stack.append(_Open(place, event.anchor, {} if kind[0] == "M" else []))
            return self._count(place, 1)
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            done = self.stack.pop()
            self._place(Node(done.value, done.at, layer=self.layer), done.anchor)
        elif kind == "AliasEvent":
            return self._alias(event.anchor, place)
        return True

    def _stop(self, place: Location, code: str, message: str) -> bool:
        self.issues.append(Issue(place, code, message))
        return False

    def _count(self, place: Location, more: int) -> bool:
        self.count += more
        if self.count > MAX_NODES:
            return self._stop(
                place,
                "SL005",
                f"more than {MAX_NODES:,} values once aliases are expanded; write less, or fewer aliases",
            )
        return True

    def _no_tag(self, event: Any, place: Location) -> None:
        if event.tag not in (None, "!"):
            self.issues.append(Issue(place, "SL005", f"tag {event.tag!r} is not allowed; remove it"))

    def _alias(self, anchor: str, place: Location) -> bool:
        if anchor not in self.anchors:
            return self._stop(
                place, "SL005", f"alias *{anchor} refers to nothing that is complete before it; define it earlier"
            )
        node, size = self.anchors[anchor]
        if not self._count(place, size):
            return False
        if self.stack and isinstance(self.stack[-1].value, dict) and not self.stack[-1].awaits_value:
            return self._stop(place, "SL005", "an alias cannot be a key; write the key")
        self._place(replace(node, key_at=None), None)
        return True

    def _scalar(self, event: Any, place: Location) -> bool:
        self._no_tag(event, place)
        plain = event.style is None or event.style == ""
        holder = self.stack[-1] if self.stack else None
        if holder is not None and isinstance(holder.value, dict) and not holder.awaits_value:
            self._key(event.value, plain, place, holder)
            return True
        value = self._resolve(event.value, place) if plain else event.value
        self._place(
            Node(value, place, layer=self.layer, text=event.value if isinstance(value, float) else ""), event.anchor
        )
        return True

    def _key(self, text: str, plain: bool, place: Location, holder: _Open) -> None:
        if plain:
            self._plain_key(text, place)
        if CONTROL.search(text):
            self.issues.append(Issue(place, "SL104", f"key {text!r} contains control characters; remove them"))
        holder.repeated = text in holder.value
        if holder.repeated:
            first = holder.value[text].key_at
            self.issues.append(
                Issue(place, "SL003", f"key {text!r} stands twice, first in line {first.line}; remove one")
            )
        holder.key, holder.key_at, holder.awaits_value = text, place, True

    def _plain_key(self, text: str, place: Location) -> None:
        if text == "<<":
            self.issues.append(
                Issue(place, "SL005", "merge keys are not allowed; repeat the entries, or use an override")
            )
        elif not _INTEGER.fullmatch(text):
            self._resolve(text, place)

    def _place(self, node: Node, anchor: str | None) -> None:
        if anchor is not None:
            self.anchors[anchor] = (node, sum(1 for _ in node.walk()))
        if not self.stack:
            self.root = node
            return
        holder = self.stack[-1]
        if isinstance(holder.value, list):
            holder.value.append(node)
            return
        holder.awaits_value = False
        if holder.key is not None and not holder.repeated:
            holder.value[holder.key] = Node(node.value, node.at, holder.key_at, node.layer, node.text)

    def _resolve(self, text: str, place: Location) -> Any:
        """A plain scalar's value: null, true, false, a decimal number, or text; anything that reads two ways is an
        issue.
        """
        if text in ("", "~", "null", "Null", "NULL"):
            return None
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("false", "False", "FALSE"):
            return False
        if text[0] not in "+-.0123456789":
            if _AMBIGUOUS_WORD.fullmatch(text):
                self.issues.append(
                    Issue(place, "SL004", f'{text} reads as a truth value in older YAML; write true, false or "{text}"')
                )
            elif _NOT_FINITE.fullmatch(text):
                self.issues.append(Issue(place, "SL006", f"{text} is not a finite number; write a number"))
            return text
        return self._number(text, place)

    def _number(self, text: str, place: Location) -> Any:
        if _INTEGER.fullmatch(text) or (_DECIMAL.fullmatch(text) and any(c.isdigit() for c in text)):
            if len(text) > 40:
                self.issues.append(Issue(place, "SL104", "a number of more than 40 characters; round it"))
                return text
            if _INTEGER.fullmatch(text):
                return int(text)
            value = float(text)
            if not math.isfinite(value):
                self.issues.append(Issue(place, "SL006", f"{text} is not a finite number; write a number"))
                return text
            return value
        if _NOT_FINITE.fullmatch(text):
            self.issues.append(Issue(place, "SL006", f"{text} is not a finite number; write a number"))
        elif _OTHER_NUMBER.fullmatch(text):
            self.issues.append(
                Issue(
                    place,
                    "SL004",
                    f'{text} is a different number in different readers of YAML; write it in decimal, or "{text}" for'
                    " text",
                )
            )
        return text
