"""``next``: what to do first, why, and what it costs to wait."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.asking import counted, planned, variations
from stepladder.cli.options import Assignments, Decided, Gap, Json, Scenario, TimeLimit, Width, Work

#: The gap of plans of which it only counts how they begin.
ROUGHLY = 0.01


def next_(
    source: Decided,
    scenario: Scenario = None,
    assignments: Assignments = None,
    among: Annotated[
        list[str] | None,
        typer.Option(
            "--among",
            metavar="PLANS",
            help="Count these too: a plan, a folder of plans, a sweep's file; may be repeated.",
            show_default=False,
        ),
    ] = None,
    quick: Annotated[
        bool, typer.Option("--quick", help="Leave out what takes solving again: prices, other ways, other scenarios.")
    ] = False,
    gap: Gap = "0.1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    work: Work = 2,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say what to do first, why, and what it costs to wait.

    Of a scenario file, the named scenarios are planned too, and it is counted how many of them begin with the same
    steps.
    """
    from stepladder.analysis.first_steps import unpriced
    from stepladder.optimise import Options
    from stepladder.output.advice import next_json, next_text
    from stepladder.workflow.next import nudge

    limits = Options(gap=gap, time_limit=time_limit, work=work).together()
    others = {} if quick else counted(among or ())
    plan = planned(source, scenario, assignments, limits)
    if quick:
        answer = unpriced(plan)
    else:
        with screen.Reporter() as report:
            # Of these it only counts how they begin.
            roughly = replace(limits, gap=max(gap, ROUGHLY))
            named = [other.starts for other in variations(source, scenario, assignments, roughly, report)]
        answer = nudge(plan, limits, others | ({"named scenarios": named} if named else {}))
    screen.answer(next_json(answer) if as_json else next_text(answer, screen.style(width)))
