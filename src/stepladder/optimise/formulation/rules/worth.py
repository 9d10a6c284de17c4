"""The terms of the criteria: losses, gains and money."""

from __future__ import annotations

from functools import partial

from stepladder.data.formats.problem import MONEY
from stepladder.data.objective import objective_of
from stepladder.optimise.formulation.rows import Pairs
from stepladder.optimise.formulation.variables import Grid


def risk_terms(grid: Grid) -> tuple[Pairs, float]:
    """R = Σ_t δ_t Δ_t Σ_k loss_k · e[k, t] + δ_T Y Σ_k loss_k · e[k, T] − V, and the part that no plan changes."""
    terms: Pairs = []
    fixed = 0.0
    for t, weight in enumerate(grid.weights):
        for k, threat in enumerate(grid.problem.threats):
            name = grid.loss(k, t)
            terms.append((name, weight * threat.expected_loss_per_year))
            fixed += 0.0 if name else weight * threat.expected_loss_per_year
    return terms + gain_terms(grid), fixed


def gain_terms(grid: Grid) -> Pairs:
    """−V over the planned steps; where points count −P, with P = Σ_i points_i · (Σ_{t: in place} δ_t Δ_t + δ_T Y) +
    Σ_a points_a · (Σ_t δ_t Δ_t h[a, t] + δ_T Y h[a, T−1]).
    """
    terms: Pairs = []
    gains = objective_of(grid.problem).gains
    for step in grid.problem.steps:
        if any(gains(step)):
            terms += [(name, -amount) for name, amount in grid.by_start(step, partial(grid.ledger.worth, step))]
    return terms + grid.gained()


def spend_terms(grid: Grid) -> Pairs:
    """S = Σ_t δ_t σ_t + δ_T Y Σ_i per_year_i over the planned steps."""
    terms: Pairs = []
    spend = grid.tables.spend.tolist()
    for step in grid.problem.steps:
        if grid.ledger.uses(step, MONEY[0]):
            terms += grid.by_start(step, spend[grid.number[step.id]].__getitem__)
    return terms
