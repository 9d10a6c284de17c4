"""Limits hold wherever they strike, and what is handed over then is at least what a rule of practice finds.

Seconds are not measured here: the clock is one that strikes after it was asked so often, and what is done from then on
is counted in calls.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from stepladder.analysis.practice import RULES, best_by_rule, plan_by
from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.optimise import Options, Outcome, optimise
from stepladder.optimise.clock import UNIT, Clock, TimeUp
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.heuristics.greedy import obeys
from stepladder.optimise.interruptible import Job, settled
from stepladder.optimise.search import optimise as search
from stepladder.optimise.search.trivial_bound import floor
from stepladder.solution import make_plan
from tests.benchmarks import generate
from tests.support import problems
from tests.support.sizes import FULL

CASES = Path(__file__).parents[1] / "cases"
#: Calls of functions for each step, from when the time is up until the search ends, and until the plan is checked and
#: explained.
AFTER, CHECKED = 250, 800


class CountingClock(Clock):
    """The time is up after the clock was asked so often."""

    asked, most = 0, 0
    #: What is called when that is.
    struck: Callable[[], None] = staticmethod(lambda: None)

    def late(self, by: float = 0.0) -> bool:
        type(self).asked += 1
        if self.asked == self.most:
            type(self).struck()
        return self.asked >= self.most

    def left(self) -> float | None:
        return 1000.0


def counted(monkeypatch: pytest.MonkeyPatch, most: int) -> type[CountingClock]:
    kind = type("Counting", (CountingClock,), {"asked": 0, "most": most})
    monkeypatch.setattr(search, "Clock", kind)
    return kind


def shapes() -> dict[str, Problem]:
    return {
        "one system": generate.bare(120),
        "a fleet": generate.smm(0, 25),
        "a chain": generate.chain(200),
        "a chain at once": generate.chain(200, lag=0),
    }


@pytest.mark.parametrize("shape", list(shapes()))
@pytest.mark.parametrize("asked", [1, 30, 300, 1_000, 5_000, *([40_000] if FULL else [])])
def test_wherever_the_time_is_up_a_plan_follows_soon(shape: str, asked: int, monkeypatch: pytest.MonkeyPatch) -> None:
    problem = shapes()[shape]
    kind, calls = counted(monkeypatch, asked), [0]

    def called(_frame: object, event: str, _argument: object) -> None:
        calls[0] += event in ("call", "c_call")

    kind.struck = staticmethod(lambda: sys.setprofile(called))
    try:
        found = optimise(problem, Options(gap=0.0, threads=1))
        ended = calls[0]
        made = make_plan(problem, found)
    finally:
        sys.setprofile(None)
    assert made.starts
    assert found.bound is not None
    assert found.value is not None
    assert found.bound <= found.value
    if kind.asked >= asked:
        assert ended <= AFTER * len(problem.steps), ended / len(problem.steps)
        assert calls[0] <= CHECKED * len(problem.steps), calls[0] / len(problem.steps)


@pytest.mark.parametrize("shape", list(shapes()))
def test_no_time_at_all_is_time_for_the_rules_of_practice(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "GRACE", 600.0)
    problem = shapes()[shape]
    best = best_by_rule(problem)
    found = optimise(problem, Options(time_limit=0.0))
    assert best is not None
    assert found.value is not None
    assert found.value <= best.figures.objective(problem.objective) * (1 + 1e-12)


@pytest.mark.parametrize("effort", [None, 0])
@pytest.mark.parametrize("seed", range(60))
def test_never_less_than_a_rule_of_practice_finds(
    seed: int, effort: int | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "GRACE", 600.0)
    problem = Problem.model_validate_json(json.dumps(problems.problem(seed)))
    best = best_by_rule(problem)
    found = optimise(problem, Options(time_limit=0.0 if effort is None else None, work=effort))
    if best is None:
        return
    assert found.value is not None
    value = best.figures.objective(problem.objective)
    assert found.value <= value + 1e-9 * max(1.0, abs(value))


@pytest.mark.parametrize("seed", range(60))
def test_a_rule_leaves_out_what_does_not_fit_with_what_it_needs(seed: int) -> None:
    """Every plan of a rule obeys needs, limits and dates; only what must be done and caps on losses may be missing."""
    problem = Problem.model_validate_json(json.dumps(problems.problem(seed)))
    grid = lay(Ledger(problem))
    for rule in RULES:
        starts = plan_by(problem, rule)
        loose = lay(
            Ledger(problem.model_copy(update={"appetite": (), "steps": tuple(_free(step) for step in problem.steps)}))
        )
        assert obeys(loose, starts)
        assert all(starts[name] in grid.starts_of(grid.ledger.steps[name]) for name in starts)


def _free(step: Any) -> Any:
    return step.model_copy(update={"required": False, "earliest": step.start or step.earliest, "start": None})


@pytest.mark.parametrize("name", sorted(path.stem for path in CASES.glob("small_*.json")))
def test_the_bound_without_a_solver_is_one(name: str) -> None:
    problem = Problem.model_validate_json((CASES / f"{name}.json").read_text(encoding="utf-8"))
    grid = lay(Ledger(problem))
    found = optimise(problem, Options(gap=0.0))
    if found.value is not None:
        assert floor(grid) <= evaluate(grid.ledger, found.starts).criteria(problem.objective)[0]


def answer(outcome: Outcome) -> tuple[object, ...]:
    return outcome.status, outcome.starts, outcome.value, outcome.bound


@pytest.mark.slow
@pytest.mark.parametrize("shape", list(shapes()) if FULL else ["a fleet"])
def test_the_same_effort_gives_the_same_answer_and_is_not_exceeded(shape: str, monkeypatch: pytest.MonkeyPatch) -> None:
    clocks: list[Clock] = []

    class Kept(Clock):
        def __init__(self, seconds: float | None, effort: int | None) -> None:
            super().__init__(seconds, effort)
            clocks.append(self)

    monkeypatch.setattr(search, "Clock", Kept)
    problem = shapes()[shape] if FULL or shape != "one system" else generate.bare(60)
    threads = (1, 2, 2) if FULL else (1, 2)
    found = [optimise(problem, Options(gap=0.0, work=1, threads=count)) for count in threads]
    assert all(answer(other) == answer(found[0]) for other in found)
    assert all(clock._work <= 2.5 * UNIT for clock in clocks)
    assert len({clock._work for clock in clocks}) == 1


def test_the_clock_is_one_that_can_be_set() -> None:
    clock = Clock(None, 2)
    assert list(clock.watched(range(200))) == list(range(200))
    assert (clock.left(), clock.is_set(), clock.late(), clock.spent()) == (None, False, False, False)
    clock.spend(2 * UNIT)
    assert clock.spent()
    assert clock.counted.is_set()
    assert not clock.is_set()
    clock.set()
    assert clock.is_set()
    with pytest.raises(TimeUp):
        list(clock.watched(range(200)))
    assert Clock(0.0).is_set()
    assert not Clock(1000.0).late()


def test_who_does_not_listen_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    from threading import Event

    from stepladder.optimise import interruptible

    monkeypatch.setattr(interruptible, "PATIENCE", 0.1)
    monkeypatch.setattr(interruptible, "_behind", [])
    go = Event()
    with pytest.raises(TimeUp):
        Job(go.wait).result(lambda: True)
    assert interruptible.left_behind()
    go.set()
    interruptible._behind[0].join()
    assert not interruptible.left_behind()


def test_an_interrupt_in_the_end_of_a_search_loses_nothing() -> None:
    strikes = [1]

    def work() -> str:
        if strikes:
            strikes.pop()
            raise KeyboardInterrupt
        return "done"

    assert settled(work) == "done"
    strikes = [1, 1]
    with pytest.raises(KeyboardInterrupt):
        settled(work)
