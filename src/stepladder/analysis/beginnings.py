"""Ways to begin, compared over many futures: what each costs in regret, and what would be worth knowing before."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from stepladder.analysis.futures import OWN, SweepRequest
from stepladder.analysis.spread import spread
from stepladder.data.formats.estimate import Unknown

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
    most
        Regret in the future in which it is largest.
    """

    steps: tuple[str, ...]
    chosen: float
    regret: float
    low: float
    high: float
    worst: float
    impossible: int
    most: float = 0.0


@dataclass(frozen=True)
class Recourse:
    """Which way to begin, where all that follows is decided once the figures are known; among those that were looked
    at and are possible in every future.

    Attributes
    ----------
    mean, worst
        Number of the way with the least regret on average, and of the one whose largest regret is the least.
    low, high
        Proved, over these futures: on average the best way of all to begin, whether it was looked at or not, has an
        objective between these, of which the second is that of the way with the least regret on average. Both as the
        objective's value, that of worth negative; None where some future has no plan of its own or no bound.
    """

    mean: int
    worst: int
    low: float | None
    high: float | None


@dataclass(frozen=True)
class WorthKnowing:
    """What it is worth to know one number before beginning: by so much less the expected regret is, beyond what
    chance would show.
    """

    unknown: Unknown
    value: float


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


@dataclass(frozen=True)
class Compared:
    """The ways to begin; what knowing everything is worth; and by future the values of all ways, infinite where
    there is no such plan.
    """

    beginnings: tuple[Begun, ...]
    everything: float | None
    values: dict[int, tuple[float, ...]]
    recourse: Recourse | None = None


def compared(asked: SweepRequest, rows: FutureRows, own: Mapping[int, Mapping[str, Any]], count: int) -> Compared:
    """Compare the ways to begin, where there is any future with a plan of its own."""
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
    recourse = _recourse(begun, values, own, count)
    return Compared(begun, least, values if least is not None else {}, recourse)


def _recourse(
    begun: Sequence[Begun],
    values: Mapping[int, Sequence[float]],
    own: Mapping[int, Mapping[str, Any]],
    count: int,
) -> Recourse | None:
    """The least mean and the least worst regret; None where no way is possible in every future.

    Knowing everything before beginning is never worse than beginning in one way for all futures, which is never worse
    than one way that was looked at: so the mean of the futures' bounds is below what is best, and the mean over the
    futures of a way's plans is above.
    """
    possible = [k for k, way in enumerate(begun) if not way.impossible]
    if not possible:
        return None
    mean, worst = (
        min(possible, key=key)
        for key in (lambda k: (begun[k].regret, k), lambda k: (begun[k].most, begun[k].regret, k))
    )
    bounds = [_bound(answer) for answer in own.values()]
    if len(own) < count or not all(map(math.isfinite, bounds)):
        return Recourse(mean, worst, None, None)
    low, high = math.fsum(bounds) / count, math.fsum(held_by[mean] for held_by in values.values()) / count
    return Recourse(mean, worst, min(low, high), high)


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
        most=max(regret, default=0.0),
    )


def _bound(answer: Mapping[str, Any]) -> float:
    return -math.inf if answer["bound"] is None else float(answer["bound"])


def worth_knowing(
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
