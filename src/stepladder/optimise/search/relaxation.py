"""The linear relaxation: bounds, tangents where it is too cheap, and plans in the orders that it suggests."""

from __future__ import annotations

import math

from stepladder.optimise.formulation.variables import Grid, block_of, systems
from stepladder.optimise.heuristics.beam_search import SMALL, Beam
from stepladder.optimise.heuristics.greedy import first_plan
from stepladder.optimise.heuristics.local_search import polish
from stepladder.optimise.heuristics.lp_guide import Guide, costs, wish
from stepladder.optimise.search.lagrangian import Blocks, Prices
from stepladder.optimise.search.state import SearchState
from stepladder.optimise.solvers.answer import SolverAnswer, Values
from stepladder.optimise.solvers.arrays import Floats, arrays, as_values

ROUNDS = 12
#: A step is taken to start on average (None), or when this part of it has started.
ROUNDINGS = (None, 0.3, 0.5, 0.7)
#: From so many systems on the relaxation is solved system by system, with first prices from a sample of them.
SYSTEMS = 20
SAMPLE = 12


def relax(state: SearchState) -> None:
    """Tangents where the linear relaxation is too cheap, and plans in the orders that it suggests; of a fleet,
    system by system first.
    """
    if systems(state.grid) >= SYSTEMS:
        _relax_in_blocks(state)
    last: SolverAnswer | None = None
    small = len(state.grid.problem.steps) <= SMALL
    for _ in range(0 if state.closed() else ROUNDS):
        if state.out_of_time() or state.spent():
            return
        answer = state.relaxation()
        if answer.found == "infeasible":
            state.infeasible = True
            return
        state.raise_bound(answer.bound)
        if answer.found != "optimal" or state.out_of_time():
            return
        state.tell(None, answer.bound)
        last = answer
        if not small:
            _round(state, answer.values, answer.duals)
        if state.closed() or not state.tighten(_logs(state.grid, answer.values), worth=1e-4):
            break
    if last is None or state.closed():
        return
    if small:
        # Once, when the relaxation is as tight as it gets: plans take longer than bounds, and those of the first rounds
        # were seldom better.
        _round(state, last.values, last.duals)
    if state.guide.costs is not None and not state.closed() and not state.out_of_time():
        state.take(Beam(state.grid).best(state.guide.costs, state.stop.counted.is_set))


def _relax_in_blocks(state: SearchState) -> None:
    """The same with prices for what the systems share; far quicker, and not quite as tight."""
    prices: Prices | None = None
    for _ in range(ROUNDS):
        matrix = arrays(state.program, state.stop)
        # A variable that occurs nowhere has no column.
        columns = [state.program.variables[name] for name in matrix.names]
        blocks = Blocks(matrix, block_of(state.grid, columns), state.stop)
        # Tangents that were added since may be new rows that systems share, and the first of their columns.
        begin = blocks.sample(SAMPLE) if prices is None else blocks.recalled(prices)
        target = (state.best[0] if state.best else 0.0) / state.grid.scale
        raised = None if begin is None else blocks.raised(*begin, target, lambda: state.out_of_time() or state.spent())
        if raised is None:
            return
        priced, prices = raised[0], blocks.named(*raised[1:])
        state.raise_bound(priced.bound)
        state.tell(None, priced.bound)
        values = as_values(state.program, matrix.names, priced.values)
        _round(state, values)
        if (
            state.closed()
            or state.out_of_time()
            or state.spent()
            or not state.tighten(_logs(state.grid, values), worth=1e-3)
        ):
            return


def _round(state: SearchState, values: Values, duals: Floats | None = None) -> None:
    """Plans from a fractional solution: steps by their start on average, and by the period in which they have
    started in part; and by its prices.
    """
    prices = (
        costs(state.grid, state.program, duals)
        if duals is not None and len(state.grid.problem.steps) <= SMALL
        else None
    )
    state.guide = Guide(wish(state.grid, values, None), prices)
    for part in ROUNDINGS:
        if state.out_of_time() or state.closed():
            return
        plan = first_plan(state.grid, wish(state.grid, values, part), state.stop)
        if plan is not None:
            state.take(polish(state.grid, plan, state.stop.counted))


def _logs(grid: Grid, values: Values) -> dict[tuple[int, int], float]:
    return {
        (k, t): math.fsum(values[name] * log for name, log in grid.log_loss(k, t) if name is not None)
        for k, t in grid.losses
    }
