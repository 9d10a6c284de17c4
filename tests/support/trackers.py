"""A tracker in memory, a Redmine server on this machine, and a proxy that fails, delays and drops calls."""

from __future__ import annotations

import http.client
import http.server
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from stepladder.data.formats.plan import Plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.push.faults import Refused, Unsure
from stepladder.exchange.tracker import ItemKind, Remote, Wanted
from tests.support import handmade

ROOT = Path(__file__).parents[2]
OLD = handmade.bottling()
#: A step later, one dropped, one new.
NEW_STARTS = {"access.depth.2": 0, "access.depth.3": 2, "vault.depth.4": 1}


def new_plan() -> Plan:
    return handmade.plan(
        handmade.problem(),
        NEW_STARTS,
        handmade.context(),
        left={"patching.depth.2": {"reason": "blocked", "detail": "the budget is used up"}},
    )


def mark(plan: Plan, step: str) -> str:
    return next(item.mark for item in breakdown(plan).items if item.step == step)


class Fake:
    """Our own, so that single faults can be planted: ``lost`` makes a thing and loses the answer, ``moves`` is a
    tracker with a scheduler of its own.
    """

    linked: tuple[ItemKind, ...] = ("item", "milestone")

    def __init__(self) -> None:
        self.held: dict[str, Remote] = {}
        self.pairs: set[tuple[str, str]] = set()
        self.comments: list[tuple[str, str]] = []
        self.lost: list[str] = []
        self.broken: set[str] = set()
        self.moves = False
        self.calls = 0
        #: Of these it answers yes and does nothing, or does it without these fields.
        self.yes_and_no: set[str] = set()
        self.drops: tuple[str, ...] = ()
        self.unreadable = False
        self.elsewhere: set[str] = set()

    def shown(self, wanted: Wanted) -> dict[str, str]:
        return dict(wanted.fields)

    def read(self) -> dict[str, Remote]:
        if self.unreadable:
            raise Unsure("no answer")
        return dict(self.held)

    def at(self, key: str) -> Remote | None:
        """Of a key in ``elsewhere`` it says that it is in another project."""
        if key in self.elsewhere:
            return None
        there = next((remote for remote in self.held.values() if remote.key == key), None)
        if there is None:
            raise Refused(404, "no such thing")
        return there

    def find(self, mark: str, kind: ItemKind) -> Remote | None:
        del kind
        return self.held.get(mark)

    def create(self, wanted: Wanted, containers: dict[str, str]) -> Remote:
        assert wanted.mark not in self.held, "made twice"
        assert not wanted.fields["container"] or wanted.fields["container"] in containers
        self.calls += 1
        if wanted.mark in self.broken:
            raise Unsure("no answer")
        fields = {name: "" if name in self.drops else value for name, value in wanted.fields.items()}
        made = Remote(wanted.mark, wanted.kind, str(len(self.held) + 1), fields)
        if wanted.mark in self.yes_and_no:
            return made
        self.held[wanted.mark] = made
        if wanted.mark in self.lost:
            self.lost.remove(wanted.mark)
            raise Unsure("the answer was lost")
        return made

    def change(self, remote: Remote, fields: dict[str, str], containers: dict[str, str]) -> None:
        del containers
        self.calls += 1
        if remote.mark not in self.yes_and_no:
            kept = {name: value for name, value in fields.items() if name not in self.drops}
            self.held[remote.mark] = replace(self.held[remote.mark], fields=self.held[remote.mark].fields | kept)

    def close(self, remote: Remote, comment: str) -> None:
        self.comments.append((remote.mark, comment))
        if remote.mark not in self.yes_and_no:
            self.held[remote.mark] = replace(self.held[remote.mark], open=False)

    def reopen(self, remote: Remote, comment: str) -> None:
        self.comments.append((remote.mark, comment))
        self.held[remote.mark] = replace(self.held[remote.mark], open=True)

    def links(self, remotes: dict[str, Remote]) -> set[tuple[str, str]]:
        del remotes
        return set(self.pairs)

    def link(self, first: Remote, then: Remote) -> None:
        if then.mark not in self.yes_and_no:
            self.pairs.add((first.mark, then.mark))
        if self.moves and then.kind == "item":
            self.by_hand(then.mark, start="2031-01-01")

    def unlink(self, first: Remote, then: Remote) -> None:
        self.pairs.remove((first.mark, then.mark))

    def by_hand(self, mark: str, **fields: str) -> None:
        """As if somebody had done it there."""
        self.held[mark] = replace(self.held[mark], fields=self.held[mark].fields | fields)


