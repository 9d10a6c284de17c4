"""Searches without the question's own objective: whether there is any plan, and the plan with the least sum of some
terms.
"""

from __future__ import annotations

import contextlib
import math
import time
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace

from stepladder.data.formats.achieved import Achievement, counting
from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.optimise.clock import Clock, TimeUp
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.cuts import cuts
from stepladder.optimise.formulation.points import first_points, points_around
from stepladder.optimise.formulation.program import build
from stepladder.optimise.formulation.rows import Pairs, Row, collect
from stepladder.optimise.formulation.variables import Grid, lay
from stepladder.optimise.heuristics.greedy import first_plan, obeys
from stepladder.optimise.outcome import Options
from stepladder.optimise.search.exact import learn
from stepladder.optimise.search.state import SearchState, logs_of, starts_in
from stepladder.optimise.solvers.answer import Values

FIRST_TANGENTS = 6
#: Below this part of itself, or of one unit, a bound counts as the value.
SLIP = 1e-6
#: So much of a unit, and such a part of a bound, a solver's tolerances may hide: HiGHS 1.16 was seen to prove 16,465.97
#: where 16,465.96 will do, and to find that once it is asked for less.
HIDDEN, ASTRAY = 0.01, 1e-5
#: Where less is asked for, it may be so much of a unit more than a whole one less; so many plans that take no less than
#: the best, for what is rounded up, are put aside.
ROOM, AS_MANY = 0.1, 8
#: With a limit on work, one search ends after the solver has asked so often, for each unit of it; a unit took about two
#: seconds with one system.
ASKED = 400
#: So much work, in units, goes into one search among many where nothing is said.
ONE = 3
#: And so much into all of them together.
ALL = 15
#: To build a program for so many starts of steps counts as one question of the solver.
CELLS = 40


def state_of(
    problem: Problem, options: Options, near: Mapping[str, int] | None = None, named: Collection[str] = ()
) -> SearchState:
    """A search for a problem whose program has its rules and no objective yet, and tangents everywhere, more of them
    near a plan; of achievements those too that are named.
    """
    clock = Clock(options.seconds, options.work)
    state = SearchState(lay(Ledger(problem), clock=clock, named=named), options, None)
    with contextlib.suppress(TimeUp):
        state.touched = {key: first_points(least, FIRST_TANGENTS) for key, least in state.grid.losses.items()}
        for key, log in ({} if near is None else logs_of(state.grid, near)).items():
            state.touched[key] = sorted({*state.touched[key], *points_around(state.grid.losses[key], log)})
        state.program = build(state.grid, state.touched)
    clock.quiet()
    return state


class Patience:
    """Ends a search after the solver has asked so often whether to go on: the same work, the same answer."""

    def __init__(self, most: int) -> None:
        self.left = most

    def found(self, value: float | None, bound: float | None, values: Values) -> bool:
        """A new solution is no reason to end."""
        del value, bound, values
        return False

    def going(self, bound: float | None) -> bool:
        """Whether that was the last time."""
        del bound
        self.left -= 1
        return self.left <= 0

    def known(self) -> Values | None:
        """Nothing is known that the solver does not have."""
        return None


def least(
    state: SearchState, terms: Pairs, accepted: Callable[[dict[str, int]], bool] | None = None, gap: float = 0.0
) -> tuple[dict[str, int] | None, float] | None:
    """The plan with the least sum of terms, and the least that is proved; None where there is no plan at all. No plan
    where time was up.

    Parameters
    ----------
    state
        A search with its program.
    terms
        What is minimised.
    accepted
        Whether a plan will do; where it will not, and no tangent or cut says so, another one is sought. Any plan that
        breaks no rule, when left out.
    gap
        How near to the least is near enough, relatively.
    """
    if state.out_of_time():
        return None, -math.inf
    state.program.objective = collect(terms)
    enough = None if state.options.work is None else state.options.work * ASKED
    bound = -math.inf
    off: list[Row] | None = None
    others = None if enough is None else Patience(enough)
    if not _possible(state.grid):
        return None
    while True:
        answer = state.solve(gap, None if enough is None else Patience(enough), program=state.program, off=off)
        if answer.found == "infeasible":
            return None
        bound = max(bound, -math.inf if answer.bound is None else answer.bound)
        if answer.found == "nothing":
            return None, bound
        starts = starts_in(state.grid, answer.values)
        if accepted(starts) if accepted is not None else obeys(state.grid, starts):
            return starts, bound
        # It breaks a rule by less than the solver sees, or a cap on losses that tangents do not show yet.
        if not learn(state, answer.values):
            off = [*(off or ()), rules.other_than(state.grid, starts, state.label())]
        if state.out_of_time() or (off and others is not None and others.going(None)):
            return None, bound


