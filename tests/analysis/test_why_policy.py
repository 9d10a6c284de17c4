"""What a policy is worth, what its requirements cost and what other offers come to, against trying everything."""

from __future__ import annotations

import copy
import json
import math
from collections import Counter
from functools import cache
from typing import Any

import pytest

from stepladder.analysis.price import Price
from stepladder.analysis.why_policy import MOST, WhyPolicy, why_policy
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.errors import UsageError
from stepladder.optimise import Options, optimise
from stepladder.output.reasons import why_json, why_text
from stepladder.solution import make_plan
from stepladder.workflow.why import why
from tests.solution.test_insured import QUESTION
from tests.support.brute import Brute, Tried
from tests.support.insured import insured
from tests.support.sizes import size

EXACT, LOOSE = Options(gap=0.0), Options(gap=0.5, work=1)
SEEDS = range(size(200))
CHUNK = 20


def planned(said: dict[str, Any], options: Options = EXACT) -> Plan | None:
    problem = Problem.model_validate_json(json.dumps(said))
    found = optimise(problem, options)
    return None if found.value is None else make_plan(problem, found)


@cache
def tried(seed: int) -> tuple[Tried, ...]:
    return tuple(plan for plan in Brute(insured(seed)).plans() if not plan.broken)


def least(seed: int, chosen: Any) -> float:
    """The least first criterion of the plans that are chosen; infinite where there is none."""
    objective = insured(seed)["objective"]
    return min((plan.criteria(objective)[0] for plan in tried(seed) if chosen(plan)), default=math.inf)


def relaxed(seed: int, policy: str, steps: tuple[str, ...]) -> float:
    said = copy.deepcopy(insured(seed))
    for one in said["policies"]:
        if one["id"] == policy:
            one["needs"] = [need for need in one["needs"] if need not in steps]
    plans = (plan for plan in Brute(said).plans() if not plan.broken)
    return min(plan.criteria(said["objective"])[0] for plan in plans)


def truth(seed: int, answer: WhyPolicy, k: int) -> float:
    """By how much the best plan truly gets worse by a choice, or, without a requirement, better."""
    other, mine = answer.others[k], answer.policy.id
    best = least(seed, lambda plan: True)
    if other.choice == "unasked":
        return best - relaxed(seed, mine, other.asked)
    never = {f"{mine}@{y}" for y in other.years}
    if other.choice == "without":
        return least(seed, lambda plan: not never & plan.starts.keys()) - best
    if other.choice == "uninsured":
        ends = tuple(f"@{y}" for y in other.years)
        return least(seed, lambda plan: not any(name.endswith(ends) for name in plan.starts)) - best
    assert other.policy is not None
    wanted = {f"{other.policy.id}@{y}" for y in other.years}
    return least(seed, lambda plan: wanted <= plan.starts.keys()) - best


def holds(price: Price, true: float, size: float, *, exact: bool) -> bool:
    if math.isinf(true):
        return price.impossible if exact else price.impossible or math.isinf(price.high)
    slip = 1e-6 * max(1.0, abs(size), abs(true))
    tight = not exact or price.high - price.low <= 2 * slip
    return tight and price.low - slip <= true <= price.high + slip


@pytest.mark.parametrize("first", SEEDS[::CHUNK])
def test_every_price_is_that_of_trying_everything(first: int) -> None:
    for seed in range(first, min(first + CHUNK, len(SEEDS))):
        for options, exact in ((EXACT, True), (LOOSE, False)):
            plan = planned(insured(seed), options)
            if plan is None:
                continue
            for policy in plan.problem.policies:
                answer = why_policy(plan, policy.id, options, held=policy.id in plan.policies)
                for k, other in enumerate(answer.others):
                    true = truth(seed, answer, k)
                    assert holds(other.price, true, plan.objective.value, exact=exact), (seed, policy.id, other)


def test_all_choices_are_asked_about() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS[:60]:
        plan = planned(insured(seed))
        for policy in plan.problem.policies if plan else ():
            assert plan is not None
            answer = why_policy(plan, policy.id, LOOSE, held=policy.id in plan.policies)
            seen.update(other.choice for other in answer.others)
            seen["impossible"] += sum(other.price.impossible for other in answer.others)
            assert answer.held == (policy.id in plan.policies)
    least_often = {"without", "uninsured", "instead", "taken", "unasked", "impossible"}
    assert {name for name in least_often if seen[name] < 3} == set()


