"""``template``: the workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import shipped


def template(
    name: Annotated[
        str,
        typer.Argument(
            metavar="CATALOGUE",
            help="A shipped maturity model, or the file of one.",
            autocompletion=shipped("models"),
        ),
    ] = "iot_smm",
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write it: .xlsx, or .csv.")
    ] = Path("assessment.xlsx"),
    systems: Annotated[
        list[str] | None,
        typer.Option(
            "--system", metavar="NAME", help="A line, product or site; several for several.", show_default=False
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a file that is there.")] = False,
) -> None:
    """Write a workbook to fill in: levels by drop-down, the frame of the plan, losses where they are known.

    Nobody has to write YAML: fill it in, save it, and import reads it back. A file whose name ends in .csv has the
    columns of the assessment alone.
    """
    from stepladder.workflow.template import USUAL
    from stepladder.workflow.template import template as workbook

    ending = output.suffix.casefold()
    if ending not in (".xlsx", ".csv"):
        raise typer.BadParameter(f"-o {output}: a name that ends in .xlsx or .csv is wanted")
    files.prepare(output, force=force)
    data = workbook(name, systems or (), csv=ending == ".csv")
    files.write(output, data)
    # A workbook says its model and its first day.
    model = f" --catalogue {name}" if name != USUAL else ""
    beside = f"{model} --start 2027-01-01" if ending == ".csv" else ""
    screen.note(f"wrote {output}; fill it in, then: stepladder import {output}{beside} -o scenario.yaml")
