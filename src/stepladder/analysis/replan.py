"""The rest of a plan anew: the past is fixed, what is running goes on, and no more of what was published moves than
may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from stepladder.analysis import in_force
from stepladder.analysis.rebase import Rebased
from stepladder.data.formats.context import Context
from stepladder.data.formats.plan import Plan
from stepladder.errors import Infeasible
from stepladder.optimise import Keep, Learnt, Options, Outcome, Progress, optimise
from stepladder.optimise.outcome import closed
from stepladder.optimise.search.diverse import nearest
from stepladder.solution import make_plan
from stepladder.solution.recount import figures
from stepladder.solution.verify import broken_rules


class TooFewMoves(Infeasible):
    """The demands can be met, but not with so few steps moved."""


@dataclass(frozen=True)
class Moves:
    """One point of the trade-off between moving little and losing little: the best plan that moves so many steps at
    most.
    """

    moves: int
    value: float | None
    bound: float | None


@dataclass(frozen=True)
class Replanned:
    """The answer.

    Attributes
    ----------
    plan
        The new plan, verified.
    moved
        How many open steps stand elsewhere than published.
    """

    plan: Plan
    moved: int


def replan(
    published: Plan,
    rebased: Rebased,
    context: Context | None,
    options: Options,
    most: int | None = None,
    price: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Replanned:
    """Plan the rest anew.

    Parameters
    ----------
    published
        The plan as it was.
    rebased, context
        The question as it stands.
    options, progress
        As for ``optimise``.
    most
        So many open steps may stand elsewhere than published.
    price
        Or what each of them must gain, in currency.

    Raises
    ------
    Infeasible, NoPlanFound, NotVerified
        As for ``make_plan``.
    """
    free = _answer(published, rebased, options, None, progress)
    best = free
    if most is not None and free.value is not None and not _keep(published, rebased, most).holds(free.starts):
        outcome = _answer(published, rebased, options, most, progress)
        if outcome.status == "infeasible":
            raise TooFewMoves(_too_few(published, rebased, options, most))
        best = _bounded_by(free, outcome, options)
    elif price is not None and free.value is not None:
        best = _worth_moving(published, rebased, options, price, free, progress)
    best = _unmoved(published, rebased, best, options)
    plan = make_plan(rebased.problem, best, context, rebased.told)
    return Replanned(plan, _keep(published, rebased, 0).moved(plan.starts))


def _too_few(published: Plan, rebased: Rebased, options: Options, most: int) -> str:
    starts, fewest = nearest(rebased.problem, _keep(published, rebased, 0), options)
    known = f"at least {fewest:,} must move" if starts is not None else "more must move"
    return f"no plan keeps all the rules and moves no more than {most:,} of the open steps: {known}; raise --stability"


def _bounded_by(free: Outcome, chosen: Outcome, options: Options) -> Outcome:
    """An answer that had fewer plans to choose from, with what is proved of all of them: that is what a plan states."""
    if chosen.value is None or free.bound is None:
        return chosen
    return replace(
        chosen,
        status="optimal" if closed(chosen.value, free.bound, options.gap) else "feasible",
        bound=free.bound,
        learnt=None,
    )


def _keep(published: Plan, rebased: Rebased, moves: int) -> Keep:
    known = {step.id for step in rebased.problem.steps}
    return Keep({name: start for name, start in published.starts.items() if name in known}, moves, rebased.settled)


def _as_published(published: Plan, rebased: Rebased) -> dict[str, int]:
    """What is published of the steps that are still asked for, and what has happened where that is otherwise."""
    wanted = (
        (step.id, published.starts.get(step.id) if step.start is None else step.start) for step in rebased.problem.steps
    )
    starts = {name: start for name, start in wanted if start is not None}
    return {**starts, **in_force.published(rebased.problem, published.decided)}


def _answer(
    published: Plan, rebased: Rebased, options: Options, most: int | None, progress: Callable[[Progress], None] | None
) -> Outcome:
    learnt = Learnt(rebased.problem, _as_published(published, rebased), None, {})
    return optimise(
        rebased.problem, options, progress, learnt, None if most is None else _keep(published, rebased, most)
    )


def _worth_moving(
    published: Plan,
    rebased: Rebased,
    options: Options,
    price: float,
    free: Outcome,
    progress: Callable[[Progress], None] | None,
) -> Outcome:
    """The plan for which value and the price of its moves together are least: with one move more each time, until
    more cannot pay.
    """
    assert free.value is not None
    assert free.bound is not None
    count = _keep(published, rebased, 0).moved(free.starts)
    best, total = free, free.value + price * count
    for moves in range(count):
        if free.bound + price * moves >= total:
            break
        outcome = _answer(published, rebased, options, moves, progress)
        if outcome.value is not None and outcome.value + price * moves < total:
            best, total = outcome, outcome.value + price * moves
    return _bounded_by(free, best, options)


def _unmoved(published: Plan, rebased: Rebased, best: Outcome, options: Options) -> Outcome:
    """The published plan itself where it still keeps every rule and is as good as was wanted: nobody is bothered for
    nothing.
    """
    starts = _as_published(published, rebased)
    if best.bound is None or broken_rules(rebased.problem, starts):
        return best
    value = figures(rebased.problem, starts).objective(rebased.problem.objective)
    if not closed(value, best.bound, options.gap):
        return best
    return replace(best, status="optimal", starts=starts, value=value, learnt=None)


def trade_off(
    published: Plan, rebased: Rebased, options: Options, most: int, progress: Callable[[Progress], None] | None = None
) -> tuple[Moves, ...]:
    """What the best plan is worth that moves at most 0, 1, … ``most`` open steps."""
    points = []
    for moves in range(most + 1):
        answer = _answer(published, rebased, options, moves, progress)
        points.append(Moves(moves, answer.value, answer.bound))
    return tuple(points)