# -- by hand, and in words ---------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def plan() -> Plan:
    """Basic in the first year, full in the second, which asks for the list; see tests/solution/test_insured.py."""
    made = planned(QUESTION)
    assert made is not None
    assert made.policies == ("basic", "full")
    return made


def test_by_hand(plan: Plan) -> None:
    answer = why_policy(plan, "full", EXACT)
    assert [other.choice for other in answer.others] == ["without", "unasked"]
    without, unasked = answer.others
    # Half of theft remains with the door, 5 events a year: 5 · 0.8 · 494.0520 = 1976.208 a year are taken over, in one
    # year of the horizon and two after it, for 500 a year; and then the list, 50, is not needed either.
    assert without.price.exact
    assert without.price.high == pytest.approx(3 * (1976.208 - 500) - 50, abs=0.01)
    # Nothing else needs the list.
    assert unasked.asked == ("list",)
    assert unasked.price.exact
    assert unasked.price.high == pytest.approx(50.0)
    assert unasked.starts is not None
    assert "list" not in unasked.starts


def test_in_words(plan: Plan) -> None:
    text = " ".join(why_text(why_policy(plan, "full", EXACT)).split())
    assert "p2: in force, for 500 EUR: takes over 1,976 EUR of" in text
    assert "3.95 back for each unit of premium; it asks for “list” (finished p" in text
    assert "To go without it in p2: 4,379 EUR more loss and money together, present value (without “list”)." in text
    assert "If it did not ask for “list”, the best plan comes to 50 EUR less in loss and money, present value." in text
    said = json.loads(why_json(why_policy(plan, "full", EXACT)))
    assert (said["format"], said["policy"]) == ("stepladder-why-policy/1", "full")
    assert [one["policy"] for one in said["years"]] == ["basic", "full"]


def test_one_year_alone_is_asked_about_by_its_label_or_number(plan: Plan) -> None:
    for name in ("full@p2", "full@1"):
        answer = why(plan, name, EXACT)
        assert isinstance(answer, WhyPolicy)
        assert answer.years == (1,)
        assert [other.choice for other in answer.others] == ["without"]
    answer = why(plan, "basic@p2", EXACT, planned=False)
    assert isinstance(answer, WhyPolicy)
    assert answer.others == ()
    assert "p2: not on offer." in why_text(answer)


def test_the_wrong_question_is_refused_before_anything_is_solved(plan: Plan) -> None:
    with pytest.raises(UsageError, match="full is in force, in p2; ask: why full"):
        why(plan, "full", EXACT, planned=False)
    with pytest.raises(UsageError, match=r"basic is not in force in p2; ask: why --not basic@p2"):
        why(plan, "basic@p2", EXACT)
    with pytest.raises(UsageError, match="policy year"):
        why(plan, "basic@2044", EXACT)
    with pytest.raises(UsageError, match="step or policy"):
        why(plan, "basics", EXACT)


def test_what_is_decided_is_no_choice() -> None:
    years = [{"from": 0, "to": 1, "decided": True, "policy": "basic"}, {"from": 2, "to": 4, "decided": True}]
    made = planned({**QUESTION, "policy_years": years})
    assert made is not None
    answer = why_policy(made, "basic", EXACT)
    assert answer.others == ()
    assert "That is no choice any more" in why_text(answer)


def test_a_long_row_of_years_is_asked_about_in_part() -> None:
    periods = [{"label": f"p{t}", "years": 1.0, "discount": 1.0} for t in range(10)]
    years = [{"from": t, "to": t} for t in range(10)]
    offers = [{**policy, "premiums": [9e9] * 10} for policy in QUESTION["policies"]]
    made = planned({**QUESTION, "periods": periods, "policy_years": years, "policies": offers, "windows": []})
    assert made is not None
    answer = why_policy(made, "basic", EXACT, held=False)
    assert (len(answer.others), answer.left) == (MOST, 10 - MOST)
    assert "4 further questions not asked: name one year, as in basic@p9." in " ".join(why_text(answer).split())


def test_a_policy_without_which_a_cap_is_broken() -> None:
    # With the door 5 events a year remain, 8,243.61; full takes over 1,976.21 of that: 6,267.40.
    cap = {"threat": "theft", "from": 2, "expected_loss_per_year": 7000.0}
    made = planned({**QUESTION, "appetite": [cap]})
    assert made is not None
    answer = why_policy(made, "full", EXACT)
    assert [(other.choice, other.price.impossible) for other in answer.others] == [
        ("without", True),
        ("unasked", False),
    ]
    assert "To go without it in p2 is not possible: this is proved." in " ".join(why_text(answer).split())
