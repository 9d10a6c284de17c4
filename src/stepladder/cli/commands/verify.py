"""``verify``: every rule and every figure of a plan."""

from __future__ import annotations

import typer

from stepladder.cli import screen
from stepladder.cli.options import Json, PlanFile, Width


def verify(source: PlanFile, as_json: Json = False, width: Width = None) -> None:
    """Check every rule and every figure of a plan.

    No solver is used. The exit code is 6 when a rule is broken.
    """
    from stepladder.output.verified import notes_on, verify_json, verify_text
    from stepladder.workflow.verify import rules
    from stepladder.workflow.verify import verify as checked

    plan, faults = checked(source)
    screen.answer(
        verify_json(rules(), faults, notes_on(plan))
        if as_json
        else verify_text(plan, rules(), faults, screen.style(width))
    )
    if faults:
        raise typer.Exit(6)
