"""Achievements: random problems against trying everything, and small ones whose answers are derived by hand."""

from __future__ import annotations

import json
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem, faults
from stepladder.optimise import Options, optimise
from stepladder.optimise.search.elastic import bare
from stepladder.solution import make_plan
from tests.support.brute import Brute, answer, near
from tests.support.problems import with_achievements
from tests.support.sizes import size

SEEDS = range(size(300))


def record(said: dict[str, Any]) -> Problem:
    made = Problem.model_validate_json(json.dumps(said))
    assert list(faults(made)) == []
    return made


@pytest.mark.parametrize("start", SEEDS[::10])
def test_the_best_plan_is_what_trying_everything_finds(start: int) -> None:
    for seed in SEEDS[start : start + 10]:
        said = with_achievements(seed)
        best = answer(said).best
        outcome = optimise(record(said), Options(gap=0.0))
        assert (outcome.status == "infeasible") == (best is None), seed
        if best is None:
            continue
        plan = make_plan(record(said), outcome)
        tried = next(plan_ for plan_ in Brute(said).plans() if plan_.starts == outcome.starts)
        assert not tried.broken, seed
        value, second = tried.criteria(said["objective"])
        assert near(value, best[0]), (seed, value, best)
        assert second <= best[1] + 1e-6 * max(1.0, abs(best[1])), (seed, second, best)
        assert outcome.bound is not None
        assert outcome.bound <= best[0] + 1e-9 * max(1.0, abs(best[0])), seed
        assert plan.status == "optimal"


def test_every_kind_of_rule_about_them_decides_somewhere() -> None:
    decided = set().union(*(answer(with_achievements(seed)).decided_by for seed in range(60)))
    assert {"achievements", "needs_achievements"} <= decided


def test_a_problem_without_what_cannot_help_has_a_plan_where_the_problem_has_one() -> None:
    for seed in range(40):
        made = record(with_achievements(seed))
        assert list(faults(bare(made))) == []
