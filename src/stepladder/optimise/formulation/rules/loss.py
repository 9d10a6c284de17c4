"""Rows about what remains of losses, and how much may."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping

from stepladder.evaluate import PRECISION, caps
from stepladder.optimise.formulation.rows import Pairs, Row, collect
from stepladder.optimise.formulation.variables import Grid


def appetite_of_threat(grid: Grid) -> Iterator[Row]:
    """Σ_i ln(factor_i) · in_place_i(t) ≤ ln(cap / today's loss): exact, because one threat's loss is one product."""
    place = {threat.id: k for k, threat in enumerate(grid.problem.threats)}
    for index, t in caps(grid.problem):
        cap = grid.problem.appetite[index]
        if cap.threat is None:
            continue
        k = place[cap.threat]
        loss = grid.problem.threats[k].expected_loss_per_year
        if loss > 0:
            # A cap of nothing is out of reach of factors above zero; −1e3 in logarithms says so without an infinity.
            room = math.log(cap.expected_loss_per_year / loss) + PRECISION if cap.expected_loss_per_year > 0 else -1e3
            yield Row("appetite", (index, t), collect(grid.log_loss(k, t)), "<=", room)


def appetite_of_all(grid: Grid) -> Iterator[Row]:
    """Σ_k loss_k · e[k, t] ≤ cap: all threats together. With e from below this is a relaxation that tangents close."""
    for index, t in caps(grid.problem):
        cap = grid.problem.appetite[index]
        if cap.threat is not None:
            continue
        scale = max(cap.expected_loss_per_year, 1.0)
        terms: Pairs = []
        fixed = 0.0
        for k, threat in enumerate(grid.problem.threats):
            name = grid.loss(k, t)
            terms.append((name, threat.expected_loss_per_year / scale))
            fixed += 0.0 if name else threat.expected_loss_per_year
        yield Row(
            "appetite",
            (index, t),
            collect(terms),
            "<=",
            (cap.expected_loss_per_year * (1 + PRECISION) - fixed) / scale,
        )


def tangent(grid: Grid, threat: int, t: int, log_share: float, label: str) -> Row:
    """e[k, t] ≥ exp(p) · (1 + y − p) with y = Σ ln(factor_i) · in_place_i(t): the tangent of exp at p, never above
    it.
    """
    height = math.exp(log_share)
    terms: Pairs = [(grid.loss(threat, t), 1.0)]
    terms += [(name, -height * log) for name, log in grid.log_loss(threat, t)]
    return Row("tangent", (threat, t, label), collect(terms), ">=", height * (1 - log_share))


def tangents(grid: Grid, points: Mapping[tuple[int, int], Iterable[float]]) -> Iterator[Row]:
    """Tangents at these points of every loss."""
    for (k, t), at in points.items():
        for m, point in enumerate(at):
            yield tangent(grid, k, t, point, str(m))
