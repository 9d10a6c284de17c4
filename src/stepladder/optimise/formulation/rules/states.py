"""Rows about combinations: which steps that make events cheaper are in place with which policy."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.optimise.formulation.rows import Pairs, Row, Variable, collect
from stepladder.optimise.formulation.states import State
from stepladder.optimise.formulation.variables import Grid


def state_variables(grid: Grid) -> Iterator[Variable]:
    """v[k, t, c, m] ∈ [0, 1]: policy c (or none) is in force at time t, and of the steps that make events of threat k
    cheaper just the set m is in place.
    """
    for (k, t), states in _all(grid):
        for state in states:
            yield Variable(state.name, 0.0, 1.0, integer=False, kind="state", index=k, time=t)


def states(grid: Grid) -> Iterator[Row]:
    """Σ_m v[k, t, c, m] = q[c], Σ_m v[k, t, none, m] = 1 − Σ_c q[c] where no policy counts too, and for every step i:
    Σ_c Σ_{m ∋ i} v[k, t, c, m] ≤ in_place_i(t), Σ_c Σ_{m ∌ i} v[k, t, c, m] ≤ 1 − in_place_i(t).

    Of one policy in force and some steps in place, just one v is left that may be more than 0.
    """
    for (k, t), members in _all(grid):
        policies = [grid.ledger.steps[name] for name in grid.states.policies(k, t)]
        for policy in policies:
            own = _sum(state for state in members if state.cover == policy.id)
            terms: Pairs = [*own, (grid.in_place(policy, t), -1.0)]
            yield Row("states", (k, t, grid.number[policy.id]), collect(terms), "==", 0.0)
        if bare := _sum(state for state in members if state.cover is None):
            terms = [*bare, *((grid.in_place(policy, t), 1.0) for policy in policies)]
            yield Row("states", (k, t, "n"), collect(terms), "==", 1.0)
        for name in grid.states.cheaper(k, t):
            there = grid.in_place(grid.ledger.steps[name], t)
            inside, outside = (_sum(s for s in members if (name in s.there) == wanted) for wanted in (True, False))
            yield Row("states_with", (k, t, grid.number[name]), collect([*inside, (there, -1.0)]), "<=", 0.0)
            yield Row("states_without", (k, t, grid.number[name]), collect([*outside, (there, 1.0)]), "<=", 1.0)


def _all(grid: Grid) -> Iterator[tuple[tuple[int, int], tuple[State, ...]]]:
    """Every threat and time of which combinations count, in order."""
    for k, t in grid.combinations:
        yield (k, t), grid.states.of(k, t)


def _sum(states: Iterator[State]) -> Pairs:
    return [(state.name, 1.0) for state in states]
