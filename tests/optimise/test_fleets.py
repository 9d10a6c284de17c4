"""Fleets as bare problems: whatever systems share, they end with a verified plan and a bound, and prices never prove
too much.
"""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

from stepladder.evaluate import Ledger
from stepladder.optimise import Options, optimise
from stepladder.optimise.formulation.points import first_points
from stepladder.optimise.formulation.program import build, criteria, minimise
from stepladder.optimise.formulation.rules import tangent
from stepladder.optimise.formulation.variables import block_of, lay, systems
from stepladder.optimise.search.lagrangian import Blocks
from stepladder.optimise.solvers.arrays import arrays
from stepladder.optimise.solvers.highs import linear
from tests.support.fleets import fleet
from tests.support.sizes import FULL
from tests.support.watched import watched

FLEETS = 200 if FULL else 4
#: Most of them take a few.
SECONDS = 300.0


@pytest.mark.parametrize("first", range(0, FLEETS, 4))
def test_a_fleet_without_a_scenario_ends_with_a_verified_plan_and_a_bound(first: int) -> None:
    """With STEPLADDER_FULL=1 for 200 of them."""
    assert watched("tests.support.fleets:of_seed", [str(seed) for seed in range(first, first + 4)], SECONDS) == {}


def test_fleets_are_of_all_kinds() -> None:
    made = [fleet(seed) for seed in range(60)]
    spans = [
        len({name.rpartition("/")[0] for name in threat.factors}) for problem in made for threat in problem.threats
    ]
    sizes = [systems(lay(Ledger(problem))) for problem in made[:5]]
    assert min(sizes) >= 20
    assert Counter(problem.objective for problem in made).keys() == {"risk", "net", "spend"}
    assert sum(span == 2 for span in spans) >= 100
    assert sum(span >= 20 for span in spans) >= 10


@pytest.mark.parametrize("seed", range(12))
def test_prices_for_what_systems_share_prove_no_more_than_the_relaxation(seed: int) -> None:
    """Also after rows and columns were added, which is where prices of a round before are used again."""
    problem = fleet(seed, 4)
    grid = lay(Ledger(problem))
    program = minimise(
        build(grid, {key: first_points(least, 3) for key, least in grid.losses.items()}), grid, criteria(grid)[0]
    )
    made = arrays(program)
    blocks = Blocks(made, block_of(grid, [program.variables[name] for name in made.names]))
    begin = blocks.sample(3) or (np.zeros(len(blocks.priced)), np.zeros(len(blocks.shared_columns)))
    for point in (0.4, 0.7):
        solved = linear(made)
        assert solved is not None
        top = float(made.cost @ solved[0]) + made.constant
        found = blocks.raised(*begin, top, lambda: False)
        assert found is not None
        assert found[0].bound <= top + 1e-9 * abs(top)
        prices = blocks.named(*found[1:])
        program.add([tangent(grid, k, t, point * np.log(least), f"c{point}") for (k, t), least in grid.losses.items()])
        made = arrays(program)
        blocks = Blocks(made, block_of(grid, [program.variables[name] for name in made.names]))
        begin = blocks.recalled(prices)
        assert len(begin[0]) == len(blocks.priced)


def test_prices_of_a_relaxation_fit_a_program_that_has_grown_since() -> None:
    """The last round of tangents is not solved again; its rows cost nothing. This fleet takes all rounds."""
    found = optimise(fleet(11), Options(work=1))
    assert found.value is not None
    assert found.bound is not None
    assert found.bound <= found.value
