"""``plan --keep`` as people use it: what it says, what it refuses, and the same bytes however it was asked."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import stepladder
from stepladder.analysis.execute import spent_in_windows
from stepladder.analysis.futures import independent
from stepladder.data.binomial import clopper_pearson
from stepladder.data.load import load_plan
from stepladder.workflow.asking import ask
from tests.support.commanding import SMALL, run
from tests.support.sizes import FULL, size

MILL = Path(__file__).parents[1] / "data" / "mill.yaml"
UNLIMITED = ("--set", "budget.unlimited=true", "--set", "budget.amount=")
FEW = ("--set", "robust={keep: 90%, futures: 60}")


def told(path: Path) -> dict[str, Any]:
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))["context"]["robust"]
    return said


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("kept") / "plan.json"
    done = run("plan", MILL, *FEW, "-o", path)
    assert done.exit_code == 0, done.stderr
    return path


def test_it_says_what_is_held_back_how_often_it_is_kept_and_what_that_costs(kept: Path) -> None:
    text = " ".join(run("show", kept, "--full").stdout.split())
    said = told(kept)
    assert "WHAT IS HELD BACK (EUR)" in text
    assert "So that this plan stays within its money in 90 % of futures, it leaves free:" in text
    assert f"In {said['kept']} of 60 futures that were drawn for this test alone it is kept" in text
    assert f"the best plan with nothing held back in {said['kept_without']}:" in text
    assert "Proved: the best plan with so much held back leaves between" in text
    assert said["kept"] >= 54 > said["kept_without"]
    assert run("verify", kept).exit_code == 0
    page = kept.parent / "page.html"
    assert run("report", kept, "-o", page).exit_code == 0
    assert "What is held back" in page.read_text(encoding="utf-8")


def test_the_limits_are_without_what_is_held_back_and_the_counts_come_out_again(kept: Path) -> None:
    """Counted here in the futures of the last test, drawn again, against the limits as they are written."""
    plan, question, said = load_plan(kept), ask(MILL), told(kept)
    whole = {k: window.limit for k, window in enumerate(question.problem.windows) if window.resource == "money"}
    held = {part["window"]: part["amount"] for part in said["held"]}
    assert held
    for k, limit in whole.items():
        assert plan.problem.windows[k].limit == pytest.approx(limit - held.get(k, 0.0))
    drawn = independent(question.unknowns, 60, 0, said["tests"])
    assert question.redraw is not None
    count = 0
    for number in range(60):
        used = spent_in_windows(question.redraw({name: at[number] for name, at in drawn.items()}), plan.starts)
        count += all(float(used[k]) <= limit + 1e-9 for k, limit in whole.items())
    assert count == said["kept"]
    assert (said["low"], said["high"]) == clopper_pearson(count, 60, 0.9875)


def test_the_same_bytes_again_from_the_option_and_from_python(kept: Path, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    few = ("--set", "robust={keep: 50%, futures: 60}")
    assert run("plan", MILL, *few, "--keep", "90%", "--id", "plan", "-o", path).exit_code == 0
    first = json.loads(kept.read_text(encoding="utf-8"))
    second = json.loads(path.read_text(encoding="utf-8"))
    assert {**second, "id": first["id"], "seal": first["seal"]} == first
    answer = stepladder.plan(MILL, keep=0.9, assignments=[few[1]])
    assert json.loads(answer.json())["context"]["robust"] == told(kept)
    # Other seeds are other futures.
    other = run("plan", MILL, "--set", "robust={keep: 90%, futures: 60, seed: 1}", "--json")
    assert json.loads(other.stdout)["context"]["robust"] != told(kept)


def test_what_needs_nothing_held_back_is_told_so() -> None:
    done = run("plan", MILL, *FEW, "--full", "--set", "budget.amount=90000")
    text = " ".join(done.stdout.split())
    assert done.exit_code == 0, done.stderr
    kept = "Nothing has to be held back: the best plan stays within its money in 90 % of the futures of its test."
    assert kept in text
    assert "In 60 of 60 futures" in text
    assert "between 91 % and 100 % of all futures" in text


def test_where_no_plan_is_left_it_is_said_what_clashes_and_what_could_be_kept() -> None:
    done = run("plan", MILL, "--set", "robust={keep: 99%, futures: 200}")
    text = " ".join(done.stdout.split())
    assert done.exit_code == 4
    assert "So that a plan stays within its money in 99 % of futures, up to" in text
    assert "The most that was found is a plan that is kept in" in text
    assert "Why there is no plan then: No plan can meet these 2 demands together: this is proved." in text
    assert "milestone “Alarms” by 31 Dec 2027" in text
    assert "WHAT WOULD HELP" in text


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((MILL, "--keep", "0"), 2, "is no part of all futures that can be kept; write 90% or 0.9"),
        ((MILL, "--keep", "100%"), 2, "is no part of all futures"),
        ((MILL, "--keep", "most"), 2, "is no part of all futures"),
        ((SMALL, "--keep", "90%"), 2, "a problem in plain numbers has no futures"),
        ((MILL, "--keep", "90%", "--set", "costs.spread=0"), 2, "no cost and no duration is uncertain here"),
        (
            (MILL, "--keep", "90%", "--set", "budget.unlimited=true", "--set", "budget.amount="),
            2,
            "money has no limit here",
        ),
        ((MILL, *FEW, "--set", "costs.spread=0"), 3, "SL314 no cost and no duration is uncertain here"),
        ((MILL, *FEW, *UNLIMITED), 3, "or remove `robust`"),
        ((MILL, "--set", "robust={keep: 0}"), 3, "0 is too small; it must be more than 0"),
        ((MILL, "--set", "robust={keep: 90}"), 3, "write 90% or 0.9"),
        ((MILL, "--set", "robust={keep: 90%, futures: 3}"), 3, "3 is too small; it must be at least 10"),
        ((MILL, "--keep", "90%", "--time-limit", "0.000001"), 5, "the time was over"),
    ],
)
def test_what_cannot_be_is_said_so(arguments: tuple[object, ...], code: int, said: str) -> None:
    done = run("plan", *arguments)
    assert (done.exit_code, said in done.stderr) == (code, True), done.stderr


def test_an_amount_that_is_changed_in_the_file_is_seen(kept: Path, tmp_path: Path) -> None:
    said = json.loads(kept.read_text(encoding="utf-8"))
    said["context"]["robust"]["held"][0]["amount"] += 1
    path = tmp_path / "plan.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    assert run("show", path).exit_code == 6


def test_a_plan_that_is_made_of_it_promises_nothing(kept: Path, tmp_path: Path) -> None:
    """What is held back stays so; how often the rest of it is kept nobody has looked at."""
    path = tmp_path / "later.json"
    done = run("replan", kept, "--as-of", "2027-Q2", "-o", path)
    assert done.exit_code == 0, done.stderr
    later = json.loads(path.read_text(encoding="utf-8"))
    assert "robust" not in later["context"]
    assert any("90 % of futures is held back still" in note for note in later["context"]["notes"])


def test_a_sweep_carries_it_out_with_the_whole_budget(kept: Path) -> None:
    done = run("sweep", MILL, "-n", 40, "--plan", kept, "--workers", 1, "--json")
    broken = {chance["name"]: chance["chance"] for chance in json.loads(done.stdout)["limits_broken"]}
    assert broken.get("money", 0.0) <= 0.2


def test_killed_on_the_way_there_is_no_file_and_then_the_same_one(kept: Path, tmp_path: Path) -> None:
    path, dice = tmp_path / "plan.json", random.Random(1)
    command = [sys.executable, "-m", "stepladder", "plan", str(MILL), *FEW, "-o", str(path)]
    for number in [signal.SIGKILL, signal.SIGINT] * size(10):
        child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        try:
            child.communicate(timeout=dice.uniform(0.2, 2.5))
        except subprocess.TimeoutExpired:
            child.send_signal(number)
            _, stderr = child.communicate(timeout=60)
            assert b"Traceback" not in stderr
        if child.returncode == 0:
            assert path.read_bytes() == kept.read_bytes()
        else:
            assert not path.exists()
        path.unlink(missing_ok=True)
    assert run("plan", MILL, *FEW, "-o", path).exit_code == 0
    assert path.read_bytes() == kept.read_bytes()


@pytest.mark.slow
@pytest.mark.skipif(not FULL, reason="takes long: STEPLADDER_FULL=1")
@pytest.mark.parametrize("case", ["bottling_line", "home_cameras", "automotive_gateway"])
def test_the_promise_of_a_shipped_case_holds_in_a_thousand_more_futures(case: str, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    assert run("plan", case, "--keep", "90%", "--work", 4, "-o", path).exit_code == 0
    plan, question, said = load_plan(path), ask(case), told(path)
    assert question.redraw is not None
    drawn, count = independent(question.unknowns, 1000, 1, 99), 0
    for number in range(1000):
        used = spent_in_windows(question.redraw({name: at[number] for name, at in drawn.items()}), plan.starts)
        count += all(float(amount) <= question.problem.windows[k].limit + 1e-9 for k, amount in used.items())
    assert said["low"] <= count / 1000 <= said["high"]
