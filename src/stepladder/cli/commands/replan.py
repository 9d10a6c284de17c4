"""``replan``: the rest of a plan anew, after months of reality."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import Actuals, AsOf, Assessment, Gap, Json, Output, PlanFile, TimeLimit, Width, Work, money

Stability = Annotated[
    int | None,
    typer.Option(
        "--stability", min=0, metavar="STEPS", help="At most so many open steps may move.", show_default=False
    ),
]
Price = Annotated[
    str | None,
    typer.Option(
        "--price-per-move", metavar="MONEY", help="A step moves only for a gain of so much.", show_default=False
    ),
]
Markdown = Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")]


def replan(
    source: PlanFile,
    actuals: Actuals = None,
    assessment: Assessment = None,
    as_of: AsOf = None,
    stability: Stability = None,
    price: Price = None,
    output: Output = None,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    work: Work = None,
    markdown: Markdown = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Plan the rest of a plan anew, after months of reality.

    What is done stays, what is running goes on, and what has changed since is said as by diff. A published plan that is
    still good enough is kept.
    """
    from stepladder.data.formats.plan import dump
    from stepladder.optimise import Options
    from stepladder.output.differences import diff_json, diff_markdown, diff_text
    from stepladder.output.outlook import missed_lines
    from stepladder.workflow.replan import replan as renewed
    from stepladder.workflow.replan import stands
    from stepladder.workflow.show import show

    if stability is not None and price is not None:
        raise typer.BadParameter("give --stability or --price-per-move, not both")
    published = show(source)
    each = None if price is None else money(price, published.problem.currency, "--price-per-move")
    standing = stands(published, actuals, assessment, as_of)
    screen.notes(standing.notes)
    if output is not None:
        files.prepare(output, plan=True)
    with screen.Reporter() as report:
        new = renewed(published, standing, Options(gap=gap, time_limit=time_limit, work=work), stability, each, report)
    screen.notes(missed_lines(new.plan))
    if output is not None:
        files.write(output, dump(new.plan))
    diff = new.difference
    screen.answer(
        diff_json(diff) if as_json else diff_markdown(diff) if markdown else diff_text(diff, screen.style(width))
    )
