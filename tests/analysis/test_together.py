"""What may be planned together, against every set of steps."""

from __future__ import annotations

import itertools
import random

import pytest

from stepladder.analysis import together
from stepladder.data.formats.problem import Problem
from tests.support import handmade
from tests.support.sizes import size

COUNT = size(2000)


def random_problem(rng: random.Random) -> Problem:
    names = [f"s{k}" for k in range(rng.randrange(2, 9))]
    steps = []
    for k, name in enumerate(names):
        needs = [{"step": other} for other in names[:k] if rng.random() < 0.15]
        groups = (
            [[{"step": other} for other in rng.sample(names[:k], rng.randrange(1, min(k, 3) + 1))]]
            if k and rng.random() < 0.3
            else []
        )
        steps.append({"id": name, "once": rng.choice((0, 1, 2, 5, 9)), "needs": needs, "needs_any": groups})
    excludes = [list(pair) for pair in itertools.combinations(names, 2) if rng.random() < 0.25]
    return handmade.problem(steps=steps, excludes=excludes, threats=[], windows=[], appetite=[])


def brute(problem: Problem) -> int:
    best = 0
    for mask in itertools.product((False, True), repeat=len(problem.steps)):
        inside = {step.id for step, chosen in zip(problem.steps, mask, strict=True) if chosen}
        if any(inside.issuperset(pair) for pair in problem.excludes):
            continue
        if all({need.step for need in step.needs} <= inside for step in problem.steps if step.id in inside) and all(
            any(need.step in inside for need in group)
            for step in problem.steps
            if step.id in inside
            for group in step.needs_any
        ):
            best = max(best, sum(round(step.once) for step in problem.steps if step.id in inside))
    return best


@pytest.mark.parametrize("tried", [2000, 2, 1])
def test_against_every_set(monkeypatch: pytest.MonkeyPatch, tried: int) -> None:
    monkeypatch.setattr(together, "TRIED", tried)
    exact = 0
    for seed in range(COUNT):
        problem = random_problem(random.Random(seed))
        most = together.Together(problem).most({step.id: round(step.once) for step in problem.steps})
        right = brute(problem)
        assert most.amount >= right, seed
        assert most.amount == right or not most.exact, seed
        exact += most.exact
    assert exact == COUNT if tried == 2000 else 0 < exact < COUNT


def test_hundreds_of_pairs_take_no_time() -> None:
    """Pairs that have nothing to do with each other are added up; what is too tangled is bounded."""
    names = [f"s{k}" for k in range(600)]
    steps = [{"id": name, "once": 1 + k % 7} for k, name in enumerate(names)]
    amounts = {name: 1 + k % 7 for k, name in enumerate(names)}
    pairs = [[names[k], names[k + 1]] for k in range(0, 600, 2)]
    apart = handmade.problem(steps=steps, excludes=pairs, threats=[], windows=[], appetite=[])
    assert together.Together(apart).most(amounts) == (sum(max(amounts[a], amounts[b]) for a, b in pairs), True)
    rng = random.Random(1)
    tangle = [rng.sample(names[:60], 2) for _ in range(200)]
    tangled = handmade.problem(steps=steps, excludes=tangle, threats=[], windows=[], appetite=[])
    most = together.Together(tangled).most(amounts)
    assert most.amount < sum(amounts.values())


def test_thousands_of_pairs_in_one_tangle_take_little_time() -> None:
    names = [f"s{k}" for k in range(3000)]
    chain = [{"id": name, "needs": [{"step": names[k - 1]}] if k else []} for k, name in enumerate(names)]
    pairs = [[names[k], names[k + 1500]] for k in range(1500)]
    problem = handmade.problem(steps=chain, excludes=pairs, threats=[], windows=[], appetite=[])
    # In one chain: all up to s1499, of which nothing excludes another.
    assert together.Together(problem).most(dict.fromkeys(names, 1)).amount >= 1500
