"""``plan --keep``: a plan that stays within its money in most futures, with what is held back for that."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING

from stepladder.data.certain import certain
from stepladder.data.formats.money import below
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.robust import HeldBack, Promise, Robust
from stepladder.data.question import Question
from stepladder.errors import Infeasible, NoPlanFound, UsageError
from stepladder.wording import claims_of_futures

if TYPE_CHECKING:
    from stepladder.analysis.robust import Refused, Reserved
    from stepladder.optimise import Options, Progress

#: How sure it is that the intervals of all tests that there may be hold together.
SURE = 0.95


def wanted(question: Question, keep: float | None) -> Question:
    """The question with the part of all futures in which its plan is to stay within its money; as it is where nothing
    is said, and else as its scenario says it.
    """
    if keep is None:
        return question
    asked = {"keep": keep} if question.robust is None else {**question.robust.model_dump(), "keep": keep}
    return replace(question, robust=Robust.model_validate(asked))


def kept(question: Question, options: Options, progress: Callable[[Progress], None] | None = None) -> Plan:
    """The plan of a question that asks for one that is kept in most futures.

    Raises
    ------
    UsageError
        When nothing can run over.
    Infeasible
        When no plan meets all demands, with nothing held back or with what this takes.
    NoPlanFound
        When the search was stopped, or holding back more did not help.
    """
    from stepladder.analysis.robust import Refused, Reserved, robust
    from stepladder.optimise import settled
    from stepladder.solution import make_plan

    asked = question.robust
    assert asked is not None
    result = robust(question.problem, _drawn(question, asked), asked, options, progress)
    if isinstance(result, Refused):
        raise _refusal(question, asked, result)
    if isinstance(result, Reserved):
        promise = _promise(question.problem, asked, result)
        return settled(
            lambda: make_plan(result.problem, result.outcome, question.context, question.past, promise=promise)
        )
    return make_plan(question.problem, result, question.context, question.past)


def _drawn(question: Question, asked: Robust) -> Callable[[int], list[Problem]]:
    """The futures of each test; those of the first are for choosing."""
    from stepladder.analysis.futures import independent, quantiles

    redraw = question.redraw
    if redraw is None:
        raise UsageError("a problem in plain numbers has no futures; name the scenario that it comes from")
    wrong = certain(question.problem.windows, question.unknowns)
    if wrong:
        raise UsageError(wrong)

    def draw(test: int) -> list[Problem]:
        """The question as it turns out; of threats nothing is asked."""
        drawn = (
            independent(question.unknowns, asked.futures, asked.seed, test)
            if test
            else quantiles(question.unknowns, asked.futures, asked.seed)
        )
        futures = (redraw({name: at[number] for name, at in drawn.items()}) for number in range(asked.futures))
        same = {"windows": question.problem.windows, "threats": ()}
        return [future.model_copy(update=same) for future in futures]

    return draw


def _promise(problem: Problem, asked: Robust, result: Reserved) -> Promise:
    """What the plan's file says of it."""
    from stepladder.analysis.held_back import held_back
    from stepladder.analysis.robust import TESTS
    from stepladder.data.binomial import clopper_pearson

    outcome, without = result.outcome, result.without
    assert outcome.value is not None
    assert without.value is not None
    low, high = clopper_pearson(result.kept, asked.futures, 1 - (1 - SURE) / TESTS)
    # A plan with something held back is one with nothing held back as well.
    value = min(outcome.value, without.value)
    return Promise(
        keep=asked.keep,
        futures=asked.futures,
        seed=asked.seed,
        held=tuple(
            HeldBack(window=k, amount=float(amount)) for k, amount in held_back(problem, result.problem).items()
        ),
        tests=result.tests,
        kept=result.kept,
        kept_without=result.kept_without,
        low=low,
        high=high,
        value_without=value,
        bound_without=min(value, -math.inf if without.bound is None else without.bound),
    )


def _refusal(question: Question, asked: Robust, result: Refused) -> Infeasible | NoPlanFound:
    """Why there is no such plan, and what could be kept instead."""
    from stepladder.analysis.held_back import held_back

    currency = question.problem.currency

    def most(problem: Problem) -> float:
        """The most that is held back of one limit."""
        return below(max(held_back(question.problem, problem).values(), default=Fraction(0)), currency)

    instead = claims_of_futures.kept_instead(result.kept, result.kept_without, result.of, most(result.best), currency)
    if result.problem is None:
        return NoPlanFound(f"no plan was found that {claims_of_futures.staying(asked.keep)}; {instead}")
    said = f"{claims_of_futures.too_much_held_back(asked.keep, most(result.problem), currency)} {instead}"
    impossible = replace(question, problem=result.problem, robust=None)
    return Infeasible(said, impossible, f"{said}. Why there is no plan then", file=False)
