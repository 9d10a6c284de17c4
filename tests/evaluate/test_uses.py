"""What steps use of limits, all at once or one by one, is what the ledger says of each start."""

from __future__ import annotations

import json
import random

import numpy as np
import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, uses
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from tests.support import problems

SEEDS = range(40)


def made(seed: int) -> Tables:
    said = problems.going_on(seed) if seed % 2 else problems.problem(seed)
    return Tables(Ledger(Problem.model_validate_json(json.dumps(said))))


@pytest.mark.parametrize("kept", [1, 16_000_000])
@pytest.mark.parametrize("seed", SEEDS)
def test_uses_are_those_of_the_ledger(seed: int, kept: int, monkeypatch: pytest.MonkeyPatch) -> None:
    # Those of every step kept, and of one step at a time.
    monkeypatch.setattr(uses, "KEPT", kept)
    monkeypatch.setattr(uses, "AT_ONCE", 1 if kept == 1 else 200_000)
    tables = made(seed)
    ledger, horizon = tables.ledger, tables.horizon
    for resource, (first, after, _) in tables.windows.items():
        held = tables.uses(resource)
        flows = {rows.start: flow for rows, flow in held.by_period()} if kept == 1 else {}
        for k, step in enumerate(tables.steps):
            columns = tables.rows.of(k)[:, tables.rows.columns[resource]]
            for start in range(horizon - step.duration + 1):
                used = ledger.use(step, start, resource)
                wanted = [sum(used[a:b]) for a, b in zip(first, after, strict=True)]
                assert held.of(k)[start].tolist() == wanted == columns[start].tolist()
                assert [int(held.between(a, b)[k, start]) for a, b in zip(first, after, strict=True)] == wanted
                assert not flows or flows[k][0, start].tolist() == used
                assert start or sum(used) == held.whole[k] == ledger.whole(step, 0, resource)
            assert ledger.work(step, resource) == sum(
                ledger.use(step.model_copy(update={"per_year": 0.0, "effort_per_year": {}, "renew": None}), 0, resource)
            )


@pytest.mark.parametrize("seed", SEEDS)
def test_totals_of_a_plan_are_sums_of_uses(seed: int) -> None:
    tables, rng = made(seed), random.Random(seed)
    ledger = tables.ledger
    starts = {step.id: rng.randrange(tables.horizon - step.duration + 1) for step in tables.steps if rng.random() < 0.7}
    for resource in ledger.resources:
        wanted = [
            sum(column)
            for column in zip(
                *(ledger.use(ledger.steps[name], at, resource) for name, at in starts.items()), strict=True
            )
        ]
        assert ledger.total(starts, resource) == (wanted or [0] * tables.horizon)


@pytest.mark.parametrize("seed", SEEDS)
def test_all_starts_of_a_step_at_once_are_as_one_by_one(seed: int) -> None:
    tables, rng = made(seed), random.Random(seed)
    starts = {step.id: rng.randrange(tables.horizon - step.duration + 1) for step in tables.steps if rng.random() < 0.5}
    draft = Draft(tables, starts)
    one_by_one = Draft(tables)
    for name, start in starts.items():
        one_by_one.put(tables.number[name], start)
    assert draft.criteria() == one_by_one.criteria()
    assert all((draft.slack[name] == one_by_one.slack[name]).all() for name in draft.slack)
    assert np.array_equal(draft.losses, one_by_one.losses)
    assert draft.busy == one_by_one.busy
    for k, step in enumerate(tables.steps):
        if step.id not in starts:
            possible = range(tables.horizon - step.duration + 1)
            assert draft.trials(k) == [draft.broken(k, start) for start in possible]
            assert draft.changes(k) == [draft.change(k, start) for start in possible]
            assert tables.own[k].tolist() == [
                start in possible and not tables.fits_itself(step, start) for start in range(tables.horizon)
            ]
