"""Rows that tell one plan from others: cuts, ties, a published plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from stepladder.optimise.formulation.rows import Name, Pairs, Row, Sense, Terms, collect
from stepladder.optimise.formulation.variables import Grid


def few_moves(grid: Grid) -> Iterator[Row]:
    """Σ_{i published} (1 − (z[i, s_i] − z[i, s_i − 1])) + Σ_{i not published} z[i, latest_i] ≤ moves: of a published
    plan no more steps move.
    """
    keep = grid.keep
    if keep is None:
        return
    terms: Pairs = []
    count = 0
    for step in grid.problem.steps:
        start = keep.starts.get(step.id)
        if step.id in keep.settled or not step.is_work:
            continue
        if start is None:
            terms.append((grid.planned(step), 1.0))
        else:
            count += 1
            # A start that is not possible any more is no variable of its own: there the two are the same.
            terms += [(grid.started(step, start), -1.0), (grid.started(step, start - 1), 1.0)]
    known = {step.id for step in grid.problem.steps}
    count += len(keep.starts.keys() - known - keep.settled)
    yield Row("few_moves", (), collect(terms), "<=", float(keep.moves - count))


def no_worse(grid: Grid, terms: Pairs, fixed: float, value: float) -> Row:
    """First criterion ≤ the value found, while the second one is minimised."""
    scaled = collect((name, amount / grid.scale) for name, amount in terms)
    return Row("no_worse", (), scaled, "<=", (value - fixed) / grid.scale + CLOSE_ENOUGH)


def cover(grid: Grid, window: int, choice: Iterable[tuple[str, int]], label: str) -> Row:
    """Σ (z[i, b] − z[i, a−1]) ≤ |C| − 1: these steps, started in these periods, exceed a window together, so not all
    of them are.
    """
    terms: Pairs = []
    count = 0
    for name, start in choice:
        step = grid.ledger.steps[name]
        terms += [(grid.started(step, start), 1.0), (grid.started(step, start - 1), -1.0)]
        count += 1
    return Row("cover", (window, label), collect(terms), "<=", float(count - 1))


def more_in_place(grid: Grid, index: int, t: int, missing: Iterable[str], label: str) -> Row:
    """Σ in_place_i(t) ≥ 1 over steps that are not: what is in place leaves too much loss, so at least one more must
    be.
    """
    terms = [(grid.in_place(grid.ledger.steps[name], t), 1.0) for name in missing]
    return Row("more", (index, t, label), collect(terms), ">=", 1.0)


def better_than(grid: Grid, terms: Pairs, plan: Mapping[str, int], label: str) -> Row:
    """Σ of what can lower these terms ≥ 1: z that are 0 in the plan and take off a loss, count towards an achievement
    that is worth something or cost less than nothing, and 1 − z that are 1 and cost.

    Every plan with a lower sum changes one of these; the plan itself does not, nor one that is worse in all in which
    they differ.
    """
    amounts = collect(terms)
    helpful = {name for name, amount in amounts.items() if amount < 0}
    for k, t in (key for key in grid.losses if key[0] < len(grid.problem.threats)):
        if amounts.get(grid.loss(k, t) or Name(""), 0.0) > 0:
            helpful |= grid.lessening(k, t)
    helpful |= {name for (a, t), held in grid.achieved.items() if held in helpful for name in grid.helping(a, t)}
    harmful = {name for name, amount in amounts.items() if amount > 0}
    return Row("better", (label,), *_differs(grid, plan, helpful, harmful))


def other_than(grid: Grid, plan: Mapping[str, int], label: str) -> Row:
    """Σ of z that are 0 in the plan + Σ of 1 − z that are 1 ≥ 1: another plan than this one."""
    every = {
        name for step in grid.problem.steps for s in grid.starts_of(step) if (name := grid.started(step, s)) is not None
    }
    return Row("other", (label,), *_differs(grid, plan, every, every))


def other_steps(grid: Grid, plan: Mapping[str, int], label: str) -> Row:
    """The same over z of steps alone: one of them stands elsewhere, whatever the policies."""
    work = [step for step in grid.problem.steps if step.is_work]
    every = {name for step in work for s in grid.starts_of(step) if (name := grid.started(step, s)) is not None}
    return Row("other", (label,), *_differs(grid, plan, every, every))


def _differs(grid: Grid, plan: Mapping[str, int], up: set[Name], down: set[Name]) -> tuple[Terms, Sense, float]:
    """One of some variables is 1 that is 0 in the plan, or one of others is 0 that is 1."""
    pairs: Pairs = []
    ones = 0
    for step in grid.problem.steps:
        for s in grid.starts_of(step):
            variable = grid.started(step, s)
            on = step.id in plan and plan[step.id] <= s
            if on and variable in down:
                ones += 1
                pairs.append((variable, -1.0))
            elif not on and variable in up:
                pairs.append((variable, 1.0))
    return collect(pairs), ">=", 1.0 - ones


#: Room, in the solver's scaled units, for a sum of floats to be off.
CLOSE_ENOUGH = 1e-7
