"""Money and person-days of each period against the limit that applies, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from stepladder.analysis.roadmap import Roadmap, WindowUse
from stepladder.data.formats.problem import MONEY
from stepladder.output.report.cells import Value, ValueKind
from stepladder.output.report.document import Column, Table
from stepladder.wording import numbers


def of_money(road: Roadmap) -> Iterator[Table]:
    """One table for money, and one for each part of it that has limits of its own."""
    yield _table(road, "money", "Spent")
    for resource, name in (("money_once", "Of that, investment"), ("money_per_year", "Of that, running cost")):
        if road.limited(resource):
            yield _table(road, resource, name)


def of_teams(road: Roadmap) -> Iterator[Table]:
    """One table for all teams whose limits are each for one period alone, and one for each other team."""
    alone = [team for team in road.teams if plain(road, team)]
    if alone:
        yield _together(road, alone)
    for team in road.teams:
        if team not in alone:
            yield _table(road, team, _title(road, team))


def _title(road: Roadmap, team: str) -> str:
    return numbers.team(team, road.plan.teams, begins=True)


def plain(road: Roadmap, team: str) -> bool:
    """Whether each limit of a team is for one period alone."""
    return all(held.window.from_ == held.window.to for held in road.windows if held.window.resource == team)


def _table(road: Roadmap, resource: str, name: str) -> Table:
    rows: list[tuple[Value, ...]] = []
    for t, period in enumerate(road.plan.problem.periods):
        held = road.applies(resource, t)
        limit = _limit(road, held, t) if held else "no limit"
        rows.append((period, road.used[resource][t], limit, _share(held) if held else None))
    kind: ValueKind = "money" if resource in MONEY else "amount"
    columns = (Column("Period"), Column(name, kind), Column("Limit that applies"), Column("Used", "use"))
    return Table(f"{name}, and the limit that applies", columns, tuple(rows), "period")


def _share(held: WindowUse) -> Value:
    return held.used / held.window.limit if held.window.limit > 0 else "–"


def _limit(road: Roadmap, held: WindowUse, t: int) -> str:
    """``42,000 of 60,000 since 2027-Q1``, or ``… from 2027-Q1 to 2027-Q4`` where the limit is for later periods too."""
    window, currency = held.window, road.plan.problem.currency
    shown = partial(numbers.bare, currency=currency) if window.resource in MONEY else numbers.amount
    text = f"{shown(held.used)} of {shown(window.limit)}"
    if window.from_ == window.to:
        return text
    first, last = (numbers.label(road.plan.problem.periods[k]) for k in (window.from_, window.to))
    return f"{text} since {first}" if window.to == t else f"{text} from {first} to {last}"


def _together(road: Roadmap, teams: Sequence[str]) -> Table:
    rows: list[tuple[Value, ...]] = [
        (period, *(_cell(road, team, t) for team in teams)) for t, period in enumerate(road.plan.problem.periods)
    ]
    columns = (Column("Period"), *(Column(_title(road, team), "amount") for team in teams))
    return Table("Person-days of each team, and its limit", columns, tuple(rows), "period")


def _cell(road: Roadmap, team: str, t: int) -> str:
    used, held = road.used[team][t], road.applies(team, t)
    if held is None:
        return f"{numbers.amount(used)}, no limit" if used else "–"
    return f"{numbers.amount(used)} of {numbers.amount(held.window.limit)} ({numbers.use(used, held.window.limit)})"
