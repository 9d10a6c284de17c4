"""What is free at a time, the small program that follows from it, and the walk through such programs: on problems so
small that every plan can be tried.
"""

from __future__ import annotations

import json
import random
from functools import cache, partial
from types import SimpleNamespace

import numpy as np
import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.optimise.formulation.variables import Grid, lay, system_of
from stepladder.optimise.heuristics import large_neighbourhood
from stepladder.optimise.heuristics.large_neighbourhood import Walk
from stepladder.optimise.heuristics.lp_guide import Guide
from stepladder.optimise.heuristics.neighbourhoods import FIRST, GROWTH, KIN, QUICK, SHIFT, SHRINKAGE, Neighbourhoods
from stepladder.optimise.heuristics.subproblem import NEVER, Frame, Mask, StartArray
from stepladder.optimise.solvers.arrays import Floats
from stepladder.optimise.solvers.highs import small
from stepladder.solution.verify import broken_rules
from tests.benchmarks.generate import chain, smm
from tests.support import handmade
from tests.support.brute import Tried
from tests.support.exactly import Every, record
from tests.support.problems import problem

SEEDS = range(0, 490, 19)
#: What sums of floats in another order differ by, as a share of what they are sums of.
FLOATS = 1e-9


@cache
def every(seed: int) -> Every:
    return Every(problem(seed))


def laid(asked: Problem) -> Grid:
    return lay(Ledger(asked))


def starts_of(grid: Grid, plan: dict[str, int]) -> StartArray:
    return np.array([plan.get(step.id, NEVER) for step in grid.problem.steps], dtype=np.int64)


def near(grid: Grid, seed: int = 0) -> Neighbourhoods:
    """With a wish for the middle of the horizon."""
    wish = np.full(len(grid.problem.steps), grid.problem.horizon / 2)
    return Neighbourhoods(grid, wish, random.Random(seed))


def freed(grid: Grid, frame: Frame, mask: Mask) -> set[str]:
    """The steps of which something is free; losses never are."""
    assert (frame.step[mask] >= 0).all()
    return {grid.problem.steps[k].id for k in frame.step[mask]}


# -- which variables are free ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", SEEDS)
def test_every_kind_frees_something_of_any_plan_that_plans_something(seed: int) -> None:
    """But what may only be shifted and cannot be: a step in the only place that it has."""
    grid = laid(record(problem(seed)))
    frame = Frame(grid)
    movable = {step.id for k, step in enumerate(grid.problem.steps) if frame.count[k]}
    for plan in [tried.starts for tried in every(seed).allowed if tried.starts][::7]:
        found = near(grid)
        starts = starts_of(grid, plan)
        for kind in range(5):
            mask = found.next(frame, starts)
            assert freed(grid, frame, mask) <= movable
            if kind != 4 or any(name in movable for name in plan):
                assert mask.any(), (plan, kind)


def noted(asked: list[tuple[int, int]], which: int, frame: Frame, _: StartArray, size: int) -> Mask:
    """A kind that frees everything, and is written down with the size that it was given."""
    asked.append((which, size))
    return frame.step >= 0


def test_all_kinds_take_turns_each_with_a_size_of_its_own() -> None:
    """120 at first; 120 · 1.05 = 126 after a quick end, then 126 · 0.9 = 113.4 after a slow one; 120 · 0.9 = 108
    after none.
    """
    assert (FIRST, GROWTH, SHRINKAGE, QUICK) == (120.0, 1.05, 0.9, 400)
    for systems, kinds in ((1, 5), (3, 6)):
        grid = laid(smm(0, systems, "none"))
        frame, starts, found = Frame(grid), starts_of(grid, {}), near(grid)
        assert len(frame.step) > 2 * FIRST
        assert len(found._kinds) == kinds
        asked: list[tuple[int, int]] = []
        found._kinds = [partial(noted, asked, which) for which in range(kinds)]
        for said in ((True, QUICK), (True, QUICK + 1), (False, 0)):
            for _ in range(kinds):
                found.next(frame, starts)
                found.learn(proved=said[0], iterations=said[1])
        assert asked == [(which, size) for size in (120, 126, 113) for which in range(kinds)]
        # Whatever is learnt, never more than there is.
        for _ in range(200 * kinds):
            found.learn(proved=True, iterations=0)
            found.next(frame, starts)
        assert max(size for _, size in asked) == len(frame.step)


def test_one_kind_learns_nothing_from_another() -> None:
    grid = laid(smm(0, 1, "none"))
    frame, starts, found = Frame(grid), starts_of(grid, {}), near(grid)
    for turn in range(10):
        found.next(frame, starts)
        found.learn(proved=turn % 5 == 0, iterations=0)
    assert found._size == pytest.approx([FIRST * GROWTH**2, *[FIRST * SHRINKAGE**2] * 4])


