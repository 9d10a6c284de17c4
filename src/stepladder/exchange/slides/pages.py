"""What a board is told on five slides: the decision, the roadmap, money, loss, and what comes next."""

from __future__ import annotations

import math
from collections.abc import Sequence

from stepladder.analysis.front import Front, front
from stepladder.analysis.next import beginning
from stepladder.analysis.roadmap import Roadmap
from stepladder.data.objective import POINTS
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.slides.deck import HEIGHT, MARGIN, WIDTH, Box, Columns, Deck, rows_of
from stepladder.wording import numbers
from stepladder.wording.afterwards import goes_on
from stepladder.wording.language import _, mark
from stepladder.wording.levels import levelled
from stepladder.wording.summary import ask, proof, so_far, summary
from stepladder.wording.text import clean, fitted, listed
from stepladder.wording.words import purposes, sentence, title

#: Bars that can be told apart on a slide; of more steps the years are shown.
BARS = 28
#: The room below a slide's title.
BELOW = Box(MARGIN, 1.55, WIDTH - 2 * MARGIN, HEIGHT - 1.55 - 0.45)
HALF = (BELOW.width - 0.4) / 2
LEFT, RIGHT = Box(*BELOW[:2], HALF, BELOW.height), Box(MARGIN + HALF + 0.4, BELOW.top, HALF, BELOW.height)
#: The money of a year by what it is for, as a chart and a table name it.
_PARTS = {"to_approve": mark("To approve"), "going_on": mark("Going on"), "spent": mark("Spent")}
_PARTS |= {"promised": mark("Promised")}
#: First steps, and milestones, that are named.
FIRST, DATES = 4, 5


def fill(deck: Deck, plan: Breakdown, road: Roadmap) -> None:
    """All five slides of a plan."""
    facts = front(road)
    decision(deck, plan, road, facts)
    roadmap(deck, plan)
    money(deck, facts)
    loss(deck, plan, road, facts)
    next_steps(deck, plan, road, facts)


def decision(deck: Deck, plan: Breakdown, road: Roadmap, facts: Front) -> None:
    """What to approve, what it brings, and the figures of both."""
    first, last = plan.periods[0].start, plan.periods[-1].finish
    told = {"first": numbers.day(first), "last": numbers.day(last), "revision": str(plan.revision)}
    deck.begin(plan.title, _("{first} to {last}; revision {revision}", **told))
    said = (ask(road), *((so_far(road),) if road.plan.as_of is not None else ()), summary(road))
    deck.text(said, Box(*BELOW[:3], 1.9), 20.0)
    shown = list(_figures(facts, road))[:6]
    deck.figures(shown, Box(MARGIN, 3.6, BELOW.width, 1.4))
    deck.text([proof(road.plan)], Box(MARGIN, 5.35, BELOW.width, 1.5), 14.0, quiet=True)


def _figures(facts: Front, road: Roadmap) -> list[tuple[str, str]]:
    """What a board asks first, in the order of its questions."""
    plan, currency = road.plan, road.plan.problem.currency
    begun = plan.as_of is not None
    shown = [(numbers.money(facts.to_approve if begun else facts.cost, currency), _("to approve"))]
    shown += [(numbers.money(facts.spent, currency), _("spent before"))] if begun else []
    shown.append((numbers.money(facts.going_on.plan, currency), _("a year afterwards")))
    if facts.returns is not None and plan.problem.threats:
        shown.append((numbers.money(facts.today, currency), _("expected loss a year today")))
        shown.append((numbers.money(facts.after, currency), _("expected loss a year afterwards")))
    elif plan.totals.points_present_value:
        shown.append((numbers.money(plan.totals.points_present_value, POINTS), _("worth, present value")))
    counts = {"count": numbers.whole(len(plan.starts)), "all": numbers.whole(len(plan.problem.steps))}
    shown.append((_("{count} of {all}", **counts), _("steps planned")))
    if plan.objective.gap is not None:
        shown.append((numbers.gap(plan.objective.gap), _("gap to the bound")))
    return shown


