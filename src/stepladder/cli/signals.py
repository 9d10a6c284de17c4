"""Whoever asks the program to stop is heard in one way: Ctrl-C, SIGTERM and a terminal that goes away (SIGHUP) are the same."""

from __future__ import annotations

import signal
from types import FrameType

_KINDS = ("SIGINT", "SIGTERM", "SIGHUP", "SIGBREAK")
_heard: list[int] = []


def install() -> None:
    """Turn them into KeyboardInterrupt; those that whoever started us has switched off (``nohup``) stay so."""
    for name in _KINDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, _stop)


def heard() -> bool:
    """Whether anybody has asked."""
    return bool(_heard)


def _stop(number: int, _: FrameType | None) -> None:
    _heard.append(number)
    raise KeyboardInterrupt
