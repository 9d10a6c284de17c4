"""Where numbers were written, after their steps, threats and limits have come to stand elsewhere in a question."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
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
    return {
        there: origin
        for there, origin, name, same in _moved(origins, before, after)
        if same and (steps is None or name in steps)
    }


def written(origins: Mapping[str, Origin], before: Problem, after: Problem) -> dict[str, str]:
    """In which file and line what is asked was written, by where it stands in the second question: a limit of which
    less is left, or a date that has moved, is still the one that stands there.
    """
    return {there: origin.at for there, origin, _, _ in _moved(origins, before, after)}


def _moved(
    origins: Mapping[str, Origin], before: Problem, after: Problem
) -> Iterator[tuple[str, Origin, str | None, bool]]:
    """Of each number that both questions have: where it stands in the second one, its origin, of a step its id, and
    whether it is the same.
    """
    places = {kind: _places(getattr(after, kind), keys) for kind, keys in _NAMED.items()}
    named = {kind: list(_places(getattr(before, kind), keys)) for kind, keys in _NAMED.items()}
    for pointer, origin in origins.items():
        _, kind, place, *rest = [*pointer.split("/"), "", ""]
        names = named.get(kind, [])
        if not place.isdecimal() or int(place) >= len(names):
            continue
        name = names[int(place)]
        there = places[kind].get(name)
        if there is not None:
            same = _same(getattr(before, kind)[int(place)], getattr(after, kind)[there], rest[0])
            step = str(name[0]) if kind == "steps" else None
            yield "/".join(["", kind, str(there), *pointer.split("/")[3:]]), origin, step, same


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
