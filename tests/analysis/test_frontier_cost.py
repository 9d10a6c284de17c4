"""What a frontier costs beside one plan."""

from __future__ import annotations

import time

import pytest

from stepladder.workflow.frontier import frontier
from stepladder.workflow.plan import answer, ask


@pytest.mark.timing
def test_25_points_take_at_most_six_times_as_long_as_one_plan() -> None:
    took = {"plan": 0.0, "frontier": 0.0}
    for name in ("bottling_line", "home_cameras", "automotive_gateway"):
        question = ask(name)
        begun = time.perf_counter()
        answer(question)
        took["plan"] += time.perf_counter() - begun
        begun = time.perf_counter()
        held = frontier(question)
        took["frontier"] += time.perf_counter() - begun
        assert len(held.curves[0].points) == 25
        assert all(plan.status == "optimal" for _, plan in held.curves[0].plans)
    assert took["frontier"] <= 6 * took["plan"], took
