"""``plot``: one chart of the report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from stepladder.cli import screen
from stepladder.cli.pages import Locale, Plans, Sweep, Written, asked, put


def plot(
    sources: Plans,
    output: Written,
    chart: Annotated[
        str,
        typer.Option(
            "--chart",
            metavar="NAME",
            help="years, roadmap, money, effort, loss, threats, exceedance, maturity, needs, frontier, compared or"
            " history.",
        ),
    ],
    sweep: Sweep = None,
    locale: Locale = "en",
) -> None:
    """Draw one chart of the report for a slide: SVG, or PNG by the file's name.

    The chart history takes the versions of one roadmap, or the folders that hold them.
    """
    if output.suffix not in (".svg", ".png") and output != Path("-"):
        raise typer.BadParameter(f"{output} is no name of a picture; let it end in .svg or .png", param_hint="--output")
    picture: Literal["svg", "png"] = "png" if output.suffix == ".png" else "svg"
    put(output, lambda: _drawn(sources, chart, picture, sweep, locale), chart)


def _drawn(sources: list[str], chart: str, picture: Literal["svg", "png"], sweep: Path | None, locale: str) -> bytes:
    from stepladder.workflow import history, report

    if chart != "history" or sweep is not None:
        return report.plot(asked(sources, sweep, locale), chart, picture)
    versions = history.history(sources)
    screen.notes(versions.notes)
    return history.plot(versions, picture, locale)
