"""What many futures say together: ranges, chances, what to begin with, and what would be worth knowing."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stepladder.analysis.futures import OWN, SweepRequest
from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.problem import Problem
from stepladder.data.objective import Objective, objective_of
from stepladder.evaluate.exceedance import Curve, curves

#: Rows by future and name.
FutureRows = Mapping[tuple[int, str], Mapping[str, Any]]
Floats = npt.NDArray[np.float64]

#: So many ways to begin are compared: the plan's own, and those that most futures choose.
BEGINNINGS = 4
#: Futures are grouped in so many slices of an unknown to see what knowing it would be worth; each slice holds at least
#: so many.
SLICES, LEAST = 8, 10
#: So many orders by chance say what slices of so few futures seem to be worth when they mean nothing; what is worth
#: knowing exceeds them all.
SHUFFLES = 200


@dataclass(frozen=True)
class Spread:
    """How far a figure ranges: 1 of 20 futures is below ``low``, 1 of 20 above ``high``."""

    low: float
    median: float
    high: float
    mean: float


@dataclass(frozen=True)
class Ranges:
    """Money within the horizon, and expected loss: present value, and per year at the end; worth in points, present
    value, where that is what is planned for.
    """

    spend: Spread
    loss_present_value: Spread
    loss_at_the_end: Spread
    worth: Spread | None = None


@dataclass(frozen=True)
class Chance:
    """Something that goes wrong in some futures.

    Attributes
    ----------
    name
        A resource's or a milestone's.
    chance
        In so large a part of all futures.
    excess
        By how much a limit is exceeded, where it is; None for a milestone.
    """

    name: str
    chance: float
    excess: Spread | None = None


@dataclass(frozen=True)
class Begun:
    """One way to begin.

    Attributes
    ----------
    steps
        What starts in the plan's first period or before.
    chosen
        Part of the futures whose best plan, as far as it was found, begins so.
    regret
        By how much the best plan that begins so is worse than the best plan: mean over the futures.
    low, high
        Proved ends of that mean.
    worst
        Regret that 1 of 20 futures exceeds.
    impossible
        In so many futures no plan that begins so meets all demands.
    """

    steps: tuple[str, ...]
    chosen: float
    regret: float
    low: float
    high: float
    worst: float
    impossible: int


@dataclass(frozen=True)
class WorthKnowing:
    """What it is worth to know one number before beginning: by so much less the expected regret is, beyond what
    chance would show.
    """

    unknown: Unknown
    value: float


@dataclass(frozen=True)
class Sweep:
    """What a sweep has found.

    Attributes
    ----------
    asked
        The plan and its milestones.
    count, seed
        How many futures, and what they were drawn with.
    unknowns
        What is uncertain.
    infeasible, unplanned
        Futures in which no plan meets all demands, and in which none was found.
    carried
        The plan, carried out in every future.
    limits, milestones
        What the plan breaks, and misses.
    broken
        Part of the futures in which it does any of that.
    late
        Part of the futures in which steps have to wait; and in which some are not finished within the horizon.
    unfinished
        See ``late``.
    own
        The futures' own plans; None where they were not planned.
    held
        By step: part of the futures whose own plan has it.
    first
        By step: part of the futures whose own plan starts it in the plan's first period or before.
    beginnings
        The plan's own way to begin, then those that other futures choose.
    everything
        What it is worth to know all numbers before beginning: the least mean regret.
    worth
        The numbers that are worth knowing by themselves, the most valuable first.
    curves
        Loss-exceedance today, half-way and after, with the plan carried out.
    """

    asked: SweepRequest
    count: int
    seed: int
    unknowns: tuple[Unknown, ...]
    infeasible: int
    unplanned: int
    carried: Ranges
    limits: tuple[Chance, ...]
    milestones: tuple[Chance, ...]
    broken: float
    late: float
    unfinished: float
    own: Ranges | None
    held: dict[str, float]
    first: dict[str, float]
    beginnings: tuple[Begun, ...]
    everything: float | None
    worth: tuple[WorthKnowing, ...]
    curves: tuple[Curve, ...]

    @property
    def problem(self) -> Problem:
        """The question with every range at its mean."""
        return self.asked.plan.problem


def period_of(asked: SweepRequest) -> int:
    """The period in which the plan begins."""
    return min(asked.plan.starts.values(), default=0)


def first_steps(starts: Mapping[str, int], period: int) -> tuple[str, ...]:
    """What starts up to a period, by id."""
    return tuple(sorted(name for name, start in starts.items() if start <= period))


def planned(rows: FutureRows, count: int) -> dict[int, Mapping[str, Any]]:
    """The own plans, by future, where there is one."""
    plans = {number: rows[number, OWN].get("plan", {}) for number in range(count)}
    return {number: plan for number, plan in plans.items() if "value" in plan}


def beginnings(asked: SweepRequest, rows: FutureRows, count: int) -> tuple[tuple[str, ...], ...]:
    """The ways to begin that are to be compared: the plan's own, then those that most futures choose."""
    period = period_of(asked)
    own = first_steps(asked.plan.starts, period)
    others = Counter(first_steps(plan["starts"], period) for plan in planned(rows, count).values())
    ordered = sorted((begun for begun in others if begun != own), key=lambda begun: (-others[begun], begun))
    return (own, *ordered[: BEGINNINGS - 1])


