"""The commands. Each one parses, calls the workflow, writes, and ends with an exit code.

0 done, and any plan shown is verified · 1 unexpected failure · 2 wrong usage · 3 invalid input · 4 infeasible ·
5 stopped before any plan was found · 6 a plan failed verification · 7 a push was finished only in part · 130 stopped by
Ctrl-C. Heavy imports wait until a command needs them.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator, Mapping
from typing import Annotated, Any, NoReturn

import typer
from typer.main import get_command

from stepladder.cli import screen, signals
from stepladder.cli.commands.actuals import actuals
from stepladder.cli.commands.catalogue import catalogue
from stepladder.cli.commands.check import check
from stepladder.cli.commands.compare import compare
from stepladder.cli.commands.diff import diff
from stepladder.cli.commands.export import export
from stepladder.cli.commands.frontier import frontier
from stepladder.cli.commands.history import history
from stepladder.cli.commands.import_ import import_
from stepladder.cli.commands.init import init
from stepladder.cli.commands.next import next_
from stepladder.cli.commands.plan import plan
from stepladder.cli.commands.plot import plot
from stepladder.cli.commands.pull import pull
from stepladder.cli.commands.push import push
from stepladder.cli.commands.repair import repair
from stepladder.cli.commands.replan import replan
from stepladder.cli.commands.report import report
from stepladder.cli.commands.schema import schema
from stepladder.cli.commands.show import show
from stepladder.cli.commands.stable import stable
from stepladder.cli.commands.sweep import sweep
from stepladder.cli.commands.template import template
from stepladder.cli.commands.verify import verify
from stepladder.cli.commands.why import why
from stepladder.cli.door import Explained
from stepladder.cli.guard import INTERRUPTED, Guarded, explain
from stepladder.errors import StepladderError

#: In the order in which a newcomer needs them.
COMMANDS: dict[str, Callable[..., None]] = {
    "init": init,
    "template": template,
    "import": import_,
    "check": check,
    "plan": plan,
    "show": show,
    "verify": verify,
    "next": next_,
    "why": why,
    "repair": repair,
    "compare": compare,
    "frontier": frontier,
    "stable": stable,
    "sweep": sweep,
    "actuals": actuals,
    "replan": replan,
    "diff": diff,
    "history": history,
    "report": report,
    "plot": plot,
    "export": export,
    "push": push,
    "pull": pull,
    "catalogue": catalogue,
    "schema": schema,
}


class _Commands(Mapping[str, Any]):
    """Each command as Typer makes it of its function, made when it is asked for: to make all of them takes longer than
    a short one runs.
    """

    def __init__(self) -> None:
        self._commands: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        if name not in self._commands:
            alone = typer.Typer(add_completion=False, **_PLAIN)
            alone.command(name=name, cls=Explained)(COMMANDS[name])
            self._commands[name] = get_command(alone)
        return self._commands[name]

    def __iter__(self) -> Iterator[str]:
        return iter(COMMANDS)

    def __len__(self) -> int:
        return len(COMMANDS)


class _Program(Guarded):
    """All commands."""

    def __init__(self, **arguments: Any) -> None:
        super().__init__(**{**arguments, "commands": _Commands()})


#: No colours, no boxes: the same text everywhere.
_PLAIN: dict[str, Any] = {"rich_markup_mode": None, "pretty_exceptions_enable": False}

app = typer.Typer(cls=_Program, no_args_is_help=True, **_PLAIN)


def run() -> None:
    """Entry point of the program."""
    signals.install()
    _occupy()
    # Looking through every installed package for plugins takes a tenth of a short command's time, and nobody else's
    # plugin is to change what we read.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "true")
    # After Ctrl-C the helper that cleans up behind our worker processes says that it had something to do; nobody asked.
    os.environ.setdefault("PYTHONWARNINGS", "ignore:resource_tracker")
    screen.open_streams()
    try:
        app(prog_name="stepladder")
    except KeyboardInterrupt:
        _leave(INTERRUPTED)
    except (OSError, StepladderError) as error:
        # --help and --version answer before there is a command.
        _leave(explain(error))
    except SystemExit as end:
        signals.rest()
        if end.code != INTERRUPTED and not _at_work():
            raise
        _leave(end.code if isinstance(end.code, int) else int(end.code is not None))


def _at_work() -> bool:
    """Whether a solver that did not listen is still at work in another thread."""
    waiting = sys.modules.get("stepladder.optimise.interruptible")
    return waiting is not None and bool(waiting.left_behind())


def _occupy() -> None:
    """Where stdin, stdout or stderr is closed, the next file that is opened would take its place, and what a solver
    prints.
    """
    for number in range(3):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)


def _leave(code: int) -> NoReturn:
    """End at once: a solver may still be at work in another thread, and Python would wait for it or, worse, abort."""
    for stream in (sys.stdout, sys.stderr):
        with contextlib.suppress(OSError, ValueError, AttributeError):
            stream.flush()
    os._exit(code)


def _version(wanted: bool) -> None:
    if wanted:
        from stepladder import __version__

        screen.answer(f"stepladder {__version__}\n")
        raise typer.Exit


@app.callback()
def main(
    version: Annotated[
        bool, typer.Option("--version", help="Print the version and exit.", callback=_version, is_eager=True)
    ] = False,
    debug: Annotated[bool, typer.Option("--debug", help="Show where in the program an error arose.")] = False,
) -> None:
    """From an IoT security maturity assessment to an optimal, affordable, verified roadmap."""
