"""CBC is a program of its own: it ends when we do, however that is, and leaves no file behind."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from stepladder.data.formats.problem import dump
from stepladder.optimise.solvers import child
from tests.benchmarks import generate
from tests.support.killing import hearing

pytestmark = pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="processes are looked up in /proc")

#: Seconds in which something must have happened that takes none.
SOON = 60.0


def children(parent: int) -> Iterator[int]:
    """Processes whose parent is this one."""
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[1]) == parent and fields[0] != "Z":
            yield int(folder.name)


def named(pid: int, word: bytes) -> bool:
    try:
        return word in Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return False


def seen(what: object) -> bool:
    """Whether it is true soon."""
    end = time.monotonic() + SOON
    while not what():  # type: ignore[operator]
        if time.monotonic() > end:
            return False
        time.sleep(0.02)
    return True


def gone(pid: int) -> bool:
    stat = Path(f"/proc/{pid}/stat")
    try:
        return stat.read_text().rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return True


@pytest.fixture
def searching(tmp_path: Path) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """A plan being made with CBC that takes far longer than the test, and CBC's process."""
    path = tmp_path / "problem.json"
    path.write_text(dump(generate.smm(0, 1, "none")), encoding="utf-8")
    (tmp_path / "temporary").mkdir()
    environment = {**os.environ, "TMPDIR": str(tmp_path / "temporary")}
    command = [
        sys.executable,
        "-m",
        "stepladder",
        "plan",
        str(path),
        "--solver",
        "cbc",
        "--gap",
        "0",
        "--json",
        "--no-progress",
    ]
    ours = subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hearing
    )
    found: list[int] = []

    def begun() -> bool:
        found[:] = [pid for pid in children(ours.pid) if named(pid, b"-solve")]
        return bool(found) or ours.poll() is not None

    try:
        assert seen(begun)
        assert found, ours.communicate()
        yield ours, found[0]
    finally:
        ours.kill()
        ours.communicate()


@pytest.mark.parametrize("kind", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_a_signal_hands_over_the_plan_and_ends_cbc(
    searching: tuple[subprocess.Popen[str], int], tmp_path: Path, kind: int
) -> None:
    ours, theirs = searching
    ours.send_signal(kind)
    said, _ = ours.communicate(timeout=SOON)
    assert json.loads(said)["starts"]
    assert ours.returncode == 0
    assert gone(theirs)
    assert list((tmp_path / "temporary").iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux ends a child with its parent")
def test_cbc_ends_when_we_are_killed(searching: tuple[subprocess.Popen[str], int]) -> None:
    ours, theirs = searching
    ours.kill()
    ours.communicate()
    assert seen(lambda: gone(theirs))


def test_a_child_that_does_not_listen_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LAST_WORDS", 0.2)
    deaf = (
        "import signal, time; signal.signal(signal.SIGINT, signal.SIG_IGN); print('begun', flush=True);"
        " time.sleep(1000)"
    )
    log = tmp_path / "log"
    code = child.run([sys.executable, "-c", deaf], log, lambda: log.exists() and b"begun" in log.read_bytes())
    assert code == -signal.SIGKILL


def test_a_child_may_have_its_last_words(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "LAST_WORDS", SOON)
    polite = (
        "import time\ntry:\n    print('begun', flush=True); time.sleep(1000)\nexcept KeyboardInterrupt:\n   "
        " print('ended', flush=True)"
    )
    log = tmp_path / "log"
    assert child.run([sys.executable, "-c", polite], log, lambda: log.exists() and b"begun" in log.read_bytes()) == 0
    assert b"ended" in log.read_bytes()
