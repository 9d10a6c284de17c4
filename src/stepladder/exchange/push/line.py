"""One call over the wire, bounded in time and in size whatever the other end does."""

from __future__ import annotations

import re
import socket
import threading
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import httpx

from stepladder.errors import UsageError
from stepladder.exchange.push.address import Proxy
from stepladder.exchange.push.faults import Foreign, Unsure, brief

#: zlib's word for "gzip or zlib, whichever it is".
_EITHER = 47
#: What a body is, unless a call says otherwise.
JSON = "application/json"


@dataclass(frozen=True)
class Limits:
    """How much a tracker may take.

    Attributes
    ----------
    connect, silence, call
        Seconds for a connection, without a byte, and for a whole call.
    patience
        Seconds that one call is asked again where no answer came.
    size
        Bytes of one answer.
    pages, listed
        Pages and bytes of one list.
    calls
        Calls of one command.
    lost
        Calls in a row that stay without an answer, each asked again as often as it is worth, before nothing more is
        asked.
    """

    connect: float = 10.0
    silence: float = 30.0
    call: float = 60.0
    patience: float = 120.0
    size: int = 16 << 20
    pages: int = 1_000
    listed: int = 256 << 20
    calls: int = 200_000
    lost: int = 3


#: Those of the commands.
LIMITS = Limits()


@dataclass(frozen=True)
class Raw:
    """An answer as it came: status, headers, and the whole body."""

    status: int
    headers: httpx.Headers
    body: bytes

    @property
    def text(self) -> str:
        """The body as far as it is text."""
        return self.body[:10_000].decode(errors="replace")

    @property
    def following(self) -> str:
        """The address of a list's next page, where the headers name one."""
        told = re.search(r'<([^<>]*)>\s*;[^,<]*\brel="?next\b', self.headers.get("link", "")[:10_000])
        return told[1] if told else ""


class Line:
    """A client that follows nobody, and takes from the environment nothing but whom to trust.

    Parameters
    ----------
    headers
        Of every call.
    limits
        How much the other end may take.
    proxy
        On the way; None if there is none.
    transport
        Instead of the network.

    Raises
    ------
    UsageError
        When the environment names certificates that cannot be read.
    """

    def __init__(
        self,
        headers: Mapping[str, str],
        limits: Limits,
        proxy: Proxy | None,
        *,
        encrypted: bool,
        transport: httpx.BaseTransport | None,
    ) -> None:
        timeout = httpx.Timeout(limits.silence, connect=limits.connect)
        try:
            verify: Any = httpx.create_ssl_context(trust_env=True) if encrypted and transport is None else True
        except OSError as error:
            raise UsageError(
                f"SSL_CERT_FILE or SSL_CERT_DIR names certificates that cannot be read: {error.strerror or error}"
            ) from error
        self.limits, self.watch = limits, _Watch()
        self.client = httpx.Client(
            # Unpacked, so that a small answer cannot be a large one.
            headers={**headers, "Accept-Encoding": "identity"},
            follow_redirects=False,
            timeout=timeout,
            trust_env=False,
            verify=verify,
            proxy=proxy.url if proxy else None,
            transport=transport,
        )

    def exchange(self, method: str, url: str, body: Any, params: Mapping[str, Any] | None, kind: str = JSON) -> Raw:
        """Send, and read the whole answer.

        Parameters
        ----------
        method, url, params
            Of the call.
        body
            What is sent as JSON; None for nothing.
        kind
            What the call says that its body is.

        Raises
        ------
        Foreign
            When the answer is larger than may be, or cannot be unpacked.
        Unsure
            When it takes longer than may be.
        """
        request = self.client.build_request(
            method,
            url,
            json=body,
            params=dict(params or {}) or None,
            headers=None if body is None else {"Content-Type": kind},
            extensions={"trace": self.watch.trace},
        )
        with self.watch.until(self.limits.call):
            try:
                answer = self.client.send(request, stream=True)
                try:
                    return Raw(answer.status_code, answer.headers, _body(answer, self.limits.size))
                finally:
                    answer.close()
                    # Each call stands for itself.
                    self.client.cookies.clear()
            except (httpx.TransportError, OSError, ValueError):
                if self.watch.over:
                    raise Unsure(f"the answer had not come as a whole after {self.limits.call:g} s") from None
                raise


def _body(answer: httpx.Response, most: int) -> bytes:
    """As it comes, unpacked where it was packed unasked, and never more than may be."""
    packed = answer.headers.get("content-encoding", "").strip().lower()
    if packed not in ("", "identity", "gzip", "x-gzip", "deflate"):
        raise Foreign(f"the answer is packed in a way that was not asked for ({brief(packed[:20])})")
    parts, size = [], 0
    for part in answer.iter_raw():
        size += len(part)
        if size > most:
            raise Foreign(_too_large(most))
        parts.append(part)
    whole = b"".join(parts)
    return whole if packed in ("", "identity") or not whole else _unpacked(whole, most)


def _unpacked(packed: bytes, most: int) -> bytes:
    try:
        whole = zlib.decompressobj(_EITHER).decompress(packed, most + 1)
    except zlib.error as error:
        raise Foreign("the answer says that it is packed, and cannot be unpacked") from error
    if len(whole) > most:
        raise Foreign(_too_large(most))
    return whole


def _too_large(most: int) -> str:
    return f"the answer is larger than {most / (1 << 20):,.0f} MB, which no answer of a tracker is"


class _Watch:
    """Ends a call by shutting down what it stands on: a time-out between two bytes would begin anew with every byte."""

    def __init__(self) -> None:
        self.over = False
        self.sockets: list[socket.socket] = []

    def trace(self, event: str, told: Mapping[str, Any]) -> None:
        """Note the connection of the call and of those that use it after it; httpx tells of it by these names."""
        if event.endswith("connect_tcp.started"):
            self.sockets.clear()
        elif event.endswith(("connect_tcp.complete", "start_tls.complete")):
            stream = told.get("return_value")
            socket_ = stream.get_extra_info("socket") if stream is not None else None
            if isinstance(socket_, socket.socket):
                self.sockets.append(socket_)

    def end(self) -> None:
        """Time is up."""
        self.over = True
        for socket_ in list(self.sockets):
            with suppress(OSError):
                # That of the class, because that of an encrypted socket would drop its keys under the reader's hands.
                socket.socket.shutdown(socket_, socket.SHUT_RDWR)

    @contextmanager
    def until(self, seconds: float) -> Iterator[None]:
        """A call that may take so long."""
        self.over = False
        timer = threading.Timer(seconds, self.end)
        timer.daemon = True
        timer.start()
        try:
            yield
        finally:
            timer.cancel()
