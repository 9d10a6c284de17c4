"""Insurance beside steps: all starts times all policies of small random problems, and what is true of every answer."""

from __future__ import annotations

import math
from collections import Counter
from functools import cache
from typing import Any

import pytest

from stepladder.data.formats.policy import is_choice
from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.optimise import Options, Outcome, optimise
from stepladder.solution import make_plan
from stepladder.solution.recount import figures
from stepladder.solution.verify import verify
from tests.optimise.test_against_brute_force import agrees, record
from tests.support.brute import Answer, answer
from tests.support.insured import insured
from tests.support.sizes import FULL, size

SEEDS = range(size(500))
CHUNK = 25


@cache
def known(seed: int) -> tuple[dict[str, Any], Answer]:
    made = insured(seed)
    return made, answer(made)


@cache
def exactly(seed: int) -> Outcome:
    return optimise(record(known(seed)[0]), Options(gap=0.0))


def differs(made: dict[str, Any], expected: Answer, found: Outcome) -> str | None:
    """What is wrong with an exact answer: trying everything says other, or the verifier finds or counts other."""
    trouble = agrees(made, expected, found)
    if trouble is None and expected.best is not None:
        trouble = "; ".join(str(fault) for fault in verify(make_plan(record(made), found)))
        trouble += "" if counted_alike(record(made), found.starts) else "evaluation and verifier differ"
    return trouble


def counted_alike(problem: Problem, starts: dict[str, int]) -> bool:
    """Whether evaluation and verifier come to the same, each by its own formula of what an insurer pays."""
    one, other = evaluate(Ledger(problem), starts), figures(problem, starts)
    pairs = [(one.spend, other.spend_present_value), (one.total_loss(problem.horizon), other.tail_loss)]
    pairs.append((one.risk, other.loss_present_value - other.value_present_value))
    points = problem.objective == "worth"
    return all(math.isclose(a, b, rel_tol=1e-11, abs_tol=1e-6) for a, b in pairs[: 2 if points else 3])


@pytest.mark.parametrize("first", SEEDS[::CHUNK])
def test_exact_answers_equal_the_brute_force(first: int) -> None:
    wrong = {}
    for seed in range(first, min(first + CHUNK, len(SEEDS))):
        made, expected = known(seed)
        if trouble := differs(made, expected, exactly(seed)):
            wrong[seed] = trouble
    assert wrong == {}


def test_cbc_gives_the_same_answers() -> None:
    seeds = SEEDS[:: 10 if FULL else 8]
    cbc = Options(gap=0.0, solver="cbc")
    wrong = {seed: agrees(*known(seed), optimise(record(known(seed)[0]), cbc), gap=1e-7) for seed in seeds}
    assert {seed: trouble for seed, trouble in wrong.items() if trouble} == {}


def test_policies_decide_often_and_so_do_their_rules() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        _, expected = known(seed)
        seen.update(expected.decided_by)
        seen["bought"] += any(map(is_choice, exactly(seed).starts))
    assert {name: seen[name] for name in ("policies", "policy_needs", "bought") if seen[name] < len(SEEDS) // 12} == {}


def test_no_plan_is_worse_than_without_policies() -> None:
    for seed in SEEDS[::3]:
        made, _ = known(seed)
        without = {key: value for key, value in made.items() if key not in ("policies", "policy_years")}
        if any(year.get("policy") for year in made["policy_years"]):
            continue
        one, other = exactly(seed), optimise(record(without), Options(gap=0.0))
        if other.value is not None:
            assert one.value is not None
            assert one.value <= other.value + 1e-6 * max(1.0, abs(other.value)), seed
