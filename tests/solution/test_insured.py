"""Insurance by hand: a plan with a policy in each year, and what is wrong with plans that are one thing beside it."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.recount import figures
from stepladder.solution.verify import broken_rules, verify

#: Events of 1,000 in the middle with s = 1: E[X] = 1648.7213, and 10 a year. See tests/evaluate/test_insurance.py.
MEAN = 1000 * math.exp(0.5)
QUESTION: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "currency": "EUR",
    "periods": [{"label": f"p{t}", "years": 0.5, "discount": 1.0} for t in range(4)],
    "tail": {"years": 2.0, "discount": 1.0},
    "steps": [{"id": "door", "once": 100.0}, {"id": "list", "once": 50.0}],
    "threats": [
        {
            "id": "theft",
            "expected_loss_per_year": 10 * MEAN,
            "factors": {"door": 0.5},
            "events": {"per_year": 10.0, "median": 1000.0, "sigma": 1.0},
        },
        {
            "id": "fire",
            "expected_loss_per_year": MEAN,
            "events": {"per_year": 1.0, "median": 1000.0, "sigma": 1.0},
        },
    ],
    "windows": [{"resource": "money", "from": 0, "to": 1, "limit": 1150.0}],
    "objective": "net",
    "policy_years": [{"from": 0, "to": 1}, {"from": 2, "to": 4}],
    "policies": [
        {"id": "basic", "premiums": [1000.0, None], "terms": {"theft": {"limit": 1e9, "retention": 1000.0}}},
        {
            "id": "full",
            "premiums": [None, 500.0],
            "needs": ["list"],
            "terms": {"theft": {"limit": 1718.2818284590453, "retention": 1000.0, "share": 0.8}},
        },
    ],
}


def problem(**changes: Any) -> Problem:
    return Problem.model_validate_json(json.dumps(QUESTION | changes))


@pytest.fixture(scope="module")
def plan() -> Plan:
    return make_plan(problem(), optimise(problem(), Options(gap=0.0)))


def rules(starts: dict[str, int], **changes: Any) -> set[str]:
    return {fault.rule for fault in broken_rules(problem(**changes), starts)}


BEST = {"door": 0, "list": 0, "basic@0": 0, "full@1": 2}


def test_every_figure_is_the_one_by_hand(plan: Plan) -> None:
    assert (plan.starts, plan.policies) == ({"door": 0, "list": 0}, ("basic", "full"))
    assert verify(plan) == []
    # What is above 1,000 of an event, 1648.7213 − 761.5783, is paid: 761.5783 remains; of fire all.
    assert plan.periods[0].expected_loss_per_year == pytest.approx(10 * 761.57829 + MEAN, abs=1e-2)
    # Then the door leaves half; of each event 1648.7213 − 0.8 · (1255.6303 − 761.5783) = 1253.4797 remains.
    assert plan.periods[1].expected_loss_per_year == pytest.approx(5 * 761.57829 + MEAN, abs=1e-2)
    assert plan.periods[2].expected_loss_per_year == pytest.approx(5 * 1253.47970 + MEAN, abs=1e-2)
    assert plan.totals.tail_expected_loss_per_year == pytest.approx(5 * 1253.47970 + MEAN, abs=1e-2)
    # Premiums in the first periods of their years, and in the tail 2 · 500.
    assert [period.spend for period in plan.periods] == [1150.0, 0.0, 500.0, 0.0]
    assert plan.totals.spend_present_value == 1150.0 + 500.0 + 2 * 500.0


@pytest.mark.parametrize(
    ("starts", "broken"),
    [
        (BEST, set()),
        # The premium in another period than the first of its year.
        ({**BEST, "full@1": 3}, {"policies"}),
        # A needed step finished one period late, and not at all.
        ({**BEST, "list": 1}, set()),
        ({**BEST, "list": 2}, {"policy_needs"}),
        ({"door": 0, "basic@0": 0, "full@1": 2}, {"policy_needs"}),
        # Not on offer in that year; a policy and a year that there are not.
        ({**BEST, "full@0": 0, "basic@0": 0}, {"policies", "policy_needs"}),
        ({"door": 0, "list": 0, "basic@1": 2}, {"policies"}),
        ({"door": 0, "other@0": 0}, {"policies"}),
        ({"door": 0, "basic@7": 0}, {"policies"}),
    ],
)
def test_each_fault_is_of_its_rule_and_of_no_other(starts: dict[str, int], broken: set[str]) -> None:
    assert rules(starts) == broken


def test_two_policies_in_one_year_are_one_too_many() -> None:
    offers = [{**offer, "premiums": [0.0, 0.0], "needs": []} for offer in QUESTION["policies"]]
    both = {"door": 0, "basic@1": 2, "full@1": 2}
    assert rules(both, policies=offers) == {"policies"}
    assert rules({"door": 0, "basic@0": 0, "full@1": 2}, policies=offers) == set()


def test_a_premium_counts_in_windows_of_money_and_of_running_cost() -> None:
    for resource, rule in (("money", {"money"}), ("money_per_year", {"money_per_year"}), ("money_once", set())):
        for limit, broken in ((1149.99 if resource == "money" else 999.99, rule), (1150.0, set())):
            window = {"resource": resource, "from": 0, "to": 0, "limit": limit}
            assert rules(BEST, windows=[window]) == broken, (resource, limit)
    # It is paid in the first period of its year, and in no other.
    for first, broken in ((1, set()), (2, {"money"}), (3, set())):
        window = {"resource": "money", "from": first, "to": first, "limit": 499.99}
        assert rules(BEST, windows=[window]) == broken, first


def test_what_is_decided_is_in_force_and_asks_for_nothing_more_until_it_is_renewed() -> None:
    year = {**QUESTION["policy_years"][1], "decided": True, "policy": "full"}
    ends = [QUESTION["policy_years"][0], {**year, "to": 3}]
    assert rules({"door": 0, "full@1": 2}, policy_years=ends) == set()
    assert rules({"door": 0}, policy_years=ends) == {"policies"}
    # After the horizon it is renewed: before that its step is finished, as before any year of it.
    renewed = [QUESTION["policy_years"][0], year]
    for starts, broken in (({}, {"policy_needs"}), ({"list": 0}, set()), ({"list": 3}, set())):
        assert rules({"door": 0, "full@1": 2, **starts}, policy_years=renewed) == broken
    none = [QUESTION["policy_years"][0], {**QUESTION["policy_years"][1], "decided": True}]
    assert rules({"door": 0, "list": 0, "full@1": 2}, policy_years=none) == {"policies"}


def stated(plan: Plan, starts: dict[str, int], **changes: Any) -> Plan:
    """The plan with the figures that another reading of insurance would give."""
    other = figures(problem(**changes), starts)
    periods = tuple(
        period.model_copy(update={"spend": other.spend[t], "expected_loss_per_year": other.losses[t]})
        for t, period in enumerate(plan.periods)
    )
    totals = plan.totals.model_copy(
        update={
            "spend": other.spend_total,
            "spend_present_value": other.spend_present_value,
            "loss_present_value": other.loss_present_value,
            "tail_expected_loss_per_year": other.tail_loss,
        }
    )
    return plan.model_copy(update={"periods": periods, "totals": totals})


def test_figures_by_another_reading_are_wrong(plan: Plan) -> None:
    offers, years = QUESTION["policies"], QUESTION["policy_years"]
    swapped = [{**offers[0], "terms": {"fire": offers[0]["terms"]["theft"]}}, offers[1]]
    until_the_horizon = [years[0], {**years[1], "to": 3}]
    without_fee = [{**offers[0], "premiums": [0.0, None]}, offers[1]]
    readings = {
        "another threat's terms": stated(plan, BEST, policies=swapped),
        "the renewal forgotten": stated(plan, BEST, policy_years=until_the_horizon),
        "the premium missing": stated(plan, BEST, policies=without_fee),
        "no policy at all": stated(plan, {"door": 0, "list": 0}),
    }
    for name, trial in readings.items():
        found = {fault.rule for fault in verify(trial)}
        assert found, name
        assert found <= {"figures_periods", "figures_totals", "bound", "reasons"}, (name, found)
    assert verify(stated(plan, BEST)) == []


def test_another_policy_in_the_file_is_noticed(plan: Plan) -> None:
    for policies in ((None, "full"), ("basic", None), (None, None)):
        trial = plan.model_copy(update={"policies": policies})
        assert {fault.rule for fault in verify(trial)} & {"figures_periods", "figures_totals", "figures_objective"}


def test_a_renewed_premium_goes_on_costing_afterwards(plan: Plan) -> None:
    assert plan.afterwards == 500.0
    for limit, broken in ((500.0, set()), (499.99, {"money_afterwards"})):
        window = {"resource": "money_afterwards", "from": 0, "to": 3, "limit": limit}
        assert rules(BEST, windows=[window]) == broken
        found = optimise(problem(windows=[window]), Options(gap=0.0))
        assert ("full@1" in found.starts) == (limit == 500.0)
