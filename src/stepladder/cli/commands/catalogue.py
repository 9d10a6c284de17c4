"""``catalogue``: maturity models, and what is in one."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.options import Json, Width, shipped


def catalogue(
    name: Annotated[
        str | None,
        typer.Argument(
            metavar="NAME",
            help="A shipped catalogue or a file; the list of the shipped ones when left out.",
            autocompletion=shipped("models"),
        ),
    ] = None,
    as_csv: Annotated[
        bool, typer.Option("--csv", help="Print one row of CSV for each step, with its default cost.")
    ] = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Show a maturity model: the ids that a scenario writes, and what they mean.

    Practices by group, scales and levels, roles of the effort, threat types, default costs, prerequisites and target
    profiles. The file is checked first.
    """
    from stepladder.workflow.catalogue import catalogue as read
    from stepladder.workflow.catalogue import catalogues

    models = catalogues() if name is None else [read(name)]
    if as_json or as_csv:
        from stepladder.output.model_data import model_csv, model_json, models_csv, models_json

        if name is None:
            screen.answer(models_json(models) if as_json else models_csv(models))
        else:
            screen.answer(model_json(models[0]) if as_json else model_csv(models[0]))
        return
    from stepladder.output.models import model_text, models_text

    screen.answer(
        models_text(models, screen.style(width)) if name is None else model_text(models[0], screen.style(width))
    )
