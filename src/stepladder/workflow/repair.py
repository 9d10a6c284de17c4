"""``repair``: of an impossible question, what clashes and what would mend it; and the same wherever else a question
has no plan.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from stepladder.analysis.repair import GivenUp, Repair
from stepladder.analysis.repair import repair as found_for
from stepladder.data.demand import demands_of
from stepladder.data.formats.plan import Plan
from stepladder.data.question import Question
from stepladder.errors import NoPlanFound
from stepladder.workflow.plan import answer

if TYPE_CHECKING:
    from stepladder.optimise import Options, Progress


def repair(question: Question, options: Options | None = None, *, hopeless: bool = False) -> Repair:
    """Find out which demands clash, and the cheapest way out of each kind.

    Parameters
    ----------
    question
        As ``ask`` reads it.
    options
        Seconds for all of it together; units of work for each search.
    hopeless
        Whether it is known already that there is no plan.
    """
    from stepladder.optimise import Options

    demands = question.demands or demands_of(question.problem)
    result = found_for(question.problem, demands, options or Options(), hopeless=hopeless)
    result = replace(result, overruns=question.overruns, given_up=_given_up(question), where=question.where)
    return replace(result, teams=question.context.teams) if question.context is not None else result


def _given_up(question: Question) -> tuple[GivenUp, ...]:
    """Milestones of which a step was cancelled."""
    if question.past is None or question.context is None:
        return ()
    gone = {name for name, told in question.past.progress.items() if told.state == "cancelled"}
    titles = {step.id: step.name for step in question.problem.steps}
    return tuple(
        GivenUp(one.title, one.date, tuple(titles.get(name, name) for name in one.steps if name in gone))
        for one in question.context.milestones
        if gone.intersection(one.steps)
    )


def follow(
    question: Question,
    before: Repair,
    by: str | None,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan | None:
    """The plan that follows from one of the remedies, by name, or from the first that helps; None where there is a
    plan as it is or that one gives none.
    """
    from stepladder.optimise import Learnt

    remedy = None if before.possible else before.by(by)
    if remedy is None or remedy.problem is None:
        return None
    after = replace(question, problem=remedy.problem)
    try:
        return answer(after, options, progress)
    except NoPlanFound:
        # The plan that shows that the remedy helps is there in any case.
        return answer(after, options, progress, Learnt(remedy.problem, remedy.starts, None, {}))
