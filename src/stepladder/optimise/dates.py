"""Earliest and latest start of every step, before any solver: from dates, needs, and what a closure costs at least.

A step cannot start before everything it needs is finished, and it cannot finish before the windows have let through the
money and effort of itself and of everything it needs.
"""

from __future__ import annotations

from collections.abc import Iterable

from stepladder import graph
from stepladder.data.problem import MONEY, Problem, Step
from stepladder.evaluate import Ledger, exact

Dates = dict[str, tuple[int, int]]


def dates(ledger: Ledger) -> Dates:
    """(earliest, latest) start by step, in the order of the problem; earliest above latest means never."""
    problem = ledger.problem
    edges = [(step.id, need.step) for step in problem.steps for need in step.needs]
    ordered = [ledger.steps[name] for name in graph.order(ledger.steps, edges)]
    earliest = _earliest(ledger, ordered, graph.closures(ledger.steps, edges))
    latest = _latest(problem, ordered)
    return {step.id: (earliest[step.id], latest[step.id]) for step in problem.steps}


def _earliest(ledger: Ledger, ordered: list[Step], closures: dict[str, frozenset[str]]) -> dict[str, int]:
    """Forward through the needs; a pinned start counts as the earliest too."""
    problem = ledger.problem
    flows = _Flow(ledger)
    found: dict[str, int] = {}
    for step in ordered:
        first = max(step.earliest, step.start or 0)
        for need in step.needs:
            first = max(first, found[need.step] + ledger.steps[need.step].duration - 1 + need.lag)
        for group in step.needs_any:
            # Members may stand later in the order; what is not known yet could be finished in period 0.
            first = max(first, min(found.get(n.step, 0) + ledger.steps[n.step].duration - 1 + n.lag for n in group))
        finish = flows.earliest_finish([ledger.steps[name] for name in closures[step.id]] + [step], first + step.duration - 1)
        found[step.id] = min(finish - step.duration + 1, problem.horizon)
    return found


def _latest(problem: Problem, ordered: list[Step]) -> dict[str, int]:
    """From deadlines, and backward from steps that must be done: what they need must be done in time for them."""
    found = {}
    for step in ordered:
        finish = problem.horizon - 1 if step.latest_finish is None else min(step.latest_finish, problem.horizon - 1)
        found[step.id] = finish - step.duration + 1 if step.start is None else min(step.start, finish - step.duration + 1)
    must = must_plan(problem)
    duration = {step.id: step.duration for step in problem.steps}
    for step in reversed(ordered):
        if step.id in must:
            for need in step.needs:
                found[need.step] = min(found[need.step], found[step.id] - need.lag - duration[need.step] + 1)
    return found


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
            need = sum(round(step.once * 100) * (unit // 100) if resource in MONEY else _effort(step, resource, unit) for step in steps)
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
