"""Days and amounts in full: outside all locales as files have them, inside one as its people write them."""

from __future__ import annotations

import datetime

from stepladder.data.formats.money import said
from stepladder.wording import numbers
from stepladder.wording.language import LOCALE


def day(date: datetime.date) -> str:
    """``2027-03-31``, or the locale's medium date."""
    return date.isoformat() if LOCALE.get() is None else numbers.day(date)


def money(amount: float, currency: str) -> str:
    """``1,234.50 EUR``, with all digits of the currency; in a locale as other amounts of it are."""
    return said(amount, currency) if LOCALE.get() is None else numbers.money(amount, currency)
