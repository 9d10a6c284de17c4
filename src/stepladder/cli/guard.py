"""Every way a command can end, turned into a message on stderr and an exit code."""

from __future__ import annotations

import os
import re
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
        except typer.TyperException as error:
            if isinstance(message := getattr(error, "message", None), str):
                error.message = _plain(message)
            raise
        except (typer.Exit, typer.Abort):
            raise
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - a user reads a sentence, a script the exit code
            if debug:
                traceback.print_exception(error)
            raise typer.Exit(explain(error)) from None


#: How a value of the command line is refused by the package that reads it, and in our words.
_WORDS = (
    (r"^Value error, ", ""),
    (r"Input should be a valid integer, unable to parse string as an integer", "write a whole number"),
    (r"Input should be a valid number, unable to parse string as a number", "write a number"),
    (r"Input should be greater than or equal to", "write a number that is at least"),
    (r"Input should be less than or equal to", "write a number that is at most"),
)


def _plain(message: str) -> str:
    """What is wrong with an option, as we say it."""
    for pattern, words in _WORDS:
        message = re.sub(pattern, words, message)
    return message


def explain(error: BaseException) -> int:
    """Say what happened; the exit code."""
    if isinstance(error, KeyboardInterrupt) or (signals.heard() and not _told(error)):
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


def _told(error: BaseException) -> bool:
    """Whether an error is what it says after somebody has asked to stop: a package that is interrupted may raise
    something else instead while it is imported, and a validator may find wrong what is right.
    """
    return isinstance(error, StepladderError | OSError) and not isinstance(error, InvalidInput | NotVerified)


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
    for line in lines[:LISTED]:
        screen.note(line)
    if len(lines) > LISTED:
        screen.note(f"… and {len(lines) - LISTED:,} more")
