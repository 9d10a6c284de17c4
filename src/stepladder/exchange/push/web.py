"""Calls to one host, with patience: what may be asked again is, what may have been done is looked up by whoever asked."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

import httpx

from stepladder.errors import StepladderError, UsageError

#: Seconds between two attempts, and after the last of them no more.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
TIMEOUT = 30.0
#: Longest that a host may have us wait.
LONGEST = 120.0
LOOPBACK = ("localhost", "127.0.0.1", "::1")
THROTTLED, BUSY = 429, 500


class Refused(StepladderError):
    """The host has said no, and would say it again.

    Attributes
    ----------
    status
        HTTP status.
    """

    def __init__(self, status: int, message: str) -> None:
        self.status = status
        super().__init__(message)


class Unsure(StepladderError):
    """No answer came: what was asked for may have been done, or not."""


class Web:
    """One host. Redirects are not followed, other hosts are never contacted, TLS is verified, and no header is ever shown.

    Used as a context, it leaves no connection behind.

    Parameters
    ----------
    base
        Its address; https, but for this machine itself.
    headers
        Of every call, the token among them.
    pause
        How to wait, in seconds.
    """

    def __init__(self, base: str, headers: Mapping[str, str], pause: Callable[[float], None] = time.sleep) -> None:
        parts = urlsplit(base)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.username or parts.query:
            raise UsageError(f"{base!r} is no address of a tracker; write it as https://tracker.example")
        if parts.scheme == "http" and parts.hostname not in LOOPBACK:
            raise UsageError(f"{base} is not encrypted, and would show the token to whoever listens; use https")
        self.base, self.pause, self.pace = base.rstrip("/"), pause, 0.0
        self.client = httpx.Client(headers=dict(headers), follow_redirects=False, timeout=TIMEOUT)

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def url(self, path: str) -> str:
        """The whole address of a path, or of a link that the host itself gave.

        Raises
        ------
        StepladderError
            When the link leads elsewhere.
        """
        if "://" not in path:
            return f"{self.base}/{path.lstrip('/')}"
        here, there = urlsplit(self.base), urlsplit(path)
        if (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise StepladderError(f"{self.base} sends us to {there.netloc}, which is another host; nothing was sent there")
        return path

    def get(self, path: str, **params: Any) -> Any:
        """Ask; again as often as it takes."""
        return self.send("GET", path, params=params).json()

    def send(self, method: str, path: str, body: Any = None, params: Mapping[str, Any] | None = None, *, again: bool = True) -> httpx.Response:
        """One call, asked again after being told to wait, and if ``again`` after no answer or a host in trouble.

        Raises
        ------
        Refused
            When the host says no.
        Unsure
            When no answer came, or none that says what was done.
        """
        url, why = self.url(path), ""
        for pause in (*PAUSES, None):
            wait = pause
            if method != "GET" and self.pace:
                self.pause(self.pace)
            try:
                answer = self.client.request(method, url, json=body, params=dict(params or {}) or None)
            except httpx.TransportError as error:
                why = f"{method} {urlsplit(url).path}: {type(error).__name__}"
            else:
                if answer.status_code < 300:
                    return answer
                why = f"{method} {urlsplit(url).path}: {answer.status_code} {_said(answer)}"
                if answer.status_code == THROTTLED or (answer.status_code == 403 and "retry-after" in answer.headers):
                    wait = None if pause is None else max(pause, _asked_to_wait(answer))
                    if wait is not None:
                        self.pause(wait)
                        continue
                elif answer.status_code < BUSY:
                    raise Refused(answer.status_code, why)
            if wait is None or not again:
                raise Unsure(f"no answer from {urlsplit(self.base).netloc}: {why}")
            self.pause(wait)
        raise AssertionError(why)


def once(there: Callable[[], bool], do: Callable[[], object]) -> None:
    """Do what must not be done twice: not if it is there already, and after no answer not before having looked."""
    if there():
        return
    try:
        do()
    except Unsure:
        if not there():
            do()


def _asked_to_wait(answer: httpx.Response) -> float:
    try:
        return min(LONGEST, float(answer.headers.get("retry-after", 0)))
    except ValueError:
        return 0.0


def _said(answer: httpx.Response) -> str:
    """What the host says is wrong, in one line."""
    return " ".join(answer.text.split())[:300]
