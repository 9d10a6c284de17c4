"""``pull``: what became of a plan in a tracker, as actuals."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import PlanFile
from stepladder.cli.tracking import MapFile, Project, StateFile, System, Timezone, To, Url, state_of


def pull(
    source: PlanFile,
    to: To,
    project: Project,
    as_of: Annotated[
        str,
        typer.Option(
            "--as-of", metavar="PERIOD", help="The first period that is still open: its label, or any of its days."
        ),
    ],
    url: Url = "",
    state: StateFile = None,
    system: System = "",
    timezone: Timezone = "",
    mapping: MapFile = None,
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write the actuals there.", show_default="stdout"),
    ] = None,
) -> None:
    """Ask a tracker what became of a plan, as actuals for replan: what is done, running, cancelled, or has not begun.

    What the tracker does not say has no entry, but a comment and a warning: say yourself what became of it.
    """
    from stepladder.data.reading import sources
    from stepladder.exchange.push import state as kept
    from stepladder.exchange.push import trackers
    from stepladder.exchange.push.zones import zone
    from stepladder.workflow.pull import pull as asked
    from stepladder.workflow.show import show

    target, place = trackers.target(to, project, url), zone(timezone)
    plan = show(source)
    mapped = trackers.mapping_of(to, mapping, plan)
    if output is not None:
        files.prepare(output)
    path = state_of(to, project, state, plan.id)
    sources.reads(path)
    pushed = kept.load(path, target, plan.id)
    with trackers.reach(to, project, url, tell=screen.note, mapping=mapped) as tracker:
        text, notes = asked(plan, tracker, pushed, as_of, system, place)
    screen.notes(notes)
    if output is None:
        screen.answer(text)
    else:
        files.write(output, text)
