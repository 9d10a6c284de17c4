"""A plan's file with one value changed: every value of it, in every way that an accident could change one."""

from __future__ import annotations

import copy
import datetime
import json
import re
from collections.abc import Iterator
from typing import Any

from stepladder.data.formats.plan import Plan, faults
from stepladder.errors import InvalidInput
from stepladder.solution.verify import verify

Place = tuple[str | int, ...]
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def places(held: Any, at: Place = ()) -> Iterator[tuple[Place, Any]]:
    """Every value of a file with its place; mappings and lists are values too."""
    if at:
        yield at, held
    if isinstance(held, dict):
        for key, value in held.items():
            yield from places(value, (*at, key))
    elif isinstance(held, list):
        for k, value in enumerate(held):
            yield from places(value, (*at, k))


def changes(value: Any) -> Iterator[tuple[str, Any]]:
    """What a value may become, by the name of the change; deleting is another matter."""
    if isinstance(value, bool):
        yield from (("sign", not value), ("text", "text"))
    elif isinstance(value, (int, float)):
        yield from (("+1", value + 1), ("-1", value - 1), ("text", "text"))
        if value:
            yield from (("sign", -value), ("doubled", value * 2))
    elif isinstance(value, str) and _DATE.fullmatch(value):
        day = datetime.date.fromisoformat(value)
        yield from (
            (name, str(day + datetime.timedelta(days=days)))
            for name, days in (("+1", 1), ("-1", -1), ("+100", 100), ("-100", -100))
        )
        yield "text", "text"
    elif isinstance(value, str):
        yield from (("text", value + " indeed"), ("text", "text"), ("doubled", value + value))
    elif value is None:
        yield from (("+1", 1), ("text", "text"))
    elif isinstance(value, list):
        yield from ((("doubled", value + value[-1:]),) if value else ())


def pattern(place: Place, document: Any) -> str:
    """A place with numbers and names of steps, threats and the like as stars."""
    free = {"starts", "not_planned", "effort", "factors", "levels", "origins", "teams", "made_with"}
    parts, above = [], ""
    for k, part in enumerate(place):
        named = above in free or (above == "steps" and place[0] == "context")
        parts.append("*" if isinstance(part, int) or (named and k) else str(part))
        above = "" if isinstance(part, int) or named else str(part)
    return ".".join(parts)


def tampered(document: Any) -> Iterator[tuple[Place, str, Any]]:
    """Every file with one value changed: where, how, and the file."""
    for place, value in places(document):
        for name, other in (*changes(value), ("deleted", None)):
            found = copy.copy(document)
            held = found
            for part in place[:-1]:
                held[part] = copy.copy(held[part])
                held = held[part]
            if name == "deleted":
                del held[place[-1]]
            else:
                held[place[-1]] = other
            yield place, name, found


def refused(document: Any) -> str | None:
    """Why a file is refused, by the reader or by the verifier; None where it is not."""
    try:
        plan = Plan.model_validate_json(json.dumps(document))
    except ValueError:
        return "format"
    if any(faults(plan)):
        return "format"
    try:
        found = verify(plan)
    except InvalidInput:
        return "format"
    return found[0].rule if found else None
