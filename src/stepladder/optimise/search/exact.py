"""The integer program: solve, evaluate, tighten, until value and bound meet; then the second criterion among equals."""

from __future__ import annotations

import math

from stepladder.evaluate import evaluate
from stepladder.evaluate.order import most_equal
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.cuts import cuts
from stepladder.optimise.formulation.program import criteria, minimise, nearby, unit_of
from stepladder.optimise.formulation.rows import Pairs, Row
from stepladder.optimise.heuristics.beam_search import SMALL
from stepladder.optimise.heuristics.greedy import criteria_of, obeys
from stepladder.optimise.search.state import SearchState, logs_of, starts_in, values_of
from stepladder.optimise.solvers.answer import Values

#: So often the solver asks whether to go on between two meetings with the search for better plans.
CALLS = 250
#: After so many such questions it is no quick problem. Then nothing but better plans is sought for some meetings, and
#: the solver begins again: with a better plan it fixes more variables at the root. It does so after a few meetings in a
#: row that bring none: fewer where the plan is proved to be as near the best as this.
EARLY = 60
AHEAD = 16
IDLE, PATIENT, NEAR = 2, 6, 0.05
#: When the first criterion is not wanted exactly, the second is a tie-break, and bounded work keeps it cheap: few
#: nodes, and only plans near the one held. Among all plans it took up to five times as long as the first criterion.
TIE_BREAK_NODES = 400
TIE_BREAK_PERIODS = 2
TIE_BREAK_ROUNDS = 20
#: A tangent is new where the others stay below the true loss by more than this, as a share of today's loss.
WORTH = 1e-9


class _Lookout:
    """Looks on while the solver works: evaluates each new solution at once, meets the search for better plans now
    and then.
    """

    def __init__(self, state: SearchState, most: float = math.inf) -> None:
        self._state, self._calls, self._most = state, 0, most
        self._given = state.plan

    def found(self, value: float | None, bound: float | None, values: Values) -> bool:
        """So the search can end as soon as the true gap is small enough."""
        state = self._state
        plan = starts_in(state.grid, values)
        if plan != state.plan:
            before = state.plan
            state.take(plan)
            if state.plan is not before:
                self._given = state.plan
        return self._told(value, bound)

    def going(self, bound: float | None) -> bool:
        """Every so often what both searches have found is exchanged."""
        self._calls += 1
        if self._calls % CALLS == 0:
            self._state.meet()
        return self._told(None, bound) or not self.patient()

    def patient(self) -> bool:
        """Whether it has been asked less often than it is to answer."""
        return self._calls < self._most

    def known(self) -> Values | None:
        """A plan that came from elsewhere, once."""
        plan = self._state.plan
        if plan is None or plan is self._given:
            return None
        self._given = plan
        return values_of(self._state.grid, plan)

    def _told(self, value: float | None, bound: float | None) -> bool:
        self._state.raise_bound(bound)
        self._state.tell(value, bound)
        return self._state.closed() or self._state.spent()


def branch(state: SearchState) -> None:
    """Solve, evaluate, tighten, until value and bound meet, or time is up."""
    gap = state.options.gap / 2
    few = len(state.grid.problem.steps) <= SMALL
    quick: _Lookout | None = _Lookout(state, EARLY) if few else None
    if quick is None:
        _ahead(state)
    while not state.out_of_time() and not state.spent() and not state.closed():
        answer = state.solve(gap, quick or _Lookout(state))
        if quick is not None and not quick.patient():
            quick = None
            _ahead(state)
            continue
        if answer.found == "infeasible" and state.plan is None:
            state.infeasible = True
            return
        state.raise_bound(answer.bound)
        # Only rows that every plan obeys were added: no solution beside a plan in hand is a solver's error.
        if answer.found in ("infeasible", "nothing"):
            break
        if not learn(state, answer.values):
            if gap == 0.0:
                break
            gap = gap / 4 if gap > 1e-7 else 0.0
    _close(state)


