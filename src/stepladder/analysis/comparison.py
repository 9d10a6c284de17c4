"""Plans side by side: money, loss at the end and over time, when the target is reached, milestones, steps that move."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from stepladder.analysis.achieved import achieved, standings
from stepladder.analysis.policy_changes import held_years
from stepladder.analysis.steps import today
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import objective_of, tells_losses
from stepladder.errors import UsageError
from stepladder.evaluate import apart


@dataclass(frozen=True)
class Compared:
    """One plan among others.

    Attributes
    ----------
    name
        What it is called here.
    plan
        The plan.
    rule
        The rule of practice that made it; None where it is optimised.
    loss_by_year
        By year of the horizon: mean expected loss per year, in currency.
    reached
        Index of the period from which every step of the question is in place; None where some step is not planned.
    met, milestones
        How many milestones are met, of how many.
    moved
        How many steps stand elsewhere than in the first plan, those that only one of the two has included.
    achieved
        How many achievements the plan reaches, beside those that hold today.
    """

    name: str
    plan: Plan
    rule: str | None
    loss_by_year: tuple[tuple[str, float], ...]
    reached: int | None
    met: int
    milestones: int
    moved: int
    achieved: int = 0

    @property
    def premiums(self) -> float:
        """What its policies cost within the horizon."""
        return math.fsum(one.premium for years in held_years(self.plan).values() for one in years)

    @property
    def today(self) -> float:
        """Expected loss per year with what is in place today."""
        return math.fsum(today(self.plan).values())


@dataclass(frozen=True)
class Comparison:
    """Plans side by side, in the order in which they were named.

    Attributes
    ----------
    columns
        The plans.
    without
        Questions that have no plan, by name, and whether that is proved; else the search was stopped.
    """

    columns: tuple[Compared, ...]
    without: tuple[tuple[str, bool], ...] = ()

    @property
    def currency(self) -> str:
        """The currency of all of them."""
        return self.columns[0].plan.problem.currency

    @property
    def points(self) -> bool:
        """Whether any of them is planned for points."""
        return any(objective_of(column.plan.problem).points for column in self.columns)

    @property
    def achievements(self) -> bool:
        """Whether any of their questions has achievements to reach."""
        return any(column.plan.problem.achievements for column in self.columns)

    @property
    def insured(self) -> bool:
        """Whether any of their questions has policies."""
        return any(column.plan.problem.policies for column in self.columns)

    @property
    def losses(self) -> bool:
        """Whether any of them has losses to tell."""
        return any(tells_losses(column.plan.problem) for column in self.columns)


def compared(plans: Sequence[tuple[str, Plan, str | None]]) -> Comparison:
    """Compare verified plans, each with its name and, if one made it, the rule of practice.

    Raises
    ------
    UsageError
        When there is none, or when they are in different currencies.
    """
    if not plans:
        raise UsageError("nothing to compare; name at least one plan or scenario")
    currencies = {plan.problem.currency: name for name, plan, _ in plans}
    if len(currencies) > 1:
        (one, first), (other, second) = list(currencies.items())[:2]
        raise UsageError(
            f"{first} is in {one or 'no currency'} and {second} in {other or 'no currency'}; only plans in one currency"
            " can be compared"
        )
    base = plans[0][1]
    return Comparison(tuple(_column(name, plan, rule, base) for name, plan, rule in plans))


def _column(name: str, plan: Plan, rule: str | None, base: Plan) -> Compared:
    problem = plan.problem
    finish = {step.id: step.finish(plan.starts[step.id]) for step in problem.steps if step.id in plan.starts}
    reached = (
        max((t + problem.effect_lag for t in finish.values()), default=0) if len(finish) == len(problem.steps) else None
    )
    milestones, since = plan.milestones, achieved(plan)
    met = sum(
        all(step in finish and _by(plan, finish[step], milestone.date) for step in milestone.steps)
        and all(name in since and _by(plan, since[name], milestone.date) for name in milestone.achievements)
        for milestone in milestones
    )
    return Compared(
        name,
        plan,
        rule,
        tuple(_years(plan)),
        reached,
        met,
        len(milestones),
        apart(plan.starts, base.starts),
        sum(standing.since is not None for standing in standings(problem, plan.context, since)),
    )


def _by(plan: Plan, t: int, date: object) -> bool:
    end = plan.problem.periods[t].end
    return end is not None and end <= date  # type: ignore[operator]  # a date


def _years(plan: Plan) -> list[tuple[str, float]]:
    """By fiscal year, or by every twelve months of periods where no years are named."""
    problem = plan.problem
    years = [(year.label, range(year.from_, year.to + 1)) for year in plan.context.years] if plan.context else []
    if not years:
        size = max(1, round(1 / problem.periods[0].years))
        years = [
            (f"year {k // size + 1}", range(k, min(k + size, problem.horizon))) for k in range(0, problem.horizon, size)
        ]
    means = []
    for label, periods in years:
        long = math.fsum(problem.periods[t].years for t in periods)
        means.append(
            (
                label,
                math.fsum(plan.periods[t].expected_loss_per_year * problem.periods[t].years for t in periods) / long,
            )
        )
    return means
