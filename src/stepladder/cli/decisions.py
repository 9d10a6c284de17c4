"""The commands with which people decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.asking import answered, ask
from stepladder.cli.options import Assignments, Effort, Gap, Json, Scenario, TimeLimit, Width


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
        made = answered(ask(source, scenario, assignments), {"time_limit": time_limit}, progress=True)
    first = next_step(made).beginning
    screen.answer(next_json(first) if as_json else next_text(first, screen.style(width)))


def compare(
    sources: Annotated[list[str], typer.Argument(metavar="INPUT...", help="Plans, scenarios, problems, or names of shipped scenarios.", show_default=False)],
    scenarios: Annotated[
        list[str] | None, typer.Option("--scenario", metavar="NAME", help="Compare with this named scenario of the file; may be repeated.", show_default=False)
    ] = None,
    every: Annotated[bool, typer.Option("--all", help="Compare with all named scenarios of the file.")] = False,
    assignments: Assignments = None,
    against_practice: Annotated[bool, typer.Option("--against-practice", help="Add the best plan that a rule of practice makes.")] = False,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    effort: Effort = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one row of CSV for each plan.")] = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Put plans and scenarios side by side.

    What is not planned yet is planned first. The first one is what the others are compared with.
    """
    from stepladder.optimise import Options
    from stepladder.output.compared import compare_csv, compare_json, compare_text
    from stepladder.workflow.compare import compare as compared
    from stepladder.workflow.compare import sides

    chosen = sides(sources, scenarios or (), assignments or (), every=every)
    with screen.Reporter() as report:
        held = compared(chosen, Options(gap=gap, time_limit=time_limit, effort=effort), report, against_practice=against_practice)
    screen.answer(compare_json(held) if as_json else compare_csv(held) if as_csv else compare_text(held, screen.style(width)))


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The plan as it was.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The plan as it is now.", show_default=False)],
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say what differs between two plans, and why.

    Both are verified first.
    """
    from stepladder.output.differences import diff_json, diff_markdown, diff_text
    from stepladder.workflow.diff import diff as differing

    held = differing(before, after)
    screen.answer(diff_json(held) if as_json else diff_markdown(held) if markdown else diff_text(held, screen.style(width)))
