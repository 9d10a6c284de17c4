"""Reading, checking and building grow about linearly: counted in calls and bytes at small sizes, in seconds at large
ones.
"""

from __future__ import annotations

import sys
import time
import tracemalloc
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from stepladder.data.formats.problem import Problem, dump
from stepladder.evaluate import Ledger
from stepladder.optimise.formulation.variables import lay
from stepladder.output.checked import check_text
from stepladder.workflow.check import check
from tests.benchmarks import generate
from tests.support.sizes import FULL

SHAPES: dict[str, Callable[[int], Problem]] = {
    "one system": generate.bare,
    "a fleet": lambda count: generate.smm(0, max(2, count // 29)),
    "a chain": generate.chain,
    "a chain at once": lambda count: generate.chain(count, lag=0),
}
#: Four times as many steps may take so many times as much.
FOUR_TIMES = 4.8


def checked(path: Path) -> None:
    report = check(path)
    assert check_text(report.question.problem, report.facts)


def calls(work: Callable[[], object]) -> int:
    found = [0]

    def called(_frame: object, event: str, _argument: object) -> None:
        found[0] += event in ("call", "c_call")

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return found[0]


def peak(work: Callable[[], object]) -> int:
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def laid(problem: Problem) -> object:
    return lay(Ledger(problem))


@pytest.mark.parametrize("measure", [calls, peak])
@pytest.mark.parametrize("shape", SHAPES)
def test_checking_and_building(shape: str, measure: Callable[[Callable[[], object]], int], tmp_path: Path) -> None:
    taken = []
    for count in (300, 1200):
        problem, path = SHAPES[shape](count), tmp_path / f"{count}.json"
        path.write_text(dump(problem), encoding="utf-8")
        checked(path)  # what is imported and kept for good is not counted
        taken.append((measure(partial(checked, path)), measure(partial(laid, problem))))
    for few, many in zip(*taken, strict=True):
        assert many <= FOUR_TIMES * few, (few, many)


@pytest.mark.timing
@pytest.mark.parametrize("shape", SHAPES if FULL else ["one system", "a chain at once"])
def test_sixteen_times_as_many_steps_take_about_sixteen_times_as_long(shape: str, tmp_path: Path) -> None:
    taken = []
    for count in (1_500, 24_000):
        problem, path = SHAPES[shape](count), tmp_path / f"{count}.json"
        path.write_text(dump(problem), encoding="utf-8")
        best = float("inf")
        for _ in range(3 if count < 10_000 else 1):
            begun = time.process_time()
            checked(path)
            lay(Ledger(problem))
            best = min(best, time.process_time() - begun)
        taken.append(best)
    # Quadratic would be 256 times.
    assert taken[1] <= 48 * taken[0], taken


@pytest.mark.slow
def test_a_chain_of_5000_takes_little_room(tmp_path: Path) -> None:
    # The sets of what each step needs, kept for all of them, took more than 600 MB.
    path = tmp_path / "chain.json"
    path.write_text(dump(generate.chain(5_000)), encoding="utf-8")
    assert peak(lambda: checked(path)) < 60_000_000
