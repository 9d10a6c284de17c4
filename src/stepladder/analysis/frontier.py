"""Money against what remains: one optimal plan for each budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from stepladder.analysis import variants
from stepladder.analysis.curves import Curve, Frontier, Point, Reach, own_money
from stepladder.data.formats.context import Context
from stepladder.data.formats.money import nearest, said
from stepladder.data.formats.problem import Problem
from stepladder.data.objective import objective_of
from stepladder.errors import UsageError
from stepladder.evaluate import exact
from stepladder.optimise import Learnt, Options, Outcome, another
from stepladder.solution import make_plan

#: A curve is worked out in so many stretches, each from little money to much; so many whoever does it, so that the
#: answers are the same.
STRETCHES = 3
#: With such a gap a search ends with the first plan.
ANYHOW = 0.999999
#: So often the least workable budget is narrowed down between two points.
HALVINGS = 7


def budgets(first: float, last: float, count: int, currency: str = "") -> list[float]:
    """So many amounts, evenly spaced, in whole units of a currency.

    Raises
    ------
    UsageError
        When the range is empty.
    """
    if not 0 <= first < last:
        raise UsageError(
            f"the range of budgets from {said(first, currency)} to {said(last, currency)} is empty; give --from less"
            " than --to"
        )
    return [nearest(first + (last - first) * k / (count - 1), currency) for k in range(count)]


def by_money(problem: Problem) -> Problem:
    """The question that a frontier answers for every budget: losses against money, or points against money."""
    return problem if objective_of(problem).points else problem.model_copy(update={"objective": "risk"})


def limited(problem: Problem, own: float | None, money: float) -> Problem:
    """The same question with this much money: its own limits in proportion, or one limit on the whole where it has
    none.
    """
    if own:
        return variants.with_money(problem, exact(money) / exact(own))
    return variants.with_total(variants.without_money(problem), money)


@dataclass(frozen=True)
class Stretch:
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
#: What a piece of work comes to: its number; outcomes by budget; with which budget everything can be done.
Piece = tuple[tuple[int, int], tuple[Outcome, ...], Reach | None]
#: Does pieces of work, in whatever order.
Each = Callable[[Callable[[Stretch], Piece], Sequence[Stretch]], Iterable[Piece]]


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
        What is minimised is what remains of the losses, whatever the question's objective; of a question in points the
        most points.
    """
    problem = by_money(problem)
    own = own_money(problem)
    asked = [problem if appetite is None else variants.with_appetite(problem, appetite) for appetite in appetites]
    cuts = [len(amounts) * k // STRETCHES for k in range(STRETCHES + 1)]
    stretches = [tuple(amounts[first:last]) for first, last in pairwise(cuts)]
    # The cheap ones, with little money, come last: then whoever works ends at about the same time.
    parts = [
        Stretch((k, m), one, own, stretches[m], options)
        for k, one in enumerate(asked)
        for m in reversed(range(STRETCHES))
    ]
    parts.append(Stretch(_EVERYTHING, problem, own, tuple(amounts), options))
    answers = {answer[0]: answer for answer in each(work, parts)}
    curves = []
    for k, (appetite, one) in enumerate(zip(appetites, asked, strict=True)):
        outcomes = [outcome for m in range(STRETCHES) for outcome in answers[k, m][1]]
        points = tuple(_points(one, context, own, amounts, outcomes))
        curves.append(Curve(appetite, points, _least(one, own, points, options)))
    reach = answers[_EVERYTHING][2]
    assert reach is not None
    return Frontier(problem, own, tuple(curves), reach)


def work(part: Stretch) -> Piece:
    """Do a piece of work."""
    if part.number == _EVERYTHING:
        return part.number, (), _target(part.problem, part.own, part.amounts, part.options)
    outcomes: list[Outcome] = []
    learnt: Learnt | None = None
    # From little money to much: every plan is possible with more.
    for money in part.amounts:
        outcomes.append(another(limited(part.problem, part.own, money), part.options, learnt))
        learnt = outcomes[-1].learnt or learnt
    return part.number, tuple(replace(outcome, learnt=None) for outcome in outcomes), None


def _points(
    problem: Problem, context: Context | None, own: float | None, amounts: Sequence[float], outcomes: Sequence[Outcome]
) -> Iterator[Point]:
    below: Outcome | None = None
    for money, outcome in zip(amounts, _raised(outcomes), strict=True):
        one = limited(problem, own, money)
        best = _better(outcome, below)
        plan = None if best.value is None else make_plan(one, best, context)
        yield Point(money, plan, infeasible=best.status == "infeasible")
        below = best if best.value is not None else below


def _raised(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """What is proved with more money holds with less."""
    raised: list[Outcome] = []
    proved = -math.inf
    for outcome in reversed(outcomes):
        if outcome.bound is not None:
            proved = max(proved, outcome.bound)
            top = proved if outcome.value is None else min(proved, outcome.value)
            raised.append(replace(outcome, bound=top))
        else:
            raised.append(outcome)
    return raised[::-1]


def _better(outcome: Outcome, below: Outcome | None) -> Outcome:
    """What was found, or the plan with less money where that is better: it is possible with more."""
    if below is None or below.value is None or outcome.value is None or below.value >= outcome.value:
        return outcome
    assert outcome.bound is not None
    return replace(below, status=outcome.status, bound=outcome.bound)


def _least(
    problem: Problem, own: float | None, points: Sequence[Point], options: Options
) -> tuple[float, float] | None:
    """With which money there is a plan at all, by halving between two points, as far as each half is decided."""
    first = next((k for k, point in enumerate(points) if point.plan is not None), 0)
    if first == 0 or not points[first - 1].infeasible:
        return None
    low, high = points[first - 1].money, points[first].money
    for _ in range(HALVINGS):
        middle = round((low + high) / 2)
        if not low < middle < high:
            break
        outcome = another(limited(problem, own, middle), replace(options, gap=ANYHOW))
        if outcome.value is None and outcome.status != "infeasible":
            break
        low, high = (middle, high) if outcome.value is None else (low, middle)
    return low, high


def _target(problem: Problem, own: float | None, amounts: Sequence[float], options: Options) -> Reach:
    """The least budget with which everything can be done, by halving."""
    everything = variants.planned(problem, [step.id for step in problem.steps])
    if not problem.appetite and not problem.exceedance:
        # What it is worth is not asked.
        everything = everything.model_copy(update={"threats": (), "objective": "risk"})
    anyhow = replace(options, gap=ANYHOW)
    rich = another(variants.without_money(everything), anyhow)
    if rich.status == "infeasible":
        return Reach(None, out_of_reach=True, decided=True)
    low, high, decided = 0, len(amounts), rich.value is not None
    while low < high:
        middle = (low + high) // 2
        outcome = another(limited(everything, own, amounts[middle]), anyhow)
        decided = decided and (outcome.value is not None or outcome.status == "infeasible")
        low, high = (low, middle) if outcome.value is not None else (middle + 1, high)
    return Reach(amounts[low] if low < len(amounts) else None, out_of_reach=False, decided=decided)
