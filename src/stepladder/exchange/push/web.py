"""Calls to one host, with patience: what may be asked again is, what may have been done is looked up by whoever
asked.
"""

from __future__ import annotations

import base64
import binascii
import os
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import urlsplit

import httpx

from stepladder.errors import UsageError
from stepladder.exchange.push.address import below, checked, proxy_for, same_host
from stepladder.exchange.push.faults import Foreign, Refused, Unsure, connection, page, status
from stepladder.exchange.push.line import JSON, LIMITS, Limits, Line, Raw
from stepladder.exchange.push.shapes import shaped

T = TypeVar("T")
#: Seconds between two attempts, and after the last of them no more.
PAUSES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
#: Longest that a host may have us wait, and from how long on we say so.
LONGEST, TOLD = 120.0, 4.0
THROTTLED, BUSY = 429, 500
#: Characters of which a shorter token would be taken out of words that only look like it.
SECRET = 6


@dataclass(frozen=True)
class _Trouble:
    """An attempt without an answer: why, whether asking again is of use, and how long we were asked to wait, if at
    all.
    """

    why: str
    passing: bool = True
    asked: float | None = None


class Web:
    """One host. Redirects are not followed, other hosts are never contacted, TLS is verified, and no header is ever
    shown.

    Used as a context, it leaves no connection behind.

    Parameters
    ----------
    base
        Its address; https, but for this machine itself.
    headers
        Of every call, the token among them.
    pause
        How to wait, in seconds.
    tell
        Where to say what somebody should know meanwhile: a proxy on the way, a long wait.
    environment
        Where a proxy may be named, which is used for https only.
    limits
        How much the host may take.
    transport
        Instead of the network.
    """

    def __init__(
        self,
        base: str,
        headers: Mapping[str, str],
        pause: Callable[[float], None] = time.sleep,
        *,
        tell: Callable[[str], None] = lambda _: None,
        environment: Mapping[str, str] = os.environ,
        limits: Limits | None = None,
        transport: httpx.BaseTransport | None = None,
    ) -> None:
        self.base, self.pause, self.tell, self.pace = checked(base), pause, tell, 0.0
        self.limits = limits or LIMITS
        self.host = urlsplit(self.base).netloc
        proxy = proxy_for(self.base, environment) if transport is None else None
        self.proxy = proxy.shown if proxy else ""
        if proxy:
            tell(f"{self.host} is reached through the proxy {proxy.shown}, as {proxy.variable} says")
        self.secrets = tuple(
            sorted(
                {word for word in _secrets(headers, proxy.url if proxy else "") if len(word) >= SECRET},
                key=len,
                reverse=True,
            )
        )
        self.line = Line(headers, self.limits, proxy, encrypted=self.base.startswith("https:"), transport=transport)
        self.calls = self.lost = self.received = 0
        #: Seconds that the host has asked to wait before the next call, be it with a yes.
        self.asked = 0.0
        self.answered = False

    def __enter__(self) -> Web:
        return self

    def __exit__(self, *_: object) -> None:
        self.line.client.close()

    def url(self, path: str) -> str:
        """The whole address of a path, or of a link that the host itself gave.

        Raises
        ------
        Foreign
            When the link leads elsewhere.
        """
        if "://" not in path:
            return f"{self.base}/{path.lstrip('/')}"
        if not same_host(self.base, path):
            raise Foreign(f"{self.host} sends us to another host for its next page; nothing was sent there")
        if not below(self.base, path):
            raise Foreign(f"{self.host} sends us out of {self.base} for its next page; nothing was sent there")
        return path

    def get(self, path: str, shape: type[T], **params: Any) -> T:
        """Ask, again as often as it takes, and read the answer."""
        return self.ask("GET", path, shape, params=params)

    def ask(
        self,
        method: str,
        path: str,
        shape: type[T],
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        *,
        again: bool = True,
        kind: str = JSON,
    ) -> T:
        """One call, and its answer read.

        Raises
        ------
        Foreign
            When the answer has another shape.
        """
        answer = self.send(method, path, body, params, again=again, kind=kind)
        return self.read(answer, shape, _where(method, self.url(path)))

    def read(self, answer: Raw, shape: type[T], where: str) -> T:
        """The content of an answer, without anything in it that is secret."""
        return shaped(answer, shape, f"{self.host}: {where}", self.hidden)

    def project(self, path: str, shape: type[T], what: str, **params: Any) -> T:
        """The first call, by which it is known whether the project is there for this token.

        Raises
        ------
        UsageError
            When it is not.
        """
        try:
            return self.get(path, shape, **params)
        except Refused as error:
            raise UsageError(
                f"no {what} at {self.base} for this token (404)" if error.status == 404 else str(error)
            ) from error

    def send(
        self,
        method: str,
        path: str,
        body: Any = None,
        params: Mapping[str, Any] | None = None,
        *,
        again: bool = True,
        kind: str = JSON,
    ) -> Raw:
        """One call, asked again after being told to wait, and if ``again`` after no answer or a host in trouble.

        Parameters
        ----------
        method, path, params
            Of the call.
        body
            What is sent as JSON; None for nothing.
        again
            Whether the call may be made twice.
        kind
            What the call says that its body is.

        Raises
        ------
        Refused
            When the host says no.
        Foreign
            When what answers is no tracker.
        Unsure
            When no answer came, or none that says what was done.
        """
        url, begun, trouble = self.url(path), time.monotonic(), _Trouble("")
        self._count()
        for pause in (*PAUSES, None):
            self._slow(method)
            reply = self._attempt(method, url, body, params, kind)
            if isinstance(reply, Raw):
                return reply
            trouble = reply
            patient = trouble.asked is not None or (
                again and trouble.passing and time.monotonic() - begun < self.limits.patience
            )
            if pause is None or not patient:
                break
            self._wait(max(pause, trouble.asked or 0.0), trouble.why)
        self.lost += 1
        raise Unsure(f"no answer from {self.host}: {_where(method, url)}: {trouble.why}")

    def hidden(self, text: str) -> str:
        """A text without what is secret, should a host say it back."""
        for word in self.secrets:
            text = text.replace(word, "…")
        return text

    def _count(self) -> None:
        self.calls += 1
        if self.calls > self.limits.calls:
            raise Foreign(
                f"{self.host} has had us make {self.limits.calls:,} calls, and it is not the end; nothing more is asked"
            )
        if self.lost >= self.limits.lost:
            raise Unsure(f"{self.host} left {self.lost} calls in a row without an answer; nothing more was asked of it")

    def _slow(self, method: str) -> None:
        """Wait as long as calls that change something are apart, and as the last answer asked for."""
        if method != "GET" and self.pace:
            self.pause(self.pace)
        if self.asked:
            self._wait(self.asked, "it asks for fewer calls")
            self.asked = 0.0

    def _wait(self, seconds: float, why: str) -> None:
        if seconds >= TOLD:
            self.tell(f"{self.host}: {why}; asking again in {seconds:.0f} s")
        self.pause(seconds)

    def _attempt(self, method: str, url: str, body: Any, params: Mapping[str, Any] | None, kind: str) -> Raw | _Trouble:
        where = _where(method, url)
        try:
            answer = self.line.exchange(method, url, body, params, kind)
        except (httpx.TransportError, OSError) as error:
            why, passing = connection(error, self.host, self.proxy)
            # A host that has answered before may be on its way back; one that never has is most likely none.
            return _Trouble(self.hidden(why), passing and self.answered)
        except httpx.InvalidURL as error:
            raise Foreign(f"{self.host}: {where}: what it names as its next page is no address") from error
        except Unsure as error:
            return _Trouble(str(error), self.answered)
        except Foreign as error:
            raise Foreign(f"{self.host}: {where}: {error}") from error
        return self._judged(answer, where)

    def _judged(self, answer: Raw, where: str) -> Raw | _Trouble:
        """An answer that says yes, trouble that may pass; a no is raised."""
        code, self.answered = answer.status, True
        self.received += len(answer.body)
        why = self.hidden(status(code, "" if page(answer.body) else answer.text, answer.headers.get("location", "")))
        if 200 <= code < 300:
            self.lost = 0
            if page(answer.body):
                raise Foreign(f"{self.host}: {where}: {page(answer.body, code)}")
            self.asked = _asked_to_wait(answer.headers)
            return answer
        if code == THROTTLED or (code == 403 and "retry-after" in answer.headers):
            return _Trouble(why, asked=_asked_to_wait(answer.headers))
        if code >= BUSY:
            self.asked = _asked_to_wait(answer.headers)
            return _Trouble(why, code not in (501, 505))
        self.lost = 0
        raise Refused(code, f"{self.host}: {where}: {why}", self.hidden(answer.text))


def once(there: Callable[[], bool], do: Callable[[], object]) -> None:
    """Do what must not be done twice: not if it is there already, and after no answer not before having looked."""
    if there():
        return
    try:
        do()
    except Unsure:
        if not there():
            do()


def _where(method: str, url: str) -> str:
    return f"{method} {urlsplit(url).path}"


def _secrets(headers: Mapping[str, str], proxy: str) -> Iterable[str]:
    """What must not be seen: the tokens in the headers, also as they were before they were packed, and a proxy's
    password.
    """
    for name, value in headers.items():
        if name.lower() in ("authorization", "x-redmine-api-key"):
            word = value.rpartition(" ")[2]
            yield word
            if value.startswith("Basic "):
                try:
                    yield base64.b64decode(word).decode().partition(":")[2]
                except (binascii.Error, ValueError):
                    continue
    if proxy:
        yield urlsplit(proxy).password or ""


def _asked_to_wait(headers: Mapping[str, str]) -> float:
    try:
        seconds = float(headers.get("retry-after", 0))
    except ValueError:
        return 0.0
    return min(LONGEST, seconds) if seconds > 0 else 0.0
