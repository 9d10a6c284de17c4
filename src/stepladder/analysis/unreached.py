"""Achievements that are asked for and that no plan has in time: proved from the rules alone, without a search."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from stepladder.analysis.feasibility import Bounds, Impossible
from stepladder.data.demand import Demand
from stepladder.data.reached import reached


@dataclass(frozen=True)
class Unreached:
    """An achievement that holds in no plan by the period by which it must.

    Attributes
    ----------
    id, title
        As it is written.
    by
        The last period from which it must hold.
    since
        The first period from which it holds where every step is done as early as it can be; None where never.
    wanted, most
        Of one with a score: what is asked for, and the most that is there by then; None of others.
    at
        Where it is asked for; empty where that is not known.
    """

    id: str
    title: str
    by: int
    since: int | None
    wanted: float | None
    most: float | None
    at: str


def unreached(bounds: Bounds, proofs: Sequence[Impossible], demands: Sequence[Demand] = ()) -> Iterator[Unreached]:
    """Every such achievement, in the problem's order.

    A step that no plan can hold counts for nothing, and no plan has another one sooner than its earliest finish; what
    achievements take only grows, so that none holds sooner than with all of these.

    Parameters
    ----------
    bounds
        Of the problem.
    proofs
        The steps that no plan can hold.
    demands
        What is asked, for the places.
    """
    out, horizon = {proof.step for proof in proofs}, bounds.problem.horizon
    finishes = {name: bounds.steps[name].finish(start) for name, start in bounds.earliest.items() if name not in out}
    done = {name: last for name, last in finishes.items() if last < horizon}
    since = reached(bounds.problem, done)
    for item in bounds.problem.achievements:
        if item.by is None or since.get(item.id, horizon) <= item.by:
            continue
        of = {} if item.score is None else item.score.of
        there = [amount for name, amount in of.items() if done.get(name, horizon) <= item.by]
        yield Unreached(
            item.id,
            item.name,
            item.by,
            since.get(item.id),
            item.score.at_least if item.score is not None else None,
            math.fsum(there) if item.score is not None else None,
            next((demand.at for demand in demands if demand.achievements.get(item.id) == item.by), ""),
        )
