"""What comes again and again after a step is finished, such as a certificate or a training: money and person-days."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from stepladder.data.formats.base import Amount, Id, Money, Record
from stepladder.data.formats.estimate import UncertainDays, UncertainMoney
from stepladder.data.formats.money import ratio, shown
from stepladder.data.formats.patterns import EVERY

_MONTHS = re.compile(r"([1-9]\d{0,2}) ?(month|year)s?")


def _months(value: Any) -> Any:
    """``12 months``, ``1 year`` and 12 are the same time."""
    if not isinstance(value, str):
        return value
    found = _MONTHS.fullmatch(value)
    if not found:
        raise ValueError(f"{value!r} is no time between renewals; write 12 months, 2 years, or a number of months")
    return int(found[1]) * (12 if found[2] == "year" else 1)


#: Whole months, as a number or in words.
Months = Annotated[
    int,
    BeforeValidator(_months),
    Field(ge=1, le=600),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "integer", "minimum": 1, "maximum": 600},
                {"type": "string", "pattern": EVERY},
            ]
        }
    ),
]


class Renew(Record):
    """What comes again in whole months after the finish; it takes the place of what a more general table says. A more
    specific one with ``every`` alone takes it away.
    """

    every: Months
    """Time from the finish to the first renewal and from each to the next: 12 months, 1 year, or 12."""
    once: UncertainMoney | None = None
    """What each of them costs, in currency; running cost."""
    effort: dict[Id, UncertainDays] | None = None
    """Person-days of each of them, by role or team."""


class Renewal(Record):
    """What comes again after the finish, without end."""

    every: Annotated[int, Field(ge=1, le=100_000)]
    """Periods from the finish to the first renewal, and from each to the next."""
    a_year: Annotated[float, Field(gt=0, le=1000)]
    """How many there are a year on average, after the horizon."""
    once: Money = 0.0
    """What each of them costs, with no more decimals than the currency has; running cost of its period."""
    effort: dict[str, Amount] = {}
    """Person-days of each of them, by team."""

    @property
    def money_a_year(self) -> Fraction:
        """What they cost a year on average, exactly."""
        return Fraction(*ratio(self.once)) * Fraction(*ratio(self.a_year))

    def days_a_year(self, team: str) -> Fraction:
        """The person-days of a team a year on average, exactly."""
        return Fraction(*ratio(self.effort.get(team, 0.0))) * Fraction(*ratio(self.a_year))

    def said(self, currency: str) -> str:
        """In words, such as ``500 EUR, 3 person-days of plant every 4 periods``."""
        parts = [shown(self.once, currency)] if self.once else []
        parts += [f"{days:g} person-days of {team}" for team, days in self.effort.items() if days]
        return f"{', '.join(parts)} every {'period' if self.every == 1 else f'{self.every:,} periods'}" if parts else ""

    def periods(self, finish: int, horizon: int) -> range:
        """The periods of the horizon in which there is one, for a step that finishes in this one."""
        return range(finish + self.every, horizon, self.every)
