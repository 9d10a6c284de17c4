"""What a frontier costs beside plans that are made one by one."""

from __future__ import annotations

import time

import pytest

from stepladder.analysis.frontier import budgets, limited, own_money
from stepladder.optimise import Options, optimise
from stepladder.workflow.frontier import frontier
from stepladder.workflow.plan import ask


@pytest.mark.timing
def test_points_learn_from_one_another() -> None:
    question = ask("automotive_gateway")
    problem, own = question.problem, own_money(question.problem)
    assert own is not None
    begun = time.perf_counter()
    held = frontier(question, points=13)
    together = time.perf_counter() - begun
    assert all(plan.status == "optimal" for _, plan in held.curves[0].plans)
    begun = time.perf_counter()
    for money in budgets(0.4 * own, 1.6 * own, 13):
        optimise(limited(problem, own, money), Options())
    assert together <= 0.75 * (time.perf_counter() - begun)
