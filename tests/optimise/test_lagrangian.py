"""Bounds from prices: never above the optimum, whatever the prices; and near the relaxation's own where the prices
are good.
"""

from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.optimise import Options, optimise
from stepladder.optimise.formulation.points import first_points
from stepladder.optimise.formulation.program import build, criteria, minimise
from stepladder.optimise.formulation.variables import block_of, lay
from stepladder.optimise.search import relaxation
from stepladder.optimise.search.lagrangian import Blocks
from stepladder.optimise.solvers.arrays import Arrays, arrays
from stepladder.optimise.solvers.highs import linear
from tests.benchmarks.generate import CARRIES, Carry, smm
from tests.support.brute import answer
from tests.support.problems import problem
from tests.support.sizes import FULL


def laid(made: Problem) -> tuple[list[int], Arrays]:
    """The system of each variable, and the program."""
    grid = lay(Ledger(made))
    program = build(grid, {key: first_points(least, 4) for key, least in grid.losses.items()})
    made_of = arrays(minimise(program, grid, criteria(grid)[0]))
    return block_of(grid, [program.variables[name] for name in made_of.names]).tolist(), made_of


def fleet(seed: int, systems: int, carry: Carry) -> tuple[Arrays, Blocks]:
    blocks, made = laid(smm(seed, systems, carry))
    return made, Blocks(made, np.array(blocks))


def optimum(made: Arrays) -> float:
    solved = linear(made)
    assert solved is not None
    return float(made.cost @ solved[0]) + made.constant


def test_a_bound_from_any_duals_is_never_above_the_optimum() -> None:
    rng = np.random.default_rng(3)
    seen = 0
    for seed in range(0, 490, 1 if FULL else 7):
        said = problem(seed)
        asked = Problem.model_validate_json(json.dumps(said))
        _, made = laid(asked)
        best = answer(said).best
        if best is None or not len(made.row_lower):
            continue
        seen += 1
        for size in (0.0, 1.0, 100.0, 1e4):
            bound = made.safe_bound(rng.normal(size=len(made.row_lower)) * size) * lay(Ledger(asked)).scale
            assert bound <= best[0] + 1e-9 * max(1.0, abs(best[0])), (seed, size)
    assert seen >= (300 if FULL else 40)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("carry", CARRIES)
def test_a_bound_from_any_prices_is_never_above_the_relaxation(seed: int, carry: Carry) -> None:
    made, blocks = fleet(seed, 3, carry)
    top = optimum(made)
    rng = np.random.default_rng(seed)
    for size in (0.0, 0.01, 1.0):
        prices = -np.abs(rng.normal(size=len(blocks.priced))) * size
        shared = np.sort(rng.random(len(blocks.shared_columns)))
        found = blocks.bound(prices, shared, {}, lambda: False)
        assert found is not None
        assert found.bound <= top + 1e-9 * abs(top)


@pytest.mark.parametrize("carry", CARRIES)
def test_prices_of_a_sample_are_good_and_raised_ones_better(carry: Carry) -> None:
    made, blocks = fleet(1, 8, carry)
    top = optimum(made)
    first = blocks.sample(4)
    assert first is not None
    before = blocks.bound(*first, {}, lambda: False)
    raised = blocks.raised(*first, top * 1.01, lambda: False)
    assert before is not None
    assert raised is not None
    assert before.bound <= raised[0].bound <= top + 1e-9 * abs(top)
    assert raised[0].bound >= 0.98 * top


def test_a_sample_of_all_systems_is_the_relaxation_itself() -> None:
    made, blocks = fleet(2, 3, "year")
    first = blocks.sample(3)
    assert first is not None
    found = blocks.bound(*first, {}, lambda: False)
    assert found is not None
    assert math.isclose(found.bound, optimum(made), rel_tol=1e-4)


def test_a_block_without_an_optimum_ends_the_attempt_and_so_does_a_stop() -> None:
    made, blocks = fleet(0, 3, "year")
    first = blocks.sample(2)
    assert first is not None
    assert blocks.bound(*first, {}, lambda: True) is None
    assert blocks.raised(*first, 0.0, lambda: True) is None
    systems, _ = laid(smm(0, 3, "year"))
    impossible = replace(
        made,
        row_lower=np.where(np.arange(len(made.row_lower)) == 0, 5.0, made.row_lower),
        row_upper=np.full(len(made.row_upper), np.inf),
    )
    assert Blocks(impossible, np.array(systems)).sample(3) is None


def test_in_blocks_and_at_once_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    """Either way the plan is within the gap, and neither bound is above the other way's plan."""
    made = smm(4, 4, "free")
    monkeypatch.setattr(relaxation, "SYSTEMS", 1)
    in_blocks = optimise(made, Options(gap=0.01))
    monkeypatch.setattr(relaxation, "SYSTEMS", 1000)
    at_once = optimise(made, Options(gap=0.01))
    for one, other in ((in_blocks, at_once), (at_once, in_blocks)):
        assert one.status == "optimal"
        assert one.bound is not None
        assert other.value is not None
        assert one.bound <= other.value
