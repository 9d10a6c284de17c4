"""``report``: one page about a plan."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from stepladder.workflow.report import Shape
from stepladder.cli.options import less as part_less
from stepladder.cli.pages import Locale, Plans, Sweep, Written, asked, put


def report(
    sources: Plans,
    output: Written,
    sweep: Sweep = None,
    less: Annotated[
        float | None,
        typer.Option(
            "--less",
            metavar="PART",
            parser=part_less,
            help="Say what so much less money would mean, such as 20%; takes seconds.",
            show_default=False,
        ),
    ] = None,
    locale: Locale = "en",
    paper: Annotated[
        Literal["A4", "Letter"] | None,
        typer.Option("--paper", help="Of a PDF: the paper.", show_default="by the locale, else A4"),
    ] = None,
    shape: Annotated[
        Literal["html", "pdf", "md"] | None,
        typer.Option("--format", help="Which form.", show_default="by the file's name, else html"),
    ] = None,
) -> None:
    """Write one page about a plan for those who do not run commands.

    The page needs no network and prints well. With a folder of plans that frontier -o wrote, it has a slider over
    budgets. All plans are verified first.
    """
    from stepladder.workflow.report import SHAPES
    from stepladder.workflow.report import report as written

    by_name: Shape = next((shape for shape in SHAPES if output.suffix == f".{shape}"), "html")
    chosen = shape or by_name
    put(
        output,
        lambda: written(replace(asked(sources, sweep, locale), less=less, paper=paper), chosen),
        f"report ({chosen})",
    )
