"""The head of Microsoft Project's XML, and its base calendar."""

from __future__ import annotations

from lxml import etree

from stepladder.data.formats import money
from stepladder.exchange.exporters.mspdi_xml import (
    DAYS,
    EVENING,
    FIXED_DURATION,
    HOURS,
    MORNING,
    STANDARD,
    XmlFields,
    end,
    fill,
    under,
)
from stepladder.exchange.items import Breakdown
from stepladder.exchange.titles import PROJECT, fitted


def project_fields(plan: Breakdown) -> XmlFields:
    """What stands at the head of the file: names, dates, currency, how Project is to count."""
    yield from (
        ("SaveVersion", 14),
        ("Name", fitted(plan.title, PROJECT)),
        ("Title", fitted(plan.title, PROJECT)),
        ("ScheduleFromStart", 1),
    )
    yield from (("StartDate", f"{plan.start}T{MORNING}"), ("FinishDate", f"{plan.finish}T{EVENING}"))
    if len(plan.currency) == 3:
        yield from (("CurrencyDigits", money.digits(plan.currency)), ("CurrencySymbol", plan.currency))
        yield from (("CurrencyCode", plan.currency), ("CurrencySymbolPosition", 3))
    yield from (("CalendarUID", STANDARD), ("DefaultStartTime", MORNING), ("DefaultFinishTime", EVENING))
    yield from (
        ("MinutesPerDay", HOURS * 60),
        ("MinutesPerWeek", HOURS * 300),
        ("DaysPerMonth", 20),
        ("DefaultTaskType", FIXED_DURATION),
    )
    yield from (
        ("DurationFormat", DAYS),
        ("HonorConstraints", 1),
        ("NewTasksEffortDriven", 0),
        ("NewTasksEstimated", 0),
    )
    if plan.status is not None:
        yield "StatusDate", end(plan.status)


def fill_calendar(calendar: etree._Element) -> None:
    """The base calendar: Monday to Friday, eight hours."""
    fill(calendar, [("UID", STANDARD), ("Name", "Standard"), ("IsBaseCalendar", 1), ("BaseCalendarUID", -1)])
    days = under(calendar, "WeekDays")
    for day in range(1, 8):  # 1 is Sunday
        week_day = under(days, "WeekDay")
        fill(week_day, [("DayType", day), ("DayWorking", int(1 < day < 7))])
        if 1 < day < 7:
            times = under(week_day, "WorkingTimes")
            for begin, end in ((MORNING, "12:00:00"), ("13:00:00", EVENING)):
                fill(under(times, "WorkingTime"), [("FromTime", begin), ("ToTime", end)])
