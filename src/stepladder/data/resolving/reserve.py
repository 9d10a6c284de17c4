"""What is held back of a limit: parts of it, or amounts, by period, fiscal year or horizon."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal

from stepladder.data.formats.limits import Limit
from stepladder.data.formats.problem import Path
from stepladder.data.resolving.parts import Desk

Spread = Callable[[Decimal, int], list[Decimal]]


def spread(amount: Decimal, count: int, unit: Decimal) -> list[Decimal]:
    """An amount in so many parts of whole units, the remainder in the last."""
    each = (amount / count).quantize(unit, ROUND_FLOOR)
    return [each] * (count - 1) + [amount.quantize(unit, ROUND_FLOOR) - each * (count - 1)]


def part_of_year(desk: Desk, span: range) -> Decimal:
    """How much of a fiscal year these periods are: 1 of a whole one."""
    part = sum((Decimal(repr(desk.calendar.periods[t].years)) for t in span), Decimal(0))
    # Twelfths of a year do not add up to one exactly; a whole year is a whole year.
    return part.quantize(Decimal("0.000001")) if part < Decimal("0.999999") else Decimal(1)


def by_year(desk: Desk, amount: Decimal, unit: Decimal) -> list[Decimal]:
    """A yearly amount by period: each fiscal year's part of it evenly over its periods, in whole units."""
    amounts: list[Decimal] = []
    for year in desk.calendar.years:
        span = range(year.from_, year.to + 1)
        amounts += spread(amount * part_of_year(desk, span), len(span), unit)
    return amounts


def withheld(desk: Desk, limit: Limit, per: str, path: Path, shares: Sequence[Decimal], unit: Decimal) -> list[Decimal]:
    """What is held back in each period of what it adds; more than that is an issue."""
    given = limit.reserve
    if given is None:
        return [Decimal(0)] * len(shares)
    table = given if isinstance(given, dict) else {"default": given}
    spans = [range(year.from_, year.to + 1) for year in desk.calendar.years]
    spans = [range(len(shares))] if per == "horizon" else spans
    held: list[Decimal] = []
    for span in spans:
        said = [_said(desk, table, per, t) for t in span]
        amounts = [Decimal(0) if isinstance(one, str) else Decimal(repr(one)) for one in said]
        if per == "horizon":
            amounts = spread(amounts[0], len(span), unit)
        elif per == "year":
            amounts = spread(amounts[0] * part_of_year(desk, span), len(span), unit)
        held += [
            (shares[t] * _share(one)).quantize(unit, ROUND_CEILING) if isinstance(one, str) else amount
            for t, one, amount in zip(span, said, amounts, strict=True)
        ]
    over = next((t for t, (part, share) in enumerate(zip(held, shares, strict=True)) if part > share), None)
    if over is not None:
        label = desk.calendar.periods[over].label
        message = f"{held[over]} is held back in {label}, where {shares[over]} is there; hold back less"
        desk.wrong((*path, "reserve"), "SL104", message)
    return held


def _said(desk: Desk, table: Mapping[str, str | float], per: str, t: int) -> str | float:
    """What is said of a period: by its label where the limit is by period, by its year, or for all."""
    if per == "horizon":
        return table.get("default", 0.0)
    year = next(year for year in desk.calendar.years if year.from_ <= t <= year.to)
    names = [desk.calendar.periods[t].label] if per == "period" else []
    return next((table[name] for name in (*names, year.label, year.label[:4], "default") if name in table), 0.0)


def _share(text: str) -> Decimal:
    return Decimal(text.rstrip(" %")) / 100
