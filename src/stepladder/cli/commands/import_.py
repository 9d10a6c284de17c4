"""``import``: from an assessment that somebody holds to a scenario."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import Output

if TYPE_CHECKING:
    from stepladder.workflow.intake import Wish

Sources = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="FILE...",
        help="A workbook of template, or CSV with its columns; or what another program wrote (--list).",
        show_default=False,
    ),
]
Kind = Annotated[
    str | None, typer.Option("--from", metavar="KIND", help="What it is.", show_default="by what is in it")
]
Said = Annotated[
    list[str] | None,
    typer.Option("--say", metavar="KEY=VALUE", help="Answer a question that the file leaves open.", show_default=False),
]
Days = Annotated[
    float | None,
    typer.Option(
        "--days", min=0, help="Person-days of each team in a quarter, where the file has none.", show_default=False
    ),
]


Model = Annotated[
    str | None,
    typer.Option(
        "--catalogue", metavar="NAME", help="The maturity model.", show_default="what the workbook says, or iot_smm"
    ),
]
Start = Annotated[
    str | None,
    typer.Option("--start", metavar="DAY", help="The first day, where the file has none.", show_default=False),
]
Years = Annotated[
    float | None,
    typer.Option("--years", min=0.1, max=100, help="Years that are planned, likewise.", show_default=False),
]
Money = Annotated[
    float | None,
    typer.Option("--money", min=0, help="What may be spent in a year, likewise.", show_default=False),
]
Updated = Annotated[
    Path | None,
    typer.Option(
        "--update",
        metavar="SCENARIO",
        help="Put the levels, and nothing else, into this scenario; -o writes the result elsewhere.",
        show_default=False,
    ),
]
Listed = Annotated[bool, typer.Option("--list", help="List what can be imported, and what is asked.")]


def import_(
    source: Sources = None,
    output: Output = None,
    catalogue: Model = None,
    start: Start = None,
    years: Years = None,
    money: Money = None,
    days: Days = None,
    kind: Kind = None,
    say: Said = None,
    update: Updated = None,
    listed: Listed = False,
) -> None:
    """Read an assessment that somebody holds, and write a scenario.

    Everything that is wrong is said at once, with its cell or line and what would do; what was taken, what was left and
    what had to be assumed is said too. A maturity model that is not shipped is written beside the scenario.
    """
    from stepladder.workflow import intake as room

    if listed:
        screen.answer(room.kinds())
        return
    if not source:
        raise typer.BadParameter("name a file; --list lists what can be imported")
    if update is not None:
        _levels_alone({"--start": start, "--years": years, "--money": money, "--days": days})
        _update(update, source, room.Wish(catalogue, kind, room.answers(say or [])), output)
        return
    model = Path("model.yaml") if output is None else output.with_name(f"{output.stem}_model.yaml")
    if output is not None:
        files.prepare(output)
    frame = room.Frame(start, years, money, days)
    read = room.intake(source, frame, room.Wish(catalogue, kind, room.answers(say or []), model.name))
    if output is None and read.model:
        raise typer.BadParameter("it brings a maturity model, which is a second file; name the scenario's with -o")
    screen.notes(read.notes)
    if output is None:
        screen.answer(read.text)
        return
    if read.model:
        files.prepare(model)
        files.write(model, read.model)
        screen.note(f"wrote {model}: the maturity model")
    files.write(output, read.text)
    screen.note(f"wrote {output}; next: stepladder check {output}, then: stepladder plan {output}")


def _levels_alone(given: Mapping[str, object]) -> None:
    """Refuse what an update has no use for."""
    if useless := [name for name, value in given.items() if value is not None]:
        listed = ", ".join(useless)
        raise typer.BadParameter(f"--update puts levels into a scenario and nothing else; leave out {listed}")


def _update(scenario: Path, source: list[str], wish: Wish, output: Path | None) -> None:
    from stepladder.workflow.update import update

    target = output or scenario
    files.prepare(target, force=True if output is None else None)
    changed = update(scenario, source, wish)
    screen.notes(changed.notes)
    files.write(target, changed.text)
    screen.note(f"wrote {target}; next: stepladder check {target}")
