"""iCalendar: milestones and steps as all-day events that block nobody's time."""

from __future__ import annotations

import datetime

from icalendar import Calendar, Event

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item, Milestone
from stepladder.exchange.rows import described


def ics(plan: Breakdown) -> bytes:
    """Each event has a UID that follows from its id, so that a calendar updates what it holds; DTSTAMP is the first
    day of the plan.
    """
    calendar = Calendar()
    calendar.add("prodid", "-//stepladder//roadmap//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", plan.title)
    for milestone in plan.milestones:
        event = _event(plan, milestone, milestone.date, milestone.date)
        event.add("description", milestone.reason)
        calendar.add_component(event)
    for item in plan.items:
        event = _event(plan, item, item.start, item.finish)
        event.add("description", "\n".join(described(plan, item)))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _event(plan: Breakdown, entry: Item | Milestone, start: datetime.date, finish: datetime.date) -> Event:
    event = Event()
    event.add("uid", f"{entry.uid}@stepladder")
    event.add("dtstamp", datetime.datetime.combine(plan.start, datetime.time(), datetime.UTC))
    event.add("summary", f"{entry.mark} {entry.title}")
    event.add("dtstart", start)
    # An all-day event ends before its end.
    event.add("dtend", finish + datetime.timedelta(days=1))
    event.add("transp", "TRANSPARENT")
    event.add("categories", [plan.phases[entry.phase].title])
    return event


FORMAT = Format("ics", "calendars (iCalendar)", ".ics", ics)
