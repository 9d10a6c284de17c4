"""Policies from one plan to another, side by side and over versions: taken up, dropped, in other years."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stepladder.analysis.comparison import compared
from stepladder.analysis.difference import difference
from stepladder.analysis.history import history
from stepladder.analysis.policy_changes import HeldYear, policy_changes
from stepladder.analysis.rebase import rebase
from stepladder.analysis.replan import replan
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.happened import as_planned
from stepladder.optimise import Options, optimise
from stepladder.output.compared import compare_csv, compare_json, compare_text
from stepladder.output.differences import diff_json, diff_markdown, diff_text
from stepladder.output.histories import history_json, history_text
from stepladder.solution import make_plan
from tests.solution.test_insured import QUESTION
from tests.support.insured import insured as random_problem

EXACT = Options(gap=0.0)
YEARS = [{"from": 0, "to": 1, "label": "2027"}, {"from": 2, "to": 4, "label": "2028"}]


def planned(**changes: Any) -> Plan:
    problem = Problem.model_validate_json(json.dumps({**QUESTION, "policy_years": YEARS, **changes}))
    return make_plan(problem, optimise(problem, EXACT))


def offers(**premiums: list[float | None]) -> list[dict[str, Any]]:
    return [
        policy | {"premiums": premiums[policy["id"]]} for policy in QUESTION["policies"] if policy["id"] in premiums
    ]


@pytest.fixture(scope="module")
def both() -> Plan:
    """Basic in 2027 for 1,000, full in 2028 for 500."""
    made = planned()
    assert made.policies == ("basic", "full")
    return made


def text_of(written: str) -> str:
    return " ".join(written.split())


def test_taken_up_and_dropped(both: Plan) -> None:
    none = planned(policies=offers(basic=[9e6, None], full=[None, 9e6]))
    assert none.policies == (None, None)
    changes = policy_changes(none, both)
    assert [(one.policy, one.kind, one.before, one.after) for one in changes] == [
        ("basic", "taken up", (), (HeldYear("2027", 1000.0),)),
        ("full", "taken up", (), (HeldYear("2028", 500.0),)),
    ]
    text = text_of(diff_text(difference(none, both)))
    assert "2 policies not in force as before" in text
    assert "INSURANCE - “basic”: taken up, 2027 (1,000 EUR). - “full”: taken up, 2028 (500 EUR)." in text
    assert "- basic: premium of 2027: 9,000,000 → 1,000 EUR" in text
    back = difference(both, none)
    assert [one.kind for one in back.policies] == ["dropped", "dropped"]
    text = text_of(diff_text(back))
    assert "“basic”: dropped, was in force in 2027 (1,000 EUR). In 2027, too little is left of the budget." in text
    # Nobody needs the list any more.
    asked = "In 2028, what it asks for is not finished before."
    assert f"“full”: dropped, was in force in 2028 (500 EUR). {asked}" in text
    assert "| basic | 2027 (1,000 EUR) | – | In 2027, too little" in diff_markdown(back)
    assert json.loads(diff_json(back))["policies"][0]["before"] == [{"year": "2027", "premium": 1000.0}]


def test_in_other_years_at_another_premium_and_gone(both: Plan) -> None:
    later = planned(policies=offers(basic=[9e6, 400.0]))
    assert later.policies == (None, "basic")
    moved, gone = policy_changes(both, later)
    assert (moved.kind, moved.before, moved.after) == (
        "other years",
        (HeldYear("2027", 1000.0),),
        (HeldYear("2028", 400.0),),
    )
    assert (gone.kind, gone.reason) == ("dropped", "in 2028, it is not on offer any more")
    text = text_of(diff_text(difference(both, later)))
    assert "“basic”: 2027 (1,000 EUR) → 2028 (400 EUR). In 2027, " in text
    assert "Policy “full” on offer: yes, gone" in text
    dearer = planned(policies=offers(basic=[1000.0, None], full=[None, 501.0]))
    (changed,) = policy_changes(both, dearer)
    assert (changed.kind, changed.reason) == ("other premium", "")
    assert "“full”: 2028 (500 EUR) → 2028 (501 EUR)." in text_of(diff_text(difference(both, dearer)))


def test_what_changed_of_an_offer_is_told(both: Plan) -> None:
    full = dict(QUESTION["policies"][1], needs=["list", "door"], annual_limit=9000.0, title="Full cover")
    full["terms"] = {"theft": {**full["terms"]["theft"], "share": 0.9}, "fire": {"limit": 10.0}}
    other = planned(policies=[QUESTION["policies"][0], full])
    told = {change.path: (change.before, change.after) for change in difference(both, other).question}
    assert told == {
        "policies.full.needs": ("list", "list, door"),
        "policies.full.terms.theft.share": (0.8, 0.9),
        "policies.full.terms.fire": (None, True),
        "policies.full.annual_limit": (None, 9000.0),
        "policies.full.title": ("", "Full cover"),
    }


def test_side_by_side(both: Plan) -> None:
    none = planned(policies=offers(basic=[9e6, None], full=[None, 9e6]))
    comparison = compared([("with.json", both, None), ("without.json", none, None)])
    text = text_of(compare_text(comparison))
    assert "Of it premiums 1,500 0" in text
    assert "INSURANCE A “basic” in 2027 (1,000 EUR); “full” in 2028 (500 EUR). B none." in text
    facts = json.loads(compare_json(comparison))["plans"]
    assert [one["premiums"] for one in facts] == [1500.0, 0.0]
    assert facts[0]["policies"]["2028"] == {"policy": "full", "title": "full", "premium": 500.0}
    assert "2027: basic; 2028: full" in compare_csv(comparison)


def test_versions_in_a_row(both: Plan) -> None:
    first = both.model_copy(update={"id": "line", "revision": 1})
    rebased = rebase(both.problem, as_planned(both, 2))
    second = replan(both, rebased, None, EXACT).plan.model_copy(update={"id": "line", "revision": 2})
    assert second.policies == both.policies
    # What has begun is a fact, and no change.
    assert policy_changes(first, second) == ()
    none = planned(policies=offers(basic=[1000.0, None], full=[None, 9e6]))
    third = none.model_copy(update={"id": "line", "revision": 2})
    told = history([("v1.json", first), ("v2.json", third)])
    assert [(one.version, one.change.policy, one.change.kind) for one in told.policies] == [(1, "full", "dropped")]
    text = text_of(history_text(told))
    assert "v1.json: “basic” in 2027 (1,000 EUR); “full” in 2028 (500 EUR)." in text
    assert "Since v2.json: “full”: dropped, was in force in 2028 (500 EUR)." in text
    said = json.loads(history_json(told))
    assert said["policies"][0]["version"] == "v2.json"
    assert list(said["versions"][1]["policies"]) == ["2027"]


def test_without_policies_nothing_is_said_of_them() -> None:
    bare = planned(policies=[], policy_years=[])
    for text in (
        diff_text(difference(bare, bare)),
        diff_json(difference(bare, bare)),
        compare_text(compared([("a", bare, None)])),
        compare_json(compared([("a", bare, None)])),
        compare_csv(compared([("a", bare, None)])),
        history_json(history([("a", bare)])),
        history_text(history([("a", bare)])),
    ):
        assert "polic" not in text.lower()
        assert "INSURANCE" not in text


def test_of_random_plans_the_changes_are_the_difference() -> None:
    seen = 0
    for seed in range(40):
        said = random_problem(seed)
        problem = Problem.model_validate_json(json.dumps(said))
        dear = json.loads(json.dumps(said))
        for policy in dear["policies"]:
            policy["premiums"] = [premium and round(7 * premium, 2) for premium in policy["premiums"]]
        other = Problem.model_validate_json(json.dumps(dear))
        found = [optimise(one, EXACT) for one in (problem, other)]
        if any(one.value is None for one in found):
            continue
        before, after = make_plan(problem, found[0]), make_plan(other, found[1])
        held = [{(name, y) for y, name in enumerate(plan.policies) if name} for plan in (before, after)]
        changes = difference(before, after).policies
        # Premiums are other ones: each policy that is in force in both is named too.
        assert {one.policy for one in changes} == {name for name, _ in held[0] | held[1]}
        for change in changes:
            lost = {y for name, y in held[0] - held[1] if name == change.policy}
            assert bool(change.reason) == bool(lost)
        seen += bool(held[0] - held[1])
    assert seen >= 5
