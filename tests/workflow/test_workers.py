"""Work handed to processes: whoever dies when, all of it is done, each piece once in the answer; and nobody stays
behind.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import pytest

from stepladder.errors import Fault, InvalidInput, Issue, Location, NotVerified, StepladderError, UsageError
from stepladder.workflow import processes
from stepladder.workflow.workers import Workers, each
from tests.support.killing import environment, gone
from tests.support.sizes import FULL

DEATHS = 50 if FULL else 8


def square(number: int) -> int:
    time.sleep(0.002)
    return number * number


def long(number: int) -> bytes:
    """More than a pipe takes at once."""
    return bytes([number % 256]) * 1_000_000


def deadly(number: int) -> int:
    if number == 3:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def deadly_once(piece: tuple[str, int]) -> int:
    folder, number = piece
    mark = Path(folder) / str(number)
    if number % 5 == 0 and not mark.exists():
        mark.touch()
        os._exit(3)
    return number


def angry(number: int) -> int:
    if number == 2:
        raise UsageError("no two")
    return number


def nested(number: int) -> int:
    if number == 2:
        raise Unsendable(lambda: number)
    return number


class Unsendable(Exception):
    pass


def interrupts(number: int) -> int:
    """As a terminal does with all processes."""
    os.kill(os.getpid(), signal.SIGINT)
    return number


def alive() -> list[BaseProcess]:
    return [child for child in multiprocessing.active_children() if child.is_alive()]


@pytest.fixture(autouse=True)
def nobody() -> Iterator[None]:
    yield
    assert alive() == []


def test_workers_that_die_while_an_answer_is_kept_take_nothing_along() -> None:
    """The worst moment: pieces have been taken from the queue, and the next ones are just being given out."""
    dice, done, deaths = random.Random(1), [], 0
    for answer in each(square, range(400 if FULL else 80), Workers(2)):
        done.append(answer)
        there = alive()
        if deaths < DEATHS and there and len(done) % 6 == 0:
            for victim in there if dice.random() < 0.3 else [dice.choice(there)]:
                assert victim.pid is not None
                os.kill(victim.pid, signal.SIGKILL)
                deaths += 1
            if dice.random() < 0.5:
                # Long enough for it to be dead when it is given something.
                time.sleep(0.05)
    assert sorted(done) == [number * number for number in range(400 if FULL else 80)]
    assert deaths >= DEATHS


def test_a_worker_that_dies_in_the_middle_of_an_answer_is_noticed() -> None:
    dice, done = random.Random(2), []
    for answer in each(long, range(40), Workers(2)):
        done.append(answer[0])
        assert len(set(answer)) == 1
        assert len(answer) == 1_000_000
        if len(done) % 12 == 0:
            # By now the others are blocked in the middle of writing theirs.
            time.sleep(0.05)
            os.kill(dice.choice(alive()).pid or 0, signal.SIGKILL)
    assert sorted(done) == list(range(40))


def test_a_worker_that_dies_of_its_work_is_replaced(tmp_path: Path) -> None:
    assert sorted(each(deadly_once, [(str(tmp_path), number) for number in range(12)], Workers(2))) == list(range(12))


def test_work_that_always_kills_is_left_to_the_end_and_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "DEATHS", 1)
    done: list[int] = []
    with pytest.raises(StepladderError, match="died again and again"):
        done.extend(each(deadly, range(12), Workers(2)))
    assert sorted(done) == [number for number in range(12) if number != 3]


def test_errors_come_back_as_they_were() -> None:
    with pytest.raises(UsageError, match="no two"):
        list(each(angry, range(5), Workers(2)))
    with pytest.raises(StepladderError, match="Unsendable: "):
        list(each(nested, range(5), Workers(2)))
    with pytest.raises(UsageError, match="no two"):
        list(each(angry, range(5), Workers(1)))


def test_what_an_error_carries_comes_back_too() -> None:
    issue, fault = Issue(Location("a.yaml", 3, 4), "SL101", "no such key"), Fault("needs", "a.b.1", "too early")
    assert pickle.loads(pickle.dumps(InvalidInput([issue]))).issues == (issue,)
    assert pickle.loads(pickle.dumps(NotVerified([fault]))).faults == (fault,)


def test_ctrl_c_of_a_terminal_is_left_to_the_parent() -> None:
    assert sorted(each(interrupts, range(6), Workers(2))) == list(range(6))


def test_whoever_stops_in_the_middle_does_not_wait() -> None:
    answers = each(square, range(100_000), Workers(2))
    assert next(answers) in (0, 1, 4, 9)
    answers.close()
    assert alive() == []


@pytest.mark.timing
def test_to_stop_in_the_middle_takes_less_than_workers_are_given() -> None:
    answers = each(square, range(100_000), Workers(2))
    next(answers)
    begun = time.monotonic()
    answers.close()
    assert time.monotonic() - begun < processes.GRACE


def test_fewer_pieces_than_workers_start_no_more_than_needed(monkeypatch: pytest.MonkeyPatch) -> None:
    real = processes._started
    started: list[object] = []

    def counted(function: Any) -> object:
        started.append(function)
        return real(function)

    monkeypatch.setattr(processes, "_started", counted)
    assert sorted(each(square, [5], Workers(4))) == [25]
    assert len(started) == 1
    assert list(each(square, [], Workers(4))) == []
    assert len(started) == 1


def test_where_no_process_can_be_started_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    real = processes._started
    started: list[object] = []

    def few(function: object) -> object:
        if len(started) >= most:
            raise OSError(11, "Resource temporarily unavailable")
        started.append(function)
        return real(function)  # type: ignore[arg-type]

    monkeypatch.setattr(processes, "_started", few)
    most = 1
    assert sorted(each(square, range(6), Workers(3))) == [0, 1, 4, 9, 16, 25]
    most = 0
    started.clear()
    with pytest.raises(StepladderError, match="no worker process can be started: Resource temporarily unavailable"):
        list(each(square, range(6), Workers(3)))


@pytest.mark.parametrize("parent", ["main", "other thread"])
def test_a_worker_deep_in_its_work_ends_with_its_parent(parent: str, tmp_path: Path) -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("needs /proc")
    # In C, so that no other thread gets a turn; where the system does not help, in Python.
    body = "return sum(range(10 ** 12))" if parent == "main" else "while True: pass"
    (tmp_path / "deep.py").write_text(f"def deep(number):\n    {body}\n", encoding="utf-8")
    call = "list(each(deep, [1, 2], Workers(2)))"
    work = call if parent == "main" else f"t = threading.Thread(target=lambda: {call}); t.start(); t.join()"
    imports = "import threading; from deep import deep; from stepladder.workflow.workers import Workers, each"
    code = f"{imports}\nif __name__ == '__main__':\n    print(1, flush=True); {work}"
    path = tmp_path / "main.py"
    path.write_text(code, encoding="utf-8")
    child = subprocess.Popen(
        [sys.executable, str(path)], stdout=subprocess.PIPE, env=environment(), start_new_session=True
    )
    assert child.stdout is not None
    child.stdout.readline()
    limit = time.monotonic() + 60
    while len(_at_work(child.pid)) < 2 and time.monotonic() < limit:
        time.sleep(0.1)
    child.kill()
    child.wait()
    child.stdout.close()
    left = gone(child.pid, 30.0)
    for pid in left:
        os.kill(pid, signal.SIGKILL)
    assert left == ()


def _at_work(leader: int) -> list[int]:
    from tests.support.killing import session

    return [pid for pid in session(leader) if _seconds(pid) > 1.5]


def _seconds(pid: int) -> float:
    """Processor time that a process has had."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return int(fields[11]) / os.sysconf("SC_CLK_TCK")
