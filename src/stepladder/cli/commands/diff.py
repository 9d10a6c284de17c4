"""``diff``: what differs between two plans, and why."""

from __future__ import annotations

from typing import Annotated

import typer

from stepladder.cli import screen
from stepladder.cli.options import Json, Width


def diff(
    before: Annotated[str, typer.Argument(metavar="BEFORE", help="The plan as it was.", show_default=False)],
    after: Annotated[str, typer.Argument(metavar="AFTER", help="The plan as it is now.", show_default=False)],
    markdown: Annotated[bool, typer.Option("--markdown", help="Print Markdown, for a pull request.")] = False,
    as_json: Json = False,
    width: Width = None,
) -> None:
    """Say what differs between two plans, and why.

    Both are verified first.
    """
    from stepladder.output.differences import diff_json, diff_markdown, diff_text
    from stepladder.workflow.diff import diff as differing

    difference = differing(before, after)
    screen.answer(
        diff_json(difference)
        if as_json
        else diff_markdown(difference)
        if markdown
        else diff_text(difference, screen.style(width))
    )
