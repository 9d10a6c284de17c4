"""``plot``: one chart of the report."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    pass
from stepladder.cli.pages import Locale, Plans, Sweep, Written, asked, put


def plot(
    sources: Plans,
    output: Written,
    chart: Annotated[
        str,
        typer.Option(
            "--chart",
            metavar="NAME",
            help="roadmap, money, effort, loss, threats, exceedance, maturity, needs, frontier or compared.",
        ),
    ],
    sweep: Sweep = None,
    locale: Locale = "en",
) -> None:
    """Draw one chart of the report for a slide: SVG, or PNG by the file's name."""
    from stepladder.workflow.report import plot as drawn

    if output.suffix not in (".svg", ".png") and output != Path("-"):
        raise typer.BadParameter(f"{output} is no name of a picture; let it end in .svg or .png", param_hint="--output")
    put(output, lambda: drawn(asked(sources, sweep, locale), chart, "png" if output.suffix == ".png" else "svg"), chart)
