"""``compare``: plans side by side, from plan files, scenario files or named scenarios, and what practice would do."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from stepladder.analysis.comparison import Comparison, compared
from stepladder.data.formats.plan import Plan
from stepladder.errors import Infeasible, NoPlanFound
from stepladder.workflow.asking import ask
from stepladder.workflow.plan import answer
from stepladder.workflow.reading import is_folder, is_plan, locate, plans_in
from stepladder.workflow.show import show

if TYPE_CHECKING:
    from stepladder.data.question import Question
    from stepladder.optimise import Options, Progress


@dataclass(frozen=True)
class Side:
    """One thing to compare: a plan that is there, or a question that is to be answered."""

    name: str
    plan: Plan | None = None
    question: Question | None = None


def sides(
    sources: Sequence[str], scenarios: Sequence[str] = (), assignments: Sequence[str] = (), *, every: bool = False
) -> list[Side]:
    """Read what is to be compared; nothing is solved yet.

    Parameters
    ----------
    sources
        Plans, folders of plans, scenario files, problems, or names of shipped scenarios.
    scenarios
        Named scenarios, each taken of every scenario file; the file as it stands comes first.
    assignments
        ``path=value``, laid over each question.
    every
        All named scenarios of each file.

    Raises
    ------
    InvalidInput, UsageError, NotVerified
        As for ``plan`` and ``show``.
    """
    answers = []
    for source in (str(path) for named in sources for path in (plans_in(Path(named)) if is_folder(named) else [named])):
        if is_plan(locate(source)):
            answers.append(Side(source, plan=show(source)))
            continue
        base = ask(source, None, assignments)
        answers.append(Side(source, question=base))
        named = [*scenarios, *(name for name in base.scenarios if every and name not in scenarios)]
        answers += [Side(f"{source}, {name}", question=ask(source, name, assignments)) for name in named]
    return answers


def compare(
    chosen: Sequence[Side],
    options: Options | None = None,
    progress: Callable[[Progress], None] | None = None,
    *,
    against_practice: bool = False,
    missing: list[Infeasible | NoPlanFound] | None = None,
) -> Comparison:
    """Answer what is not answered yet, and put all side by side; with the best plan that a rule of practice makes, if
    wanted.

    Parameters
    ----------
    chosen, options, progress
        What is compared, and as for ``plan``.
    against_practice
        Whether the best plan by a rule of practice stands beside each.
    missing
        Takes what is said of questions without a plan, while the others are compared; when left out, the first of them
        is the end.

    Raises
    ------
    Infeasible, NoPlanFound, NotVerified
        As for ``plan``; when there is no plan at all.
    """
    columns: list[tuple[str, Plan, str | None]] = []
    without: list[tuple[str, bool]] = []
    first: Infeasible | NoPlanFound | None = None
    for side in chosen:
        try:
            (plan,) = plans_of([side], options, progress)
        except (Infeasible, NoPlanFound) as none:
            if missing is None:
                raise
            if isinstance(none, Infeasible) and len(chosen) > 1:
                none.name = side.name
            missing.append(none)
            without.append((side.name, isinstance(none, Infeasible)))
            first = first or none
            continue
        columns.append((side.name, plan, None))
        if against_practice:
            columns += _by_rule(side.name, plan)
    if first is not None and not columns:
        raise first
    return replace(compared(columns), without=tuple(without))


def plans_of(
    chosen: Sequence[Side], options: Options | None = None, progress: Callable[[Progress], None] | None = None
) -> list[Plan]:
    """The plans that are there, and the answers to the questions that are not answered yet.

    Raises
    ------
    Infeasible, NoPlanFound, NotVerified
        As for ``plan``.
    """
    plans = []
    for side in chosen:
        if side.plan is not None:
            plans.append(side.plan)
        elif side.question is not None:
            try:
                plans.append(answer(side.question, options, progress))
            except Infeasible as none:
                raise Infeasible(
                    f"{side.name}: {none}", none.question, side.name if len(chosen) > 1 else "", file=none.file
                ) from none
            except NoPlanFound as none:
                raise NoPlanFound(f"{side.name}: {none}") from none
    return plans


def _by_rule(name: str, optimised: Plan) -> list[tuple[str, Plan, str | None]]:
    from stepladder.analysis.practice import best_by_rule
    from stepladder.optimise import Outcome
    from stepladder.solution import make_plan

    problem, by_rule = optimised.problem, best_by_rule(optimised.problem)
    if by_rule is None:
        return []
    # What is proved of every plan holds for this one too, and it is measured by the same wanted gap.
    value, by = by_rule.figures.objective(problem.objective), f"rule of practice: {by_rule.rule}"
    outcome = Outcome("feasible", by_rule.starts, value, optimised.objective.bound, by, wanted_gap=optimised.wanted_gap)
    return [(name, make_plan(problem, outcome, optimised.context), by_rule.rule)]
