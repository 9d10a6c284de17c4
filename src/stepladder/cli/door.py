"""The one door for questions without a plan: whichever command meets one, what clashes and what would help is said in the same way."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import typer
from typer.core import TyperCommand

from stepladder.cli import screen
from stepladder.errors import Infeasible

#: Seconds that an explanation may take at least, however little of a time limit is left.
LEAST = 1.0


class Explained(TyperCommand):
    """A command that says why there is no plan where it finds that there is none."""

    def invoke(self, ctx: Any) -> Any:
        """Run the command.

        Raises
        ------
        typer.Exit
            With the exit code of an impossible question, once that is explained.
        """
        begun = time.monotonic()
        try:
            return super().invoke(ctx)
        except Infeasible as none:
            if none.question is None:
                raise
            limit = ctx.params.get("time_limit")
            left = None if limit is None else max(LEAST, limit - (time.monotonic() - begun))
            machine = bool(ctx.params.get("as_json")) or ctx.params.get("output") == Path("-")
            explain(none, left, as_json=machine, width=ctx.params.get("width"))
            raise typer.Exit(Infeasible.exit_code) from None


def explain(none: Infeasible, time_limit: float | None, *, as_json: bool, width: int | None) -> None:
    """Say why a question has no plan, and what would help."""
    from stepladder.optimise import Options
    from stepladder.output.repairs import hint, repair_json, repair_text
    from stepladder.workflow.repair import repair

    held = repair(none.question, Options(time_limit=time_limit), hopeless=True)
    if none.name and not as_json:
        screen.answer(f"{none.name}:\n")
    screen.answer(repair_json(held) if as_json else repair_text(held, style=screen.style(width)))
    if hint(held):
        screen.note(hint(held))
