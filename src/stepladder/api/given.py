"""From what a program gives to what is meant: a question is a path, a mapping or a record; a plan is one of these,
or an answer that holds one.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeGuard, cast

from stepladder.answers import Answer
from stepladder.data.demand import demands_of
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.problem import Problem
from stepladder.data.load import load_plan, load_problem
from stepladder.data.question import Question
from stepladder.errors import NotVerified, UsageError
from stepladder.workflow.asking import ask, ask_of
from stepladder.workflow.plan import answer
from stepladder.workflow.reading import existing, is_plan

if TYPE_CHECKING:
    from stepladder.optimise import Options
    from stepladder.workflow.compare import Side

#: A question: where it stands, what would stand there, or what it was read to.
Source = str | Path | Mapping[str, Any] | Problem | Question
#: A plan, likewise.
Planned = str | Path | Mapping[str, Any] | Plan | Answer[Any]
GAP = 0.01


def question_of(source: Source, scenario: str | None = None, assignments: Sequence[str] = ()) -> Question:
    """The question that is meant.

    Raises
    ------
    InvalidInput
        With everything that is wrong in it; a mapping is called *the mapping* there.
    UsageError
        When a problem in plain numbers is asked for a named scenario.
    """
    if isinstance(source, str | Path):
        return ask(source, scenario, assignments)
    if isinstance(source, Mapping) and not str(source.get("format", "")).startswith("stepladder-problem/"):
        return ask_of(json.dumps(source, default=str), "the mapping", scenario, assignments)
    if scenario is not None or assignments:
        raise UsageError(
            "a problem in plain numbers has no named scenarios and no paths to lay values over; give a scenario"
        )
    if isinstance(source, Question):
        return source
    problem = (
        source if isinstance(source, Problem) else load_problem(Path("the mapping"), json.dumps(source, default=str))
    )
    return Question(problem, demands=tuple(demands_of(problem)))


def read(source: Planned) -> Plan:
    """The plan that is meant, as it is given."""
    if isinstance(source, str | Path):
        return load_plan(existing(source))
    if isinstance(source, Mapping):
        return load_plan(Path("the mapping"), json.dumps(source, default=str))
    record = source.record if isinstance(source, Answer) else source
    return record if isinstance(record, Plan) else record.plan


def plan_of(source: Planned) -> Plan:
    """A verified plan; whoever made it, it is looked at here."""
    from stepladder.solution.verify import verify as faults_of

    plan = read(source)
    faults = faults_of(plan)
    if faults:
        raise NotVerified(faults)
    return plan


def decided(source: Source | Planned, options: Options) -> Plan:
    """A plan; a question is planned first."""
    return plan_of(source) if _planned(source) else answer(question_of(cast("Source", source)), options)


def _planned(source: Source | Planned) -> TypeGuard[Planned]:
    if isinstance(source, str | Path):
        return is_plan(Path(source))
    return isinstance(source, Plan | Answer) or (
        isinstance(source, Mapping) and str(source.get("format", "")).startswith("stepladder-plan/")
    )


def side_of(number: int, source: Source | Planned) -> Side:
    """One of several, by its file's name or its number."""
    from stepladder.workflow.compare import Side

    name = Path(source).stem if isinstance(source, str | Path) else str(number)
    return Side(name, plan_of(source)) if _planned(source) else Side(name, question=question_of(cast("Source", source)))


def options(gap: float, time_limit: float | None, work: int | None, seed: int = 0) -> Options:
    """How hard to try."""
    from stepladder.optimise import Options

    return Options(gap=gap, time_limit=time_limit, work=work, seed=seed)


def plan_options(gap: float | None, time_limit: float | None, work: int | None, seed: int = 0) -> Options:
    """The same, where all of it may be left out."""
    from stepladder.optimise import stopping

    return options(*stopping(gap, time_limit, work), seed)


def answer_of(plan: Plan) -> Answer[Plan]:
    """A plan as an answer."""
    from stepladder.output.tables import TABLES, table
    from stepladder.output.terminal import plan_text

    return Answer(
        plan, lambda: plan_text(plan), lambda: dump(plan), {name: partial(table, plan, name) for name in TABLES}
    )
