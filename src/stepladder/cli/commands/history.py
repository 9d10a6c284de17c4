"""``history``: the versions of one roadmap over time."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.options import Json, Width


def history(
    sources: Annotated[
        list[str],
        typer.Argument(
            metavar="PLAN...", help="Versions of one roadmap, or folders that hold them.", show_default=False
        ),
    ],
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say how a roadmap has gone from version to version.

    Steps, maturity, loss and money at each version, the steps that finished later or earlier than they were first
    planned to, by how much those of each team, and what came and went. Every plan is verified first.
    """
    from stepladder.output.histories import history_json, history_text
    from stepladder.workflow.history import history as read

    versions = read(sources)
    screen.answer(history_json(versions) if as_json else history_text(versions, screen.style(width)))
