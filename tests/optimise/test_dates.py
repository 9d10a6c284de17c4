"""What is known before any search: no start and no row that takes a plan away, and what the windows alone say."""

from __future__ import annotations

import itertools
import json
from typing import Any

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.optimise.formulation.points import first_points
from stepladder.optimise.formulation.program import build
from stepladder.optimise.formulation.rules import needs
from stepladder.optimise.formulation.variables import Grid, lay
from stepladder.optimise.search.state import values_of
from tests.support.brute import Brute
from tests.support.problems import going_on, problem


def grid_of(made: dict[str, Any]) -> Grid:
    return lay(Ledger(Problem.model_validate_json(json.dumps(made))))


def simple(steps: list[dict[str, Any]], windows: list[dict[str, Any]], periods: int = 4) -> Grid:
    held = [{"label": f"p{t}", "years": 0.25, "discount": 1.0} for t in range(periods)]
    return grid_of(
        {
            "format": "stepladder-problem/1",
            "periods": held,
            "tail": {"years": 1, "discount": 1.0},
            "steps": steps,
            "threats": [],
            "windows": windows,
        }
    )


def money(limits: list[float]) -> list[dict[str, Any]]:
    return [{"resource": "money", "from": t, "to": t, "limit": limit} for t, limit in enumerate(limits)]


def test_every_plan_keeps_every_row() -> None:
    """Rows may be tighter than the rules at fractions, never at plans."""
    seen = 0
    for seed in range(0, 490, 4):
        made = going_on(seed) if seed % 2 else problem(seed)
        grid = grid_of(made)
        program = build(grid, {key: first_points(least, 3) for key, least in grid.losses.items()})
        for plan in itertools.islice((tried.starts for tried in Brute(made).plans() if not tried.broken), 60):
            seen += 1
            values = values_of(grid, plan)
            assert all(start in grid.starts_of(grid.ledger.steps[name]) for name, start in plan.items()), seed
            for row in program.rows:
                left = sum(amount * values[name] for name, amount in row.terms.items()) - row.rhs
                off = {"<=": left, ">=": -left, "==": abs(left)}[row.sense]
                assert off <= 1e-7 * max(1.0, abs(row.rhs)), (seed, row, plan)
    assert seen > 2000


def test_a_step_does_not_start_where_it_alone_is_too_much() -> None:
    grid = simple([{"id": "a", "once": 10}], money([10, 9, 12, 10]))
    assert grid.starts_of(grid.ledger.steps["a"]) == (0, 2, 3)


def test_running_costs_count_where_they_fall() -> None:
    """From the second period on the step costs 5 a period, which the third one does not have."""
    grid = simple([{"id": "a", "once": 1, "per_year": 20}], money([10, 10, 4, 10]))
    assert grid.starts_of(grid.ledger.steps["a"]) == (2, 3)


def test_a_step_waits_until_the_windows_have_let_its_needs_through() -> None:
    steps = [{"id": name, "once": 10} for name in "abc"] + [
        {"id": "d", "once": 1, "needs": [{"step": name} for name in "abc"]}
    ]
    grid = simple(
        steps, [{"resource": "money", "from": 0, "to": t, "limit": 10 * (t + 1)} for t in range(5)], periods=5
    )
    assert grid.starts_of(grid.ledger.steps["d"]) == (3, 4)


def test_two_steps_that_do_not_fit_one_window_stand_in_different_ones() -> None:
    """Half-years: b, which needs a, cannot be in the same one, so a has started in the one before."""
    steps = [{"id": "a", "once": 6}, {"id": "b", "once": 6, "needs": [{"step": "a"}]}]
    grid = simple(steps, [{"resource": "money", "from": t, "to": t + 1, "limit": 10} for t in (0, 2, 4)], periods=6)
    assert grid.starts_of(grid.ledger.steps["b"]) == (2, 3, 4, 5)
    rows = {row.name: dict(row.terms) for row in needs(grid)}
    assert rows == {"needs_1_0_3": {"z_1_3": 1.0, "z_0_1": -1.0}, "needs_1_0_5": {"z_1_5": 1.0, "z_0_3": -1.0}}


def test_what_must_be_done_sets_the_date_of_what_it_needs() -> None:
    steps = [
        {"id": "a", "once": 6},
        {"id": "b", "once": 6, "needs": [{"step": "a"}], "required": True, "latest_finish": 3},
    ]
    grid = simple(steps, [{"resource": "money", "from": t, "to": t + 1, "limit": 10} for t in (0, 2, 4)], periods=6)
    assert grid.starts_of(grid.ledger.steps["a"]) == (0, 1)
    assert grid.starts_of(grid.ledger.steps["b"]) == (2, 3)


def test_a_step_that_never_fits_takes_what_needs_it_along() -> None:
    steps = [{"id": "a", "once": 20}, {"id": "b", "once": 1, "needs": [{"step": "a"}]}, {"id": "c", "once": 1}]
    grid = simple(steps, money([10, 10, 10, 10]))
    assert [grid.starts_of(grid.ledger.steps[name]) for name in "abc"] == [(), (), (0, 1, 2, 3)]
