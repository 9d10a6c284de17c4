"""Steps that never pay, against every plan of small problems: leaving them all out of a plan breaks nothing and
makes nothing worse.
"""

from __future__ import annotations

import random
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem
from stepladder.data.pointless import effective, pointless
from tests.support import handmade
from tests.support.brute import Brute, Tried
from tests.support.problems import problem as random_problem
from tests.support.sizes import size

COUNT = size(300)


def dulled(seed: int) -> dict[str, Any]:
    """A random problem in which some steps have lost what they were good for."""
    rng, made = random.Random(seed), random_problem(seed)
    for step in made["steps"]:
        if rng.random() < 0.5:
            step.pop("value_once", None)
            step.pop("value_per_year", None)
            for threat in made["threats"]:
                threat["factors"].pop(step["id"], None)
    if rng.random() < 0.1:
        made["threats"][0]["expected_loss_per_year"] = 0.0
    return made


def test_no_plan_is_better_for_them() -> None:
    met = 0
    for seed in range(COUNT):
        made = dulled(seed)
        idle = pointless(Problem.model_validate(made, strict=False))
        met += bool(idle)
        objective = made.get("objective", "risk")
        kept = (
            {frozenset(tried.starts.items()): tried for tried in Brute(made).plans() if not tried.broken}
            if idle
            else {}
        )
        for starts, tried in kept.items():
            less = kept.get(frozenset((name, start) for name, start in starts if name not in idle))
            assert less is not None, (seed, starts)
            assert not _worse(less, tried, objective), (seed, starts)
    assert met > COUNT // 4


def _worse(one: Tried, other: Tried, objective: str) -> bool:
    """Whether the one is worse than the other, by more than sums of floats differ."""
    (first, second), (least, more) = one.criteria(objective), other.criteria(objective)
    hair = 1e-9 * max(1.0, abs(least), abs(more))
    return first > least + hair or (abs(first - least) <= hair and second > more + hair)


def asked(**changes: Any) -> frozenset[str]:
    steps: list[dict[str, Any]] = [
        {"id": "a", "once": 5},
        {"id": "b", "once": 5, "needs": [{"step": "a"}]},
        {"id": "c", "needs_any": [[{"step": "b"}, {"step": "d"}]]},
        {"id": "d"},
    ]
    for step in steps:
        step.update(changes.pop(str(step["id"]), {}))
    return pointless(handmade.problem(steps=steps, windows=[], appetite=[], **{"threats": [], **changes}))


def test_what_makes_a_step_worth_its_money() -> None:
    threat = {"id": "t", "expected_loss_per_year": 100, "factors": {"c": 0.9}}
    assert asked() == {"a", "b", "c", "d"}
    assert asked(threats=[threat]) == frozenset()
    assert asked(threats=[threat | {"factors": {"c": 1.0}}]) == {"a", "b", "c", "d"}
    assert asked(threats=[threat | {"expected_loss_per_year": 0}]) == {"a", "b", "c", "d"}
    assert asked(threats=[threat | {"factors": {"b": 0.9}}]) == {"c", "d"}


@pytest.mark.parametrize("change", [{"value_once": 1}, {"value_per_year": 0.01}, {"required": True}, {"start": 0}])
def test_worth_and_demands_count(change: dict[str, Any]) -> None:
    assert asked(b=change) == {"c", "d"}
    assert asked(a={"value_once": -1}) == {"a", "b", "c", "d"}


def test_what_works_is_what_takes_something_off_or_is_worth_something() -> None:
    made = handmade.problem(
        steps=[{"id": "a", "value_once": -5}, {"id": "b", "value_per_year": 1}], threats=[], windows=[], appetite=[]
    )
    assert effective(made) == {"b"}
