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
    output: Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write the workbook.")] = Path(
        "assessment.xlsx"
    ),
) -> None:
    """Write a workbook to fill in: levels by drop-down, the frame of the plan, losses where they are known.

    Nobody has to write YAML: fill it in, save it, and import reads it back.
    """
    from stepladder.workflow.template import template as workbook

    data = workbook(name)
    files.prepare(output)
    files.write(output, data)
    screen.note(f"wrote {output}; fill it in, then: stepladder import {output} -o scenario.yaml")
