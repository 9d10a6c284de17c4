"""The commands with which people decide."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.asking import answered, ask
from stepladder.cli.options import Assignments, Json, Scenario, TimeLimit, Width


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
