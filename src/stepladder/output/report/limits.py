"""Money and person-days of each period against the limit that applies, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from stepladder.analysis.roadmap import Roadmap, WindowUse
from stepladder.data.formats.problem import MONEY
from stepladder.output.report.cells import Value, ValueKind
from stepladder.output.report.document import Column, Table
from stepladder.wording import numbers


def most(road: Roadmap, resource: str) -> tuple[float | None, ...]:
    """The most that the limits leave for each period; for all money the limits of its parts count too."""
    own = [road.most(resource, t) for t in range(road.plan.problem.horizon)]
    if resource == "money":
        parts = zip(most(road, "money_once"), most(road, "money_per_year"), strict=True)
        sums = [None if once is None or running is None else once + running for once, running in parts]
        own = [min((top for top in tops if top is not None), default=None) for tops in zip(own, sums, strict=True)]
    return tuple(own)


def of_money(road: Roadmap) -> Iterator[Table]:
    """One table for money, and one for each part of it that has limits of its own."""
    parts = (("money_once", "Investment"), ("money_per_year", "Running cost"))
    yield _table(road, "money", "Spent", parts)
    for resource, name in parts:
        if road.limited(resource):
            yield _table(road, resource, f"Of that, {name.lower()}")


def promised(road: Roadmap) -> Iterator[Table]:
    """Money that was promised before or beside the plan, by period; nothing where there is none."""
    periods = road.plan.problem.periods
    rows = tuple((period, road.plan.committed(t)) for t, period in enumerate(periods) if road.plan.committed(t))
    if rows:
        yield Table("Promised, by period", (Column("Period"), Column("Promised", "money")), rows, "period")


def of_teams(road: Roadmap) -> Iterator[Table]:
    """One table for all teams whose limits are each for one period alone, and one for each other team."""
    pooled = {held.window.resource for held in road.windows if held.window.from_ != held.window.to}
    alone = [team for team in road.teams if team not in pooled]
    if alone:
        yield _together(road, alone)
    for team in road.teams:
        if team in pooled:
            yield _table(road, team, _title(road, team))


def _title(road: Roadmap, team: str) -> str:
    return numbers.team(team, road.plan.teams, begins=True)


def _table(road: Roadmap, resource: str, name: str, parts: Sequence[tuple[str, str]] = ()) -> Table:
    tops = most(road, resource)
    rows: list[tuple[Value, ...]] = []
    for t, period in enumerate(road.plan.problem.periods):
        held, used = road.applies(resource, t), [road.used[one][t] for one in (*(part for part, _ in parts), resource)]
        limit = (_limit(road, held, t), _share(held)) if held else (_without(road, t), None)
        rows.append((period, *used, tops[t], *limit))
    kind: ValueKind = "money" if resource in MONEY else "amount"
    columns = (
        Column("Period"),
        *(Column(part, kind, detail=True) for _, part in parts),
        Column(name, kind),
        Column("At most", kind, detail=True),
        Column("Limit that applies"),
        Column("Used", "use"),
    )
    return Table(f"{name}, and the limit that applies", columns, tuple(rows), "period")


def _without(road: Roadmap, t: int) -> str:
    """What stands where no limit is: those of the past are no question any more."""
    return "past" if t < road.plan.now else "no limit"


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
        return f"{numbers.amount(used)}, {_without(road, t)}" if used else "–"
    return f"{numbers.amount(used)} of {numbers.amount(held.window.limit)} ({numbers.use(used, held.window.limit)})"
