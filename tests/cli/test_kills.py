"""Every command that writes, stopped at any moment by any signal: files are whole or not there, and nobody stays.

A handful of moments for each command; all hundred with STEPLADDER_FULL=1. STEPLADDER_SEED moves the moments.
"""

from __future__ import annotations

import http.server
import json
import os
import random
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from stepladder.cli import signals
from stepladder.cli.guard import explain
from stepladder.errors import Infeasible, InvalidInput, Issue, Location
from tests.support.commanding import SMALL, run
from tests.support.fake_github import FakeGitHub
from tests.support.killing import Ended, Killer, environment, gone, hearing, killer
from tests.support.sizes import FULL

if not hasattr(os, "fork") or not Path("/proc/self/stat").exists():
    pytest.skip("needs processes as Linux has them", allow_module_level=True)

MILL = Path(__file__).parents[1] / "data" / "mill.yaml"
SEED = int(os.environ.get("STEPLADDER_SEED", "0"))
MOMENTS = 100 if FULL else 4
SIGNALS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGKILL)
#: What a run that SIGKILL ended may leave, until the next one: a draft of ours, and SQLite's journal.
LEFT = re.compile(r"\.stepladder-[0-9a-f]{16}\.tmp|.+-journal")


@pytest.fixture(scope="module")
def kills() -> Iterator[Killer]:
    with killer() as one:
        yield one


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What commands read."""
    folder = tmp_path_factory.mktemp("made")
    assert run("plan", MILL, "-o", folder / "plan.json").exit_code == 0
    (folder / "sheet.csv").write_text("Code;Current;Target\naccess_control.scope;1;2\n", encoding="utf-8")
    (folder / "actuals.yaml").write_text("format: stepladder-actuals/1\nas_of: 2027-Q2\n", encoding="utf-8")
    return folder


@dataclass(frozen=True)
class Case:
    """A command, run in a folder that holds ``made`` as ``in``; what it writes; the exit codes of a run that nobody
    stops.
    """

    arguments: tuple[object, ...]
    outputs: tuple[str, ...]
    codes: tuple[int, ...] = (0,)
    patches: dict[str, Any] = field(default_factory=dict)


#: What the sheet does not say itself.
FRAME = ("--start", "2027-01-01", "--years", "1", "--money", "9000")
CASES = {
    "plan": Case(("plan", MILL, "-o", "out.json"), ("out.json",)),
    "plan --solver cbc": Case(("plan", SMALL, "--solver", "cbc", "-o", "out.json"), ("out.json",)),
    "repair": Case(("repair", MILL, "--set", "budget.amount=0", "-o", "out.json"), ("out.json",), (4,)),
    "replan": Case(("replan", "in/plan.json", "--actuals", "in/actuals.yaml", "-o", "out.json"), ("out.json",)),
    "actuals": Case(("actuals", "in/plan.json", "-o", "out.yaml"), ("out.yaml",)),
    "template": Case(("template", "-o", "out.xlsx", "--force"), ("out.xlsx",)),
    "import": Case(("import", "in/sheet.csv", *FRAME, "-o", "out.yaml"), ("out.yaml",)),
    "frontier": Case(
        ("frontier", MILL, "--points", "3", "--from", "10000", "--to", "30000", "-o", "."),
        ("10000.json", "20000.json", "30000.json"),
    ),
    "sweep": Case(("sweep", MILL, "-n", "12", "--workers", "1", "-o", "out.db"), ("out.db",)),
    "export": Case(("export", "in/plan.json", "-o", "out.xlsx"), ("out.xlsx",)),
    "report": Case(("report", "in/plan.json", "-o", "out.md"), ("out.md",)),
    "plot": Case(("plot", "in/plan.json", "--chart", "roadmap", "-o", "out.svg"), ("out.svg",)),
    "init": Case(("init", "-o", "out.yaml", "--force"), ("out.yaml",)),
}


def fresh(folder: Path, made: Path, name: str) -> Path:
    place = folder / name
    place.mkdir()
    (place / "in").symlink_to(made)
    return place


def contents(place: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}


def decent(ended: Ended, case: Case, number: int) -> None:
    """It ended as it should, said so, and took everybody along."""
    codes = {*case.codes, -number} if number == signal.SIGKILL else {*case.codes, 130, 5, -number}
    assert ended.code in codes, ended
    # A worker whose parent is killed while it is started says so in Python's own words, before any of ours is imported.
    orphaned = number == signal.SIGKILL and "multiprocessing" in ended.err and "stepladder" not in ended.err
    assert "Traceback" not in ended.err or orphaned, ended.err
    assert "unexpected error" not in ended.err, ended.err
    assert ended.left == (), ended


def whole(name: str, content: bytes, reference: dict[str, bytes]) -> bool:
    """As it was, as it would have become, or a plan that the search handed over when it was stopped."""
    if content in (b"old", reference[name]):
        return True
    return (
        name.endswith(".json")
        and content.endswith(b"}\n")
        and json.loads(content)["format"].startswith("stepladder-plan/")
    )


@pytest.mark.parametrize("name", CASES)
def test_files_are_whole_or_absent(name: str, kills: Killer, made: Path, tmp_path: Path) -> None:
    case, dice = CASES[name], random.Random(f"{name} {SEED}")
    place = fresh(tmp_path, made, "reference")
    first = kills.run(case.arguments, place)
    assert first.code in case.codes, first.err
    reference = contents(place)
    assert set(reference) == set(case.outputs)
    length = kills.run(case.arguments, place).seconds
    for k in range(MOMENTS):
        place, number = fresh(tmp_path, made, f"{k}"), SIGNALS[k % len(SIGNALS)]
        if k % 3 == 0 and name != "sweep":
            for output in case.outputs:
                (place / output).write_bytes(b"old")
        ended = kills.run(case.arguments, place, dice.uniform(0, 1.1 * length), number)
        decent(ended, case, number)
        there = contents(place)
        strange = {
            held
            for held in there
            if held not in case.outputs and not (number == signal.SIGKILL and LEFT.fullmatch(held))
        }
        assert not strange, (strange, ended)
        if name != "sweep":
            assert all(whole(held, content, reference) for held, content in there.items() if held in case.outputs), (
                ended
            )
        # The next run ends as if nothing had been, and clears away what was left.
        if number == signal.SIGKILL or not k % 20:
            if name in {"import", "template"}:
                # What a person may have filled in is never written over.
                (place / case.outputs[0]).unlink(missing_ok=True)
            again = kills.run(case.arguments, place)
            assert again.code in case.codes, again.err
            assert set(contents(place)) == set(case.outputs)
        shutil.rmtree(place)


def test_what_is_found_wrong_while_stopping_is_not_said(monkeypatch: pytest.MonkeyPatch) -> None:
    """A validator that is interrupted may find wrong what is right."""
    wrong = InvalidInput([Issue(Location("a.yaml"), "SL105", "'theft' cannot be a name here")])
    assert explain(wrong) == 3
    monkeypatch.setattr(signals, "_heard", [signal.SIGINT])
    assert (explain(wrong), explain(ValueError("half imported")), explain(Infeasible("no plan"))) == (130, 130, 4)


def test_a_sweep_that_is_stopped_again_and_again_ends_with_the_same_bytes(
    kills: Killer, made: Path, tmp_path: Path
) -> None:
    dice, whole_run = random.Random(SEED), run("sweep", MILL, "-n", 16, "--workers", 1, "--json")
    arguments = ("sweep", MILL, "-n", "16", "-o", "out.db", "--workers")
    place = fresh(tmp_path, made, "sweep")
    for k in range(MOMENTS):
        number, workers = SIGNALS[k % len(SIGNALS)], 2 if k % 3 == 1 else 1
        ended = kills.run([*arguments, str(workers)], place, dice.uniform(0.05, 3.0 if workers == 2 else 0.8), number)
        decent(ended, Case((), ()), number)
        if ended.code == 0:
            (place / "out.db").unlink()
    done = run("sweep", MILL, "-n", 16, "--workers", 1, "--json", "-o", place / "out.db")
    assert (done.exit_code, done.stdout) == (0, whole_run.stdout)
    assert set(contents(place)) == {"out.db"}


@contextmanager
def github() -> Iterator[tuple[str, FakeGitHub]]:
    """Our own GitHub, on a port of this machine."""
    fake, lock = FakeGitHub(), threading.Lock()
    fake.pages = 100

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", 0)))
            with lock:
                answer = fake(
                    httpx.Request(
                        self.command, f"https://api.github.com{self.path}", headers=dict(self.headers), content=body
                    )
                )
            self.send_response(answer.status_code)
            self.send_header("content-length", str(len(answer.content)))
            self.send_header("content-type", "application/json")
            self.end_headers()
            self.wfile.write(answer.content)

        do_POST = do_PATCH = do_DELETE = do_GET  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *_: None  # type: ignore[method-assign]  # whoever asked is gone
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}", fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_a_push_that_is_stopped_keeps_its_state_and_makes_nothing_twice(
    kills: Killer, made: Path, tmp_path: Path
) -> None:
    dice, place = random.Random(SEED), fresh(tmp_path, made, "push")
    patches = {"stepladder.exchange.push.github:PACE": 0.0}
    with github() as (url, fake):
        target = ("in/plan.json", "--to", "github", "--project", "acme/line", "--url", url, "--state", "out.json")
        case = Case(("push", *target, "--apply"), ("out.json",), (0, 1, 7))
        for k in range(MOMENTS):
            number = SIGNALS[k % len(SIGNALS)]
            ended = kills.run(case.arguments, place, dice.uniform(0.0, 0.6), number, patches)
            decent(ended, case, number)
            there = contents(place)
            assert {held for held in there if not LEFT.fullmatch(held)} <= {"out.json"}
            if "out.json" in there:
                assert json.loads(there["out.json"])["format"] == "stepladder-push/1"
        last = kills.run(case.arguments, place, patches=patches)
        assert last.code == 0, last.err
        assert set(contents(place)) == {"out.json"}
        titles = [issue["title"] for issue in fake.issues]
        assert len(titles) == len(set(titles))
        pull = Case(("pull", *target, "--as-of", "2027-Q2", "-o", "actuals.yaml"), ("actuals.yaml",))
        for k in range(MOMENTS):
            number = SIGNALS[k % len(SIGNALS)]
            decent(kills.run(pull.arguments, place, dice.uniform(0.0, 0.3), number, patches), pull, number)
        assert kills.run(pull.arguments, place, patches=patches).code == 0
        assert set(contents(place)) == {"out.json", "actuals.yaml"}


# -- from the very beginning, in processes of their own ----------------------------------------------------------------

#: Says when the program begins, so that what the interpreter does before is not meant.
BEGIN = "import os; os.write(2, b'!'); from stepladder.__main__ import run; run()"


def started(*arguments: object, cwd: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", BEGIN, *map(str, arguments)]
    child = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        cwd=cwd,
        env=environment(),
        start_new_session=True,
        preexec_fn=hearing,
    )
    assert child.stderr is not None
    assert child.stderr.read(1) == b"!"
    return child


@pytest.mark.parametrize("number", SIGNALS[:3])
def test_stopped_while_it_imports_there_is_no_traceback(number: signal.Signals, tmp_path: Path) -> None:
    dice, codes = random.Random(f"{number} {SEED}"), []
    for _ in range(100 if FULL else 4):
        child = started("plan", MILL, "-o", "out.json", cwd=tmp_path)
        time.sleep(dice.uniform(0.0, 0.9))
        child.send_signal(number)
        _, err = child.communicate(timeout=120)
        # The line that begins it all may be interrupted as well.
        assert b"Traceback" not in err or b"stepladder" not in err, err.decode()
        assert gone(child.pid) == ()
        codes.append(child.returncode)
    assert set(codes) <= {0, 5, 130, -number}
    assert {path.name for path in tmp_path.iterdir()} <= {"out.json"}


def test_nothing_is_imported_before_somebody_listens() -> None:
    """What is imported with the package itself is imported before Ctrl-C is heard, and would show a traceback."""
    code = "import sys; had = {*sys.modules}; import stepladder; print(*sorted({*sys.modules} - had))"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert set(said) <= {"__future__", "stepladder"}


def test_a_search_that_is_asked_to_stop_hands_over_its_plan(tmp_path: Path) -> None:
    for number in (signal.SIGTERM, signal.SIGHUP):
        child = started("plan", "automotive_gateway", "--gap", "0", "-o", "out.json", "--seed", "1", cwd=tmp_path)
        time.sleep(5)
        early = child.poll() is not None
        child.send_signal(number)
        _, err = child.communicate(timeout=120)
        if not early and child.returncode != 130:
            assert child.returncode == 0, err.decode()
            assert run("verify", tmp_path / "out.json").exit_code == 0
            (tmp_path / "out.json").unlink()


def test_workers_of_a_sweep_end_with_it_whatever_ends_it(kills: Killer, made: Path, tmp_path: Path) -> None:
    for k, number in enumerate(SIGNALS):
        place = fresh(tmp_path, made, f"{k}")
        ended = kills.run(("sweep", MILL, "-n", "5000", "--workers", "2", "-o", "out.db"), place, 4.0, number)
        decent(ended, Case((), ()), number)
        assert ended.code in (130, -number)
