"""``schema``: the JSON Schema of a file format."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.options import formats, shipped


def schema(
    name: Annotated[
        str,
        typer.Argument(
            metavar="NAME",
            help="catalogue, scenario, profiles, problem, plan, actuals or map.",
            show_default=False,
            autocompletion=formats,
        ),
    ],
    catalogue: Annotated[
        str | None,
        typer.Option(
            "--catalogue",
            metavar="NAME",
            help="Fill in the names of a catalogue, shipped or a file; of scenario and profiles.",
            show_default=False,
            autocompletion=shipped("models"),
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The schema is JSON in any case.", hidden=True)] = False,
) -> None:
    """Print the JSON Schema of a file format.

    Editors use it to complete and to check what you write; with --catalogue also practices, scales, levels, steps,
    roles and threat types.
    """
    from stepladder.workflow.schema import schema as text

    del as_json  # a schema is JSON in any case
    screen.answer(text(name, catalogue))
