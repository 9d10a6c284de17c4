"""Money has its currency's digits: every amount that is paid is a whole number of the currency's smallest units (minor
units, ISO 4217).

The only home of how many digits a currency has. The list is ISO 4217's, kept here rather than asked for, so that short
commands need no library of locales; CLDR, which those know, has the digits in daily use instead, where small coins went
out of use (HUF, IDR).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from functools import lru_cache

from stepladder.data.formats.base import LARGEST, meant

#: Digits after the decimal point where they are not two.
_DIGITS: dict[str, int] = {
    **dict.fromkeys(
        (
            "BIF",
            "CLP",
            "DJF",
            "GNF",
            "ISK",
            "JPY",
            "KMF",
            "KRW",
            "PYG",
            "RWF",
            "UGX",
            "UYI",
            "VND",
            "VUV",
            "XAF",
            "XOF",
            "XPF",
        ),
        0,
    ),
    **dict.fromkeys(("BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"), 3),
    **dict.fromkeys(("CLF", "UYW"), 4),
}
#: What is not a currency of that list, or no currency at all, such as points, has two.
_USUAL = 2
#: No currency has more.
MOST_DIGITS = max(_DIGITS.values())
_MORE_THAN = {0: "decimals", 2: "more than two decimals", 3: "more than three decimals", 4: "more than four decimals"}

_NUMBER = re.compile(r"\+?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?", re.ASCII)
#: One group of three digits or more after a dot, as many countries write thousands.
_GROUPED = re.compile(r"[-+]?[1-9]\d{0,2}\.\d{3}")


def digits(currency: str) -> int:
    """Digits after the decimal point: 2 for EUR, 0 for JPY, 3 for KWD; 2 for what ISO 4217 does not list."""
    return _DIGITS.get(currency, _USUAL)


def units(currency: str) -> int:
    """How many smallest units make one unit of a currency: 100 for EUR, 1 for JPY, 1000 for KWD."""
    return int(10 ** digits(currency))


def smallest(currency: str) -> Decimal:
    """The smallest amount: 0.01 for EUR, 1 for JPY, 0.001 for KWD."""
    return Decimal(1).scaleb(-digits(currency))


def nearest(amount: float, currency: str) -> float:
    """Rounded to whole smallest units, halves up, so that 0.005 does not depend on a binary fraction."""
    return float(Decimal(repr(amount)).quantize(smallest(currency), ROUND_HALF_UP))


@lru_cache(maxsize=262_144)
def ratio(value: float) -> tuple[int, int]:
    """The decimal number that a float was written as: numerator and denominator."""
    return Decimal(repr(value)).as_integer_ratio()


def total(amounts: Iterable[float]) -> Fraction:
    """The sum of amounts as they were written, exactly."""
    # Those with the same denominator are added as whole numbers: so are most, and fractions take long.
    parts: dict[int, int] = {}
    for amount in amounts:
        if amount:
            many, of = ratio(amount)
            parts[of] = parts.get(of, 0) + many
    return sum((Fraction(many, of) for of, many in parts.items()), Fraction(0))


def below(amount: Fraction, currency: str) -> float:
    """The largest whole number of smallest units that is not more."""
    count = units(currency)
    return (amount * count).__floor__() / count


def even(amount: float, parts: int, currency: str) -> list[Fraction]:
    """An amount in so many parts of whole smallest units: all the same but the last, which has the rest too."""
    return evenly(amount, parts, units(currency))


def evenly(amount: float, parts: int, count: int) -> list[Fraction]:
    """The same of anything of which ``count`` smallest parts make one."""
    whole = round(Fraction(repr(amount)) * count)
    each = Fraction(whole // parts, count)
    return [*[each] * (parts - 1), Fraction(whole, count) - each * (parts - 1)]


def is_whole(amount: float, currency: str) -> bool:
    """Whether an amount, as the decimal that was written, is a whole number of smallest units."""
    # Most amounts are whole even in the currency itself, which is seen sooner.
    return amount % 1 == 0 or (Fraction(repr(amount)) * units(currency)).denominator == 1


def text(amount: float, currency: str) -> str:
    """For programs: all digits of the currency, a dot, no separators."""
    return f"{amount:.{digits(currency)}f}"


def said(amount: float, currency: str) -> str:
    """In a sentence that is kept in a file: all digits of the currency, thousands set off, its name."""
    return f"{amount:,.{digits(currency)}f}" + (f" {currency}" if currency else "")


def shown(amount: float, currency: str) -> str:
    """The same in a remark, as pages write it: digits after the point below a thousand only, unless the amount is
    whole.
    """
    short = abs(amount) >= 1000 or amount == int(amount)
    return f"{amount:,.0f}{f' {currency}' if currency else ''}" if short else said(amount, currency)


def thousands(amount: float, written: str) -> str | None:
    """What is wrong with a number whose dot stands where thousands are set off, such as ``1.500`` days; None where
    it does not.
    """
    if not _GROUPED.fullmatch(written):
        return None
    return f"{written} is read as {amount:.12g}, {_two_readings(written, f'{amount:.12g}')}"


def _two_readings(written: str, plainly: str) -> str:
    return (
        f"as the dot begins the decimals; write {written.replace('.', '')} if thousands are meant, and {plainly} if not"
    )


def wrong(amount: float, currency: str, written: str = "") -> str | None:
    """What is wrong with an amount that somebody wrote, and how to write it; None where nothing is.

    Parameters
    ----------
    amount
        The number as it was read.
    currency
        Its currency.
    written
        Its characters, where they are known: ``150.000`` and ``1.500`` are thousands to half of the world.
    """
    if isinstance(amount, int):
        return None
    shown = written or repr(amount)
    whole = is_whole(amount, currency)
    grouped = digits(currency) < 3 and _GROUPED.fullmatch(shown)
    if whole and not grouped:
        return None
    rounded = Decimal(repr(amount)).quantize(smallest(currency), ROUND_HALF_UP)
    if grouped:
        return (
            f"{shown} {f'is read as {rounded}' if whole else f'has {_MORE_THAN[digits(currency)]}'},"
            f" {_two_readings(shown, str(rounded))}"
        )
    return (
        f"{shown} has {_MORE_THAN[digits(currency)]}; {currency or 'money'} is counted in steps of"
        f" {smallest(currency)}: write {rounded}"
    )


def parse(text: str, currency: str, what: str = "an amount of money") -> float:
    """An amount that somebody types; ``what`` it is, for the message.

    Raises
    ------
    ValueError
        When it is none, is larger than any amount may be, or is finer than its currency; the message says how to write
        it.
    """
    typed = text.strip()
    if not _NUMBER.fullmatch(typed):
        likely = meant(typed).lstrip("+")
        raise ValueError(
            f"{text!r} is not {what}; write {likely if likely and likely[0] != '-' else 'a number such as 250000'}"
        )
    amount = float(typed)
    if amount > LARGEST:
        raise ValueError(f"{text!r} is more than {LARGEST:,.0f}, the largest amount that can be planned")
    message = wrong(amount, currency, typed)
    if message:
        raise ValueError(message)
    return amount
