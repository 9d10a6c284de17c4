"""Loss avoided against money, present values: of a plan in all, and of each of its steps."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.steps import StepFacts
from stepladder.data.formats.problem import Problem
from stepladder.data.objective import objective_of
from stepladder.evaluate import Ledger, caps, ends, over_time, weights
from stepladder.evaluate.covers import mixed

#: Why a step is there: a milestone takes it, other planned steps need it, an achievement counts it, it must be done,
#: its start is fixed, it has begun, a cap on losses would be broken without it, it has points.
Why = Literal["milestone", "needed_by", "achievement", "required", "fixed", "begun", "cap", "points"]


@dataclass(frozen=True)
class Because:
    """One reason why a step is there, and what it speaks of: names of milestones and achievements, ids of steps,
    numbers of caps.
    """

    why: Why
    of: tuple[str, ...] = ()


@dataclass(frozen=True)
class Return:
    """One step, or one policy in one year.

    Attributes
    ----------
    id, title
        Its name in the plan's decisions, and for people.
    money
        What it costs, horizon and tail, present value.
    avoided
        What more would be lost without it, everything else of the plan in place; its worth beside the risk included.
        Present value of the same years.
    because
        Why it is there beside what it avoids.
    """

    id: str
    title: str
    money: float
    avoided: float
    because: tuple[Because, ...]

    @property
    def pays(self) -> bool:
        """Whether it avoids as much as it costs, to the smallest amount that anybody would show."""
        return self.avoided >= self.money - 0.005


@dataclass(frozen=True)
class Returns:
    """All of them.

    Attributes
    ----------
    money, avoided
        Of the whole plan: what it costs, and what less is lost than with nothing of it, present values.
    steps
        By start. What one step avoids with all others in place does not add up to what all avoid together.
    """

    money: float
    avoided: float
    steps: tuple[Return, ...]

    @property
    def costly(self) -> tuple[Return, ...]:
        """Those that cost more than they avoid."""
        return tuple(step for step in self.steps if not step.pays)


def returns(road: Roadmap) -> Returns:
    """Returns of a plan that has been verified."""
    plan = road.plan
    ledger = Ledger(plan.problem)
    problem, counted = ledger.problem, weights(plan.problem)
    more, points = _without(problem, plan.decided), objective_of(plan.problem).points
    totals = [math.fsum(loss[t] for loss in road.losses.values()) for t in range(len(counted))]
    steps = []
    for name, start in sorted(plan.decided.items(), key=lambda item: item[1]):
        step, by_threat = ledger.steps[name], more.get(name, {})
        lost = [weight * extra[t] for extra in by_threat.values() for t, weight in enumerate(counted)]
        worth = 0.0 if points else ledger.worth(step, start)
        facts = road.steps.get(name)
        because = tuple(_because(road, facts)) if facts is not None else ()
        broken = _caps(problem, road.losses, totals, by_threat)
        because += (Because("cap", broken),) if broken else ()
        steps.append(Return(name, step.name, ledger.spend_value(step, start), math.fsum([*lost, worth]), because))
    first = math.fsum(threat.expected_loss_per_year for threat in problem.threats)
    worth = 0.0 if points else plan.totals.value_present_value
    less = math.fsum([*(weight * (first - totals[t]) for t, weight in enumerate(counted)), worth])
    return Returns(plan.totals.spend_present_value, less, tuple(steps))


def _without(problem: Problem, starts: Mapping[str, int]) -> dict[str, dict[str, list[float]]]:
    """By step and threat: what more is lost a year at each time when this one alone is not done."""
    steps, until = problem.steps_by_id(), ends(problem)
    since = {name: problem.in_place(steps[name], start) for name, start in starts.items()}
    more: dict[str, dict[str, list[float]]] = {}
    for threat in problem.threats:
        mine = {name: since[name] for name in threat.factors if name in since}
        whole, alone = over_time(threat, mine, problem.horizon, until), mixed(threat) is None
        for name, first in list(mine.items()):
            factor, after = threat.factors[name], until.get(name, problem.horizon + 1)
            if alone and factor > 0:
                # Each factor by itself: with thousands of steps all products anew would take long.
                part = 1 / factor - 1
                extra = [part * loss if first <= t < after else 0.0 for t, loss in enumerate(whole)]
            else:
                others = {other: at for other, at in mine.items() if other != name}
                less = over_time(threat, others, problem.horizon, until)
                extra = [a - b for a, b in zip(less, whole, strict=True)]
            more.setdefault(name, {})[threat.id] = extra
    return more


def _caps(
    problem: Problem,
    losses: Mapping[str, list[float]],
    totals: list[float],
    more: Mapping[str, list[float]],
) -> tuple[str, ...]:
    """Numbers of the caps on losses that would be broken with so much more lost."""
    broken = dict[int, None]()
    for k, t in caps(problem):
        cap = problem.appetite[k]
        own = cap.threat
        extra = list(more.values()) if own is None else [more[own]] if own in more else []
        now = totals[t] if own is None else losses[own][t]
        if extra and math.fsum([now, *(one[t] for one in extra)]) > cap.expected_loss_per_year * (1 + 1e-9):
            broken[k] = None
    return tuple(map(str, broken))


def _because(road: Roadmap, step: StepFacts) -> Iterator[Because]:
    if step.state != "open":
        yield Because("begun")
    if step.milestones:
        yield Because("milestone", tuple(milestone.title for milestone in step.milestones))
    if step.direct:
        yield Because("needed_by", step.direct)
    if step.towards:
        yield Because("achievement", step.towards)
    if step.step.start is not None and step.state == "open":
        yield Because("fixed")
    elif step.step.required and not step.milestones and step.state == "open":
        yield Because("required")
    if step.points:
        yield Because("points")
