"""Rows that cut off what a solver's tolerance let through, and no plan that obeys the rules."""

from __future__ import annotations

from collections.abc import Callable

from stepladder.evaluate import Evaluation, there
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.rows import Row
from stepladder.optimise.formulation.rules.tail import reachable
from stepladder.optimise.formulation.variables import Grid


def cuts(grid: Grid, plan: dict[str, int], evaluation: Evaluation, label: Callable[[], str]) -> list[Row]:
    """A row for every window that a plan exceeds and every cap on losses that it breaks; of a cap on large losses as
    strong as can be: one more step than a largest set that breaks it.

    Parameters
    ----------
    grid, plan, evaluation
        The plan and what it comes to.
    label
        A new label for each row.
    """
    rows = [rules.cover(grid, k, _cover(grid, k, plan), label()) for k in evaluation.exceeded]
    for index, t in evaluation.above:
        threat = grid.problem.appetite[index].threat
        helpful = dict.fromkeys(
            name for item in grid.problem.threats if threat in (None, item.id) for name in item.factors
        )
        missing = [name for name in helpful if name not in plan or not _there(grid, name, plan[name], t)]
        rows.append(rules.more_in_place(grid, index, t, missing, label()))
    for tail, t in ((grid.ledger.tails[index], t) for index, t in evaluation.beyond):
        possible = reachable(grid, tail, t)
        broken = tail.most_broken(there(grid.problem, plan, t), possible)
        missing = [name for name in possible if name not in broken]
        rows.append(rules.more_in_place(grid, tail.index, t, missing, label()))
    return rows


def _there(grid: Grid, name: str, start: int, t: int) -> bool:
    """Whether a step that starts then is in place at a time."""
    step = grid.ledger.steps[name]
    return grid.problem.in_place(step, start) <= t and (step.until is None or t < step.until)


def _cover(grid: Grid, window: int, plan: dict[str, int]) -> list[tuple[str, int]]:
    """Few steps that exceed a window together: the largest users first, then without those that are not needed."""
    ledger, limit = grid.ledger, grid.ledger.limits[window]
    span = grid.problem.windows[window]
    uses = {
        name: sum(ledger.use(ledger.steps[name], start, span.resource)[span.from_ : span.to + 1])
        for name, start in plan.items()
    }
    chosen: list[str] = []
    for name in sorted((name for name in uses if uses[name]), key=lambda name: (-uses[name], grid.number[name])):
        chosen.append(name)
        if sum(uses[n] for n in chosen) > limit:
            break
    return [(name, plan[name]) for name in chosen]
