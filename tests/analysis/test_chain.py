"""The longest chain, with choices, against every way to choose."""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

from stepladder import graph
from stepladder.analysis.chain import Chain, longest
from stepladder.data.formats.problem import Problem
from tests.support import handmade
from tests.support.sizes import size

COUNT = size(3000)


def made(steps: list[dict[str, Any]]) -> Problem:
    return handmade.problem(steps=steps, threats=[], windows=[], appetite=[])


def random_problem(rng: random.Random) -> Problem:
    names = [f"s{k}" for k in range(rng.randrange(1, 9))]
    steps = []
    for k, name in enumerate(names):
        needs = [{"step": other, "lag": rng.randrange(3)} for other in names[:k] if rng.random() < 0.2]
        groups = (
            [
                [
                    {"step": other, "lag": rng.randrange(3)}
                    for other in rng.sample(names[:k], rng.randrange(1, min(k, 3) + 1))
                ]
            ]
            if k
            else []
        )
        groups = groups * (rng.random() < 0.5)
        dates = {"earliest": rng.choice((0, 0, 2))}
        steps.append({"id": name, "duration": rng.randrange(1, 4), "needs": needs, "needs_any": groups, **dates})
    rng.shuffle(steps)
    return made(steps)


def chosen(problem: Problem) -> list[Problem]:
    """The problem with every way to choose, as plain needs."""
    groups = [(step.id, group) for step in problem.steps for group in step.needs_any]
    found = []
    for ways in itertools.product(*(group for _, group in groups)):
        more: dict[str, list[Any]] = {}
        for (name, _), need in zip(groups, ways, strict=True):
            more.setdefault(name, []).append(need)
        steps = tuple(
            step.model_copy(update={"needs": (*step.needs, *more.get(step.id, ())), "needs_any": ()})
            for step in problem.steps
        )
        found.append(problem.model_copy(update={"steps": steps}))
    return found


def ends(problem: Problem, *, lags: bool) -> dict[str, int]:
    """By the order of the steps, for plain needs only."""
    steps = {step.id: step for step in problem.steps}
    found: dict[str, int] = {}
    for name in graph.order(steps, [(step.id, need.step) for step in problem.steps for need in step.needs]):
        step = steps[name]
        after = [found[need.step] + (need.lag - 1 if lags else 0) for need in step.needs]
        found[name] = max([step.earliest if lags else 0, *after]) + step.duration
    return found


def test_against_every_way_to_choose() -> None:
    for seed in range(COUNT):
        problem = random_problem(random.Random(seed))
        ways = chosen(problem)
        work = {step.id: min(ends(way, lags=False)[step.id] for way in ways) for step in problem.steps}
        times = {step.id: min(ends(way, lags=True)[step.id] for way in ways) for step in problem.steps}
        found = longest(problem)
        steps = {step.id: step for step in problem.steps}
        assert sum(steps[name].duration for name in found.steps) == max(work.values()) == work[found.steps[-1]], seed
        assert found.periods == times[found.steps[-1]], seed
        for before, after, others in zip(found.steps, found.steps[1:], found.others, strict=False):
            groups = [
                {need.step for need in group}
                for group in steps[after].needs_any
                if before in {need.step for need in group}
            ]
            assert others in (
                {0} if before in {need.step for need in steps[after].needs} else {len(group) - 1 for group in groups}
            ), seed
        assert found.others[-1] == 0


def test_steps_that_have_no_choice_but_each_other() -> None:
    """Both in one period, which is possible: neither waits for the other."""
    pair: list[dict[str, Any]] = [
        {"id": "a", "needs_any": [[{"step": "b", "lag": 0}]]},
        {"id": "b", "needs_any": [[{"step": "a", "lag": 0}]]},
    ]
    assert longest(made(pair)).steps in (("a",), ("b",))
    more = [*pair, {"id": "c", "needs": [{"step": "a"}], "duration": 2}]
    assert longest(made(more)) == Chain(("a", "c"), (0, 0), 3)


@pytest.mark.parametrize("length", [0, 1, 5000])
def test_long_chains(length: int) -> None:
    steps = [{"id": f"s{k}", "needs_any": [[{"step": f"s{k - 1}"}]] if k else []} for k in range(length)]
    assert len(longest(made(steps)).steps) == longest(made(steps)).periods == length
