"""The commands. Each one parses, calls the workflow, writes, and ends with an exit code.

0 done, and any plan shown is verified · 1 unexpected failure · 2 wrong usage · 3 invalid input · 4 infeasible ·
5 stopped before any plan was found · 6 a plan failed verification · 130 stopped by Ctrl-C. Heavy imports wait until a command needs them.
"""

from __future__ import annotations

import gc
import json
import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from stepladder.cli import files, screen
from stepladder.cli.guard import INTERRUPTED, Guarded
from stepladder.cli.options import Assignments, Effort, Gap, Input, Json, Output, PlanFile, Scenario, Threads, TimeLimit, Width

if TYPE_CHECKING:
    from stepladder.data.load import Question
    from stepladder.data.plan import Plan

app = typer.Typer(cls=Guarded, rich_markup_mode=None, pretty_exceptions_enable=False, add_completion=False, no_args_is_help=True)


def run() -> None:
    """Entry point of the program."""
    # Short commands make many small objects and end: looking for cycles among them costs a tenth of their time.
    gc.set_threshold(50_000, 20, 20)
    # Looking through every installed package for plugins costs as much, and nobody else's plugin is to change what we read.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # A terminal that cannot show a character shows a question mark, not a traceback.
            stream.reconfigure(errors="replace")
    try:
        app(prog_name="stepladder")
    except SystemExit as end:
        if end.code != INTERRUPTED:
            raise
        # Interrupted twice: a solver may still be at work in another thread, and Python would wait for it or, worse, abort.
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(INTERRUPTED)


def _version(wanted: bool) -> None:
    if wanted:
        from stepladder import __version__

        screen.answer(f"stepladder {__version__}\n")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error arose.")] = False,
) -> None:
    """From an IoT security maturity assessment to an optimal, affordable, verified roadmap."""


@app.command()
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


@app.command()
def check(source: Input, scenario: Scenario = None, assignments: Assignments = None, as_json: Json = False, width: Width = None) -> None:
    """Check the input before any search.

    Is it valid, how large is it, what can never be afforded? The exit code is 4 where this alone proves that no plan exists. --json
    prints the resolved problem.
    """
    if as_json:
        from stepladder.data import problem

        question = _ask(source, scenario, assignments)
        screen.notes(question.notes)
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


@app.command()
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
    question = _ask(source, scenario, assignments)
    screen.changes(question.changes)
    to_stdout = output == Path("-")
    if output is not None and not to_stdout:
        files.prepare(output)
    limits = {"gap": gap, "time_limit": time_limit, "effort": effort, "seed": seed, "threads": threads, "solver": solver}
    made = _answer(question, limits, progress=progress)
    if output is not None and not to_stdout:
        files.write(output, dump(made))
    screen.answer(dump(made) if as_json or to_stdout else plan_text(made, screen.style(width)))
    if output is not None and not to_stdout:
        screen.note(f"wrote {output}; what to do first: stepladder next {output}")


def _ask(source: str, scenario: str | None, assignments: list[str] | None) -> Question:
    from stepladder.workflow.plan import ask

    return ask(source, scenario, assignments or ())


def _answer(question: Question, limits: dict[str, Any], *, progress: bool) -> Plan:
    from stepladder.optimise import Options
    from stepladder.workflow.plan import answer

    if not progress:
        return answer(question, Options(**limits))
    with screen.Reporter() as report:
        return answer(question, Options(**limits), report)


@app.command()
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


@app.command()
def verify(source: PlanFile, as_json: Json = False, width: Width = None) -> None:
    """Check every rule and every figure of a plan.

    No solver is used. The exit code is 6 when a rule is broken.
    """
    from stepladder.output.verified import verify_json, verify_text
    from stepladder.workflow.verify import rules
    from stepladder.workflow.verify import verify as checked

    made, faults = checked(source)
    screen.answer(verify_json(rules(), faults) if as_json else verify_text(made, rules(), faults, screen.style(width)))
    if faults:
        raise typer.Exit(6)


@app.command(name="next")
def next_(
    source: Annotated[str, typer.Argument(metavar="INPUT", help="A plan, or a scenario or problem that is planned first.", show_default=False)],
    scenario: Scenario = None,
    assignments: Assignments = None,
    time_limit: TimeLimit = None,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say what to do first, and why."""
    from stepladder.output.advice import next_json, next_text
    from stepladder.workflow.next import next_step
    from stepladder.workflow.reading import is_plan

    if is_plan(Path(source)):
        from stepladder.workflow.show import show as verified

        if scenario is not None or assignments:
            raise typer.BadParameter(f"{source} is a plan already; --scenario and --set need a scenario file")
        made = verified(source)
    else:
        made = _answer(_ask(source, scenario, assignments), {"time_limit": time_limit}, progress=True)
    first = next_step(made).beginning
    screen.answer(next_json(first) if as_json else next_text(first, screen.style(width)))


@app.command()
def schema(
    name: Annotated[str, typer.Argument(metavar="NAME", help="catalogue, scenario, profiles, problem or plan.", show_default=False)],
    as_json: Annotated[bool, typer.Option("--json", help="The schema is JSON in any case.", hidden=True)] = False,
) -> None:
    """Print the JSON Schema of a file format.

    Editors use it to complete and to check what you write.
    """
    from stepladder.workflow.schema import schema as text

    del as_json  # a schema is JSON in any case
    screen.answer(text(name))
