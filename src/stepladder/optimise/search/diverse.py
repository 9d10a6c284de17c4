"""Other plans that are nearly as good: as far as can be from those that are known."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from stepladder.data.formats.problem import Problem
from stepladder.evaluate.order import most_equal
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.program import criteria
from stepladder.optimise.formulation.rows import Pairs
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.greedy import criteria_of
from stepladder.optimise.outcome import Keep, Options
from stepladder.optimise.search.elastic import SLIP, least, state_of

#: So near to the most that can be, as a part of it, is far enough where nothing is wanted exactly.
ENOUGH = 0.1


@dataclass(frozen=True)
class Farthest:
    """What a search for another plan came to.

    Attributes
    ----------
    starts
        The plan; None where none was found.
    most
        No plan differs in more from the known ones, summed over them; proved. Minus infinity where there is no other
        plan at all.
    """

    starts: dict[str, int] | None
    most: float

    @property
    def none(self) -> bool:
        """Whether it is proved that there is no other plan."""
        return math.isinf(self.most) and self.most < 0


def farthest(problem: Problem, known: Sequence[Mapping[str, int]], most: float, options: Options) -> Farthest:
    """Another plan than the known ones, as far from them as can be, among those whose first criterion is no more than
    ``most``.

    Parameters
    ----------
    problem
        The problem.
    known
        Plans; the number of steps that stand elsewhere is summed over them.
    most
        In currency.
    options
        Limits, seed and solver.

    Returns
    -------
    Farthest
        It differs from each known plan in one step at least, so that the search goes on until none is left.
    """
    state = state_of(problem, options, known[0])
    grid = state.grid
    first, _ = criteria(grid)
    state.program.add([rules.no_worse(grid, *first, most)])
    # Plans that differ in their policies alone are the same steps.
    state.program.add(rules.other_steps(grid, plan, f"known{k}") for k, plan in enumerate(known))
    terms, constant = _differing(grid, known)

    highest = most_equal(most)

    def near(starts: dict[str, int]) -> bool:
        """Whether a plan's first criterion is low enough."""
        values = criteria_of(grid, starts)
        return values is not None and values[0] <= highest

    # To prove the very last step takes most of the time, and says little.
    answer = least(state, [(name, -weight) for name, weight in terms], near, 0.0 if state.exactly else ENOUGH)
    if answer is None:
        return Farthest(None, -math.inf)
    starts, bound = answer
    return Farthest(starts, constant - bound)


def nearest(problem: Problem, keep: Keep, options: Options) -> tuple[dict[str, int] | None, int]:
    """The plan with the fewest steps elsewhere than published, and how many that are at least; None where there is
    none or time was up.
    """
    state = state_of(problem, options)
    counted = {name: start for name, start in keep.starts.items() if name not in keep.settled}
    terms, constant = _differing(state.grid, [counted], keep.settled)
    answer = least(state, terms)
    if answer is None:
        return None, 0
    starts, bound = answer
    return starts, max(0, math.ceil(constant + bound - SLIP))


def _differing(grid: Grid, known: Sequence[Mapping[str, int]], but: Collection[str] = ()) -> tuple[Pairs, float]:
    """Σ over plans and steps, but some, of 1 where a step stands elsewhere: terms and constant."""
    terms: Pairs = []
    constant = 0.0
    for plan in known:
        for step in grid.problem.steps:
            start = plan.get(step.id)
            if step.id in but or not step.is_work:
                continue
            if start is None:
                terms.append((grid.planned(step), 1.0))
            else:
                constant += 1.0
                terms += [(grid.started(step, start), -1.0), (grid.started(step, start - 1), 1.0)]
    return terms, constant
