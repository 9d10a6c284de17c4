"""``actuals``: the form to fill in after some months."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import Output, PlanFile


def actuals(
    source: PlanFile,
    as_of: Annotated[
        str | None,
        typer.Option(
            "--as-of",
            metavar="PERIOD",
            help="The first period that is still open: its label, or any of its days.",
            show_default="the one after the plan's first open period",
        ),
    ] = None,
    output: Output = None,
) -> None:
    """Write the form for what has happened since, to fill in for replan.

    Every step that was to begin by then, with what was planned of it; as it is written, all has gone as planned.
    """
    from stepladder.workflow.actuals import form

    if output is not None:
        files.prepare(output)
    text = form(source, as_of)
    if output is None:
        screen.answer(text)
        return
    files.write(output, text)
    screen.note(f"wrote {output}; correct what went otherwise, then: stepladder replan {source} --actuals {output}")
