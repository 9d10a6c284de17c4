"""Of a plan for several systems, one after the other: its money, its loss, its dates, its steps and its levels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from stepladder.analysis.front import Front
from stepladder.analysis.maturity import Levels, years_of
from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.systems import SystemFacts
from stepladder.output.report.cells import Value
from stepladder.output.report.document import Card, Cards, Column, Item, Items, Section, Table
from stepladder.output.report.front import slack_words, system_name, tone
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.levels import levelled
from stepladder.wording.text import clean
from stepladder.wording.words import title

#: Of more systems than this only titles are open to the eye at first.
OPEN = 4


def each_system(road: Roadmap, facts: Front) -> Section | None:
    """A card for each system in the order of the file, and for what they share; nothing where there is but one."""
    if not facts.systems:
        return None
    held = tuple(Card(system_name(one), tuple(_blocks(road, one))) for one in facts.systems)
    return Section("systems", _("System by system"), (Cards(held, folded=len(held) > OPEN),))


def _blocks(road: Roadmap, one: SystemFacts) -> Iterator[str | Table | Items]:
    yield " ".join(_in_words(road, one))
    yield _money(road, one)
    if one.milestones:
        dates = (
            Item(f"{numbers.day(held.milestone.date)}: {title(held.milestone.title)}", slack_words(held), tone(held))
            for held in one.milestones
        )
        yield Items(tuple(dates), "milestone")
    if one.planned:
        yield _steps(road, one)
    if one.levels:
        yield _levels(one.levels)


def _in_words(road: Roadmap, one: SystemFacts) -> Iterator[str]:
    """How much of it is planned, and what that takes off its loss."""
    all_of_them = numbers.count(len(one.steps), "step")
    yield (
        _("{some} of {all} are planned.", some=numbers.whole(len(one.planned)), all=all_of_them)
        if one.planned
        else _("Nothing of {all} is planned.", all=all_of_them)
        if one.steps
        else _("There is nothing left to do.")
    )
    if one.threats:
        currency = road.plan.problem.currency
        said = {
            "threats": numbers.count(one.threats, "threat"),
            "before": numbers.money(one.before, currency),
            "after": numbers.money(one.after, currency),
        }
        yield (
            _("Its own loss, of {threats}: {before} a year today, {after} afterwards.", **said)
            if one.id
            else _("Loss that is of no one system, of {threats}: {before} a year today, {after} afterwards.", **said)
        )


def _money(road: Roadmap, one: SystemFacts) -> Table:
    """By fiscal year, and what goes on."""
    rows = [(clean(year.label), amount) for year, amount in zip(years_of(road.plan), one.money, strict=True)]
    rows += [(_("All years"), one.cost), (_("Then a year"), one.afterwards)]
    return Table(_("Money by year"), (Column(_("Year")), Column(_("Money"), "money")), tuple(rows), "year")


def _steps(road: Roadmap, one: SystemFacts) -> Table:
    """What is done in it, without its own name before each title."""
    periods = road.plan.problem.periods
    rows = (
        (
            levelled(road.plan, step.step, step.step.name.removeprefix(f"{one.title}: ")),
            periods[step.start],
            periods[step.finish],
            step.once,
        )
        for step in (road.steps[name] for name in one.planned)
    )
    columns = (Column(_("Step")), Column(_("From")), Column(_("To")), Column(_("Once"), "money"))
    return Table(_("Its steps"), columns, tuple(rows), "step")


def _levels(levels: Sequence[Levels]) -> Table:
    """Every practice: where it is, where this plan brings it, where it is to be."""
    several = len({held.parameter.scale for held in levels}) > 1
    rows: list[tuple[Value, ...]] = [
        (
            clean(held.parameter.practice),
            *([clean(held.parameter.scale)] if several else []),
            held.now,
            held.planned,
            held.parameter.target,
        )
        for held in levels
    ]
    columns = (
        Column(_("Practice")),
        *([Column(_("Scale"))] if several else []),
        *(Column(name, "whole") for name in (_("Now"), _("Planned"), _("Target"))),
    )
    return Table(_("Its levels"), columns, tuple(rows), "practice")
