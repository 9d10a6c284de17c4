"""``plan``: from a question to a verified roadmap."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from stepladder.cli import files, screen
from stepladder.cli.asking import answered, ask
from stepladder.cli.options import (
    Assignments,
    Close,
    Enough,
    Full,
    Input,
    Json,
    Keep,
    Output,
    Scenario,
    Spoken,
    Threads,
    TimeLimit,
    Width,
)


def _named(text: str) -> str:
    from stepladder.data.identity import is_id, roadmap_id

    if is_id(text):
        return text
    raise typer.BadParameter(
        f"{text!r} has other than small letters, digits, - and _, or over 40; write {roadmap_id(text)}"
    )


Name = Annotated[
    str | None,
    typer.Option(
        "--id",
        metavar="ID",
        parser=_named,
        help="Which roadmap this is, in trackers and project tools.",
        show_default="the file's name",
    ),
]


def _stopping(gap: float | None, time_limit: float | None, work: int | None, solver: str) -> dict[str, Any]:
    """When the search stops; CBC does not say how much it has worked."""
    from stepladder.optimise import stopping

    if work is not None and solver == "cbc":
        raise typer.BadParameter(
            "CBC does not say how much it has worked; use --solver highs, or --time-limit", param_hint="--work"
        )
    closely, seconds, units = stopping(gap, time_limit, work)
    return {"gap": closely, "time_limit": seconds, "work": None if solver == "cbc" else units}


def plan(
    source: Input,
    scenario: Scenario = None,
    assignments: Assignments = None,
    output: Output = None,
    name: Name = None,
    gap: Close = None,
    time_limit: TimeLimit = None,
    work: Enough = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Seed of the solver.")] = 0,
    threads: Threads = 2,
    solver: Annotated[Literal["highs", "cbc"], typer.Option("--solver", help="The solver.")] = "highs",
    keep: Keep = None,
    full: Full = False,
    locale: Spoken = None,
    as_json: Json = False,
    progress: Annotated[bool, typer.Option("--progress/--no-progress", help="Show how far the search is.")] = True,
    width: Width = None,
) -> None:
    """Find the best roadmap, verified and with a proof.

    Ctrl-C ends the search with the best plan so far.
    """
    from stepladder.data.formats.plan import dump
    from stepladder.output.terminal import plan_text
    from stepladder.wording.aimless import first_of_all
    from stepladder.workflow.robust import wanted

    stopping = _stopping(gap, time_limit, work, solver)
    question = ask(source, scenario, assignments)
    if name is not None:
        question = replace(question, id=name)
    question = wanted(question, keep)
    screen.changes(question.changes)
    if as_json or output == Path("-"):
        # The plan as text begins with it.
        screen.notes(first_of_all(question.problem))
    to_stdout = output == Path("-")
    if output is not None and not to_stdout:
        files.prepare(output, plan=True)
    limits = stopping | {"seed": seed, "threads": threads, "solver": solver}
    answer = answered(question, limits, progress=progress)
    if output is not None and not to_stdout:
        files.write(output, dump(answer))
    words = "" if as_json or to_stdout else plan_text(answer, screen.style(width), full=full, locale=locale)
    screen.answer(words or dump(answer))
    if output is not None and not to_stdout:
        screen.note(f"wrote {output}; what to do first: stepladder next {output}")
