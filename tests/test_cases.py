"""The small problems with known answers: every one comes out as expected, with either solver."""

from __future__ import annotations

import math

import pytest

from stepladder.errors import Infeasible
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from tests.support.known import EXPECTED, case


@pytest.mark.parametrize("solver", ["highs", "cbc"])
@pytest.mark.parametrize("name", EXPECTED)
def test_case(name: str, solver: str) -> None:
    expected = EXPECTED[name]
    outcome = optimise(case(name), Options(gap=0.0, solver=solver))  # type: ignore[arg-type]
    if expected["status"] == "infeasible":
        with pytest.raises(Infeasible):
            make_plan(case(name), outcome)
        return
    plan = make_plan(case(name), outcome)
    assert plan.objective.name == expected["objective_name"]
    assert math.isclose(plan.objective.value, expected["objective"], rel_tol=1e-6)
    assert math.isclose(plan.objective.bound, expected["objective"], rel_tol=1e-6)
    assert plan.objective.bound <= expected["objective"] + 1e-3
    if "spend_present_value" in expected:
        assert math.isclose(plan.totals.spend_present_value, expected["spend_present_value"], rel_tol=1e-6)


def test_there_are_sixteen() -> None:
    assert len(EXPECTED) == 16
