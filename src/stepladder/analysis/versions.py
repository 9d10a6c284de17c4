"""The versions of one roadmap: their order, and how all stood at each."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from stepladder.analysis.maturity import level_at
from stepladder.analysis.steps import today
from stepladder.data.formats.plan import Plan, dump
from stepladder.errors import UsageError
from stepladder.evaluate import losses

#: A plan with the name of its file.
Named = tuple[str, Plan]


@dataclass(frozen=True)
class Version:
    """One version, as all stood then.

    Attributes
    ----------
    name
        What its file is called.
    plan
        The version itself.
    done, running, open, cancelled, left_out
        How many steps of its question are so; open are those that are planned and not begun, left out those that are
        neither planned nor cancelled.
    maturity_now, maturity_at_end
        Mean level of all parameters, with what was finished then and with everything in place; None where the plan
        knows of no parameters.
    loss_now, loss_planned, loss_at_end
        Expected loss a year, in currency: with what was in place then, as the first version planned it for then, and
        with everything in place.
    spent, spent_planned, to_come
        Money within the horizon: until then, as the first version planned it until then, and from then on.
    """

    name: str
    plan: Plan
    done: int
    running: int
    open: int
    cancelled: int
    left_out: int
    maturity_now: float | None
    maturity_at_end: float | None
    loss_now: float
    loss_planned: float
    loss_at_end: float
    spent: float
    spent_planned: float
    to_come: float

    @property
    def worth(self) -> float:
        """What the planned steps are worth in points, present value."""
        return self.plan.totals.points_present_value


def in_order(named: Sequence[Named]) -> tuple[list[Named], list[str]]:
    """Plans of one roadmap, the earliest first, each once; and what a reader should know of that."""
    kept, notes = _distinct(named)
    _one_roadmap(kept)
    numbered = sorted((pair for pair in kept if pair[1].id is not None), key=lambda pair: pair[1].revision)
    _in_step(numbered)
    without = [name for name, plan in kept if plan.id is None]
    if not without or len(kept) == 1:
        return (numbered or kept), notes
    notes += [
        f"{name} does not say which roadmap it is of, nor which version: it is taken for one of these, and put in order"
        " by what was past then."
        for name in without
    ]
    return _by_past(kept), notes


def _distinct(named: Sequence[Named]) -> tuple[list[Named], list[str]]:
    seen: dict[str, str] = {}
    kept, notes = [], []
    for name, plan in named:
        text = dump(plan)
        if text in seen:
            notes.append(f"{name} says the same as {seen[text]}: it is counted once.")
        else:
            seen[text] = name
            kept.append((name, plan))
    return kept, notes


def _one_roadmap(kept: Sequence[Named]) -> None:
    """All have one id, as far as they have any, the same periods and the same currency."""
    first, one = kept[0]
    known, whose = next(((name, plan.id) for name, plan in kept if plan.id is not None), ("", None))
    for name, plan in kept:
        if plan.id not in (None, whose):
            raise UsageError(
                f"{known} is a version of roadmap {whose!r} and {name} of {plan.id!r}; name the files of one roadmap"
            )
        if [(period.label, period.start) for period in plan.problem.periods] != [
            (period.label, period.start) for period in one.problem.periods
        ]:
            raise UsageError(f"{first} and {name} have not the same periods; name plans of one horizon")
        if plan.problem.currency != one.problem.currency:
            raise UsageError(
                f"{first} is in {one.problem.currency or 'no currency'} and {name} in"
                f" {plan.problem.currency or 'no currency'}; name plans in one currency"
            )


def _in_step(numbered: Sequence[Named]) -> None:
    """What has a later number knows no less of the past."""
    for (name, plan), (other, later) in pairwise(numbered):
        if plan.revision == later.revision:
            raise UsageError(
                f"{name} and {other} are both revision {plan.revision} of {plan.id!r}, and differ; name one of them"
            )
        if later.now < plan.now:
            raise UsageError(
                f"{other} is revision {later.revision} of {plan.id!r} and as of {_as_of(later)}, but revision"
                f" {plan.revision}, {name}, is as of {_as_of(plan)} already; one of the two is not what it says"
            )


def _by_past(kept: Sequence[Named]) -> list[Named]:
    ordered = sorted(kept, key=lambda pair: (pair[1].now, pair[1].revision))
    for (name, plan), (other, later) in pairwise(ordered):
        if (plan.now, plan.revision) == (later.now, later.revision):
            raise UsageError(
                f"nothing says whether {name} or {other} is the later: both are as of {_as_of(plan)}; name one of them"
            )
    return ordered


def _as_of(plan: Plan) -> str:
    return plan.problem.periods[plan.now].label


def version(name: str, plan: Plan, first: Plan) -> Version:
    """How all stood at a version, and against that what the first one had planned for then."""
    states = [plan.state(step.id) for step in plan.problem.steps]
    planned = sum(plan.state(step) == "open" for step in plan.starts)
    level, now = level_at(plan), plan.now
    parameters = plan.context.parameters if plan.context else ()

    def mean(last: int) -> float | None:
        """The mean level of all parameters when period ``last`` ends; None where there are none."""
        return math.fsum(level(parameter, last) for parameter in parameters) / len(parameters) if parameters else None

    return Version(
        name,
        plan,
        states.count("done"),
        states.count("running"),
        planned,
        states.count("cancelled"),
        states.count("open") - planned,
        mean(now - 1),
        mean(plan.problem.horizon),
        math.fsum(today(plan).values()),
        _loss_planned(first, now),
        plan.totals.tail_expected_loss_per_year,
        math.fsum(map(plan.money, range(now))),
        math.fsum(map(first.money, range(now))),
        math.fsum(map(plan.money, range(now, plan.problem.horizon))),
    )


def _loss_planned(first: Plan, now: int) -> float:
    """Expected loss a year in a period, with what the plan begins before it."""
    begun = {name: start for name, start in first.decided.items() if start < now}
    return math.fsum(by_time[now] for by_time in losses(first.problem, begun).values())
