"""Achievements in what is asked of problems and plans: what would help where one is missed, and plans carried out."""

from __future__ import annotations

import datetime
import json
import math
from dataclasses import replace
from typing import Any

import pytest

from stepladder.analysis.claims import Claim
from stepladder.analysis.execute import Due, carry
from stepladder.analysis.repair import repair
from stepladder.analysis.steps import facts
from stepladder.data.demand import demands_of, without
from stepladder.data.formats.context import Milestone
from stepladder.data.formats.problem import Problem
from stepladder.data.remedy import Change, mended
from stepladder.optimise import Options, optimise
from stepladder.output.repairs import repair_text
from stepladder.solution import make_plan
from stepladder.solution.verify import verify
from stepladder.wording.claims import unknown, useless
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


def test_one_that_cannot_be_reached_is_given_up_and_what_can_be_is_kept() -> None:
    """By hand: `a` and `b` take until P1, so `both` misses P0 in any plan; 55 pays for two of three steps, so `most` is
    not reached beside `c`, which must be done: each of the two achievements is given up, or is too late, or costs 15.
    """
    steps = [
        {"id": "a", "once": 10},
        {"id": "b", "once": 10, "needs": [{"step": "a"}]},
        {"id": "c", "once": 50, "required": True},
    ]
    achievements = [
        {"id": "both", "title": "Both of them", "all": ["a", "b"], "by": 0},
        {"id": "most", "title": "Most", "score": {"at_least": 3, "of": {"a": 1, "b": 1, "c": 1}}, "by": 2},
    ]
    windows = [{"resource": "money", "from": 0, "to": 3, "limit": 55}]
    problem = record(steps=steps, achievements=achievements, windows=windows, objective="risk")
    demands = demands_of(problem)
    found = repair(problem, demands, Options())
    assert [remedy.name for remedy in found.remedies] == ["money", "later", "together", "fewer"]
    money, later, together, fewer = found.remedies
    assert (money.useless, later.useless) == (True, True)
    assert {change.kind: (change.period, change.amount) for change in together.changes} == {
        "later": (1, 0.0),
        "money": (3, 15.0),
    }
    assert [(claim.low, claim.high) for claim in fewer.claims] == [(2.0, 2.0)]
    assert [(change.achievement, change.step) for change in fewer.changes] == [("both", ""), ("most", "")]
    assert fewer.problem is not None
    assert [item.by for item in fewer.problem.achievements] == [None, None]
    for kept in range(2):
        less = mended(problem, demands, [change for k, change in enumerate(fewer.changes) if k != kept])
        assert optimise(less, Options(gap=0.9)).status == "infeasible"
    text = " ".join(repair_text(found).split())
    assert "Less: give up 2 achievements: Both of them (clash 2); Most (clash 1). Proved: fewer do not do." in text
    assert "giving up" not in text.split("WHAT WOULD NOT HELP")[1]


def test_of_two_dates_of_one_achievement_only_the_one_that_is_missed_is_given_up() -> None:
    """`both` is there in P1: after the first milestone's year, and before the end of the second one's."""
    calendar = [
        {**period, "start": f"{2027 + t}-01-01", "end": f"{2027 + t}-12-31"} for t, period in enumerate(PERIODS)
    ]
    steps = [{"id": "a"}, {"id": "b", "needs": [{"step": "a"}]}]
    problem = record(
        periods=calendar, steps=steps, achievements=[{"id": "both", "title": "Both", "all": ["a", "b"], "by": 0}]
    )
    dates = (datetime.date(2027, 12, 31), datetime.date(2029, 12, 31))
    milestones = [
        Milestone(title=f"{day.year}", date=day, reason="", source="", steps=(), achievements=("both",))
        for day in dates
    ]
    demands = demands_of(problem, milestones)
    found = repair(problem, demands, Options())
    (fewer,) = [remedy for remedy in found.remedies if remedy.name == "fewer"]
    assert fewer.changes == (Change("fewer", (0,), achievement="both"),)
    assert fewer.problem is not None
    # What the second milestone asks for is asked for still.
    assert fewer.problem.achievements[0].by == 2
    assert "Less: give up 1 achievement: Both by 31 Dec 2027. Proved: fewer do not do." in repair_text(found)


def test_where_giving_up_achievements_does_not_help_that_is_said() -> None:
    claim = Claim("fewer", tuple(demands_of(record(achievements=[{**SAID["achievements"][0], "by": 0}]))))
    hopeless = replace(claim, low=math.inf, loose=("fewer",))
    assert useless([hopeless]).startswith("Giving up achievements, or required steps that are not pinned alone")
    assert unknown(replace(claim, low=2.0)) == (
        "the search was stopped; at least 2 required steps or achievements would be needed, and it is not known whether"
        " that helps."
    )


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
