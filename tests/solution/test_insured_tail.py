"""Policies together with steps that make events cheaper and with caps on large losses: each kind of fault, by as little
as it can be one, is of its rule and of no other.
"""

from __future__ import annotations

import copy
import json
import math
from typing import Any

import pytest

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem, faults
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.recount import figures
from stepladder.solution.verify import broken_rules, verify
from tests.support.exceeding import kinds_of, measured

MEAN = 1000 * math.exp(0.5)
#: The vault makes thefts cheaper, the door rarer; somebody has to look after the list.
QUESTION: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "currency": "EUR",
    "periods": [{"label": f"p{t}", "years": 0.5, "discount": 1.0} for t in range(4)],
    "tail": {"years": 2.0, "discount": 1.0},
    "steps": [
        {"id": "door", "once": 100.0},
        {"id": "vault", "once": 200.0},
        {"id": "list", "once": 50.0, "effort_per_year": {"clerks": 4.0}},
    ],
    "threats": [
        {
            "id": "theft",
            "expected_loss_per_year": 2 * MEAN,
            "factors": {"door": 0.5, "vault": 0.6},
            "cheaper": ["vault"],
            "events": {"per_year": 2.0, "median": 1000.0, "sigma": 1.0},
        },
        {
            "id": "fire",
            "expected_loss_per_year": 0.5 * MEAN,
            "factors": {},
            "events": {"per_year": 0.5, "median": 1000.0, "sigma": 1.0},
        },
    ],
    "objective": "net",
    "policy_years": [{"from": 0, "to": 1}, {"from": 2, "to": 4}],
    "policies": [
        {
            "id": "basic",
            "premiums": [300.0, None],
            "terms": {"theft": {"limit": 1500.0, "retention": 500.0}, "fire": {"limit": 400.0, "retention": 900.0}},
        },
        {
            "id": "full",
            "premiums": [None, 400.0],
            "needs": ["list"],
            "terms": {
                "theft": {"limit": 3000.0, "retention": 800.0, "share": 0.8},
                "fire": {"limit": 9000.0, "retention": 800.0},
            },
        },
    ],
}
#: From period 1 on the steps are in place; in 0 and 1 basic is in force, then full for good.
PLAN = {"door": 0, "vault": 0, "list": 0, "basic@0": 0, "full@1": 2}
STEPS = {"door", "vault", "list"}
LITTLE = 1e-6


def problem(**changes: Any) -> Problem:
    made = Problem.model_validate_json(json.dumps(QUESTION | changes))
    assert list(faults(made)) == []
    return made


def rules(starts: dict[str, int] = PLAN, **changes: Any) -> set[str]:
    return {fault.rule for fault in broken_rules(problem(**changes), starts)}


def changed(policy: int, **fields: Any) -> list[dict[str, Any]]:
    offers: list[dict[str, Any]] = copy.deepcopy(QUESTION["policies"])
    offers[policy] |= fields
    return offers


def worth(of: str, above: float, held: list[str], there: set[str] = STEPS, **said: Any) -> float:
    """What a cap is on, by another arithmetic."""
    cap = {"of": of, "above": above, "threat": said.pop("threat", None)}
    return sum(measured(cap, kinds_of({**QUESTION, **said}, cap, there, held), 2048)) / 2


def capped(of: str, above: float, most: float, **where: Any) -> dict[str, Any]:
    """A question with one cap, from period 1 on when nothing else is said."""
    key = "per_year" if of == "excess" else "chance"
    return {"exceedance": [{"of": of, "above": above, key: most, "from": 1, **where}]}


def test_the_plan_itself_is_without_fault() -> None:
    assert rules() == set()


