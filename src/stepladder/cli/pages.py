"""What report and plot ask for, and how what they make is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stepladder.cli import files, screen
from stepladder.errors import UsageError

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan
    from stepladder.workflow.report import ReportRequest


Plans = Annotated[
    list[str],
    typer.Argument(
        metavar="PLAN...",
        help="The plan; then others to compare it with, or folders that frontier -o wrote.",
        show_default=False,
    ),
]


Sweep = Annotated[
    Path | None,
    typer.Option("--sweep", metavar="FILE", help="A sweep of this plan, for what a year may cost.", show_default=False),
]


Locale = Annotated[
    str,
    typer.Option(
        "--locale",
        metavar="NAME",
        help="In what language, and how numbers, money and dates are written: en, en_GB, de, fr_CH and so on.",
    ),
]


Written = Annotated[
    Path, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - for stdout.", show_default=False)
]


def put(output: Path, make: Callable[[], bytes], what: str) -> None:
    """Make something, and write it where it is wanted; the file is looked at before anything is made."""
    if output != Path("-"):
        files.prepare(output)
    content = make()
    if output == Path("-"):
        screen.answer(content)
        return
    files.write(output, content)
    screen.note(f"wrote {output}: {what}")


def asked(sources: list[str], sweep: Path | None, locale: str) -> ReportRequest:
    """The plan, the plans beside it and the plans of a frontier, all verified."""
    from stepladder.cli.store import losses_in
    from stepladder.workflow.reading import existing, is_folder, plans_in
    from stepladder.workflow.report import ReportRequest
    from stepladder.workflow.show import show

    single = [source for source in sources if not is_folder(source)]
    if not single:
        raise UsageError("name the plan that the report is about, before the folders")
    named = [(source, show(source)) for source in single]
    frontier: list[Plan] = []
    for folder in (Path(source) for source in sources if is_folder(source)):
        frontier += [show(path) for path in plans_in(folder)]
    return ReportRequest(
        named[0][1],
        named if len(named) > 1 else (),
        frontier,
        losses_in(existing(sweep)) if sweep is not None else None,
        locale,
    )