def roadmap(deck: Deck, plan: Breakdown) -> None:
    """Bars of few steps; of many what starts in each year."""
    steps, years = numbers.count(len(plan.items), "step"), numbers.count(len(plan.phases), "year")
    deck.begin(_("Roadmap"), _("{steps} in {years}", steps=steps, years=years))
    if not plan.items:
        deck.text([_("Nothing is planned.")], BELOW, 18.0)
    elif len(plan.items) <= BARS:
        labels = [_label(plan, item, 60) for item in plan.items]
        before = [float(item.first) for item in plan.items]
        long = [float(item.last - item.first + 1) for item in plan.items]
        deck.chart(
            Columns(labels, ((None, before), (_("In work"), long)), "0"),
            Box(*BELOW[:3], BELOW.height - 0.45),
            bars=True,
        )
        sides = {"first": plan.periods[0].label, "last": plan.periods[-1].label}
        ends = _("From {first} on the left to {last} on the right.", **sides)
        deck.text([ends], Box(MARGIN, HEIGHT - 0.9, BELOW.width, 0.35), 11.0, quiet=True)
    else:
        rows = [_year(plan, k) for k in range(len(plan.phases))][: rows_of(BELOW)]
        head = (_("Year"), _("Steps"), _("Invested"), _("What starts"))
        deck.table(head, rows, BELOW, (1.2, 0.8, 1.6, 8.4), words=(0, 3), tall=1.2)


def _year(plan: Breakdown, k: int) -> tuple[str, str, str, str]:
    """A year's steps: how many, what they cost once, and the most expensive of them."""
    items = sorted((item for item in plan.items if item.phase == k), key=lambda item: (-item.once, item.id))
    named = [_label(plan, item, 60) for item in items]
    costs = numbers.money(math.fsum(item.once for item in items), plan.currency)
    return plan.phases[k].title, numbers.whole(len(items)), costs, listed(named, 5)


def _label(plan: Breakdown, item: Item, most: int) -> str:
    """A step's title, with its system where there are several."""
    named = f"{plan.called(item.system)}: {item.title}" if len(plan.systems) > 1 and item.system else item.title
    return fitted(clean(named), most)


def money(deck: Deck, facts: Front) -> None:
    """Money by year, as columns and as a table, and what goes on afterwards."""
    plan = facts.plan
    unit = clean(plan.problem.currency)
    deck.begin(_("Money by year"), _("In {currency}", currency=unit) if unit else "")
    values_of = {key: [float(getattr(year, key)) for year in facts.years] for key in _PARTS}
    told = [(_(_PARTS[key]), values) for key, values in values_of.items() if key == "to_approve" or any(values)]
    labels = [clean(year.label) for year in facts.years]
    deck.chart(Columns(labels, told), Box(*LEFT[:3], LEFT.height - 0.2))
    currency = plan.problem.currency
    rows = [
        (label, *(numbers.bare(values[k], currency) for _name, values in told), numbers.bare(year.in_all, currency))
        for k, (label, year) in enumerate(zip(labels, facts.years, strict=True))
    ]
    room = Box(RIGHT.left, RIGHT.top, RIGHT.width, 3.6)
    deck.table(
        (_("Year"), *(part[0] for part in told), _("In all")),
        _first(rows, rows_of(room)),
        room,
        (1.0,) + (1.0,) * (len(told) + 1),
    )
    after = goes_on(plan) or [_("Nothing goes on costing money after the horizon.")]
    deck.text(after, Box(RIGHT.left, 5.35, RIGHT.width, 1.6), 16.0)


