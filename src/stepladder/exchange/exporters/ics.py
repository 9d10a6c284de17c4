"""iCalendar: milestones and steps as all-day events that block nobody's time, and what was cancelled as cancelled."""

from __future__ import annotations

import datetime

from icalendar import Alarm, Calendar, Event

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item, Left, Milestone
from stepladder.exchange.premiums import Premium
from stepladder.exchange.rows import described
from stepladder.wording import exact
from stepladder.wording.language import _

#: So long before a date that a law sets its reader is reminded.
NOTICE = datetime.timedelta(days=30)


def ics(plan: Breakdown) -> bytes:
    """Each event has a UID that follows from its id, and a SEQUENCE and a DTSTAMP that follow from the plan's revision,
    so that a calendar updates what it holds.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//stepladder//roadmap//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plan.title)
    for milestone in plan.milestones:
        calendar.add_component(_promise(plan, milestone))
    for item in plan.items:
        event = _event(plan, item, item.start, item.finish)
        event.add("status", "CONFIRMED")
        event.add("description", "\n".join(described(plan, item)))
        event.add("categories", [plan.phases[item.phase].title])
        calendar.add_component(event)
    for premium in plan.premiums:
        event = _event(plan, premium, premium.start, premium.start)
        event.add("status", "CONFIRMED")
        covered = {"money": exact.money(premium.amount, plan.currency), "day": exact.day(premium.finish)}
        event.add("description", _("{money} until {day}", **covered))
        if plan.status is None or premium.start > plan.status:
            event.add_component(_reminder(premium))
        calendar.add_component(event)
    day = plan.periods[plan.as_of or 0].start
    for left in (left for left in plan.left if left.cancelled):
        calendar.add_component(_cancelled(plan, left, day))
    return bytes(calendar.to_ical())


def _promise(plan: Breakdown, milestone: Milestone) -> Event:
    """A milestone, with a reminder where a law sets its date and it is not past."""
    event = _event(plan, milestone, milestone.date, milestone.date)
    event.add("status", "CONFIRMED")
    event.add("description", milestone.reason)
    event.add("categories", [plan.phases[milestone.phase].title])
    if milestone.legal and (plan.status is None or milestone.date > plan.status):
        event.add_component(_reminder(milestone))
    return event


def _reminder(entry: Milestone | Premium) -> Alarm:
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", _summary(entry))
    alarm.add("trigger", -NOTICE)
    return alarm


def _summary(entry: Item | Milestone | Left | Premium) -> str:
    if isinstance(entry, Premium):
        return _("Insurance: {policy}", policy=entry.title)
    return f"{entry.mark} {entry.title}"


def _cancelled(plan: Breakdown, left: Left, day: datetime.date) -> Event:
    """What was cancelled, on the day from which the plan is without it: a plan does not keep where it stood."""
    event = _event(plan, left, day, day)
    event.add("status", "CANCELLED")
    event.add("description", left.reason)
    return event


def _event(
    plan: Breakdown, entry: Item | Milestone | Left | Premium, start: datetime.date, finish: datetime.date
) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@stepladder")
    event.add("dtstamp", plan.stamp)
    event.add("last-modified", plan.stamp)
    event.add("sequence", plan.revision - 1)
    event.add("summary", _summary(entry))
    event.add("dtstart", start)
    # An all-day event ends before its end.
    event.add("dtend", finish + datetime.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    return event


FORMAT = Format("ics", "calendars (iCalendar)", ".ics", ics, by_locale=True)
