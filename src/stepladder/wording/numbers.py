"""Numbers as people read them. A figure that is a proof is rounded to the safe side: bounds down, gaps up, use of a
limit down.

Inside ``written_as`` all of them are written as a country's people write them; else as ``1,234.5 EUR`` and ``31 Mar
2027``.
"""

from __future__ import annotations

import copy
import datetime
import math
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from stepladder.data.formats.money import digits as digits_of
from stepladder.data.formats.problem import Period
from stepladder.data.objective import POINTS
from stepladder.errors import UsageError
from stepladder.wording.text import clean, cut, isolated

if TYPE_CHECKING:
    from babel import Locale
    from babel.numbers import NumberPattern

#: Smaller amounts show the currency's decimals, unless they are whole.
_DECIMALS_BELOW = 1000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


_LOCALE: ContextVar[Locale | None] = ContextVar("locale", default=None)
_QUARTER, _MONTH = re.compile(r"(\d{4})-Q([1-4])"), re.compile(r"(\d{4})-(\d\d)")


@contextmanager
def written_as(name: str) -> Iterator[None]:
    """Write numbers, currencies, dates and quarters as a locale does, such as ``en``, ``en_GB`` or ``de``, until the
    context ends.

    Raises
    ------
    UsageError
        When there is no such locale.
    """
    from babel import Locale, UnknownLocaleError

    try:
        locale = Locale.parse(name.replace("-", "_"))
    except (UnknownLocaleError, ValueError, TypeError):
        raise UsageError(
            f"{name!r} is no locale; write a language, and a country if it matters, such as en, en_GB, de or de_CH"
        ) from None
    token = _LOCALE.set(locale)
    try:
        yield
    finally:
        _LOCALE.reset(token)


def _pattern(kind: Literal["decimal", "percent", "currency"], least: int, most: int) -> NumberPattern | None:
    """How a locale writes such a number, with so many decimals; None outside all locales."""
    locale = _LOCALE.get()
    if locale is None:
        return None
    patterns = {
        "decimal": locale.decimal_formats[None],
        "percent": locale.percent_formats[None],
        "currency": locale.currency_formats["standard"],
    }[kind]
    pattern: NumberPattern = copy.copy(patterns)
    pattern.frac_prec = (least, most)
    return pattern


def _decimal(number: float | Decimal, least: int, most: int) -> str:
    """With thousands separators and at least and at most so many decimals."""
    pattern = _pattern("decimal", least, most)
    if pattern is not None:
        return str(pattern.apply(number, _LOCALE.get()))
    shown = f"{number:,.{most}f}"
    if most > least:
        whole, _, rest = shown.partition(".")
        rest = rest.rstrip("0").ljust(least, "0")
        shown = f"{whole}.{rest}" if rest else whole
    return "0" if shown == "-0" else shown


def whole(number: int) -> str:
    """A whole number, with thousands separators."""
    return _decimal(number, 0, 0)


def label(period: Period) -> str:
    """A period's name: quarters and months of the calendar as the locale writes them, all others as the question
    does.
    """
    locale = _LOCALE.get()
    for pattern, skeleton, months in ((_QUARTER, "yQQQ", 3), (_MONTH, "yMMM", 1)):
        match = pattern.fullmatch(period.label)
        if locale is None or match is None or period.start is None:
            continue
        first = datetime.date(int(match[1]), (int(match[2]) - 1) * months % 12 + 1, 1)
        if first == period.start:
            from babel.dates import format_skeleton

            return format_skeleton(skeleton, first, locale=locale)
    return clean(period.label)


def money(amount: float, currency: str = "") -> str:
    """``1,234,567 EUR``; the currency's decimals only below a thousand."""
    return _money(amount, currency, round)


def bare(amount: float, currency: str) -> str:
    """The same without the currency, for tables that name it above."""
    return _money(amount, currency, round, named=False)


def money_down(amount: float, currency: str = "", *, named: bool = True) -> str:
    """The same, never more than the amount: for proved bounds."""
    return _money(amount, currency, math.floor, named=named)


def money_up(amount: float, currency: str = "", *, named: bool = True) -> str:
    """The same, never less than the amount: for the upper end of what is proved."""
    return _money(amount, currency, math.ceil, named=named)


def _money(amount: float, currency: str, rounding: Callable[[Fraction], int], *, named: bool = True) -> str:
    digits = digits_of(currency) if abs(amount) < _DECIMALS_BELOW and amount != int(amount) else 0
    # Rounding the decimal that is meant, not its nearest double: 0.29 is 29 cents.
    number = Decimal(rounding(Fraction(repr(float(amount))) * 10**digits)).scaleb(-digits)
    locale = _LOCALE.get()
    pattern = _pattern("currency", digits, digits) if named else None
    if pattern is not None and locale is not None and currency in locale.currencies:
        return str(pattern.apply(number, locale, currency=currency, currency_digits=False))
    shown = _decimal(number, digits, digits)
    noun = currency.removesuffix("s") if (currency, shown) == (POINTS, "1") else currency
    return f"{shown} {noun}" if currency and named else shown


def amount(number: float, most: int = 2) -> str:
    """A number of person-days or the like: at most two decimals, or so many, none that are zero."""
    return _decimal(number, 0, most)


def count(number: int, noun: str, plural: str = "") -> str:
    """``1 step``, ``12 steps``, ``no steps``."""
    many = plural or noun + "s"
    return f"no {many}" if number == 0 else f"{whole(number)} {noun if number == 1 else many}"


def _percent(part: float, least: int, most: int) -> str:
    """``12.5 %``, of a part of one."""
    pattern = _pattern("percent", least, most)
    return (
        f"{_decimal(part * 100, least, most)} %"
        if pattern is None
        else str(pattern.apply(Decimal(repr(part)), _LOCALE.get()))
    )


def share(part: float) -> str:
    """A share of a whole, to the nearest percent; one decimal below ten percent."""
    if 0 < part < 0.001:
        return f"less than {_percent(0.001, 0, 1)}"
    digits = 1 if part < 0.1 else 0
    return _percent(round(part * 100, digits) / 100, 0, digits)


def use(used: float, limit: float) -> str:
    """How much of a limit is used, rounded down: 100 % means all of it."""
    return _percent(math.floor(used / limit * 100 + 1e-9) / 100, 0, 0) if limit > 0 else "–"


def gap(relative: float) -> str:
    """A gap in percent, rounded up to two decimals."""
    return _percent(math.ceil(relative * 10000 - 1e-9) / 10000, 2, 2)


def wanted_gap(relative: float) -> str:
    """A gap that somebody asked for, in percent, as it was written."""
    return _percent(relative, 0, 9)


def day(date: datetime.date) -> str:
    """``31 Mar 2027``, whatever the language of the machine."""
    locale = _LOCALE.get()
    if locale is not None:
        from babel.dates import format_date

        return format_date(date, "medium", locale)
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
        return isolated(cut(clean(titles[name]), 40))
    words = {"money_once": "investment", "money_per_year": "running cost"}.get(name, name.replace("_", " "))
    return words[:1].upper() + words[1:] if begins else words


def bar(value: float, largest: float, width: int) -> str:
    """A bar as long as the value is large; anything above zero shows."""
    if value <= 0 or largest <= 0:
        return ""
    return "█" * max(1, round(min(value / largest, 1.0) * width))
