"""The verifier's sums against sums of fractions, step by step and period by period."""

from __future__ import annotations

import json
import math
import random
from fractions import Fraction

import pytest

from stepladder.data.formats.problem import MONEY, Problem, Step
from stepladder.solution.recount import finish, losses, total
from tests.support import problems


def used(problem: Problem, step: Step, start: int, t: int, resource: str) -> Fraction:
    """By the words of the format: investment evenly or by shares, in whole cents, the rest in the last period with a
    share; running cost from the period after the finish, and again every so many periods.
    """
    last, found = finish(step, start), Fraction(0)
    if resource in ("money", "money_once") and start <= t <= last:
        shares = [Fraction(repr(share)) for share in step.spread] or [Fraction(1, step.duration)] * step.duration
        parts = [Fraction(Fraction(repr(step.once)) * share * 100 // 1, 100) for share in shares]
        parts[max(k for k, share in enumerate(shares) if share)] += Fraction(repr(step.once)) - sum(parts)
        found += parts[t - start]
    if resource in ("money", "money_per_year") and t > last:
        found += Fraction(repr(step.per_year)) * Fraction(repr(problem.periods[t].years))
    if resource == "money_afterwards" and t == last:
        found += Fraction(repr(step.per_year))
    if step.renew:
        again, many = step.renew, Fraction(repr(step.renew.a_year))
        then = t in [last + k * again.every for k in range(1, problem.horizon)]
        if then and resource != "money_once":
            amount = again.once if resource in ("money", "money_per_year") else again.effort.get(resource, 0.0)
            found += Fraction(repr(amount))
        if resource == "money_afterwards" and t == last:
            found += Fraction(repr(again.once)) * many
    if resource not in MONEY and start <= t <= last:
        found += Fraction(repr(step.effort.get(resource, 0.0))) / step.duration
    if resource not in MONEY and t > last:
        found += Fraction(repr(step.effort_per_year.get(resource, 0.0))) * Fraction(repr(problem.periods[t].years))
    return found


@pytest.mark.parametrize("seed", range(60))
def test_totals_and_losses(seed: int) -> None:
    said = problems.going_on(seed) if seed % 2 else problems.problem(seed)
    problem, rng = Problem.model_validate_json(json.dumps(said)), random.Random(seed)
    steps = {step.id: step for step in problem.steps}
    starts = {
        name: rng.randrange(problem.horizon - step.duration + 1) for name, step in steps.items() if rng.random() < 0.7
    }
    for resource in (*MONEY, "security", "plant"):
        wanted = [
            sum((used(problem, steps[name], at, t, resource) for name, at in starts.items()), Fraction(0))
            for t in range(problem.horizon)
        ]
        assert total(problem, steps, starts, resource) == wanted
    for threat in problem.threats:
        for t, held in enumerate(losses(problem, steps, starts)[threat.id]):
            done = [
                n
                for n in threat.factors
                if n in starts and (t == problem.horizon or finish(steps[n], starts[n]) + problem.effect_lag <= t)
            ]
            assert held == threat.expected_loss_per_year * math.prod(threat.factors[name] for name in done)
