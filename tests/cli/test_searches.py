"""The program as people run it: every shipped question, the same bytes again, and searches that are cut short."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
import yaml

from stepladder.data.reading.library import folder, names
from stepladder.workflow.init import init as init_command
from tests.support.killing import hearing
from tests.support.sizes import FULL

CASES = names("scenarios")


def named(case: str) -> list[str]:
    """The named scenarios of a case; they are planned at full size."""
    text = (folder("scenarios") / f"{case}.yaml").read_text(encoding="utf-8")
    return list(yaml.safe_load(text)["scenarios"]) if FULL else []


NAMED = [(case, name) for case in CASES for name in (None, *named(case))]


def program(*arguments: object, **kinds: Any) -> list[str]:
    return [sys.executable, "-m", "stepladder", *map(str, arguments)]


def ran(
    *arguments: object, cwd: Path | None = None, env: dict[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        program(*arguments),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        cwd=cwd,
        env={**os.environ, **(env or {})},
    )


@pytest.mark.slow
@pytest.mark.parametrize(("case", "name"), NAMED)
def test_every_shipped_question_has_a_verified_plan(tmp_path: Path, case: str, name: str | None) -> None:
    # With no options at all only at full size, and of the first: it goes on to a tenth of the gap.
    roughly = [] if FULL or (case, name) == NAMED[0] else ["--gap", "1%"]
    made = ran("plan", case, *(["--scenario", name] if name else []), *roughly, "-o", "plan.json", cwd=tmp_path)
    assert made.returncode == 0, made.stderr
    plan = json.loads((tmp_path / "plan.json").read_text(encoding="utf-8"))
    assert 0 <= plan["objective"]["gap"] <= (0.01 if roughly else 0.003)
    assert plan["status"] == ("optimal" if roughly or plan["objective"]["gap"] <= 0.001 else "feasible")
    assert plan["starts"]
    assert max(map(len, made.stdout.splitlines())) <= 80
    checked = ran("verify", "plan.json", cwd=tmp_path)
    assert checked.returncode == 0
    assert "none broken" in checked.stdout


@pytest.mark.slow
def test_the_same_question_gives_the_same_bytes(tmp_path: Path) -> None:
    for seed in ("0", "1", "4711"):
        made = ran(
            "plan",
            "automotive_gateway",
            "--scenario",
            "balance",
            "-o",
            f"{seed}.json",
            cwd=tmp_path,
            env={"PYTHONHASHSEED": seed},
        )
        assert made.returncode == 0, made.stderr
        (tmp_path / f"{seed}.txt").write_text(made.stdout, encoding="utf-8")
    for kind in ("json", "txt"):
        assert len({(tmp_path / f"{seed}.{kind}").read_bytes() for seed in ("0", "1", "4711")}) == 1


# --- cut short


def hard(tmp_path: Path) -> Path:
    """A shipped case that nobody closes in a few seconds: money is lost at the end of each quarter, and the gap must
    be tiny.
    """
    path = tmp_path / "hard.yaml"
    path.write_text(
        init_command("bottling_line").replace("carry_over: within_year", "carry_over: none"), encoding="utf-8"
    )
    return path


def test_a_time_limit_gives_a_verified_plan_with_its_gap(tmp_path: Path) -> None:
    made = ran("plan", hard(tmp_path), "--gap", "0", "--time-limit", 4, "--json")
    assert made.returncode == 0, made.stderr
    plan = json.loads(made.stdout)
    assert plan["status"] == "feasible"
    assert plan["objective"]["gap"] > 0
    assert plan["objective"]["bound"] < plan["objective"]["value"]


@pytest.mark.timing
def test_a_time_limit_is_kept(tmp_path: Path) -> None:
    begun = time.monotonic()
    assert ran("plan", hard(tmp_path), "--gap", "0", "--time-limit", 4, "--json").returncode == 0
    assert time.monotonic() - begun < 15


def test_the_shortest_time_limit_still_hands_over_a_plan(tmp_path: Path) -> None:
    made = ran("plan", hard(tmp_path), "--gap", "0", "--time-limit", 0.001, "--json")
    assert made.returncode == 0, made.stderr
    plan = json.loads(made.stdout)
    assert (plan["status"], len(plan["starts"]) > 5) == ("feasible", True)
    assert plan["objective"]["bound"] < plan["objective"]["value"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
@pytest.mark.parametrize("signals", [1, 2])
def test_ctrl_c_gives_the_best_plan_so_far_and_twice_ends(tmp_path: Path, signals: int) -> None:
    code, out, err = interrupted(tmp_path, signals)
    assert "Traceback" not in err
    if signals == 1:
        assert code == 0, err
        assert json.loads(out)["status"] == "feasible"
    else:
        ended = code == 130 and out == ""
        assert ended or (out and json.loads(out)["status"] == "feasible"), (code, err)


@pytest.mark.timing
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
@pytest.mark.parametrize("signals", [1, 2])
def test_ctrl_c_is_heard_at_once(tmp_path: Path, signals: int) -> None:
    begun = time.monotonic()
    interrupted(tmp_path, signals)
    assert time.monotonic() - begun < 16


def interrupted(tmp_path: Path, signals: int) -> tuple[int, str, str]:
    """Exit code, output and messages of a hard search that hears Ctrl-C so often after six seconds."""
    command = program("plan", hard(tmp_path), "--gap", "0", "--json")
    running = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, preexec_fn=hearing)
    time.sleep(6)
    for _ in range(signals):
        running.send_signal(signal.SIGINT)
        time.sleep(0.02)
    try:
        out, err = running.communicate(timeout=120)
    finally:
        running.kill()
    return running.returncode, out, err


def test_cbc_finds_a_plan_too() -> None:
    made = ran("plan", "automotive_gateway", "--scenario", "half", "--solver", "cbc", "--gap", "5%", "--json")
    assert made.returncode == 0, made.stderr
    plan = json.loads(made.stdout)
    assert plan["status"] == "optimal"
    assert plan["made_with"]["solver"].startswith("CBC")


def test_progress_goes_to_stderr(tmp_path: Path) -> None:
    made = ran("plan", hard(tmp_path), "--gap", "0", "--time-limit", 12, "--json")
    json.loads(made.stdout)
    assert any("gap" in line and " s" in line for line in made.stderr.splitlines()), made.stderr
