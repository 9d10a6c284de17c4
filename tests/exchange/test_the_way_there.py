"""The way to a tracker: proxies, certificates, hosts that are not there, and addresses and names that are none."""

from __future__ import annotations

import json
import os
import re
import socket
import socketserver
import ssl
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from stepladder.data.formats.plan import dump
from stepladder.errors import StepladderError, UsageError
from stepladder.exchange.push.address import checked, loopback, proxy_for, same_host
from stepladder.exchange.push.faults import Foreign, Unsure
from stepladder.exchange.push.line import Limits
from stepladder.exchange.push.trackers import reach, target
from stepladder.exchange.push.web import Web
from tests.support import handmade
from tests.support.commanding import run
from tests.support.misbehaving import KINDS, TOKEN, Tracker
from tests.support.trackers import Memory, free_port

#: Signed by itself, for localhost, 127.0.0.1 and tracker.example; its key protects nothing.
CERTIFICATE = Path(__file__).parents[1] / "support" / "self_signed.pem"
QUICK = Limits(connect=3.0, silence=3.0, call=5.0)


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """No proxy, no certificate and no token but those of the test."""
    for name in list(os.environ):
        if name.lower().endswith("_proxy") or name.startswith("SSL_CERT_"):
            monkeypatch.delenv(name)
    for kind in KINDS.values():
        for name, value in kind.environment.items():
            monkeypatch.setenv(name, value)


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    path = tmp_path / "plan.json"
    path.write_text(dump(handmade.bottling()), encoding="utf-8")
    return path