def summary(
    asked: SweepRequest,
    rows: FutureRows,
    unknowns: Sequence[Unknown],
    drawn: Mapping[str, Sequence[float]],
    count: int,
    seed: int,
) -> Sweep:
    """Put all rows together."""
    carried = [rows[number, OWN]["carried"] for number in range(count)]
    own = planned(rows, count)
    period = period_of(asked)
    statuses = Counter(rows[number, OWN].get("plan", {}).get("status") for number in range(count))
    comparison = _compared(asked, rows, own, count) if own else _Compared((), None, {})
    return Sweep(
        asked=asked,
        count=count,
        seed=seed,
        unknowns=tuple(unknowns),
        infeasible=statuses["infeasible"],
        unplanned=statuses["no_plan"],
        carried=_ranges(carried, objective_of(asked.plan.problem)),
        limits=tuple(_limits(carried)),
        milestones=tuple(
            Chance(due.title, _part(k in future["missed"] for future in carried)) for k, due in enumerate(asked.dues)
        ),
        broken=_part(bool(future["over"] or future["missed"]) for future in carried),
        late=_part(future["late"] > 0 for future in carried),
        unfinished=_part(bool(future["unfinished"]) for future in carried),
        own=_ranges(list(own.values()), objective_of(asked.plan.problem)) if own else None,
        held=_shares(asked, own, None),
        first=_shares(asked, own, period),
        beginnings=comparison.beginnings,
        everything=comparison.everything,
        worth=_worth(comparison.values, unknowns, drawn, seed),
        curves=curves([rows[number, OWN]["losses"] for number in range(count)], seed),
    )


def _part(facts: Iterator[bool]) -> float:
    values = list(facts)
    return sum(values) / len(values) if values else 0.0


def spread(figures: Sequence[float]) -> Spread:
    """Of at least one figure; each of its points is one of them."""
    ordered = sorted(figures)

    def at(part: float) -> float:
        """The smallest figure that at least this part (0 to 1) of all figures do not exceed."""
        return ordered[min(len(ordered) - 1, max(0, math.ceil(part * len(ordered)) - 1))]

    return Spread(at(0.05), at(0.5), at(0.95), math.fsum(ordered) / len(ordered))


def _ranges(rows: Sequence[Mapping[str, Any]], objective: Objective) -> Ranges:
    worth = spread([objective.shown(row["value"]) for row in rows]) if objective.points else None
    spend, loss, at_the_end = (
        spread([row[name] for row in rows]) for name in ("spend", "loss_present_value", "loss_at_the_end")
    )
    return Ranges(spend, loss, at_the_end, worth)


def _limits(carried: Sequence[Mapping[str, Any]]) -> Iterator[Chance]:
    for name in sorted(
        {name for future in carried for name in future["over"]}, key=lambda name: (name != "money", name)
    ):
        excess = [future["over"][name] for future in carried if name in future["over"]]
        yield Chance(name, len(excess) / len(carried), spread(excess))


def _shares(asked: SweepRequest, own: Mapping[int, Mapping[str, Any]], period: int | None) -> dict[str, float]:
    """By step: part of the plans that have it, or that start it up to a period."""
    counts = Counter(
        name for plan in own.values() for name, start in plan["starts"].items() if period is None or start <= period
    )
    return {step.id: counts[step.id] / len(own) for step in asked.plan.problem.steps} if own else {}