STARTS: dict[str, tuple[dict[str, int], dict[str, Any], str]] = {
    "the premium in another period than the first of its year": ({**PLAN, "full@1": 3}, {}, "policies"),
    "a policy that is not on offer in that year": ({**PLAN, "basic@1": 2, "full@1": 2}, {}, "policies"),
    "two policies in one year": (
        {**PLAN, "other@1": 2},
        {"policies": [*QUESTION["policies"], {"id": "other", "premiums": [None, 1.0], "terms": {}}]},
        "policies",
    ),
    "a policy that there is not": ({**PLAN, "nobody@0": 0}, {}, "policies"),
    "a needed step one period late": ({**PLAN, "list": 2}, {}, "policy_needs"),
    "a needed step that is not planned": (
        {name: start for name, start in PLAN.items() if name != "list"},
        {},
        "policy_needs",
    ),
    "another policy than the one that is a fact": (
        {name: start for name, start in PLAN.items() if name != "basic@0"},
        {"policy_years": [{"from": 0, "to": 1, "decided": True, "policy": "basic"}, QUESTION["policy_years"][1]]},
        "policies",
    ),
    "a premium that is a cent too much": (
        PLAN,
        {"windows": [{"resource": "money", "from": 2, "to": 2, "limit": 399.99}]},
        "money",
    ),
    "a premium beyond the limit for running cost": (
        PLAN,
        {"windows": [{"resource": "money_per_year", "from": 0, "to": 0, "limit": 299.99}]},
        "money_per_year",
    ),
    "a renewal beyond what may go on afterwards": (
        PLAN,
        {"windows": [{"resource": "money_afterwards", "from": 0, "to": 3, "limit": 399.99}]},
        "money_afterwards",
    ),
    "running effort of a done step forgotten": (
        PLAN,
        {"windows": [{"resource": "clerks", "from": 2, "to": 2, "limit": 1.99}]},
        "teams",
    ),
}


@pytest.mark.parametrize("kind", STARTS)
def test_each_fault_of_starts_is_of_its_rule_and_of_no_other(kind: str) -> None:
    starts, changes, rule = STARTS[kind]
    assert rules(starts, **changes) == {rule}


def of_a_cap() -> dict[str, tuple[dict[str, Any], str, bool]]:
    """Caps by kind of fault: the question, the rule, and whether it is broken."""
    with_basic, with_full = worth("one_event", 2500.0, ["basic"]), worth("one_event", 2500.0, ["full"])
    assert with_basic > with_full
    swapped = changed(0, terms=dict(zip(("fire", "theft"), QUESTION["policies"][0]["terms"].values(), strict=True)))
    other_terms = worth("one_event", 2500.0, ["basic"], policies=swapped)
    # As if the policy left the same part of events that are cheaper: P(X > x̂) · P(X > x / g) / P(X > x).
    dear = {"door", "list"}
    thefts = {
        name: -math.log1p(-worth("one_event", 2500.0, held, there, threat="theft"))
        for name, held, there in (("dear", ["full"], dear), ("none", [], dear), ("cheap", [], STEPS))
    }
    factored = -math.expm1(-thefts["dear"] * thefts["cheap"] / thefts["none"])
    right = worth("one_event", 2500.0, ["full"], threat="theft")
    in_the_year = worth("year", 2500.0, ["full"])
    event = worth("one_event", 2500.0, ["full"])
    excess, unshared = (
        worth(
            "excess",
            1000.0,
            ["full"],
            policies=changed(1, terms={**terms, "theft": {**terms["theft"], "share": share}}),
        )
        for terms in (QUESTION["policies"][1]["terms"],)
        for share in (0.8, 1.0)
    )
    return {
        "an event a little likelier": (capped("one_event", 2500.0, with_basic * (1 - LITTLE), to=1), "one_event", True),
        "an event just as likely": (capped("one_event", 2500.0, with_basic * (1 + LITTLE), to=1), "one_event", False),
        "kept by another threat's terms": (
            capped("one_event", 2500.0, (min(with_basic, other_terms) + with_basic) / 2, to=1),
            "one_event",
            other_terms < with_basic,
        ),
        "kept while another policy is in force": (
            capped("one_event", 2500.0, (with_basic + with_full) / 2, to=4),
            "one_event",
            True,
        ),
        "kept by the policy of the second year": (
            capped("one_event", 2500.0, (with_basic + with_full) / 2, **{"from": 2}),
            "one_event",
            False,
        ),
        "as if a policy were a factor beside cheaper events": (
            capped("one_event", 2500.0, (right + factored) / 2, threat="theft", **{"from": 2}),
            "one_event",
            right > factored,
        ),
        "the share forgotten": (capped("excess", 1000.0, (excess + unshared) / 2, **{"from": 2}), "excess", True),
        "an excess that is just kept": (
            capped("excess", 1000.0, excess * (1 + LITTLE), **{"from": 2}),
            "excess",
            False,
        ),
        "broken by the year's sum only": (
            capped("year", 2500.0, (event + in_the_year) / 2, **{"from": 2}),
            "year",
            True,
        ),
        "a year that is just kept": (capped("year", 2500.0, in_the_year * 1.01, **{"from": 2}), "year", False),
        "a year's sum in the first policy year only": (
            capped("year", 2500.0, (worth("year", 2500.0, ["basic"]) + in_the_year) / 2),
            "year",
            True,
        ),
    }


