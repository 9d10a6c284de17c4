"""What a choice costs, as a proved interval: the best with it against the best without."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.optimise import Learnt, Options, Outcome, another

#: Relative to the values that are compared: closer ends are one figure.
SAME = 1e-9
#: The plan's own question among those that are compared: no step has this name. It gets so many times their work.
OWN, OWN_SHARE = "", 8


@dataclass(frozen=True)
class Price:
    """By how much the best plan gets worse, in the first criterion, present value.

    Attributes
    ----------
    low, high
        Proved ends; both infinite where there is no plan with the choice, and a high that is infinite where none was
        found.
    """

    low: float
    high: float

    @property
    def impossible(self) -> bool:
        """Whether it is proved that there is no such plan."""
        return math.isinf(self.low)

    @property
    def unknown(self) -> bool:
        """Whether nothing is known: the search was stopped first."""
        return self.low == 0 and math.isinf(self.high)

    @property
    def exact(self) -> bool:
        """Whether the interval is one figure."""
        return math.isfinite(self.high) and self.high - self.low <= SAME * max(abs(self.low), abs(self.high), 1.0)


def price(best: Outcome, other: Outcome) -> Price:
    """What it costs to have the other question answered instead, when all its plans are plans of the first one too.

    From value − bound on each side, floored at 0: with fewer plans the best is no better.
    """
    assert best.value is not None
    assert best.bound is not None
    if other.status == "infeasible":
        return Price(math.inf, math.inf)
    low = 0.0 if other.bound is None else max(0.0, other.bound - best.value)
    high = math.inf if other.value is None else max(low, other.value - best.bound)
    return Price(low, 0.0 if high <= SAME * max(1.0, abs(best.value)) else high)


@dataclass(frozen=True)
class PricedQuestion:
    """A question that differs from a plan's own by having fewer plans, to be answered anywhere.

    Attributes
    ----------
    name
        What it is called among those that are compared.
    problem, options, learnt
        As for ``optimise``.
    """

    name: str
    problem: Problem
    options: Options
    learnt: Learnt | None


Answered = tuple[str, Outcome]
#: Answers questions, in whatever order.
Each = Callable[[Callable[[PricedQuestion], Answered], Sequence[PricedQuestion]], Iterable[Answered]]


def answer(choice: PricedQuestion) -> Answered:
    """The best plan of a choice; nothing once time is up."""
    outcome = another(choice.problem, choice.options, choice.learnt)
    # Arrays are quickly made again; to send them is not worth it.
    return choice.name, replace(outcome, tables=None, learnt=outcome.learnt if choice.name == OWN else None)


class Compared:
    """A plan's own question and others with fewer plans, whose answers help each other: a plan of any of them is a
    plan of the own question.

    Parameters
    ----------
    plan
        The plan.
    options
        For each question; the own one, whose gap is a part of every price, gets more work.
    each
        Who answers them.
    """

    def __init__(self, plan: Plan, options: Options, each: Each) -> None:
        self._plan, self._options, self._each = plan, options, each
        self._answers: dict[str, Outcome] = {}

    def answer(self, choices: Mapping[str, Problem], options: Options | None = None) -> dict[str, Outcome]:
        """Answer some choices by name, and the plan's own question where that is not done yet."""
        learnt = Learnt(self._plan.problem, dict(self._plan.decided), None, {})
        asked = []
        if OWN not in self._answers:
            more = None if self._options.work is None else OWN_SHARE * self._options.work
            asked.append(PricedQuestion(OWN, self._plan.problem, replace(self._options, work=more), learnt))
        else:
            learnt = self._answers[OWN].learnt or learnt
        asked += [PricedQuestion(name, problem, options or self._options, learnt) for name, problem in choices.items()]
        answers = dict(self._each(answer, asked))
        if OWN not in self._answers:
            self._answers[OWN] = answers.get(OWN, Outcome("no_plan"))
        # What was not answered was stopped.
        mine = {name: answers.get(name, Outcome("no_plan")) for name in choices}
        self._answers |= {name: outcome for name, outcome in mine.items() if name not in self._answers}
        return mine

    @property
    def best(self) -> Outcome:
        """What is proved of the plan's own question: its plan is the best that any question came across."""
        own = self._answers[OWN]
        start = (own.value, own.starts) if own.value is not None else (self._plan.objective.value, self._plan.decided)
        plans = [start, *((other.value, other.starts) for other in self._answers.values() if other.value is not None)]
        value, starts = min(plans, key=lambda pair: pair[0])
        bound = -math.inf if own.bound is None else min(own.bound, value)
        return replace(own, value=value, starts=dict(starts), bound=bound)

    def price(self, outcome: Outcome) -> Price:
        """What it costs to have one of the choices instead."""
        return price(self.best, outcome)


def one_by_one(function: Callable[[PricedQuestion], Answered], choices: Sequence[PricedQuestion]) -> Iterable[Answered]:
    """Answer questions here, one after the other."""
    return map(function, choices)