def _possible(grid: Grid) -> bool:
    return all(grid.starts_of(step) for step in grid.problem.steps if step.must)


# -- many searches with one budget ---------------------------------------------------------------------------------


class Budget:
    """The work that many searches may take together: so often the solver asks, and so many seconds.

    Parameters
    ----------
    options
        Seed, seconds in all, and units of work for each search.
    """

    def __init__(self, options: Options) -> None:
        self._options = options
        self._end = None if options.seconds is None else time.monotonic() + options.seconds
        self._each = (options.work or ONE) * ASKED
        self._left = self._each * ALL // ONE

    @property
    def spent(self) -> bool:
        """Whether nothing more may be sought."""
        return self._left <= 0 or (self._end is not None and time.monotonic() >= self._end)

    def state(self, problem: Problem, named: Collection[str] = ()) -> SearchState:
        """The next search, with the time that is left, and of achievements those too that are named; to build its
        program is work too.
        """
        left = None if self._end is None else max(0.01, self._end - time.monotonic())
        self._left -= len(problem.steps) * problem.horizon // CELLS
        options = replace(self._options, time_limit=left, work=None, threads=1, solver="highs")
        return state_of(problem, options, named=named)

    def patience(self) -> Patience:
        """For the next call of the solver."""
        return Patience(max(1, min(self._each, self._left)))

    def took(self, patience: Patience) -> None:
        """What a call has taken; one at least."""
        self._left -= max(1, min(self._each, self._left) - patience.left)


@dataclass(frozen=True)
class Cheapest:
    """What came of a search for the least amount.

    Attributes
    ----------
    starts
        The best plan found; None where none was.
    amount
        What it takes, in whole units; None where no plan was found.
    low
        No plan takes less, in whole units; proved. None where it is proved that there is no plan.
    """

    starts: dict[str, int] | None
    amount: int | None
    low: int | None

    @property
    def closed(self) -> bool:
        """Whether it is proved that no plan takes less."""
        return self.amount is not None and self.amount <= (self.low or 0)


def cheapest(
    state: SearchState,
    criterion: tuple[Pairs, float],
    scale: float,
    measure: Callable[[dict[str, int]], int | None],
    budget: Budget,
) -> Cheapest:
    """The plan that takes least of something.

    Parameters
    ----------
    state
        A search with its program.
    criterion, scale
        Terms and constant of what is minimised, in a scale of the solver's; units for one of the solver's.
    measure
        What a plan takes, in whole units, exactly; None where the plan will not do.
    budget
        How much work may be done.
    """
    state.program.objective, state.program.constant = collect(criterion[0]), criterion[1]
    best, others = Cheapest(None, None, 0), list[Row]()
    if not _possible(state.grid):
        return Cheapest(None, None, None)
    while not budget.spent and not state.out_of_time():
        patience = budget.patience()
        # Once there is a plan, only what takes less is sought: that there is none is what proves that it is the least.
        less = [] if best.amount is None else [_less_than(best.amount, criterion, scale), *others]
        program = replace(state.program, rows=[*state.program.rows, *less])
        answer = state.solve(0.0, patience, program=program)
        budget.took(patience)
        if answer.found == "infeasible":
            return Cheapest(None, None, None) if best.starts is None else replace(best, low=best.amount)
        low = best.low if answer.bound is None else max(best.low or 0, _proved(answer.bound * scale))
        best = replace(best, low=low if best.amount is None else min(low or 0, best.amount))
        if answer.found == "nothing":
            return best
        starts = starts_in(state.grid, answer.values)
        amount = measure(starts) if obeys(state.grid, starts) else None
        if amount is not None and (best.amount is None or amount < best.amount):
            best = replace(best, starts=starts, amount=amount)
        elif not _tightened(state, starts):
            others.append(rules.other_than(state.grid, starts, state.label()))
        if best.closed or len(others) > (AS_MANY if best.starts is not None else 0):
            return best
    return best


