"""Reasons of steps that are not planned: the verifier's are the plan's, and both are what trying every start comes
to.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any

import pytest

from stepladder.data import unplanned
from stepladder.data.formats.plan import NotPlanned
from stepladder.data.formats.problem import Problem, dump
from stepladder.data.pointless import pointless
from stepladder.data.rules import BY_NAME
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.left_out import unlike_reasons
from stepladder.solution.reasons import reasons
from tests.benchmarks.generate import chain
from tests.support.brute import Brute, Tried
from tests.support.problems import going_on, problem
from tests.support.sizes import size

SEEDS = range(size(2000))
#: The brute force's names of rules, and the verifier's.
NAMES = {"start": "pinned_start", "team": "teams", "appetite_threat": "appetite"}
Said = dict[str, Any]


def record(said: Said) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


def drawn(seed: int) -> Said:
    """In a third of the problems something goes on costing."""
    return going_on(seed) if seed % 3 == 1 else problem(seed)


def some_plans(said: Said, rng: random.Random, count: int = 6) -> list[Tried]:
    allowed = [plan for plan in Brute(said).plans() if not plan.broken]
    return rng.sample(allowed, min(count, len(allowed)))


def tried(said: Said, plan: Tried, name: str) -> str:
    """What is right to say of a step, by trying every start of it."""
    if name in pointless(record(said)):
        return f"worsens_objective {unplanned.never_pays('risk').words}"
    steps = {step["id"]: step for step in said["steps"]}
    waits = [need["step"] for need in steps[name].get("needs", []) if need["step"] not in plan.starts]
    if waits:
        return f"blocked needs {' and '.join(waits)}, which {'is' if len(waits) == 1 else 'are'} not in this plan"
    brute, objective = Brute(said), said["objective"]
    broken: dict[str, int] = {}
    changes = []
    for start in range(len(said["periods"]) - steps[name].get("duration", 1) + 1):
        starts = {**plan.starts, name: start}
        held = brute.losses(starts)
        rules = {NAMES.get(rule, rule) for rule in brute._broken(starts, held)}
        for rule in rules:
            broken[rule] = broken.get(rule, 0) + 1
        if not rules:
            now = Tried(starts, frozenset(), brute._risk(starts, held), brute._spend(starts)).criteria(objective)
            changes.append(tuple(a - b for a, b in zip(now, plan.criteria(objective), strict=True)))
    if not changes:
        order = list(BY_NAME)
        listed = sorted(broken, key=lambda rule: (-broken[rule], order.index(rule)))
        return "blocked at every possible start: " + ", or ".join(BY_NAME[rule].short for rule in listed)
    first = min(change[0] for change in changes)
    second = min(change[1] for change in changes if change[0] <= first + 1e-6)
    if first < -1e-6:
        return (
            f"search_stopped would improve the plan by {-first:,.2f} (present value); the search was stopped before"
            " that"
        )
    if first > 1e-6:
        words = {
            "risk": "would leave {} more loss",
            "spend": "would cost {} more",
            "net": "would cost {} more than it saves",
        }[objective]
        return (
            "worsens_objective "
            + words.format(f"{first:,.2f}")
            + " (present value)"
            + (" and nothing demands it" if objective == "spend" else "")
        )
    if objective == "spend" and second < -1e-6:
        return (
            f"search_stopped would remove loss of {-second:,.2f} (present value) and cost nothing; the search was"
            " stopped before that"
        )
    return (
        "worsens_objective "
        + {
            "risk": f"would remove no loss and cost {second:,.2f} (present value)",
            "spend": "would cost nothing and gain nothing",
            "net": "would cost as much as it saves",
        }[objective]
    )


def alike(one: str, other: str) -> bool:
    """The same words, and amounts that differ by rounding at most."""
    amount = r"-?\d[\d,]*\.\d\d"
    if re.sub(amount, "#", one) != re.sub(amount, "#", other):
        return False
    pairs = zip(re.findall(amount, one), re.findall(amount, other), strict=True)
    return all(abs(float(a.replace(",", "")) - float(b.replace(",", ""))) <= 0.011 for a, b in pairs)


@pytest.mark.parametrize("start", SEEDS[::100])
def test_reasons_are_what_trying_every_start_comes_to(start: int) -> None:
    seen = set()
    for seed in range(start, start + 100):
        said, rng = drawn(seed), random.Random(f"reasons {seed}")
        for plan in some_plans(said, rng):
            found = reasons(record(said), plan.starts)
            assert list(found) == [step["id"] for step in said["steps"] if step["id"] not in plan.starts]
            for name, why in found.items():
                assert alike(f"{why.reason} {why.detail}", tried(said, plan, name)), (seed, plan.starts, name)
                seen.add((why.reason, re.sub(r"[\d.,]+|s\d\S+", "#", why.detail)))
    # Every kind of sentence has come up, and blocked for many a cause.
    assert {reason for reason, _ in seen} == {"blocked", "worsens_objective", "search_stopped"}
    assert len(seen) >= 20


def test_the_verifier_has_the_same_reasons_and_no_other() -> None:
    caught = 0
    for seed in SEEDS[::6]:
        said, rng = drawn(seed), random.Random(f"reasons {seed}")
        made = optimise(record(said), Options(gap=0.0))
        if made.status == "infeasible":
            continue
        plan = make_plan(record(said), made)
        for other in some_plans(said, rng):
            standing = plan.model_copy(
                update={"starts": other.starts, "not_planned": reasons(plan.problem, other.starts)}
            )
            assert list(unlike_reasons(standing)) == [], seed
            for name, why in standing.not_planned.items():
                for reason in other_reasons(why):
                    changed = standing.model_copy(update={"not_planned": {**standing.not_planned, name: reason}})
                    assert [fault.subject for fault in unlike_reasons(changed)] == [name], (seed, reason)
                    caught += 1
    assert caught >= 100


def test_each_group_of_needs_stands_in_the_way_of_its_own_starts() -> None:
    """Starts up to 2 are in time; the group that is met late leaves none of them, the one that is met early does."""
    groups = [[{"step": "late", "lag": 1}, {"step": "never", "lag": 1}], [{"step": "soon", "lag": 1}]]
    steps = [
        {"id": "soon", "required": True, "start": 0},
        {"id": "late", "required": True, "start": 2},
        {"id": "never", "earliest": 3},
        {"id": "last", "needs_any": groups, "latest_finish": 2},
    ]
    said = json.loads(dump(chain(5)))
    said |= {"steps": steps, "windows": []}
    said["threats"] = [{"id": "t", "expected_loss_per_year": 1.0, "factors": {"last": 0.5}}]
    plan = make_plan(record(said), optimise(record(said), Options(gap=0.0)))
    assert set(plan.starts) == {"soon", "late"}
    assert plan.not_planned["last"].reason == "blocked"
    assert BY_NAME["needs_any"].short in plan.not_planned["last"].detail
    assert list(unlike_reasons(plan)) == []


def other_reasons(why: NotPlanned) -> list[NotPlanned]:
    """Another reason, another sentence, another amount."""
    others = [
        why.model_copy(update={"reason": reason})
        for reason in ("blocked", "worsens_objective", "search_stopped")
        if reason != why.reason
    ]
    others.append(why.model_copy(update={"detail": why.detail + " indeed"}))
    amount = re.sub(r"(\d)(\.\d\d\b)", r"\g<1>7\2", why.detail)
    return [*others, *([why.model_copy(update={"detail": amount})] if amount != why.detail else [])]


# -- made by hand --------------------------------------------------------------------------------------------------


def made_by_hand(**parts: Any) -> Problem:
    said: Said = {
        "format": "stepladder-problem/1",
        "periods": [{"label": "P0", "years": 1.0, "discount": 1.0}, {"label": "P1", "years": 1.0, "discount": 0.5}],
        "steps": [
            {"id": "a", "once": 10.0},
            {"id": "b", "title": "B {} \x07\n" + "x" * 500, "needs": [{"step": "a"}]},
            {"id": "c", "needs": [{"step": "b"}], "value_once": 1.0},
        ],
    }
    return record({**said, **parts})


def test_titles_of_any_kind_fit_into_a_reason() -> None:
    found = reasons(made_by_hand(), {})
    # The title less what no line can show, cut at 300 letters.
    assert found["c"].detail == f"needs B {{}} {'x' * 294}…, which is not in this plan"
    assert found["a"].detail == "would remove no loss and cost 5.00 (present value)"


def test_a_step_that_waits_for_many_names_a_few() -> None:
    steps = [
        *({"id": f"s{k}"} for k in range(11)),
        {"id": "last", "needs": [{"step": f"s{k}"} for k in range(11)], "value_once": 1.0},
    ]
    assert (
        reasons(made_by_hand(steps=steps), {})["last"].detail
        == "needs " + " and ".join(f"s{k}" for k in range(8)) + " and 3 more, which are not in this plan"
    )


def test_of_starts_that_are_equal_in_the_first_criterion_the_best_in_the_second_is_told() -> None:
    # Started in P0, 10 are spent today; in P1 they are worth 5 today. Neither takes off any loss, though it opens the
    # way to something.
    steps = [{"id": "a", "once": 10.0}, {"id": "b", "needs": [{"step": "a"}], "value_once": 1.0}]
    assert reasons(made_by_hand(steps=steps), {})["a"].detail == "would remove no loss and cost 5.00 (present value)"


def test_what_costs_nothing_and_takes_off_loss_is_no_loss_of_nothing() -> None:
    # 100 a year in P1, discounted by 0.5, of which the half goes: 25.
    threats = [{"id": "t", "expected_loss_per_year": 100.0, "factors": {"a": 0.5}}]
    free = made_by_hand(steps=[{"id": "a"}], threats=threats, objective="spend")
    assert reasons(free, {})["a"] == NotPlanned(
        reason="search_stopped",
        detail="would remove loss of 25.00 (present value) and cost nothing; the search was stopped before that",
    )