def test_as_many_steps_are_free_as_the_size_allows_and_at_least_one() -> None:
    """In four quarters a step of one has four places, the one of two quarters after one of one quarter has two; it
    must end in the last, so that one of its two variables is left.
    """
    grid = laid(handmade.problem())
    frame = Frame(grid)
    order = range(len(grid.problem.steps))
    for size in range(1, len(frame.step) + 1):
        mask = frame.first_of(order, size)
        chosen = freed(grid, frame, mask)
        assert len(chosen) == 1 or mask.sum() <= size
        # Steps are free as a whole, and the next one would be too much.
        assert mask.sum() == sum(frame.count[k] for k in order if grid.problem.steps[k].id in chosen)
        left = [k for k in order if frame.count[k] and grid.problem.steps[k].id not in chosen]
        assert not left or mask.sum() + frame.count[left[0]] > size


def test_what_may_be_shifted_moves_a_little_and_what_is_not_planned_stays_out() -> None:
    grid = laid(smm(0, 1, "none"))
    frame, found = Frame(grid), near(grid)
    plan = {step.id: grid.problem.horizon // 2 for step in grid.problem.steps[::2]}
    starts = starts_of(grid, plan)
    for _ in range(20):
        mask = found._shifted(frame, starts, len(frame.step))
        assert freed(grid, frame, mask) <= plan.keys()
        # Free by t means a start at t or, where it was the last, after it: t + 1.
        away = frame.time[mask] - starts[frame.step[mask]]
        assert mask.any()
        assert -SHIFT <= away.min() < 0 <= away.max() < SHIFT


def test_what_happens_in_a_few_periods_is_free_in_these_only() -> None:
    grid = laid(smm(0, 1, "none"))
    frame, found = Frame(grid), near(grid)
    seen = set()
    for _ in range(20):
        mask = found._periods(frame, starts_of(grid, {}), 120)
        times = frame.time[mask]
        assert 0 < mask.sum() <= 120
        # As many periods in a row as hold about so many variables: 120 of T times the average of a period.
        assert times.max() - times.min() < max(1, 120 * grid.problem.horizon // len(frame.step))
        seen.add(int(times.min()))
    assert len(seen) > 3


def test_systems_are_free_as_a_whole_but_for_the_last() -> None:
    grid = laid(smm(0, 4, "none"))
    frame, found = Frame(grid), near(grid)
    for size in (400, 900, 1500):
        chosen = freed(grid, frame, found._some_systems(frame, starts_of(grid, {}), size))
        homes = {system_of(name) for name in chosen}
        parts = [
            home
            for home in homes
            if not {
                step.id for k, step in enumerate(grid.problem.steps) if system_of(step.id) == home and frame.count[k]
            }
            <= chosen
        ]
        assert len(parts) <= 1, parts


def test_around_a_step_is_free_what_it_needs_and_what_needs_it() -> None:
    """access.depth.3 needs access.depth.2, patching needs assets; of a chain of 30 that is all before and after."""
    grid = laid(handmade.problem())
    assert near(grid)._kin(1) == {0}
    assert near(grid)._kin(2) == {3}
    grid = laid(chain(30))
    frame = Frame(grid)
    for step in (0, 7, 29):
        assert near(grid)._kin(step) == set(range(30)) - {step}
        mask = near(grid).with_step(frame, starts_of(grid, {}), step)
        assert freed(grid, frame, mask) == {grid.problem.steps[k].id for k in range(30) if frame.count[k]}
    # Where few are of its kin, others are free beside them, as many as one and a half times the first size holds.
    grid = laid(smm(0, 1, "none"))
    frame = Frame(grid)
    alone = next(k for k in range(len(grid.problem.steps)) if not near(grid)._kin(k))
    mask = near(grid).with_step(frame, starts_of(grid, {}), alone)
    assert grid.problem.steps[alone].id in freed(grid, frame, mask)
    assert FIRST < mask.sum() <= max(KIN * FIRST, frame.count[alone] + FIRST)


# -- the small program -------------------------------------------------------------------------------------------------


def test_each_column_knows_its_step_and_time_where_some_variable_occurs_nowhere() -> None:
    """A step of one place that costs nothing, takes nothing and reduces nothing: its variable is in no row."""
    free = {"id": "idle.a.2", "title": "Idle", "latest_finish": 0}
    steps = json.loads(handmade.problem().model_dump_json(by_alias=True))["steps"]
    grid = laid(handmade.problem(steps=[free, *steps]))
    frame = Frame(grid)
    asked = grid.problem.steps
    assert frame.count[0] == 0
    assert len(frame.made.names) == len(frame.step)
    for name, k, t in zip(frame.made.names, frame.step.tolist(), frame.time.tolist(), strict=True):
        assert (name == grid.started(asked[k], t)) if k >= 0 else name in {grid.loss(*key) for key in grid.losses}
    assert frame.count.sum() == (frame.step >= 0).sum()


@pytest.mark.parametrize("seed", SEEDS)
def test_a_plan_is_what_its_values_mean(seed: int) -> None:
    grid = laid(record(problem(seed)))
    frame = Frame(grid)
    for tried in every(seed).allowed[::3]:
        starts = starts_of(grid, tried.starts)
        again = frame.starts(frame.values(starts), len(starts))
        # A step that must be planned and has one place left has no variable: it stands there anyhow.
        free = frame.count > 0
        last = (again == NEVER) & (starts == frame.last + 1)
        assert (again[free & ~last] == starts[free & ~last]).all(), tried


def value(tried: Tried, seed: int) -> float:
    return tried.criteria(every(seed).objective)[0]


@pytest.mark.parametrize("seed", SEEDS)
def test_what_a_small_program_says_of_one_change_is_what_trying_it_says(seed: int) -> None:
    """In its costs, which have the tangents at the plan in them, each step by itself is exact."""
    grid = laid(record(problem(seed)))
    frame, tried = Frame(grid), every(seed).plans
    free = frame.step >= 0
    if not free.any():
        return
    for plan in every(seed).allowed[::11]:
        starts = starts_of(grid, plan.starts)
        part = frame.around(starts, free)
        for name in (step.id for k, step in enumerate(grid.problem.steps) if frame.count[k]):
            for start in (None, *grid.starts_of(grid.ledger.steps[name])):
                changed = {key: at for key, at in {**plan.starts, name: start}.items() if at is not None}
                other = tried[tuple(sorted(changed.items()))]
                if other.broken & {"required", "start", "earliest", "latest_finish"}:
                    continue
                values = frame.values(starts_of(grid, changed))[part.columns]
                said = float(part.program.cost @ (values - part.first)) * grid.scale
                assert said == pytest.approx(
                    value(other, seed) - value(plan, seed), abs=FLOATS * max(1.0, every(seed).size)
                ), (plan.starts, changed)


@pytest.mark.parametrize("seed", SEEDS)
def test_with_one_step_free_its_best_place_is_found(seed: int) -> None:
    grid = laid(record(problem(seed)))
    frame, held = Frame(grid), every(seed)
    for plan in held.allowed[::29]:
        starts = starts_of(grid, plan.starts)
        for k, step in enumerate(grid.problem.steps):
            if not frame.count[k]:
                continue
            others = [
                tried
                for tried in held.allowed
                if {**tried.starts, step.id: 0} == {**plan.starts, step.id: 0} and tried is not plan
            ]
            part = frame.around(starts, frame.first_of([k, *(j for j in range(len(starts)) if j != k)], 1))
            found = small(part.program, part.first, 100, lambda: False)
            assert found.proved
            assert found.values is not None
            values = frame.values(starts)
            values[part.columns] = found.values
            after = frame.starts(values, len(starts))
            assert (np.delete(after, k) == np.delete(starts, k))[np.delete(frame.count > 0, k)].all()
            moved = dict(plan.starts)
            moved.pop(step.id, None)
            if after[k] != NEVER:
                moved[step.id] = int(after[k])
            elif step.id in plan.starts and plan.starts[step.id] > frame.last[k]:
                moved[step.id] = plan.starts[step.id]
            came_to = held.plans[tuple(sorted(moved.items()))]
            assert not came_to.broken
            best = min(value(tried, seed) for tried in [plan, *others])
            # As near as a solver's tolerances are.
            assert value(came_to, seed) == pytest.approx(best, rel=1e-6, abs=1e-6 * held.size)


# -- the walk ----------------------------------------------------------------------------------------------------------


def walked(seed: int, plan: dict[str, int], epochs: int = 1, name: str = "0") -> list[dict[str, int]]:
    grid = laid(record(problem(seed)))
    walk = Walk(grid, Guide(), name, lambda: False)
    return [walk.epoch(plan) for _ in range(epochs)]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_walk_never_comes_to_a_plan_that_is_worse_or_breaks_a_rule(
    seed: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(large_neighbourhood, "EPOCH", 1.5e7)
    held, asked = every(seed), record(problem(seed))
    for begun in held.allowed[::37]:
        before = value(begun, seed)
        for plan in walked(seed, begun.starts, 2):
            assert broken_rules(asked, plan) == []
            now = held.plans[tuple(sorted(plan.items()))]
            assert not now.broken
            assert value(now, seed) <= before + held.near(before)
            before = value(now, seed)


def test_from_the_worst_plan_most_walks_come_to_the_best() -> None:
    """Each small program has all of these few variables; only where several changes together curve a loss does it
    take more than one.
    """
    came = 0
    tried = [seed for seed in SEEDS if every(seed).allowed]
    for seed in tried:
        held = every(seed)
        values = sorted(value(plan, seed) for plan in held.allowed)
        worst = next(plan for plan in held.allowed if value(plan, seed) == values[-1])
        (plan,) = walked(seed, worst.starts)
        came += value(held.plans[tuple(sorted(plan.items()))], seed) <= values[0] + held.near(values[0])
    assert came >= 0.9 * len(tried), (came, len(tried))


def test_the_same_seed_gives_the_same_plans_and_another_one_others(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(large_neighbourhood, "EPOCH", 1e7)
    grid = laid(smm(0, 1, "none"))

    def walk(seed: str) -> list[dict[str, int]]:
        found = Walk(grid, Guide(), seed, lambda: False)
        return [dict(found.epoch({})) for _ in range(2)]

    one = walk("a")
    assert one == walk("a")
    assert one != walk("b")
    assert one[0] != {}
    drafts = [Draft(grid.tables, plan).criteria() for plan in one]
    assert drafts[1] <= drafts[0] < Draft(grid.tables, {}).criteria()


def test_a_walk_that_is_stopped_gives_back_what_it_was_given() -> None:
    grid = laid(handmade.problem())
    asked = 0

    def stopped() -> bool:
        nonlocal asked
        asked += 1
        return asked > 3

    given = {"access.depth.2": 0, "access.depth.3": 1}
    assert Walk(grid, Guide(), "0", lambda: True).epoch(given) == given
    found = Walk(grid, Guide(), "0", stopped).epoch(given)
    assert asked < 50
    assert Draft(grid.tables, found).criteria() <= Draft(grid.tables, given).criteria()


def test_a_walk_goes_on_from_the_better_of_its_own_plan_and_the_given_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """No small program gives anything: what is left is the choice between the two."""
    nothing = SimpleNamespace(values=None, proved=False, iterations=0)
    monkeypatch.setattr(large_neighbourhood, "small", lambda *_: nothing)
    grid = laid(handmade.problem())
    # The first has the assets for nothing; both must have access.
    worse, better = {**handmade.STARTS, "patching.depth.2": 3}, dict(handmade.STARTS)
    assert Draft(grid.tables, better).criteria() < Draft(grid.tables, worse).criteria()
    walk = Walk(grid, Guide(), "0", lambda: False)
    assert [walk.epoch(plan) for plan in (worse, better, worse)] == [worse, better, better]


def test_only_what_makes_the_plan_better_is_made_of_it_unless_anything_is_and_never_what_breaks_a_rule() -> None:
    """Patching one quarter later is worse, without access control, which is required, it is no plan."""
    grid = laid(handmade.problem())
    walk = Walk(grid, Guide(), "0", lambda: False)
    good = dict(handmade.STARTS)
    worse = {**good, "patching.depth.2": 3}
    broken = {name: start for name, start in good.items() if not name.startswith("access")}
    for before, after, anyhow, moves in (
        (worse, good, False, True),
        (good, worse, False, False),
        (good, worse, True, True),
        (good, broken, True, False),
        (good, broken, False, False),
        (good, good, True, False),
    ):
        draft = Draft(grid.tables, before)
        assert walk._move(draft, starts_of(grid, before), starts_of(grid, after), anyhow=anyhow) is moves
        assert draft.plan == (after if moves else before)


def test_a_solution_that_breaks_a_rule_is_not_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """The solver's word is not taken: it says to do everything at once, which no money pays, or nothing at all, which
    leaves out what is required.
    """
    grid = laid(handmade.problem())
    for said in (1.0, 0.0):

        def wrong(_program: object, first: Floats, *_: object, said: float = said) -> object:
            return SimpleNamespace(values=np.full(len(first), said), proved=True, iterations=0)

        monkeypatch.setattr(large_neighbourhood, "small", wrong)
        found = Walk(grid, Guide(), "0", lambda: False).epoch(dict(handmade.STARTS))
        assert broken_rules(grid.problem, found) == []
        assert Draft(grid.tables, found).criteria() <= Draft(grid.tables, handmade.STARTS).criteria()
