"""Sections with charts of money, people and risk over time."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.problem import SPENT, Appetite, Problem
from stepladder.evaluate.exceedance import CHANCES, Curve
from stepladder.output.report.cells import labels, rest
from stepladder.output.report.document import (
    Block,
    Chart,
    Column,
    Columns,
    Fall,
    Item,
    Items,
    Lines,
    Pairs,
    Panel,
    Section,
    Table,
)
from stepladder.output.report.limits import most, of_money, of_teams, promised
from stepladder.wording import numbers
from stepladder.wording.afterwards import goes_on, taken_off
from stepladder.wording.language import _, mark
from stepladder.wording.text import quote
from stepladder.wording.words import title

#: Threats with a colour of their own, teams with a panel, threats with a pair of bars.
THREATS, TEAMS, BARS = 6, 6, 20
#: The times at which large losses are looked at.
TIMES = {"today": mark("Today"), "half-way": mark("Half-way"), "after": mark("Afterwards")}
LINE = mark(
    "The line is the most that the limits leave for a period after what was spent before it, with nothing kept for"
    " later periods: money that is there at once shows in every period until it is spent, and what is carried over"
    " is in it."
)


def money(road: Roadmap) -> Section:
    """Investment and running cost of each period, and the most that could be spent in it."""
    problem = road.plan.problem
    periods, once, running = problem.periods, road.used["money_once"], road.used["money_per_year"]
    tops = [most(road, resource) for resource in SPENT]
    chart = Chart(
        "money",
        _("Money by period"),
        _(
            "Money spent in each period, from {first} to {last}, and the most that the limits would have let it be.",
            first=numbers.label(periods[0]),
            last=numbers.label(periods[-1]),
        ),
        Columns(labels(periods), _money_panels(once, running, tops), problem.currency),
        (*of_money(road), *promised(road)),
        _(LINE) if any(top is not None for of in tops for top in of) else _("Nothing limits the money."),
    )
    return Section(
        "money", _("Money against its limits"), (chart, *taken_off(road.plan), *goes_on(road.plan), *_promised(road))
    )


def _promised(road: Roadmap) -> tuple[Items, ...]:
    """What was promised before or beside the plan, as a sentence; nothing where nothing was."""
    plan, currency = road.plan, road.plan.problem.currency
    past, open_ = (
        math.fsum(map(plan.committed, span)) for span in (range(plan.now), range(plan.now, plan.problem.horizon))
    )
    if not past + open_:
        return ()
    amount = numbers.money(past + open_, currency)
    if past and open_:
        amount = _("{amount}, {open} of it still to come", amount=amount, open=numbers.money(open_, currency))
    said = (
        _(
            "Promised before or beside the plan, or kept for today's levels, and not in its amounts: {amount}. The"
            " limits are what that leaves.",
            amount=amount,
        )
        if plan.problem.ongoing.upkeep
        else _(
            "Promised before or beside the plan, and not in its amounts: {amount}. The limits are what that leaves.",
            amount=amount,
        )
    )
    return (Items((Item("", said),), "promise"),)


def _money_panels(
    once: Sequence[float],
    running: Sequence[float],
    tops: Sequence[tuple[float | None, ...]],
) -> tuple[Panel, ...]:
    """All money, and each part that has a limit of its own."""
    names, none = (_("Investment"), _("Running cost")), (0.0,) * len(once)
    panels = [Panel(_("Money"), ((names[0], tuple(once)), (names[1], tuple(running))), tops[0])]
    for name, parts, top in zip(names, ((once, none), (none, running)), tops[1:], strict=True):
        if any(value is not None for value in top):
            panels.append(
                Panel(name, tuple((one, tuple(values)) for one, values in zip(names, parts, strict=True)), top)
            )
    return tuple(panels)


def effort(road: Roadmap) -> Section | None:
    """Person-days of each team against its capacity."""
    teams = road.teams
    if not teams:
        return None
    titles = [numbers.team(team, road.plan.teams, begins=True) for team in teams]
    busiest = sorted(range(len(teams)), key=lambda k: (-math.fsum(road.used[teams[k]]), k))[:TEAMS]
    panels = tuple(
        Panel(titles[k], ((_("Planned"), tuple(road.used[teams[k]])),), most(road, teams[k])) for k in sorted(busiest)
    )
    words = _("Person-days of {teams} in each period against their capacity.", teams=numbers.count(len(panels), "team"))
    chart = Chart(
        "effort",
        _("Person-days by period"),
        words,
        Columns(labels(road.plan.problem.periods), panels, "person-days"),
        tuple(of_teams(road)),
        rest(len(teams) - TEAMS, "team"),
    )
    return Section("people", _("Person-days against capacity"), (chart,))


def _first_label(road: Roadmap) -> str:
    """What the time before the first period is called: today, as long as nothing has begun."""
    return _("Today") if road.plan.as_of is None else _("At first")


def losses(road: Roadmap) -> Section | None:
    """Expected loss per year: falling over time, by threat, and against what may be borne."""
    problem = road.plan.problem
    if not problem.threats:
        return None
    currency = problem.currency
    threats = sorted(problem.threats, key=lambda threat: -threat.expected_loss_per_year)
    names = {threat.id: title(threat.name) for threat in threats}
    times = (_first_label(road), *labels(problem.periods), _("Afterwards"))
    over = {threat.id: (threat.expected_loss_per_year, *road.losses[threat.id]) for threat in threats}
    parts = [(names[threat.id], over[threat.id]) for threat in threats[:THREATS]]
    others = [over[threat.id] for threat in threats[THREATS:]]
    if others:
        parts.append((numbers.count(len(others), "more threat"), tuple(map(math.fsum, zip(*others, strict=True)))))
    caps = tuple(_cap_line(road, k) for k, cap in enumerate(problem.appetite) if cap.threat is None)
    totals = (
        road.at_first,
        *(period.expected_loss_per_year for period in road.plan.periods),
        road.plan.totals.tail_expected_loss_per_year,
    )
    rows = tuple(zip(times, totals, strict=True))
    table = Table(_("Expected loss over time"), (Column(_("Period")), Column(_("A year"), "money")), rows, "period")
    ends = {"before": numbers.money(totals[0], currency), "after": numbers.money(totals[-1], currency)}
    words = (
        _("Expected loss per year, falling from {before} today to {after} afterwards.", **ends)
        if road.plan.as_of is None
        else _("Expected loss per year, falling from {before} at first to {after} afterwards.", **ends)
    )
    fall = Chart("loss", _("Expected loss over time"), words, Fall(times, tuple(parts), caps, currency), (table,))
    blocks: list[Block] = [fall, _threats(road, names)]
    if problem.appetite:
        blocks.append(Items(tuple(Item("", _cap(road, cap)) for cap in problem.appetite), "cap"))
    return Section("risk", _("Expected loss per year"), tuple(blocks))


def _cap_line(road: Roadmap, k: int) -> tuple[str, int, int, float]:
    """A cap as (name, first time, last time, loss); times count today as 0."""
    cap, horizon = road.plan.problem.appetite[k], road.plan.problem.horizon
    return _("Appetite"), cap.from_ + 1, (horizon if cap.to is None else cap.to) + 1, cap.expected_loss_per_year


def _threats(road: Roadmap, names: dict[str, str]) -> Chart:
    currency = road.plan.problem.currency
    threats = sorted(road.plan.problem.threats, key=lambda threat: -threat.expected_loss_per_year)
    before = tuple(road.today_by_threat[threat.id] for threat in threats)
    after = tuple(road.losses[threat.id][-1] for threat in threats)
    rows = tuple(
        (names[threat.id], one, other, (one - other) / one if one else "–")
        for threat, one, other in zip(threats, before, after, strict=True)
    )
    columns = (
        Column(_("Threat")),
        Column(_("Today"), "money"),
        Column(_("Afterwards"), "money"),
        Column(_("Less"), "share"),
    )
    table = Table(_("Expected loss per year by threat"), columns, rows, "threat")
    shown = [names[threat.id] for threat in threats[:BARS]]
    drawing = Pairs(tuple(shown), before[:BARS], after[:BARS], (_("Today"), _("Afterwards")), currency)
    return Chart(
        "threats",
        _("By threat"),
        _("Expected loss per year of each threat, today and with everything in place."),
        drawing,
        (table,),
    )


def _cap(road: Roadmap, cap: Appetite) -> str:
    """A cap on expected loss and the most that the plan comes to while it holds, as a sentence."""
    problem = road.plan.problem
    last = problem.horizon if cap.to is None else cap.to
    threats = [cap.threat] if cap.threat is not None else list(road.losses)
    most = max(math.fsum(road.losses[name][t] for name in threats) for t in range(cap.from_, last + 1))
    names = {threat.id: threat.name for threat in problem.threats}
    return _(
        "Cap for {what} {when}: {wanted} a year; highest under this plan: {most}.",
        what=quote(names[cap.threat]) if cap.threat is not None else _("all threats together"),
        when=while_it_holds(problem, cap.from_, last),
        wanted=numbers.money(cap.expected_loss_per_year, problem.currency),
        most=numbers.money(most, problem.currency),
    )


def while_it_holds(problem: Problem, first: int, last: int) -> str:
    """From when to when a cap holds, as the end of a sentence; the horizon's length is the time after it."""
    if first >= problem.horizon:
        return _("after the horizon")
    begins = numbers.label(problem.periods[first])
    if last == problem.horizon:
        return _("from {first} on", first=begins)
    return _("from {first} to {last}", first=begins, last=numbers.label(problem.periods[last]))


