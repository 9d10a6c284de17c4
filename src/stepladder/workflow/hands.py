"""Who does the work of a sweep: this process, more processes on this machine, or a Dask cluster. The same work, the same answers."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import islice
from multiprocessing.connection import wait as wait_for
from typing import Any, TypeVar

from stepladder.errors import StepladderError, UsageError

T = TypeVar("T")
R = TypeVar("R")

#: So many pieces wait for each worker, so that none is idle and few are made before their time.
AHEAD = 2
#: So often in a row a worker may die before the work itself is held to be the cause.
DEATHS = 3
#: Seconds in which a scheduler must answer.
PATIENCE = 15.0


@dataclass(frozen=True)
class Hands:
    """Who works.

    Attributes
    ----------
    workers
        Processes on this machine, one for each core when None; with one, everything is done in this one.
    cluster
        Address of a Dask scheduler, whose workers do it instead.
    """

    workers: int | None = None
    cluster: str | None = None


def each(function: Callable[[T], R], pieces: Iterable[T], hands: Hands) -> Iterator[R]:
    """Do all pieces, in whatever order they get done.

    Parameters
    ----------
    function
        At the top level of a module, so that other processes find it.
    pieces
        Taken one by one, when there is somebody to do them.
    hands
        Who does them.

    Raises
    ------
    UsageError
        When Dask is not installed, or no scheduler answers.
    StepladderError
        When workers die again and again.
    """
    if hands.cluster is not None:
        return _by_cluster(function, iter(pieces), hands.cluster)
    workers = hands.workers or os.cpu_count() or 1
    return map(function, pieces) if workers == 1 else _by_processes(function, iter(pieces), workers)


def _by_processes(function: Callable[[T], R], pieces: Iterator[T], workers: int) -> Iterator[R]:
    """Spawned, not forked: a solver's threads do not survive a fork."""
    waiting: list[T] = []
    deaths = 0
    while True:
        pool = ProcessPoolExecutor(workers, multiprocessing.get_context("spawn"), initializer=_end_with_parent)
        asked: dict[Future[R], T] = {}
        try:
            while True:
                for piece in [*waiting, *islice(pieces, max(0, workers * AHEAD - len(asked) - len(waiting)))]:
                    asked[pool.submit(function, piece)] = piece
                waiting = []
                if not asked:
                    return
                for done in wait(asked, return_when=FIRST_COMPLETED).done:
                    result = done.result()
                    del asked[done]
                    deaths = 0
                    yield result
        except BrokenProcessPool:
            deaths += 1
            waiting = list(asked.values())
            if deaths >= DEATHS:
                raise StepladderError("a worker process died again and again, perhaps for want of memory; try fewer workers (--workers 1)") from None
        finally:
            # Whoever stops in the middle does not wait for what is being done.
            for process in list((pool._processes or {}).values()):
                process.terminate() if asked else None
            pool.shutdown(wait=not asked, cancel_futures=True)


def _end_with_parent() -> None:
    """A worker ends when its parent is killed; nobody would ever ask it for anything again."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        threading.Thread(target=_watch, args=(parent.sentinel,), daemon=True).start()


def _watch(sentinel: int) -> None:
    wait_for([sentinel])
    os._exit(1)


def _by_cluster(function: Callable[[T], R], pieces: Iterator[T], address: str) -> Iterator[R]:
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise UsageError("--cluster needs Dask; install it with: pip install 'stepladder[cluster]'") from None
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError, TypeError) as error:
        raise UsageError(f"no Dask scheduler answers at {address}: {error}") from error
    with client:

        def more(count: int) -> list[Any]:
            # A worker that dies takes nothing along: the scheduler gives its pieces to another.
            return [client.submit(function, piece, pure=False, retries=DEATHS) for piece in islice(pieces, count)]

        threads = sum(client.nthreads().values())
        answers = as_completed(more(max(1, threads) * AHEAD), loop=client.loop)
        for done in answers:
            result = done.result()
            done.release()
            for asked in more(1):
                answers.add(asked)
            yield result
