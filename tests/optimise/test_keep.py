"""Plans that keep to a published one, and plans as far from known ones as can be, against trying everything."""

from __future__ import annotations

import json
import math
import random
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem
from stepladder.optimise import Keep, Learnt, Options, optimise
from stepladder.optimise.search.diverse import farthest, nearest
from stepladder.solution.verify import broken_rules
from tests.support.brute import Brute, Tried
from tests.support.problems import problem

EXACT = Options(gap=0.0)


def record(said: dict[str, Any]) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


def apart(one: dict[str, int], other: dict[str, int], but: frozenset[str] = frozenset()) -> int:
    return sum(one.get(name) != other.get(name) for name in {*one, *other} - but)


def published(rng: random.Random, plans: list[Tried]) -> dict[str, int]:
    """Any plan, one that breaks rules of the question too: it may have been published for another one."""
    return dict(rng.choice(plans).starts)


@pytest.mark.parametrize("first", range(0, 120, 20))
def test_the_best_plan_that_moves_few_steps(first: int) -> None:
    decided = 0
    for seed in range(first, first + 20):
        said, rng = problem(seed), random.Random(f"keep {seed}")
        tried = list(Brute(said).plans())
        plan = published(rng, tried)
        settled = frozenset(rng.sample([step["id"] for step in said["steps"]], rng.choice([0, 0, 1])))
        free = min((held.criteria(said["objective"])[0] for held in tried if not held.broken), default=math.inf)
        for moves in (0, 1, 2):
            keep = Keep(plan, moves, settled)
            expected = min(
                (
                    held.criteria(said["objective"])[0]
                    for held in tried
                    if not held.broken and apart(held.starts, plan, settled) <= moves
                ),
                default=math.inf,
            )
            found = optimise(record(said), EXACT, learnt=Learnt(record(said), plan, None, {}), keep=keep)
            decided += expected > free + 1e-6
            if math.isinf(expected):
                assert found.status == "infeasible", (seed, moves)
                continue
            assert found.value == pytest.approx(expected, rel=1e-6, abs=1e-3), (seed, moves)
            assert found.bound is not None
            assert found.bound <= expected + 1e-9 * max(1.0, abs(expected)), (seed, moves)
            assert keep.holds(found.starts), (seed, moves)
            assert not broken_rules(record(said), found.starts), (seed, moves)
    assert decided >= 10


def test_how_few_steps_must_move() -> None:
    for seed in range(60):
        said, rng = problem(seed), random.Random(f"near {seed}")
        tried = list(Brute(said).plans())
        plan = published(rng, tried)
        expected = min((apart(held.starts, plan) for held in tried if not held.broken), default=math.inf)
        starts, fewest = nearest(record(said), Keep(plan, 0), EXACT)
        if math.isinf(expected):
            assert starts is None, seed
        else:
            assert starts is not None, seed
            assert fewest == expected == apart(starts, plan), seed


def test_the_plan_that_differs_most_within_a_tolerance() -> None:
    seen = 0
    for seed in range(80):
        said = problem(seed)
        allowed = [held for held in Brute(said).plans() if not held.broken]
        if not allowed:
            continue
        values = [held.criteria(said["objective"])[0] for held in allowed]
        best = min(values)
        most = best + 0.05 * abs(best)
        one = allowed[values.index(best)].starts
        expected = max(apart(held.starts, one) for held, value in zip(allowed, values, strict=True) if value <= most)
        found = farthest(record(said), [one], most, EXACT)
        if expected == 0:
            assert found.none, seed
            continue
        assert found.starts is not None, seed
        assert apart(found.starts, one) == expected, seed
        assert found.most >= expected - 1e-6, seed
        seen += 1
    assert seen >= 20


def test_the_search_goes_on_until_no_plan_is_left() -> None:
    """One plan after the other, each another one, until it is proved that there is none: as many as trying
    everything finds.
    """
    seen = 0
    for seed in range(60):
        said = problem(seed)
        allowed = [tried for tried in Brute(said).plans() if not tried.broken]
        values = [tried.criteria(said["objective"])[0] for tried in allowed]
        if not values:
            continue
        best = min(values)
        most = best + 0.01 * abs(best)
        # Plans whose value is nearer to the tolerance than a solver sees may count or not.
        clear = [
            tried.starts
            for tried, value in zip(allowed, values, strict=True)
            if value <= most - 1e-6 * max(1.0, abs(most))
        ]
        near = [
            tried.starts
            for tried, value in zip(allowed, values, strict=True)
            if value <= most + 1e-6 * max(1.0, abs(most))
        ]
        if len(near) > 12:
            continue
        known = [allowed[values.index(best)].starts]
        while (another := farthest(record(said), known, most, EXACT)).starts is not None:
            assert another.starts in near, seed
            assert another.starts not in known, seed
            known.append(another.starts)
        assert another.none, seed
        assert all(starts in known for starts in clear), seed
        seen += len(known) > 2
    assert seen >= 5
