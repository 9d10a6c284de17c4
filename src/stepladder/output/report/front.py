"""The front page: what to decide, what it costs for ever and gives back, dates, what can go wrong, and what each system
gets.

It says what ``analysis.front`` has found, and nothing else.
"""

from __future__ import annotations

import math
from dataclasses import replace

from stepladder.analysis.front import Front
from stepladder.analysis.next import beginning
from stepladder.analysis.returns import Return
from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.slack import Slack
from stepladder.analysis.systems import SystemFacts
from stepladder.output.report.cells import Value
from stepladder.output.report.document import Card, Cards, Chart, Column, Columns, Item, Items, Panel, Table, Tone
from stepladder.wording import numbers, returns
from stepladder.wording.afterwards import goes_on
from stepladder.wording.assumptions import illustration
from stepladder.wording.claims_of_plans import to_the_bound
from stepladder.wording.language import _, mark
from stepladder.wording.less import less_money
from stepladder.wording.levels import levelled
from stepladder.wording.over_budget import chance_over
from stepladder.wording.text import clean
from stepladder.wording.words import purposes, sentence, title

#: Steps that cost more than they avoid, first steps, and milestones that are named on the page.
COSTLY, FIRST, DATES = 3, 2, 6
#: Of each part of a year's money its name; the first is always told.
PARTS = (
    *(("to_approve", mark("To approve")), ("going_on", mark("Going on"))),
    *(("spent", mark("Spent")), ("promised", mark("Promised"))),
)


def picture(facts: Front) -> Chart | None:
    """Money and expected loss by year; None where nothing is decided or promised, or all of it costs nothing."""
    years = facts.years
    if not facts.plan.decided and not facts.promised:
        return None
    told = [(_(name), tuple(getattr(year, key) for year in years)) for key, name in PARTS]
    money = [(name, values) for name, values in told if any(values)]
    losses = _at_the_end(facts)
    panels = [Panel(_("Money of each year"), tuple(money), (None,) * len(years))]
    heading, words = _("Money by year"), _("Money of each year, by what is to approve and what is not.")
    if facts.returns is not None and facts.plan.problem.threats:
        loss = _("Expected loss a year")
        none = (0.0,) * len(years)
        panels = [
            Panel(panels[0].title, (*panels[0].parts, (loss, none)), panels[0].most),
            Panel(
                _("Expected loss a year at the end of each year"),
                (*((name, none) for name, _values in money), (loss, losses)),
                (None,) * len(years),
            ),
        ]
        heading = _("Money and expected loss by year")
        words = _("Money of each year, by what is to approve and what is not; and the expected loss a year at its end.")
    if not panels[0].parts:
        return None
    labels = tuple(clean(year.label) for year in years)
    drawing = Columns(labels, tuple(panels), facts.plan.problem.currency, low=True)
    return Chart("years", heading, words, drawing, ())


def _at_the_end(facts: Front) -> tuple[float, ...]:
    return tuple(facts.plan.periods[year.last].expected_loss_per_year for year in facts.years)


def cards(road: Roadmap, facts: Front) -> Cards:
    """All questions of the page."""
    found = (
        money(facts),
        dates(facts),
        by_system(facts),
        sure(facts),
        gives_back(road, facts),
        Card(_("With less money"), (less_money(facts),)),
        first(road),
    )
    return Cards(tuple(card for card in found if card is not None))


def money(facts: Front) -> Card:
    """What each year costs, and what goes on."""
    told = [
        (key, _(name)) for key, name in PARTS if key == "to_approve" or any(getattr(one, key) for one in facts.years)
    ]
    losses = facts.returns is not None and bool(facts.plan.problem.threats)
    rows: list[tuple[Value, ...]] = []
    for year, loss in zip(facts.years, _at_the_end(facts), strict=True):
        rows.append((clean(year.label), *(getattr(year, key) for key, _name in told), year.in_all, *([loss] * losses)))
    sums = [math.fsum(getattr(year, key) for year in facts.years) for key, _name in told]
    whole = math.fsum(year.in_all for year in facts.years)
    rows.append((_("All years"), *sums, whole, *([None] * losses)))
    columns = (
        Column(_("Year")),
        *(Column(name, "money") for _key, name in told),
        Column(_("In all"), "money"),
        *([Column(_("Loss at its end"), "money")] if losses else []),
    )
    after = goes_on(facts.plan) or [_("Nothing goes on costing money after the horizon.")]
    after += [_("All of it is for one system.")] if facts.plan.starts and not facts.systems else []
    heading = _("Money by year")
    return Card(heading, (Table(heading, columns, tuple(rows), "year"), " ".join(after)))


def gives_back(road: Roadmap, facts: Front) -> Card | None:
    """Loss avoided against money, in all and for the steps that cost more than they avoid."""
    found, problem = facts.returns, facts.plan.problem
    if found is None or not problem.threats:
        return None
    worst = sorted(found.costly, key=lambda one: one.avoided - one.money)
    items = tuple(Item(_named(road, one), _against(road, one), "warn") for one in worst[:COSTLY])
    said = (returns.in_all(found, problem), returns.costly(found))
    return Card(_("What it gives back"), (*said, *([Items(items, "step", len(worst))] if items else [])))


def _against(road: Roadmap, one: Return) -> str:
    """What a step costs and avoids, and why it is there."""
    problem = road.plan.problem
    cost, less = (numbers.money(amount, problem.currency) for amount in (one.money, one.avoided))
    why = returns.why(one, problem, road.titles)
    return _("{cost} for {avoided}: {why}.", cost=cost, avoided=less, why=why)


