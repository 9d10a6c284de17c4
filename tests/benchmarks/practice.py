"""How roadmaps are made without a solver: rank the steps, then put one after the other where it first fits.

A step is taken together with what it still needs. Required steps come first, by deadline, with what they need: whoever plans by hand does the
same. No rule looks back.
"""

from __future__ import annotations

from collections.abc import Callable

from textbook import Starts, linear, possible, used

from stepladder.data.problem import Problem, Step

Rank = Callable[["_Desk", int], tuple[float, ...]]


class _Desk:
    """A problem with what a planner knows of each step by itself, today."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.place = {step.id: k for k, step in enumerate(problem.steps)}
        self.removed = [0.0] * len(problem.steps)
        self.worst: list[tuple[float, float]] = [(0.0, 0.0)] * len(problem.steps)
        years = sum(p.discount * p.years for p in problem.periods) + problem.tail.discount * problem.tail.years
        for threat in problem.threats:
            for name, factor in threat.factors.items():
                k, saved = self.place[name], threat.expected_loss_per_year * (1 - factor)
                self.removed[k] += saved * years
                self.worst[k] = max(self.worst[k], (threat.expected_loss_per_year, saved))
        self.value = [self.removed[k] - min((linear(problem, step, t) for t in possible(problem, step)), default=0.0) for k, step in enumerate(problem.steps)]
        self.domain: dict[str, int] = {}
        for step in problem.steps:
            self.domain.setdefault(_domain(step), len(self.domain))

    def days(self, k: int) -> float:
        return sum(self.problem.steps[k].effort.values())

    def money(self, k: int) -> float:
        step = self.problem.steps[k]
        return step.once + step.per_year


def _domain(step: Step) -> str:
    return step.id.partition(".")[0]


def _level(step: Step) -> int:
    last = step.id.rpartition(".")[2]
    return int(last) if last.isdigit() else 0


#: Lowest first.
RULES: dict[str, Rank] = {
    "value per effort": lambda desk, k: (-desk.value[k] / max(desk.days(k), 0.01),),
    "risk reduction per money": lambda desk, k: (-desk.value[k] / max(desk.money(k), 0.01),),
    "severity first": lambda desk, k: (-desk.worst[k][0], -desk.worst[k][1]),
    "level by level": lambda desk, k: (_level(desk.problem.steps[k]), -desk.value[k] / max(desk.money(k), 0.01)),
    "domain by domain": lambda desk, k: (desk.domain[_domain(desk.problem.steps[k])], _level(desk.problem.steps[k])),
}


def plan_by(problem: Problem, rule: str) -> Starts:
    """The plan that a rule makes."""
    desk = _Desk(problem)
    late = problem.horizon

    def urgency(k: int) -> tuple[float, ...]:
        step = problem.steps[k]
        return (step.start if step.start is not None else late if step.latest_finish is None else step.latest_finish, k)

    must = [k for k, step in enumerate(problem.steps) if step.required or step.start is not None]
    may = [k for k in range(len(problem.steps)) if desk.value[k] > 0]
    board = _Board(problem)
    for k in [*sorted(must, key=urgency), *sorted(may, key=lambda k: (*RULES[rule](desk, k), k))]:
        board.take(k)
    return {problem.steps[k].id: t for k, t in sorted(board.starts.items())}


class _Board:
    """What is planned, and what is left of every window."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.place = {step.id: k for k, step in enumerate(problem.steps)}
        self.starts: dict[int, int] = {}
        self.left = [window.limit for window in problem.windows]
        self.at_work = [0] * problem.horizon

    def take(self, k: int) -> None:
        """Put a step and what it still needs, all or none."""
        placed: list[int] = []
        for j in self._with_needs(k):
            start = next((t for t in self._free(j) if self._fits(j, t)), None)
            if start is None:
                for other in placed:
                    self._put(other, self.starts.pop(other), -1)
                return
            placed.append(j)
            self.starts[j] = start
            self._put(j, start, 1)

    def _with_needs(self, k: int) -> list[int]:
        """The step and what it needs that is not planned yet, needs first."""
        order: list[int] = []
        stack, seen = [(k, False)], set()
        while stack:
            j, done = stack.pop()
            if done:
                order.append(j)
            elif j not in seen and j not in self.starts:
                seen.add(j)
                stack += [(j, True), *((self.place[need.step], False) for need in self.problem.steps[j].needs)]
        return order

    def _free(self, k: int) -> list[int]:
        """Periods in which it may start after what it needs."""
        step = self.problem.steps[k]
        ready = [self.starts[j] + self.problem.steps[j].duration - 1 + need.lag for need in step.needs for j in [self.place[need.step]]]
        return [t for t in possible(self.problem, step) if t >= max(ready, default=0)]

    def _fits(self, k: int, t: int) -> bool:
        step, most = self.problem.steps[k], self.problem.max_parallel
        if most is not None and any(self.at_work[s] >= most for s in range(t, t + step.duration)):
            return False
        return all(used(self.problem, window, step, t) <= left + 1e-9 for window, left in zip(self.problem.windows, self.left, strict=True))

    def _put(self, k: int, t: int, sign: int) -> None:
        step = self.problem.steps[k]
        for s in range(t, t + step.duration):
            self.at_work[s] += sign
        for w, window in enumerate(self.problem.windows):
            self.left[w] -= sign * used(self.problem, window, step, t)


def money_for(problem: Problem, rule: str, value: float, worth: Callable[[Starts], float]) -> float | None:
    """By what factor every money window must grow for the rule's plan to be as good as ``value``; None where ten times is not enough.

    ``worth`` gives the objective of a plan. The factor is sought upward in steps of a fiftieth: a rule's plan need not be better with more money.
    """
    for factor in (1.02**n for n in range(118)):
        windows = [w.model_copy(update={"limit": w.limit * factor}) if w.resource.startswith("money") else w for w in problem.windows]
        if worth(plan_by(problem.model_copy(update={"windows": tuple(windows)}), rule)) <= value:
            return factor
    return None
