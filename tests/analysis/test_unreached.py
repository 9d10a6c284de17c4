"""What is said to be reached in no plan by a date is reached in none, by trying all plans."""

from __future__ import annotations

import json
import random

import pytest

from stepladder.analysis.feasibility import Bounds, impossible
from stepladder.analysis.unreached import unreached
from stepladder.data.formats.problem import Problem
from tests.support.brute import Brute
from tests.support.problems import with_achievements
from tests.support.sizes import size

SEEDS = size(200)


def _asking(seed: int) -> dict[str, object]:
    """A problem in which one achievement is asked for by a date, often too soon, and nothing else must be done."""
    made, dice = with_achievements(seed), random.Random(f"unreached {seed}")
    for item in made["achievements"]:
        item.pop("by", None)
    dice.choice(made["achievements"])["by"] = dice.randint(0, len(made["periods"]) - 1)
    for step in made["steps"]:
        step["required"] = False
    return made


@pytest.fixture(scope="module")
def proved() -> dict[int, bool]:
    """By seed, whether it is said that no plan has the achievement in time."""
    said = {}
    for seed in range(SEEDS):
        bounds = Bounds(Problem.model_validate_json(json.dumps(_asking(seed))))
        said[seed] = bool([*unreached(bounds, impossible(bounds))])
    return said


def test_no_plan_is_what_is_said_to_be_none(proved: dict[int, bool]) -> None:
    for seed in (seed for seed, none in proved.items() if none):
        assert all(tried.broken for tried in Brute(_asking(seed)).plans()), seed
    assert sum(proved.values()) > SEEDS // 20