@dataclass(frozen=True)
class _Compared:
    """The ways to begin; what knowing everything is worth; and by future the values of all ways, infinite where
    there is no such plan.
    """

    beginnings: tuple[Begun, ...]
    everything: float | None
    values: dict[int, tuple[float, ...]]


def _compared(asked: SweepRequest, rows: FutureRows, own: Mapping[int, Mapping[str, Any]], count: int) -> _Compared:
    period = period_of(asked)
    ways = beginnings(asked, rows, count)
    # Every plan that begins in some way is a plan of the future itself.
    answers = {number: [_so(rows, number, k, ways[k], period) for k in range(len(ways))] for number in own}
    best = {
        number: min([own[number]["value"], *(answer["value"] for answer in answers[number] if "value" in answer)])
        for number in own
    }
    begun = tuple(_begun(way, k, answers, best, own, period) for k, way in enumerate(ways))
    # A way that is impossible in some future is none to choose without knowing more.
    values = {number: tuple(answer.get("value", math.inf) for answer in held_by) for number, held_by in answers.items()}
    least = min((way.regret for way in begun if not way.impossible), default=None)
    return _Compared(begun, least, values if least is not None else {})


def _so(rows: FutureRows, number: int, way: int, steps: tuple[str, ...], period: int) -> Mapping[str, Any]:
    """A future's answer with a way to begin: its own where that begins so already."""
    own = rows[number, OWN]["plan"]
    return own if first_steps(own["starts"], period) == steps else rows[number, str(way)]


def _begun(
    steps: tuple[str, ...],
    way: int,
    all_answers: Mapping[int, Sequence[Mapping[str, Any]]],
    best: Mapping[int, float],
    own: Mapping[int, Mapping[str, Any]],
    period: int,
) -> Begun:
    those = {number: answers[way] for number, answers in all_answers.items() if "value" in answers[way]}
    regret = [max(0.0, answer["value"] - best[number]) for number, answer in those.items()]
    low = [
        max(0.0, (-math.inf if answer["bound"] is None else answer["bound"]) - best[number])
        for number, answer in those.items()
    ]
    high = [max(0.0, answer["value"] - _bound(own[number])) for number, answer in those.items()]
    size = max(1, len(those))
    return Begun(
        steps=steps,
        chosen=sum(first_steps(plan["starts"], period) == steps for plan in own.values()) / len(own),
        regret=math.fsum(regret) / size,
        low=math.fsum(low) / size,
        high=math.fsum(high) / size,
        worst=spread(regret).high if regret else 0.0,
        impossible=len(all_answers) - len(those),
    )


def _bound(answer: Mapping[str, Any]) -> float:
    return -math.inf if answer["bound"] is None else float(answer["bound"])


def _worth(
    values: Mapping[int, tuple[float, ...]],
    unknowns: Sequence[Unknown],
    drawn: Mapping[str, Sequence[float]],
    seed: int,
) -> tuple[WorthKnowing, ...]:
    """Expected value of partial perfect information, by slices of each unknown; what slices by chance would show is
    taken off.
    """
    slices = min(SLICES, len(values) // LEAST)
    if slices < 2 or len(next(iter(values.values()))) < 2:
        return ()
    samples = np.array(list(values.values()))
    shuffle = np.random.default_rng([seed, 2])
    by_chance = [_gain(samples[shuffle.permutation(len(samples))], slices) for _ in range(SHUFFLES)]
    most, usual = max(by_chance), math.fsum(by_chance) / SHUFFLES
    figures = []
    for unknown in unknowns:
        order = np.argsort([drawn[unknown.name][number] for number in values], kind="stable")
        gain = _gain(samples[order], slices)
        if gain > most:
            figures.append(WorthKnowing(unknown, gain - usual))
    return tuple(sorted(figures, key=lambda worth: (-worth.value, worth.unknown.name)))


def _gain(samples: Floats, slices: int) -> float:
    """How much better it is to choose in every slice of the rows than once for all; a row holds the values of all
    choices.
    """
    parts = np.array_split(samples, slices)
    return float(samples.mean(axis=0).min() - sum(len(part) / len(samples) * part.mean(axis=0).min() for part in parts))
