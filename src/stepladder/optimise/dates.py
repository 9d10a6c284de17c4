"""The starts that each step can have, before any solver: from dates, needs, and what money and people let through.

A step cannot start before everything it needs is finished, it cannot finish before the windows have let through the money and effort of itself
and of everything it needs, and it cannot start where it alone, or together with a step that it needs, is too much for a window.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property

import numpy as np

from stepladder import graph
from stepladder.data.problem import MONEY, Problem, Step
from stepladder.evaluate import Ledger, exact
from stepladder.evaluate.tables import Array, Tables


class Dates:
    """What is known of the steps' starts before any search.

    Parameters
    ----------
    tables
        The problem's arrays.

    Attributes
    ----------
    starts
        By step: every period in which it may start, ascending; none means never.
    """

    def __init__(self, tables: Tables) -> None:
        self.tables = tables
        problem = tables.problem
        self._edges = [(step.id, need.step) for step in problem.steps for need in step.needs]
        self._order = [tables.number[name] for name in graph.order(tables.number, self._edges)]
        self.starts: list[tuple[int, ...]] = [()] * len(tables.steps)
        self._forward()
        self._backward()

    def before(self, k: int, j: int, gap: int) -> list[int | None]:
        """For each start of step ``k``, the latest at which step ``j``, which it needs, can have started by then; ``gap`` is from start to start.

        Where both together are too much for a window, that is earlier than the gap alone says.
        """
        found: list[int | None] = []
        last: int | None = None
        clash = self._clash(k, j)
        for s in self.starts[k]:
            fitting = (r for r in reversed(self.starts[j]) if r <= s - gap and (clash is None or not clash[s, r]))
            here = next(fitting, None)
            last = here if last is None or (here is not None and here > last) else last
            found.append(last)
        return found

    def _forward(self) -> None:
        """Along the needs, from what needs nothing."""
        tables, problem = self.tables, self.tables.problem
        flows, steps = _Flow(tables.ledger), tables.steps
        closures = graph.closures(tables.number, self._edges)
        for k in self._order:
            step = steps[k]
            first = max(step.earliest, step.start or 0)
            for group in tables.groups[k]:
                # Members may stand later in the order; what is not known yet could start in period 0.
                first = max(first, min((self.starts[j] or (0,))[0] + gap for j, gap in group))
            finish = flows.earliest_finish([steps[tables.number[name]] for name in closures[step.id]] + [step], first + step.duration - 1)
            last = problem.horizon - 1 if step.latest_finish is None else min(step.latest_finish, problem.horizon - 1)
            last = last - step.duration + 1 if step.start is None else min(step.start, last - step.duration + 1)
            self.starts[k] = tuple(s for s in range(finish - step.duration + 1, last + 1) if self._fits[k, s])
            for j, gap in tables.needs[k]:
                possible = self.before(k, j, gap)
                self.starts[k] = tuple(s for s, latest in zip(self.starts[k], possible, strict=True) if latest is not None)

    def _backward(self) -> None:
        """From steps that must be done: what they need must be done in time for them."""
        tables = self.tables
        must = {tables.number[name] for name in must_plan(tables.problem)}
        for k in reversed(self._order):
            for j, gap in tables.needs[k] if k in must else ():
                latest = self.before(k, j, gap)
                last = latest[-1] if latest else None
                self.starts[j] = tuple(r for r in self.starts[j] if last is not None and r <= last)

    # -- what fits -------------------------------------------------------------------------------------------------

    @cached_property
    def _fits(self) -> Array:
        """Whether a step alone fits each window, by step and start."""
        tables = self.tables
        fits = np.ones((len(tables.steps), tables.horizon), dtype=bool)
        for name, (first, after, limits) in tables.windows.items():
            used = tables.used(name)
            for a, b, limit in zip(first, after, limits, strict=True):
                fits &= (used[:, :, b] - used[:, :, a] <= limit).astype(bool)
        return fits

    def _clash(self, k: int, j: int) -> Array | None:
        """Whether two steps together are too much for a window, by the start of each; None where they never are."""
        tables = self.tables
        clash: Array | None = None
        for name, (first, after, limits) in tables.windows.items():
            if self._most[name][k] + self._most[name][j] <= min(limits):
                continue
            used = tables.used(name)
            one, other = (used[i][:, after] - used[i][:, first] for i in (k, j))
            here = (one[:, None, :] + other[None, :, :] > np.array(limits)).any(axis=2)
            clash = here if clash is None else clash | here
        return clash

    @cached_property
    def _most(self) -> dict[str, Array]:
        """The most that each step can use of any window, by resource."""
        tables = self.tables
        return {name: (tables.used(name)[:, :, after] - tables.used(name)[:, :, first]).max(axis=(1, 2)) for name, (first, after, _) in tables.windows.items()}


def must_plan(problem: Problem) -> set[str]:
    """Steps that every plan holds: required or pinned ones, and all they need."""
    needs = {step.id: [need.step for need in step.needs] for step in problem.steps}
    queue = [step.id for step in problem.steps if step.required or step.start is not None]
    found: set[str] = set()
    while queue:
        name = queue.pop()
        if name not in found:
            found.add(name)
            queue += needs[name]
    return found


class _Flow:
    """How much of each limited resource can have been used by the end of each period at most."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        problem = ledger.problem
        self.most: dict[str, list[int | None]] = {}
        for resource in {window.resource for window in problem.windows if window.resource != "money_per_year"}:
            self.most[resource] = _cumulative(problem, resource, ledger.limits)

    def earliest_finish(self, closure: Iterable[Step], finish: int) -> int:
        """The first period from ``finish`` on by whose end a closure's investment and effort fit through the windows."""
        steps = list(closure)
        for resource, most in self.most.items():
            unit = self.ledger.unit[resource]
            factor = unit // self.ledger.unit["money_once"]
            need = sum(self.ledger.smallest(step) * factor if resource in MONEY else _effort(step, resource, unit) for step in steps)
            while finish < len(most) and most[finish] is not None and need > (most[finish] or 0):
                finish += 1
        return finish


def _effort(step: Step, resource: str, unit: int) -> int:
    """Units of a team's time over the whole step."""
    return int(exact(step.effort.get(resource, 0.0)) * unit)


def _cumulative(problem: Problem, resource: str, limits: list[int]) -> list[int | None]:
    """By period: the least, over chains of windows, of what can have been used from period 0 to its end; None is unlimited."""
    windows = [(window.from_, window.to, limits[k]) for k, window in enumerate(problem.windows) if window.resource == resource]
    most: list[int | None] = []
    for t in range(problem.horizon):
        options = []
        for first, last, limit in windows:
            if first <= t <= last:
                before = most[first - 1] if first > 0 else 0
                if before is not None:
                    options.append(before + limit)
        most.append(min(options) if options else None)
    return most
