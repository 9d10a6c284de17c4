"""``frontier``: money against remaining loss, an optimal plan for each budget."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from stepladder.analysis.curves import Frontier, own_money
from stepladder.analysis.frontier import Piece, Stretch, budgets, by_money, limited
from stepladder.analysis.frontier import frontier as answered
from stepladder.data.demand import Demand
from stepladder.data.formats import money
from stepladder.data.formats.base import LARGEST
from stepladder.data.formats.problem import SPENT, Problem
from stepladder.data.question import Question
from stepladder.errors import UsageError
from stepladder.workflow.workers import Workers, each

if TYPE_CHECKING:
    from stepladder.optimise import Options

POINTS = 25
#: The range when none is given: these parts of the question's own money.
FIRST, LAST = 0.4, 1.6
#: Steps times budgets from which a second process earns its start.
ENOUGH = 200


def frontier(
    question: Question,
    first: float | str | None = None,
    last: float | str | None = None,
    points: int = POINTS,
    appetites: Sequence[float] = (),
    options: Options | None = None,
    *,
    workers: Workers | None = None,
    counted: Callable[[int, int], None] | None = None,
) -> Frontier:
    """Answer a question for a range of budgets.

    Parameters
    ----------
    question
        As ``ask`` reads it.
    first, last
        The range, over the whole horizon: amounts, or parts of the question's own money such as ``"80%"``. When left
        out, 40 % to 160 % of that; where money has no limit, nothing to everything.
    points
        How many budgets, at least two.
    appetites
        A curve for each of these caps on the expected loss per year, beside the one with the question's own.
    options
        As for ``plan``, for each point.
    workers
        Who works; two processes when left out and there is enough to do. The answers do not depend on it.
    counted
        Told how many pieces of the work are done, of how many.

    Raises
    ------
    UsageError
        When an end is no amount, the range is empty, no step costs anything, or a part is given of money that is not
        limited.
    """
    from stepladder.optimise import Options

    problem = question.problem
    whole = amounts(problem, first, last, points)
    who = workers or Workers(2 if len(problem.steps) * points >= ENOUGH else 1)

    done = partial(_each_counted, who, counted)
    return answered(problem, question.context, whole, (None, *appetites), (options or Options()).together(), done)


def _each_counted(
    who: Workers,
    counted: Callable[[int, int], None] | None,
    function: Callable[[Stretch], Piece],
    parts: Sequence[Stretch],
) -> Iterator[Piece]:
    """The answers in the order of the parts, each counted when it is there."""
    for count, answer in enumerate(each(function, parts, who), start=1):
        if counted is not None:
            counted(count, len(parts))
        yield answer


def amounts(
    problem: Problem, first: float | str | None = None, last: float | str | None = None, points: int = POINTS
) -> list[float]:
    """The budgets for which ``frontier`` would answer."""
    return budgets(*_range(problem, first, last), points, problem.currency)


def at_most(question: Question, money: float) -> Question:
    """The question with so much money over the horizon, as a point of a frontier has it."""
    problem = by_money(question.problem)
    own = own_money(problem)
    demands = question.demands
    if not own:
        kept = [k for k, window in enumerate(problem.windows) if window.resource not in SPENT]
        places = {k: n for n, k in enumerate(kept)}
        demands = tuple(
            replace(one, windows=tuple(places[k] for k in one.windows))
            for one in demands
            if all(k in places for k in one.windows)
        )
        demands = (*demands, Demand("budget", "the largest budget", "--to", windows=(len(kept),)))
    return replace(question, problem=limited(problem, own, money), demands=demands)


def _range(problem: Problem, first: float | str | None, last: float | str | None) -> tuple[float, float]:
    """The least and the largest budget."""
    own = own_money(problem)
    everything = math.fsum(
        step.once
        + step.per_year * math.fsum(period.years for period in problem.periods)
        + (step.renew.once * len(step.renew.periods(step.finish(0), problem.horizon)) if step.renew else 0.0)
        for step in problem.steps
    )
    if not everything and first is None and last is None:
        raise UsageError("no step costs anything, so no budget makes a difference")
    ends = (FIRST * own, LAST * own) if own else (0.0, everything)
    low, high = (
        end if amount is None else _amount(amount, own, problem.currency)
        for amount, end in zip((first, last), ends, strict=True)
    )
    if high > LARGEST:
        raise UsageError(
            f"a budget of {high:,.0f} is more than {LARGEST:,.0f}, the largest amount that can be planned; give a"
            " smaller range"
        )
    return low, high


def _amount(written: float | str, own: float | None, currency: str) -> float:
    text = str(written).strip()
    if isinstance(written, str) and not text.endswith("%"):
        try:
            return money.parse(text, currency, "a budget")
        except ValueError as error:
            raise UsageError(f"{error}; a part of the scenario's own money is written as 80%") from None
    try:
        number = float(text.removesuffix("%"))
    except ValueError:
        number = math.nan
    if not 0 <= number < math.inf:
        raise UsageError(
            f"{text!r} is not a budget; write an amount such as 250000, or a part of the scenario's own money such"
            " as 80%"
        )
    if not isinstance(written, str):
        return number
    if not own:
        raise UsageError("this question has no limit on money; give the range in money, not in percent")
    return number / 100 * own