class Proxy:
    """Notes all that comes to it; passes connections on, or answers as it is told."""

    def __init__(self, answer: bytes = b"", to: int = 0) -> None:
        self.got: list[bytes] = []
        proxy = self

        class Handler(socketserver.BaseRequestHandler):
            def handle(self) -> None:
                wire: socket.socket = self.request
                proxy.got.append(wire.recv(65536))
                if answer:
                    wire.sendall(answer)
                    return
                with socket.create_connection(("127.0.0.1", to)) as there:
                    wire.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                    back = threading.Thread(target=_pour, args=(there, wire), daemon=True)
                    back.start()
                    _pour(wire, there)
                    back.join()

        class Server(socketserver.ThreadingTCPServer):
            daemon_threads, block_on_close = True, False

            def handle_error(self, *_: Any) -> None:
                """Quiet."""

        self.server = Server(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def __enter__(self) -> Proxy:
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()


def _pour(one: socket.socket, other: socket.socket) -> None:
    try:
        while data := one.recv(65536):
            other.sendall(data)
        other.shutdown(socket.SHUT_WR)
    except OSError:
        return


@contextmanager
def encrypted(name: str = "redmine") -> Iterator[Tracker]:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(CERTIFICATE)
    with Tracker(KINDS[name], tls=context) as server:
        yield server


# -- proxies -----------------------------------------------------------------------------------------------------------

VARIABLES = ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")


@pytest.mark.parametrize("name", KINDS)
def test_this_machine_is_spoken_to_without_a_proxy(
    name: str, plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Proxy(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}") as proxy, Tracker(KINDS[name]) as server:
        for variable in VARIABLES:
            monkeypatch.setenv(variable, proxy.url)
        for address in (server.url, server.url.replace("127.0.0.1", "localhost")):
            done = run(
                "push",
                plan_file,
                "--to",
                name,
                "--project",
                server.kind.project,
                "--url",
                address,
                "--state",
                tmp_path / "state.json",
            )
            assert (done.exit_code, proxy.got) == (0, []), done.stderr
            assert "proxy" not in done.stderr
    assert server.calls


def test_an_encrypted_call_goes_through_the_proxy_and_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with encrypted() as server, Proxy(to=server.server.server_address[1]) as proxy:
        told: list[str] = []
        environment = {"REDMINE_API_KEY": TOKEN, "HTTPS_PROXY": proxy.url.replace("//", "//me:proxy-password@")}
        with reach("redmine", "line", "https://tracker.example", environment, told.append, QUICK) as tracker:
            assert tracker.read() == {}
        assert told == [f"tracker.example is reached through the proxy {proxy.url}, as HTTPS_PROXY says"]
    sent = b"".join(proxy.got)
    assert sent.startswith(b"CONNECT tracker.example:443 HTTP/1.1\r\n")
    # The proxy is told where to, and what it wants to know of us; all else is encrypted.
    assert TOKEN.encode() not in sent
    assert all(f"x-redmine-api-key: {TOKEN}" in head.lower().replace(TOKEN.lower(), TOKEN) for head in server.seen)
    assert len(server.seen) >= 3


#: What a proxy answers that does not pass us on, and what is said of it.
REFUSALS = [
    (b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n", "refuses to pass us on: 407"),
    (
        b"HTTP/1.1 403 Forbidden by policy\r\nContent-Length: 0\r\n\r\n",
        "refuses to pass us on: 403 Forbidden by policy",
    ),
    (b"HTTP/1.1 502 Bad\r\nContent-Length: 0\r\n\r\n", "refuses to pass us on: 502"),
    (b"220 mail ESMTP\r\n\r\n", "something that is not HTTP"),
    (b"HTTP/1.1 200 Fine\r\n\r\nno TLS here, not at all", "no encrypted connection to tracker.example"),
]


def refused(answer: bytes, said: str) -> None:
    with (
        Proxy(answer) as proxy,
        pytest.raises(StepladderError) as held,
        reach("redmine", "line", "https://tracker.example", environment(https_proxy=proxy.url), limits=QUICK),
    ):
        pass
    assert said in str(held.value)
    assert len(proxy.got) == 1
    assert TOKEN.encode() not in proxy.got[0]


@pytest.mark.parametrize(("answer", "said"), REFUSALS)
def test_a_proxy_that_does_not_pass_us_on_is_named(answer: bytes, said: str) -> None:
    refused(answer, said)


@pytest.mark.timing
@pytest.mark.parametrize(("answer", "said"), REFUSALS)
def test_a_proxy_that_does_not_pass_us_on_is_named_at_once(answer: bytes, said: str) -> None:
    begun = time.monotonic()
    refused(answer, said)
    assert time.monotonic() - begun < 10


def environment(**more: str) -> dict[str, str]:
    return {"REDMINE_API_KEY": TOKEN, **more}


def test_a_proxy_that_is_not_there() -> None:
    with (
        pytest.raises(StepladderError, match=r"nothing listens at the proxy http://127\.0\.0\.1:\d+"),
        reach(
            "redmine",
            "line",
            "https://tracker.example",
            environment(all_proxy=f"127.0.0.1:{free_port()}"),
            limits=QUICK,
        ),
    ):
        pass


@pytest.mark.parametrize(
    "value", ["socks5://127.0.0.1:1080", "http://", "http://me:secret-word@[bad", "ftp://x", "http://h:99999"]
)
def test_a_proxy_that_cannot_be_used_is_refused_and_not_repeated(value: str) -> None:
    with pytest.raises(UsageError, match="https_proxy") as held:
        proxy_for("https://tracker.example", {"https_proxy": value})
    assert "secret-word" not in str(held.value)


@pytest.mark.parametrize(
    ("address", "names", "used"),
    [
        ("https://tracker.example", "", True),
        ("https://tracker.example", "other.example", True),
        ("https://tracker.example", "tracker.example", False),
        ("https://tracker.example", " .example , x", False),
        ("https://tracker.example", "example", False),
        ("https://tracker.example", "ample", True),
        ("https://tracker.example", "*.example", False),
        ("https://tracker.example", "*", False),
        ("https://tracker.example", "tracker.example:443", False),
        ("https://tracker.example:8443", "tracker.example:443", True),
        ("https://localhost:8443", "", False),
        ("https://127.0.0.7", "", False),
        ("https://[::1]", "", False),
        ("http://localhost", "", False),
    ],
)
def test_who_is_excepted_from_the_proxy(address: str, names: str, used: bool) -> None:
    assert (
        proxy_for(
            address, {"https_proxy": "http://p.example:3128", "http_proxy": "http://p.example:3128", "no_proxy": names}
        )
        is not None
    ) is used


# -- certificates and hosts --------------------------------------------------------------------------------------------


def distrusted(name: str, plan_file: Path, tmp_path: Path) -> None:
    with encrypted(name) as server:
        done = run(
            "push",
            plan_file,
            "--to",
            name,
            "--project",
            server.kind.project,
            "--url",
            server.url,
            "--state",
            tmp_path / "state.json",
        )
        assert done.exit_code == 1
        assert re.search(
            r"the certificate of 127\.0\.0\.1:\d+ is not to be trusted: self.signed certificate. Nothing was sent",
            done.stderr,
        ), done.stderr
    assert server.seen == []


@pytest.mark.parametrize("name", KINDS)
def test_a_certificate_that_nobody_vouches_for(name: str, plan_file: Path, tmp_path: Path) -> None:
    distrusted(name, plan_file, tmp_path)


@pytest.mark.timing
@pytest.mark.parametrize("name", KINDS)
def test_a_certificate_is_distrusted_at_once(name: str, plan_file: Path, tmp_path: Path) -> None:
    begun = time.monotonic()
    distrusted(name, plan_file, tmp_path)
    assert time.monotonic() - begun < 10


def test_whom_the_environment_trusts_is_trusted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with encrypted() as server, reach("redmine", "line", server.url, environment(), limits=QUICK) as tracker:
        assert tracker.read() == {}
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE.parent / "missing.pem"))
    with (
        pytest.raises(UsageError, match="certificates that cannot be read"),
        reach("redmine", "line", server.url, environment(), limits=QUICK),
    ):
        pass


def test_a_name_that_the_certificate_does_not_have(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(CERTIFICATE))
    with (
        encrypted() as server,
        Proxy(to=server.server.server_address[1]) as proxy,
        pytest.raises(
            StepladderError, match=r"the certificate of other\.example is not to be trusted: .*other\.example"
        ),
        reach("redmine", "line", "https://other.example", environment(https_proxy=proxy.url), limits=QUICK),
    ):
        pass
    assert server.seen == []


@pytest.mark.parametrize("name", KINDS)
def test_hosts_that_are_not_there_are_named(
    name: str, plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert len(nobody_there(name, plan_file, tmp_path, monkeypatch)) == 3


@pytest.mark.timing
@pytest.mark.parametrize("name", KINDS)
def test_hosts_that_are_not_there_are_named_at_once(
    name: str, plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # 33 seconds of silence it was.
    assert max(nobody_there(name, plan_file, tmp_path, monkeypatch)) < 15


def nobody_there(name: str, plan_file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """What is said of three places where no tracker is, and how long each took."""
    kind, look_up = KINDS[name], socket.getaddrinfo

    def looked_up(host: Any, *more: Any, **named: Any) -> Any:
        if str(host).endswith(".invalid"):
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return look_up(host, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", looked_up)
    with Tracker(kind) as plain:
        places = {
            f"https://127.0.0.1:{free_port()}": r"nothing listens at 127\.0\.0\.1:\d+: the connection was refused",
            "https://no-such-host.invalid": (
                r"there is no host of the name no-such-host\.invalid, or it cannot be looked up"
            ),
            plain.url.replace(
                "http:", "https:"
            ): r"no encrypted connection to 127\.0\.0\.1:\d+ .*; is this an https address\? Nothing was sent",
        }
        took = []
        for address, said in places.items():
            begun = time.monotonic()
            done = run(
                "pull",
                plan_file,
                "--to",
                name,
                "--project",
                kind.project,
                "--url",
                address,
                "--as-of",
                "2027-Q2",
                "--state",
                tmp_path / "s.json",
            )
            assert done.exit_code == 1
            assert re.search(said, done.stderr), done.stderr
            assert TOKEN not in done.stderr
            took.append(time.monotonic() - begun)
    assert plain.calls == []
    return took


# -- addresses and names -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://user:PW-s3cret@host.example",
            "https://PW-s3cret@host.example",
            "user:PW-s3cret@host.example",
            "https://user:PW-s3cret%40@host.example",
        ),
        *(
            "https://u:PW-s3/cret@host.example/",
            "http://u:PW-s3cret@127.0.0.1",
            "https://host.example/?key=PW-s3cret",
            "https://host.example/#PW-s3cret",
        ),
    ],
)
def test_a_secret_in_an_address_is_refused_and_not_repeated(address: str, plan_file: Path, tmp_path: Path) -> None:
    for command in (["push"], ["pull", "--as-of", "2027-Q2"]):
        state = tmp_path / "state.json"
        done = run(
            command[0], plan_file, "--to", "redmine", "--project", "p", "--url", address, "--state", state, *command[1:]
        )
        assert done.exit_code == 2
        assert "repeated here" in done.stderr
        assert not re.search("PW-s3|cret", done.stdout + done.stderr)
        assert not state.exists()


@pytest.mark.parametrize(
    "address",
    [
        *(
            "https://",
            "https:///x",
            "tracker.example",
            "//tracker.example",
            "ftp://tracker.example",
            "https://a b.example",
            "https://x\\y.example",
        ),
        *(
            "https://h.example:0",
            "https://h.example:99999",
            "https://h.example:x",
            "https://[::1",
            "https://h.example/../x",
            "https://h.example/a/./b",
        ),
        *("https://h\r\n.example", "https://\u2100.example", "https://h.example/\x1b[2J"),
    ],
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="is no address of a tracker"):
        checked(address)


@pytest.mark.parametrize(
    "address",
    [
        "http://tracker.example",
        "http://127.0.0.1.example",
        "http://0.0.0.0",
        "http://[::ffff:127.0.0.1]",
        "http://localhost.example",
    ],
)
def test_what_is_not_encrypted_and_not_this_machine_is_refused(address: str) -> None:
    with pytest.raises(UsageError, match="is not encrypted"):
        checked(address)


@pytest.mark.parametrize(
    ("address", "kept"),
    [
        ("https://tracker.example/", "https://tracker.example"),
        ("https://tracker.example:8443/redmine/", "https://tracker.example:8443/redmine"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://127.3.2.1", "http://127.3.2.1"),
        ("http://[::1]:80", "http://[::1]"),
        ("HTTPS://Tracker.Example:443//redmine/", "https://tracker.example/redmine"),
        ("https://münchen.example", "https://münchen.example"),
    ],
)
def test_what_is_an_address(address: str, kept: str) -> None:
    assert checked(address) == kept


def test_one_host_is_one_scheme_host_and_port() -> None:
    assert same_host("https://h.example/api", "https://H.example:443/x?page=2")
    for other in (
        "http://h.example",
        "https://h.example:444",
        "https://x.h.example",
        "https://me@h.example",
        "https://h.example.evil.example",
        "https://[bad",
    ):
        assert not same_host("https://h.example", other)
    assert [loopback(host) for host in ("localhost", "127.9.9.9", "::1", "10.0.0.1", "localhost.example", "")] == [
        True,
        True,
        True,
        False,
        False,
        False,
    ]


BAD = [
    "../../etc",
    "..",
    ".",
    "",
    "a/b/c",
    "a%2Fb",
    "a?b",
    "a#b",
    "a b",
    "a\\b",
    "ä",
    "x\n",
    "x" * 101,
    "/a",
    "a/",
    "a/..",
    "../a",
    "a\x00",
]


@pytest.mark.parametrize("name", KINDS)
@pytest.mark.parametrize("project", BAD)
def test_a_project_is_a_name_and_never_a_path(name: str, project: str, plan_file: Path, tmp_path: Path) -> None:
    with Tracker(KINDS[name]) as server:
        with pytest.raises(UsageError, match=r"is no (identifier|repository|key|project of Azure)"):
            target(name, project, server.url)
        if "\x00" not in project:
            done = run(
                "push",
                plan_file,
                "--to",
                name,
                f"--project={project}",
                "--url",
                server.url,
                "--state",
                tmp_path / "state.json",
            )
            assert done.exit_code == 2
    assert server.calls == []


@pytest.mark.parametrize("value", ["to ken", "t\u00f6ken-token", "token\x07token", "t\u200boken-token"])
def test_a_token_with_characters_that_none_has(value: str) -> None:
    with (
        pytest.raises(UsageError, match="has characters that no token has") as held,
        reach("redmine", "p", "https://r.example", {"REDMINE_API_KEY": value}),
    ):
        pass
    assert value not in str(held.value)


# -- how much is borne -------------------------------------------------------------------------------------------------


def web(answer: Any, **more: Any) -> Web:
    return Web(
        "https://tracker.example",
        {"X-Redmine-API-Key": TOKEN},
        more.pop("pause", lambda _: None),
        transport=Memory(answer),
        **more,
    )


def test_after_three_calls_without_an_answer_nothing_more_is_asked() -> None:
    asked = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(503)

    line = web(answer)
    for _ in range(3):
        with pytest.raises(Unsure, match="out of service"):
            line.send("GET", "x")
    count = len(asked)
    with pytest.raises(Unsure, match="left 3 calls in a row without an answer; nothing more was asked of it"):
        line.send("GET", "x")
    assert (len(asked), count) == (count, 21)


def test_calls_are_counted_and_waits_are_told() -> None:
    line = web(lambda _: httpx.Response(200, json={}), limits=Limits(calls=5))
    for _ in range(5):
        line.send("GET", "x")
    with pytest.raises(Foreign, match="has had us make 5 calls, and it is not the end"):
        line.send("GET", "x")
    told: list[str] = []
    line = web(lambda _: httpx.Response(429, headers={"Retry-After": "60"}), tell=told.append)
    with pytest.raises(Unsure):
        line.send("GET", "x")
    assert len(told) == 6
    assert told[0].endswith("asking again in 60 s")


def test_a_token_that_comes_back_is_not_shown() -> None:
    line = web(
        lambda _: httpx.Response(
            200, content=json.dumps({"title": f"key {TOKEN} ok", "list": [TOKEN], "half": "\ud800"})
        )
    )
    said = line.get("x", dict[str, Any])
    assert said == {"title": "key … ok", "list": ["…"], "half": "?"}
    basic = KINDS["jira"].environment["JIRA_API_TOKEN"]
    line = Web(
        "https://j.example",
        {"Authorization": "Basic bWU6czNjcmV0LXQwa2VuLW9mLXRoZS10ZXN0cw=="},
        transport=Memory(lambda _: httpx.Response(400, text=f"{basic} bWU6czNjcmV0LXQwa2VuLW9mLXRoZS10ZXN0cw==")),
    )
    with pytest.raises(StepladderError) as held:
        line.send("GET", "x")
    assert str(held.value).endswith("(400): … …")