class Memory(httpx.BaseTransport):
    """A server that is a function, in place of the network; its answers come as from a wire, to be read."""

    def __init__(self, server: Callable[[httpx.Request], httpx.Response]) -> None:
        self.server = server

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        request.read()
        answer = self.server(request)
        return httpx.Response(answer.status_code, headers=answer.headers, stream=httpx.ByteStream(answer.content))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def redmine() -> Iterator[tuple[str, str]]:
    """Address and key of a Redmine that is really there, with a database, a configuration and files of its own in a
    folder that goes with it.
    """
    if not Path("/usr/share/redmine").is_dir() or shutil.which("bundle") is None:
        pytest.skip("Redmine is not installed here (make clients)")
    port = free_port()
    with tempfile.TemporaryDirectory(prefix="redmine-", ignore_cleanup_errors=True) as folder:
        command = [str(ROOT / ".ci/redmine"), str(port), folder]
        server = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True
        )
        try:
            assert server.stdout is not None
            key = server.stdout.readline().strip().removeprefix("KEY=")
            if not key:
                pytest.skip("Redmine does not start here")
            _wait_for(f"http://127.0.0.1:{port}/")
            yield f"http://127.0.0.1:{port}", key
        finally:
            os.killpg(server.pid, signal.SIGKILL)
            server.wait()
            assert server.stdout is not None
            server.stdout.close()


def _wait_for(url: str) -> None:
    limit = time.monotonic() + 90
    while time.monotonic() < limit:
        with suppress(httpx.TransportError):
            if httpx.get(url, timeout=10, trust_env=False).status_code == 200:
                return
        time.sleep(0.3)


class Proxy:
    """Passes calls on to a server on this machine; of ten, one fails before it gets there, and one has been done
    when its answer is lost or late.
    """

    def __init__(self, target: str, seed: int) -> None:
        self.dice = random.Random(seed)
        self.failed = 0
        proxy = self
        host, port = target.removeprefix("http://").split(":")

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 3.0  # of an idle connection, so that no thread outlives the test

            def log_message(self, *_: Any) -> None:
                """Quiet."""

            def _pass(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                luck = proxy.dice.random()
                if luck < 0.05:
                    return self._fail(502)
                if luck < 0.10:
                    return self._drop()
                headers = {
                    name: value for name, value in self.headers.items() if name.lower() not in ("host", "connection")
                }
                with closing(http.client.HTTPConnection(host, int(port), timeout=60)) as connection:
                    connection.request(self.command, self.path, body, headers)
                    answer = connection.getresponse()
                    data = answer.read()
                    answer.close()
                if luck < 0.15:
                    return self._drop()
                if luck < 0.20:
                    time.sleep(proxy.dice.uniform(0.05, 0.4))
                self.send_response(answer.status)
                self.send_header("Content-Type", answer.getheader("Content-Type") or "text/plain")
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)
                return None

            def _fail(self, status: int) -> None:
                proxy.failed += 1
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def _drop(self) -> None:
                proxy.failed += 1
                self.close_connection = True
                self.connection.shutdown(socket.SHUT_RDWR)

            do_GET = do_POST = do_PUT = do_DELETE = _pass  # noqa: N815 – the names that http.server looks for

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.handle_error = lambda *_: None  # type: ignore[method-assign]
        self.server.daemon_threads = False
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)

    def __enter__(self) -> Proxy:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
