"""Whoever asks the program to stop is heard in one way: Ctrl-C, SIGTERM and a terminal that goes away (SIGHUP) are
the same.
"""

from __future__ import annotations

import contextlib
import signal
import sys
import threading
from types import FrameType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sys import UnraisableHookArgs

#: Seconds after which somebody who was not heard is heard again.
AGAIN = 0.01
_KINDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_heard: list[int] = []


def install() -> None:
    """Turn them into KeyboardInterrupt; those that whoever started us has switched off (``nohup``) stay so."""
    for name in _KINDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)
    sys.unraisablehook = _unheard


def rest() -> None:
    """The command has ended, and how is decided: whoever asks now asks for what is happening anyway."""
    for name in _KINDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) == _stop:
            signal.signal(number, signal.SIG_IGN)


def heard() -> bool:
    """Whether anybody has asked."""
    return bool(_heard)


def _stop(number: int, _: FrameType | None) -> None:
    _heard.append(number)
    raise KeyboardInterrupt


def _unheard(lost: UnraisableHookArgs) -> None:
    """Code that is not Python's can raise nothing, and would drop it: it is raised again, as soon as that code is
    left.
    """
    if not issubclass(lost.exc_type, KeyboardInterrupt):
        sys.__unraisablehook__(lost)
        return
    again = threading.Timer(AGAIN, signal.raise_signal, (_heard[-1] if _heard else signal.SIGINT,))
    again.daemon = True
    with contextlib.suppress(RuntimeError):
        again.start()
