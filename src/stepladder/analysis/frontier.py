"""Money against what remains: one optimal plan for each budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stepladder.analysis import variants
from stepladder.analysis.curves import Curve, Frontier, Point, own_money
from stepladder.data.plan import Context
from stepladder.data.problem import Problem
from stepladder.errors import UsageError
from stepladder.optimise import Learnt, Options, Outcome, optimise
from stepladder.solution import make_plan

#: A curve is worked out in so many stretches, each from little money to much; so many whoever does it, so that the answers are the same.
STRETCHES = 3


def budgets(first: float, last: float, count: int) -> list[float]:
    """So many amounts, evenly spaced, in whole cents.

    Raises
    ------
    UsageError
        When the range is empty.
    """
    if not 0 <= first < last:
        raise UsageError(f"the range of budgets from {first:,.2f} to {last:,.2f} is empty; give --from less than --to")
    return [round(first + (last - first) * k / (count - 1), 2) for k in range(count)]


def limited(problem: Problem, own: float | None, money: float) -> Problem:
    """The same question with this much money: its own limits in proportion, or one limit on the whole where it has none."""
    if own:
        return variants.with_money(problem, money / own)
    return variants.with_total(variants.without_money(problem), money)


@dataclass(frozen=True)
class Part:
    """A piece of the work, done by itself: a stretch of a curve, or from which budget on everything can be done.

    Attributes
    ----------
    number
        Of its curve, and of the stretch.
    problem, own
        The question, and what its own limits allow.
    amounts
        Budgets, ascending.
    options
        For each point.
    """

    number: tuple[int, int]
    problem: Problem
    own: float | None
    amounts: tuple[float, ...]
    options: Options


#: The piece that is no stretch.
_EVERYTHING = (-1, -1)
#: What a piece of work comes to: its number; outcomes by budget; the least budget for everything, and whether no money helps.
Answer = tuple[tuple[int, int], tuple[Outcome, ...], float | None, bool]
#: Does pieces of work, in whatever order.
Each = Callable[[Callable[[Part], Answer], Sequence[Part]], Iterable[Answer]]


def frontier(
    problem: Problem,
    context: Context | None,
    amounts: Sequence[float],
    appetites: Sequence[float | None],
    options: Options,
    each: Each = map,
) -> Frontier:
    """Answer the question for every budget and appetite.

    Parameters
    ----------
    problem, context
        The question.
    amounts
        Budgets over the whole horizon, ascending, in currency.
    appetites
        Caps on the expected loss per year; None for the question's own.
    options
        As for ``optimise``, for each point.
    each
        Who does the pieces of work; the answers do not depend on it.

    Returns
    -------
    Frontier
        What is minimised is what remains of the losses, whatever the question's objective.
    """
    problem = problem.model_copy(update={"objective": "risk"})
    own = own_money(problem)
    asked = [problem if appetite is None else variants.with_appetite(problem, appetite) for appetite in appetites]
    cuts = [len(amounts) * k // STRETCHES for k in range(STRETCHES + 1)]
    stretches = [tuple(amounts[first:last]) for first, last in pairwise(cuts)]
    # The cheap ones, with little money, come last: then whoever works ends at about the same time.
    parts = [Part((k, m), one, own, stretches[m], options) for k, one in enumerate(asked) for m in reversed(range(STRETCHES))]
    parts.append(Part(_EVERYTHING, problem, own, tuple(amounts), options))
    answers = {answer[0]: answer for answer in each(work, parts)}
    curves = []
    for k, (appetite, one) in enumerate(zip(appetites, asked, strict=True)):
        outcomes = [outcome for m in range(STRETCHES) for outcome in answers[k, m][1]]
        curves.append(Curve(appetite, tuple(_points(one, context, own, amounts, outcomes))))
    _, _, affordable, out_of_reach = answers[_EVERYTHING]
    return Frontier(problem, own, tuple(curves), affordable, out_of_reach)


def work(part: Part) -> Answer:
    """Do a piece of work."""
    if part.number == _EVERYTHING:
        affordable, out_of_reach = _target(part.problem, part.own, part.amounts, part.options)
        return part.number, (), affordable, out_of_reach
    outcomes: list[Outcome] = []
    learnt: Learnt | None = None
    # From little money to much: every plan is possible with more.
    for money in part.amounts:
        outcomes.append(optimise(limited(part.problem, part.own, money), part.options, learnt=learnt))
        learnt = outcomes[-1].learnt or learnt
    return part.number, tuple(replace(outcome, learnt=None) for outcome in outcomes), None, False


def _points(problem: Problem, context: Context | None, own: float | None, amounts: Sequence[float], outcomes: Sequence[Outcome]) -> Iterator[Point]:
    below: Outcome | None = None
    for money, outcome in zip(amounts, _raised(outcomes), strict=True):
        one = limited(problem, own, money)
        best = _better(outcome, below)
        made = None if best.value is None else make_plan(one, best, context)
        yield Point(money, made, infeasible=best.status == "infeasible")
        below = best if best.value is not None else below


def _raised(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What is proved with more money holds with less."""
    found: list[Outcome] = []
    proved = -math.inf
    for outcome in reversed(outcomes):
        if outcome.bound is not None:
            proved = max(proved, outcome.bound)
            top = proved if outcome.value is None else min(proved, outcome.value)
            found.append(replace(outcome, bound=top))
        else:
            found.append(outcome)
    return found[::-1]


def _better(found: Outcome, below: Outcome | None) -> Outcome:
    """What was found, or the plan with less money where that is better: it is possible with more."""
    if below is None or below.value is None or found.value is None or below.value >= found.value:
        return found
    assert found.bound is not None
    return Outcome(found.status, below.starts, below.value, found.bound, found.solver)


def _target(problem: Problem, own: float | None, amounts: Sequence[float], options: Options) -> tuple[float | None, bool]:
    """The least budget with which everything can be done, by halving; and whether no money helps."""
    everything = variants.planned(problem, [step.id for step in problem.steps])
    if not problem.appetite:
        # What it is worth is not asked.
        everything = everything.model_copy(update={"threats": ()})
    anyhow = Options(gap=0.999999, time_limit=options.time_limit, effort=options.effort, seed=options.seed, threads=options.threads, solver=options.solver)
    if optimise(variants.without_money(everything), anyhow).status == "infeasible":
        return None, True
    low, high = 0, len(amounts)
    while low < high:
        middle = (low + high) // 2
        possible = optimise(limited(everything, own, amounts[middle]), anyhow).value is not None
        low, high = (low, middle) if possible else (middle + 1, high)
    return (amounts[low] if low < len(amounts) else None), False
