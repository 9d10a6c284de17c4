"""A program of its own that never outlives the one that began it, however that ends."""

from __future__ import annotations

import contextlib
import ctypes
import signal
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

#: Seconds between two looks at the clock; and those that a program has for its last words, once it is asked to end.
EVERY = 0.05
LAST_WORDS = 0.5

#: Linux: send me this signal when my parent is gone.
_PARENT_GONE = 1


def run(command: Sequence[str], log: Path, stopped: Callable[[], bool]) -> int:
    """Run a program until it ends or is told to, what it says going to a log; its exit code.

    Parameters
    ----------
    command
        The program and its arguments.
    log
        The file for what it says.
    stopped
        Whether it is to end soon: then it is interrupted, and killed when it goes on.
    """
    with log.open("wb") as output:
        # In a session of its own it hears no Ctrl-C by itself: who began it decides. What is done before it begins are
        # two calls to the system.
        child = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            preexec_fn=_beginning(),  # noqa: PLW1509
        )
        try:
            while not stopped():
                with contextlib.suppress(subprocess.TimeoutExpired):
                    return child.wait(EVERY)
            child.send_signal(signal.SIGINT if sys.platform != "win32" else signal.SIGTERM)
            with contextlib.suppress(subprocess.TimeoutExpired):
                return child.wait(LAST_WORDS)
        finally:
            if child.poll() is None:
                child.kill()
            child.wait()
    return child.returncode


def _beginning() -> Callable[[], None] | None:
    """What a child does before it is the program: it hears Ctrl-C, even where we were told not to, and ends with us
    where the system sees to that.
    """
    if sys.platform == "win32":
        return None
    control = None
    if sys.platform.startswith("linux"):
        with contextlib.suppress(OSError, AttributeError):
            control = ctypes.CDLL(None).prctl

    def ask() -> None:
        """In the child, between fork and exec."""
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        if control is not None:
            control(_PARENT_GONE, signal.SIGKILL)

    return ask
