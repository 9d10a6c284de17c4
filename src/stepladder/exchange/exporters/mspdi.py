"""Microsoft Project's XML (MSPDI), which Primavera P6, ServiceNow, GanttProject and others read too.

Every task is pinned (start no earlier than its date), because each scheduler would move what is not. The outline is
depth first; there is one base calendar; money is in hundredths of its currency, lags are in tenths of a minute,
durations are fixed. Elements stand in the order of Microsoft's schema.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterable, Sequence

from lxml import etree

from stepladder.data.formats.past import StepState
from stepladder.exchange.days import on_or_after, on_or_before, working_days
from stepladder.exchange.exporters.mspdi_money import Upkeep, upkeeps
from stepladder.exchange.exporters.mspdi_project import fill_calendar, project_fields
from stepladder.exchange.exporters.mspdi_resources import (
    add_assignments,
    add_calendars,
    add_resources,
    resources,
)
from stepladder.exchange.exporters.mspdi_xml import (
    DAYS,
    EVENING,
    FIXED_DURATION,
    HOURS,
    MORNING,
    XmlFields,
    begin,
    days_done,
    end,
    fill,
    hundredths,
    under,
    work,
    working,
)
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item, Milestone
from stepladder.exchange.rows import described, titled
from stepladder.exchange.titles import PROJECT, fitted

NAMESPACE = "http://schemas.microsoft.com/project"
#: Tenths of a minute in a working day.
LAG = HOURS * 60 * 10
#: Microsoft's numbers of the fields Text30 and Cost1. Text10 is ServiceNow's.
TEXT30, COST1 = "188744016", "188743786"
START_NO_EARLIER, FINISH_TO_START = "4", "1"


def mspdi(plan: Breakdown) -> bytes:
    """Phases, in them systems where there are several, in them steps, running cost and milestones; teams as resources
    with their work, and money as resources by year.
    """
    root = etree.Element("Project", nsmap={None: NAMESPACE})
    fill(root, project_fields(plan))
    fill(
        under(root, "ExtendedAttributes", "ExtendedAttribute"),
        [("FieldID", TEXT30), ("FieldName", "Text30"), ("Alias", "External ID")],
    )
    fill(
        under(root.find("ExtendedAttributes"), "ExtendedAttribute"),
        [("FieldID", COST1), ("FieldName", "Cost1"), ("Alias", "Running cost a year")],
    )
    running = upkeeps(plan)
    known = resources(plan, running)
    calendars = under(root, "Calendars")
    fill_calendar(under(calendars, "Calendar"))
    add_calendars(plan, calendars, known)
    numbers = _tasks(plan, under(root, "Tasks"), running)
    add_resources(plan, under(root, "Resources"), known)
    add_assignments(plan, under(root, "Assignments"), numbers, known, running)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _tasks(plan: Breakdown, tasks: etree._Element, running: Sequence[Upkeep]) -> dict[str, int]:
    """All tasks, depth first; their numbers by id."""
    rows: list[tuple[int, str, object]] = []
    systems = sorted({item.system for item in plan.items})
    for k, phase in enumerate(plan.phases):
        rows.append((1, phase.id, phase))
        for system in systems:
            inside = [item for item in plan.items if item.phase == k and item.system == system]
            if inside and len(systems) > 1:
                rows.append((2, f"{phase.id}/{system}", plan.called(system) or "Shared"))
            rows += [(3 if len(systems) > 1 else 2, item.id, item) for item in inside]
        rows += [(2, upkeep.id, upkeep) for upkeep in running if upkeep.phase == k]
        rows += [(2, milestone.id, milestone) for milestone in plan.dates if milestone.phase == k]
    numbers = {name: number for number, (_, name, _) in enumerate(rows, start=1)}
    counts: list[int] = []
    for number, (level, name, entry) in enumerate(rows, start=1):
        counts = [*counts[: level - 1], (counts[level - 1] if len(counts) >= level else 0) + 1]
        task = under(tasks, "Task")
        outline = ".".join(map(str, counts))
        if isinstance(entry, Item):
            fill(task, _step(plan, entry, number, outline, level))
            _links(plan, task, [(numbers[need.id], _lag(plan, plan.by_id[need.id], need.lag)) for need in entry.needs])
            _extras(plan, task, entry.id, entry.per_year)
        elif isinstance(entry, Milestone):
            fill(task, _milestone(plan, entry, number, outline, level))
            _links(plan, task, [(numbers[other], 0) for other in entry.items])
            _extras(plan, task, entry.id, 0.0)
        elif isinstance(entry, Upkeep):
            fill(task, _upkeep(plan, entry, number, outline, level))
            _extras(plan, task, entry.id, 0.0)
        else:
            below = _inside(plan, name, running)
            title = entry if isinstance(entry, str) else getattr(entry, "title", "")
            fill(task, _summary(plan, fitted(str(title), PROJECT), number, outline, level, below))
            _extras(plan, task, name, 0.0)
    return numbers


def _inside(plan: Breakdown, name: str, running: Iterable[Upkeep]) -> list[Item | Milestone | Upkeep]:
    """What stands under a phase, or under a system in it."""
    items: list[Item | Milestone | Upkeep] = [
        item
        for item in plan.items
        if name in (plan.phases[item.phase].id, f"{plan.phases[item.phase].id}/{item.system}")
    ]
    others: Iterable[Milestone | Upkeep] = (*running, *plan.dates)
    return [*items, *(entry for entry in others if plan.phases[entry.phase].id == name)]


def _head(number: int, title: str, outline: str, level: int) -> XmlFields:
    yield from (("UID", number), ("ID", number), ("Name", title), ("Type", FIXED_DURATION), ("IsNull", 0))
    yield from (("WBS", outline), ("OutlineNumber", outline), ("OutlineLevel", level), ("Priority", 500))


def _step(plan: Breakdown, item: Item, number: int, outline: str, level: int) -> XmlFields:
    yield from _head(number, titled(item, PROJECT), outline, level)
    done, cost = item.days * item.complete, (item.once, item.spent)
    yield from _timed(plan, item, item.state, (item.days, done), cost)
    yield "Notes", "\n".join(described(plan, item))


def _upkeep(plan: Breakdown, upkeep: Upkeep, number: int, outline: str, level: int) -> XmlFields:
    """The running cost of a year: a task from the first period that has any to the year's end, which waits for
    nothing.
    """
    kinds = " and ".join([*(cost.kind for cost in upkeep.costs), *(["running work"] if upkeep.days else [])])
    kinds = kinds.capitalize()
    yield from _head(number, f"{kinds} in {fitted(plan.phases[upkeep.phase].title, PROJECT // 2)}", outline, level)
    past = days_done(plan, upkeep.start, upkeep.finish)
    state: StepState = "open" if not past else "running" if past < working_days(upkeep.start, upkeep.finish) else "done"
    cost = (math.fsum(cost.amount for cost in upkeep.costs), math.fsum(cost.paid for cost in upkeep.costs))
    past_days = (amount for team in upkeep.days.values() for t, amount in team.items() if t < (plan.as_of or 0))
    yield from _timed(plan, upkeep, state, (upkeep.work, math.fsum(past_days)), cost)


def _timed(
    plan: Breakdown, entry: Item | Upkeep, state: StepState, days: tuple[float, float], cost: tuple[float, float]
) -> XmlFields:
    """When it is, pinned; how much of its time, of its person-days and of its money is past, and how much to come.

    Parameters
    ----------
    plan, entry, state
        The plan, what is timed, and its state.
    days, cost
        Person-days and money in the plan's currency: the whole, and what is past of it.
    """
    length = working_days(entry.start, entry.finish)
    past = length if state == "done" else days_done(plan, entry.start, entry.finish) if state == "running" else 0
    yield from (("Start", begin(entry.start)), ("Finish", end(entry.finish)), ("Duration", working(length)))
    yield from (("DurationFormat", DAYS), ("Work", work(days[0])))
    if 0 < past < length and plan.status is not None and plan.as_of is not None:
        yield from (("Stop", end(plan.status)), ("Resume", begin(on_or_after(plan.periods[plan.as_of].start))))
    yield from (("EffortDriven", 0), ("Estimated", 0), ("Milestone", 0), ("Summary", 0))
    yield from (("PercentComplete", round(100 * past / max(1, length))), ("Cost", hundredths(plan, cost[0])))
    if state != "open":
        yield "ActualStart", begin(entry.start)
    if state == "done":
        yield "ActualFinish", end(entry.finish)
    yield from (("ActualDuration", working(past)), ("ActualCost", hundredths(plan, cost[1])))
    yield from (("ActualWork", work(days[1])), ("RemainingDuration", working(length - past)))
    yield from (("RemainingCost", hundredths(plan, cost[0] - cost[1])), ("RemainingWork", work(days[0] - days[1])))
    yield from (("ConstraintType", START_NO_EARLIER), ("CalendarUID", -1), ("ConstraintDate", begin(entry.start)))


def _milestone(plan: Breakdown, milestone: Milestone, number: int, outline: str, level: int) -> XmlFields:
    day = f"{on_or_before(milestone.date)}T{EVENING}"
    past = plan.status is not None and milestone.date <= plan.status
    met = past and all(plan.by_id[name].state == "done" for name in milestone.items)
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
        ("PercentComplete", 100 if met else 0),
    )
    if met:
        yield from (("ActualStart", day), ("ActualFinish", day))
    yield from (("ActualDuration", "PT0H0M0S"), ("RemainingDuration", "PT0H0M0S"))
    yield from (
        ("ConstraintType", START_NO_EARLIER),
        ("CalendarUID", -1),
        ("ConstraintDate", day),
        ("Deadline", f"{milestone.date}T{EVENING}"),
    )
    yield "Notes", milestone.reason


def _summary(
    plan: Breakdown, title: str, number: int, outline: str, level: int, inside: Sequence[Item | Milestone | Upkeep]
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


def _span(entry: Item | Milestone | Upkeep) -> tuple[datetime.datetime, datetime.datetime]:
    """First and last moment: of an item or a running cost the morning of its first day and the evening of its last,
    of a milestone the evening of its day.
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
        link = under(task, "PredecessorLink")
        fill(
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
    fill(under(task, "ExtendedAttribute"), [("FieldID", TEXT30), ("Value", name)])
    if per_year:
        fill(under(task, "ExtendedAttribute"), [("FieldID", COST1), ("Value", hundredths(plan, per_year))])


FORMAT = Format("mspdi", "Microsoft Project, Primavera P6, ServiceNow, GanttProject", ".xml", mspdi)
