"""``compare``: plans and scenarios side by side."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import door, screen
from stepladder.cli.options import Assignments, Every, Gap, Json, Named, Several, TimeLimit, Width, Work
from stepladder.errors import Infeasible, NoPlanFound


def compare(
    sources: Several,
    scenarios: Named = None,
    every: Every = False,
    assignments: Assignments = None,
    against_practice: Annotated[
        bool, typer.Option("--against-practice", help="Add the best plan that a rule of practice makes.")
    ] = False,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    work: Work = None,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print one row of CSV for each plan.")] = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Put plans and scenarios side by side.

    What is not planned yet is planned first. The first one is what the others are compared with. Of a question without
    a plan it is said why; the exit code is then 4.
    """
    from stepladder.optimise import Options
    from stepladder.output.compared import compare_csv, compare_json, compare_text
    from stepladder.workflow.compare import compare as compared
    from stepladder.workflow.compare import sides

    chosen = sides(sources, scenarios or (), assignments or (), every=every)
    missing: list[Infeasible | NoPlanFound] = []
    with screen.Reporter() as report, door.several(missing):
        comparison = compared(
            chosen,
            Options(gap=gap, time_limit=time_limit, work=work).together(),
            report,
            against_practice=against_practice,
            missing=missing,
        )
    if len(missing) < len(chosen):
        screen.answer(
            compare_json(comparison)
            if as_json
            else compare_csv(comparison)
            if as_csv
            else compare_text(comparison, screen.style(width))
        )
    door.beside(missing, time_limit, machine=as_json or as_csv, width=width)
