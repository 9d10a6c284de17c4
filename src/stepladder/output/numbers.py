"""Numbers as people read them. A figure that is a proof is rounded to the safe side: bounds down, gaps up, use of a limit down."""

from __future__ import annotations

import datetime
import math
from collections.abc import Mapping
from fractions import Fraction

from stepladder.output.text import clean, cut

#: Smaller amounts show their cents, unless they are whole.
_CENTS_BELOW = 1000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def money(amount: float, currency: str = "") -> str:
    """``1,234,567 EUR``; cents only below a thousand."""
    return _money(amount, currency, round)


def money_down(amount: float, currency: str = "") -> str:
    """The same, never more than the amount: for proved bounds."""
    return _money(amount, currency, math.floor)


def money_up(amount: float, currency: str = "") -> str:
    """The same, never less than the amount: for the upper end of what is proved."""
    return _money(amount, currency, math.ceil)


def _money(amount: float, currency: str, rounding: object) -> str:
    assert callable(rounding)
    # Rounding the decimal that is meant, not its nearest double: 0.29 is 29 cents.
    cents = abs(amount) < _CENTS_BELOW and amount != int(amount)
    whole = rounding(Fraction(repr(float(amount))) * (100 if cents else 1))
    shown = f"{whole / 100:,.2f}" if cents else f"{whole:,}"
    return f"{shown} {currency}" if currency else shown


def amount(number: float) -> str:
    """A number of person-days or the like: at most two decimals, none that are zero."""
    shown = f"{number:,.2f}".rstrip("0").rstrip(".")
    return "0" if shown == "-0" else shown


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 step``, ``12 steps``, ``no steps``."""
    many = plural or noun + "s"
    return f"no {many}" if number == 0 else f"{number:,} {noun if number == 1 else many}"


def share(part: float) -> str:
    """A share of a whole, to the nearest percent; one decimal below ten percent."""
    percent = part * 100
    if 0 < percent < 0.1:
        return "less than 0.1 %"
    return f"{amount(round(percent, 1 if percent < 10 else 0))} %"


def use(used: float, limit: float) -> str:
    """How much of a limit is used, rounded down: 100 % means all of it."""
    return f"{math.floor(used / limit * 100 + 1e-9)} %" if limit > 0 else "–"


def gap(relative: float) -> str:
    """A gap in percent, rounded up to two decimals."""
    return f"{math.ceil(relative * 10000 - 1e-9) / 100:,.2f} %"


def day(date: datetime.date) -> str:
    """``31 Mar 2027``, whatever the language of the machine."""
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def effort(by_team: Mapping[str, float], titles: Mapping[str, str]) -> str:
    """``15 person-days (security 10, operations 5)``; empty without effort."""
    parts = [(team(name, titles), part) for name, part in by_team.items() if part]
    if not parts:
        return ""
    total = math.fsum(part for _, part in parts)
    days = f"{amount(total)} person-day{'' if total == 1 else 's'}"
    if len(parts) == 1:
        return f"{days} of {parts[0][0]}"
    return f"{days} ({', '.join(f'{name} {amount(part)}' for name, part in parts)})"


def cost(once: float, per_year: float, currency: str) -> str:
    """``24,000 EUR once, then 6,000 EUR a year``."""
    if not once and not per_year:
        return "no money"
    if not once:
        return f"{money(per_year, currency)} a year once finished"
    return f"{money(once, currency)} once" + (f", then {money(per_year, currency)} a year" if per_year else "")


def team(name: str, titles: Mapping[str, str], *, begins: bool = False) -> str:
    """A team's title, or its id or the resource's as words; with a capital where it begins a line."""
    if name in titles:
        return cut(clean(titles[name]), 40)
    words = {"money_once": "investment", "money_per_year": "running cost"}.get(name, name.replace("_", " "))
    return words[:1].upper() + words[1:] if begins else words


def bar(value: float, largest: float, width: int) -> str:
    """A bar as long as the value is large; anything above zero shows."""
    if value <= 0 or largest <= 0:
        return ""
    return "█" * max(1, round(min(value / largest, 1.0) * width))
