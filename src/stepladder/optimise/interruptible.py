"""Work in another thread while the main one waits: only there Ctrl-C is heard, and a solver's callback must not be
where it strikes.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Generic, TypeVar

from stepladder.optimise.clock import TimeUp

Result = TypeVar("Result")

#: Seconds that work may go on after it was told to stop; who does not listen for longer is left behind.
PATIENCE = 1.0
#: Seconds between two looks.
EVERY = 0.05

_behind: list[threading.Thread] = []


def left_behind() -> bool:
    """Whether work goes on that nobody waits for: then the process is to end at once, not to wait for its threads."""
    return any(thread.is_alive() for thread in _behind)


class Job(Generic[Result]):
    """Work in a thread of its own, begun at once.

    Parameters
    ----------
    work
        What to do.
    """

    def __init__(self, work: Callable[[], Result]) -> None:
        self._work, self._done = work, threading.Event()
        self._result: list[Result] = []
        self._error: BaseException | None = None
        self._thread = threading.Thread(target=self._run, name="work", daemon=True)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._result.append(self._work())
        except BaseException as error:  # noqa: BLE001 - it is raised where somebody waits
            self._error = error
        finally:
            self._done.set()

    def result(self, stopped: Callable[[], bool]) -> Result:
        """What it came to.

        Raises
        ------
        TimeUp
            When it does not end although it is to stop; it is then left behind.
        """
        told: float | None = None
        # Not the thread's join: interrupted, it takes a thread for ended that is still running (CPython 3.11).
        while not self._done.wait(EVERY):
            if stopped():
                told = told or time.monotonic()
                if time.monotonic() - told > PATIENCE:
                    _behind.append(self._thread)
                    raise TimeUp
        if self._error is not None:
            raise self._error
        return self._result[0]


def waited(work: Callable[[], Result], stop: threading.Event, stopped: Callable[[], bool] | None = None) -> Result:
    """What the work comes to, done in a thread of its own; Ctrl-C sets ``stop``, and is raised once the work has
    ended.
    """
    job, interrupted = Job(work), False
    while True:
        try:
            result = job.result(stopped or stop.is_set)
        except KeyboardInterrupt:
            # The work soon asks whether to go on. To leave while a solver's threads are running would end the process
            # by force.
            interrupted = True
            stop.set()
        except TimeUp:
            if interrupted:
                raise KeyboardInterrupt from None
            raise
        else:
            if interrupted:
                raise KeyboardInterrupt
            return result


def settled(work: Callable[[], Result], struck: Callable[[], None] = lambda: None) -> Result:
    """What short work comes to, done again where Ctrl-C struck in the middle: the end of a search is not lost to it.
    Struck twice, it is raised.

    Parameters
    ----------
    work
        What to do.
    struck
        Told when that was so.
    """
    try:
        return work()
    except KeyboardInterrupt:
        struck()
        return work()