def exceedance(curves: Sequence[Curve], currency: str, futures: int) -> Section:
    """How likely a year costs more than so much: before, half-way and after."""
    lines = tuple((_(TIMES[curve.when]), tuple(zip(curve.losses, CHANCES, strict=True))) for curve in curves)
    columns = (Column(_("Chance in a year"), "share"), *(Column(_(TIMES[curve.when]), "money") for curve in curves))
    rows = tuple((chance, *(curve.losses[k] for curve in curves)) for k, chance in enumerate(CHANCES))
    table = Table(
        _("A year costs more than this with the chance on the left"),
        columns,
        (*rows, (_("On average"), *(curve.mean for curve in curves))),
    )
    words = _("The chance that a year costs more than so much, before the plan, half-way through and after it.")
    chart = Chart(
        "exceedance",
        _("Loss exceedance"),
        words,
        Lines(loss_of_a_year(currency), _("Chance that a year costs more"), lines, ("money", "share")),
        (table,),
    )
    lead = _(
        "Simulated years in {futures}, drawn from the ranges of the scenario, with this plan carried out.",
        futures=numbers.count(futures, "future"),
    )
    return Section("exceedance", _("How much a year may cost"), (lead, chart))


def loss_of_a_year(currency: str) -> str:
    """What is counted across, of curves of large losses."""
    return _("Loss of a year, {currency}", currency=currency) if currency else _("Loss of a year")
