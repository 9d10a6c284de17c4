"""The commands that hand a plan to other programs, and ask them what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from stepladder.cli import files, screen
from stepladder.cli.options import Json, PlanFile
from stepladder.errors import NotFinished


def export(
    source: PlanFile = "",
    to: Annotated[str | None, typer.Option("--to", metavar="FORMAT", help="Name of a format; --list names them.", show_default="by the file's name")] = None,
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Where to write; - for stdout.", show_default=False)] = None,
    system: Annotated[str, typer.Option("--system", metavar="NAME", help="What the plan's only system is called in the items' ids.", show_default=False)] = "",
    listed: Annotated[bool, typer.Option("--list", help="List the formats.")] = False,
) -> None:
    """Write a plan as project tools, calendars and governance tools read it.

    The plan is verified first. Items keep their ids as long as their system and step are the same, so that importers can tell what they have.
    """
    from stepladder.workflow import export as room
    from stepladder.workflow.show import show

    if listed:
        found, broken = room.listed()
        screen.answer("".join(f"{held.name:16}{held.suffix:7}{held.title}\n" for held in found))
        screen.notes(f"not usable: {held.name} ({held.value}): {held.reason}" for held in broken)
        return
    if not source or output is None:
        raise typer.BadParameter("name a plan and, with -o, a file; --list lists the formats")
    chosen = to or room.named(output)
    if chosen is None:
        raise typer.BadParameter(f"the name {output} does not say which format is meant; say it with --to (--list names them)")
    if output != Path("-"):
        files.prepare(output)
    made = room.export(show(source), chosen, system)
    screen.notes(made.notes)
    if output == Path("-"):
        screen.answer(made.data)
        return
    files.write(output, made.data)
    screen.note(f"wrote {output}: {chosen}")


To = Annotated[str, typer.Option("--to", metavar="TRACKER", help="redmine, github or jira.", show_default=False)]
Project = Annotated[str, typer.Option("--project", metavar="NAME", help="Its project; of GitHub owner/name.", show_default=False)]
Url = Annotated[str, typer.Option("--url", metavar="URL", help="Address of the tracker.", show_default="GitHub's")]
State = Annotated[Path | None, typer.Option("--state", metavar="FILE", help="What was pushed before.", show_default="stepladder-TRACKER-PROJECT.json")]
System = Annotated[str, typer.Option("--system", metavar="NAME", help="What the plan's only system is called in the items' ids.", show_default=False)]


def push(
    source: PlanFile,
    to: To,
    project: Project,
    url: Url = "",
    state: State = None,
    system: System = "",
    do: Annotated[bool, typer.Option("--apply", help="Do it; without this nothing is changed.")] = False,
    ours: Annotated[bool, typer.Option("--ours", help="Where somebody moved a date in the tracker, the plan's counts.")] = False,
    theirs: Annotated[bool, typer.Option("--theirs", help="There, the tracker's counts.")] = False,
    as_json: Json = False,
) -> None:
    """Bring a plan into a tracker: what would be created, changed, closed; with --apply it is done.

    The same command again changes only what the plan has changed. The token comes from the environment or the keyring. The exit code is 7 where
    something could not be done; the same command then goes on.
    """
    from stepladder.exchange.push import state as kept
    from stepladder.exchange.push import trackers
    from stepladder.exchange.push.told import push_json, push_text
    from stepladder.workflow import push as room
    from stepladder.workflow.show import show

    if ours and theirs:
        raise typer.BadParameter("--ours and --theirs are two answers to one question; give one")
    target = trackers.target(to, project, url)
    plan, path = show(source), _state(to, project, state)
    files.prepare(path)
    held = kept.load(path, target)
    with trackers.reach(to, project, url, tell=screen.note) as tracker:
        planned = room.look(plan, tracker, held, system, "ours" if ours else "theirs" if theirs else None)
        done = room.carry_out(planned, tracker, held, lambda: files.write(path, kept.dump(held, target))) if do else None
    if do:
        files.write(path, kept.dump(held, target))
    screen.answer(push_json(planned.steps, done) if as_json else push_text(planned.steps, done))
    if done is not None and not done.whole:
        raise NotFinished("some of it could not be done; run the same command again to go on")


def pull(
    source: PlanFile,
    to: To,
    project: Project,
    as_of: Annotated[str, typer.Option("--as-of", metavar="PERIOD", help="The first period that is still open: its label, or any of its days.")],
    url: Url = "",
    state: State = None,
    system: System = "",
    output: Annotated[Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write the actuals there.", show_default="stdout")] = None,
) -> None:
    """Ask a tracker what became of a plan, as actuals for replan: what is done, what is running, what has not begun."""
    from stepladder.data import sources
    from stepladder.exchange.push import state as kept
    from stepladder.exchange.push import trackers
    from stepladder.workflow.push import pull as asked
    from stepladder.workflow.show import show

    target = trackers.target(to, project, url)
    plan = show(source)
    if output is not None:
        files.prepare(output)
    path = _state(to, project, state)
    sources.reads(path)
    held = kept.load(path, target)
    with trackers.reach(to, project, url, tell=screen.note) as tracker:
        text, notes = asked(plan, tracker, held, as_of, system)
    screen.notes(notes)
    if output is None:
        screen.answer(text)
    else:
        files.write(output, text)


def _state(to: str, project: str, given: Path | None) -> Path:
    return given or Path(f"stepladder-{to}-{project.replace('/', '-')}.json")
