"""``import``: from a filled sheet to a scenario."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import Output


def import_(
    source: Annotated[
        str,
        typer.Argument(metavar="FILE", help="A workbook of template, or CSV with its columns.", show_default=False),
    ],
    output: Output = None,
    catalogue: Annotated[
        str | None,
        typer.Option(
            "--catalogue", metavar="NAME", help="The maturity model.", show_default="what the workbook says, or iot_smm"
        ),
    ] = None,
    start: Annotated[
        str | None,
        typer.Option("--start", metavar="DAY", help="The first day, where the file has none.", show_default=False),
    ] = None,
    years: Annotated[
        float | None,
        typer.Option("--years", min=0.1, max=100, help="Years that are planned, likewise.", show_default=False),
    ] = None,
    money: Annotated[
        float | None,
        typer.Option("--money", min=0, help="What may be spent in a year, likewise.", show_default=False),
    ] = None,
) -> None:
    """Read an assessment that somebody has filled in, and write a scenario.

    Everything that is wrong is said at once, with its cell and what would do; what had to be assumed is said too.
    """
    from stepladder.workflow.intake import intake

    read = intake(source, catalogue, start=start, years=years, money=money)
    screen.notes(read.notes)
    if output is None:
        screen.answer(read.text)
        return
    files.prepare(output)
    files.write(output, read.text)
    screen.note(f"wrote {output}; next: stepladder check {output}, then: stepladder plan {output}")
