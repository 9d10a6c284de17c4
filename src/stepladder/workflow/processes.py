"""Worker processes on this machine. Whichever of them dies when, no piece of work is lost; and none of them outlives
its parent.

Each worker has a pipe of its own. What is written there by nobody else cannot be left half written or locked by
somebody who died, so that a death is seen at once, and only what that worker had is done again.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import queue
import signal
import sys
import threading
from collections import deque
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import islice
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection
from multiprocessing.connection import wait as wait_for
from multiprocessing.context import SpawnProcess
from typing import Any, Generic, TypeVar

from stepladder.errors import StepladderError

T = TypeVar("T")
R = TypeVar("R")

#: So many pieces are with each worker, so that none is idle and few are made before their time.
AHEAD = 2
#: So often in a row may as many workers die as there are, before the work itself is held to be the cause.
DEATHS = 3
#: Seconds that a worker may take to end after it was asked to.
GRACE = 5.0


def by_processes(function: Callable[[T], R], pieces: Iterator[T], workers: int) -> Generator[R]:
    """Do all pieces, in whatever order they get done.

    Raises
    ------
    StepladderError
        When workers die again and again.
    """
    crew = _Crew(function, _Pieces(pieces), workers)
    try:
        while crew.busy():
            yield from crew.done()
    finally:
        # Whoever stops in the middle does not wait for what is being done.
        crew.end()


@dataclass(frozen=True)
class _Answer(Generic[R]):
    """What comes back of one piece."""

    result: R
    error: Exception | None = None


class _Pieces(Generic[T]):
    """What is still to be given out. What comes back goes first, but for what its worker died of: that goes last,
    and alone, so that no other is lost to it.
    """

    def __init__(self, pieces: Iterator[T]) -> None:
        self.pieces = pieces
        self.back: deque[T] = deque()
        self.deadly: deque[T] = deque()

    def ahead(self, count: int, *, alone: bool) -> int:
        """How many there are, up to so many, for somebody who is alone at work or not."""
        self.back.extend(islice(self.pieces, max(0, count - len(self.back))))
        return min(count, len(self.back) or int(alone and bool(self.deadly)))

    def take(self, *, alone: bool) -> T | None:
        """One piece; None where there is none for now."""
        if self.ahead(1, alone=alone) == 0:
            return None
        return self.back.popleft() if self.back else self.deadly.popleft()


@dataclass
class _Worker(Generic[T]):
    """A process, our end of its pipe, and what was given to it and has not come back: first what it is doing."""

    process: SpawnProcess
    pipe: Connection[Any, Any]
    given: deque[T] = field(default_factory=deque)


class _Crew(Generic[T, R]):
    """All workers, and who has which pieces: each piece is still to be given out, or with one worker, at every
    moment.
    """

    def __init__(self, function: Callable[[T], R], pieces: _Pieces[T], size: int) -> None:
        self.function, self.pieces, self.size = function, pieces, size
        self.workers: list[_Worker[T]] = []
        self.deaths = 0

    def busy(self) -> bool:
        """Give out what can be given out; whether anybody has anything to do."""
        self._hire()
        for most in range(1, AHEAD + 1):
            for worker in self.workers:
                if len(worker.given) < most:
                    self._give(worker)
        return self._at_work()

    def _at_work(self) -> bool:
        return any(worker.given for worker in self.workers)

    def _hire(self) -> None:
        """Start all that there is work for, before any is given: they start at the same time."""
        idle = sum(not worker.given for worker in self.workers)
        while len(self.workers) < self.size and self.pieces.ahead(idle + 1, alone=not self._at_work()) > idle:
            try:
                self.workers.append(_started(self.function))
            except OSError as error:
                if not self.workers:
                    raise StepladderError(
                        f"no worker process can be started: {error.strerror or error}; try --workers 1"
                    ) from error
                self.size = len(self.workers)
            idle += 1

    def _give(self, worker: _Worker[T]) -> None:
        piece = self.pieces.take(alone=not self._at_work())
        if piece is not None:
            worker.given.append(piece)
            # Where it is dead, that is seen when we wait for it.
            with suppress(OSError):
                worker.pipe.send(piece)

    def done(self) -> Iterator[R]:
        """What has come back by now, at least one answer or one death."""
        wait_for([worker.pipe for worker in self.workers])
        for worker in list(self.workers):
            while (answer := self._heard(worker)) is not None:
                if answer.error is not None:
                    raise answer.error
                yield answer.result

    def _heard(self, worker: _Worker[T]) -> _Answer[R] | None:
        """An answer that has come, if one has; what a dead worker had is taken back."""
        try:
            answer: _Answer[R] | None = worker.pipe.recv() if worker.pipe.poll() else None
        except (EOFError, OSError):
            self._buried(worker)
            return None
        if answer is not None:
            worker.given.popleft()
            self.deaths = 0
        return answer

    def _buried(self, worker: _Worker[T]) -> None:
        self.workers.remove(worker)
        worker.pipe.close()
        worker.process.kill()
        worker.process.join()
        if worker.given:
            self.pieces.deadly.append(worker.given.popleft())
        self.pieces.back.extendleft(reversed(worker.given))
        self.deaths += 1
        if self.deaths >= DEATHS * self.size:
            raise StepladderError(
                "worker processes died again and again, perhaps for want of memory; try fewer workers (--workers 1)"
            )

    def end(self) -> None:
        """End everybody."""
        for worker in self.workers:
            worker.pipe.close()
            worker.process.terminate()
        for worker in self.workers:
            worker.process.join(GRACE)
            if worker.process.exitcode is None:
                worker.process.kill()
                worker.process.join()


# -- a worker ----------------------------------------------------------------------------------------------------------


def _started(function: Callable[[Any], Any]) -> _Worker[Any]:
    """Spawned, not forked: a solver's threads do not survive a fork."""
    spawn = multiprocessing.get_context("spawn")
    ours, theirs = spawn.Pipe()
    # A system ends a worker with the thread that started it, so only of the main one that is to be asked for.
    parent = os.getpid() if threading.current_thread() is threading.main_thread() else None
    process = spawn.Process(target=_work, args=(theirs, function, parent), daemon=True)
    # That would let Ctrl-C through.
    resource_tracker.ensure_running()
    with _no_ctrl_c():
        process.start()
    # Nobody else holds that end: when the worker dies, ours says so.
    theirs.close()
    return _Worker(process, ours)


