"""One clock for all that a command does: its time limit is one, and who asks to stop is heard by every search that
would follow.
"""

from __future__ import annotations

import pickle
import signal
import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from stepladder.analysis.price import Price, price
from stepladder.data.formats.plan import dump
from stepladder.optimise import Options, Outcome, another, clock, optimise
from stepladder.optimise.clock import Whole
from stepladder.wording.claims import further
from stepladder.workflow.plan import plan
from tests.support import handmade
from tests.support.killing import environment, hearing
from tests.support.sizes import FULL

#: Commands that answer many questions, of a plan that is there and of one that is made first.
MANY = (
    ("next", "plan.json"),
    ("next", "bottling_line"),
    ("why", "plan.json", "patch_management.comprehensiveness.2"),
    ("stable", "plan.json"),
    ("compare", "bottling_line", "bottling_line", "--scenario", "lean"),
    ("frontier", "bottling_line"),
)
#: Two questions and more each; the others at full size.
SOME = MANY if FULL else MANY[::2]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("place")
    (folder / "plan.json").write_text(dump(plan("bottling_line", options=Options(work=1))), encoding="utf-8")
    return folder


def program(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "stepladder", *arguments]


@pytest.mark.timing
@pytest.mark.parametrize("command", SOME, ids=" ".join)
def test_a_time_limit_is_one_for_the_whole_command(command: tuple[str, ...], place: Path) -> None:
    took = []
    for arguments in (("check", "bottling_line"), (*command, "--time-limit", "2")):
        begun = time.monotonic()
        done = subprocess.run(
            program(*arguments), capture_output=True, text=True, cwd=place, env=environment(), check=False
        )
        took.append(time.monotonic() - begun)
        assert done.returncode in (0, 4, 5), done.stderr
    reading, all_ = took
    # Who works in other processes starts up in each of them too.
    assert all_ <= (2 if command[0] == "frontier" else 1) * reading + 2 + 3


@pytest.mark.timing
@pytest.mark.parametrize("command", SOME, ids=" ".join)
def test_whoever_asks_to_stop_is_heard_once_for_all(command: tuple[str, ...], place: Path) -> None:
    child = subprocess.Popen(
        program(*command, "--gap", "0"),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=place,
        env=environment(),
        preexec_fn=hearing,
    )
    time.sleep(6)
    assert child.poll() is None
    child.send_signal(signal.SIGTERM)
    # So long even on a machine that is busy with something else; without this it took minutes.
    out, err = child.communicate(timeout=25)
    assert child.returncode in (0, 5, 130), err
    assert (child.returncode == 0) == bool(out) or child.returncode == 5


def test_what_belongs_together_ends_together(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 7.0
    monkeypatch.setattr(clock, "time", SimpleNamespace(monotonic=lambda: now))
    alone, limited = Options(), Options(time_limit=100.0)
    assert (alone.over, alone.seconds, alone.together().seconds, limited.seconds) == (False, None, None, 100.0)
    many = limited.together()
    assert many.together() is many
    assert many.seconds == 100.0
    now += 30.0
    assert many.seconds == 70.0
    assert not many.over
    assert many.whole is not None
    many.whole.stop()
    assert (many.over, many.seconds) == (True, 0.0)
    assert many == limited


def test_a_clock_goes_along_to_other_processes() -> None:
    fresh, stopped = Whole(50.0), Whole()
    stopped.stop()
    left = pickle.loads(pickle.dumps(fresh)).left()
    assert 49 < left <= 50
    assert pickle.loads(pickle.dumps(stopped)).over()
    assert pickle.loads(pickle.dumps(Whole())).left() is None


def test_once_it_is_over_nothing_more_is_searched_and_nothing_is_claimed() -> None:
    problem = handmade.problem()
    best = optimise(problem)
    many = Options().together()
    assert many.whole is not None
    many.whole.stop()
    found = another(problem, many, best.learnt)
    assert found == Outcome("no_plan", wanted_gap=0.01)
    assert price(best, found).unknown
    assert not Price(0.0, 5.0).unknown
    # A search that begins nevertheless has a plan at once.
    last = optimise(problem, many)
    assert last.value is not None


def test_words_of_what_was_not_found() -> None:
    assert further(found=0, last=False) == "The search was stopped before it found another plan."
    assert further(found=1, last=False) == "The search was stopped before it found a further plan."
    assert further(found=0, last=True) == "Proved: no other plan is within the tolerance."
