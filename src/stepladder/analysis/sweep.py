"""What many futures say together: ranges, chances, what to begin with, and what would be worth knowing."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stepladder.analysis.beginnings import (
    Begun,
    Compared,
    FutureRows,
    Recourse,
    WorthKnowing,
    compared,
    period_of,
    planned,
    worth_knowing,
)
from stepladder.analysis.futures import OWN, SweepRequest
from stepladder.analysis.spread import Spread, spread
from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.problem import Problem
from stepladder.data.objective import Objective, objective_of
from stepladder.evaluate.exceedance import Curve, curves


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
    recourse
        Which of the beginnings is best where all that follows is decided once the figures are known; None without any
        that is possible in every future.
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
    recourse: Recourse | None = None

    @property
    def problem(self) -> Problem:
        """The question with every range at its mean."""
        return self.asked.plan.problem


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
    comparison = compared(asked, rows, own, count) if own else Compared((), None, {})
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
        recourse=comparison.recourse,
        worth=worth_knowing(comparison.values, unknowns, drawn, seed),
        curves=curves([rows[number, OWN]["losses"] for number in range(count)], seed),
    )


def _part(facts: Iterator[bool]) -> float:
    values = list(facts)
    return sum(values) / len(values) if values else 0.0


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
