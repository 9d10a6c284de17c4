"""One clock for a whole search: what time is left, and what work. Asked inside every loop that can be long."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

T = TypeVar("T")

#: The work of one unit: simplex iterations of small programs times their entries.
UNIT = 2e7
#: What looking at one change of a plan by hand takes, in the same units.
TRIAL = 300.0
#: So many things are done between two looks at the clock.
EVERY = 64


class TimeUp(Exception):
    """There is no time left for what was begun."""


class Clock(threading.Event):
    """The end of a search: the time limit, or when somebody sets it, from any thread.

    Parameters
    ----------
    seconds
        From now on, or None for as long as it takes.
    work
        Units of work, or None for as much as it takes. Work is only counted where the same problem always does the
        same, in the thread that searches.
    """

    def __init__(self, seconds: float | None = None, work: int | None = None) -> None:
        super().__init__()
        self.begun = time.monotonic()
        self._seconds, self._wanted = seconds, work
        self._work = 0.0
        self._raises = True
        self.counted: threading.Event = _Counted(self)

    def is_set(self) -> bool:
        """Whether the search is to end now."""
        return super().is_set() or self.late()

    def late(self, by: float = 0.0) -> bool:
        """Whether the time limit is past by so many seconds."""
        return self._seconds is not None and time.monotonic() - self.begun >= self._seconds + by

    def left(self) -> float | None:
        """Seconds until the time limit; None without one."""
        return None if self._seconds is None else self._seconds - (time.monotonic() - self.begun)

    def hurried(self) -> bool:
        """Whether half of the time is gone: what is nice to have is left out then."""
        return self._seconds is not None and self.late(-self._seconds / 2)

    def reserve(self, seconds: float) -> None:
        """Keep so much of the time that is left for what comes after the search."""
        if self._seconds is not None:
            self._seconds -= max(0.0, seconds)

    def check(self) -> None:
        """Go on only while there is time.

        Raises
        ------
        TimeUp
            When there is none.
        """
        if self._raises and self.is_set():
            raise TimeUp

    def quiet(self) -> None:
        """Raise nothing from now on: whoever searches asks for itself."""
        self._raises = False

    def watched(self, items: Iterable[T]) -> Iterator[T]:
        """The same items, as long as there is time; see ``check``."""
        for count, item in enumerate(items):
            if count % EVERY == 0:
                self.check()
            yield item

    def spend(self, work: float) -> None:
        """Count work."""
        self._work += work

    def spent(self) -> bool:
        """Whether the work that is wanted is done."""
        return self._wanted is not None and self._work // UNIT >= self._wanted


class Whole:
    """The end of all that one command does: when its seconds are over, or when it is asked to stop. Each of its
    searches looks at it.

    Parameters
    ----------
    seconds
        From now on, or None for as long as it takes.
    """

    def __init__(self, seconds: float | None = None) -> None:
        self._end = None if seconds is None else time.monotonic() + seconds
        self._stopped = threading.Event()

    def left(self) -> float | None:
        """Seconds that are left, 0 once it is asked to stop; None without a limit."""
        if self._stopped.is_set():
            return 0.0
        return None if self._end is None else max(0.0, self._end - time.monotonic())

    def over(self) -> bool:
        """Whether nothing more is to begin."""
        return self.left() == 0.0

    def stop(self) -> None:
        """Somebody has asked."""
        self._stopped.set()

    def __reduce__(self) -> tuple[type[Whole], tuple[float | None]]:
        """Another process has its own clock: it takes along what is left."""
        return Whole, (self.left(),)


class _Counted(threading.Event):
    """The same clock for searches by hand: each look at it counts as work, and it is set when that is done too."""

    def __init__(self, clock: Clock) -> None:
        super().__init__()
        self._clock = clock

    def is_set(self) -> bool:
        """Count one look; whether the time or the work is over."""
        self._clock.spend(TRIAL)
        return self._clock.is_set() or self._clock.spent()