def each(road: Roadmap, facts: Front) -> Table | None:
    """Every step: what it costs, what it avoids, and why it is there."""
    found, problem = facts.returns, facts.plan.problem
    if found is None or not found.steps:
        return None
    rows = tuple(
        (
            _named(road, one),
            one.money,
            one.avoided,
            one.avoided / one.money if one.money > 0 else None,
            "" if one.pays and not one.because else returns.why(one, problem, road.titles, 3),
        )
        for one in found.steps
    )
    columns = (
        Column(_("Step")),
        Column(_("Costs"), "money"),
        Column(_("Avoids"), "money"),
        Column(_("For each 1"), "amount"),
        Column(_("Why it is there beside that")),
    )
    caption = _(
        "Each step: what it costs, what it avoids with all others in place, and why it is there ({years})",
        years=returns.years_meant(problem),
    )
    return Table(caption, columns, rows, "step")


def _named(road: Roadmap, one: Return) -> str:
    facts = road.steps.get(one.id)
    return levelled(road.plan, facts.step) if facts is not None else title(one.title)


def dates(facts: Front) -> Card | None:
    """Every milestone with its slack, the tightest first."""
    if not facts.milestones:
        return None
    ordered = sorted(facts.milestones, key=lambda one: (one.kept, math.inf if one.days is None else one.days))
    items = tuple(
        Item(f"{numbers.day(one.milestone.date)}: {title(one.milestone.title)}", slack_words(one), tone(one))
        for one in ordered[:DATES]
    )
    return Card(_("Dates and their slack"), (Items(items, "milestone", len(ordered)),))


def slack_words(one: Slack) -> str:
    """The slack of a milestone, as a sentence."""
    if one.state == "met" and one.days is None:
        return _("Met.")
    return _(_SLACK[one.state], days="" if one.days is None else numbers.count(abs(one.days), "day"))


#: By the state of a milestone.
_SLACK = {
    "today": mark("Met today."),
    "unknown": mark("Nothing is left to do for it."),
    "met": mark("Met, {days} to spare."),
    "on_the_day": mark("Met on the day: no slack at all."),
    "late": mark("Late by {days}."),
    "missed": mark("Missed: late by {days}."),
    "unplanned": mark("Not met: the plan has not all that it takes."),
}


def tone(one: Slack) -> Tone:
    """How good that is."""
    return "warn" if one.state == "on_the_day" else "good" if one.kept else "bad"


def sure(facts: Front) -> Card:
    """What can go wrong, and on how many figures that nobody has looked up the plan rests."""
    plan = facts.plan
    said = [chance_over(facts)]
    if facts.illustrative:
        said.append(illustration(facts.illustrative, facts.figures))
    elif facts.figures:
        figures = numbers.count(facts.figures, "figure")
        said.append(_("None of its {figures} is an illustrative default.", figures=figures))
    return Card(_("How sure it is"), tuple(filter(None, (*said, to_the_bound(plan)))))


def by_system(facts: Front) -> Card | None:
    """What each system gets."""
    if not facts.systems:
        return None
    rows = [_system(one) for one in facts.systems]
    untold = () if facts.plan.problem.threats else LOSSES
    kept = [k for k in range(len(_SYSTEM)) if k not in untold and any(row[k] not in (None, "") for row in rows)]
    table = Table(
        _("What each system gets"),
        tuple(replace(_SYSTEM[k], title=_(_SYSTEM[k].title)) for k in kept),
        tuple(tuple(row[k] for k in kept) for row in rows),
        "system",
    )
    return Card(_("By system"), (table,))


#: The columns of it that speak of losses.
LOSSES = (3, 4)
_SYSTEM = (
    Column(mark("System")),
    Column(mark("Money"), "money"),
    Column(mark("Then a year"), "money"),
    Column(mark("Loss today"), "money"),
    Column(mark("Loss after"), "money"),
    Column(mark("At target"), detail=True),
    Column(mark("Tightest date")),
)


def _system(one: SystemFacts) -> tuple[Value, ...]:
    reached = {"now": one.reached_now, "then": one.reached, "all": len(one.levels)}
    return (
        system_name(one),
        one.cost,
        one.afterwards,
        one.before,
        one.after,
        _("{now} → {then} of {all}", **{name: numbers.whole(number) for name, number in reached.items()})
        if one.levels
        else "",
        _tightest(one),
    )


def _tightest(one: SystemFacts) -> str:
    """The least slack of a system's milestones; whether one is not met where none has any."""
    days = [slack.days for slack in one.milestones if slack.days is not None]
    if not days:
        return _("not met") if any(not slack.kept for slack in one.milestones) else ""
    least = numbers.count(abs(min(days)), "day")
    return _("on the day") if min(days) == 0 else _("{days} late", days=least) if min(days) < 0 else least


def system_name(one: SystemFacts) -> str:
    """A system's title; what all share has a name of its own."""
    return title(one.title) if one.id is not None else _("Shared by all")


def first(road: Roadmap) -> Card | None:
    """What starts first, and why."""
    found = beginning(road.plan)
    if found.when is None:
        return None
    entries = tuple(_first(road, found.steps[k].step.id) for k in range(min(FIRST, len(found.steps))))
    return Card(
        _("What starts in {period}", period=numbers.label(found.when)), (Items(entries, "step", len(found.steps)),)
    )


def _first(road: Roadmap, name: str) -> Item:
    step, currency = road.steps[name], road.plan.problem.currency
    cost = numbers.cost(step.once, step.step.per_year, currency)
    return Item(levelled(road.plan, step.step), f"{cost}.", reason=sentence(purposes(step, road.titles, currency)))
