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
from decimal import Decimal
from fractions import Fraction
from typing import TYPE_CHECKING, Literal

from stepladder.data.formats.money import digits as digits_of
from stepladder.data.formats.problem import Period
from stepladder.data.objective import POINTS
from stepladder.errors import UsageError
from stepladder.wording.language import LOCALE, _, mark, plural
from stepladder.wording.text import begun, clean, cut, isolated

if TYPE_CHECKING:
    from babel.numbers import NumberPattern

#: Smaller amounts show the currency's decimals, unless they are whole.
_DECIMALS_BELOW = 1000
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


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
    token = LOCALE.set(locale)
    try:
        yield
    finally:
        LOCALE.reset(token)


def _pattern(kind: Literal["decimal", "percent", "currency"], least: int, most: int) -> NumberPattern | None:
    """How a locale writes such a number, with so many decimals; None outside all locales."""
    locale = LOCALE.get()
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
        return str(pattern.apply(number, LOCALE.get()))
    shown = f"{number:,.{most}f}"
    if most > least:
        whole, _point, rest = shown.partition(".")
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
    locale = LOCALE.get()
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
    locale = LOCALE.get()
    pattern = _pattern("currency", digits, digits) if named else None
    if pattern is not None and locale is not None and currency in locale.currencies:
        return str(pattern.apply(number, locale, currency=currency, currency_digits=False))
    shown = _decimal(number, digits, digits)
    noun = plural("point", "points", 1 if shown == "1" else 2) if currency == POINTS else currency
    return f"{shown} {noun}" if currency and named else shown


def amount(number: float, most: int = 2) -> str:
    """A number of person-days or the like: at most two decimals, or so many, none that are zero."""
    return _decimal(number, 0, most)


def count(number: int, noun: str, nouns: str = "") -> str:
    """``1 step``, ``12 steps``, ``no steps``; ``nouns`` where it is not the noun and an s."""
    named = plural(noun, nouns or f"{noun}s", number)
    return _("no {things}", things=named) if number == 0 else f"{whole(number)} {named}"


def _percent(part: float, least: int, most: int) -> str:
    """``12.5 %``, of a part of one."""
    pattern = _pattern("percent", least, most)
    return (
        f"{_decimal(part * 100, least, most)} %"
        if pattern is None
        else str(pattern.apply(Decimal(repr(part)), LOCALE.get()))
    )


def share(part: float) -> str:
    """A share of a whole, to the nearest percent; one decimal below ten percent."""
    if 0 < part < 0.001:
        return _("less than {share}", share=_percent(0.001, 0, 1))
    digits = 1 if part < 0.1 else 0
    return _percent(round(part * 100, digits) / 100, 0, digits)


def chance(part: float) -> str:
    """A probability, to two digits that count: ``7.3 %``, ``0.42 %``."""
    if 0 < part < 0.0001:
        return _("less than {share}", share=_percent(0.0001, 0, 2))
    digits = 4 - math.floor(math.log10(part)) - 3 if part else 0
    return _percent(round(part, max(2, digits)), 0, max(0, digits - 2))


def chance_up(part: float) -> str:
    """A probability, never less than it is: for the upper end of what is proved."""
    return _percent(math.ceil(part * 10000 - 1e-9) / 10000, 0, 2)


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
    locale = LOCALE.get()
    if locale is not None:
        from babel.dates import format_date

        return format_date(date, "medium", locale)
    return f"{date.day} {MONTHS[date.month - 1]} {date.year}"


def effort(by_team: Mapping[str, float], titles: Mapping[str, str], per_year: Mapping[str, float] | None = None) -> str:
    """``15 person-days (security 10, operations 5), then 4 person-days a year of security``; empty without effort."""
    once, running = _days(by_team, titles), days_a_year(per_year or {}, titles)
    if not once:
        return _("{days} once finished", days=running) if running else ""
    return _("{once}, then {running}", once=once, running=running) if running else once


def days_a_year(by_team: Mapping[str, float], titles: Mapping[str, str]) -> str:
    """``15 person-days a year (security 10, operations 5)``; empty where there are none."""
    return _days(by_team, titles, often=True)


def _days(by_team: Mapping[str, float], titles: Mapping[str, str], *, often: bool = False) -> str:
    parts = [(team(name, titles), part) for name, part in by_team.items() if part]
    if not parts:
        return ""
    total = math.fsum(part for _name, part in parts)
    shown = _("{days} a year", days=days(total)) if often else days(total)
    if len(parts) == 1:
        return _("{days} of {team}", days=shown, team=parts[0][0])
    return f"{shown} ({', '.join(f'{name} {amount(part)}' for name, part in parts)})"


def days(number: float) -> str:
    """``1 person-day``, ``12.5 person-days``."""
    return plural("{count} person-day", "{count} person-days", number, count=amount(number))


def cost(once: float, per_year: float, currency: str) -> str:
    """``24,000 EUR once, then 6,000 EUR a year``."""
    if not once and not per_year:
        return _("no money")
    if not once:
        return _("{money} a year once finished", money=money(per_year, currency))
    if not per_year:
        return _("{money} once", money=money(once, currency))
    return _("{once} once, then {running} a year", once=money(once, currency), running=money(per_year, currency))


#: What resources are called that are no teams.
RESOURCES = {
    "money": mark("money"),
    "money_once": mark("investment"),
    "money_per_year": mark("running cost"),
    "money_afterwards": mark("cost a year afterwards"),
}


def team(name: str, titles: Mapping[str, str], *, begins: bool = False) -> str:
    """A team's title, or its id or the resource's as words; with a capital where it begins a line."""
    if name in titles:
        words = cut(clean(titles[name]), 40)
    else:
        words = _(RESOURCES[name]) if name in RESOURCES else name.replace("_", " ")
    return isolated(begun(words) if begins else words)


def bar(value: float, largest: float, width: int) -> str:
    """A bar as long as the value is large; anything above zero shows."""
    if value <= 0 or largest <= 0:
        return ""
    return "█" * max(1, round(min(value / largest, 1.0) * width))
