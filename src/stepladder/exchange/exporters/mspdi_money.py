"""The plan's money in Microsoft Project's XML: on cost resources, one for each kind of money and fiscal year, because
a fixed cost is spread by working days, and the plan spreads by periods. So each year's money is exact.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from stepladder.data.formats.problem import MONEY
from stepladder.exchange.days import on_or_after, on_or_before
from stepladder.exchange.items import Breakdown, Item

#: The kinds of money, as people call them; the last is what books say beside what the steps account for.
INVESTMENT, RUNNING, OTHER = "Investment", "Running cost", "Other spending"


@dataclass(frozen=True)
class Cost:
    """Money of one kind in one fiscal year, or period where the plan has no years.

    Attributes
    ----------
    kind
        One of the three.
    phase
        Number of the year.
    start, finish
        First and last working day on which it counts.
    amount, paid
        In the plan's currency; and how much of it is past.
    """

    kind: str
    phase: int
    start: datetime.date
    finish: datetime.date
    amount: float
    paid: float


@dataclass(frozen=True)
class Upkeep:
    """What running goes on costing in one fiscal year, as a task: its id, phase, first and last working day, its
    money, and by team the person-days of each period by number.
    """

    id: str
    phase: int
    start: datetime.date
    finish: datetime.date
    costs: tuple[Cost, ...]
    days: Mapping[str, Mapping[int, float]] = field(default_factory=dict)

    @property
    def work(self) -> float:
        """Person-days of all teams."""
        return math.fsum(days for by_period in self.days.values() for days in by_period.values())


def phase_of(plan: Breakdown, t: int) -> int:
    """Number of the phase that holds a period."""
    return next(k for k, phase in enumerate(plan.phases) if plan.periods[t].start <= phase.finish)


def investments(plan: Breakdown, item: Item) -> Iterator[Cost]:
    """What a step takes of each fiscal year that it goes through."""
    for k in sorted({phase_of(plan, t) for t in range(item.first, item.last + 1)}):
        own = [t for t in range(item.first, item.last + 1) if phase_of(plan, t) == k]
        amounts = [item.invested[t - item.first] for t in own]
        over = math.fsum(amount for t, amount in zip(own, amounts, strict=True) if t - item.first < item.over)
        start, finish = on_or_after(plan.periods[own[0]].start), on_or_before(plan.periods[own[-1]].finish)
        if any(amounts):
            yield Cost(INVESTMENT, k, start, finish, math.fsum(amounts), over)


def upkeeps(plan: Breakdown) -> tuple[Upkeep, ...]:
    """A task for each fiscal year with running cost, or with books that say something else than the steps."""
    by_year = (_upkeep(plan, k) for k in range(len(plan.phases)))
    return tuple(upkeep for upkeep in by_year if upkeep is not None)


def _upkeep(plan: Breakdown, phase: int) -> Upkeep | None:
    own = [t for t in range(len(plan.periods)) if phase_of(plan, t) == phase]
    running = {t: plan.periods[t].used[MONEY[2]] for t in own}
    other = {t: plan.periods[t].money - running[t] - _invested(plan, t) for t in own}
    days = running_work(plan, phase)
    worked = {t for by_period in days.values() for t in by_period}
    counted = [t for t in own if running[t] or abs(other[t]) > _LEAST or t in worked]
    if not counted:
        return None
    start, finish = on_or_after(plan.periods[counted[0]].start), on_or_before(plan.periods[own[-1]].finish)
    costs = []
    for kind, amounts in ((RUNNING, running), (OTHER, other)):
        past = (amount for t, amount in amounts.items() if t < (plan.as_of or 0))
        whole = math.fsum(amounts.values())
        if abs(whole) > _LEAST:
            costs.append(Cost(kind, phase, start, finish, whole, math.fsum(past)))
    return Upkeep(f"{plan.phases[phase].id}#upkeep", phase, start, finish, tuple(costs), days)


def running_work(plan: Breakdown, phase: int) -> dict[str, dict[int, float]]:
    """By team, the person-days that running what was built takes in each period of a fiscal year, by number; what a
    team has to do beside the work on steps.
    """
    found: dict[str, dict[int, float]] = {}
    for team in plan.teams if any(item.effort_per_year or item.again for item in plan.items) else ():
        for t in (t for t in range(len(plan.periods)) if phase_of(plan, t) == phase):
            steps = (
                item.effort.get(team, 0.0) / (item.last - item.first + 1)
                for item in plan.items
                if item.first <= t <= item.last
            )
            days = plan.periods[t].used.get(team, 0.0) - math.fsum(steps)
            if days > _LEAST:
                found.setdefault(team, {})[t] = days
    return found


def _invested(plan: Breakdown, t: int) -> float:
    """What the steps account for as investment in a period."""
    return math.fsum(item.invested[t - item.first] for item in plan.items if item.first <= t <= item.last)


#: Less is a binary fraction's.
_LEAST = 1e-6
