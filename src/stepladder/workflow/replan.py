"""``replan``: after some months, the rest of a plan anew, and what that moves."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stepladder.analysis import replan as room
from stepladder.analysis.assessment import found, reconcile, taken_back
from stepladder.analysis.difference import Difference, difference
from stepladder.analysis.missed import as_promised, least_late, overtaken
from stepladder.analysis.origins import followed, written
from stepladder.analysis.rebase import Rebased, rebase, spent_until
from stepladder.data.actuals import load_actuals
from stepladder.data.demand import demands_of
from stepladder.data.formats.context import Context
from stepladder.data.formats.money import shown
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import Problem
from stepladder.data.happened import Happened, as_planned, period_of
from stepladder.data.identity import roadmap_id
from stepladder.data.question import Question
from stepladder.errors import Infeasible, UsageError
from stepladder.evaluate import exact
from stepladder.wording import claims_of_futures
from stepladder.workflow.asking import ask
from stepladder.workflow.reading import existing

if TYPE_CHECKING:
    from stepladder.optimise import Options, Progress


#: The part of the time that may go into how late what is missed must be; the rest is for the plan.
HALF = 0.5
#: Periods that a remark names.
NAMED = 12


@dataclass(frozen=True)
class Renewed:
    """A new plan.

    Attributes
    ----------
    plan
        Verified; its context says what a reader should know of the past.
    moved
        How many open steps stand elsewhere than published.
    difference
        From the published plan to the new one.
    """

    plan: Plan
    moved: int
    difference: Difference


@dataclass(frozen=True)
class Standing:
    """A question as it stands now, what people want to know beside it, and the question for which that was
    written.
    """

    question: Rebased
    context: Context | None
    asked: Problem

    @property
    def notes(self) -> tuple[str, ...]:
        """What a reader should know of the past."""
        return self.question.notes


def stands(
    published: Plan, actuals: str | Path | None = None, assessment: str | Path | None = None, as_of: str | None = None
) -> Standing:
    """The question of a plan as it stands now.

    Parameters
    ----------
    published
        The plan.
    actuals
        A file of what has happened.
    assessment
        Or a scenario with new levels, costs and threats: its question takes the place of the plan's, and steps that it
        does not have are done.
    as_of
        The first period that is still open, by label or day; a file of actuals says it itself.

    Raises
    ------
    InvalidInput
        When a file is wrong.
    UsageError
        When nothing says how far time has gone, or two say it, or less far than the plan knows already.
    """
    if actuals is not None and as_of is not None:
        raise UsageError(f"{actuals} says itself what is still open (as_of); leave out --as-of, or correct it there")
    if actuals is not None:
        happened = load_actuals(existing(actuals), published)
    elif as_of is not None:
        happened = as_planned(published, first_open(published, as_of))
    else:
        raise UsageError(
            "nothing says what has happened; give --actuals FILE, or --as-of PERIOD if all has gone as planned"
        )
    _not_before(published, happened.now)
    if assessment is not None:
        return _assessed(published, happened, ask(assessment))
    committed = published.context.committed if published.context else ()
    spent = spent_until(published, happened, committed)
    as_found, notes = found(published, happened)
    before = (published.problem, happened) if happened.levels else None
    rebased = rebase(as_promised(published), as_found, committed, before, spent, published.teams)
    notes = (*taken_back(published, happened), *notes)
    return _standing(rebased, notes, published.context, published.problem, happened)


def _assessed(published: Plan, happened: Happened, question: Question) -> Standing:
    """The question of an assessment, with what has happened to the plan."""
    if [period.start for period in question.problem.periods] != [period.start for period in published.problem.periods]:
        raise UsageError("the assessment has another horizon than the plan; give it the same `horizon`")
    reconciled = reconcile(published, question.problem, question.context, happened)
    committed = question.context.committed if question.context else ()
    before, spent = (published.problem, happened), spent_until(published, happened, committed)
    teams = question.context.teams if question.context else {}
    rebased = rebase(reconciled.problem, reconciled.happened, committed, before, spent, teams)
    back = taken_back(published, happened)
    notes = (*back, *reconciled.notes, *_forgotten(published, committed, happened.now))
    return _standing(rebased, notes, reconciled.context, reconciled.problem, happened)


def _forgotten(published: Plan, committed: Sequence[float], now: int) -> Iterator[str]:
    """What was promised by the plan and an assessment does not have, as far as it is still to come."""
    periods, currency = published.problem.periods, published.problem.currency
    less = {
        t: exact(published.committed(t)) - (exact(committed[t]) if committed else 0) for t in range(now, len(periods))
    }
    gone = [t for t, amount in less.items() if amount > 0]
    if gone:
        parts = [f"{shown(float(less[t]), currency)} in {periods[t].label}" for t in gone]
        more = [f"{len(parts) - NAMED:,} more"] if len(parts) > NAMED else []
        yield (
            f"The plan had promised more than the assessment says: {', '.join([*parts[:NAMED], *more])}. If that still"
            " holds, put it under `committed` in the assessment, and plan anew."
        )


def _standing(
    rebased: Rebased, notes: tuple[str, ...], context: Context | None, asked: Problem, happened: Happened
) -> Standing:
    whole = replace(rebased, notes=(*happened.beside.said, *notes, *rebased.notes))
    return Standing(whole, _promised(context, happened, asked.horizon), asked)


def _promised(context: Context | None, happened: Happened, horizon: int) -> Context | None:
    """What stands beside a plan, with what has been promised since."""
    more = happened.beside.promised.get("money", {})
    if context is None or not more:
        return context
    before = context.committed or (0.0,) * horizon
    after = tuple(float(exact(amount) + more.get(t, 0)) for t, amount in enumerate(before))
    return context.model_copy(update={"committed": after})


def first_open(published: Plan, as_of: str) -> int:
    """The first period that is still open, by its label or any of its days.

    Raises
    ------
    UsageError
        When it is no period of the plan, or one that the plan knows to be past.
    """
    period = period_of(published.problem.periods, as_of)
    if period is None:
        labels = published.problem.periods
        raise UsageError(
            f"{as_of!r} is no period of the plan; write one from {labels[0].label} to {labels[-1].label}, or a day"
        )
    _not_before(published, period)
    return period


def _not_before(published: Plan, now: int) -> None:
    if now < published.now:
        raise UsageError(
            f"the plan knows already what has happened before {published.as_of}; name that period or a later one, or"
            " begin with an earlier plan"
        )


def replan(
    published: Plan,
    standing: Standing,
    options: Options | None = None,
    most: int | None = None,
    price: float | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Renewed:
    """Plan the rest anew.

    Parameters
    ----------
    published
        The plan as it was.
    standing
        Its question as it stands, by ``stands``.
    options, progress
        As for ``plan``.
    most
        So many open steps may stand elsewhere than published.
    price
        Or what each of them must gain, in currency.

    Raises
    ------
    Infeasible, NoPlanFound, NotVerified
        As for ``plan``.
    """
    from stepladder.optimise import Options

    context, begun, options = _noted(standing), time.monotonic(), (options or Options()).together()
    milestones = context.milestones if context else ()
    question = overtaken(standing.question, milestones)
    try:
        replanned = room.replan(published, question, context, options, most, price, progress)
    except room.TooFewMoves:
        raise
    except Infeasible as none:
        late = least_late(standing.question, milestones, options.left(begun, HALF))
        if late is None:
            raise Infeasible(str(none), _asked(question, standing, context)) from none
        replanned = room.replan(published, late, context, options, most, price, progress)
    renewed = successor(published, replanned.plan)
    return Renewed(renewed, replanned.moved, difference(published, renewed))


def as_asked(standing: Standing) -> Question:
    """What can still be decided of a question as it stands, with all that it demands; a date that what is done or
    running misses asks no more than to be there with it.
    """
    context = _noted(standing)
    return _asked(overtaken(standing.question, context.milestones if context else ()), standing, context)


def successor(published: Plan, plan: Plan) -> Plan:
    """The same roadmap, one revision later where anything differs; one that had no name gets that of its title."""
    name = published.id or roadmap_id(published.problem.title)
    same = plan.model_copy(update={"id": name, "revision": published.revision})
    return same if dump(same) == dump(published) else same.model_copy(update={"revision": published.revision + 1})


def _asked(question: Rebased, standing: Standing, context: Context | None) -> Question:
    """The question as it stands, with what it demands; what has happened is nobody's demand."""
    known = standing.context.origins if standing.context else {}
    at = written(known, standing.asked, question.problem)
    milestones, teams = (context.milestones, context.teams) if context else ((), {})
    demands = demands_of(question.problem, milestones, question.past, at, teams)
    return Question(question.problem, context, demands=tuple(demands), past=question.told, overruns=question.overruns)


def _noted(standing: Standing) -> Context | None:
    """What stands beside the plan, with what a reader should know, and where those numbers were written that are the
    same.
    """
    context = standing.context
    if context is None:
        return None
    origins = followed(context.origins, standing.asked, standing.question.problem)
    notes = [*context.notes, *standing.notes]
    if context.robust is not None and context.robust.held:
        notes.append(
            f"What was held back so that the plan {claims_of_futures.staying(context.robust.keep)} is held back still;"
            " how often the rest of it does is not known."
        )
    return context.model_copy(update={"notes": tuple(notes), "origins": origins})
