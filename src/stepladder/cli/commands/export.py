"""``export``: a plan as other programs read it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import PlanFile
from stepladder.cli.tracking import System

Format = Annotated[
    str | None,
    typer.Option(
        "--to", metavar="FORMAT", help="Name of a format; --list names them.", show_default="by the file's name"
    ),
]
Written = Annotated[
    Path | None,
    typer.Option("--output", "-o", metavar="FILE", help="Where to write; - for stdout.", show_default=False),
]
Into = Annotated[
    Path | None,
    typer.Option("--into", metavar="FILE", help="What was filled in; the plan goes into a copy.", show_default=False),
]
Year = Annotated[
    str,
    typer.Option("--year", metavar="YEAR", help="Of a state: at the end of this fiscal year.", show_default=False),
]
Locale = Annotated[
    str,
    typer.Option(
        "--locale",
        metavar="NAME",
        help="Of what people read: how money and dates are written, as de or en_US.",
        show_default=False,
    ),
]
Listed = Annotated[bool, typer.Option("--list", help="List the formats.")]


def export(
    source: PlanFile = "",
    to: Format = None,
    output: Written = None,
    system: System = "",
    into: Into = None,
    year: Year = "",
    locale: Locale = "",
    listed: Listed = False,
) -> None:
    """Write a plan as project tools, calendars and governance tools read it.

    The plan is verified first. Items keep their ids as long as their system and step are the same, so that importers
    can tell what they have.
    """
    from stepladder.workflow import export as room
    from stepladder.workflow.show import show

    if listed:
        formats, broken = room.listed()
        screen.answer("".join(f"{entry.name:16}{entry.suffix:7}{entry.title}\n" for entry in formats))
        screen.notes(f"not usable: {entry.name} ({entry.value}): {entry.reason}" for entry in broken)
        return
    if not source or output is None:
        raise typer.BadParameter("name a plan and, with -o, a file; --list lists the formats")
    chosen = to or room.named(output)
    if chosen is None:
        raise typer.BadParameter(
            f"the name {output} does not say which format is meant; say it with --to (--list names them)"
        )
    if output != Path("-"):
        files.prepare(output)
    exported = room.export(show(source), chosen, system, into, year, locale)
    screen.notes(exported.notes)
    if output == Path("-"):
        screen.answer(exported.data)
        return
    files.write(output, exported.data)
    screen.note(f"wrote {output}: {chosen}")
