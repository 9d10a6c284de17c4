"""``sweep`` as people use it: killed, continued, on a cluster, and asked for what cannot be."""

from __future__ import annotations

import json
import os
import random
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import stepladder
from stepladder.optimise import optimise
from stepladder.workflow.processes import DEATHS
from tests.support.commanding import SMALL, run
from tests.support.sizes import FULL

MILL = Path(__file__).parents[1] / "data" / "mill.yaml"
COMMAND = [sys.executable, "-m", "stepladder", "sweep", str(MILL)]


def swept(*arguments: object) -> bytes:
    done = subprocess.run([*COMMAND, "--json", *map(str, arguments)], capture_output=True, check=True, timeout=300)
    return done.stdout


def test_it_says_what_ranges_and_what_to_begin_with() -> None:
    done = run("sweep", MILL, "-n", 40, "--workers", 1)
    assert done.exit_code == 0
    assert max(map(len, done.stdout.splitlines())) <= 80
    for heading in (
        "HOW FAR IT RANGES",
        "WHAT CAN GO WRONG",
        "WHAT TO BEGIN WITH",
        "WHAT IS WORTH KNOWING",
        "STEPS",
        "HOW MUCH A YEAR MAY COST",
    ):
        assert heading in done.stdout
    assert "40 futures in" in done.stderr
    assert "a minute" in done.stderr


def test_the_same_bytes_from_one_process_and_from_two() -> None:
    one = swept("-n", 16, "--workers", 1)
    assert one == swept("-n", 16, "--workers", 2)
    assert one != swept("-n", 16, "--workers", 1, "--seed", 1)
    said = json.loads(one)
    assert said["format"] == "stepladder-sweep/1"
    assert [curve["when"] for curve in said["loss_exceedance"]] == ["today", "half-way", "after"]


