"""Teams and money as resources in Microsoft Project's XML, and what each task takes of them.

A team's units in a period are the person-days that its limits leave there, by the period's working days; work is spread
by periods as the plan spreads it. So a plan that keeps its limits over-allocates nobody, and one that does not does.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from lxml import etree

from stepladder.exchange.days import on_or_after, on_or_before, working_days
from stepladder.exchange.exporters.mspdi_money import Cost, Upkeep, investments
from stepladder.exchange.exporters.mspdi_xml import STANDARD, XmlFields, begin, end, fill, hundredths, under, work
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.slices import Slice
from stepladder.exchange.titles import PROJECT, fitted

#: Units are rounded up to these parts of a whole one, so that work that is rounded fits into them.
PARTS = 10_000
#: Person-days that are none, but for a binary fraction.
NOBODY = 1e-6
#: Microsoft's numbers: of planned and of actual work by time, of days, and of a contour of one's own.
REMAINING, ACTUAL, DAY, CONTOURED = 1, 2, 2, 8


@dataclass(frozen=True)
class Resources:
    """Numbers of all resources: teams by id, money by kind and phase; and of the calendars of teams that have one."""

    teams: Mapping[str, int]
    money: Mapping[tuple[str, int], int]
    calendars: Mapping[str, int]


def resources(plan: Breakdown, upkeeps: Iterable[Upkeep]) -> Resources:
    """Number all of them: teams first, then money by year."""
    costs = [cost for item in plan.items for cost in investments(plan, item)]
    costs += [cost for upkeep in upkeeps for cost in upkeep.costs]
    kinds = sorted({(cost.phase, cost.kind) for cost in costs})
    teams = {team: k for k, team in enumerate(plan.teams, start=1)}
    money = {(kind, phase): k for k, (phase, kind) in enumerate(kinds, start=len(teams) + 1)}
    absent = [team for team in plan.teams if any(_absent(period, team) for period in plan.periods)]
    return Resources(teams, money, {team: k for k, team in enumerate(absent, start=STANDARD + 1)})


def _absent(period: Slice, team: str) -> bool:
    """Whether nobody of a team is to be had in a period."""
    return period.most.get(team, math.inf) < NOBODY


def add_calendars(plan: Breakdown, calendars: etree._Element, known: Resources) -> None:
    """A calendar of its own for each team that cannot work in some period: an exception to the one of all."""
    for team, number in known.calendars.items():
        calendar = under(calendars, "Calendar")
        name = fitted(plan.teams[team], PROJECT)
        fill(calendar, [("UID", number), ("Name", name), ("IsBaseCalendar", 0), ("BaseCalendarUID", STANDARD)])
        exceptions = under(calendar, "Exceptions")
        for period in (period for period in plan.periods if _absent(period, team)):
            exception = under(exceptions, "Exception")
            fill(exception, [("EnteredByOccurrences", 0)])
            span = [("FromDate", f"{period.start}T00:00:00"), ("ToDate", f"{period.finish}T23:59:00")]
            fill(under(exception, "TimePeriod"), span)
            fill(exception, [("Occurrences", (period.finish - period.start).days + 1)])
            fill(exception, [("Name", f"No capacity in {period.label}"), ("Type", 1), ("DayWorking", 0)])


def add_resources(plan: Breakdown, parent: etree._Element, known: Resources) -> None:
    """Teams with what there is of them in each period, then money."""
    for team, number in known.teams.items():
        units = [_units(period, team) for period in plan.periods]
        resource = under(parent, "Resource")
        fill(resource, [*_named(number, plan.teams[team], 1), ("MaxUnits", f"{max(units):g}")])
        fill(resource, [("CalendarUID", known.calendars.get(team, STANDARD)), ("IsCostResource", 0)])
        table = under(resource, "AvailabilityPeriods")
        for period, share in zip(plan.periods, units, strict=True):
            fill(
                under(table, "AvailabilityPeriod"),
                [
                    ("AvailableFrom", f"{period.start}T00:00:00"),
                    ("AvailableTo", f"{period.finish}T23:59:00"),
                    ("AvailableUnits", f"{share:g}"),
                ],
            )
    for (kind, phase), number in known.money.items():
        resource = under(parent, "Resource")
        fill(resource, [*_named(number, f"{kind} {plan.phases[phase].title}", 0), ("AccrueAt", 3)])
        fill(resource, [("CalendarUID", STANDARD), ("IsCostResource", 1)])


def _named(number: int, title: str, kind: int) -> XmlFields:
    yield from (("UID", number), ("ID", number), ("Name", fitted(title, PROJECT)), ("Type", kind))


def _units(period: Slice, team: str) -> float:
    """What there is of a team in a period, in full-time people; where nothing limits it one, or as many as it needs."""
    most = period.most.get(team)
    days = max(float(period.days), period.used.get(team, 0.0)) if most is None else most
    return math.ceil(days / period.days * PARTS) / PARTS


def add_assignments(
    plan: Breakdown, parent: etree._Element, tasks: Mapping[str, int], known: Resources, upkeeps: Iterable[Upkeep]
) -> None:
    """What each task takes: person-days of teams, money of years."""
    writer = _Assignments(plan, parent, known)
    for item in plan.items:
        for team in item.effort:
            writer.add_work(item, tasks[item.id], team)
        writer.add_money(tasks[item.id], investments(plan, item))
    for upkeep in upkeeps:
        for team, days in upkeep.days.items():
            writer.add_running(upkeep, tasks[upkeep.id], team, days)
        writer.add_money(tasks[upkeep.id], upkeep.costs)


@dataclass(frozen=True)
class _Assignments:
    """Writes assignments below one element, each with the next number."""

    plan: Breakdown
    parent: etree._Element
    known: Resources

    def _add(self, task: int, resource: int, percent: int) -> tuple[etree._Element, int]:
        number = len(self.parent) + 1
        row = under(self.parent, "Assignment")
        fill(row, [("UID", number), ("TaskUID", task), ("ResourceUID", resource), ("PercentWorkComplete", percent)])
        return row, number

    def add_work(self, item: Item, task: int, team: str) -> None:
        """A team's person-days on a step."""
        amount = item.effort[team]
        done = amount * item.complete
        row, number = self._add(task, self.known.teams[team], item.percent)
        if item.state == "done":
            fill(row, [("ActualFinish", end(item.finish))])
        if item.state != "open":
            fill(row, [("ActualStart", begin(item.start))])
        fill(row, [("ActualWork", work(done)), ("Finish", end(item.finish)), ("RemainingWork", work(amount - done))])
        # As many units as the work takes over the whole duration, so that no scheduler has a reason to stretch it.
        days = working_days(item.start, item.finish)
        fill(row, [("Start", begin(item.start)), ("Units", f"{amount / days:.6f}"), ("Work", work(amount))])
        if item.last > item.first:
            fill(row, [("WorkContour", CONTOURED)])
            _spread(self.plan, row, item, number, amount)

    def add_running(self, upkeep: Upkeep, task: int, team: str, days: Mapping[int, float]) -> None:
        """A team's person-days on running what was built, period by period."""
        amount, past = math.fsum(days.values()), range(self.plan.as_of or 0)
        done = math.fsum(share for t, share in days.items() if t in past)
        row, number = self._add(task, self.known.teams[team], round(100 * done / amount))
        if done:
            fill(row, [("ActualStart", begin(upkeep.start))])
        fill(row, [("ActualWork", work(done)), ("Finish", end(upkeep.finish)), ("RemainingWork", work(amount - done))])
        length = working_days(upkeep.start, upkeep.finish)
        fill(row, [("Start", begin(upkeep.start)), ("Units", f"{amount / length:.6f}"), ("Work", work(amount))])
        fill(row, [("WorkContour", CONTOURED)])
        for t, share in days.items():
            _part(self.plan, row, number, t, share, past=t in past)

    def add_money(self, task: int, costs: Iterable[Cost]) -> None:
        """Money on a task, by kind and year."""
        for cost in costs:
            left = hundredths(self.plan, cost.amount - cost.paid)
            # Readers make the actual cost of the percentage.
            percent = round(100 * cost.paid / cost.amount)
            row, _ = self._add(task, self.known.money[cost.kind, cost.phase], percent)
            fill(row, [("ActualCost", hundredths(self.plan, cost.paid))])
            fill(row, [("Cost", hundredths(self.plan, cost.amount)), ("Finish", end(cost.finish))])
            fill(row, [("RemainingCost", left), ("RemainingWork", work(0)), ("Start", begin(cost.start))])
            fill(row, [("Units", 1), ("Work", work(0))])


def _spread(plan: Breakdown, row: etree._Element, item: Item, number: int, amount: float) -> None:
    """The work of each period, as the plan has it: the same in each, however many days that has."""
    for t in range(item.first, item.last + 1):
        _part(plan, row, number, t, amount / (item.last - item.first + 1), past=t - item.first < item.over)


def _part(plan: Breakdown, row: etree._Element, number: int, t: int, days: float, *, past: bool) -> None:
    """The work of one period."""
    first, last = on_or_after(plan.periods[t].start), on_or_before(plan.periods[t].finish)
    fill(
        under(row, "TimephasedData"),
        [
            ("Type", ACTUAL if past else REMAINING),
            ("UID", number),
            ("Start", begin(first)),
            ("Finish", end(last)),
            ("Unit", DAY),
            ("Value", work(days)),
        ],
    )
