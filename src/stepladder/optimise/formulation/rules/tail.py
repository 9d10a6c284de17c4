"""Rows about how likely large losses are.

More steps in place never make them likelier, so each cap is written for the first time at which it binds, and for each
at which a policy may begin or end. For the sum of a year, and where steps make events cheaper that no policy covers, a
row is a relaxation: what breaks a cap and keeps its row is cut off (``cuts``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from stepladder.data.formats.exceedance import Measure
from stepladder.evaluate.tail import PRECISION, Tail
from stepladder.optimise.formulation.rows import Pairs, Row, collect
from stepladder.optimise.formulation.variables import Grid


def one_event(grid: Grid) -> Iterator[Row]:
    """Σ_k λ_k F̄_k(x) · e[k, t] ≤ −ln(1 − α): events above x in a year are a Poisson process, and there is none of them
    with probability exp(−rate). Of one threat alone: Σ_i ln(factor_i) · in_place_i(t) ≤ ln(−ln(1 − α) / (λ F̄(x))).

    With steps in reach that make events cheaper, by g in all, F̄(x) is the lesser of itself and of F̄(x / g) / g. Where
    a policy p may be in force, e[k, t] is no share of the loss but of what the cap measures: the exponential of
    Σ ln(f) · in_place + Σ_{p, m} ln(F̄(x̂_p / g_m) / F̄(x)) · v[k, t, p, m], x̂_p the largest event of which p leaves x.
    """
    yield from _rows(grid, "one_event")


def year(grid: Grid) -> Iterator[Row]:
    """Σ_k λ_k F̄_k(x) · e[k, t] ≤ −ln(1 − α): a year in which one event costs more than x costs more than x, so this is
    a part of what the cap says.
    """
    yield from _rows(grid, "year")


def excess(grid: Grid) -> Iterator[Row]:
    """Σ_k λ_k E[(X_k − x)+] · e[k, t] ≤ a; with steps in reach that make events cheaper, by g in all, x / g for x."""
    yield from _rows(grid, "excess")


def reachable(grid: Grid, tail: Tail, t: int) -> list[str]:
    """Ids of the steps and policies that help to keep a cap and can be in place at a time."""
    return [name for name in tail.steps if grid.in_place(grid.ledger.steps[name], t) is not None]


def sum_of(grid: Grid, tail: Tail, t: int) -> tuple[Pairs, float]:
    """Terms and constant of what a cap measures at a time, from below."""
    terms: Pairs = []
    fixed = 0.0
    for k, weight in _weights(grid, tail, t).items():
        name = grid.loss(k, t)
        terms.append((name, weight))
        fixed += 0.0 if name else weight
    return terms, fixed


def _weights(grid: Grid, tail: Tail, t: int) -> dict[int, float]:
    """By number of a loss: what a unit of what remains of it adds at least to what the cap measures."""
    weights = {}
    for k, weight in tail.weights(reachable(grid, tail, t)).items():
        place = grid.states.measures(tail, k, t)
        weights[k if place is None else place] = weight if place is None else grid.states.today(place)
    return weights


def _rows(grid: Grid, rule: Measure) -> Iterator[Row]:
    for tail in grid.ledger.tails:
        for t in tail.times if tail.rule == rule else ():
            key = (tail.index,) if t == tail.times[0] else (tail.index, t)
            weights = {k: weight for k, weight in _weights(grid, tail, t).items() if weight > 0}
            level = tail.cap.level
            if len(weights) == 1:
                ((k, weight),) = weights.items()
                # Nothing at all is out of reach of factors above zero; −1e3 in logarithms says so without an infinity.
                room = math.log(level / weight) + PRECISION if level > 0 else -1e3
                yield Row(rule, key, collect(grid.log_loss(k, t)), "<=", room)
            elif weights:
                (terms, fixed), scale = sum_of(grid, tail, t), level or 1.0
                scaled = collect((name, weight / scale) for name, weight in terms)
                yield Row(rule, key, scaled, "<=", (level * (1 + PRECISION) - fixed) / scale)
