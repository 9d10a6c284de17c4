"""A draft against the whole evaluation and against the verifier, change by change, on random plans."""

from __future__ import annotations

import json
import random

import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.optimise import Options, optimise
from stepladder.solution.verify import broken_rules
from tests.support import handmade
from tests.support.problems import problem as made
from tests.support.sizes import FULL


def changes(problem: Problem, rng: random.Random, count: int) -> list[tuple[str, int | None]]:
    return [(rng.choice(problem.steps).id, rng.choice([None, *range(problem.horizon)])) for _ in range(count)]


@pytest.mark.parametrize("first", range(0, 320 if FULL else 120, 40))
def test_what_a_change_does_and_breaks(first: int) -> None:
    rules_seen: set[str] = set()
    for seed in range(first, first + 40):
        problem = Problem.model_validate_json(json.dumps(made(seed)))
        outcome = optimise(problem, Options(gap=0.5))
        if outcome.status != "infeasible":
            rules_seen |= judged(problem, outcome.starts, random.Random(seed))
    assert len(rules_seen) >= 8


def judged(problem: Problem, starts: dict[str, int], rng: random.Random) -> set[str]:
    """Changes of a plan, judged by a draft and by the verifier; the rules that were broken."""
    tables = Tables(Ledger(problem))
    seen: set[str] = set()
    for name, start in changes(problem, rng, 30):
        draft, k = Draft(tables, starts), tables.number[name]
        trial = {other: at for other, at in starts.items() if other != name} | ({} if start is None else {name: start})
        rules = {fault.rule for fault in broken_rules(problem, trial)}
        seen |= rules
        if "horizon" in rules:
            assert draft.broken(k, start) == ["horizon"]
            continue
        assert set(draft.broken(k, start)) == rules, (problem.title, name, start)
        assert bool(draft.broken(k, start, first=True)) == bool(rules)
        before, after = (evaluate(tables.ledger, held).criteria(problem.objective) for held in (starts, trial))
        for x, y, z in zip(before, after, draft.change(k, start), strict=True):
            assert z == pytest.approx(y - x, rel=1e-9, abs=1e-9 * max(1.0, abs(x)))
        draft.put(k, start)
        assert draft.plan == {step.id: trial[step.id] for step in problem.steps if step.id in trial}
        assert draft.criteria() == pytest.approx(after, rel=1e-9, abs=1e-9)
    return seen


def test_many_changes_leave_no_trace() -> None:
    plan = handmade.random_plan(3)
    tables = Tables(Ledger(plan.problem))
    draft = Draft(tables, plan.starts)
    fresh = draft.criteria(), {name: held.tolist() for name, held in draft.slack.items()}, list(draft.busy)
    rng = random.Random(1)
    for name, start in changes(plan.problem, rng, 500):
        if start is None or start + plan.problem.steps[tables.number[name]].duration <= plan.problem.horizon:
            draft.put(tables.number[name], start)
    for step in plan.problem.steps:
        draft.put(tables.number[step.id], plan.starts.get(step.id))
    assert draft.criteria() == pytest.approx(fresh[0], rel=1e-9)
    assert {name: held.tolist() for name, held in draft.slack.items()} == fresh[1]
    assert draft.busy == fresh[2]


def test_sums_beyond_64_bits_are_exact() -> None:
    steps = [{"id": f"s{k}", "once": 9e12, "per_year": 0.000000001 * (k + 1)} for k in range(3)]
    problem = handmade.problem(
        steps=steps, threats=[], windows=[{"resource": "money", "from": 0, "to": 1, "limit": 1e13}], appetite=[]
    )
    tables = Tables(Ledger(problem))
    assert tables.uses("money").dtype == object
    draft = Draft(tables, {"s0": 1})
    assert draft.broken(1, 1) == ["money"]
    assert draft.broken(0, 0) == []
