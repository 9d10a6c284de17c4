"""The options that several commands share, and what their values may be."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer


def _share(text: str) -> float:
    percent = text.strip().endswith("%")
    try:
        return float(text.strip().rstrip("%")) / (100 if percent else 1)
    except ValueError:
        return math.nan


def gap(text: str) -> float:
    """``1%`` or ``0.01``."""
    value = _share(text)
    if not 0 <= value < 1:
        raise typer.BadParameter(f"{text!r} is not a gap; write 1% or 0.01, from 0 to less than 100 %")
    return value


def most(text: str) -> float:
    """A part of all futures, ``90%`` or ``0.9``: neither none of them nor all."""
    from stepladder.data.formats.base import NEARLY_ALL

    value = _share(text)
    if not 0 < value <= NEARLY_ALL:
        raise typer.BadParameter(
            f"{text!r} is no part of all futures that can be kept; write 90% or 0.9, above 0 and below 100 %"
        )
    return value


def locale(text: str) -> str:
    """The name of a locale: ``en_GB``, ``de``."""
    from stepladder.errors import UsageError
    from stepladder.wording.numbers import written_as

    try:
        with written_as(text):
            return text
    except UsageError as error:
        raise typer.BadParameter(str(error)) from None


def less(text: str) -> float:
    """A part that is taken away, ``20%`` or ``0.2``: neither nothing nor all."""
    value = _share(text)
    if not 0 < value < 1:
        raise typer.BadParameter(f"{text!r} is no part of the money; write 20% or 0.2, above 0 and below 100 %")
    return value


def part(text: str) -> float:
    """A part of a whole, ``1%`` or ``0.01``, up to ten times as much."""
    value = _share(text)
    if not 0 <= value <= 10:
        raise typer.BadParameter(f"{text!r} is not a part; write 1% or 0.01, from 0 on")
    return value


def money(text: str, currency: str, option: str) -> float:
    """An amount, looked at once the currency is known."""
    from stepladder.data.formats.money import parse

    try:
        return parse(text, currency)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint=option) from None


def seconds(text: str) -> float:
    """A positive number of seconds."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not (value > 0 and math.isfinite(value)):
        raise typer.BadParameter(f"{text!r} is not a time limit; write a number of seconds above 0")
    return value


def shipped(kind: str) -> Callable[[str], list[str]]:
    """What a shell completes where the name of something shipped may stand: ``models`` or ``scenarios``; files are
    completed where none begins so.
    """

    def names(begun: str) -> list[str]:
        """Shipped names that begin so."""
        from stepladder.data.reading import library

        return [name for name in library.names(kind) if name.startswith(begun)]

    return names


def formats(begun: str) -> list[str]:
    """The formats that have a schema and whose names begin so."""
    return [
        name
        for name in ("catalogue", "scenario", "profiles", "problem", "plan", "actuals", "map")
        if name.startswith(begun)
    ]


Input = Annotated[
    str,
    typer.Argument(
        metavar="INPUT",
        help="A scenario (YAML), a problem (JSON), or the name of a shipped scenario.",
        show_default=False,
    ),
]
Standing = Annotated[
    str,
    typer.Argument(
        metavar="INPUT", help="A scenario or a problem, or a plan with what has happened since.", show_default=False
    ),
]
PlanFile = Annotated[
    str, typer.Argument(metavar="PLAN", help="A plan, as written by: stepladder plan INPUT -o PLAN", show_default=False)
]
Scenario = Annotated[
    str | None,
    typer.Option("--scenario", metavar="NAME", help="One of the named scenarios of the file.", show_default=False),
]
Assignments = Annotated[
    list[str] | None,
    typer.Option(
        "--set",
        metavar="PATH=VALUE",
        help="Change one value, such as budget.amount=150000; may be repeated.",
        show_default=False,
    ),
]
Full = Annotated[bool, typer.Option("--full", help="Print all of the plan, not its front page alone.")]
Spoken = Annotated[
    str | None,
    typer.Option(
        "--locale",
        parser=locale,
        metavar="NAME",
        help="In what language, and how numbers, money and dates are written: en, en_GB, de, fr_CH and so on.",
        show_default=False,
    ),
]
Json = Annotated[bool, typer.Option("--json", help="Print JSON instead of text.")]
Width = Annotated[
    int | None,
    typer.Option(
        "--width", min=40, max=400, metavar="COLUMNS", help="Columns of the text; 80 when left out.", show_default=False
    ),
]


def _gap(**more: Any) -> Any:
    words = "Stop when the plan is proved to be this close to the best: 1% or 0.01."
    return typer.Option("--gap", parser=gap, metavar="GAP", help=words, **more)


def _work(words: str, default: str) -> Any:
    return typer.Option("--work", "--effort", min=1, metavar="UNITS", help=words, show_default=default)


Gap = Annotated[float, _gap()]
Close = Annotated[float | None, _gap(show_default="0.1%")]
TimeLimit = Annotated[
    float | None,
    typer.Option(
        "--time-limit",
        parser=seconds,
        metavar="SECONDS",
        help="Stop then, with the best so far, all that the command does.",
        show_default="none",
    ),
]
Work = Annotated[int | None, _work("Stop each search after this much work; the same gives the same plan.", "none")]
Enough = Annotated[
    int | None,
    _work(
        "Stop after this much work; the same gives the same plan.",
        "16, 10 to 35 seconds for one system, unless a gap or time limit is given",
    ),
]
Threads = Annotated[
    int,
    typer.Option("--threads", min=1, max=1024, help="1: improve the plan and its bound in turn; 2: at the same time."),
]
Keep = Annotated[
    float | None,
    typer.Option(
        "--keep",
        parser=most,
        metavar="PART",
        help="Hold so much money back that the plan stays within its limits in this part of all futures: 90% or 0.9.",
        show_default="as the scenario's robust",
    ),
]
Actuals = Annotated[
    str | None, typer.Option("--actuals", metavar="FILE", help="What has happened since.", show_default=False)
]
Assessment = Annotated[
    str | None,
    typer.Option("--assessment", metavar="SCENARIO", help="New levels, costs and threats.", show_default=False),
]
AsOf = Annotated[
    str | None,
    typer.Option("--as-of", metavar="PERIOD", help="The first period that is still open.", show_default=False),
]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the plan there.", show_default=False)
]
Decided = Annotated[
    str,
    typer.Argument(metavar="INPUT", help="A plan, or a scenario or problem that is planned first.", show_default=False),
]
Several = Annotated[
    list[str],
    typer.Argument(
        metavar="INPUT...", help="Plans, scenarios, problems, or names of shipped scenarios.", show_default=False
    ),
]
Named = Annotated[
    list[str] | None,
    typer.Option(
        "--scenario", metavar="NAME", help="Add a named scenario of the file; may be repeated.", show_default=False
    ),
]
Every = Annotated[bool, typer.Option("--all", help="Add all named scenarios of the file.")]
