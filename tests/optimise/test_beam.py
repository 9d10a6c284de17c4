"""Beam search against all plans there are, at any prices of starts; the verifier says which plans keep the rules."""

from __future__ import annotations

import itertools
import json
import math

import numpy as np
import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.optimise import Options, optimise
from stepladder.optimise.formulation.points import first_points
from stepladder.optimise.formulation.program import build, criteria, minimise
from stepladder.optimise.formulation.variables import Grid, lay
from stepladder.optimise.heuristics.beam_search import Beam
from stepladder.optimise.heuristics.lp_guide import costs
from stepladder.optimise.solvers.arrays import Floats, arrays
from stepladder.optimise.solvers.highs import linear
from stepladder.solution.verify import broken_rules
from tests.benchmarks.generate import CARRIES, Carry, smm
from tests.support.problems import problem

#: So many plans at most are tried one by one.
MOST = 20_000


def priced(grid: Grid, rng: np.random.Generator) -> Floats:
    """Any prices: a start that cannot be has none, and a required step cannot stay away."""
    found = np.full((len(grid.problem.steps), grid.problem.horizon + 1), np.inf)
    for k, step in enumerate(grid.problem.steps):
        found[k, list(grid.starts_of(step))] = rng.normal(size=len(grid.starts_of(step)))
        found[k, -1] = np.inf if step.required or step.start is not None else 0.0
    return found


def cheapest(grid: Grid, prices: Floats) -> float:
    """The least cost of a plan that keeps every rule but caps on losses, each step's above its least."""
    held = grid.problem.model_copy(update={"appetite": ()})
    options = [
        [*grid.starts_of(step), *([] if math.isinf(prices[k, -1]) else [None])] for k, step in enumerate(held.steps)
    ]
    least = [
        min(float(prices[k, -1 if start is None else start]) for start in some) if some else 0.0
        for k, some in enumerate(options)
    ]
    best = math.inf
    for chosen in itertools.product(*options):
        cost = sum(float(prices[k, -1 if start is None else start]) - least[k] for k, start in enumerate(chosen))
        if cost < best and not broken_rules(
            held, {step.id: start for step, start in zip(held.steps, chosen, strict=True) if start is not None}
        ):
            best = cost
    return best


def test_a_wide_beam_ends_with_plans_that_keep_the_rules_and_mostly_with_the_cheapest_of_all() -> None:
    """Not always: of unfinished plans with the same steps only the cheapest goes on, and an any-of member may come
    later in its order.
    """
    rng = np.random.default_rng(1)
    seen = feasible = equal = 0
    for seed in range(200):
        held = Problem.model_validate_json(json.dumps(problem(seed)))
        grid = lay(Ledger(held))
        if math.prod(len(grid.starts_of(step)) + 1 for step in held.steps) > MOST:
            continue
        prices = priced(grid, rng)
        expected = cheapest(grid, prices)
        found = Beam(grid).finished(prices, 10**6, 1)
        seen += 1
        if math.isinf(expected):
            assert found == [], seed
            continue
        feasible += 1
        if found:
            assert broken_rules(held.model_copy(update={"appetite": ()}), found[0][0]) == [], seed
            assert found[0][1] >= expected - 1e-9, seed
            equal += math.isclose(found[0][1], expected, abs_tol=1e-9)
    assert seen >= 60
    assert feasible >= 40
    assert equal >= 0.75 * feasible


def test_a_narrow_beam_is_never_cheaper_than_a_wide_one() -> None:
    rng = np.random.default_rng(2)
    grid = lay(Ledger(smm(2, 1, "year")))
    for _ in range(3):
        prices = priced(grid, rng)
        ends = [Beam(grid).finished(prices, width, 1)[0][1] for width in (10, 1000)]
        assert ends[0] >= ends[1] - 1e-9


@pytest.mark.parametrize("carry", CARRIES)
def test_at_the_prices_of_the_relaxation_starts_cost_what_they_add_to_the_bound(carry: Carry) -> None:
    """Whatever plan: the relaxation's optimum and its starts' costs above the least together are no more than the
    plan's value.
    """
    grid = lay(Ledger(smm(1, 1, carry)))
    program = minimise(
        build(grid, {key: first_points(least, 8) for key, least in grid.losses.items()}), grid, criteria(grid)[0]
    )
    made = arrays(program)
    solved = linear(made)
    assert solved is not None
    bound = float(made.cost @ solved[0]) + made.constant
    prices = costs(grid, program, solved[1])
    plan = Beam(grid).best(prices)
    assert plan is not None
    assert broken_rules(grid.problem, plan) == []
    for starts in (plan, optimise(grid.problem, Options(gap=0.02, work=1)).starts):
        value = (
            sum(prices[k, starts.get(step.id, -1)] for k, step in enumerate(grid.problem.steps))
            - prices.min(axis=1).sum()
        )
        true = evaluate(grid.ledger, starts).criteria("risk")[0] / grid.scale
        assert bound + value <= true + 1e-6 * abs(true)
