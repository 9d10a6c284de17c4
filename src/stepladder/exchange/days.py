"""The days on which people work: Monday to Friday."""

from __future__ import annotations

import datetime


def on_or_after(day: datetime.date) -> datetime.date:
    """The first working day (Monday to Friday) from a day on."""
    return day + datetime.timedelta(days=(7 - day.weekday()) % 7 if day.weekday() > 4 else 0)


def on_or_before(day: datetime.date) -> datetime.date:
    """The last working day up to a day."""
    return day - datetime.timedelta(days=max(0, day.weekday() - 4))


def working_days(first: datetime.date, last: datetime.date) -> int:
    """Working days from one day to another, both included; negative where the last one is earlier, as 0 is the day
    before the first.
    """
    sign, (a, b) = (
        (1, (first, last)) if last >= first else (-1, (last + datetime.timedelta(1), first - datetime.timedelta(1)))
    )
    whole, rest = divmod((b - a).days + 1, 7)
    return sign * (whole * 5 + sum((a.weekday() + k) % 7 < 5 for k in range(rest)))
