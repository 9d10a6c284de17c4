"""What can go wrong between us and a tracker: as exceptions that say what may be done next, and as sentences.

A sentence names the host and the path, never a header, never a query, and of what the host itself says one short line.
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterator, Mapping

import httpx

from stepladder.errors import StepladderError
from stepladder.wording.text import clean, cut

#: Columns of what a host says that are shown.
SHOWN = 300


class Refused(StepladderError):
    """The host has said no, and would say it again.

    Attributes
    ----------
    status
        HTTP status.
    reply
        What the host itself said, without what is secret.
    """

    def __init__(self, status: int, message: str, reply: str = "") -> None:
        self.status, self.reply = status, reply
        super().__init__(message)


class Incomplete(Refused):
    """The host wants more of what is to be made than the mapping sets, or another value, and will want it of all the
    others too.
    """


class Unsure(StepladderError):
    """No answer came: what was asked for may have been done, or not."""


class Foreign(StepladderError):
    """What came is not what such a tracker answers. It may have done what was asked for; asking again is of no use."""


_STATUS: Mapping[int, str] = {
    400: "the tracker takes what it was sent for a mistake",
    401: "the tracker does not accept this token; is it the right one, and still valid?",
    402: "the tracker wants to be paid first",
    403: (
        "the tracker accepts this token, and does not let it do that; give it the right, or switch the REST interface"
        " on there"
    ),
    404: "the tracker has no such thing, or hides it from this token",
    405: "the tracker does not know this call; is the address that of its REST interface?",
    406: "the tracker has no answer as JSON",
    407: "a proxy on the way wants to know who is asking",
    408: "the tracker waited too long for the call",
    409: "the tracker says that this contradicts what is there",
    410: "what was there has been deleted",
    412: "the tracker wants a condition that was not met",
    413: "what was sent is too large for the tracker",
    414: "the address is too long for the tracker",
    415: "the tracker does not take JSON",
    418: "the tracker jokes",
    422: "the tracker refuses what it was sent",
    423: "what is there is locked",
    429: "the tracker asks to wait, longer than is waited here; try again later",
    431: "the headers are too large for the tracker",
    451: "the tracker may not answer for legal reasons",
    500: "the tracker has failed inside",
    501: "the tracker cannot do that",
    502: "what stands before the tracker cannot reach it",
    503: "the tracker is out of service for now",
    504: "what stands before the tracker got no answer from it",
}


def status(code: int, reply: str = "", location: str = "") -> str:
    """What an HTTP status that is not a yes means, and what the host adds."""
    if 300 <= code < 400:
        return _redirect(code, location)
    meaning = _STATUS.get(code) or (
        "the tracker refuses"
        if 400 <= code < 500
        else "the tracker has failed inside"
        if code < 600
        else "no status that exists"
    )
    return f"{meaning} ({code}){f': {brief(reply)}' if reply.strip() else ''}"


def _redirect(code: int, location: str) -> str:
    """Where to, without query and login data; a login looks like one."""
    place = brief(location.partition("?")[0].partition("#")[0])
    login = any(word in place.lower() for word in ("login", "signin", "sso", "auth"))
    where = " to an address with a password in it" if "@" in place else f" to {place}" if place else ""
    rest = f"({code}); no redirect is followed, so that the token goes nowhere else"
    if login:
        return f"the tracker wants us to log in{where} {rest}. Is this token accepted by its REST interface?"
    return (
        f"the tracker sends us on{where} {rest}. Give the final address with --url, or the project's new name with"
        " --project"
    )


def page(body: bytes, code: int = 200) -> str:
    """What a web page in place of data means; empty where it is none. With 203 Azure DevOps sends one to log in."""
    begin = body[:200_000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not begin.startswith((b"<!doctype html", b"<html", b"<head", b"<body", b"<script")):
        return ""
    if code == 203:
        return "a page to log in came back, not data (203): the tracker does not accept this token; is it still valid?"
    if b'type="password"' in begin or b"type=password" in begin or b"type='password'" in begin:
        return (
            "a page to log in came back, not data; is this token accepted by the REST interface, and is the address"
            " that of the tracker?"
        )
    return "a web page came back, not data; is the address that of the tracker?"


def brief(text: str) -> str:
    """One short line of what a host says."""
    return cut(clean(text[: 20 * SHOWN]), SHOWN)


def causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and what it came from."""
    known: set[int] = set()
    at: BaseException | None = error
    while at is not None and id(at) not in known:
        known.add(id(at))
        yield at
        at = at.__cause__ or at.__context__


def connection(error: httpx.TransportError | OSError, host: str, proxy: str) -> tuple[str, bool]:
    """What a failure on the way means, and whether it may be another one later.

    Parameters
    ----------
    error
        From httpx, with the operating system's as its cause.
    host
        Name and port of the tracker.
    proxy
        The proxy on the way, empty if there is none.
    """
    there = f"the proxy {proxy}" if proxy else host
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return (
                f"the certificate of {host} is not to be trusted: {brief(cause.verify_message)}. Nothing was sent",
                False,
            )
        if isinstance(cause, ssl.SSLError):
            return (
                (
                    f"no encrypted connection to {host} ({brief(cause.reason or 'TLS failed')}); is this an https"
                    " address? Nothing was sent"
                ),
                False,
            )
        if isinstance(cause, socket.gaierror):
            return (
                (
                    f"there is no host of the name {there.removeprefix('the proxy ').partition('://')[2] or there}, or"
                    " it cannot be looked up"
                ),
                True,
            )
        if isinstance(cause, ConnectionRefusedError):
            return f"nothing listens at {there}: the connection was refused", True
        if isinstance(cause, UnicodeError):
            return f"{host} is no name that a host can have", False
    return _told_by_httpx(error, there, host)


def _told_by_httpx(error: httpx.TransportError | OSError, there: str, host: str) -> tuple[str, bool]:
    """The same by the kind of httpx's exception."""
    if isinstance(error, httpx.ProxyError):
        return f"{there} refuses to pass us on: {brief(str(error))}", False
    if isinstance(error, httpx.ConnectTimeout):
        return f"{there} does not take the connection within the time allowed", True
    if isinstance(error, httpx.ConnectError):
        reason = next(
            (brief(cause.strerror) for cause in causes(error) if isinstance(cause, OSError) and cause.strerror), ""
        )
        return f"no connection to {there}{f': {reason}' if reason else ''}", True
    if isinstance(error, httpx.TimeoutException):
        return f"{host} took the call and did not answer within the time allowed", True
    if isinstance(error, httpx.RemoteProtocolError) and not any(
        word in str(error) for word in ("disconnected", "peer closed", "incomplete")
    ):
        return f"{host} answers with something that is not HTTP", True
    return f"{host} broke the connection off in the middle of its answer", True
