"""Every way a command can end, turned into a message on stderr and an exit code."""

from __future__ import annotations

import os
import sys
import traceback
from typing import Any

import typer
from typer.core import TyperGroup

from stepladder.cli import screen, signals
from stepladder.errors import InvalidInput, NotVerified, StepladderError

#: Faults and issues that are listed; nobody reads more, and the first one is often the cause of the others.
LISTED = 200

#: The exit code of a program that Ctrl-C ended.
INTERRUPTED = 130


class Guarded(TyperGroup):
    """A group of commands of which none ends with a traceback."""

    def invoke(self, ctx: Any) -> Any:
        """Run a command.

        Raises
        ------
        typer.Exit
            With the exit code that belongs to whatever happened.
        """
        from stepladder.data.reading import sources

        debug = bool(ctx.params.get("debug")) or bool(os.environ.get("STEPLADDER_DEBUG"))
        try:
            with sources.run():
                return super().invoke(ctx)
        except (typer.Exit, typer.Abort, typer.TyperException):
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a user reads a sentence, a script the exit code
            if debug:
                traceback.print_exception(error)
            raise typer.Exit(explain(error)) from None


def explain(error: BaseException) -> int:
    """Say what happened; the exit code."""
    # A package that is interrupted while it is imported may raise something else instead.
    if isinstance(error, KeyboardInterrupt) or (signals.heard() and not isinstance(error, StepladderError | OSError)):
        screen.note("stopped")
        return INTERRUPTED
    if isinstance(error, BrokenPipeError):
        screen.forget(sys.stdout)
        return 0
    if isinstance(error, StepladderError):
        _say(error)
        return error.exit_code
    if isinstance(error, OSError):
        screen.note(f"error: {error.strerror or error}{f': {error.filename}' if error.filename else ''}")
        screen.forget(sys.stdout)
        return 1
    text = (str(error).splitlines() or [""])[0]
    screen.note(
        f"unexpected error: {type(error).__name__}: {text} – please report it, with the output of stepladder --debug …"
    )
    return 1


def _say(error: StepladderError) -> None:
    if isinstance(error, InvalidInput):
        _list([str(issue) for issue in error.issues])
        screen.note(f"{len(error.issues):,} problem{'' if len(error.issues) == 1 else 's'} found")
    elif isinstance(error, NotVerified):
        screen.note("error: this plan is not shown, because it failed verification:")
        _list([f"- {fault}" for fault in error.faults])
    else:
        screen.note(f"error: {error}")


def _list(lines: list[str]) -> None:
    screen.notes(lines[:LISTED])
    if len(lines) > LISTED:
        screen.note(f"… and {len(lines) - LISTED:,} more")
