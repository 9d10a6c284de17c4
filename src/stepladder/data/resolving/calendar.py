"""Periods, fiscal years and dates: from what people write to period indices."""

from __future__ import annotations

import datetime
import math
from dataclasses import dataclass

from stepladder.data.formats.limits import Horizon
from stepladder.data.formats.places import Year
from stepladder.data.formats.problem import Period, Tail

MONTHS = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}


@dataclass(frozen=True)
class Calendar:
    """The horizon in periods and fiscal years."""

    periods: tuple[Period, ...]
    years: tuple[Year, ...]
    tail: Tail
    months: int
    dates: tuple[tuple[datetime.date, datetime.date], ...]

    def starting(self, when: str) -> int | None:
        """The period with this label, or the first that starts on or after this date; None outside the horizon."""
        label = self._label(when)
        if label is not None:
            return label[0]
        date = _date(when)
        return None if date is None else next((t for t, (start, _) in enumerate(self.dates) if start >= date), None)

    def ending(self, when: str | datetime.date) -> int | None:
        """The period with this label, or the last that ends on or before this date; None outside the horizon."""
        label = self._label(when) if isinstance(when, str) else None
        if label is not None:
            return label[1]
        date = _date(when) if isinstance(when, str) else when
        if date is None or date > self.dates[-1][1]:
            return None
        return max((t for t, (_, end) in enumerate(self.dates) if end <= date), default=None)

    def span(self, first: str | None, last: str | None) -> range | None:
        """The periods from one to another, each the horizon's where it is left out; None where none fits."""
        begin = 0 if first is None else self.starting(first)
        end = len(self.periods) - 1 if last is None else self.ending(last)
        return None if begin is None or end is None or begin > end else range(begin, end + 1)

    def early(self, when: str) -> bool:
        """Whether this is a day before the horizon."""
        date = _date(when)
        return self._label(when) is None and date is not None and date < self.dates[0][0]

    def moved(self, when: str | datetime.date, *, ends: bool = False) -> str | None:
        """Of a day inside a period: from which period on, or with ``ends`` until the end of which, it counts; None
        where nothing is moved.
        """
        date = when if isinstance(when, datetime.date) else None if self._label(when) else _date(when)
        around = (
            None
            if date is None
            else next((t for t, (first, last) in enumerate(self.dates) if first <= date <= last), None)
        )
        t = None if date is None else self.ending(str(date)) if ends else self.starting(str(date))
        if around is None or t is None or date == self.dates[around][ends]:
            return None
        counts = f"until the end of {self.periods[t].label}" if ends else f"from {self.periods[t].label} on"
        return f"{date} is inside {self.periods[around].label}, so it counts {counts}."

    def _label(self, when: str) -> tuple[int, int] | None:
        for t, period in enumerate(self.periods):
            if period.label == when:
                return t, t
        for year in self.years:
            if when in (year.label, year.label[:4]):
                return year.from_, year.to
        return None


def _date(when: str) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(when)
    except ValueError:
        return None


def lay_out(horizon: Horizon) -> Calendar:
    """Periods with dates, lengths and discount factors, and the fiscal years around them.

    δ_t = (1 + r)^-(years from the start to t), at the beginning of each period; the tail has the mean of its years' own
    factors.
    """
    months = MONTHS[horizon.period]
    years = months / 12
    first = horizon.start.replace(day=1)
    periods, dates = [], []
    for t in range(horizon.periods):
        start = _plus(first, t * months)
        end = _plus(first, (t + 1) * months) - datetime.timedelta(days=1)
        discount = round((1 + horizon.discount_rate) ** -(t * months / 12), 12)
        periods.append(Period(label=_label(start, months), start=start, end=end, years=years, discount=discount))
        dates.append((start, end))
    tail = Tail(
        years=horizon.tail_years,
        discount=_tail(horizon.discount_rate, horizon.periods * months / 12, horizon.tail_years),
    )
    return Calendar(tuple(periods), _fiscal_years(dates, horizon.fiscal_year_starts), tail, months, tuple(dates))


def _tail(rate: float, before: float, years: float) -> float:
    """The mean of (1 + r)^-(H + y) over the tail's years y = 0, 1 …, a part of a year counting as that part; (1 +
    r)^-H where there are none.
    """
    parts = [min(1.0, years - y) for y in range(math.ceil(years))] or [1.0]
    factors = [part * (1 + rate) ** -(before + y) for y, part in enumerate(parts)]
    return round(math.fsum(factors) / math.fsum(parts), 12)


def _plus(date: datetime.date, months: int) -> datetime.date:
    month = date.month - 1 + months
    return datetime.date(date.year + month // 12, month % 12 + 1, 1)


def _label(start: datetime.date, months: int) -> str:
    if months == 3 and start.month % 3 == 1:
        return f"{start.year}-Q{start.month // 3 + 1}"
    if months == 6 and start.month % 6 == 1:
        return f"{start.year}-H{start.month // 6 + 1}"
    if months == 12 and start.month == 1:
        return str(start.year)
    return f"{start.year}-{start.month:02d}"


def _fiscal_years(dates: list[tuple[datetime.date, datetime.date]], first_month: int) -> tuple[Year, ...]:
    by_year: dict[int, list[int]] = {}
    for t, (start, _) in enumerate(dates):
        by_year.setdefault(start.year - (start.month < first_month), []).append(t)
    return tuple(
        Year.model_validate(
            {
                "label": str(year) if first_month == 1 else f"{year}/{(year + 1) % 100:02d}",
                "from": periods[0],
                "to": periods[-1],
            }
        )
        for year, periods in by_year.items()
    )


def policy_years(horizon: Horizon, calendar: Calendar) -> tuple[Year, ...]:
    """The years for which insurance is bought."""
    return _fiscal_years(list(calendar.dates), horizon.policy_year_starts or horizon.fiscal_year_starts)


def begins_inside(starts: int, calendar: Calendar) -> list[int]:
    """The periods inside which a year begins that begins with this month."""
    return [
        t
        for t, (first, _) in enumerate(calendar.dates)
        if starts in {_plus(first, k).month for k in range(1, calendar.months)}
    ]


def astride(horizon: Horizon, calendar: Calendar) -> str | None:
    """What is wrong, and what to do, where a fiscal year begins inside a period: that period's money would be of two
    years.
    """
    starts = horizon.fiscal_year_starts
    split = begins_inside(starts, calendar)
    if not split:
        return None
    label, (first, last) = calendar.periods[split[0]].label, calendar.dates[split[0]]
    fits = [month for month in range(1, 13) if (month - horizon.start.month) % calendar.months == 0]
    shorter = next(name for name, months in reversed(MONTHS.items()) if (starts - horizon.start.month) % months == 0)
    return (
        f"the fiscal year begins in month {starts}, inside {label} ({first} to {last}), whose money would be of two"
        f" years; write fiscal_year_starts: {' or '.join(map(str, fits))}, or period: {shorter}, or begin the horizon"
        f" in month {starts}"
    )
