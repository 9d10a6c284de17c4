"""A question, its plan, and what to make of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, cast

from stepladder.answers import Answer
from stepladder.api.given import (
    GAP,
    Planned,
    Source,
    answer_of,
    decided,
    options,
    plan_of,
    plan_options,
    question_of,
    read,
)
from stepladder.data.formats.plan import Plan
from stepladder.errors import Fault, UsageError
from stepladder.workflow.plan import answer
from stepladder.workflow.robust import wanted

if TYPE_CHECKING:
    from pathlib import Path

    from stepladder.analysis.first_steps import Nudge
    from stepladder.analysis.model import Model
    from stepladder.analysis.repair import Repair
    from stepladder.analysis.why import Why
    from stepladder.analysis.why_policy import WhyPolicy
    from stepladder.workflow.check import CheckReport


def init(case: str = "first") -> str:
    """A scenario to begin with, as text: the first one, or a shipped case.

    Raises
    ------
    UsageError
        When there is no such case.
    """
    from stepladder.workflow.init import init as text

    return text(case)


def catalogue(name: str | Path) -> Answer[Model]:
    """A maturity model as one reads it before a scenario is written: a file, or the name of a shipped one.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the file.
    UsageError
        When there is no such file.
    """
    from stepladder.output.model_data import model_frame, model_json
    from stepladder.output.models import model_text
    from stepladder.workflow.catalogue import catalogue as read

    model = read(name)
    return Answer(model, lambda: model_text(model), lambda: model_json(model), {"steps": lambda: model_frame(model)})


def check(source: Source, *, scenario: str | None = None, assignments: Sequence[str] = ()) -> Answer[CheckReport]:
    """A question checked without a search: its size, its longest chain, what it can never afford.

    Parameters
    ----------
    source
        The question.
    scenario
        One of its named scenarios.
    assignments
        ``path=value``, laid over everything else.

    Raises
    ------
    InvalidInput
        With everything that is wrong, each with its place.
    """
    from stepladder.data.formats.problem import dump as problem_json
    from stepladder.output.checked import check_text
    from stepladder.workflow.check import looked_at

    asked = question_of(source, scenario, assignments)
    result = looked_at(asked)
    return Answer(
        result,
        lambda: check_text(asked.problem, result.facts, asked.notes, asked.scenarios),
        lambda: problem_json(asked.problem),
    )


def plan(
    source: Source,
    *,
    scenario: str | None = None,
    assignments: Sequence[str] = (),
    gap: float | None = None,
    time_limit: float | None = None,
    work: int | None = None,
    seed: int = 0,
    keep: float | None = None,
) -> Answer[Plan]:
    """A verified roadmap, with what is proved of every other.

    Parameters
    ----------
    source, scenario, assignments
        As for ``check``.
    gap
        Wanted relative gap between value and bound; 0.1 % when left out.
    time_limit
        Seconds, or None for as long as it takes.
    work
        Units of work (about a second each with one system); the same work gives the same plan. Where neither this nor a
        gap or time limit is given, 16 units, else as much as it takes.
    seed
        The solver's random seed.
    keep
        Hold so much money back that the plan stays within its limits in this part of all futures, such as 0.9; when
        left out, as the scenario's ``robust`` says.

    Raises
    ------
    Infeasible
        When it is proved that no plan meets all demands, or none with what would have to be held back; ``repair`` says
        why.
    NoPlanFound
        When the search was stopped before any plan was found, or any that is kept in so many futures.
    UsageError
        When a plan is to be kept in most futures, and nothing can run over.
    """
    if keep is not None and not 0 < keep < 1:
        raise UsageError(f"{keep!r} is no part of all futures that can be kept; give 0.9, above 0 and below 1")
    question = wanted(question_of(source, scenario, assignments), keep)
    return answer_of(answer(question, plan_options(gap, time_limit, work, seed)))


def show(source: Planned) -> Answer[Plan]:
    """A plan that is there already, verified.

    Raises
    ------
    NotVerified
        With every rule that it breaks and every figure that differs.
    """
    return answer_of(plan_of(source))


def verify(source: Planned) -> list[Fault]:
    """Every rule that a plan breaks, and every stated figure that differs; empty when all is well."""
    from stepladder.solution.verify import verify as faults_of

    return faults_of(read(source))


def next(  # noqa: A001 - a command's own name
    source: Source | Planned, *, gap: float = 0.001, time_limit: float | None = None, work: int | None = 2
) -> Answer[Nudge]:
    """What to do first, why, and what it costs to wait.

    Parameters
    ----------
    source
        A plan, or a question that is planned first.
    gap, time_limit, work
        As for ``plan``.
    """
    from stepladder.output.advice import next_json, next_text
    from stepladder.workflow.next import nudge

    limits = options(gap, time_limit, work)
    nudged = nudge(decided(source, limits), limits)
    return Answer(nudged, lambda: next_text(nudged), lambda: next_json(nudged))


def why(
    source: Source | Planned,
    step: str,
    *,
    planned: bool = True,
    gap: float = 0.001,
    time_limit: float | None = None,
    work: int | None = 2,
) -> Answer[Why | WhyPolicy]:
    """Why a step stands where it stands, and what any other choice costs; of a policy, what it is worth.

    Parameters
    ----------
    source, gap, time_limit, work
        As for ``next``.
    step
        Its id; or that of a policy, ``policy@year`` for one year of it.
    planned
        False to ask why it is not planned.
    """
    from stepladder.output.reasons import why_json, why_text
    from stepladder.workflow.why import why as asked

    limits = options(gap, time_limit, work)
    reasons = asked(decided(source, limits), step, limits, planned=planned)
    return Answer(reasons, lambda: why_text(reasons), lambda: why_json(reasons))


def repair(
    source: Source | Planned,
    *,
    by: str | None = None,
    actuals: str | Path | None = None,
    assessment: str | Path | None = None,
    as_of: str | None = None,
    scenario: str | None = None,
    assignments: Sequence[str] = (),
    gap: float = GAP,
    time_limit: float | None = None,
) -> Answer[Repair]:
    """Of an impossible question: what clashes, what would help, and the plan that follows.

    Parameters
    ----------
    source
        A question; or, with one of ``actuals``, ``assessment`` and ``as_of``, a plan.
    scenario, assignments, gap, time_limit
        As for ``plan``.
    by
        Which way out the plan takes; the first that helps when left out.
    actuals, assessment, as_of
        What has happened to the plan, as for ``replan``.
    """
    from stepladder.output.repairs import repair_json, repair_text
    from stepladder.workflow.repair import follow
    from stepladder.workflow.repair import repair as found_for
    from stepladder.workflow.replan import as_asked, stands, successor

    limits, published = options(gap, time_limit, None), None
    if actuals is assessment is as_of is None:
        asked = question_of(cast("Source", source), scenario, assignments)
    else:
        published = plan_of(cast("Planned", source))
        asked = as_asked(stands(published, actuals, assessment, as_of))
    answer = found_for(asked, limits)
    after = follow(asked, answer, by, limits)
    if after is not None and published is not None:
        after = successor(published, after)
    return Answer(answer, lambda: repair_text(answer, after), lambda: repair_json(answer, after))
