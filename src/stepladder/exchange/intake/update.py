"""New levels in a scenario that somebody wrote: only the levels change, every other byte stays as it is."""

from __future__ import annotations

import re
from collections.abc import Mapping

from stepladder.data.reading.tree import Node, read_yaml
from stepladder.errors import InvalidInput

#: Where a level stands in a scenario: its system (empty where there is but one), its practice, its scale.
Place = tuple[str, str, str]
_NUMBER = re.compile(r"""['"]?\d+['"]?""")


def updated(text: str, shown: str, levels: Mapping[Place, int]) -> str:
    """A scenario's text with other levels.

    Parameters
    ----------
    text
        As somebody wrote it.
    shown
        What the file is called.
    levels
        Those that are to be written, by place.

    Returns
    -------
    str
        The same text: a level that stands there is written over, any other one is added to what stands for its
        practice, or else to the levels.
    """
    for place, level in levels.items():
        # Each is put in on its own, as it moves everything behind it.
        text = _put(text, _tree(text, shown), place, level)
    return text


def _tree(text: str, shown: str) -> Node:
    root, issues = read_yaml(text, shown)
    if root is None or issues:
        raise InvalidInput(issues)
    return root


def _put(text: str, root: Node, place: Place, level: int) -> str:
    system, practice, scale = place
    above = ("systems", system) if system else ()
    there = root.find((*above, "current", practice))
    if there is not None and not isinstance(there.value, dict):
        return _over(text, there, str(level)) if isinstance(there.value, int) else text
    if there is not None and (node := there.child(scale)) is not None:
        return _over(text, node, str(level))
    if there is not None and there.mapping:
        return _into(text, there, f"{scale}: {level}")
    levels = root.find((*above, "current"))
    if levels is not None and levels.mapping:
        return _into(text, levels, f"{practice}: {{{scale}: {level}}}")
    if levels is not None:
        return _instead(text, levels, f"{{{practice}: {{{scale}: {level}}}}}")
    holder = root.find(above)
    return text if holder is None else _into(text, holder, f"current: {{{practice}: {{{scale}: {level}}}}}")


def _offset(text: str, node: Node, *, key: bool = False) -> int:
    """Where a value stands in the text, or its key."""
    at = node.key_at if key and node.key_at is not None else node.at
    lines = text.splitlines(keepends=True)
    return sum(map(len, lines[: at.line - 1])) + at.column - 1


def _over(text: str, node: Node, value: str) -> str:
    """A number in place of the one that stands there."""
    at = _offset(text, node)
    match = _NUMBER.match(text, at)
    return text if match is None else text[:at] + value + text[match.end() :]


def _instead(text: str, node: Node, value: str) -> str:
    """A value where there is none, or an empty mapping."""
    at = _offset(text, node)
    end = at + 2 if text[at : at + 2] == "{}" else at
    gap = "" if text[at - 1 : at].isspace() else " "
    return text[:at] + gap + value + text[end:]


def _into(text: str, node: Node, entry: str) -> str:
    """One entry more in a mapping: in braces at their beginning, else on a line of its own before its first one."""
    at = _offset(text, node)
    if text[at : at + 1] == "{":
        return f"{text[: at + 1]}{entry}, {text[at + 1 :]}"
    first = min((_offset(text, child, key=True) for child in node.mapping.values()), default=at)
    begin = text.rfind("\n", 0, first) + 1
    end = "\r\n" if "\r\n" in text else "\n"
    return f"{text[:first]}{entry}{end}{' ' * (first - begin)}{text[first:]}"


def unlike(before: str, after: str, shown: str) -> bool:
    """Whether two texts of a scenario differ in anything but levels."""
    return _without(_tree(before, shown)) != _without(_tree(after, shown))


def _without(node: Node) -> object:
    plain = {key: child.plain() for key, child in node.mapping.items() if key not in ("current", "systems")}
    systems = node.child("systems")
    named = systems.mapping if systems is not None else {}
    return plain, {
        name: {key: child.plain() for key, child in system.mapping.items() if key != "current"}
        for name, system in named.items()
    }