def loss(deck: Deck, plan: Breakdown, road: Roadmap, facts: Front) -> None:
    """What remains of the expected loss, or where no losses are told the levels."""
    problem = road.plan.problem
    if facts.returns is None or not problem.threats:
        _levels(deck, plan)
        return
    deck.begin(_("Expected loss a year"), _("Today, at the end of each year, and by threat"))
    ends = [road.plan.periods[year.last].expected_loss_per_year for year in facts.years]
    labels = (_("Today"), *(clean(year.label) for year in facts.years))
    deck.chart(Columns(labels, ((_("Expected loss a year"), (facts.today, *ends)),)), Box(*LEFT[:3], LEFT.height - 0.2))
    today = road.today_by_threat
    most = sorted(problem.threats, key=lambda threat: -today[threat.id])
    rows = [
        (
            title(threat.name),
            numbers.bare(today[threat.id], problem.currency),
            numbers.bare(road.losses[threat.id][-1], problem.currency),
        )
        for threat in most
    ]
    deck.table((_("Threat"), _("Today"), _("Afterwards")), _first(rows, rows_of(RIGHT)), RIGHT, (3.0, 1.1, 1.4))


def _levels(deck: Deck, plan: Breakdown) -> None:
    """Levels today and with the plan, of what the plan raises most."""
    deck.begin(_("Maturity"), _("Levels today and with the plan"))
    raised = sorted(plan.parameters, key=lambda pair: (pair[0].current - pair[1], pair[0].id))
    rows = [
        (
            title(f"{parameter.practice} ({parameter.scale})"),
            numbers.whole(parameter.current),
            numbers.whole(planned),
            numbers.whole(parameter.target),
        )
        for parameter, planned in raised
    ]
    if rows:
        head = (_("Practice"), _("Today"), _("Planned"), _("Target"))
        deck.table(head, _first(rows, rows_of(BELOW)), BELOW, (7.0, 1.0, 1.0, 1.0))
    else:
        deck.text([_("No losses and no levels are told of this plan.")], BELOW, 18.0)


def next_steps(deck: Deck, plan: Breakdown, road: Roadmap, facts: Front) -> None:
    """What starts first and why, the dates with their slack, and what the figures rest on."""
    first = beginning(road.plan)
    when = "" if first.when is None else _("What starts in {period}", period=numbers.label(first.when))
    deck.begin(_("What to do next"), when)
    currency, steps = plan.currency, first.steps[:FIRST]
    said = [
        f"{levelled(road.plan, step.step)}: {numbers.cost(step.step.once, step.step.per_year, currency)}. "
        + sentence(purposes(step, first.titles, currency)[:2])
        for step in steps
    ] or [_("Nothing is left to begin.")]
    if len(first.steps) > FIRST:
        more = numbers.count(len(first.steps) - FIRST, "more step")
        said.append(_("And {more_steps} at the same time.", more_steps=more))
    deck.text(said, LEFT, 16.0)
    dates = [
        f"{numbers.day(one.milestone.date)}: {title(one.milestone.title)}: {_slack(one.days, one.kept)}"
        for one in facts.milestones
    ]
    counts = {"n": numbers.whole(facts.illustrative), "all": numbers.whole(facts.figures)}
    rests = _("{n} of {all} numbers are illustrative defaults.", **counts) if facts.illustrative else ""
    others = numbers.count(len(dates) - DATES, "more date")
    more = _("And {more_dates}.", more_dates=others) if len(dates) > DATES else ""
    deck.text([ask(road)], Box(*RIGHT[:3], 1.2), 18.0, bold=True)
    deck.text([*dates[:DATES], *filter(None, (more, rests))], Box(RIGHT.left, RIGHT.top + 1.3, RIGHT.width, 4.0), 16.0)


def _slack(days: int | None, kept: bool) -> str:
    """How many days a date has to spare, or how late it is."""
    if not kept:
        return _("not met") if days is None else _("late by {days}", days=numbers.count(-days, "day"))
    if days is None:
        return _("met")
    return _("met on the day") if days == 0 else _("met, {days} to spare", days=numbers.count(days, "day"))


def _first(rows: Sequence[tuple[str, ...]], most: int) -> list[tuple[str, ...]]:
    """As many rows as there is room for; of more the last says how many are not shown."""
    if len(rows) <= most:
        return list(rows)
    left = len(rows) - most + 1
    return [*rows[: most - 1], (_("… and {count} more", count=numbers.whole(left)), *([""] * (len(rows[0]) - 1)))]