@contextmanager
def _no_ctrl_c() -> Iterator[None]:
    """Ctrl-C on a terminal goes to workers as well, which are to leave it to their parent, while they still start,
    too.
    """
    if not hasattr(signal, "pthread_sigmask"):
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _work(pipe: Connection[Any, Any], function: Callable[[Any], Any], parent: int | None) -> None:
    """Do one piece after the other, until the other end of the pipe is closed."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if hasattr(signal, "pthread_sigmask"):
        signal.pthread_sigmask(signal.SIG_UNBLOCK, [signal.SIGINT])
    _end_with(parent)
    pieces: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_receive, args=(pipe, pieces), daemon=True).start()
    while True:
        answer = _answered(function, pieces.get())
        try:
            pipe.send_bytes(answer)
        except OSError:
            os._exit(1)


def _answered(function: Callable[[Any], Any], piece: bytes) -> bytes:
    """What comes out, or what went wrong, which is raised where the answer was wanted."""
    try:
        return pickle.dumps(_Answer(function(pickle.loads(piece))))
    except Exception as error:  # noqa: BLE001 - a worker goes on with the next piece; it is raised in our parent
        try:
            answer = pickle.dumps(_Answer(None, error))
            pickle.loads(answer)
        except Exception:  # noqa: BLE001 - an error that cannot be sent may raise any other while that is tried
            return pickle.dumps(_Answer(None, StepladderError(f"{type(error).__name__}: {error}")))
        return answer


def _receive(pipe: Connection[Any, Any], pieces: queue.SimpleQueue[bytes]) -> None:
    """Take what comes, so that nobody waits to give it; when the parent is gone, nobody will ever ask for anything
    again.
    """
    while True:
        try:
            pieces.put(pipe.recv_bytes())
        except (EOFError, OSError):
            os._exit(1)


def _end_with(parent: int | None) -> None:
    """Where the system can, it ends a worker with its parent, even one that is deep in a solver."""
    if sys.platform == "linux" and parent is not None:
        import ctypes

        with suppress(OSError, AttributeError):
            ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG
        if os.getppid() != parent:
            os._exit(1)