CAPS = of_a_cap()


@pytest.mark.parametrize("kind", CAPS)
def test_each_fault_of_a_cap_is_of_its_rule_and_of_no_other(kind: str) -> None:
    question, rule, broken = CAPS[kind]
    assert rules(**question) == ({rule} if broken else set())


def test_the_same_chance_for_one_event_is_kept_where_only_the_sum_of_the_year_breaks_it() -> None:
    question, _, _ = CAPS["broken by the year's sum only"]
    cap = {**question["exceedance"][0], "of": "one_event"}
    assert rules(exceedance=[cap]) == set()


def test_a_cap_on_expected_loss_is_broken_when_a_policy_ends() -> None:
    ending = {name: start for name, start in PLAN.items() if name != "full@1"}
    losses = figures(problem(), ending).losses
    cap = {"from": 1, "expected_loss_per_year": losses[1]}
    assert losses[1] < losses[2]
    assert rules(ending, appetite=[cap]) == {"appetite"}
    assert rules(ending, appetite=[{**cap, "to": 1}]) == set()


# -- figures -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan() -> Plan:
    made = make_plan(problem(), optimise(problem(), Options(gap=0.0)))
    assert made.policies == ("basic", "full")
    assert verify(made) == []
    return made


def stated(plan: Plan, starts: dict[str, int], losses: list[float] | None = None, **changes: Any) -> Plan:
    """The plan with the figures that another reading would give."""
    other = figures(problem(**changes), starts)
    lost = [*other.losses, other.tail_loss] if losses is None else losses
    weights = [0.5] * 4 + [2.0]
    periods = tuple(
        period.model_copy(update={"spend": other.spend[t], "expected_loss_per_year": lost[t]})
        for t, period in enumerate(plan.periods)
    )
    totals = plan.totals.model_copy(
        update={
            "spend": other.spend_total,
            "spend_present_value": other.spend_present_value,
            "loss_present_value": math.fsum(w * loss for w, loss in zip(weights, lost, strict=True)),
            "tail_expected_loss_per_year": lost[-1],
        }
    )
    return plan.model_copy(update={"periods": periods, "totals": totals})


def test_figures_by_another_reading_are_wrong_and_nothing_else_is(plan: Plan) -> None:
    mine = dict(plan.decided)
    assert "vault" in mine
    right = stated(plan, mine)
    assert verify(right) == []
    theft = QUESTION["policies"][0]["terms"]["theft"]
    without = {name: start for name, start in mine.items() if name != "vault"}
    bare = figures(problem(), {name: start for name, start in mine.items() if "@" not in name})
    dear, none = (
        figures(problem(), starts) for starts in (without, {n: s for n, s in without.items() if "@" not in n})
    )
    # As if a policy left the same part of all events, cheaper or not: κ(1) · g in place of κ(g) · g.
    factored = [
        one * other / gross
        for one, other, gross in zip(
            (*bare.losses, bare.tail_loss), (*dear.losses, dear.tail_loss), (*none.losses, none.tail_loss), strict=True
        )
    ]
    rarer = [{**QUESTION["threats"][0], "cheaper": []}, QUESTION["threats"][1]]
    readings = {
        "another threat's terms": stated(plan, mine, policies=changed(0, terms={"fire": theft})),
        "the renewal forgotten": stated(plan, mine, policy_years=[{"from": 0, "to": 1}, {"from": 2, "to": 3}]),
        "the premium missing": stated(plan, mine, policies=changed(0, premiums=[0.0, None])),
        "no policy at all": stated(plan, {name: start for name, start in mine.items() if "@" not in name}),
        "a policy as a factor beside cheaper events": stated(plan, mine, factored),
        "cheaper events read as rarer": stated(plan, mine, threats=rarer),
    }
    for name, trial in readings.items():
        found = {fault.rule for fault in verify(trial)}
        assert found, name
        assert found <= {"figures_periods", "figures_totals", "figures_objective", "bound", "reasons"}, (name, found)


def test_there_are_many_kinds_of_fault() -> None:
    assert len(STARTS) + sum(broken for _, _, broken in CAPS.values()) + 1 + 6 >= 15
