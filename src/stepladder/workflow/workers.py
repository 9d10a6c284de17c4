"""Who does the work of a sweep: this process, more processes on this machine, or a Dask cluster. The same work, the
same answers.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Generator, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, TypeVar

from stepladder.errors import StepladderError, UsageError
from stepladder.workflow.processes import AHEAD, DEATHS, by_processes

T = TypeVar("T")
R = TypeVar("R")

#: Seconds in which a scheduler must answer.
PATIENCE = 15.0


@dataclass(frozen=True)
class Workers:
    """Who works.

    Attributes
    ----------
    count
        Processes on this machine, one for each core when None; with one, everything is done in this one.
    cluster
        Address of a Dask scheduler, whose workers do it instead.
    """

    count: int | None = None
    cluster: str | None = None


def each(function: Callable[[T], R], pieces: Iterable[T], workers: Workers) -> Generator[R]:
    """Do all pieces, in whatever order they get done.

    Parameters
    ----------
    function
        At the top level of a module, so that other processes find it.
    pieces
        Taken one by one, when there is somebody to do them.
    workers
        Who does them.

    Raises
    ------
    UsageError
        When Dask is not installed, or no scheduler answers.
    StepladderError
        When workers die again and again, or the scheduler goes away.
    """
    if workers.cluster is not None:
        return _by_cluster(function, iter(pieces), workers.cluster)
    count = workers.count or os.cpu_count() or 1
    return (function(piece) for piece in pieces) if count == 1 else by_processes(function, iter(pieces), count)


def _by_cluster(function: Callable[[T], R], pieces: Iterator[T], address: str) -> Generator[R]:
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
            """At most so many further pieces, given to the scheduler."""
            # A worker that dies takes nothing along: the scheduler gives its pieces to another.
            return [client.submit(function, piece, pure=False, retries=DEATHS) for piece in islice(pieces, count)]

        threads = sum(client.nthreads().values())
        answers = as_completed(more(max(1, threads) * AHEAD), loop=client.loop)
        for done in answers:
            result = _taken(done, address)
            done.release()
            for asked in more(1):
                answers.add(asked)
            yield result


def _taken(done: Any, address: str) -> Any:
    """An answer from the cluster; what went wrong there, and not in the work itself, in our own words."""
    from concurrent.futures import CancelledError

    from distributed import CancelledError as Cancelled
    from distributed.scheduler import KilledWorker

    try:
        return done.result()
    except KilledWorker:
        raise StepladderError(
            "workers of the cluster died again and again, perhaps for want of memory; the same command goes on where it"
            " is kept"
        ) from None
    except (Cancelled, CancelledError, OSError, TimeoutError) as error:
        raise StepladderError(
            f"the Dask scheduler at {address} went away ({type(error).__name__}); the same command goes on where it is"
            " kept"
        ) from None
