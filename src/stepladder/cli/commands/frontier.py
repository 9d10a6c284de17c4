"""``frontier``: money against remaining loss, the best plan for each of many budgets."""

from __future__ import annotations

from itertools import product
from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import door, files, screen
from stepladder.cli.asking import ask
from stepladder.cli.options import Assignments, Gap, Input, Json, Scenario, TimeLimit, Width, Work, money

From = Annotated[
    str | None,
    typer.Option(
        "--from",
        metavar="MONEY",
        help="Least budget: an amount, or a part of the scenario's own.",
        show_default="40%",
    ),
]
To = Annotated[
    str | None, typer.Option("--to", metavar="MONEY", help="Largest budget, in the same way.", show_default="160%")
]
Points = Annotated[int, typer.Option("--points", min=2, max=1000, help="How many budgets.")]
Appetites = Annotated[
    list[str] | None,
    typer.Option(
        "--appetite",
        metavar="LOSS",
        help="A curve with this cap on expected loss per year; may be repeated.",
        show_default=False,
    ),
]
Folder = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FOLDER", help="Write each point's plan there.", show_default=False),
]
Csv = Annotated[bool, typer.Option("--csv", help="Print one row of CSV for each point.")]


def frontier(
    source: Input,
    scenario: Scenario = None,
    assignments: Assignments = None,
    first: From = None,
    last: To = None,
    points: Points = 25,
    appetites: Appetites = None,
    folder: Folder = None,
    gap: Gap = "1%",  # type: ignore[assignment]  # a default is parsed like what is typed
    time_limit: TimeLimit = None,
    work: Work = None,
    as_csv: Csv = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Money against remaining loss: the best plan for each of many budgets.

    Says where more money stops paying, and from where on the whole target is affordable. Time limit and work are for
    each point. Where no budget has a plan it is said why; the exit code is then 4.
    """
    from stepladder.data.formats.plan import dump
    from stepladder.optimise import Options
    from stepladder.output.frontiers import frontier_csv, frontier_json, frontier_text
    from stepladder.workflow.frontier import amounts
    from stepladder.workflow.frontier import frontier as answered_for

    question = ask(source, scenario, assignments)
    screen.changes(question.changes)
    limits = Options(gap=gap, time_limit=time_limit, work=work, threads=1).together()
    currency = question.problem.currency
    caps = [money(text, currency, "--appetite") for text in appetites or ()]
    with files.folder(folder):
        for budget, appetite in (
            product(amounts(question.problem, first, last, points), (None, *caps)) if folder is not None else ()
        ):
            assert folder is not None
            if (path := folder / _named(budget, appetite, currency)).exists():
                files.prepare(path, plan=True)
        with screen.Counter("pieces of work") as counted:
            edge = answered_for(question, first, last, points, caps, limits, counted=counted)
        for cap, budget, plan in (
            ((one.appetite, *point) for one in edge.curves for point in one.plans) if folder is not None else ()
        ):
            assert folder is not None
            files.write(folder / _named(budget, cap, currency), dump(plan))
    screen.answer(
        frontier_json(edge) if as_json else frontier_csv(edge) if as_csv else frontier_text(edge, screen.style(width))
    )
    door.nowhere(question, edge, time_limit, machine=as_json or as_csv, width=width)


def _named(budget: float, appetite: float | None, currency: str) -> str:
    """What the file of a point is called."""
    return (
        _shortest(budget, currency)
        + ("" if appetite is None else f"-appetite-{_shortest(appetite, currency)}")
        + ".json"
    )


def _shortest(amount: float, currency: str) -> str:
    """An amount as part of a file's name: without decimals where it has none."""
    from stepladder.data.formats.money import text

    return f"{amount:.0f}" if amount == int(amount) else text(amount, currency)
