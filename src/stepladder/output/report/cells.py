"""Values of a document and how they are written: in a cell, a sentence, a title."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Sequence
from typing import Any, Literal

from stepladder.data.formats.problem import Period
from stepladder.data.objective import POINTS
from stepladder.wording import numbers
from stepladder.wording.language import _, pair
from stepladder.wording.text import clean

#: How a number is written: as money, with its cents only where it is small; as person-days or the like; as a whole
#: number; as a part of one; as used of a limit, rounded down; as a proved gap, rounded up; as a proved bound, rounded
#: down; as points, and as the most of them that is proved, rounded up.
ValueKind = Literal["text", "money", "amount", "whole", "share", "use", "gap", "bound", "points", "most_points"]
Value = str | float | int | datetime.date | Period | None
#: Shades of a heat map, from the lightest.
SHADES = 6


def shown(value: Value, kind: ValueKind, currency: str = "", *, named: bool = True) -> str:
    """A value as it is written in a cell or a sentence; money with its currency's name, or without."""
    if value is None:
        return ""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, Period):
        return numbers.label(value)
    if isinstance(value, datetime.date):
        return numbers.day(value)
    written: dict[ValueKind, Callable[[Any], str]] = {
        "text": numbers.amount,
        "money": lambda number: (numbers.money if named else numbers.bare)(number, currency),
        "bound": lambda number: numbers.money_down(number, currency, named=named),
        "amount": numbers.amount,
        "whole": lambda number: numbers.whole(round(number)),
        "share": numbers.share,
        "use": lambda number: numbers.use(number, 1.0),
        "gap": numbers.gap,
        "points": lambda number: numbers.money(number, POINTS) if named else numbers.bare(number, POINTS),
        "most_points": lambda number: numbers.money_up(number, POINTS, named=named),
    }
    return written[kind](value)


def sorting(value: Value) -> str:
    """What a table is sorted by where it is not the text of the cell: a number as machines write it, a day or a period
    by its date.
    """
    if value is None or isinstance(value, str):
        return ""
    if isinstance(value, Period):
        return value.start.isoformat() if value.start is not None else ""
    return value.isoformat() if isinstance(value, datetime.date) else repr(value)


def labels(periods: Sequence[Period]) -> tuple[str, ...]:
    """Names of periods, as they are written."""
    return tuple(map(numbers.label, periods))


#: What the rows of tables and the entries of lists are called, where some are not shown: one, and more of them.
MORE = {
    "achievement": pair("more achievement", "more achievements"),
    "cap": pair("more cap", "more caps"),
    "milestone": pair("more milestone", "more milestones"),
    "need": pair("more need", "more needs"),
    "note": pair("more note", "more notes"),
    "period": pair("more period", "more periods"),
    "policy_year": pair("more policy year", "more policy years"),
    "promise": pair("more promise", "more promises"),
    "question": pair("more question", "more questions"),
    "row": pair("more row", "more rows"),
    "rule": pair("more rule", "more rules"),
    "source": pair("more source", "more sources"),
    "step": pair("more step", "more steps"),
    "system": pair("more system", "more systems"),
    "team": pair("more team", "more teams"),
    "threat": pair("more threat", "more threats"),
    "version": pair("more version", "more versions"),
    "year": pair("more year", "more years"),
}


def rest(count: int, noun: str) -> str:
    """That so many are not shown, where some are not; ``noun`` is one of ``MORE``."""
    return _("… and {more}", more=numbers.count(count, *MORE[noun])) if count > 0 else ""


def shade(value: int, most: int) -> int:
    """The shade of a number on a scale up to ``most``, 0 being the lightest."""
    return min(SHADES - 1, round(value / most * (SHADES - 1))) if most else 0
