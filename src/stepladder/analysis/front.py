"""The facts of a plan's front page, without a word: money by year, returns, milestones, what is uncertain, systems.

Whoever shows a plan on one page, as text, in a browser, in a workbook or on slides, takes these.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from stepladder.analysis.curves import Curve, own_money
from stepladder.analysis.maturity import years_of
from stepladder.analysis.returns import Returns, returns
from stepladder.analysis.roadmap import Roadmap, read
from stepladder.analysis.slack import Slack, slack_of
from stepladder.analysis.systems import SystemFacts, systems
from stepladder.data.formats.places import Year
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import tells_losses
from stepladder.evaluate import Ledger

#: What is asked most often: so much less money.
FIFTH = 0.2


@dataclass(frozen=True)
class YearMoney:
    """Money of one fiscal year, in currency.

    Attributes
    ----------
    label, first, last
        The year's name, and its periods, both included.
    spent
        What was spent in its periods that are past.
    going_on
        What steps that are done or running, and policies in force, still cost in the others.
    to_approve
        What steps and policies that can still be decided cost.
    promised
        What was promised before or beside the plan, today's levels included, which is none of the above.
    """

    label: str
    first: int
    last: int
    spent: float
    going_on: float
    to_approve: float
    promised: float

    @property
    def plan(self) -> float:
        """What the plan costs in the year."""
        return math.fsum([self.spent, self.going_on, self.to_approve])

    @property
    def in_all(self) -> float:
        """The same with what was promised."""
        return math.fsum([self.plan, self.promised])


@dataclass(frozen=True)
class GoingOn:
    """What goes on a year after the horizon.

    Attributes
    ----------
    plan
        What the planned steps, and a policy that is renewed, go on costing.
    upkeep, promised
        What keeping up today's levels takes, and what was promised and goes on.
    days
        Person-days by team that running the planned steps takes.
    """

    plan: float
    upkeep: float
    promised: float
    days: Mapping[str, float]

    @property
    def in_all(self) -> float:
        """All money together."""
        return math.fsum([self.plan, self.upkeep, self.promised])


@dataclass(frozen=True)
class OverBudget:
    """How often a plan breaks a limit on money, in futures drawn from the ranges of its scenario.

    Attributes
    ----------
    futures, over
        How many were drawn, and in how many of them it breaks one.
    low, high
        Between these parts of all futures it does so, in 95 of 100 such tests; None where nobody has counted that.
    held
        What is held back for it over the horizon, in currency: the most of any kind of limit.
    wanted
        In this part of all futures it is to stay within its limits; None where nobody asked for that.
    """

    futures: int
    over: int
    low: float | None = None
    high: float | None = None
    held: float = 0.0
    wanted: float | None = None

    @property
    def chance(self) -> float:
        """The part of the futures in which it breaks a limit."""
        return self.over / self.futures


@dataclass(frozen=True)
class Less:
    """The best plan that was found with less money.

    Attributes
    ----------
    money
        What its limits allow over the horizon, in currency.
    plan
        The plan, verified; None where there is none, or none was found.
    limit
        What the limits of the plan that it is held against allow.
    infeasible
        Whether it is proved that there is none.
    """

    money: float
    plan: Plan | None
    limit: float
    infeasible: bool = False

    @property
    def part(self) -> float:
        """By which part the money is less."""
        return 1 - self.money / self.limit

    def dropped(self, own: Plan) -> tuple[str, ...]:
        """Ids of the steps that this plan has not and the other has, by their start in the other."""
        starts = self.plan.starts if self.plan is not None else own.starts
        return tuple(sorted(own.starts.keys() - starts.keys(), key=lambda name: (own.starts[name], name)))


@dataclass(frozen=True)
class Front:
    """One page about a plan, as data.

    Attributes
    ----------
    plan
        The plan.
    years
        Money by fiscal year.
    going_on
        What goes on a year after the horizon.
    today, after
        Expected loss a year in the first period that can still be decided, and with all in place.
    returns
        Loss avoided against money, in all and by step; None where no losses are told.
    milestones
        By date.
    over_budget
        None where nobody has tried that.
    illustrative, figures
        How many of the plan's figures are shipped defaults, of how many.
    systems
        Of a fleet each part, in the file's order; empty where there is but one.
    less
        What would be with less money; None where nobody has looked.
    """

    plan: Plan
    years: tuple[YearMoney, ...]
    going_on: GoingOn
    today: float
    after: float
    returns: Returns | None
    milestones: tuple[Slack, ...]
    over_budget: OverBudget | None
    illustrative: int
    figures: int
    systems: tuple[SystemFacts, ...]
    less: Less | None = None

    @property
    def cost(self) -> float:
        """What the plan costs within the horizon."""
        return math.fsum(year.plan for year in self.years)

    @property
    def spent(self) -> float:
        """Of that, what is spent already."""
        return math.fsum(year.spent for year in self.years)

    @property
    def to_approve(self) -> float:
        """Of that, what can still be decided."""
        return math.fsum(year.to_approve for year in self.years)

    @property
    def promised(self) -> float:
        """What was promised before or beside the plan."""
        return math.fsum(year.promised for year in self.years)

    @property
    def this_year(self) -> YearMoney:
        """The year of the first period that can still be decided."""
        return next(year for year in self.years if year.last >= self.plan.now)


def front(plan: Plan | Roadmap, over_budget: OverBudget | None = None, less: Less | None = None) -> Front:
    """The facts of a verified plan.

    Parameters
    ----------
    plan
        The plan, or the same as it was read.
    over_budget
        What a sweep has found; what the plan's own test has found where it is left out.
    less
        A plan with less money, where there is one to hold it against.
    """
    road = plan if isinstance(plan, Roadmap) else read(plan)
    plan = road.plan
    told, ongoing = plan.totals.afterwards, plan.problem.ongoing
    figures = plan.context.numbers if plan.context is not None else ()
    ledger, begun = Ledger(plan.problem), plan.begun
    by_period = [
        [ledger.amount(units, "money") for units in ledger.total(starts, "money")]
        for starts in (begun, {name: start for name, start in plan.decided.items() if name not in begun})
    ]
    return Front(
        plan=plan,
        years=tuple(_year(plan, year, by_period) for year in years_of(plan)),
        going_on=GoingOn(
            plan.afterwards, ongoing.upkeep, ongoing.committed, dict(told.effort_per_year) if told is not None else {}
        ),
        today=road.today,
        after=plan.totals.tail_expected_loss_per_year,
        returns=returns(road) if tells_losses(plan.problem) else None,
        milestones=tuple(slack_of(plan, milestone) for milestone in plan.milestones),
        over_budget=over_budget or tested(plan),
        illustrative=sum(origin.illustrative for origin in figures),
        figures=len(figures),
        systems=systems(road),
        less=less,
    )


def _year(plan: Plan, year: Year, by_period: Sequence[Sequence[float]]) -> YearMoney:
    """One year; by period, what has begun costs, and what can still be decided."""
    last = min(year.to, plan.problem.horizon - 1)
    inside = range(year.from_, last + 1)
    going_on, to_approve = (math.fsum(amounts[t] for t in inside if t >= plan.now) for amounts in by_period)
    return YearMoney(
        year.label,
        year.from_,
        last,
        spent=math.fsum(plan.money(t) for t in inside if t < plan.now),
        going_on=going_on,
        to_approve=to_approve,
        promised=math.fsum(map(plan.committed, inside)),
    )


def tested(plan: Plan) -> OverBudget | None:
    """What a plan's own test in futures has found; None where it was not tested."""
    said = plan.context.robust if plan.context is not None else None
    if said is None:
        return None
    windows, by_kind = plan.problem.windows, dict[str, list[tuple[int, int, float]]]()
    for part in said.held:
        window = windows[part.window]
        by_kind.setdefault(window.resource, []).append((window.from_, window.to, part.amount))
    return OverBudget(
        said.futures,
        said.futures - said.kept,
        1 - said.high,
        1 - said.low,
        max(map(_held, by_kind.values()), default=0.0),
        said.keep,
    )


def _held(parts: list[tuple[int, int, float]]) -> float:
    """What is held back of limits of one kind over the horizon: the most that limits of which none overlaps another
    hold together.
    """
    best = [0.0]
    for t in range(1 + max(to for _, to, _ in parts)):
        ending = [best[first] + amount for first, to, amount in parts if to == t]
        best.append(max([best[-1], *ending]))
    return best[-1]


def less_of(plan: Plan, curves: Sequence[Curve]) -> Less | None:
    """Of a frontier's plans the one that has the most money of those that have a fifth less or more, for the same
    appetite and made for the same; None where there is none.
    """
    own = own_money(plan.problem)
    for curve in curves:
        points = [point for point in curve.points if own and point.money <= own * (1 - FIFTH) * (1 + 1e-9)]
        if curve.appetite is None and points and own:
            found = points[-1]
            if found.plan is None or found.plan.objective.name == plan.objective.name:
                return Less(found.money, found.plan, own, infeasible=found.infeasible)
    return None
