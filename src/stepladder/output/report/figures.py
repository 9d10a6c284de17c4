"""Sections with charts of money, people and risk over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stepladder.analysis.exceedance import CHANCES, Curve
from stepladder.analysis.roadmap import Roadmap
from stepladder.output import numbers
from stepladder.output.losses import cap_of
from stepladder.output.report.document import ROWS, Block, Chart, Column, Columns, Fall, Item, Lines, Pairs, Panel, Section, Table, labels, rest
from stepladder.output.report.sections import ITEMS, more
from stepladder.output.words import title

#: Threats with a colour of their own, teams with a panel, threats with a pair of bars.
THREATS, TEAMS, BARS = 6, 6, 20


def _most(road: Roadmap, resource: str) -> tuple[float | None, ...]:
    """What each period could hold at most, after what the periods before it have used of the same limit."""
    found: list[float | None] = []
    for t, used in enumerate(road.used[resource]):
        held = road.applies(resource, t)
        found.append(None if held is None else used + held.room)
    return tuple(found)


def money(road: Roadmap) -> Section:
    """Investment and running cost of each period, and the most that could be spent in it."""
    problem = road.plan.problem
    periods, once, running = problem.periods, road.used["money_once"], road.used["money_per_year"]
    most = _most(road, "money")
    panel = Panel("Money", (("Investment", tuple(once)), ("Running cost", tuple(running))), most)
    rows = [(period, one, run, one + run, top) for period, one, run, top in zip(periods, once, running, most, strict=True)]
    sums = ("In all", math.fsum(once), math.fsum(running), math.fsum((*once, *running)), None)
    table = Table(
        "Money by period",
        (Column("Period"), Column("Investment", "money"), Column("Running cost", "money"), Column("Spent", "money"), Column("At most", "money")),
        (*rows[:ROWS], sums),
        rest(len(rows) - ROWS, "period"),
        total=True,
    )
    words = f"Money spent in each period, from {numbers.label(periods[0])} to {numbers.label(periods[-1])}, and the most that the limits would have let it be."
    chart = Chart("money", "Money against its limits", words, Columns(labels(periods), (panel,), problem.currency), (table,))
    lead = "The line is the most that could be spent in a period after what was spent before it of the same limit; carry-over is in it."
    return Section("money", "Money", (lead, chart) if any(top is not None for top in most) else ("Nothing limits the money.", chart))


def effort(road: Roadmap) -> Section | None:
    """Person-days of each team against its capacity."""
    teams = road.teams
    if not teams:
        return None
    problem = road.plan.problem
    titles = [numbers.team(team, road.plan.teams, begins=True) for team in teams]
    most = [_most(road, team) for team in teams]
    busiest = sorted(range(len(teams)), key=lambda k: (-math.fsum(road.used[teams[k]]), k))[:TEAMS]
    panels = tuple(Panel(titles[k], (("Planned", tuple(road.used[teams[k]])),), most[k]) for k in sorted(busiest))
    columns = [Column("Period")]
    for name in titles:
        columns += [Column(name, "amount"), Column("At most", "amount")]
    rows = [(period, *(value for k, team in enumerate(teams) for value in (road.used[team][t], most[k][t]))) for t, period in enumerate(problem.periods)]
    table = Table("Person-days by period", tuple(columns), tuple(rows[:ROWS]), rest(len(rows) - ROWS, "period"))
    words = f"Person-days of {numbers.count(len(panels), 'team')} in each period against their capacity."
    chart = Chart("effort", "Person-days against capacity", words, Columns(labels(problem.periods), panels, "person-days"), (table,))
    return Section("people", "People", (chart, *more(len(teams) - TEAMS, "team")))


def losses(road: Roadmap) -> Section | None:
    """Expected loss per year: falling over time, by threat, and against what may be borne."""
    problem = road.plan.problem
    if not problem.threats:
        return None
    currency = problem.currency
    threats = sorted(problem.threats, key=lambda threat: -threat.expected_loss_per_year)
    names = {threat.id: title(threat.title or threat.id) for threat in threats}
    times = ("Today", *labels(problem.periods), "Afterwards")
    over = {threat.id: (threat.expected_loss_per_year, *road.losses[threat.id]) for threat in threats}
    parts = [(names[threat.id], over[threat.id]) for threat in threats[:THREATS]]
    others = [over[threat.id] for threat in threats[THREATS:]]
    if others:
        parts.append((numbers.count(len(others), "more threat"), tuple(map(math.fsum, zip(*others, strict=True)))))
    caps = tuple(_cap_line(road, k) for k, cap in enumerate(problem.appetite) if cap.threat is None)
    totals = (road.today, *(held.expected_loss_per_year for held in road.plan.periods), road.plan.totals.tail_expected_loss_per_year)
    rows = tuple(zip(times, totals, strict=True))
    table = Table("Expected loss per year", (Column("When"), Column("A year", "money")), rows[:ROWS], rest(len(rows) - ROWS, "line"))
    words = f"Expected loss per year, falling from {numbers.money(totals[0], currency)} today to {numbers.money(totals[-1], currency)} afterwards."
    fall = Chart("loss", "Expected loss per year", words, Fall(times, tuple(parts), caps, currency), (table,))
    blocks: list[Block] = [fall, _threats(road, names)]
    if problem.appetite:
        blocks += [tuple(Item("Appetite", cap_of(road, cap)) for cap in problem.appetite[:ITEMS]), *more(len(problem.appetite) - ITEMS, "cap")]
    return Section("risk", "Risk", tuple(blocks))


def _cap_line(road: Roadmap, k: int) -> tuple[str, int, int, float]:
    """A cap as (name, first time, last time, loss); times count today as 0."""
    cap, horizon = road.plan.problem.appetite[k], road.plan.problem.horizon
    return "Appetite", cap.from_ + 1, (horizon if cap.to is None else cap.to) + 1, cap.expected_loss_per_year


def _threats(road: Roadmap, names: dict[str, str]) -> Chart:
    currency = road.plan.problem.currency
    threats = sorted(road.plan.problem.threats, key=lambda threat: -threat.expected_loss_per_year)
    before = tuple(threat.expected_loss_per_year for threat in threats)
    after = tuple(road.losses[threat.id][-1] for threat in threats)
    rows = tuple((names[held.id], one, other, (one - other) / one if one else None) for held, one, other in zip(threats, before, after, strict=True))
    columns = (Column("Threat"), Column("Today", "money"), Column("Afterwards", "money"), Column("Less", "share"))
    table = Table("Expected loss per year by threat", columns, rows[:ROWS], rest(len(rows) - ROWS, "threat"))
    shown = [names[held.id] for held in threats[:BARS]]
    drawing = Pairs(tuple(shown), before[:BARS], after[:BARS], ("Today", "Afterwards"), currency)
    return Chart("threats", "By threat", "Expected loss per year of each threat, today and with everything in place.", drawing, (table,))


def exceedance(curves: Sequence[Curve], currency: str, futures: int) -> Section:
    """How likely a year costs more than so much: before, half-way and after."""
    names = {"today": "Today", "half-way": "Half-way", "after": "Afterwards"}
    lines = tuple((names[curve.when], tuple(zip(curve.losses, CHANCES, strict=True))) for curve in curves)
    columns = (Column("Chance in a year", "share"), *(Column(names[curve.when], "money") for curve in curves))
    rows = tuple((chance, *(curve.losses[k] for curve in curves)) for k, chance in enumerate(CHANCES))
    table = Table("A year costs more than this with the chance on the left", columns, (*rows, ("On average", *(curve.mean for curve in curves))))
    across = f"Loss of a year{f', {currency}' if currency else ''}"
    words = "The chance that a year costs more than so much, before the plan, half-way through and after it."
    chart = Chart("exceedance", "Loss exceedance", words, Lines(across, "Chance that a year costs more", lines, ("money", "share")), (table,))
    lead = f"Simulated years in {numbers.count(futures, 'future')}, drawn from the ranges of the scenario, with this plan carried out."
    return Section("exceedance", "How much a year may cost", (lead, chart))
