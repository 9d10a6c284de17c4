"""Achievements in what is asked of problems and plans: what would help where one is missed, and plans carried out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stepladder.analysis.execute import Due, carry
from stepladder.analysis.repair import repair
from stepladder.analysis.steps import facts
from stepladder.data.demand import demands_of, without
from stepladder.data.formats.problem import Problem
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import verify
from stepladder.wording.words import purposes
from tests.support.brute import Brute

PERIODS = [{"label": f"P{t}", "years": 1.0, "discount": 1.0} for t in range(4)]
#: Three steps of one period each, one after the other; a score of 0.6 is there with the second.
SAID: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "periods": PERIODS,
    "steps": [
        {"id": "first"},
        {"id": "second", "needs": [{"step": "first"}]},
        {"id": "third", "needs_achievements": [{"achievement": "enough", "lag": 1}], "points_per_year": 1},
    ],
    "achievements": [
        {"id": "enough", "title": "Enough", "score": {"at_least": 0.6, "of": {"first": 0.3, "second": 0.3}}}
    ],
    "objective": "worth",
}


def record(**changes: Any) -> Problem:
    return Problem.model_validate_json(json.dumps({**SAID, **changes}))


def test_one_that_comes_too_late_is_named_with_the_time_that_helps() -> None:
    problem = record(achievements=[{**SAID["achievements"][0], "by": 0}])
    (demand,) = demands_of(problem)
    assert (demand.kind, demand.name, demand.achievements) == ("achievement", "Enough: reached by P0", {"enough": 0})
    assert without(problem, [demand], [demand]).achievements[0].by is None
    found = repair(problem, [demand], Options(time_limit=20))
    # The second step is finished in period 1 at the earliest.
    (later,) = [remedy for remedy in found.remedies if remedy.kinds == ("later",)]
    assert [change.period for change in later.changes] == [1]


def test_a_step_says_what_it_counts_towards() -> None:
    problem = record()
    plan = make_plan(problem, optimise(problem, Options(gap=0.0)))
    assert plan.starts == {"first": 0, "second": 1, "third": 2}
    first = facts(plan)["first"]
    assert "counts towards “Enough”" in purposes(first, {step.id: step.id for step in problem.steps}, "EUR")


def test_a_plan_that_is_carried_out_waits_for_an_achievement() -> None:
    planned = {"first": 0, "second": 1, "third": 2}
    slow = record(steps=[{**SAID["steps"][0], "duration": 2}, *SAID["steps"][1:]])
    carried = carry(slow, planned, [Due("Enough", 1, (), ("enough",)), Due("Enough", 2, (), ("enough",))])
    # The first takes a period more: the second is finished in period 2, and the third begins after that.
    assert carried.starts == {"first": 0, "second": 2, "third": 3}
    assert carried.missed == (0,)


@pytest.mark.parametrize(("lag", "first"), [(0, 1), (1, 2), (2, 3)])
def test_a_need_waits_for_the_last_finish_and_its_lag(lag: int, first: int) -> None:
    """The second step is finished in period 1, and with it the score is there; with lag 0 what needs it may start in
    that very period, as with a need of a step.
    """
    needs = [{"achievement": "enough", "lag": lag}]
    problem = record(steps=[*SAID["steps"][:2], {**SAID["steps"][2], "needs_achievements": needs}])
    plan = make_plan(problem, optimise(problem, Options(gap=0.0)))
    assert plan.starts == {"first": 0, "second": 1, "third": first}
    assert verify(plan) == []
    sooner = plan.model_copy(update={"starts": {**plan.starts, "third": first - 1}})
    assert "needs_achievements" in {fault.rule for fault in verify(sooner)}
    brute = Brute(json.loads(problem.model_dump_json(by_alias=True)))
    kept = [tried.starts["third"] for tried in brute.plans() if not tried.broken and "third" in tried.starts]
    assert min(kept) == first
