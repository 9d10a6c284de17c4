"""``report``: one page about a plan."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal

import typer

if TYPE_CHECKING:
    from stepladder.workflow.report import Shape
from stepladder.cli.pages import Locale, Plans, Sweep, Written, asked, put


def report(
    sources: Plans,
    output: Written,
    sweep: Sweep = None,
    locale: Locale = "en",
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
    put(output, lambda: written(asked(sources, sweep, locale), chosen), f"report ({chosen})")
