"""From what was typed to a question, and from a question to a plan, with its progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from stepladder.cli import screen

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan
    from stepladder.data.question import Question
    from stepladder.optimise import Options, Progress


def ask(source: str, scenario: str | None, assignments: list[str] | None) -> Question:
    """The question that is meant: a file or the name of a shipped scenario, with what is laid over it."""
    from stepladder.workflow.asking import ask as read

    return read(source, scenario, assignments or ())


def ask_again(
    source: str, laid: tuple[str | None, list[str] | None], past: tuple[str | None, str | None, str | None]
) -> tuple[Question, Plan | None]:
    """The question that is meant: as ``ask`` reads it, or that of a plan as it stands now, and that plan.

    Parameters
    ----------
    source
        A scenario, a problem, or a plan.
    laid
        What is laid over a scenario: one of its named ones, and assignments.
    past
        Of a plan: a file of actuals, an assessment, the first open period.
    """
    from stepladder.workflow.reading import is_plan
    from stepladder.workflow.replan import as_asked, stands
    from stepladder.workflow.show import show

    if not is_plan(Path(source)):
        if any(past):
            options = "--actuals, --assessment and --as-of say what has happened to a plan"
            raise typer.BadParameter(f"{options}; {source} is none: give the plan's file")
        return ask(source, *laid), None
    if any(laid):
        raise typer.BadParameter(f"{source} is a plan already; --scenario and --set need a scenario file")
    published = show(source)
    standing = stands(published, *past)
    screen.notes(standing.notes)
    return as_asked(standing), published


def answered(question: Question, limits: dict[str, Any], *, progress: bool) -> Plan:
    """The plan that answers a question, within limits as ``Options`` takes them."""
    from stepladder.optimise import Options
    from stepladder.workflow.plan import answer

    if not progress:
        return answer(question, Options(**limits))
    with screen.Reporter() as report:
        return answer(question, Options(**limits), report)


def planned(source: str, scenario: str | None, assignments: list[str] | None, options: Options) -> Plan:
    """A plan from its file, verified, or the answer to a question."""
    from stepladder.workflow.plan import answer
    from stepladder.workflow.reading import is_plan
    from stepladder.workflow.show import show

    if is_plan(Path(source)):
        if scenario is not None or assignments:
            raise typer.BadParameter(f"{source} is a plan already; --scenario and --set need a scenario file")
        return show(source)
    question = ask(source, scenario, assignments)
    screen.changes(question.changes)
    with screen.Reporter() as report:
        return answer(question, options, report)


def variations(
    source: str,
    scenario: str | None,
    assignments: list[str] | None,
    options: Options,
    report: Callable[[Progress], None],
) -> list[Plan]:
    """The plans of a scenario file's other named scenarios, as far as there are any; none of a plan's file."""
    from stepladder.errors import Infeasible, NoPlanFound
    from stepladder.workflow.plan import answer
    from stepladder.workflow.reading import is_plan

    if is_plan(Path(source)):
        return []
    plans = []
    for name in ask(source, scenario, assignments).scenarios:
        if name != scenario:
            try:
                plans.append(answer(ask(source, name, assignments), options, report))
            except (Infeasible, NoPlanFound) as none:
                screen.note(f"scenario {name} is not counted: {none}")
    return plans


def counted(among: Sequence[str]) -> dict[str, list[Mapping[str, int]]]:
    """Start by step of the plans that are to be counted, by what they are to be called: single plans, those of a
    folder, the futures of a sweep.
    """
    from stepladder.cli.store import plans_in
    from stepladder.workflow.reading import existing, is_folder
    from stepladder.workflow.reading import plans_in as files_in
    from stepladder.workflow.show import show

    sources: dict[str, list[Mapping[str, int]]] = {}
    for name in among:
        path = Path(name)
        if is_folder(path):
            sources[f"plans in {path.name}"] = [show(str(plan)).starts for plan in files_in(path)]
        elif path.suffix != ".json":
            sources[f"futures in {path.name}"] = [*plans_in(existing(path))]
        else:
            sources.setdefault("other plans", []).append(show(name).starts)
    return sources
