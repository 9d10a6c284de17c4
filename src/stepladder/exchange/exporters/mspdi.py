"""Microsoft Project's XML (MSPDI), which Primavera P6, ServiceNow, GanttProject and others read too.

Every task is pinned (start no earlier than its date), because each scheduler would move what is not. The outline is
depth first; there is one calendar; money is in hundredths of its currency, lags are in tenths of a minute, durations
are fixed. Elements stand in the order of Microsoft's schema.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from lxml import etree

from stepladder.data.formats import money
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item, Milestone, on_or_after, on_or_before, working_days
from stepladder.exchange.rows import described, titled
from stepladder.exchange.titles import PROJECT, fitted
from stepladder.wording import marks

NAMESPACE = "http://schemas.microsoft.com/project"
#: A working day: eight hours, from 8 to 12 and from 13 to 17.
HOURS = 8
MORNING, EVENING = "08:00:00", "17:00:00"
#: Tenths of a minute in a working day.
LAG = HOURS * 60 * 10
#: Microsoft's numbers of the fields Text30 and Cost1. Text10 is ServiceNow's.
TEXT30, COST1 = "188744016", "188743786"
START_NO_EARLIER, FIXED_DURATION, FINISH_TO_START, DAYS = "4", "1", "1", "7"

XmlFields = Iterable[tuple[str, object]]


def mspdi(plan: Breakdown) -> bytes:
    """Phases, in them systems where there are several, in them steps and milestones; teams as resources with their
    work.
    """
    root = etree.Element("Project", nsmap={None: NAMESPACE})
    _fill(root, _project(plan))
    _fill(
        _under(root, "ExtendedAttributes", "ExtendedAttribute"),
        [("FieldID", TEXT30), ("FieldName", "Text30"), ("Alias", "External ID")],
    )
    _fill(
        _under(root.find("ExtendedAttributes"), "ExtendedAttribute"),
        [("FieldID", COST1), ("FieldName", "Cost1"), ("Alias", "Running cost a year")],
    )
    _calendar(_under(root, "Calendars", "Calendar"))
    numbers = _tasks(plan, _under(root, "Tasks"))
    teams = {team: k for k, team in enumerate(plan.teams, start=1)}
    resources = _under(root, "Resources")
    for team, k in teams.items():
        _fill(
            _under(resources, "Resource"),
            [
                ("UID", k),
                ("ID", k),
                ("Name", fitted(plan.teams[team], PROJECT)),
                ("Type", 1),
                ("MaxUnits", 1),
                ("CalendarUID", 1),
            ],
        )
    _assignments(plan, _under(root, "Assignments"), numbers, teams)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _project(plan: Breakdown) -> XmlFields:
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
    yield from (("CalendarUID", 1), ("DefaultStartTime", MORNING), ("DefaultFinishTime", EVENING))
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


def _calendar(calendar: etree._Element) -> None:
    _fill(calendar, [("UID", 1), ("Name", "Standard"), ("IsBaseCalendar", 1), ("BaseCalendarUID", -1)])
    days = _under(calendar, "WeekDays")
    for day in range(1, 8):  # 1 is Sunday
        week_day = _under(days, "WeekDay")
        _fill(week_day, [("DayType", day), ("DayWorking", int(1 < day < 7))])
        if 1 < day < 7:
            times = _under(week_day, "WorkingTimes")
            for begin, end in ((MORNING, "12:00:00"), ("13:00:00", EVENING)):
                _fill(_under(times, "WorkingTime"), [("FromTime", begin), ("ToTime", end)])


def _tasks(plan: Breakdown, tasks: etree._Element) -> dict[str, int]:
    """All tasks, depth first; their numbers by id."""
    rows: list[tuple[int, str, object]] = []
    systems = sorted({item.system for item in plan.items})
    for k, phase in enumerate(plan.phases):
        rows.append((1, phase.id, phase))
        for system in systems:
            inside = [item for item in plan.items if item.phase == k and item.system == system]
            if inside and len(systems) > 1:
                rows.append((2, f"{phase.id}/{system}", system or "Shared"))
            rows += [(3 if len(systems) > 1 else 2, item.id, item) for item in inside]
        rows += [(2, milestone.id, milestone) for milestone in plan.milestones if milestone.phase == k]
    numbers = {name: number for number, (_, name, _) in enumerate(rows, start=1)}
    counts: list[int] = []
    for number, (level, name, entry) in enumerate(rows, start=1):
        counts = [*counts[: level - 1], (counts[level - 1] if len(counts) >= level else 0) + 1]
        task = _under(tasks, "Task")
        outline = ".".join(map(str, counts))
        if isinstance(entry, Item):
            _fill(task, _step(plan, entry, number, outline, level))
            _links(plan, task, [(numbers[need.id], _lag(plan, plan.by_id[need.id], need.lag)) for need in entry.needs])
            _extras(plan, task, entry.id, entry.per_year)
        elif isinstance(entry, Milestone):
            _fill(task, _milestone(entry, number, outline, level))
            _links(plan, task, [(numbers[other], 0) for other in entry.items])
            _extras(plan, task, entry.id, 0.0)
        else:
            below = _inside(plan, name)
            title = entry if isinstance(entry, str) else getattr(entry, "title", "")
            _fill(task, _summary(plan, fitted(str(title), PROJECT), number, outline, level, below))
            _extras(plan, task, name, 0.0)
    return numbers


def _inside(plan: Breakdown, name: str) -> list[Item | Milestone]:
    """What stands under a phase, or under a system in it."""
    items: list[Item | Milestone] = [
        item
        for item in plan.items
        if name in (plan.phases[item.phase].id, f"{plan.phases[item.phase].id}/{item.system}")
    ]
    return [*items, *(milestone for milestone in plan.milestones if plan.phases[milestone.phase].id == name)]


def _head(number: int, title: str, outline: str, level: int) -> XmlFields:
    yield from (("UID", number), ("ID", number), ("Name", title), ("Type", FIXED_DURATION), ("IsNull", 0))
    yield from (("WBS", outline), ("OutlineNumber", outline), ("OutlineLevel", level), ("Priority", 500))


def _step(plan: Breakdown, item: Item, number: int, outline: str, level: int) -> XmlFields:
    days = working_days(item.start, item.finish)
    work, cost = f"PT{_hours(item.days)}", _hundredths(plan, item.once)
    yield from _head(number, titled(item, PROJECT), outline, level)
    yield from (
        ("Start", f"{item.start}T{MORNING}"),
        ("Finish", f"{item.finish}T{EVENING}"),
        ("Duration", f"PT{days * HOURS}H0M0S"),
        ("DurationFormat", DAYS),
    )
    yield from (("Work", work), ("EffortDriven", 0), ("Estimated", 0), ("Milestone", 0), ("Summary", 0))
    yield from (("FixedCost", cost), ("FixedCostAccrual", 3), ("PercentComplete", item.percent), ("Cost", cost))
    yield from _actuals(item, days)
    yield from (
        ("ConstraintType", START_NO_EARLIER),
        ("CalendarUID", -1),
        ("ConstraintDate", f"{item.start}T{MORNING}"),
    )
    yield "Notes", "\n".join(described(plan, item))


def _actuals(item: Item, days: int) -> XmlFields:
    """What is done of an item: its first day, its last one where it is over, and how its time and work fall into
    done and to be done.
    """
    if item.state != "open":
        yield "ActualStart", f"{item.start}T{MORNING}"
    if item.state == "done":
        yield "ActualFinish", f"{item.finish}T{EVENING}"
    hours = round(days * item.complete) * HOURS
    done = item.days * item.complete
    yield from (("ActualDuration", f"PT{hours}H0M0S"), ("ActualWork", f"PT{_hours(done)}"))
    yield from (
        ("RemainingDuration", f"PT{days * HOURS - hours}H0M0S"),
        ("RemainingWork", f"PT{_hours(item.days - done)}"),
    )


def _milestone(milestone: Milestone, number: int, outline: str, level: int) -> XmlFields:
    day = f"{on_or_before(milestone.date)}T{EVENING}"
    yield from _head(number, titled(milestone, PROJECT), outline, level)
    yield from (
        ("Start", day),
        ("Finish", day),
        ("Duration", "PT0H0M0S"),
        ("DurationFormat", DAYS),
        ("Work", "PT0H0M0S"),
        ("EffortDriven", 0),
    )
    yield from (
        ("Estimated", 0),
        ("Milestone", 1),
        ("Summary", 0),
        ("ActualDuration", "PT0H0M0S"),
        ("RemainingDuration", "PT0H0M0S"),
    )
    yield from (
        ("ConstraintType", START_NO_EARLIER),
        ("CalendarUID", -1),
        ("ConstraintDate", day),
        ("Deadline", f"{milestone.date}T{EVENING}"),
    )
    yield "Notes", milestone.reason


def _summary(
    plan: Breakdown, title: str, number: int, outline: str, level: int, inside: Sequence[Item | Milestone]
) -> XmlFields:
    """A summary's dates are those of what is in it; a phase without anything is a plain task of no length, as every
    reader would make it.
    """
    yield from _head(number, title, outline, level)
    spans = [_span(entry) for entry in inside]
    if not spans:
        day = f"{plan.start}T{MORNING}"
        yield from (
            ("Start", day),
            ("Finish", day),
            ("Duration", "PT0H0M0S"),
            ("DurationFormat", DAYS),
            ("Milestone", 1),
            ("Summary", 0),
        )
        yield from (("ActualDuration", "PT0H0M0S"), ("RemainingDuration", "PT0H0M0S"))
        return
    start, finish = min(first for first, _ in spans), max(last for _, last in spans)
    hours = (
        working_days(start.date(), finish.date()) * HOURS
        if start.hour < finish.hour or start.date() < finish.date()
        else 0
    )
    yield from (
        ("Start", start.isoformat()),
        ("Finish", finish.isoformat()),
        ("Duration", f"PT{hours}H0M0S"),
        ("DurationFormat", DAYS),
    )
    yield from (("Estimated", 0), ("Milestone", 0), ("Summary", 1))


def _span(entry: Item | Milestone) -> tuple[datetime.datetime, datetime.datetime]:
    """First and last moment: of an item the morning of its first day and the evening of its last, of a milestone the
    evening of its day.
    """
    evening = datetime.time.fromisoformat(EVENING)
    if isinstance(entry, Milestone):
        moment = datetime.datetime.combine(on_or_before(entry.date), evening)
        return moment, moment
    return datetime.datetime.combine(entry.start, datetime.time.fromisoformat(MORNING)), datetime.datetime.combine(
        entry.finish, evening
    )


def _links(plan: Breakdown, task: etree._Element, needed: Iterable[tuple[int, int]]) -> None:
    del plan
    for number, lag in needed:
        link = _under(task, "PredecessorLink")
        _fill(
            link,
            [
                ("PredecessorUID", number),
                ("Type", FINISH_TO_START),
                ("CrossProject", 0),
                ("LinkLag", lag * LAG),
                ("LagFormat", DAYS),
            ],
        )


def _lag(plan: Breakdown, before: Item, periods: int) -> int:
    """Working days between a finish and the first day on which what needs it may start, so many periods later;
    negative for the same period.
    """
    at = before.last + periods
    if at >= len(plan.periods):
        return 0
    first = on_or_after(plan.periods[at].start)
    day = datetime.timedelta(days=1)
    return (
        working_days(before.finish + day, first - day) if first > before.finish else -working_days(first, before.finish)
    )


def _extras(plan: Breakdown, task: etree._Element, name: str, per_year: float) -> None:
    _fill(_under(task, "ExtendedAttribute"), [("FieldID", TEXT30), ("Value", name)])
    if per_year:
        _fill(_under(task, "ExtendedAttribute"), [("FieldID", COST1), ("Value", _hundredths(plan, per_year))])


def _assignments(plan: Breakdown, parent: etree._Element, numbers: Mapping[str, int], teams: Mapping[str, int]) -> None:
    number = 0
    for item in plan.items:
        days = working_days(item.start, item.finish)
        for team, amount in item.effort.items():
            number += 1
            work = f"PT{_hours(amount)}"
            table = _under(parent, "Assignment")
            _fill(
                table,
                [
                    ("UID", number),
                    ("TaskUID", numbers[item.id]),
                    ("ResourceUID", teams[team]),
                    ("PercentWorkComplete", item.percent),
                ],
            )
            done = amount * item.complete
            if item.state == "done":
                _fill(table, [("ActualFinish", f"{item.finish}T{EVENING}")])
            if item.state != "open":
                _fill(table, [("ActualStart", f"{item.start}T{MORNING}")])
            _fill(
                table,
                [
                    ("ActualWork", f"PT{_hours(done)}"),
                    ("Finish", f"{item.finish}T{EVENING}"),
                    ("RemainingWork", f"PT{_hours(amount - done)}"),
                ],
            )
            # As many units as the work takes over the whole duration, so that no scheduler has a reason to stretch it.
            _fill(table, [("Start", f"{item.start}T{MORNING}"), ("Units", f"{amount / days:.6f}"), ("Work", work)])


def _hundredths(plan: Breakdown, amount: float) -> str:
    """Money in hundredths of its currency, whatever digits that has: whole ones, or decimals of them where it is
    finer.
    """
    count = Decimal(money.text(amount, plan.currency)) * 100
    return str(int(count)) if count == int(count) else f"{count.normalize():f}"


def _hours(days: float) -> str:
    """Person-days as hours and minutes."""
    minutes = math.floor(days * HOURS * 60 + 0.5)
    return f"{minutes // 60}H{minutes % 60}M0S"


def _under(parent: etree._Element, *names: str) -> etree._Element:
    for name in names:
        parent = etree.SubElement(parent, name)
    return parent


def _fill(parent: etree._Element, fields: XmlFields) -> None:
    for name, value in fields:
        etree.SubElement(parent, name).text = marks.xml(str(value))


FORMAT = Format("mspdi", "Microsoft Project, Primavera P6, ServiceNow, GanttProject", ".xml", mspdi)
