"""What if: new problems from a problem, with one thing changed. Nothing is edited."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from typing import Any

from stepladder.data.formats import money
from stepladder.data.formats.base import LARGEST
from stepladder.data.formats.policy import InsuredYear
from stepladder.data.formats.problem import SPENT, Appetite, Problem, Window
from stepladder.evaluate import exact


def _step(problem: Problem, name: str, **changes: Any) -> Problem:
    steps = tuple(step.model_copy(update=changes) if step.id == name else step for step in problem.steps)
    return problem.model_copy(update={"steps": steps})


def not_before(problem: Problem, name: str, period: int) -> Problem:
    """The step starts in this period at the earliest, if it is planned at all; beyond the horizon that means never."""
    own = next(step.earliest for step in problem.steps if step.id == name)
    return _step(problem, name, earliest=max(own, period))


def never(problem: Problem, name: str) -> Problem:
    """The step is not planned. Where it must be, such a problem has no plan."""
    return not_before(problem, name, problem.horizon)


def by(problem: Problem, name: str, period: int) -> Problem:
    """The step is planned, and starts in this period at the latest."""
    step = next(step for step in problem.steps if step.id == name)
    last = step.finish(period)
    return _step(
        problem,
        name,
        required=True,
        latest_finish=last if step.latest_finish is None else min(last, step.latest_finish),
    )


def planned(problem: Problem, names: Iterable[str]) -> Problem:
    """These steps are planned, whenever."""
    chosen = set(names)
    steps = tuple(step.model_copy(update={"required": True}) if step.id in chosen else step for step in problem.steps)
    return problem.model_copy(update={"steps": steps})


def with_money(problem: Problem, factor: float | Fraction) -> Problem:
    """Every limit on money that is spent times a factor, rounded down to whole units of the currency."""
    windows = tuple(
        _scaled(problem, window, Fraction(factor)) if window.resource in SPENT else window for window in problem.windows
    )
    return problem.model_copy(update={"windows": windows})


def _scaled(problem: Problem, window: Window, factor: Fraction) -> Window:
    # No budget that is asked for is larger, so that a limit beyond all amounts limits nothing.
    limit = min(exact(window.limit) * factor, Fraction(LARGEST))
    return window.model_copy(update={"limit": money.below(limit, problem.currency)})


def with_held_back(problem: Problem, held: Mapping[int, Fraction]) -> Problem:
    """Of each limit on money, by the number of its window, so much is not to be spent; what is left is rounded down to
    whole units of the currency, and no less than nothing.
    """
    windows = tuple(
        window.model_copy(update={"limit": max(0.0, money.below(exact(window.limit) - held[k], problem.currency))})
        if held.get(k)
        else window
        for k, window in enumerate(problem.windows)
    )
    return problem.model_copy(update={"windows": windows})


def without_money(problem: Problem) -> Problem:
    """No limit on money that is spent; what goes on costing afterwards is another question."""
    return problem.model_copy(
        update={"windows": tuple(window for window in problem.windows if window.resource not in SPENT)}
    )


def with_total(problem: Problem, amount: float) -> Problem:
    """One more limit on money: so much over the whole horizon."""
    total = Window.model_validate(
        {"resource": "money", "from": 0, "to": problem.horizon - 1, "limit": amount, "label": "in all"}
    )
    return problem.model_copy(update={"windows": (*problem.windows, total)})


def with_appetite(problem: Problem, amount: float) -> Problem:
    """Expected loss of all threats together is capped at this amount: where it was capped already, else at the end."""
    if any(cap.threat is None for cap in problem.appetite):
        caps = tuple(
            cap.model_copy(update={"expected_loss_per_year": amount}) if cap.threat is None else cap
            for cap in problem.appetite
        )
    else:
        end = Appetite.model_validate({"from": problem.horizon, "expected_loss_per_year": amount})
        caps = (*problem.appetite, end)
    return problem.model_copy(update={"appetite": caps})


def begins(problem: Problem, names: Iterable[str], period: int) -> Problem:
    """These steps, and no others, start up to this period: each of them in it, or where the problem pins it."""
    chosen = set(names)
    steps = []
    for step in problem.steps:
        if step.id in chosen:
            last = step.finish(period)
            latest = last if step.latest_finish is None else min(last, step.latest_finish)
            steps.append(step.model_copy(update={"required": True, "latest_finish": latest}))
        else:
            steps.append(step.model_copy(update={"earliest": max(step.earliest, period + 1)}))
    return problem.model_copy(update={"steps": tuple(steps)})


def without_policy(problem: Problem, name: str | None, years: Iterable[int]) -> Problem:
    """In these policy years, by number, a policy is not on offer; for None, none is. What is decided stays."""
    chosen = {y for y in years if not problem.policy_years[y].decided}
    policies = tuple(
        policy.model_copy(
            update={"premiums": tuple(None if y in chosen else amount for y, amount in enumerate(policy.premiums))}
        )
        if name in (None, policy.id)
        else policy
        for policy in problem.policies
    )
    return problem.model_copy(update={"policies": policies})


def with_policy(problem: Problem, name: str, years: Iterable[int]) -> Problem:
    """In these policy years, none of them decided, a policy that is on offer then is in force, with all that it asks
    for.
    """
    chosen = set(years)
    made = tuple(
        InsuredYear.model_validate({**year.model_dump(by_alias=True), "by": name}) if y in chosen else year
        for y, year in enumerate(problem.policy_years)
    )
    return problem.model_copy(update={"policy_years": made})


def asking_less(problem: Problem, name: str, steps: Iterable[str]) -> Problem:
    """A policy does not ask for these steps: such a problem has more plans, and none is worse."""
    gone = set(steps)
    policies = tuple(
        policy.model_copy(update={"needs": tuple(need for need in policy.needs if need not in gone)})
        if policy.id == name
        else policy
        for policy in problem.policies
    )
    return problem.model_copy(update={"policies": policies})
