"""The commands whose results people look at."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from stepladder.cli import files, screen
from stepladder.errors import UsageError

if TYPE_CHECKING:
    from stepladder.data.plan import Plan
    from stepladder.workflow.report import Asked, Shape

Plans = Annotated[
    list[str], typer.Argument(metavar="PLAN...", help="The plan; then others to compare it with, or folders that frontier -o wrote.", show_default=False)
]
Sweep = Annotated[Path | None, typer.Option("--sweep", metavar="FILE", help="A sweep of this plan, for what a year may cost.", show_default=False)]
Locale = Annotated[str, typer.Option("--locale", metavar="NAME", help="How numbers, money and dates are written: en, en_GB, de, fr_CH and so on.")]
Written = Annotated[Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - for stdout.", show_default=False)]


def report(
    sources: Plans,
    output: Written,
    sweep: Sweep = None,
    locale: Locale = "en",
    shape: Annotated[Literal["html", "pdf", "md"] | None, typer.Option("--format", help="Which form.", show_default="by the file's name, else html")] = None,
) -> None:
    """Write one page about a plan for those who do not run commands.

    The page needs no network and prints well. With a folder of plans that frontier -o wrote, it has a slider over budgets. All plans are verified
    first.
    """
    from stepladder.workflow.report import SHAPES
    from stepladder.workflow.report import report as written

    by_name: Shape = next((held for held in SHAPES if output.suffix == f".{held}"), "html")
    chosen = shape or by_name
    _put(output, lambda: written(_asked(sources, sweep, locale), chosen), f"report ({chosen})")


def plot(
    sources: Plans,
    output: Written,
    chart: Annotated[
        str, typer.Option("--chart", metavar="NAME", help="roadmap, money, effort, loss, threats, exceedance, maturity, needs, frontier or compared.")
    ],
    sweep: Sweep = None,
    locale: Locale = "en",
) -> None:
    """Draw one chart of the report for a slide: SVG, or PNG by the file's name."""
    from stepladder.workflow.report import plot as drawn

    if output.suffix not in (".svg", ".png") and output != Path("-"):
        raise typer.BadParameter(f"{output} is no name of a picture; let it end in .svg or .png", param_hint="--output")
    _put(output, lambda: drawn(_asked(sources, sweep, locale), chart, "png" if output.suffix == ".png" else "svg"), chart)


def _put(output: Path, make: Callable[[], bytes], what: str) -> None:
    if output != Path("-"):
        files.prepare(output)
    made = make()
    if output == Path("-"):
        screen.answer(made)
        return
    files.write(output, made)
    screen.note(f"wrote {output}: {what}")


def _asked(sources: list[str], sweep: Path | None, locale: str) -> Asked:
    """The plan, the plans beside it and the plans of a frontier, all verified."""
    from stepladder.cli.store import losses_in
    from stepladder.workflow.reading import existing, is_folder, plans_in
    from stepladder.workflow.report import Asked
    from stepladder.workflow.show import show

    single = [source for source in sources if not is_folder(source)]
    if not single:
        raise UsageError("name the plan that the report is about, before the folders")
    named = [(source, show(source)) for source in single]
    frontier: list[Plan] = []
    for folder in (Path(source) for source in sources if is_folder(source)):
        frontier += [show(path) for path in plans_in(folder)]
    return Asked(named[0][1], named if len(named) > 1 else (), frontier, losses_in(existing(sweep)) if sweep is not None else None, locale)
