"""A time limit of a second ends within three more, beyond starting up and reading, however large the question is.

Processor time of a single thread is measured: what the clock shows on a machine that does nothing beside.
"""

from __future__ import annotations

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from stepladder.analysis.practice import best_by_rule
from stepladder.data.formats.problem import dump
from stepladder.data.load import load_plan
from stepladder.solution.verify import verify
from tests.benchmarks.scale import SHAPES
from tests.support.killing import environment
from tests.support.sizes import FULL

LIMIT, BEYOND = 1.0, 3.0
SIZES = (1, 1_000, 3_000, 5_000, 10_000, 30_000) if FULL else (1, 5_000)
#: What runs beside it makes a run longer, never shorter: the best of so many counts.
ROUNDS = 3


def seconds(*arguments: str) -> float:
    """Of the processor, for one run of the program."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    done = subprocess.run(
        [sys.executable, "-m", "stepladder", *arguments],
        capture_output=True,
        text=True,
        env=environment(),
        check=False,
    )
    assert done.returncode == 0, done.stderr
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime


@pytest.mark.timing
@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("shape", SHAPES)
def test_a_second_is_a_second(shape: str, size: int, tmp_path: Path) -> None:
    problem, path, made = SHAPES[shape](size), tmp_path / "problem.json", tmp_path / "plan.json"
    path.write_text(dump(problem), encoding="utf-8")
    beyond: list[float] = []
    while len(beyond) < ROUNDS and min(beyond, default=BEYOND) >= BEYOND:
        reading = seconds("check", str(path))
        limited = ("--time-limit", str(LIMIT), "--threads", "1", "-o", str(made))
        beyond.append(seconds("plan", str(path), *limited) - reading - LIMIT)
    assert min(beyond) < BEYOND, beyond
    plan = load_plan(made)
    assert verify(plan) == []
    assert plan.objective.bound <= plan.objective.value
    best = best_by_rule(problem)
    assert best is not None
    value = best.figures.objective(problem.objective)
    assert plan.objective.value <= value + 1e-9 * abs(value)
