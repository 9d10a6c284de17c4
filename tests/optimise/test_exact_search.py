"""The branch loop by itself: from the loosest program there is, on problems so small that every plan can be tried."""

from __future__ import annotations

import contextlib
import math
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.optimise import Options
from stepladder.optimise.clock import Clock, TimeUp
from stepladder.optimise.formulation.program import build, criteria, minimise
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.search import exact
from stepladder.optimise.search.exact import WORTH, branch, learn
from stepladder.optimise.search.state import SearchState, logs_of, values_of
from stepladder.optimise.solvers.answer import SolverAnswer
from stepladder.solution.verify import broken_rules
from tests.support import handmade
from tests.support.exactly import Every, record
from tests.support.problems import problem

SEEDS = range(0, 490, 19)
#: As near as a solver's tolerances are, as a share of what a value is a sum of.
SOLVED = 1e-9


class Seen(SearchState):
    """A search that writes down each bound that it was told, each call of the solver and each round of tangents."""

    def __init__(self, asked: Problem, options: Options, clock: Clock | None = None) -> None:
        super().__init__(lay(Ledger(asked), None, clock or Clock()), options, None)
        self.bounds: list[float] = []
        self.calls: list[float] = []
        #: How many plans each call had cut off.
        self.off: list[int] = []
        self.rounds = 0
        #: What is called after each call of the solver.
        self.struck: Callable[[], None] = lambda: None
        # One tangent for each loss, where nothing is in place: as loose as can be.
        self.touched = {key: [0.0] for key in self.grid.losses}
        self.program = minimise(build(self.grid, self.touched), self.grid, criteria(self.grid)[0])

    def raise_bound(self, scaled: float | None) -> None:
        if scaled is not None:
            self.bounds.append(scaled * self.grid.scale)
        super().raise_bound(scaled)

    def solve(self, gap: float, *more: Any, **named: Any) -> SolverAnswer:
        self.calls.append(gap)
        self.off.append(len(named.get("off") or ()))
        answer = super().solve(gap, *more, **named)
        self.struck()
        return answer

    def tighten(self, *said: Any) -> bool:
        added = super().tighten(*said)
        self.rounds += added
        return added


@cache
def every(seed: int) -> Every:
    return Every(problem(seed))


@cache
def least(seed: int) -> float:
    """The best value there is; infinite where no plan keeps the rules."""
    return min((tried.criteria(every(seed).objective)[0] for tried in every(seed).allowed), default=math.inf)


def branched(seed: int, **options: Any) -> Seen:
    state = Seen(record(problem(seed)), Options(threads=1, **options))
    branch(state)
    state.end()
    return state


def ended(state: SearchState) -> None:
    """The loop, in which the clock may raise at any place, as whoever begins a search expects."""
    with contextlib.suppress(TimeUp):
        branch(state)


@pytest.mark.parametrize("seed", SEEDS)
def test_value_and_bound_meet_at_what_trying_everything_finds(seed: int) -> None:
    state, best = branched(seed, gap=0.0), least(seed)
    if math.isinf(best):
        assert state.infeasible
        assert state.plan is None
        return
    assert not state.infeasible
    assert state.plan is not None
    assert state.best is not None
    assert state.bound is not None
    assert state.closed()
    assert broken_rules(state.grid.problem, state.plan) == []
    assert state.best[0] == pytest.approx(best, rel=1e-9, abs=every(seed).near(best))
    assert state.bound == pytest.approx(best, rel=1e-8, abs=every(seed).near(best))


@pytest.mark.parametrize("gap", [0.0, 0.01, 0.2])
def test_no_bound_on_the_way_is_above_the_best_plan_there_is(gap: float) -> None:
    seen = 0
    for seed in SEEDS:
        state, best = branched(seed, gap=gap), least(seed)
        if math.isinf(best):
            continue
        finite = [bound for bound in state.bounds if math.isfinite(bound)]
        assert max(finite, default=-math.inf) <= best + max(SOLVED * every(seed).size, every(seed).near(best)), seed
        assert state.best is not None
        assert state.bound is not None
        # It ends where the gap is as small as it is wanted, and says no more than that.
        assert state.best[0] - state.bound <= gap * abs(state.best[0]) + every(seed).near(best), seed
        seen += len(finite)
    assert seen > 2 * len(SEEDS)


def test_tangents_are_added_until_they_touch_the_loss_of_the_plan() -> None:
    """With the first tangents alone the solver's value is too low wherever two steps reduce one threat."""
    rounds = 0
    for seed in SEEDS:
        state = branched(seed, gap=0.0)
        rounds += state.rounds
        if state.plan is None:
            continue
        for key, log in logs_of(state.grid, state.plan).items():
            points = state.touched.get(key)
            if points is not None:
                # e^x from below, by its tangents at these points.
                under = max(math.exp(at) * (1 + log - at) for at in points)
                assert math.exp(log) - under <= 1e-6, (seed, key)
        # Each is one more row, beside those from which the search began.
        assert sum(map(len, state.touched.values())) >= len(state.grid.losses)
    assert rounds >= 20


def test_a_wide_gap_is_closed_with_fewer_calls() -> None:
    narrow = sum(len(branched(seed, gap=0.0).calls) for seed in SEEDS)
    wide = sum(len(branched(seed, gap=0.2).calls) for seed in SEEDS)
    assert wide < narrow


