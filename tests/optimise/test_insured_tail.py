"""Policies together with steps that make events cheaper and with caps on large losses: everything tried on small random
problems, and what each part says of single plans.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from functools import cache
from typing import Any

import pytest

from stepladder.data.formats.policy import is_choice
from stepladder.evaluate import Ledger, evaluate, losses, there
from stepladder.evaluate.draft import Draft
from stepladder.optimise import Options, Outcome, optimise
from stepladder.optimise.formulation.cuts import cuts
from stepladder.optimise.formulation.points import first_points
from stepladder.optimise.formulation.program import build
from stepladder.optimise.formulation.rows import Row
from stepladder.optimise.formulation.variables import Grid, lay
from stepladder.optimise.search.state import values_of
from stepladder.optimise.search.trivial_bound import floor
from stepladder.solution.recount import figures
from stepladder.solution.verify import broken_rules
from tests.optimise.test_against_brute_force import agrees, record
from tests.optimise.test_insurance import differs
from tests.support.brute import Answer, Brute, answer
from tests.support.insured_tail import insured_tail
from tests.support.large_losses import MEASURES
from tests.support.sizes import FULL, size

SEEDS = range(size(500))
CHUNK = 25


@cache
def known(seed: int) -> tuple[dict[str, Any], Answer]:
    made = insured_tail(seed)
    return made, answer(made)


@cache
def exactly(seed: int) -> Outcome:
    return optimise(record(known(seed)[0]), Options(gap=0.0))


@pytest.mark.parametrize("first", SEEDS[::CHUNK])
def test_exact_answers_equal_the_brute_force(first: int) -> None:
    wrong = {}
    for seed in SEEDS[first : first + CHUNK]:
        made, expected = known(seed)
        if trouble := differs(made, expected, exactly(seed)):
            wrong[seed] = trouble
    assert wrong == {}


def test_cbc_gives_the_same_answers() -> None:
    seeds = SEEDS[:: 10 if FULL else 8]
    cbc = Options(gap=0.0, solver="cbc")
    wrong = {seed: agrees(*known(seed), optimise(record(known(seed)[0]), cbc), gap=1e-7) for seed in seeds}
    assert {seed: trouble for seed, trouble in wrong.items() if trouble} == {}


def test_policies_caps_and_combinations_decide_again_and_again() -> None:
    seen: Counter[str] = Counter()
    for seed in SEEDS:
        made, expected = known(seed)
        seen.update(expected.decided_by)
        seen[made["objective"]] += expected.best is not None
        bought = any(map(is_choice, exactly(seed).starts))
        seen["bought"] += bought
        seen["combined"] += bought and any(threat.get("cheaper") for threat in made["threats"])
        seen["systems"] += made["steps"][0]["id"].startswith("left/")
    wanted = ("policies", "policy_needs", "bought", "combined", "systems", "risk", "net", "spend")
    assert {name: seen[name] for name in wanted if seen[name] < len(SEEDS) // 15} == {}
    assert {name: seen[name] for name in (*MEASURES, "worth") if not seen[name]} == {}


# -- single plans ------------------------------------------------------------------------------------------------------


def plans(made: dict[str, Any], most: int = 60) -> list[dict[str, int]]:
    """Some plans that keep to what comes before what, whatever else they break; no two policies in one year."""
    order = {"needs", "needs_any", "policy_needs", "policies", "excludes", "start", "earliest", "latest_finish"}
    grid = lay(Ledger(record(made)))
    every = [plan.starts for plan in Brute(made).plans() if not plan.broken & order]
    steps = grid.ledger.steps
    every = [
        starts
        for starts in every
        if all(name in steps and start in grid.starts_of(steps[name]) for name, start in starts.items())
    ]
    return random.Random(made["title"]).sample(every, min(most, len(every)))


def left(grid: Grid, starts: dict[str, int]) -> list[tuple[Row, float]]:
    """Rows of losses that a plan does not keep."""
    program, values = build(grid, {key: first_points(least, 5) for key, least in grid.losses.items()}), None
    values = values_of(grid, starts)
    assert set(values) >= {name for row in program.rows for name in row.terms}
    broken = []
    for row in program.rows:
        total = math.fsum(amount * values[name] for name, amount in row.terms.items())
        off = {"<=": total - row.rhs, ">=": row.rhs - total, "==": abs(total - row.rhs)}[row.sense]
        if off > 1e-8 * max(1.0, abs(row.rhs)):
            broken.append((row, off))
    return broken


@pytest.mark.parametrize("seed", range(size(120)))
def test_a_program_has_each_plan_as_it_is(seed: int) -> None:
    made = insured_tail(seed)
    grid = lay(Ledger(record(made)))
    for starts in plans(made, 12):
        evaluation = evaluate(grid.ledger, starts)
        families = {row.family for row, _ in left(grid, starts)}
        assert not families & {"tangent", "states", "states_with", "states_without", "policies", "policy_needs"}
        assert "appetite" not in families or evaluation.above
        caps = {grid.ledger.tails[index].rule for index, _ in evaluation.beyond}
        # A year's row is a part of what its cap says; what a single event says is exact.
        assert families & set(MEASURES) <= caps
        assert caps - {"year"} <= families | {t.rule for t in grid.ledger.tails if not exact(grid, t.index)}


def exact(grid: Grid, index: int) -> bool:
    """Whether the rows of a cap say all of it: where no policy can be in force, cheaper events are from below."""
    tail = grid.ledger.tails[index]
    return all(
        grid.states.measures(tail, k, t) is not None or not threat.cheaper
        for t in tail.times
        for k, threat in tail.threats.items()
    )


@pytest.mark.parametrize("seed", range(size(120)))
def test_one_combination_is_the_one_and_no_other_can_be(seed: int) -> None:
    made = insured_tail(seed)
    grid = lay(Ledger(record(made)))
    program = build(grid, {})
    rows = [row for row in program.rows if row.family.startswith("states")]
    for starts in plans(made, 10) if rows else ():
        values = values_of(grid, starts)
        for k, t in grid.combinations:
            mine = {state.name for state in grid.states.of(k, t)}
            # What the rows leave of each variable, with all steps and policies as they are.
            most = dict.fromkeys(mine, 1.0)
            for row in rows:
                inside = [name for name in row.terms if name in mine]
                rest = math.fsum(amount * values[n] for n, amount in row.terms.items() if n not in mine)
                for name in inside:
                    most[name] = min(most[name], row.rhs - rest)
            assert {name for name, value in most.items() if value > 0.5} == {n for n in mine if values[n] == 1.0}


@pytest.mark.parametrize("seed", range(size(120)))
def test_evaluation_verifier_draft_and_brute_force_count_alike(seed: int) -> None:
    made = insured_tail(seed)
    problem, brute = record(made), Brute(made)
    ledger = Ledger(problem)
    tables, least = lay(ledger).tables, floor(lay(ledger))
    for starts in plans(made, 25):
        by_threat, wanted = losses(problem, starts), brute.losses(starts)
        for t, now in enumerate(wanted):
            for name, loss in now.items():
                assert by_threat[name][t] == pytest.approx(loss, rel=1e-9)
        draft = Draft(tables, starts)
        held, counted = evaluate(ledger, starts), figures(problem, starts)
        assert draft.criteria() == pytest.approx(held.criteria(problem.objective), rel=1e-9, abs=1e-6)
        assert held.criteria(problem.objective)[0] >= least
        if problem.objective != "worth":
            assert held.risk + held.worth == pytest.approx(counted.loss_present_value, rel=1e-10)
        broken = {fault.rule for fault in broken_rules(problem, starts)} & {*MEASURES, "appetite"}
        assert broken == {ledger.tails[k].rule for k, _ in held.beyond} | {"appetite" for _ in held.above[:1]}


@pytest.mark.parametrize("seed", range(size(120)))
def test_a_draft_knows_what_each_change_does(seed: int) -> None:
    made = insured_tail(seed)
    problem = record(made)
    tables, rng = lay(Ledger(problem)).tables, random.Random(seed)
    for starts in plans(made, 6):
        draft = Draft(tables, starts)
        for k, step in enumerate(tables.steps):
            count = problem.horizon - step.duration + 1
            possible = [None, *(range(count) if step.is_work else [step.earliest])]
            for start in possible:
                trial = {name: at for name, at in starts.items() if name != step.id}
                other = Draft(tables, trial if start is None else {**trial, step.id: start})
                size_of = max(1.0, *(abs(one) for one in (*draft.size(), *other.size())))
                wanted = [after - before for after, before in zip(other.criteria(), draft.criteria(), strict=True)]
                assert draft.change(k, start) == pytest.approx(wanted, abs=1e-9 * size_of), (step.id, start)
            if step.id not in starts and step.is_work:
                assert draft.changes(k) == [pytest.approx(draft.change(k, at), abs=1e-6) for at in range(count)]
        # A way there and back leaves nothing behind.
        before = draft.criteria()
        k = rng.randrange(len(tables.steps))
        old = draft.starts[k]
        draft.put(k, None if old is not None else tables.steps[k].earliest)
        draft.put(k, old)
        assert draft.criteria() == before


@pytest.mark.parametrize("seed", range(size(120)))
def test_cuts_are_kept_by_every_plan_that_keeps_the_caps(seed: int) -> None:
    made = insured_tail(seed)
    grid = lay(Ledger(record(made)))
    off: list[Row] = []
    some = plans(made, 80)
    for starts in some[:20]:
        evaluation = evaluate(grid.ledger, starts)
        off += [row for row in cuts(grid, starts, evaluation, str) if row.family == "more"]
    for starts in some:
        evaluation = evaluate(grid.ledger, starts)
        if not evaluation.beyond and not evaluation.above:
            values = values_of(grid, starts)
            for row in off:
                assert math.fsum(amount * values[name] for name, amount in row.terms.items()) >= row.rhs, row
    for tail in grid.ledger.tails:
        for starts in some[:20]:
            for t in tail.times:
                names = there(grid.problem, starts, t)
                if not tail.kept(names):
                    assert tail.most_broken(names, tail.steps) >= set(names).intersection(tail.steps)
