"""The mixed-integer program of a problem: this file is its table of contents, ``rules`` holds the chapters."""

from __future__ import annotations

from stepladder.optimise import rules
from stepladder.optimise.grid import Grid, Pairs
from stepladder.optimise.rows import Formulation, collect

FIRST_TANGENTS = 6


def build(grid: Grid) -> Formulation:
    """Everything that every plan must obey, without an objective."""
    formulation = Formulation()
    formulation.add_variables(rules.started_variables(grid))
    formulation.add_variables(rules.loss_variables(grid))
    formulation.add(rules.once_started(grid))
    formulation.add(rules.required(grid))
    formulation.add(rules.needs(grid))
    formulation.add(rules.needs_any(grid))
    formulation.add(rules.excludes(grid))
    formulation.add(rules.windows(grid))
    formulation.add(rules.max_parallel(grid))
    formulation.add(rules.appetite_of_threat(grid))
    formulation.add(rules.appetite_of_all(grid))
    formulation.add(rules.first_tangents(grid, FIRST_TANGENTS))
    return formulation


def criteria(grid: Grid) -> tuple[tuple[Pairs, float], tuple[Pairs, float] | None]:
    """Terms and constants of the first and of the second criterion, in currency."""
    risk, fixed = rules.risk_terms(grid)
    spend = rules.spend_terms(grid)
    if grid.problem.objective == "net":
        return ([*risk, *spend], fixed), None
    both: list[tuple[Pairs, float]] = [(risk, fixed), (spend, 0.0)]
    return (both[0], both[1]) if grid.problem.objective == "risk" else (both[1], both[0])


def minimise(formulation: Formulation, grid: Grid, criterion: tuple[Pairs, float]) -> Formulation:
    """The same program with a criterion as its objective, scaled."""
    terms, fixed = criterion
    formulation.objective = collect((name, amount / grid.scale) for name, amount in terms)
    formulation.constant = fixed / grid.scale
    return formulation
