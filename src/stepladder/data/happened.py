"""The past of a plan in its own terms: what began when, what it has cost, and what has come to be known."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any, Literal, NamedTuple

from stepladder.data.formats import money
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import is_choice
from stepladder.data.formats.problem import Period, Problem, Step
from stepladder.data.formats.spread import Shares, stretched
from stepladder.data.formats.spread import to_come as spread_to_come
from stepladder.data.formats.threat import Threat

Source = Literal["actuals", "assessment", "tracker"]


class Paid(NamedTuple):
    """What a step has cost once in all until a period, that one not included."""

    amount: float
    until: int


@dataclass(frozen=True)
class Beside:
    """What is used beside all steps, by resource and period, in currency or person-days: exact.

    Attributes
    ----------
    unplanned
        Of past periods: work that no step has.
    promised
        Of open ones: what has been promised since.
    said
        Both, item by item, as sentences.
    """

    unplanned: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    promised: Mapping[str, Mapping[int, Fraction]] = field(default_factory=dict)
    said: tuple[str, ...] = ()


@dataclass(frozen=True)
class Happened:
    """The past of a plan in its own terms.

    Attributes
    ----------
    now
        The first period that is still open.
    started
        Start by step, of steps that are done or running.
    duration
        How many periods they took or will take.
    once
        What they cost, where that is not as planned: of a step in ``paid`` so much that its open periods have what is
        still to come.
    spread
        How it falls over their periods, where that is not as asked; empty: evenly.
    paid
        Of steps that have cost something else so far than their even share: how much, until when, in their order.
    running
        Those of them that are not done.
    cancelled
        Steps that will not be done.
    given
        Steps that are in place though the plan has not paid for them: they cost nothing.
    spent
        Money by past period, where it is known.
    beside
        What was used, and is promised, beside all steps.
    losses
        Expected loss per year by threat, with what is in place now.
    threats
        Threats that the plan does not know; their loss is as of now.
    levels
        By parameter: the level that somebody has found.
    insured
        Policies whose year has begun, as ``policy@year``, with the first period of that.
    reasons
        By step, what somebody said of it.
    sources
        By step, who said so; nobody where it went as planned.
    """

    now: int
    started: dict[str, int] = field(default_factory=dict)
    duration: dict[str, int] = field(default_factory=dict)
    once: dict[str, float] = field(default_factory=dict)
    spread: dict[str, Shares] = field(default_factory=dict)
    paid: dict[str, tuple[Paid, ...]] = field(default_factory=dict)
    running: frozenset[str] = frozenset()
    cancelled: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()
    spent: dict[int, float] = field(default_factory=dict)
    beside: Beside = Beside()
    losses: dict[str, float] = field(default_factory=dict)
    threats: tuple[Threat, ...] = ()
    levels: dict[str, int] = field(default_factory=dict)
    insured: dict[str, int] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)

    def at_the_beginning(self, problem: Problem, threat: Threat) -> float:
        """A threat's loss as it is seen now, brought back to what was in place at the beginning; as it was where it
        is not seen differently.
        """
        loss = self.losses.get(threat.id)
        if loss is None:
            return threat.expected_loss_per_year
        in_place = [
            name
            for name, start in self.started.items()
            if start + self.duration[name] - 1 + problem.effect_lag <= self.now
        ]
        remains = math.prod(threat.factors.get(name, 1.0) for name in in_place)
        return loss / remains if remains else math.inf

    def invested(self, step: Step, currency: str) -> list[Fraction]:
        """What a step that has begun costs once in each of its periods: what it has cost, evenly, then its own shares.

        Parameters
        ----------
        step
            With the investment and the duration that it has by what has happened.
        currency
            Of its money.
        """
        parts, before, over = list[Fraction](), 0.0, 0
        for amount, until in self.paid.get(step.id, ()):
            periods = until - self.started[step.id] - over
            parts += money.even(money.nearest(amount - before, currency), periods, currency)
            before, over = amount, over + periods
        return [*parts, *step.invested(currency)[over:]]

    def costs(self, step: Step) -> dict[str, Any]:
        """What a step that has begun costs by what has happened, as fields of it."""
        duration = self.duration[step.id]
        return {
            "duration": duration,
            "once": self.once.get(step.id, step.once),
            "spread": self.spread.get(step.id, stretched(step.spread, duration)),
        }


def as_planned(plan: Plan, now: int) -> Happened:
    """The past when everything has gone as planned until a period."""
    steps = plan.problem.steps_by_id()
    begun = {name: start for name, start in plan.starts.items() if start < now}
    running = frozenset(name for name, start in begun.items() if start + steps[name].duration > now)
    told = plan.progress
    return Happened(
        now,
        begun,
        {name: steps[name].duration for name in begun},
        {name: steps[name].once for name in begun if name in plan.asked and plan.asked[name].once != steps[name].once},
        {
            name: steps[name].spread
            for name in begun
            if name in plan.asked and plan.asked[name].spread != steps[name].spread
        },
        paid=dict(_paid(plan)),
        running=running,
        given=plan.given & begun.keys(),
        cancelled=frozenset(name for name, one in told.items() if one.state == "cancelled"),
        insured={name: start for name, start in plan.decided.items() if is_choice(name) and start < now},
        reasons={name: one.reason for name, one in told.items() if one.reason},
        sources={name: one.source for name, one in told.items() if one.source is not None},
    )


def _paid(plan: Plan) -> Iterator[tuple[str, tuple[Paid, ...]]]:
    """What is known to have been paid otherwise than in even shares."""
    steps = plan.problem.steps_by_id()
    for name, told in plan.progress.items():
        if told.spent is None or told.started is None or told.finished is None:
            continue
        step, until = steps[name], min(plan.now, told.finished + 1)
        shares = step.invested(plan.problem.currency)
        if told.spent != float(sum(shares[: until - told.started])):
            yield name, (Paid(told.spent, until),)


def to_come(amount: float, step: Step, periods: int, gone: int, currency: str) -> tuple[float, Shares]:
    """The investment of a step over ``gone`` periods and ``periods`` more of which the latter have this amount, and how
    it falls over them: in proportion to the shares that it was to have, or evenly.
    """
    if step.spread and amount:
        return amount, spread_to_come(step.spread, gone, periods)
    shares = money.even(amount, periods, currency)
    return float(sum(shares) + shares[0] * gone), ()


def period_of(periods: tuple[Period, ...], when: str) -> int | None:
    """The period with this label, or the one that holds this day; None where there is none."""
    for t, period in enumerate(periods):
        if period.label == when:
            return t
    try:
        day = datetime.date.fromisoformat(when)
    except ValueError:
        return None
    return next(
        (t for t, period in enumerate(periods) if period.start and period.end and period.start <= day <= period.end),
        None,
    )
