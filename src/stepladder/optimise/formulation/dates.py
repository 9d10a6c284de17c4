"""The starts that each step can have, before any solver: from dates, needs, and what money and people let through.

A step cannot start before everything it needs is finished, it cannot finish before the windows have let through the
money and effort of itself and of everything it needs, and it cannot start where it alone, or together with a step that
it needs, is too much for a window.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from functools import cached_property

import numpy as np

from stepladder import graph
from stepladder.data.formats.problem import Problem, Step
from stepladder.evaluate.achieved import NEVER
from stepladder.evaluate.tables import Tables
from stepladder.evaluate.uses import Array
from stepladder.optimise.clock import EVERY, Clock


class Dates:
    """What is known of the steps' starts before any search.

    Parameters
    ----------
    tables
        The problem's arrays.
    clock
        Where half of its time is gone, what flows through the windows is left out: starts that nothing can come of then
        stay among them.

    Attributes
    ----------
    starts
        By step: every period in which it may start, ascending; none means never.
    achieved
        By achievement: no plan has it before this period.
    """

    def __init__(self, tables: Tables, clock: Clock | None = None) -> None:
        self.tables, self._clock = tables, clock or Clock()
        problem = tables.problem
        self._needs = graph.neighbours(
            dict.fromkeys((step.id, need.step) for step in problem.steps for need in step.needs)
        )
        self._line = graph.order(tables.number, [(a, b) for a, needed in self._needs.items() for b in needed])
        self._order = [tables.number[name] for name in self._line]
        self.starts: list[tuple[int, ...]] = [()] * len(tables.steps)
        due = _due(problem)
        #: The last period in which a step may finish, because an achievement that is asked for takes it.
        self._due = [due.get(step.id, problem.horizon - 1) for step in problem.steps]
        self._forward()
        self._backward()

    def before(self, k: int, j: int, gap: int) -> list[int | None]:
        """For each start of step ``k``, the latest at which step ``j``, which it needs, can have started by then;
        ``gap`` is from start to start.

        Where both together are too much for a window, that is earlier than the gap alone says.
        """
        dates: list[int | None] = []
        last: int | None = None
        clash, before = self._clash(k, j), self.starts[j]
        if clash is None:
            places = (bisect_right(before, s - gap) for s in self.starts[k])
            return [before[at - 1] if at else None for at in places]
        for s in self.starts[k]:
            fitting = (r for r in reversed(before) if r <= s - gap and not clash[s, r])
            here = next(fitting, None)
            last = here if last is None or (here is not None and here > last) else last
            dates.append(last)
        return dates

    def _forward(self) -> None:
        """Along the needs, from what needs nothing."""
        tables, problem = self.tables, self.tables.problem
        flows: _Flow | None = _Flow(tables, self._line, self._needs)
        steps = tables.steps
        for place, k in enumerate(self._order):
            step = steps[k]
            if place % EVERY == 0 and self._clock.hurried():
                flows = None
            first = max(step.earliest, step.start or 0)
            for group in tables.groups[k]:
                # Members may stand later in the order; what is not known yet could start in period 0.
                first = max(first, min((self.starts[j] or (0,))[0] + gap for j, gap in group))
            if tables.achieving[k]:
                soonest = self._soonest()
                first = max(first, *(soonest[a] + lag for a, lag in tables.achieving[k]))
            if first >= problem.horizon:
                continue
            finish = step.finish(first)
            if flows is not None:
                finish = flows.earliest_finish(step, finish)
            last = self._due[k] if step.latest_finish is None else min(step.latest_finish, self._due[k])
            last = last - step.duration + 1 if step.start is None else min(step.start, last - step.duration + 1)
            fits = self._fits(k)
            self.starts[k] = tuple(s for s in range(finish - step.duration + 1, last + 1) if fits[s])
            for j, gap in tables.needs[k]:
                self._after(k, j, gap)

    def _soonest(self) -> list[int]:
        """By achievement: no plan has it before this period; of steps that are not known yet it is taken that they
        could start in period 0.
        """
        pairs = zip(self.tables.steps, self.starts, strict=True)
        return self.tables.achievements.since([step.finish((starts or (0,))[0]) for step, starts in pairs])

    @cached_property
    def achieved(self) -> list[int]:
        """By achievement: no plan has it before this period."""
        pairs = zip(self.tables.steps, self.starts, strict=True)
        return self.tables.achievements.since([step.finish(starts[0]) if starts else NEVER for step, starts in pairs])

    def _after(self, k: int, j: int, gap: int) -> None:
        """Takes the starts from step ``k`` before which step ``j``, which it needs, cannot have started."""
        if self._clash(k, j) is None:
            earliest = self.starts[j][0] + gap if self.starts[j] else self.tables.horizon
            self.starts[k] = self.starts[k][bisect_left(self.starts[k], earliest) :]
        else:
            dates = zip(self.starts[k], self.before(k, j, gap), strict=True)
            self.starts[k] = tuple(start for start, latest in dates if latest is not None)

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

    def _fits(self, k: int) -> list[bool]:
        """Whether a step alone fits each window, by start."""
        fits = [True] * self.tables.horizon
        for name, (most, least, limits) in self._most.items():
            if most[k] > least:
                here = np.all(self.tables.uses(name).of(k) <= limits, axis=1).tolist()
                fits = [one and other for one, other in zip(fits, here, strict=True)]
        return fits

    def _clash(self, k: int, j: int) -> Array | None:
        """Whether two steps together are too much for a window, by the start of each; None where they never are."""
        clash: Array | None = None
        for name, (most, least, limits) in self._most.items():
            if most[k] + most[j] > least:
                one, other = (self.tables.uses(name).of(i) for i in (k, j))
                here: Array = np.any(one[:, None, :] + other[None, :, :] > limits, axis=2)
                clash = here if clash is None else clash | here
        return clash

    @cached_property
    def _most(self) -> dict[str, tuple[list[int], int, Array]]:
        """By resource: no less than each step can use of any window, the least limit, and all limits."""
        tables, by_resource = self.tables, {}
        for name, (_, _, limits) in tables.windows.items():
            uses, least = tables.uses(name), min(limits)
            # What is used in all periods together says enough of steps that are small beside the limits.
            most = [used if 2 * used <= least else int(uses.of(k).max()) for k, used in enumerate(uses.whole)]
            by_resource[name] = most, least, np.array(limits, dtype=uses.dtype)
        return by_resource


def must_plan(problem: Problem) -> set[str]:
    """Steps that every plan holds: required or pinned ones, those that an achievement that is asked for takes, and all
    they need.
    """
    needs = {step.id: [need.step for need in step.needs] for step in problem.steps}
    queue = [*(step.id for step in problem.steps if step.must), *_due(problem)]
    steps: set[str] = set()
    while queue:
        name = queue.pop()
        if name not in steps:
            steps.add(name)
            queue += needs[name]
    return steps


def _due(problem: Problem) -> dict[str, int]:
    """The last period in which steps may finish that achievements take in any case, if these are asked for."""
    due: dict[str, int] = {}
    for achievement in reversed(problem.achievements):
        # Those that it takes stand before it.
        asked = [by for by in (achievement.by, due.pop(achievement.id, None)) if by is not None]
        for name in achievement.all if asked else ():
            due[name] = min([*asked, due.get(name, asked[0])])
    return due


class _Flow:
    """How much of each limited resource can have been used by the end of each period at most."""

    def __init__(self, tables: Tables, line: list[str], needs: dict[str, list[str]]) -> None:
        problem, limits = tables.problem, tables.ledger.limits
        resources = sorted({window.resource for window in problem.windows if window.resource != "money_per_year"})
        self._most = {resource: _cumulative(problem, resource, limits) for resource in resources}
        work = {resource: dict(zip(tables.number, tables.uses(resource).work, strict=True)) for resource in resources}
        self._work = graph.Totals(line, needs, work)

    def earliest_finish(self, step: Step, finish: int) -> int:
        """The first period from ``finish`` on by whose end the investment and effort of a step and all that it needs
        fit through the windows.
        """
        for resource, most in self._most.items():
            if not self._passes(most, finish, self._work.most[resource][step.id]):
                need = self._work.exact[resource][step.id]
                while not self._passes(most, finish, need):
                    finish += 1
        return finish

    @staticmethod
    def _passes(most: list[int | None], finish: int, need: int) -> bool:
        limit = most[finish] if finish < len(most) else None
        return limit is None or need <= limit


def _cumulative(problem: Problem, resource: str, limits: list[int]) -> list[int | None]:
    """By period: the least, over chains of windows, of what can have been used from period 0 to its end; None is
    unlimited.
    """
    windows = [
        (window.from_, window.to, limits[k]) for k, window in enumerate(problem.windows) if window.resource == resource
    ]
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
