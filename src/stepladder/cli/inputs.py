"""The commands about what goes in: a first scenario, whether an input is valid, the schemas of all formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.asking import ask
from stepladder.cli.options import Assignments, Json, Scenario, Width, formats, shipped

Checked = Annotated[str, typer.Argument(metavar="INPUT", help="A file of any of our formats, or the name of a shipped scenario.", show_default=False)]


def init(
    case: Annotated[str, typer.Argument(metavar="[CASE]", help="first, or the name of a shipped scenario.", autocompletion=shipped("scenarios"))] = "first",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; CASE.yaml when left out, - for stdout.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write a commented first scenario to start from."""
    from stepladder import workflow

    text = workflow.init(case)
    if output == Path("-"):
        screen.answer(text)
        return
    path = output or Path(f"{case}.yaml")
    files.prepare(path, force=force)
    files.write(path, text)
    following = [f"stepladder check {path}", f"stepladder plan {path} -o plan.json", "stepladder next plan.json"]
    if as_json:
        screen.answer(json.dumps({"written": str(path), "case": case, "next": following}, indent=1) + "\n")
        return
    screen.answer(f"Wrote {path}. Put in your own levels, costs and losses, then:\n" + "".join(f"  {line}\n" for line in following))


def check(source: Checked, scenario: Scenario = None, assignments: Assignments = None, as_json: Json = False, width: Width = None) -> None:
    """Check a file before any search, as what its format says that it is.

    Of a scenario or a problem: is it valid, how large is it, what can never be afforded? The exit code is 4 where this alone proves that no plan
    exists. --json prints the resolved problem. A catalogue, stored targets, a plan or actuals: is it valid? A plan is verified, too.
    """
    from stepladder.workflow.check import asks, said_format
    from stepladder.workflow.check import check as checked

    said = said_format(source)
    if not asks(source, said, scenario, assignments or ()):
        _file(source, said or "", as_json=as_json, width=width)
        return
    if as_json:
        from stepladder.data import problem
        from stepladder.output.words import idle

        question = ask(source, scenario, assignments)
        screen.notes([*question.notes, *idle(question.problem, question.context.teams if question.context else {})])
        screen.answer(problem.dump(question.problem) + "\n")
        return
    from stepladder.output.checked import check_text

    report = checked(source, scenario, assignments or ())
    asked = report.question
    screen.changes(asked.changes)
    screen.answer(check_text(asked.problem, report.facts, asked.notes, asked.scenarios, screen.style(width), said or ""))
    if report.facts.hopeless:
        raise typer.Exit(4)


def _file(source: str, said: str, *, as_json: bool, width: int | None) -> None:
    """What is no question."""
    from stepladder.output.checked_files import file_json, file_text
    from stepladder.workflow.check import check_file
    from stepladder.workflow.verify import rules

    report = check_file(source, said)
    plan = said.startswith("stepladder-plan/")
    if as_json:
        screen.answer(file_json(report.held, report.faults))
    else:
        screen.answer(file_text(report.held, rules() if plan else {}, report.faults, screen.style(width)))
    if report.faults:
        raise typer.Exit(6)


def schema(
    name: Annotated[
        str,
        typer.Argument(metavar="NAME", help="catalogue, scenario, profiles, problem, plan or actuals.", show_default=False, autocompletion=formats),
    ],
    catalogue: Annotated[
        str | None,
        typer.Option(
            "--catalogue",
            metavar="NAME",
            help="Fill in the names of a catalogue, shipped or a file; of scenario and profiles.",
            show_default=False,
            autocompletion=shipped("models"),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The schema is JSON in any case.", hidden=True)] = False,
) -> None:
    """Print the JSON Schema of a file format.

    Editors use it to complete and to check what you write; with --catalogue also practices, scales, levels, steps, roles and threat types.
    """
    from stepladder.workflow.schema import schema as text

    del as_json  # a schema is JSON in any case
    screen.answer(text(name, catalogue))
