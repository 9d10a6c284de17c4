"""From a problem to a plan with a proof: relax, tighten, branch, and do it again until value and bound meet.

The solver's program has expected loss from below, by tangents; its bound is therefore a bound on the true objective. A
plan's own value is evaluated exactly. Where the two differ, tangents are added at the plan, so that the difference goes
away.
"""

from __future__ import annotations

import math
import time
from dataclasses import replace

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, objectives
from stepladder.optimise.clock import Clock, TimeUp
from stepladder.optimise.formulation.dates import must_plan
from stepladder.optimise.formulation.points import first_points, points_around
from stepladder.optimise.formulation.program import build, criteria, minimise
from stepladder.optimise.formulation.variables import Grid, lay
from stepladder.optimise.heuristics.greedy import promising
from stepladder.optimise.heuristics.local_search import polish, settle
from stepladder.optimise.heuristics.priority_rules import by_practice
from stepladder.optimise.interruptible import settled
from stepladder.optimise.outcome import Keep, Learnt, Options, Outcome, closed
from stepladder.optimise.search.exact import branch, break_ties
from stepladder.optimise.search.relaxation import relax
from stepladder.optimise.search.state import SearchState, Watcher, logs_of
from stepladder.optimise.search.trivial_bound import floor
from stepladder.optimise.search.warm_start import points_of, recall, remember

FIRST_TANGENTS = 6
#: With more steps than this ties are broken by moving single steps only.
FLEET = 100
#: With no more starts of all steps together than this they are broken exactly, whatever the gap.
TINY = 100
#: Seconds beyond the time limit in which the rules of practice may end: a plan that is worse than theirs is none.
GRACE = 1.0
#: What is done with a plan once it is found (counted, checked, explained, written) takes so many times what laying the
#: problem out does, and of that so many seconds may be beyond the limit.
AFTERWARDS, ALLOWED = 2.0, 2.0


def optimise(
    problem: Problem,
    options: Options | None = None,
    progress: Watcher | None = None,
    learnt: Learnt | None = None,
    keep: Keep | None = None,
) -> Outcome:
    """The best plan for a problem, with a proved bound.

    Parameters
    ----------
    problem
        What is to be planned.
    options
        Gap, limits, seed, threads and solver.
    progress
        Told now and then how far the search is; from another thread.
    learnt
        What the answer to a problem like this one left: its plan is where the search begins, its bound counts where it
        is certain to hold here, and the tangents are where they were of use. Unless the gap is to be none, ties are
        then broken by moving single steps only.

    keep
        A published plan of which only so many steps may move.

    Returns
    -------
    Outcome
        Ctrl-C and the time limit end the search with the best plan so far and a valid bound.
    """
    options = options or Options()
    clock, interrupted = Clock(options.seconds, options.work), False
    state = SearchState(lay(Ledger(problem), keep, clock), options, progress)
    clock.reserve(AFTERWARDS * (time.monotonic() - clock.begun) - ALLOWED)
    try:
        _run(state, learnt)
    except TimeUp:
        pass
    except KeyboardInterrupt:
        clock.set()
        interrupted = True
    finally:
        state.end()
    struck: list[bool] = [interrupted]
    outcome = settled(lambda: _outcome(state), lambda: struck.append(True))
    if any(struck) and options.whole is not None:
        options.whole.stop()
    return replace(outcome, interrupted=any(struck))


def another(problem: Problem, options: Options, learnt: Learnt | None = None) -> Outcome:
    """One of several answers that belong together, as by ``optimise``; nothing once their time is up or somebody has
    asked to stop.
    """
    return Outcome("no_plan", wanted_gap=options.gap) if options.over else optimise(problem, options, learnt=learnt)


def _run(state: SearchState, learnt: Learnt | None) -> None:
    """First criterion, second criterion, fixed order."""
    grid = state.grid
    if any(not grid.starts_of(grid.ledger.steps[name]) for name in must_plan(grid.problem)):
        state.infeasible = True
        return
    recalled = _begin(state, learnt)
    state.program = build(grid, state.touched)
    first, second = criteria(grid)
    minimise(state.program, grid, first)
    if not state.closed():
        relax(state)
    if not state.infeasible:
        branch(state)
    state.end()
    if state.plan is None or state.best is None or state.out_of_time():
        return
    state.take(polish(grid, state.plan, state.stop.counted, together=True))
    state.settled()
    # A plan that was taken over had its ties broken when it was found; to break them again took longer than all the
    # rest.
    if (
        second is not None
        and not state.spent()
        and (state.exactly or (not recalled and len(grid.problem.steps) <= FLEET))
    ):
        break_ties(state, exactly=state.exactly or _tiny(grid))
    if not state.out_of_time():
        state.put(settle(grid, state.plan, state.stop, state.order))


def _tiny(grid: Grid) -> bool:
    """Whether ties are broken exactly in no time, however exactly the first criterion is wanted."""
    return sum(len(grid.starts_of(step)) for step in grid.problem.steps) <= TINY


def _begin(state: SearchState, learnt: Learnt | None) -> bool:
    """A first plan without a solver, and tangents where it is; evenly spread where there is none. Whether the plan
    is from what was learnt.
    """
    grid = state.grid
    recalled = learnt is not None and recall(state, learnt)
    if not recalled:
        _by_hand(state)
    logs = {} if state.plan is None else logs_of(grid, state.plan)
    known = {} if learnt is None or not recalled else points_of(grid, learnt, logs)
    for key, least in grid.losses.items():
        fresh = points_around(least, logs[key]) if key in logs else first_points(least, FIRST_TANGENTS)
        state.touched[key] = known.get(key, fresh)
    return recalled


def _by_hand(state: SearchState) -> None:
    """The best plan of the rules of practice, for which a little more time than there is is taken; then what removes
    most loss for its money, polished.
    """
    grid, clock = state.grid, state.grid.clock
    for plan in by_practice(grid, lambda: clock.late(GRACE)):
        state.take(plan)
        if state.plan is not None:
            break
    first = state.plan
    other = None if state.out_of_time() else promising(grid, state.stop)
    if other is not None:
        state.take(polish(grid, other, clock.counted))
    if first is not None and state.plan is first and not state.out_of_time():
        state.take(polish(grid, first, clock.counted))


def _outcome(state: SearchState) -> Outcome:
    """What came out, in our own words."""
    name = state.options.solver
    if state.infeasible:
        return Outcome("infeasible", solver=name)
    if state.plan is None or state.best is None:
        return Outcome("no_plan", bound=state.bound, solver=name)
    ordered = {step.id: state.plan[step.id] for step in state.grid.problem.steps if step.id in state.plan}
    value, _ = objectives(state.grid.ledger, ordered)
    bound = min(value, max(floor(state.grid), -math.inf if state.bound is None else state.bound))
    status = "optimal" if closed(value, bound, state.options.gap) else "feasible"
    left = remember(state, ordered, bound)
    return Outcome(status, ordered, value, bound, name, left, state.options.gap, tables=state.grid.tables)  # type: ignore[arg-type]