def test_where_the_solver_leaves_a_gap_open_it_is_asked_for_less_and_less(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of 4 % first, then a quarter of that each time: 0.02, 0.005, 0.00125. The solver says the same each time,
    its bound is 10 % too low.
    """
    state = Seen(handmade.problem(), Options(gap=0.04, threads=1))
    plan = dict(handmade.STARTS)
    state.take(plan)
    assert state.best is not None
    said = SolverAnswer("optimal", values_of(state.grid, plan), 0.9 * state.best[0] / state.grid.scale)

    def same(gap: float, *_: Any, **__: Any) -> SolverAnswer:
        state.calls.append(gap)
        if len(state.calls) == 5:
            state.stop.set()
        return said

    monkeypatch.setattr(state, "solve", same)
    ended(state)
    # The first adds the tangents at the plan, after which there is nothing new.
    assert state.calls == pytest.approx([0.02, 0.02, 0.005, 0.00125, 0.0003125])
    assert state.bound == pytest.approx(0.9 * state.best[0])


# -- when it ends ------------------------------------------------------------------------------------------------------


def test_with_no_time_the_solver_is_not_asked() -> None:
    state = Seen(handmade.problem(), Options(gap=0.0, threads=1))
    state.stop.set()
    ended(state)
    assert (state.calls, state.plan, state.bound, state.infeasible) == ([], None, None, False)


def test_when_the_clock_ends_it_is_not_asked_again_and_what_is_held_stays() -> None:
    state = Seen(handmade.problem(), Options(gap=0.0, threads=1))
    state.take(dict(handmade.STARTS))
    held = state.best
    assert held is not None
    state.struck = state.stop.set
    ended(state)
    assert len(state.calls) == 1
    assert not state.infeasible
    assert state.plan is not None
    assert state.best is not None
    assert state.best <= held
    assert broken_rules(state.grid.problem, state.plan) == []


def test_when_the_work_is_done_no_more_is_begun() -> None:
    state = Seen(handmade.problem(), Options(gap=0.0, threads=1, work=1), Clock(None, 1))
    state.struck = lambda: state.stop.spend(1e9)
    branch(state)
    assert len(state.calls) == 1


def test_what_no_plan_can_do_is_said_and_what_is_held_is_no_contradiction(monkeypatch: pytest.MonkeyPatch) -> None:
    """Access control takes three quarters and must be done by the second. A solver that says so of a problem with a
    plan in hand is wrong.
    """
    steps = [
        {"id": "a", "once": 1},
        {"id": "b", "duration": 2, "needs": [{"step": "a"}], "required": True, "latest_finish": 1},
    ]
    state = Seen(handmade.problem(steps=steps, threats=[], windows=[], appetite=[]), Options(threads=1))
    branch(state)
    assert state.infeasible
    assert state.plan is None
    assert len(state.calls) == 1
    held = Seen(handmade.problem(), Options(gap=0.0, threads=1))
    held.take(dict(handmade.STARTS))
    monkeypatch.setattr(exact, "_close", lambda _: None)
    monkeypatch.setattr(held, "solve", lambda *_, **__: SolverAnswer("infeasible"))
    branch(held)
    assert not held.infeasible
    assert held.plan == handmade.STARTS


# -- what a solution teaches -------------------------------------------------------------------------------------------


def test_a_plan_that_keeps_the_rules_is_taken_and_its_tangents_are_new_once() -> None:
    state = Seen(handmade.problem(), Options(threads=1))
    values = values_of(state.grid, handmade.STARTS)
    rows = len(state.program.rows)
    assert learn(state, values)
    assert state.plan == handmade.STARTS
    added = len(state.program.rows) - rows
    # Of each loss that the plan reduces one, and none twice.
    logs = logs_of(state.grid, handmade.STARTS)
    assert added == sum(logs[key] < -math.sqrt(WORTH) for key in state.grid.losses)
    assert added > 0
    assert not learn(state, values)
    assert len(state.program.rows) == rows + added


def test_a_plan_that_breaks_a_rule_is_cut_off_and_not_taken() -> None:
    """All at once costs 12,000 + 12,000 + 5,000.50 + 9,000 in the first quarter, which has 18,000."""
    state = Seen(handmade.problem(), Options(threads=1))
    plan = {"access.depth.2": 0, "access.depth.3": 1, "assets.depth.2": 0, "patching.depth.2": 1}
    dear = {**plan, "vault.depth.4": 0}
    assert broken_rules(state.grid.problem, dear) != []
    rows, values = len(state.program.rows), values_of(state.grid, dear)
    assert learn(state, values, math.inf)
    assert state.plan is None
    cut = state.program.rows[rows:]
    assert cut
    for row in cut:
        said = sum(amount * values[name] for name, amount in row.terms.items())
        assert said > row.rhs if row.sense == "<=" else said < row.rhs


def test_closing_cuts_off_each_plan_until_none_is_better_and_takes_its_value_for_the_bound() -> None:
    """Without what the loop before it does: the bound comes from that no better plan is left."""
    several = 0
    for seed in SEEDS:
        best = least(seed)
        if math.isinf(best):
            continue
        state = Seen(record(problem(seed)), Options(gap=0.0, threads=1))
        exact._close(state)
        assert state.best is not None
        assert state.bound is not None
        assert state.best[0] == pytest.approx(best, rel=1e-9, abs=every(seed).near(best))
        # Of what is left when the best is cut off the bound may be higher still: nothing is better than the best then.
        assert min(state.bound, state.best[0]) == pytest.approx(best, rel=1e-8, abs=every(seed).near(best))
        assert state.closed()
        assert state.off == list(range(len(state.calls)))
        several += len(state.calls) > 1
    assert several >= 5