def test_a_plan_is_carried_out_and_nothing_else_is_planned(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert run("plan", MILL, "-o", path).exit_code == 0
    done = run("sweep", MILL, "-n", 50, "--plan", path, "--workers", 1, "--json")
    said = json.loads(done.stdout)
    assert done.exit_code == 0
    assert (said["own_plans"], said["beginnings"]) == (None, [])
    assert said["limits_broken"][0]["name"] == "money"
    assert 0 < said["limits_broken"][0]["chance"] < 1
    text = run("sweep", MILL, "-n", 50, "--plan", path, "--workers", 1).stdout
    assert "WHAT TO BEGIN WITH" not in text


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
def test_500_futures_killed_50_times_end_with_the_same_bytes(tmp_path: Path) -> None:
    """By default a fifth of them."""
    count, most = (500, 50) if FULL else (100, 10)
    whole = swept("-n", count, "--workers", 2)
    path, dice, killed = tmp_path / "sweep.db", random.Random(4), 0
    while killed < most:
        child = subprocess.Popen(
            [*COMMAND, "-n", str(count), "--workers", "2", "--json", "-o", str(path)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        try:
            child.wait(timeout=dice.uniform(0.1, 2.2))
        except subprocess.TimeoutExpired:
            child.send_signal(signal.SIGKILL)
            killed += 1
        child.communicate()
        if child.returncode == 0:
            # Done already: begin again, with the kills that are left.
            path.unlink()
    assert swept("-n", count, "--workers", 2, "-o", path) == whole
    with closing(sqlite3.connect(path)) as kept, kept:
        assert kept.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert [found.name for found in tmp_path.iterdir()] == ["sweep.db"]


def test_no_worker_outlives_its_parent(tmp_path: Path) -> None:
    path = tmp_path / "sweep.db"
    child = subprocess.Popen(
        [*COMMAND, "-n", "5000", "--workers", "2", "-o", str(path)],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    limit = time.monotonic() + 60
    # Two workers, and the process with which multiprocessing looks after its pipes.
    while len(workers := _children(child.pid)) < 3 and time.monotonic() < limit:
        time.sleep(0.1)
    assert len(workers) >= 2
    child.kill()
    child.wait()
    limit = time.monotonic() + 20
    while any(_alive(pid) for pid in workers) and time.monotonic() < limit:
        time.sleep(0.1)
    assert not any(_alive(pid) for pid in workers)


def _rows(path: Path) -> int:
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=0.1)) as kept, kept:
            return int(kept.execute("SELECT count(*) FROM rows").fetchone()[0])
    except sqlite3.Error as error:
        # Locked: somebody is at work in it.
        return int("locked" in str(error))


def _children(pid: int) -> list[int]:
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False).stdout
    return [int(child) for child in found.split()]


def _command(pid: int) -> str:
    # Without a terminal it may cut lines at 80 columns, which is where a long path leaves no room for the rest.
    return subprocess.run(
        ["ps", "-ww", "-o", "args=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout


def _alive(pid: int) -> bool:
    state = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout
    return bool(state.strip()) and not state.startswith("Z")


@contextmanager
def cluster(workers: int, folder: Path) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """A real scheduler and several worker processes, as on several machines: the address, and all processes, the
    scheduler first.
    """
    pytest.importorskip("distributed")
    place = folder / "scheduler.json"
    scheduler = [
        sys.executable,
        "-m",
        "distributed.cli.dask_scheduler",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--no-dashboard",
    ]
    worker = [sys.executable, "-m", "distributed.cli.dask_worker", "--nthreads", "1", "--no-dashboard", "--no-nanny"]
    started: list[subprocess.Popen[bytes]] = []
    quiet: dict[str, Any] = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL, "cwd": folder}
    try:
        started.append(subprocess.Popen([*scheduler, "--scheduler-file", str(place)], **quiet))
        limit = time.monotonic() + 60
        # It is there before anything is in it.
        while not (place.exists() and place.read_text(encoding="utf-8").endswith("}")) and time.monotonic() < limit:
            time.sleep(0.1)
        address = json.loads(place.read_text(encoding="utf-8"))["address"]
        started += [
            subprocess.Popen([*worker, "--local-directory", str(folder), address], **quiet) for _ in range(workers)
        ]
        yield address, started
    finally:
        for process in started:
            process.kill()
            process.wait()


@pytest.mark.slow
def test_a_cluster_of_which_one_worker_is_killed_gives_the_same_bytes(tmp_path: Path) -> None:
    whole, path = swept("-n", 150, "--workers", 2), tmp_path / "sweep.db"
    with cluster(3, tmp_path) as (address, started):
        command = [*COMMAND, "-n", "150", "--json", "--cluster", address, "-o", str(path)]
        child = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        limit = time.monotonic() + 60
        while not _rows(path) and time.monotonic() < limit:
            time.sleep(0.05)
        assert child.poll() is None, "it ended before a worker could be killed"
        started[1].kill()
        out, err = child.communicate(timeout=240)
    assert child.returncode == 0, err.decode()
    assert out == whole


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="one cluster at a time: the other is tried at full size")
def test_a_cluster_of_which_the_scheduler_is_killed_loses_nothing(tmp_path: Path) -> None:
    whole, path = swept("-n", 100, "--workers", 2), tmp_path / "sweep.db"
    with cluster(2, tmp_path) as (address, started):
        child = subprocess.Popen(
            [*COMMAND, "-n", "100", "--cluster", address, "-o", str(path)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )
        limit = time.monotonic() + 60
        # It is locked while it is being written; that it grows can be seen.
        while not (path.exists() and path.stat().st_size > 50_000) and time.monotonic() < limit:
            time.sleep(0.05)
        started[0].kill()
        _, err = child.communicate(timeout=240)
    assert child.returncode == 1, err.decode()
    assert f"error: the Dask scheduler at {address} went away" in err.decode()
    assert "Traceback" not in err.decode()
    assert _rows(path) > 0
    assert swept("-n", 100, "--workers", 2, "-o", path) == whole


def test_an_interrupted_search_leaves_no_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real, path, count = optimise, tmp_path / "sweep.db", 0

    def interrupted(*arguments: Any, **options: Any) -> Any:
        nonlocal count
        count += 1
        outcome = real(*arguments, **options)
        return replace(outcome, interrupted=True) if count == 7 else outcome

    monkeypatch.setattr("stepladder.analysis.futures.optimise", interrupted)
    assert run("sweep", MILL, "-n", 12, "--workers", 1, "-o", path).exit_code == 130
    assert _rows(path) == 6
    monkeypatch.setattr("stepladder.analysis.futures.optimise", real)
    done = run("sweep", MILL, "-n", 12, "--workers", 1, "-o", path, "--json")
    assert (done.exit_code, done.stdout) == (0, run("sweep", MILL, "-n", 12, "--workers", 1, "--json").stdout)


def test_an_interrupted_first_search_is_not_swept_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stepladder.optimise.search import optimise as search

    def stopped(*_: Any) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(search, "_run", stopped)
    assert run("sweep", MILL, "-n", 3, "--workers", 1, "-o", tmp_path / "sweep.db").exit_code == 130
    assert list(tmp_path.iterdir()) == []


def test_workers_killed_again_and_again_and_the_same_bytes(tmp_path: Path) -> None:
    """Whichever dies when, while others store their answers."""
    count, most = (300, 50) if FULL else (48, 3)
    whole, path, dice, killed = swept("-n", count, "--workers", 1), tmp_path / "sweep.db", random.Random(5), 0
    child = subprocess.Popen(
        [*COMMAND, "-n", str(count), "--workers", "2", "--json", "-o", str(path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    kept, in_a_row = b"", 0
    while child.poll() is None and killed < most:
        # The first as soon as there is a worker: however fast the machine, it has all of its answers to give.
        time.sleep(dice.uniform(0.05, 2.0) if killed else 0.01)
        workers = [pid for pid in _children(child.pid) if "spawn_main" in _command(pid)]
        now = path.read_bytes() if path.exists() else b""
        # Where none of them gets anything done any more, the sweep rightly gives up.
        in_a_row = in_a_row if now == kept else 0
        if workers and in_a_row < DEATHS:
            os.kill(dice.choice(workers), signal.SIGKILL)
            kept, killed, in_a_row = now, killed + 1, in_a_row + 1
    out, err = child.communicate(timeout=300)
    assert child.returncode == 0, err.decode()
    assert killed > 0
    assert out == whole


def test_the_next_step_is_counted_among_the_futures_and_the_points_of_a_frontier(tmp_path: Path) -> None:
    path, folder = tmp_path / "sweep.db", tmp_path / "points"
    assert run("sweep", MILL, "-n", 40, "--workers", 1, "-o", path).exit_code == 0
    assert run("frontier", MILL, "--points", 4, "-o", folder).exit_code == 0
    done = run("next", MILL, "--among", path, "--among", folder)
    text = " ".join(done.stdout.split())
    assert (done.exit_code, "plans in points" in text, bool(re.search(r"of \d+ futures in sweep\.db", text))) == (
        0,
        True,
        True,
    )
    (tmp_path / "empty").mkdir()
    done = run("next", MILL, "--among", tmp_path / "empty")
    assert (done.exit_code, "there is no plan in" in done.stderr) == (2, True)
    done = run("next", MILL, "--among", MILL)
    assert (done.exit_code, "is no file of a sweep" in done.stderr) == (3, True)


# -- what cannot be ----------------------------------------------------------------------------------------------------


def test_another_sweep_is_not_mixed_in(tmp_path: Path) -> None:
    path = tmp_path / "sweep.db"
    assert run("sweep", MILL, "-n", 5, "--workers", 1, "-o", path).exit_code == 0
    before = path.read_bytes()
    done = run("sweep", MILL, "-n", 6, "--workers", 1, "--seed", 3, "-o", path)
    assert done.exit_code == 2
    assert "the number of futures (5 there, 6 here), the seed (0 there, 3 here) differs" in done.stderr
    assert path.read_bytes() == before
    again = run("sweep", MILL, "-n", 5, "--workers", 1, "-o", path)
    assert again.exit_code == 0


def test_two_at_once_in_one_file_are_not_possible(tmp_path: Path) -> None:
    path = tmp_path / "sweep.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as other, other:
        other.execute("BEGIN EXCLUSIVE")
        done = run("sweep", MILL, "-n", 5, "--workers", 1, "-o", path)
        other.execute("ROLLBACK")
    assert done.exit_code == 2
    assert "in use by another sweep" in done.stderr


def test_a_full_disk_is_said_so_and_keeps_what_is_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from stepladder.cli.store import Store

    path, real = tmp_path / "sweep.db", Store.open

    def small(self: Store, meant: dict[str, object]) -> dict[tuple[int, str], str]:
        rows = real(self, meant)
        assert self.connection is not None
        pages = self.connection.execute("PRAGMA page_count").fetchone()[0]
        self.connection.execute(f"PRAGMA max_page_count = {pages + 4}")
        return rows

    monkeypatch.setattr(Store, "open", small)
    done = run("sweep", MILL, "-n", 60, "--workers", 1, "-o", path)
    assert done.exit_code == 1
    assert f"cannot write {path}: database or disk is full" in done.stderr
    kept = _rows(path)
    assert kept > 0
    monkeypatch.setattr(Store, "open", real)
    done = run("sweep", MILL, "-n", 60, "--workers", 1, "-o", path, "--json")
    assert (done.exit_code, done.stdout) == (0, run("sweep", MILL, "-n", 60, "--workers", 1, "--json").stdout)


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((SMALL,), 2, "has no futures"),
        ((MILL, "-n", 0), 2, "write a number that is at least 1"),
        ((MILL, "--seed", -1), 2, "write a number that is at least 0"),
        ((MILL, "--workers", 0), 2, "write a number that is at least 1"),
        ((MILL, "--gap", "-1%"), 2, "is not a gap"),
        ((MILL, "--effort", 0), 2, "write a number that is at least 1"),
        ((MILL, "--cluster", "tcp://127.0.0.1:9", "-n", 3), 2, "no Dask scheduler answers at tcp://127.0.0.1:9"),
        ((MILL, "--cluster", "nonsense://", "-n", 3), 2, "no Dask scheduler answers at nonsense://"),
        ((MILL, "--scenario", "rich"), 3, "unknown scenario"),
        ((MILL, "--set", "budget.amount=0"), 4, "the plan that follows: stepladder repair …"),
        ((MILL, "--plan", "nowhere.json"), 2, "no file"),
        ((MILL, "-o", "/nowhere/sweep.db"), 2, "there is no folder"),
        (("bottling_line", "--set", "costs.spread=0", "--set", "threats="), 2, "nothing in this scenario is uncertain"),
    ],
)
def test_what_cannot_be_is_said_so(
    arguments: tuple[object, ...], code: int, said: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("stepladder.workflow.workers.PATIENCE", 0.5)
    done = run("sweep", *arguments)
    assert done.exit_code == code, done.stderr
    assert said in done.stderr


def test_files_that_are_something_else(tmp_path: Path) -> None:
    path = tmp_path / "notes.db"
    path.write_text("these are my notes, not a sweep\n" * 100, encoding="utf-8")
    done = run("sweep", MILL, "-n", 3, "--workers", 1, "-o", path)
    assert (done.exit_code, "is no file of a sweep" in done.stderr) == (3, True)
    assert path.read_text(encoding="utf-8").startswith("these are my notes")
    other = tmp_path / "other.db"
    with closing(sqlite3.connect(other)) as made, made:
        made.execute("CREATE TABLE rows (something TEXT)")
    done = run("sweep", MILL, "-n", 3, "--workers", 1, "-o", other)
    assert (done.exit_code, "is no file of a sweep" in done.stderr) == (3, True)


def test_a_plan_of_another_question_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert run("plan", SMALL, "-o", path).exit_code == 0
    done = run("sweep", MILL, "-n", 3, "--plan", path)
    assert done.exit_code == 2
    assert "the plan is of another question" in done.stderr
    said = json.loads(path.read_text(encoding="utf-8"))
    said["objective"]["value"] += 1
    path.write_text(json.dumps(said), encoding="utf-8")
    assert run("sweep", MILL, "-n", 3, "--plan", path).exit_code == 6


# -- what slipped before -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A plan of the mill with money enough, and what it is after five quarters: the two steps that were to take two
    quarters took three.
    """
    folder = tmp_path_factory.mktemp("lived")
    assert run("plan", MILL, "--set", "budget.amount=40000", "-o", folder / "plan.json").exit_code == 0
    starts = json.loads((folder / "plan.json").read_text(encoding="utf-8"))["starts"]
    assert (starts["access.depth.3"], starts["alarms.depth.3"]) == (1, 2)
    (folder / "actuals.yaml").write_text(
        "format: stepladder-actuals/1\nas_of: 2028-Q2\nsteps:\n"
        "  access.depth.3: {status: done, finished: 2027-Q4}\n"
        "  alarms.depth.3: {status: done, finished: 2028-Q1, reason: The siren was late.}\n",
        encoding="utf-8",
    )
    done = run("replan", folder / "plan.json", "--actuals", folder / "actuals.yaml", "-o", folder / "later.json")
    assert done.exit_code == 0, done.stderr
    return folder


def test_what_slipped_makes_durations_longer(lived: Path, tmp_path: Path) -> None:
    """Security: three steps of 6 person-days, planned and done in a quarter, two of 8 in three quarters and not in two:
    (6·3 + 8·3·2) / (6·3 + 8·2·2) = 66/50 = 1.32.
    """
    arguments = ("sweep", MILL, "-n", 20, "--workers", 1, "--plan", lived / "plan.json")
    told = json.loads(run("history", lived, "--json").stdout)
    assert [(slip["step"], slip["periods"], slip["reason"]) for slip in told["slips"]] == [
        ("access.depth.3", 1, ""),
        ("alarms.depth.3", 1, "The siren was late."),
    ]
    assert {team["team"]: team["ratio"] for team in told["teams"]} == {"plant": None, "security": pytest.approx(1.32)}
    learnt = run(*arguments, "--learn", lived, "-o", tmp_path / "sweep.db")
    assert "as no plan in a file named .json: actuals.yaml." in " ".join(learnt.stderr.split())
    flat = " ".join(learnt.stdout.split())
    assert learnt.exit_code == 0, learnt.stderr
    for sentence in (
        "Durations of steps that need security: 1.32 times as drawn, from 5 steps that were done, in 2 versions.",
        "Nothing is learnt of plant: fewer than 3 steps that had been planned are done.",
        "the largest counts; durations are rounded up to whole periods.",
    ):
        assert sentence in flat
    plain, slow = (json.loads(run(*arguments, *more, "--json").stdout) for more in ((), ("--learn", lived)))
    assert (plain["slips"], slow["slips"]["versions"]) == (None, 2)
    for learn in (lived, stepladder.history(lived)):
        same = stepladder.sweep(MILL, futures=20, plan=lived / "plan.json", learn=learn)
        assert json.loads(same.json()) == slow
    # What took one quarter takes two: its followers wait in every future.
    assert (plain["chance_that_steps_wait"], slow["chance_that_steps_wait"]) == (0, 1)
    # What is kept with it is of another sweep.
    other = run(*arguments, "-o", tmp_path / "sweep.db")
    assert (other.exit_code, "what durations are multiplied by" in other.stderr) == (2, True)
    assert run(*arguments, "--learn", lived, "-o", tmp_path / "sweep.db").stdout == learnt.stdout


def test_nothing_is_learnt_from_one_plan(lived: Path) -> None:
    done = run("sweep", MILL, "-n", 2, "--learn", lived / "plan.json")
    assert (done.exit_code, "nothing can be learnt from" in done.stderr) == (2, True)
