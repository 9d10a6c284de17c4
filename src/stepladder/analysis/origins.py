"""Where numbers were written, after their steps, threats and limits have come to stand elsewhere in a question."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from typing import Any

from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import Problem

#: Lists of a question into which pointers lead, with what their items are called.
_NAMED = {
    "steps": ("id",),
    "threats": ("id",),
    "achievements": ("id",),
    "windows": ("resource", "to", "label"),
}


def followed(
    origins: Mapping[str, Origin], before: Problem, after: Problem, steps: Collection[str] | None = None
) -> dict[str, Origin]:
    """The origins of the numbers that are the same in both questions, each by where it stands in the second one; a
    number that is another now was not written where the old one was.

    Parameters
    ----------
    origins
        By JSON pointer into ``before``.
    before, after
        The questions.
    steps
        Only the numbers of these steps; all numbers when left out.
    """
    places = {kind: _places(getattr(after, kind), keys) for kind, keys in _NAMED.items()}
    named = {kind: list(_places(getattr(before, kind), keys)) for kind, keys in _NAMED.items()}
    moved = {}
    for pointer, origin in origins.items():
        _, kind, place, *rest = [*pointer.split("/"), "", ""]
        names = named.get(kind, [])
        if not place.isdecimal() or int(place) >= len(names):
            continue
        name = names[int(place)]
        there = places[kind].get(name)
        if there is None or (steps is not None and (kind != "steps" or name[0] not in steps)):
            continue
        if _same(getattr(before, kind)[int(place)], getattr(after, kind)[there], rest[0]):
            moved["/".join(["", kind, str(there), *pointer.split("/")[3:]])] = origin
    return moved


def _places(items: Iterable[Any], keys: tuple[str, ...]) -> dict[tuple[Hashable, ...], int]:
    """By name, and of the same name by their order, the number of each item."""
    places: dict[tuple[Hashable, ...], int] = {}
    for k, item in enumerate(items):
        name: tuple[Hashable, ...] = tuple(getattr(item, key) for key in keys)
        again = sum(known[: len(name)] == name for known in places) if name in places else 0
        places[(*name, again) if again else name] = k
    return places


def _same(one: Any, other: Any, field: str) -> bool:
    return bool(getattr(one, field, None) == getattr(other, field, None))
