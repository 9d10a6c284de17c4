"""``show``: a plan from its file, verified."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from stepladder.cli import screen
from stepladder.cli.options import Full, Json, PlanFile, Spoken, Width


def show(
    source: PlanFile,
    csv: Annotated[
        Literal["steps", "periods", "windows", "threats"] | None,
        typer.Option("--csv", help="Print one table as CSV instead of text.", show_default=False),
    ] = None,
    full: Full = False,
    locale: Spoken = None,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Verify a plan and show it."""
    from stepladder.workflow.show import show as verified

    plan = verified(source)
    if csv is not None:
        from stepladder.output import tables

        screen.answer(tables.csv(plan, csv))
    elif as_json:
        from stepladder.data.formats.plan import dump

        screen.answer(dump(plan))
    else:
        from stepladder.output.terminal import plan_text

        screen.answer(plan_text(plan, screen.style(width), full=full, locale=locale))
