"""The integer program: solve, evaluate, tighten, until value and bound meet; then the second criterion among equals."""

from __future__ import annotations

import math

from stepladder.evaluate import Evaluation, evaluate
from stepladder.optimise.answer import Values
from stepladder.optimise.beam import SMALL
from stepladder.optimise.cuts import cuts
from stepladder.optimise.formulation import nearby
from stepladder.optimise.moves import judge
from stepladder.optimise.state import State, logs_of, starts_in, values_of

#: So often the solver asks whether to go on between two meetings with the search for better plans.
CALLS = 250
#: After so many such questions it is no quick problem. Then nothing but better plans is sought for some meetings, and the solver begins again: with
#: a better plan it fixes more variables at the root.
EARLY = 150
AHEAD = 16
IDLE = 6
#: When the first criterion is not wanted exactly, the second is a tie-break, and bounded work keeps it cheap: few nodes, and only
#: plans near the one held. Among all plans it took up to five times as long as the first criterion.
TIE_BREAK_NODES = 400
TIE_BREAK_PERIODS = 2


class _Lookout:
    """Looks on while the solver works: evaluates each new solution at once, meets the search for better plans now and then."""

    def __init__(self, state: State, most: float = math.inf) -> None:
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


def branch(state: State) -> None:
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
        if answer.found == "infeasible":
            # Only rows that every plan obeys were added, so a plan in hand would contradict this.
            state.infeasible = state.plan is None
            return
        state.raise_bound(answer.bound)
        if answer.found == "nothing":
            return
        if not learn(state, answer.values):
            if gap == 0.0:
                # The solver has nothing left to give: what remains is its tolerance, and the bound says so.
                return
            gap = gap / 4 if gap > 1e-7 else 0.0


def _ahead(state: State) -> None:
    """Better plans, until a few meetings in a row bring none; tangents where the best is."""
    idle = 0
    for _ in range(0 if state.grid.keep is not None else AHEAD):
        if state.out_of_time() or state.spent() or state.closed():
            return
        before = state.best
        state.improve()
        state.tell(None, None)
        idle = idle + 1 if state.best == before else 0
        if idle == IDLE:
            break
    if state.plan is not None:
        state.tighten(logs_of(state.grid, state.plan), worth=1e-9)


def learn(state: State, values: Values) -> bool:
    """Take the plan of a solution, or cut it off where it breaks a rule to the cent; tangents where it looked too good. True if rows were added."""
    plan = starts_in(state.grid, values)
    rows = cuts(state.grid, plan, evaluate(state.grid.ledger, plan), state.label)
    state.program.add(rows)
    if not rows:
        state.take(plan)
    return state.tighten(logs_of(state.grid, plan), worth=1e-9) or bool(rows)


def break_ties(state: State) -> None:
    """Least second criterion among plans that are no worse in the first."""
    assert state.best is not None
    first = state.best[0]
    program = state.program if state.exactly or state.plan is None else nearby(state.program, state.grid, state.plan, TIE_BREAK_PERIODS)
    for _ in range(1000 if state.exactly else 20):
        if state.out_of_time():
            return
        answer = state.solve(0.0 if state.exactly else state.options.gap / 10, None, None if state.exactly else TIE_BREAK_NODES, program)
        if answer.found in ("infeasible", "nothing"):
            return
        plan = starts_in(state.grid, answer.values)
        found = judge(state.grid, plan)
        if found is not None and found.criteria(state.grid.problem.objective)[0] <= first + 1e-9 * max(1.0, abs(first)):
            _take_tie(state, plan, found)
            return
        if not learn(state, answer.values):
            return


def _take_tie(state: State, plan: dict[str, int], found: Evaluation) -> None:
    """Among equals in the first criterion (to the precision of a float) the second one decides."""
    value = found.criteria(state.grid.problem.objective)
    if state.best is not None and value[1] < state.best[1]:
        state.plan, state.best = dict(plan), value
