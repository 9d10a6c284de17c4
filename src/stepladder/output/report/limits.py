"""Money and person-days of each period against the limit that applies, as tables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from stepladder.analysis.roadmap import Roadmap, WindowUse
from stepladder.data.formats.problem import MONEY
from stepladder.output.report.cells import Value, ValueKind
from stepladder.output.report.document import Column, Table
from stepladder.wording import numbers
from stepladder.wording.language import _


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
    parts = (("money_once", _("Investment")), ("money_per_year", _("Running cost")))
    yield _table(road, "money", _("Spent"), parts)
    of_that = (("money_once", _("Of that, investment")), ("money_per_year", _("Of that, running cost")))
    for resource, name in of_that:
        if road.limited(resource):
            yield _table(road, resource, name)


def promised(road: Roadmap) -> Iterator[Table]:
    """Money that was promised before or beside the plan, by period; nothing where there is none."""
    periods = road.plan.problem.periods
    rows = tuple((period, road.plan.committed(t)) for t, period in enumerate(periods) if road.plan.committed(t))
    if rows:
        yield Table(_("Promised, by period"), (Column(_("Period")), Column(_("Promised"), "money")), rows, "period")


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
        held, used = (
            road.applies(resource, t),
            [road.used[one][t] for one in (*(part for part, _name in parts), resource)],
        )
        limit = (_limit(road, held, t), _share(held)) if held else (_without(road, t), None)
        rows.append((period, *used, tops[t], *limit))
    kind: ValueKind = "money" if resource in MONEY else "amount"
    columns = (
        Column(_("Period")),
        *(Column(part, kind, detail=True) for _resource, part in parts),
        Column(name, kind),
        Column(_("At most"), kind, detail=True),
        Column(_("Limit that applies")),
        Column(_("Used"), "use"),
    )
    return Table(_("{what}, and the limit that applies", what=name), columns, tuple(rows), "period")


def _without(road: Roadmap, t: int) -> str:
    """What stands where no limit is: those of the past are no question any more."""
    return _("past") if t < road.plan.now else _("no limit")


def _share(held: WindowUse) -> Value:
    return held.used / held.window.limit if held.window.limit > 0 else "–"


def _limit(road: Roadmap, held: WindowUse, t: int) -> str:
    """``42,000 of 60,000 since 2027-Q1``, or ``… from 2027-Q1 to 2027-Q4`` where the limit is for later periods too."""
    window, currency = held.window, road.plan.problem.currency
    shown = partial(numbers.bare, currency=currency) if window.resource in MONEY else numbers.amount
    amounts = {"used": shown(held.used), "limit": shown(window.limit)}
    if window.from_ == window.to:
        return _("{used} of {limit}", **amounts)
    first, last = (numbers.label(road.plan.problem.periods[k]) for k in (window.from_, window.to))
    if window.to == t:
        return _("{used} of {limit} since {first}", first=first, **amounts)
    return _("{used} of {limit} from {first} to {last}", first=first, last=last, **amounts)


def _together(road: Roadmap, teams: Sequence[str]) -> Table:
    rows: list[tuple[Value, ...]] = [
        (period, *(_cell(road, team, t) for team in teams)) for t, period in enumerate(road.plan.problem.periods)
    ]
    columns = (Column(_("Period")), *(Column(_title(road, team), "amount") for team in teams))
    return Table(_("Person-days of each team, and its limit"), columns, tuple(rows), "period")


def _cell(road: Roadmap, team: str, t: int) -> str:
    used, held = road.used[team][t], road.applies(team, t)
    if held is None:
        return f"{numbers.amount(used)}, {_without(road, t)}" if used else "–"
    return _(
        "{used} of {limit} ({part})",
        used=numbers.amount(used),
        limit=numbers.amount(held.window.limit),
        part=numbers.use(used, held.window.limit),
    )
