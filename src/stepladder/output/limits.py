"""Money and person-days of each period against their limits."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from stepladder.analysis.roadmap import Roadmap, WindowUse
from stepladder.data.formats.problem import MONEY
from stepladder.wording import numbers
from stepladder.wording.page import Page
from stepladder.wording.text import clean, cut

#: Rows of a table; the rest is in ``show --csv periods``.
ROWS = 36
#: Teams side by side in one table.
ABREAST = 3


def limits(page: Page, road: Roadmap) -> None:
    """One table for money, one for each limited part of it, one or more for the teams."""
    problem = road.plan.problem
    unit = f" ({problem.currency})" if problem.currency else ""
    page.heading(f"MONEY AGAINST ITS LIMITS{unit}")
    _table(page, road, "money", "Spent")
    for resource, name in (("money_once", "Of that, investment"), ("money_per_year", "Of that, running cost")):
        if road.limited(resource):
            page.blank()
            _table(page, road, resource, name)
    if not road.teams:
        return
    page.heading("PERSON-DAYS AGAINST CAPACITY")
    plain = [team for team in road.teams if _plain(road, team)]
    for k in range(0, len(plain), ABREAST):
        _abreast(page, road, plain[k : k + ABREAST])
        page.blank()
    for team in road.teams:
        if team not in plain:
            _table(page, road, team, numbers.team(team, road.plan.teams, begins=True))
            page.blank()


def _plain(road: Roadmap, team: str) -> bool:
    """Whether each limit of a team is for one period alone."""
    return all(held.window.from_ == held.window.to for held in road.windows if held.window.resource == team)


def _table(page: Page, road: Roadmap, resource: str, name: str) -> None:
    shown = _writer(road, resource)
    rows = []
    for t, period in enumerate(road.plan.problem.periods):
        held = road.applies(resource, t)
        limit = _limit(road, held, t) if held else "no limit"
        rows.append(
            (
                period.label,
                shown(road.used[resource][t]),
                limit,
                numbers.use(held.used, held.window.limit) if held else "",
            )
        )
    page.table(("Period", name, "Limit that applies", "Used"), rows[:ROWS], "lrlr", give=2)
    _more(page, rows)


def _writer(road: Roadmap, resource: str) -> Callable[[float], str]:
    """How amounts of a resource are written."""
    return partial(numbers.bare, currency=road.plan.problem.currency) if resource in MONEY else numbers.amount


def _limit(road: Roadmap, held: WindowUse, t: int) -> str:
    """``42,000 of 60,000 since 2027-Q1``, or ``… from 2027-Q1 to 2027-Q4`` where the limit is for later periods too."""
    shown = _writer(road, held.window.resource)
    text = f"{shown(held.used)} of {shown(held.window.limit)}"
    if held.window.from_ == held.window.to:
        return text
    periods = road.plan.problem.periods
    first = clean(periods[held.window.from_].label)
    return (
        f"{text} since {first}"
        if held.window.to == t
        else f"{text} from {first} to {clean(periods[held.window.to].label)}"
    )


def _abreast(page: Page, road: Roadmap, teams: list[str]) -> None:
    rows = []
    for t, period in enumerate(road.plan.problem.periods):
        rows.append((period.label, *(_cell(road, team, t) for team in teams)))
    page.table(
        ("Period", *(cut(numbers.team(team, road.plan.teams, begins=True), 20) for team in teams)),
        rows[:ROWS],
        "l" + "r" * len(teams),
    )
    _more(page, rows)


def _cell(road: Roadmap, team: str, t: int) -> str:
    used, held = road.used[team][t], road.applies(team, t)
    if held is None:
        return f"{numbers.amount(used)}, no limit" if used else "–"
    return f"{numbers.amount(used)} of {numbers.amount(held.window.limit)} ({numbers.use(used, held.window.limit)})"


def _more(page: Page, rows: Sequence[Sequence[str]]) -> None:
    if len(rows) > ROWS:
        page.say(f"… and {len(rows) - ROWS:,} more periods (show --csv periods)", 2)
