"""Work in another thread while the main one waits: only there Ctrl-C is heard, and a solver's callback must not be where it strikes."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

Result = TypeVar("Result")


def waited(work: Callable[[], Result], stop: threading.Event) -> Result:
    """What the work comes to, done in a thread of its own; Ctrl-C sets ``stop``, and is raised once the work has ended."""
    pool = ThreadPoolExecutor(1, "work")
    done = threading.Event()
    future = pool.submit(work)
    future.add_done_callback(lambda _: done.set())
    interrupted = False
    while not done.is_set():
        try:
            # Not the thread's join: interrupted, it takes a thread for ended that is still running (CPython 3.11).
            done.wait(0.05)
        except KeyboardInterrupt:
            # The work soon asks whether to go on. To leave while a solver's threads are running would end the process by force.
            interrupted = True
            stop.set()
    pool.shutdown()
    if interrupted:
        raise KeyboardInterrupt
    return future.result()
