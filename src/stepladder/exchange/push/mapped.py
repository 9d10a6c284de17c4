"""What a mapping makes of one item: its user, its fields filled in, and a line of it for people."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from stepladder.data.actuals import scalar
from stepladder.data.formats.mapping import PLACEHOLDER, TrackerMap
from stepladder.errors import UsageError
from stepladder.exchange.tracker import Wanted
from stepladder.wording.text import clean

#: Hours of a person-day.
HOURS = 8
#: Names that a sentence lists; nobody reads more.
NAMED = 12


def user_of(mapping: TrackerMap, wanted: Wanted) -> str:
    """The user to whom a step is assigned: its owner's, else that of the first of its teams that has one; empty where
    nobody has.
    """
    return next((mapping.assignees[name] for name in wanted.people if name in mapping.assignees), "")


def without_user(mapping: TrackerMap, wanted: Iterable[Wanted]) -> tuple[str, ...]:
    """Owners whose steps stay unassigned, in the order of their names."""
    owners = {want.about.get("owner", "") for want in wanted if not user_of(mapping, want)}
    return tuple(sorted(owners - {""}))


def filled(value: Any, about: Mapping[str, str]) -> Any:
    """The value of a field with every placeholder replaced, also in lists and mappings."""
    if isinstance(value, str):
        return PLACEHOLDER.sub(lambda match: about.get(match[1], ""), value)
    if isinstance(value, list):
        return [filled(one, about) for one in value]
    if isinstance(value, dict):
        return {name: filled(one, about) for name, one in value.items()}
    return value


def fields_of(mapping: TrackerMap, wanted: Wanted) -> dict[str, Any]:
    """The further fields of an item as the mapping names them, filled in; without those of which nothing remains."""
    values = {name: filled(value, wanted.about) for name, value in mapping.fields.items()}
    return {name: value for name, value in values.items() if value != ""}


def settings(mapping: TrackerMap, wanted: Wanted) -> dict[str, str]:
    """What a mapping sets when a step or a dated demand is made, by its key or the field's name, for people."""
    type_ = mapping.type if wanted.kind == "item" else mapping.milestone_type or mapping.type
    own: dict[str, Any] = {
        "type": type_,
        "priority": mapping.priority,
        "assignee": user_of(mapping, wanted),
        "labels": list(mapping.labels),
        "components": list(mapping.components),
        "category": mapping.category,
        "estimate": estimate(wanted.days) if mapping.estimates and wanted.days else None,
        **fields_of(mapping, wanted),
    }
    return {clean(name): clean(shown(value)) for name, value in own.items() if value not in (None, "", [])}


def shown(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, list):
        return ", ".join(map(shown, value))
    if isinstance(value, dict):
        return ", ".join(map(shown, value.values()))
    return ("true" if value else "false") if isinstance(value, bool) else str(value)


def estimate(days: float) -> str:
    """Person-days as hours and minutes."""
    minutes = round(days * HOURS * 60)
    parts = [f"{minutes // 60}h" if minutes >= 60 else "", f"{minutes % 60}m" if minutes % 60 or not minutes else ""]
    return " ".join(filter(None, parts))


def absent(place: str, kind: str, name: str, known: Sequence[str]) -> str:
    """That there is no such thing in the tracker, and those that there are, the nearest first.

    Parameters
    ----------
    place
        Where it is looked for: ``this project``.
    kind
        What it is: ``priority``.
    name
        As the mapping names it.
    known
        The names of all that there are; empty where the tracker does not tell.
    """
    names = nearest(name, known)
    more = f" and {len(names) - NAMED:,} more" if len(names) > NAMED else ""
    there = f"; it has {', '.join(names[:NAMED])}{more}" if names else ""
    return f"{place} has no {kind} {name!r}{there}"


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Names, those first that are most like one; of names that are as like as each other the first in the alphabet."""

    def likeness(other: str) -> tuple[float, str]:
        """How unlike another name is, then the name."""
        return -difflib.SequenceMatcher(None, name.casefold(), other.casefold()).ratio(), other

    return sorted(dict.fromkeys(known), key=likeness)


def match(name: str, known: Mapping[str, Iterable[str]]) -> str | None:
    """Which of several is meant, by any of the names that it has, in capitals or not; None where none is."""
    wanted = _folded(name)
    return next((key for key, names in known.items() if wanted in map(_folded, names)), None)


def _folded(name: str) -> str:
    return re.sub(r"\s+", " ", name).strip().casefold()


def asked(what: str, fields: Mapping[str, tuple[str, Sequence[str]]]) -> str:
    """That fields must be set, and the lines of YAML that set them: of each the first value that may be, and the others
    as a remark.

    Parameters
    ----------
    what
        Of what: ``every issue here``.
    fields
        By name, the id, and the values that may be; none where any may.
    """
    names = " and ".join(f"{name!r} ({number})" for name, (number, _) in fields.items())
    rows = "\n".join(f"    {scalar(name)}: {_sample(values)}" for name, (_, values) in fields.items())
    return f"{what} must have {names}, and the mapping (--map) does not set it; add to it:\n  fields:\n{rows}"


def numeric(name: str, value: Any) -> float:
    """A value of a field that takes numbers.

    Raises
    ------
    UsageError
        When it is none.
    """
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    if not re.fullmatch(r"-?\d+(\.\d+)?", str(value)):
        raise UsageError(f"the field {name!r} takes a number, and the mapping makes {shown(value)!r} of it")
    return float(value)


def _sample(values: Sequence[str]) -> str:
    if not values:
        return "…"
    others = ", ".join(values[1:NAMED])
    return scalar(values[0]) + (f"  # or {others}" if others else "")