def _proved(bound: float) -> int:
    """A bound in whole units, without what a solver's tolerances may hide."""
    return math.ceil(bound - HIDDEN - ASTRAY * abs(bound))


def _less_than(amount: int, criterion: tuple[Pairs, float], scale: float) -> Row:
    """Nearly a unit less than an amount: whatever takes a whole one less is in it with room to spare."""
    return Row("less", (), collect(criterion[0]), "<=", (amount - 1 + ROOM) / scale - criterion[1])


def _tightened(state: SearchState, starts: dict[str, int]) -> bool:
    """Cut a plan off where it breaks a rule by less than a solver sees, and show its losses as they are; whether
    that says anything new.
    """
    rows = cuts(state.grid, starts, evaluate(state.grid.ledger, starts), state.label)
    state.program.add(rows)
    return state.tighten(logs_of(state.grid, starts), worth=1e-11) or bool(rows)


def bare(problem: Problem, named: Iterable[str] = (), *, whole: bool = False) -> Problem:
    """The problem without what cannot help to keep its rules, so that programs are small: it has a plan where the
    problem has one.

    Parameters
    ----------
    problem
        The problem.
    named
        Steps that stay in any case; of the others only those that must be done, keep losses down, or are needed for
        these.
    whole
        Without policies losses never rise, so a cap that is kept in its first period is kept; unless this is set, only
        that one is looked at.
    """
    first = tuple(cap.model_copy(update={"to": cap.from_}) for cap in problem.appetite)
    caps = problem.appetite if whole or problem.policies else first
    watched = {*(cap.threat for cap in caps), *(cap.threat for cap in problem.exceedance)}
    threats = [threat for threat in problem.threats if None in watched or threat.id in watched]
    helpful = {name for threat in threats for name in threat.factors}
    kept = _useful(problem, {*named, *helpful, *(name for policy in problem.policies for name in policy.needs)})
    return problem.model_copy(
        update={
            "periods": tuple(period.model_copy(update={"discount": 0.0}) for period in problem.periods),
            "tail": problem.tail.model_copy(update={"discount": 0.0}),
            "steps": tuple(
                step.model_copy(update={"value_once": 0.0, "value_per_year": 0.0, "points_per_year": 0.0})
                for step in problem.steps
                if step.id in kept
            ),
            "threats": tuple(threats),
            "excludes": tuple(pair for pair in problem.excludes if kept.issuperset(pair)),
            "appetite": caps,
            "achievements": _wanted(problem, kept),
            "objective": "risk",
        }
    )


def _wanted(problem: Problem, kept: set[str]) -> tuple[Achievement, ...]:
    """The achievements of which every condition is still there; those that are asked for or needed are among them."""
    names, wanted = set(kept), []
    for achievement in problem.achievements:
        if names.issuperset(achievement.conditions):
            names.add(achievement.id)
            wanted.append(achievement.model_copy(update={"points_per_year": 0.0}))
    return tuple(wanted)


def _useful(problem: Problem, named: set[str]) -> set[str]:
    """These steps, those that must be done, and whatever any of them needs or may need."""
    steps = problem.steps_by_id()
    kept: set[str] = set()
    inside = counting(problem.achievements)
    queue = [step.id for step in problem.steps if step.must or step.id in named]
    queue += [name for item in problem.achievements if item.by is not None for name in inside[item.id]]
    while queue:
        name = queue.pop()
        if name not in kept:
            kept.add(name)
            queue += [need.step for need in steps[name].needs]
            queue += [need.step for group in steps[name].needs_any for need in group]
            queue += [other for need in steps[name].needs_achievements for other in inside[need.achievement]]
    return kept


def any_plan(problem: Problem, budget: Budget) -> Cheapest:
    """Any plan at all, of amount 0; ``low`` is None where it is proved that there is none."""
    if budget.spent:
        return Cheapest(None, None, 0)
    state = budget.state(bare(problem))
    if not _possible(state.grid):
        return Cheapest(None, None, None)
    quick = None if problem.appetite or problem.exceedance else first_plan(state.grid, {}, state.stop)
    return Cheapest(quick, 0, 0) if quick is not None else cheapest(state, ([], 0.0), 1.0, lambda _: 0, budget)
