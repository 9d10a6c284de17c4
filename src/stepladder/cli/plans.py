"""The commands about one plan: make it, show it, check it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from stepladder.cli import files, screen
from stepladder.cli.asking import answered, ask
from stepladder.cli.options import Assignments, Effort, Gap, Input, Json, Output, PlanFile, Scenario, Threads, TimeLimit, Width


def plan(
    source: Input,
    scenario: Scenario = None,
    assignments: Assignments = None,
    output: Output = None,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    effort: Effort = None,
    seed: Annotated[int, typer.Option("--seed", min=0, max=2**31 - 1, help="Seed of the solver.")] = 0,
    threads: Threads = 2,
    solver: Annotated[Literal["highs", "cbc"], typer.Option("--solver", help="The solver.")] = "highs",
    as_json: Json = False,
    progress: Annotated[bool, typer.Option("--progress/--no-progress", help="Show how far the search is.")] = True,
    width: Width = None,
) -> None:
    """Find the best roadmap, verified and with a proof.

    Ctrl-C ends the search with the best plan so far.
    """
    from stepladder.data.plan import dump
    from stepladder.output.terminal import plan_text

    if effort is not None and solver == "cbc":
        raise typer.BadParameter("CBC does not say how much it has worked; use --solver highs, or --time-limit", param_hint="--effort")
    question = ask(source, scenario, assignments)
    screen.changes(question.changes)
    to_stdout = output == Path("-")
    if output is not None and not to_stdout:
        files.prepare(output)
    limits = {"gap": gap, "time_limit": time_limit, "effort": effort, "seed": seed, "threads": threads, "solver": solver}
    made = answered(question, limits, progress=progress)
    if output is not None and not to_stdout:
        files.write(output, dump(made))
    screen.answer(dump(made) if as_json or to_stdout else plan_text(made, screen.style(width)))
    if output is not None and not to_stdout:
        screen.note(f"wrote {output}; what to do first: stepladder next {output}")


def show(
    source: PlanFile,
    csv: Annotated[
        Literal["steps", "periods", "windows", "threats"] | None, typer.Option("--csv", help="Print one table as CSV instead of text.", show_default=False)
    ] = None,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Verify a plan and show it."""
    from stepladder.workflow.show import show as verified

    made = verified(source)
    if csv is not None:
        from stepladder.output import tables

        screen.answer(tables.csv(made, csv))
    elif as_json:
        from stepladder.data.plan import dump

        screen.answer(dump(made))
    else:
        from stepladder.output.terminal import plan_text

        screen.answer(plan_text(made, screen.style(width)))


def verify(source: PlanFile, as_json: Json = False, width: Width = None) -> None:
    """Check every rule and every figure of a plan.

    No solver is used. The exit code is 6 when a rule is broken.
    """
    from stepladder.output.verified import notes_on, verify_json, verify_text
    from stepladder.workflow.verify import rules
    from stepladder.workflow.verify import verify as checked

    made, faults = checked(source)
    screen.answer(verify_json(rules(), faults, notes_on(made)) if as_json else verify_text(made, rules(), faults, screen.style(width)))
    if faults:
        raise typer.Exit(6)
