"""What all parts of Microsoft Project's XML share: elements, moments, lengths of work, and money."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable
from decimal import Decimal

from lxml import etree

from stepladder.data.formats import money
from stepladder.exchange.days import working_days
from stepladder.exchange.items import Breakdown
from stepladder.wording import marks

#: A working day: eight hours, from 8 to 12 and from 13 to 17.
HOURS = 8
MORNING, EVENING = "08:00:00", "17:00:00"
#: The number of the calendar of all, and Microsoft's numbers of a kind of task and of a unit of time.
STANDARD, FIXED_DURATION, DAYS = 1, "1", "7"

XmlFields = Iterable[tuple[str, object]]


def under(parent: etree._Element, *names: str) -> etree._Element:
    """A new element below another, through elements of these names."""
    for name in names:
        parent = etree.SubElement(parent, name)
    return parent


def fill(parent: etree._Element, fields: XmlFields) -> None:
    """Elements with text, in the order of the fields."""
    for name, value in fields:
        etree.SubElement(parent, name).text = marks.xml(str(value))


def begin(day: datetime.date) -> str:
    """The moment at which work begins on a day."""
    return f"{day}T{MORNING}"


def end(day: datetime.date) -> str:
    """The moment at which work ends on a day."""
    return f"{day}T{EVENING}"


def working(days: int) -> str:
    """So many working days as a duration."""
    return f"PT{days * HOURS}H0M0S"


def work(days: float) -> str:
    """Person-days as a duration, to the second."""
    seconds = math.floor(days * HOURS * 3600 + 0.5)
    return f"PT{seconds // 3600}H{seconds // 60 % 60}M{seconds % 60}S"


def hundredths(plan: Breakdown, amount: float) -> str:
    """Money in hundredths of its currency, whatever digits that has: whole ones, or decimals of them where it is
    finer.
    """
    count = Decimal(money.text(amount, plan.currency)) * 100
    return str(int(count)) if count == int(count) else f"{count.normalize():f}"


def days_done(plan: Breakdown, start: datetime.date, finish: datetime.date) -> int:
    """Working days from a start to a finish, both included, that are past."""
    return 0 if plan.status is None else max(0, working_days(start, min(finish, plan.status)))