def _close(state: SearchState) -> None:
    """What a solver's tolerances and errors leave open: without presolve, each plan is cut off with all that are no
    better, until none is left.

    It ends: each round cuts a plan off for good.
    """
    off: list[Row] = []
    first, lookout = criteria(state.grid)[0], _Lookout(state)
    while not state.out_of_time() and not lookout.going(None):
        answer = state.solve(0.0, lookout, off=off)
        if answer.found == "infeasible":
            state.infeasible = state.plan is None
            if state.best is not None and off:
                state.bound = state.best[0]
            return
        state.raise_bound(answer.bound)
        if answer.found == "nothing":
            return
        learn(state, answer.values, 0.0)
        off.append(_cut_off(state, first[0], starts_in(state.grid, answer.values)))


def _cut_off(state: SearchState, terms: Pairs, plan: dict[str, int]) -> Row:
    """A row that a plan does not obey, nor any that is no better in these terms; of a plan that breaks a rule, that
    plan alone.
    """
    kept = obeys(state.grid, plan)
    return (
        rules.better_than(state.grid, terms, plan, state.label())
        if kept
        else rules.other_than(state.grid, plan, state.label())
    )


def _ahead(state: SearchState) -> None:
    """Better plans, until a few meetings in a row bring none; tangents where the best is."""
    idle = 0
    for _ in range(0 if state.grid.keep is not None else AHEAD):
        if state.out_of_time() or state.spent() or state.closed():
            return
        before = state.best
        state.improve()
        state.tell(None, None)
        idle = idle + 1 if state.best == before else 0
        if idle == (IDLE if _near(state) else PATIENT):
            break
    if state.plan is not None:
        state.tighten(logs_of(state.grid, state.plan), WORTH)


def _near(state: SearchState) -> bool:
    """Whether the plan is proved to be near the best: else there may be far better ones."""
    if state.best is None or state.bound is None:
        return False
    return state.best[0] - state.bound <= NEAR * abs(state.best[0])


def learn(state: SearchState, values: Values, worth: float = WORTH) -> bool:
    """Take the plan of a solution, or cut it off where it breaks a rule to the cent; tangents where it looked too
    good. True if rows were added.
    """
    plan = starts_in(state.grid, values)
    rows = cuts(state.grid, plan, evaluate(state.grid.ledger, plan), state.label)
    state.program.add(rows)
    if not rows:
        state.take(plan)
    return state.tighten(logs_of(state.grid, plan), worth) or bool(rows)


def break_ties(state: SearchState, *, exactly: bool) -> None:
    """Least second criterion among plans that are equal to the best in the first; with bounded work unless it is
    wanted exactly.
    """
    assert state.best is not None
    assert state.plan is not None
    grid = state.grid
    first, second = criteria(grid)
    assert second is not None
    state.program.add([rules.no_worse(grid, *first, state.order.ceiling)])
    unit = unit_of(second[0])
    minimise(state.program, grid, second, unit)
    program = state.program if exactly else nearby(state.program, grid, state.plan, TIE_BREAK_PERIODS)
    off: list[Row] | None = None
    rounds = 0
    while not state.out_of_time() and (exactly or rounds < TIE_BREAK_ROUNDS):
        rounds += 1
        answer = state.solve(
            0.0 if exactly else state.options.gap / 10, None, None if exactly else TIE_BREAK_NODES, program, off
        )
        if answer.found in ("infeasible", "nothing"):
            return
        plan = starts_in(grid, answer.values)
        values = criteria_of(grid, plan)
        if values is not None and values[0] <= state.order.ceiling:
            state.take(plan)
            if not exactly or (answer.bound is not None and state.best[1] <= most_equal(answer.bound * unit)):
                return
            off = [*(off or ()), rules.better_than(grid, second[0], plan, state.label())]
        elif not learn(state, answer.values):
            off = [*(off or ()), _cut_off(state, first[0], plan)]
