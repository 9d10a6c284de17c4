"""The mixed-integer program of a problem: this file is its table of contents, ``rules`` holds the chapters."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import replace

from stepladder.data.objective import objective_of
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.rows import Formulation, Name, Pairs, collect
from stepladder.optimise.formulation.variables import Grid


def build(grid: Grid, points: Mapping[tuple[int, int], Iterable[float]]) -> Formulation:
    """Everything that every plan must obey, without an objective; losses from below by tangents at these points.

    Raises
    ------
    TimeUp
        When the clock says so in the middle.
    """
    formulation = Formulation()
    formulation.add_variables(grid.clock.watched(rules.started_variables(grid)))
    formulation.add_variables(grid.clock.watched(rules.loss_variables(grid)))
    formulation.add_variables(grid.clock.watched(rules.state_variables(grid)))
    formulation.add_variables(grid.clock.watched(rules.achieved_variables(grid)))
    chapters = (
        rules.once_started(grid),
        rules.required(grid),
        rules.needs(grid),
        rules.needs_any(grid),
        rules.achieved_all(grid),
        rules.achieved_any(grid),
        rules.achieved_score(grid),
        rules.achieved(grid),
        rules.needs_achievements(grid),
        rules.excludes(grid),
        rules.policies(grid),
        rules.policy_needs(grid),
        rules.windows(grid),
        rules.max_parallel(grid),
        rules.few_moves(grid),
        rules.appetite_of_threat(grid),
        rules.appetite_of_all(grid),
        rules.one_event(grid),
        rules.year(grid),
        rules.excess(grid),
        rules.states(grid),
        rules.tangents(grid, points),
    )
    for rows in chapters:
        formulation.add(grid.clock.watched(rows))
    return formulation


def criteria(grid: Grid) -> tuple[tuple[Pairs, float], tuple[Pairs, float] | None]:
    """Terms and constants of the first and of the second criterion, in currency or in points."""
    objective = objective_of(grid.problem)
    risk, fixed = (rules.gain_terms(grid), 0.0) if objective.points else rules.risk_terms(grid)
    spend = rules.spend_terms(grid)
    return (([*risk, *spend], fixed), None) if objective.both else objective.ordered((risk, fixed), (spend, 0.0))


def minimise(
    formulation: Formulation, grid: Grid, criterion: tuple[Pairs, float], unit: float | None = None
) -> Formulation:
    """The same program with a criterion as its objective, in a unit, or in that of the whole problem."""
    terms, fixed = criterion
    unit = grid.scale if unit is None else unit
    formulation.objective = collect((name, amount / unit) for name, amount in terms)
    formulation.constant = fixed / unit
    return formulation


def unit_of(terms: Pairs) -> float:
    """A unit for terms by themselves: beside large losses a solver would not see small money."""
    return max((math.fsum(abs(amount) for _, amount in terms)) / 1e4, 1e-6)


def in_starts(formulation: Formulation, grid: Grid) -> Formulation:
    """The same program with x[i, s] as its integers, and the limits written in them.

    In z the limit of a single period has large coefficients of both signs, and covers say little; in x it is a
    knapsack. In longer windows the coefficients of z are small already: there the program is better as it is.
    """
    program = Formulation(
        {
            # With part of a score an achievement holds in no part.
            name: replace(variable, integer=variable.kind == "achieved")
            for name, variable in formulation.variables.items()
        },
        [],
        formulation.objective,
    )
    program.constant = formulation.constant
    program.add_variables(rules.starting_variables(grid))
    program.add(rules.starting(grid))
    earlier: dict[Name, list[Name]] = {}
    for step in grid.problem.steps:
        starts = [grid.starting(step, s) for s in grid.starts_of(step)]
        earlier.update(
            (name, starts[: n + 1])
            for n, s in enumerate(grid.starts_of(step))
            if (name := grid.started(step, s)) is not None
        )
    for row in formulation.rows:
        if row.family in ("window", "parallel"):
            # z[i, t] = Σ_{s ≤ t} x[i, s]
            row = replace(row, terms=collect((x, amount) for z, amount in row.terms.items() for x in earlier[z]))  # noqa: PLW2901
        if row.family != "once":
            program.rows.append(row)
    return program


def nearby(formulation: Formulation, grid: Grid, plan: Mapping[str, int], periods: int) -> Formulation:
    """The same program with a plan's own steps only, each within so many periods of its start; rows added to one are
    in both.
    """
    variables = dict(formulation.variables)
    for step in grid.problem.steps:
        start = plan.get(step.id)
        for t in grid.starts_of(step):
            name = grid.started(step, t)
            if name is not None and (start is None or t < start - periods):
                variables[name] = replace(variables[name], upper=0.0)
            elif name is not None and start is not None and t >= start + periods:
                variables[name] = replace(variables[name], lower=1.0)
    return replace(formulation, variables=variables)
