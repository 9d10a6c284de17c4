"""Caps on large losses: random problems against trying everything, and what each part says of sets of steps."""

from __future__ import annotations

import itertools
import json
import math
from dataclasses import replace
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem, faults
from stepladder.evaluate import Ledger, evaluate, there
from stepladder.optimise import Options, optimise
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.cuts import cuts
from stepladder.optimise.formulation.rules.tail import reachable, sum_of
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.search.state import values_of
from stepladder.solution import make_plan
from stepladder.solution.verify import broken_rules
from tests.support.brute import Brute, answer, near
from tests.support.exceeding import is_broken, kinds_of, measured
from tests.support.large_losses import MEASURES, with_exceedance
from tests.support.sizes import size

SEEDS = range(size(300))


def record(said: dict[str, Any]) -> Problem:
    made = Problem.model_validate_json(json.dumps(said))
    assert list(faults(made)) == []
    return made


@pytest.mark.parametrize("start", SEEDS[::10])
def test_the_best_plan_is_what_trying_everything_finds(start: int) -> None:
    for seed in SEEDS[start : start + 10]:
        said = with_exceedance(seed)
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


def test_every_measure_decides_with_every_objective() -> None:
    decided = {
        (said["objective"], rule)
        for said in map(with_exceedance, range(size(300, 60)))
        for rule in answer(said).decided_by
    }
    assert {rule for _, rule in decided} >= set(MEASURES)
    assert {objective for objective, rule in decided if rule in MEASURES} >= {"risk", "spend", "net", "worth"}


@pytest.mark.parametrize("seed", range(size(200)))
def test_every_set_of_steps_is_judged_as_by_its_definition(seed: int) -> None:
    said = with_exceedance(seed)
    made = record(said)
    ledger = Ledger(made)
    for tail, cap in zip(ledger.tails, said["exceedance"], strict=True):
        for count in range(len(made.steps) + 1):
            for names in itertools.combinations([step.id for step in made.steps], count):
                kinds = kinds_of(said, cap, set(names))
                assert tail.kept(names) != is_broken(cap, kinds), (names, cap)
                low, high = measured(cap, kinds)
                assert tail.chance(names, 256).middle == pytest.approx((low + high) / 2, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("seed", range(size(200)))
def test_rows_and_cuts_are_kept_by_every_plan_that_keeps_the_caps(seed: int) -> None:
    said = with_exceedance(seed)
    made = record(said)
    grid = lay(Ledger(made))
    plans = [plan.starts for plan in Brute(said).plans()]
    steps = grid.ledger.steps
    possible = [plan for plan in plans if all(start in grid.starts_of(steps[name]) for name, start in plan.items())]
    rows = [row for rule in MEASURES for row in getattr(rules, rule)(grid)]
    off: list[Any] = []
    seen: set[frozenset[str]] = set()
    for starts in possible:
        evaluation = evaluate(grid.ledger, starts)
        assert {grid.ledger.tails[k].rule for k, _ in evaluation.beyond} == {
            fault.rule for fault in broken_rules(made, starts) if fault.rule in MEASURES
        }
        here = frozenset(there(made, starts, grid.ledger.tails[0].times[0]))
        if evaluation.beyond and here not in seen and len(seen) < 8:
            seen.add(here)
            off += cuts(grid, starts, replace(evaluation, exceeded=(), above=()), str)
    for starts in possible:
        values = values_of(grid, starts)
        for row in () if evaluate(grid.ledger, starts).beyond else (*rows, *off):
            total = math.fsum(amount * values[name] for name, amount in row.terms.items())
            assert total <= row.rhs + 1e-8 if row.sense == "<=" else total >= row.rhs - 1e-8, (row, starts)


def test_a_sum_from_below_is_no_more_than_what_the_cap_measures() -> None:
    for seed in range(size(200, 40)):
        made = record(with_exceedance(seed))
        grid = lay(Ledger(made))
        for tail in grid.ledger.tails:
            (t,) = tail.times
            terms, fixed = sum_of(grid, tail, t)
            steps = reachable(grid, tail, t)
            for count in range(len(steps) + 1):
                for names in itertools.combinations(steps, count):
                    shares = {
                        grid.loss(k, t): math.prod(f for name, f in threat.factors.items() if name in names)
                        for k, threat in tail.threats.items()
                    }
                    least = fixed + math.fsum(weight * shares[name] for name, weight in terms if name is not None)
                    assert least <= tail.amount(names) * (1 + 1e-12) + 1e-15
                    exactly = not any(threat.cheaper for threat in tail.threats.values())
                    if exactly and tail.rule != "year":
                        assert least == pytest.approx(tail.amount(names), rel=1e-12, abs=1e-15)
