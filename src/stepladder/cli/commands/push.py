"""``push``: a plan into a tracker."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import Json, PlanFile
from stepladder.cli.tracking import MapFile, Project, StateFile, System, To, Url, state_of
from stepladder.errors import NotFinished

if TYPE_CHECKING:
    from stepladder.exchange.push.records import PushState, Side


ShowMap = Annotated[
    bool, typer.Option("--show-map", help="Print the mapping that is in force, to be changed and given to --map.")
]
Adopt = Annotated[
    str | None,
    typer.Option(
        "--adopt",
        metavar="ID",
        help="Take over what was pushed of the plan with this id, - for plans without one.",
        show_default=False,
    ),
]


def push(
    source: PlanFile,
    to: To,
    project: Project,
    url: Url = "",
    state: StateFile = None,
    system: System = "",
    mapping: MapFile = None,
    show_map: ShowMap = False,
    do: Annotated[bool, typer.Option("--apply", help="Do it; without this nothing is changed.")] = False,
    ours: Annotated[
        bool, typer.Option("--ours", help="Where somebody moved a date in the tracker, the plan's counts.")
    ] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="There, the tracker's counts.")] = False,
    adopt: Adopt = None,
    as_json: Json = False,
) -> None:
    """Bring a plan into a tracker: what would be created, changed, closed; with --apply it is done.

    The same command again changes only what the plan has changed. The token comes from the environment or the keyring.
    The exit code is 7 where something could not be done; the same command then goes on.
    """
    from stepladder.exchange.push import state as kept
    from stepladder.exchange.push import trackers
    from stepladder.exchange.push.report import push_json, push_text
    from stepladder.workflow import push as room
    from stepladder.workflow.show import show

    side = _side(ours=ours, theirs=theirs)
    target = None if show_map else trackers.target(to, project, url)
    plan = show(source)
    mapped = trackers.mapping_of(to, mapping, plan)
    if target is None:
        screen.answer(trackers.mapping_text(to, mapped, room.owners(plan, mapped)))
        return
    path = state_of(to, project, state, plan.id)
    files.prepare(path)
    pushed = kept.load(path, target, plan.id)
    with trackers.reach(to, project, url, tell=screen.note, mapping=mapped) as tracker:
        planned = room.look(plan, tracker, pushed, system, side, adopt)
        keep = partial(_keep, path, pushed, target, plan.id)
        done = room.carry_out(planned, tracker, pushed, keep) if do else None
    if do:
        keep()
    screen.answer(push_json(planned.steps, done) if as_json else push_text(planned.steps, done))
    if done is not None and not done.whole:
        raise NotFinished("some of it could not be done; run the same command again to go on")


def _side(*, ours: bool, theirs: bool) -> Side | None:
    """Whose dates count where somebody moved some."""
    if ours and theirs:
        raise typer.BadParameter("--ours and --theirs are two answers to one question; give one")
    return "ours" if ours else "theirs" if theirs else None


def _keep(path: Path, pushed: PushState, target: dict[str, str], plan: str | None) -> None:
    """Write what was pushed so far."""
    from stepladder.exchange.push.state import dump

    files.write(path, dump(pushed, target, plan))
