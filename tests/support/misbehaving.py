"""A tracker on this machine that answers properly until it does not: what it does then is written byte by byte."""

from __future__ import annotations

import json
import re
import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.support.fake_azure import FakeAzure
from tests.support.fake_github import FakeGitHub
from tests.support.fake_jira import FakeJira
from tests.support.fake_redmine import FakeRedmine

TOKEN = "s3cret-t0ken-of-the-tests"


@dataclass(frozen=True)
class Kind:
    """A tracker: its server, the origin that the server believes in, and which calls are which."""

    name: str
    project: str
    serve: Callable[[], Callable[[httpx.Request], httpx.Response]]
    origin: str
    environment: dict[str, str]
    places: dict[str, str]


def _github() -> FakeGitHub:
    server = FakeGitHub()
    server.pages = 100
    return server


def _azure() -> FakeAzure:
    server = FakeAzure()
    # Whoever asks knows it by the address of the server around it, and has another token.
    server.origin = server.authorization = ""
    return server


KINDS = {
    "azure": Kind(
        "azure",
        "acme/line",
        _azure,
        "https://dev.azure.com",
        {"AZURE_DEVOPS_EXT_PAT": TOKEN},
        {
            "first": r"GET /acme/line/_apis/wit/workitemtypes\?",
            "list": r"POST /acme/line/_apis/wit/(wiql|workitemsbatch)\?",
            "make": r"POST /acme/line/_apis/wit/workitems/\$",
            "link": r"PATCH /acme/_apis/wit/workitems/",
        },
    ),
    "redmine": Kind(
        "redmine",
        "line",
        FakeRedmine,
        "http://redmine.example",
        {"REDMINE_API_KEY": TOKEN},
        {
            "first": r"GET /projects/line\.json",
            "list": r"GET /issues\.json",
            "make": r"POST /(projects/line/versions|issues)\.json",
            "link": r"POST .*/relations",
        },
    ),
    "github": Kind(
        "github",
        "acme/line",
        _github,
        "https://api.github.com",
        {"GITHUB_TOKEN": TOKEN},
        {
            "first": r"GET /repos/acme/line$",
            "list": r"GET /repos/acme/line/issues\?",
            "make": r"POST /repos/acme/line/(milestones|issues)$",
            "link": r"POST .*/blocked_by",
        },
    ),
    "jira": Kind(
        "jira",
        "LINE",
        FakeJira,
        "https://acme.atlassian.net",
        {"JIRA_EMAIL": "me@acme.example", "JIRA_API_TOKEN": TOKEN},
        {
            "first": r"GET .*/createmeta/",
            "list": r"POST .*/search/jql",
            "make": r"POST .*/issue(/bulk)?$",
            "link": r"POST .*/issueLink$",
        },
    ),
}


@dataclass
class Call:
    """One call that has come, and the wire to whoever made it."""

    wire: socket.socket
    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    server: Tracker
    number: int = 0

    def properly(self) -> httpx.Response:
        """What a tracker would answer, having done it."""
        kind = self.server.kind
        held = {
            name: value.replace(TOKEN, "secret-token")
            for name, value in self.headers.items()
            if name not in ("host", "content-length")
        }
        request = httpx.Request(self.method, f"{kind.origin}{self.path}", headers=held, content=self.body)
        request.headers["host"] = request.url.host
        answer = self.server.fake(request)
        if "link" in answer.headers:
            answer.headers["link"] = answer.headers["link"].replace(kind.origin, self.server.url)
        return answer

    def say(
        self,
        status: int,
        body: bytes | str = b"",
        headers: dict[str, str] | None = None,
        kind: str = "application/json",
    ) -> None:
        """An answer with all that belongs to one."""
        data = body.encode() if isinstance(body, str) else body
        lines = {"Content-Type": kind, "Content-Length": str(len(data)), "Connection": "close", **(headers or {})}
        self.raw(
            f"HTTP/1.1 {status} So\r\n"
            + "".join(f"{name}: {value}\r\n" for name, value in lines.items() if value)
            + "\r\n",
            data,
        )

    def json(self, said: Any, status: int = 200, **more: Any) -> None:
        """An answer as JSON."""
        self.say(status, json.dumps(said), **more)

    def pass_on(self, answer: httpx.Response) -> None:
        """A proper answer."""
        headers = {name: answer.headers[name] for name in ("link", "retry-after") if name in answer.headers}
        self.say(answer.status_code, answer.content, headers)

    def raw(self, *parts: str | bytes) -> None:
        """Bytes."""
        for part in parts:
            self.wire.sendall(part.encode("latin-1") if isinstance(part, str) else part)

    def reset(self) -> None:
        """The connection torn off."""
        self.wire.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.wire.close()

    def wait(self, seconds: float) -> bool:
        """Whether the test goes on."""
        return not self.server.over.wait(seconds)


@dataclass
class Tracker:
    """The server. ``act`` is what it does with calls of the place instead of what it should."""

    kind: Kind
    place: str = ""
    act: Callable[[Call], object] | None = None
    tls: Any = None
    calls: list[str] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.fake, self.over = self.kind.serve(), threading.Event()
        tracker = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                with suppress(OSError, ValueError):
                    tracker.answer(self.request)

        class Server(socketserver.ThreadingTCPServer):
            allow_reuse_address, daemon_threads, block_on_close, request_queue_size = True, True, False, 50

            def handle_error(self, *_: Any) -> None:
                """Quiet; a client that turns away is no error."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http{'s' if self.tls else ''}://127.0.0.1:{self.server.server_address[1]}"

    def __enter__(self) -> Tracker:
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()

    def answer(self, plain: socket.socket) -> None:
        """One connection, one call."""
        wire = self.tls.wrap_socket(plain, server_side=True) if self.tls else plain
        wire.settimeout(5)
        data = b""
        while b"\r\n\r\n" not in data:
            more = wire.recv(65536)
            if not more:
                return
            data += more
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {name.strip().lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        while len(body) < int(headers.get("content-length", 0)):
            body += wire.recv(65536)
        method, path, _ = first.split(" ")
        self.seen.append(head.decode("latin-1") + body.decode("latin-1"))
        call = Call(wire, method, path, headers, body, self, len(self.calls))
        self.calls.append(f"{method} {path}")
        if self.act is not None and re.match(self.kind.places[self.place], f"{method} {path}"):
            self.act(call)
        else:
            call.pass_on(call.properly())
        with suppress(OSError):
            wire.shutdown(socket.SHUT_WR)
            # Read what is left, so that what was sent is not torn off.
            while wire.recv(65536):
                pass
        if wire is not plain:
            wire.close()
