"""``init``: a first scenario to start from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import Json, shipped


def init(
    case: Annotated[
        str,
        typer.Argument(
            metavar="[CASE]", help="first, or the name of a shipped scenario.", autocompletion=shipped("scenarios")
        ),
    ] = "first",
    output: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Where to write; CASE.yaml when left out, - for stdout."),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    as_json: Json = False,
) -> None:
    """Write a commented first scenario to start from."""
    from stepladder.workflow.init import init as init_command

    text = init_command(case)
    if output == Path("-"):
        screen.answer(text)
        return
    path = output or Path(f"{case}.yaml")
    files.prepare(path, force=force)
    files.write(path, text)
    following = [f"stepladder check {path}", f"stepladder plan {path} -o plan.json", "stepladder next plan.json"]
    if as_json:
        screen.answer(json.dumps({"written": str(path), "case": case, "next": following}, indent=1) + "\n")
        return
    screen.answer(
        f"Wrote {path}. Put in your own levels, costs and losses, then:\n"
        + "".join(f"  {line}\n" for line in following)
    )
