"""Overrides are bricks laid over a scenario's tree; scenarios are lists of bricks.

Precedence, in one sentence: catalogue defaults, then the scenario's own values, then the overrides of the chosen
scenario from left to right, then ``--set`` on the command line. Mappings merge, everything else replaces, null takes
away. A mapping that is written in another form (median and p95 over low, likely and high) replaces what only the old
form knows.
"""

from __future__ import annotations

import json
from dataclasses import replace

from stepladder.data.formats.problem import Path
from stepladder.data.reading.tree import Node, read_yaml
from stepladder.errors import Issue, Location, UsageError

#: What can be written in one of several forms: where (``*``: any name; in a system too), and the keys of each form.
FORMS: tuple[tuple[Path, tuple[frozenset[str], ...]], ...] = (
    (("threats", "*", "loss_per_event"), (frozenset(("low", "likely", "high")), frozenset(("median", "p95")))),
    (("threats", "*"), (frozenset(("expected_loss_per_year",)), frozenset(("events_per_year", "loss_per_event")))),
)


def relayer(node: Node, layer: str) -> Node:
    """The same tree, marked as coming from another layer."""
    if isinstance(node.value, dict):
        return replace(node, layer=layer, value={key: relayer(child, layer) for key, child in node.value.items()})
    if isinstance(node.value, list):
        return replace(node, layer=layer, value=[relayer(child, layer) for child in node.value])
    return replace(node, layer=layer)


def overlay(base: Node, brick: Node, path: Path = ()) -> Node:
    """A new tree: ``brick`` laid over ``base``, which stands at a path of the scenario."""
    if not (isinstance(base.value, dict) and isinstance(brick.value, dict)):
        return brick
    replaced = _other_forms(brick, path) & base.value.keys()
    merged = {key: child for key, child in base.value.items() if key not in replaced}
    for key, child in brick.value.items():
        if child.value is None:
            merged.pop(key, None)
        elif key in merged:
            merged[key] = overlay(merged[key], child, (*path, key))
        else:
            merged[key] = child
    return replace(brick if replaced else base, value=merged)


def _other_forms(brick: Node, path: Path) -> frozenset[str]:
    """The keys of all other forms, where a mapping speaks in one form and no other."""
    place = path[2:] if path[:1] == ("systems",) else path
    named = {key for key, child in brick.mapping.items() if child.value is not None}
    for pattern, forms in FORMS:
        spoken = [form for form in forms if form & named]
        if (
            len(spoken) == 1
            and len(place) == len(pattern)
            and all(wanted in ("*", part) for wanted, part in zip(pattern, place, strict=True))
        ):
            return frozenset().union(*forms) - spoken[0]
    return frozenset()


def changes(base: Node, changed: Node, path: Path = ()) -> list[str]:
    """What differs, as ``path: old -> new (file:line:column)``, in the order of the file."""
    if isinstance(base.value, dict) and isinstance(changed.value, dict):
        lines = []
        for key in [*base.value, *(key for key in changed.value if key not in base.value)]:
            before, after = base.value.get(key), changed.value.get(key)
            if before is None or after is None:
                lines.append(_change((*path, key), before, after))
            elif before is not after:
                lines += changes(before, after, (*path, key))
        return lines
    return [] if base.plain() == changed.plain() else [_change(path, base, changed)]


def _change(path: Path, before: Node | None, after: Node | None) -> str:
    old, new = (json.dumps(node.plain(), ensure_ascii=False) if node else "nothing" for node in (before, after))
    return f"{'.'.join(map(str, path))}: {old} -> {new}" + (f" ({after.at})" if after else "")


def assign(base: Node, assignment: str) -> tuple[Node, list[Issue]]:
    """Lay one ``path=value`` of the command line over a tree.

    The value is read as YAML. A key with dots in it, such as a step's id, is found by the longest key that exists.
    """
    try:
        assignment.encode()
    except UnicodeEncodeError:
        raise UsageError(f"--set {assignment!r}: not UTF-8; write it as UTF-8") from None
    path, equals, text = assignment.partition("=")
    if not equals or not path.strip():
        raise UsageError(f"--set {assignment!r}: write it as path=value, such as budget.amount=150000")
    shown = f"--set {path}"
    value, issues = read_yaml(text or "null", shown, "set")
    place = Location(shown)
    brick = value if value is not None else Node(None, place, layer="set")
    for key in reversed(_keys(base, path.strip())):
        brick = Node({key: replace(brick, key_at=place)}, place, layer="set")
    return overlay(base, brick), issues


def _keys(base: Node, path: str) -> list[str]:
    keys: list[str] = []
    node: Node | None = base
    while path:
        known = [key for key in (node.mapping if node else {}) if path == key or path.startswith(key + ".")]
        key = max(known, key=len, default=path.split(".", 1)[0])
        keys.append(key)
        path = path[len(key) + 1 :]
        node = node.child(key) if node else None
    return keys
