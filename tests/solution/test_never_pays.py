"""A step that never pays is said to be left out for that, and the verifier counts such steps on its own."""

from __future__ import annotations

import random

import pytest

from stepladder.data.formats.plan import NotPlanned
from stepladder.data.pointless import pointless
from stepladder.solution.left_out import _idle, unlike_reasons
from stepladder.solution.reasons import reasons
from tests.support import handmade
from tests.support.problems import problem as random_problem
from tests.support.sizes import size

COUNT = size(3000)
WORDS = "takes nothing off any threat and is worth nothing else, and nothing of use needs it: it never pays"


def test_the_verifier_counts_the_same_steps() -> None:
    met = 0
    for seed in range(COUNT):
        rng, made = random.Random(seed), random_problem(seed)
        for step in made["steps"]:
            if rng.random() < 0.6:
                step.pop("value_once", None)
                step.pop("value_per_year", None)
                for threat in made["threats"]:
                    threat["factors"].pop(step["id"], None)
        problem = handmade.problem(**made)
        assert _idle(problem) == pointless(problem), seed
        met += bool(pointless(problem))
    assert met > COUNT // 5


def test_what_is_in_its_way_is_not_why() -> None:
    """No money for the large one, and none for the one that needs it: neither would be bought with any money."""
    steps = [
        {"id": "large", "once": 90000},
        {"id": "after", "once": 1, "needs": [{"step": "large"}]},
        {"id": "useful", "once": 80000},
        {"id": "small", "once": 5},
    ]
    threats = [{"id": "t", "expected_loss_per_year": 1000, "factors": {"useful": 0.5}}]
    problem = handmade.problem(steps=steps, threats=threats, appetite=[])
    said = reasons(problem, {})
    assert [said[name].reason for name in ("large", "after", "useful", "small")] == [
        "worsens_objective",
        "worsens_objective",
        "blocked",
        "worsens_objective",
    ]
    assert {said[name].detail for name in ("large", "after", "small")} == {WORDS}
    assert said["useful"].detail == "at every possible start: too little is left of the budget"
    plan = handmade.plan(problem, {}).model_copy(update={"not_planned": said})
    assert list(unlike_reasons(plan)) == []


@pytest.mark.parametrize(
    ("said", "right"),
    [
        ("at every possible start: the budget is used up", True),
        ("at every possible start: too little is left of the budget", True),
        ("at every possible start: the people are fully used", False),
        ("at every possible start: the budget is used up, or the people are fully used", False),
    ],
)
def test_a_rule_may_be_said_as_it_was_said_before(said: str, right: bool) -> None:
    problem = handmade.problem(
        steps=[{"id": "useful", "once": 80000}],
        threats=[{"id": "t", "expected_loss_per_year": 1000, "factors": {"useful": 0.5}}],
        appetite=[],
    )
    plan = handmade.plan(problem, {}).model_copy(
        update={"not_planned": {"useful": NotPlanned(reason="blocked", detail=said)}}
    )
    assert (list(unlike_reasons(plan)) == []) is right


def test_what_older_plans_say_is_as_true() -> None:
    steps = [{"id": "large", "once": 90000}, {"id": "after", "once": 1, "needs": [{"step": "large"}]}]
    problem = handmade.problem(steps=steps, threats=[], appetite=[])
    older = {
        "large": NotPlanned(reason="blocked", detail="at every possible start: the budget is used up"),
        "after": NotPlanned(reason="blocked", detail="needs large, which is not in this plan"),
    }
    plan = handmade.plan(problem, {})
    assert list(unlike_reasons(plan.model_copy(update={"not_planned": older}))) == []
    swapped = {"large": older["after"], "after": older["large"]}
    assert [fault.subject for fault in unlike_reasons(plan.model_copy(update={"not_planned": swapped}))] == [
        "large",
        "after",
    ]
