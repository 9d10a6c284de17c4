"""Caps on large losses as soft rows: which chance, or which excess, can be kept."""

from __future__ import annotations

import math

from stepladder.data.remedy import Change
from stepladder.evaluate.loss import there
from stepladder.evaluate.tail import PRECISION, Tail
from stepladder.optimise.formulation.rows import Name, Row, Variable, collect
from stepladder.optimise.formulation.rules.tail import sum_of
from stepladder.optimise.formulation.soft import Loosened, Soft, Starts

#: What is beyond a cap is counted in millionths of it.
PARTS = 1_000_000
#: So many cells tell what a year's cap would have to be.
CELLS = 1024


def tail(asked: Loosened) -> Soft:
    """Σ_k w_k · e[k, t] ≤ level · (1 + more[c]) whenever each cap c is looked at, as its rows have it from below; least
    Σ more[c].
    """
    problem = asked.grid.problem.model_copy(update={"exceedance": asked.problem.exceedance})
    mine = [(k, Tail(problem, index)) for k, demand in asked.touched("tail") for index in demand.exceedance]

    def measure(starts: Starts) -> tuple[int, tuple[Change, ...]]:
        """By how much of themselves all caps are exceeded, in parts, and the caps that would be kept."""
        total, changes = 0, []
        for k, one in mine:
            sets = [there(problem, starts, t) for t in one.times]
            if broken := [in_place for in_place in sets if not one.kept(in_place)]:
                worst = max(_level(one, in_place) for in_place in broken)
                beyond = math.ceil((worst / _unit(one) - one.cap.level / _unit(one)) * PARTS)
                total += beyond
                changes.append(Change("tail", (k,), amount=_cap(one, one.cap.level + beyond / PARTS * _unit(one))))
        return total, tuple(changes)

    softened = Soft("tail", [], float(PARTS), measure, parts=PARTS)
    for k, one in mine:
        more, unit = Name(f"more_tail_{one.index}"), _unit(one)
        most = max(0.0, one.amount(()) / unit)
        softened.variables.append(Variable(more, 0.0, most, integer=False, kind="more_tail", index=k))
        softened.terms.append((more, 1.0))
        for t in one.times:
            terms, fixed = sum_of(asked.grid, one, t)
            limit = (one.cap.level * (1 + PRECISION) - fixed) / unit
            row = collect([*((name, weight / unit) for name, weight in terms), (more, -1.0)])
            key = (one.index,) if t == one.times[0] else (one.index, t)
            softened.rows.append(Row("soft_tail", key, row, "<=", limit))
    return softened


def _unit(one: Tail) -> float:
    """What the excess over a cap is counted in: the cap itself, or one unit of currency where it is nothing."""
    return one.cap.level or 1.0


def _level(one: Tail, in_place: list[str]) -> float:
    """What the sum over threats of a cap would have to be for a set of steps to keep it."""
    if one.rule != "year":
        return one.amount(in_place)
    return -math.log1p(-one.chance(in_place, max(CELLS, one.year(in_place).coarsest)).high)


def _cap(one: Tail, level: float) -> float:
    """The cap that comes to this sum over threats: a chance, or an amount per year."""
    return level if one.rule == "excess" else min(-math.expm1(-level), 1 - 1e-9)
