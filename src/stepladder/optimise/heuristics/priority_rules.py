"""How roadmaps are made without a solver: rank the steps, then put one after the other where it first fits.

A step is taken together with what it still needs. Required steps come first, by deadline: whoever plans by hand does
the same. No rule looks back: a step that does not fit with what it needs is left out for good.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cached_property

import numpy as np

from stepladder.data.formats.problem import Problem, Step
from stepladder.data.objective import objective_of
from stepladder.evaluate import Starts, alone, losses
from stepladder.evaluate.achieved import NEVER
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.greedy import ways
from stepladder.optimise.heuristics.insertion import Board

Rank = Callable[["Desk", int], tuple[float, ...]]
#: What counts for nothing is divided by this instead of zero.
LITTLE = 0.01


class Desk:
    """A problem with what a planner knows of each step by itself, today.

    Parameters
    ----------
    grid
        The problem.
    """

    def __init__(self, grid: Grid) -> None:
        self.grid, problem = grid, grid.problem
        self.removed = [0.0] * len(problem.steps)
        self.worst: list[tuple[float, float]] = [(0.0, 0.0)] * len(problem.steps)
        years = float(grid.tables.weights.sum())
        if objective_of(problem).points:
            self.worst = [(step.points_per_year, step.points_per_year) for step in problem.steps]
        for threat, name, saved in () if objective_of(problem).points else alone(problem):
            k = grid.number[name]
            self.removed[k] += saved * years
            self.worst[k] = max(self.worst[k], (threat.expected_loss_per_year, saved))
        self.removed = [own + more for own, more in zip(self.removed, grid.tables.achievements.shares, strict=True)]
        self.value = [removed - paid for removed, paid in zip(self.removed, self._paid(), strict=True)]
        # Whoever ranks steps by hand ranks no policies.
        self.value = [value if step.is_work else 0.0 for value, step in zip(self.value, problem.steps, strict=True)]
        self.days = [math.fsum([*step.effort.values(), *step.effort_per_year.values()]) for step in problem.steps]
        self.money = [step.once + step.per_year for step in problem.steps]
        domains = {name: place for place, name in enumerate(dict.fromkeys(map(_domain, problem.steps)))}
        self.domain = [domains[_domain(step)] for step in problem.steps]
        self.level = [_level(step) for step in problem.steps]

    def _paid(self) -> list[float]:
        """The least that the objective counts of each step beside losses, over its starts."""
        tables, objective = self.grid.tables, objective_of(self.grid.problem)
        counted = tables.spend if objective.spend else np.zeros_like(tables.worth)
        paid = counted - tables.worth if objective.risk else counted
        least = np.where(tables.own, paid, np.inf).min(axis=1, initial=np.inf)
        listed: list[float] = np.where(tables.own.any(axis=1), least, 0.0).tolist()
        return listed

    @cached_property
    def must(self) -> list[int]:
        """Steps that must be done, by deadline."""
        late = self.grid.problem.horizon

        def urgency(k: int) -> tuple[int, int]:
            """The period in which a step must start, or else by which it must end; its place among equals."""
            step = self.grid.problem.steps[k]
            return (
                step.start if step.start is not None else late if step.latest_finish is None else step.latest_finish,
                k,
            )

        return sorted((k for k, step in enumerate(self.grid.problem.steps) if step.must), key=urgency)

    def ranked(self, rule: str) -> list[int]:
        """Steps that are worth something, by a rule."""
        rank = RULES[rule]
        return sorted((k for k, value in enumerate(self.value) if value > 0), key=lambda k: (*rank(self, k), k))

    def worth(self, starts: Starts) -> float:
        """What the objective comes to, as far as a sum of floats goes."""
        problem, tables, objective = self.grid.problem, self.grid.tables, objective_of(self.grid.problem)
        rows = np.array([self.grid.number[name] for name in starts], dtype=np.intp)
        at = np.array(list(starts.values()), dtype=np.intp)
        risk = 0.0
        if objective.risk:
            left = np.array(list(losses(problem, starts).values())).reshape(-1, problem.horizon + 1)
            risk = float((left @ tables.loss_weights).sum()) - float(tables.worth[rows, at].sum())
            finishes = {name: self.grid.ledger.steps[name].finish(start) for name, start in starts.items()}
            times = tables.achievements.since(finishes.get(step.id, NEVER) for step in problem.steps)
            risk -= math.fsum(tables.achievements.gain(a, time) for a, time in enumerate(times))
        return risk + (float(tables.spend[rows, at].sum()) if objective.spend else 0.0)


def _domain(step: Step) -> str:
    return step.id.rpartition("/")[2].partition(".")[0]


def _level(step: Step) -> int:
    last = step.id.rpartition(".")[2]
    return int(last) if last.isdigit() else 0


#: Lowest first.
RULES: dict[str, Rank] = {
    "value per effort": lambda desk, k: (-desk.value[k] / max(desk.days[k], LITTLE),),
    "risk reduction per money": lambda desk, k: (-desk.value[k] / max(desk.money[k], LITTLE),),
    "severity first": lambda desk, k: (-desk.worst[k][0], -desk.worst[k][1]),
    "level by level": lambda desk, k: (desk.level[k], -desk.value[k] / max(desk.money[k], LITTLE)),
    "domain by domain": lambda desk, k: (desk.domain[k], desk.level[k]),
}
#: What some of them are called where points count.
IN_POINTS = {"risk reduction per money": "worth per money", "severity first": "what matters most first"}
#: Most often the best of them.
FIRST = "risk reduction per money"


def called(rule: str, problem: Problem) -> str:
    """What a rule is called in the words of a problem's objective."""
    return IN_POINTS.get(rule, rule) if objective_of(problem).points else rule


def plan_by(desk: Desk, rule: str, stopped: Callable[[], bool] = lambda: False) -> dict[str, int]:
    """The starts that a rule gives; whether they keep every rule of the problem is for others to say."""
    board = Board(desk.grid)
    board.take([*desk.must, *ways(desk.grid, desk.must), *desk.ranked(rule)], stopped)
    return board.plan


def by_practice(grid: Grid, stopped: Callable[[], bool]) -> list[dict[str, int]]:
    """The plans that the rules give, the best first; where there is no time for all, that of the rule that is seldom
    beaten by the others.
    """
    desk = Desk(grid)
    plans = [plan_by(desk, FIRST)]
    for rule in (rule for rule in RULES if rule != FIRST):
        if stopped():
            break
        plans.append(plan_by(desk, rule, stopped))
    return sorted(plans, key=desk.worth) if len(plans) > 1 else plans
