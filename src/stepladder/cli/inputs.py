"""The commands about what goes in: a first scenario, whether an input is valid, the schemas of all formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.asking import ask
from stepladder.cli.options import Assignments, Input, Json, Scenario, Width


def init(
    case: Annotated[str, typer.Argument(metavar="[CASE]", help="first, or the name of a shipped scenario.")] = "first",
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


def check(source: Input, scenario: Scenario = None, assignments: Assignments = None, as_json: Json = False, width: Width = None) -> None:
    """Check the input before any search.

    Is it valid, how large is it, what can never be afforded? The exit code is 4 where this alone proves that no plan exists. --json
    prints the resolved problem.
    """
    if as_json:
        from stepladder.data import problem
        from stepladder.output.words import idle

        question = ask(source, scenario, assignments)
        screen.notes([*question.notes, *idle(question.problem, question.context.teams if question.context else {})])
        screen.answer(problem.dump(question.problem) + "\n")
        return
    from stepladder import workflow
    from stepladder.output.checked import check_text

    report = workflow.check(source, scenario, assignments or ())
    asked = report.question
    screen.changes(asked.changes)
    screen.answer(check_text(asked.problem, report.facts, asked.notes, asked.scenarios, screen.style(width)))
    if report.facts.hopeless:
        raise typer.Exit(4)


def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help="catalogue, scenario, profiles, problem, plan or actuals.", show_default=False)],
    catalogue: Annotated[
        str | None,
        typer.Option("--catalogue", metavar="NAME", help="Fill in the names of a catalogue, shipped or a file; of scenario and profiles.", show_default=False),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The schema is JSON in any case.", hidden=True)] = False,
) -> None:
    """Print the JSON Schema of a file format.

    Editors use it to complete and to check what you write; with --catalogue also practices, scales, levels, steps, roles and threat types.
    """
    from stepladder.workflow.schema import schema as text

    del as_json  # a schema is JSON in any case
    screen.answer(text(name, catalogue))
