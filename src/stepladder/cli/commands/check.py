"""``check``: is a file valid as what it is, and what is true of a question before any search."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.asking import ask
from stepladder.cli.options import Assignments, Json, Scenario, Width

Checked = Annotated[
    str,
    typer.Argument(
        metavar="INPUT", help="A file of any of our formats, or the name of a shipped scenario.", show_default=False
    ),
]


def check(
    source: Checked,
    scenario: Scenario = None,
    assignments: Assignments = None,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Check a file before any search, as what its format says that it is.

    Of a scenario or a problem: is it valid, how large is it, what can never be afforded? The exit code is 4 where this
    alone proves that no plan exists. --json prints the resolved problem. A catalogue, stored targets, a plan,
    actuals or a mapping of a tracker: is it valid? A plan is verified, too.
    """
    from stepladder.workflow.check import asks, said_format
    from stepladder.workflow.check import check as checked

    format_ = said_format(source)
    if not asks(source, format_, scenario, assignments or ()):
        _file(source, format_ or "", as_json=as_json, width=width)
        return
    if as_json:
        from stepladder.data.formats import problem
        from stepladder.wording.aimless import first_of_all
        from stepladder.wording.words import idle

        question = ask(source, scenario, assignments)
        first = first_of_all(question.problem)
        screen.notes(
            [*first, *question.notes, *idle(question.problem, question.context.teams if question.context else {})]
        )
        screen.answer(problem.dump(question.problem) + "\n")
        return
    from stepladder.output.checked import check_text

    report = checked(source, scenario, assignments or ())
    asked = report.question
    screen.changes(asked.changes)
    screen.answer(
        check_text(asked.problem, report.facts, asked.notes, asked.scenarios, screen.style(width), format_ or "")
    )
    if report.facts.hopeless:
        raise typer.Exit(4)


def _file(source: str, format_: str, *, as_json: bool, width: int | None) -> None:
    """What is no question."""
    from stepladder.output.checked_files import file_json, file_text
    from stepladder.workflow.check import check_file
    from stepladder.workflow.verify import rules

    report = check_file(source, format_)
    plan = format_.startswith("stepladder-plan/")
    if as_json:
        screen.answer(file_json(report.held, report.faults))
    else:
        screen.answer(file_text(report.held, rules() if plan else {}, report.faults, screen.style(width)))
    if report.faults:
        raise typer.Exit(6)
