"""How roadmaps are made without a solver: rank the steps, then put one after the other where it first fits.

A step is taken together with what it still needs. Required steps come first, by deadline: whoever plans by hand does the same. No rule looks
back. Plans made so are what an optimal one is compared with.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from stepladder.data.problem import Problem, Step
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.solution.recount import Figures, figures
from stepladder.solution.verify import broken_rules

Rank = Callable[["_Desk", int], tuple[float, ...]]
#: What counts for nothing is divided by this instead of zero.
LITTLE = 0.01


class _Desk:
    """A problem with what a planner knows of each step by itself, today."""

    def __init__(self, tables: Tables) -> None:
        self.tables, problem = tables, tables.problem
        self.removed = [0.0] * len(problem.steps)
        self.worst: list[tuple[float, float]] = [(0.0, 0.0)] * len(problem.steps)
        years = float(tables.weights.sum())
        for threat in problem.threats:
            for name, factor in threat.factors.items():
                k, saved = tables.number[name], threat.expected_loss_per_year * (1 - factor)
                self.removed[k] += saved * years
                self.worst[k] = max(self.worst[k], (threat.expected_loss_per_year, saved))
        self.value = [self.removed[k] - self._paid(k) for k in range(len(problem.steps))]
        self.domain: dict[str, int] = {}
        for step in problem.steps:
            self.domain.setdefault(_domain(step), len(self.domain))

    def _paid(self, k: int) -> float:
        """The least that the objective counts of a step beside losses, over its starts."""
        tables, step = self.tables, self.tables.steps[k]
        starts = [s for s in range(tables.horizon - step.duration + 1) if not tables.fits_itself(step, s)]
        spend, worth = tables.spend[k, starts], tables.worth[k, starts]
        return float(np.min({"risk": -worth, "spend": spend, "net": spend - worth}[tables.problem.objective], initial=0.0 if not starts else np.inf))

    def days(self, k: int) -> float:
        return sum(self.tables.steps[k].effort.values())

    def money(self, k: int) -> float:
        step = self.tables.steps[k]
        return step.once + step.per_year


def _domain(step: Step) -> str:
    return step.id.rpartition("/")[2].partition(".")[0]


def _level(step: Step) -> int:
    last = step.id.rpartition(".")[2]
    return int(last) if last.isdigit() else 0


#: Lowest first.
RULES: dict[str, Rank] = {
    "value per effort": lambda desk, k: (-desk.value[k] / max(desk.days(k), LITTLE),),
    "risk reduction per money": lambda desk, k: (-desk.value[k] / max(desk.money(k), LITTLE),),
    "severity first": lambda desk, k: (-desk.worst[k][0], -desk.worst[k][1]),
    "level by level": lambda desk, k: (_level(desk.tables.steps[k]), -desk.value[k] / max(desk.money(k), LITTLE)),
    "domain by domain": lambda desk, k: (desk.domain[_domain(desk.tables.steps[k])], _level(desk.tables.steps[k])),
}


def plan_by(problem: Problem, rule: str) -> dict[str, int]:
    """The starts that a rule gives; whether they keep every rule of the problem is for the verifier to say."""
    tables = Tables(Ledger(problem))
    desk, board = _Desk(tables), _Board(tables)
    late = problem.horizon

    def urgency(k: int) -> tuple[int, int]:
        step = problem.steps[k]
        return (step.start if step.start is not None else late if step.latest_finish is None else step.latest_finish, k)

    must = [k for k, step in enumerate(problem.steps) if step.required or step.start is not None]
    may = [k for k in range(len(problem.steps)) if desk.value[k] > 0]
    for k in [*sorted(must, key=urgency), *sorted(may, key=lambda k: (*RULES[rule](desk, k), k))]:
        board.take(k)
    return board.draft.plan


class _Board:
    """What is planned so far."""

    def __init__(self, tables: Tables) -> None:
        self.tables, self.draft = tables, Draft(tables)

    def take(self, k: int) -> None:
        """Put a step and what it still needs, all or none."""
        placed: list[int] = []
        for j in self._with_needs(k):
            start = next((t for t in self._free(j) if self.draft.broken(j, t, first=True) in ([], ["appetite"])), None)
            if start is None:
                for other in reversed(placed):
                    self.draft.put(other, None)
                return
            placed.append(j)
            self.draft.put(j, start)

    def _with_needs(self, k: int) -> list[int]:
        """The step and what it needs that is not planned yet, needs first; of a group of which nothing is planned, its first member."""
        order: list[int] = []
        stack, seen = [(k, False)], set()
        while stack:
            j, done = stack.pop()
            if done:
                order.append(j)
            elif j not in seen and self.draft.starts[j] is None:
                seen.add(j)
                groups = [group for group in self.tables.groups[j] if all(self.draft.starts[i] is None for i, _ in group)]
                stack += [(j, True), *((i, False) for i, _ in self.tables.needs[j]), *((group[0][0], False) for group in groups)]
        return order

    def _free(self, k: int) -> list[int]:
        """Periods in which it may start after what it needs."""
        step, starts = self.tables.steps[k], self.draft.starts
        ready = [held + gap for j, gap in self.tables.needs[k] if (held := starts[j]) is not None]
        return list(range(max([0, *ready]), self.tables.horizon - step.duration + 1))


@dataclass(frozen=True)
class ByRule:
    """The best plan that a rule of practice makes.

    Attributes
    ----------
    rule
        The rule's name.
    starts, figures
        Its plan, and the verifier's figures of it.
    """

    rule: str
    starts: dict[str, int]
    figures: Figures


def best_by_rule(problem: Problem) -> ByRule | None:
    """The best, by the problem's objective, of the plans that the rules make and that the verifier passes; None where it passes none."""
    made = []
    for rule in RULES:
        starts = plan_by(problem, rule)
        if not broken_rules(problem, starts):
            made.append(ByRule(rule, starts, figures(problem, starts)))
    return min(made, key=lambda held: held.figures.objective(problem.objective), default=None)
