"""``plan``: from a scenario or a problem to a verified roadmap."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from stepladder.data.formats.plan import Plan
from stepladder.data.question import Question
from stepladder.errors import Infeasible
from stepladder.output.outlook import ADVICE
from stepladder.wording.text import quote
from stepladder.workflow.asking import ask
from stepladder.workflow.robust import kept

if TYPE_CHECKING:
    from stepladder.optimise import Learnt, Options, Progress


def answer(
    question: Question,
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
    learnt: Learnt | None = None,
    *,
    whole: bool = False,
) -> Plan:
    """Solve a question, with what was learnt from one like it. The plan has been verified; where the question asks for
    that, it stays within its money in most futures.

    Parameters
    ----------
    question, options, progress, learnt
        As for ``optimise``.
    whole
        Whether Ctrl-C ends everything, instead of the search with the best plan so far; it always does where a plan is
        to be kept in most futures.

    Raises
    ------
    Infeasible
        No plan meets all the rules; it carries the question, which ``workflow.repair`` explains.
    NoPlanFound
        Stopped before there was any plan, or any that is kept in as many futures as is asked for.
    UsageError
        When it is to be kept in most futures, and nothing can run over.
    NotVerified
        The answer failed its check, and is not shown.
    """
    from stepladder.optimise import Options

    try:
        if question.robust is not None:
            first = kept(question, options or Options(), progress)
        else:
            first = _answer(question, options or Options(), progress, learnt, whole=whole)
    except Infeasible as none:
        raise (none if none.question is not None else Infeasible(str(none), question)) from none
    return _advised(first.model_copy(update={"id": question.id}), question)


def _answer(
    question: Question,
    options: Options,
    progress: Callable[[Progress], None] | None,
    learnt: Learnt | None,
    *,
    whole: bool,
) -> Plan:
    """The plan of a question as it stands."""
    from stepladder.optimise import optimise, settled
    from stepladder.solution import make_plan

    outcome = optimise(question.problem, options, progress, learnt)
    if whole and outcome.interrupted:
        raise KeyboardInterrupt
    return settled(lambda: make_plan(question.problem, outcome, question.context, question.past))


def plan(
    path: str | Path,
    scenario: str | None = None,
    assignments: Sequence[str] = (),
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> Plan:
    """Read and solve; ``ask`` and ``answer`` in one."""
    return answer(ask(path, scenario, assignments), options, progress)


def _advised(draft: Plan, question: Question) -> Plan:
    """The same plan, its context saying which soft needs it does not follow. They are no rules, so nothing else
    changes.
    """
    steps = draft.problem.steps_by_id()
    notes = []
    for advice in question.soft:
        if advice.step not in draft.starts or advice.needs not in steps:
            continue
        before = draft.starts.get(advice.needs)
        if before is None or before + steps[advice.needs].duration > draft.starts[advice.step]:
            first, then = (quote(steps[name].name) for name in (advice.needs, advice.step))
            order = "is not planned, though it should come before" if before is None else "does not come before"
            notes.append(f"{ADVICE}{first} {order} {then}: {advice.why}")
    if not notes or draft.context is None:
        return draft
    return draft.model_copy(
        update={"context": draft.context.model_copy(update={"notes": (*draft.context.notes, *notes)})}
    )
