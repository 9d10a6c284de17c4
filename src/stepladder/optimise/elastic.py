"""The least that must be given so that a question has a plan: money, or required steps. Linear programs with the same rules, some of them soft."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from fractions import Fraction

from stepladder.data.problem import MONEY, Problem, Window
from stepladder.evaluate import Ledger, exact
from stepladder.optimise import rules
from stepladder.optimise.answer import Values
from stepladder.optimise.branch import learn
from stepladder.optimise.formulation import build
from stepladder.optimise.grid import Grid, Pairs, lay
from stepladder.optimise.moves import judge
from stepladder.optimise.outcome import Options
from stepladder.optimise.rows import Name, Row, Variable, collect
from stepladder.optimise.state import State, logs_of, starts_in

FIRST_TANGENTS = 6
#: Below this part of itself, or of one unit, a bound counts as the value.
SLIP = 1e-6
#: With an effort, one search ends after the solver has asked so often, for each unit of it; a unit took about two seconds with one system.
ASKED = 400


@dataclass(frozen=True)
class Given:
    """The least that must be given, and a plan that is possible then.

    Attributes
    ----------
    starts
        The plan; empty where none was found.
    amount, bound
        What is given for this plan, and what is proved to be the least; the amount is infinite where no plan was found.
    infeasible
        Whether it is proved that nothing of the kind helps.
    extra
        Of money: how much more in each period, in currency; a share of it may be spent later in the same limit.
    dropped
        Of steps: which are given up.
    """

    starts: Mapping[str, int]
    amount: float
    bound: float
    infeasible: bool = False
    extra: tuple[float, ...] = ()
    dropped: tuple[str, ...] = ()

    @property
    def exact(self) -> bool:
        """Whether it is proved that less does not do."""
        return self.amount <= self.bound


def extra_money(problem: Problem, options: Options) -> Given:
    """The least more money, over all periods together, with which there is a plan, and when it is needed."""
    loose = problem.model_copy(update={"windows": tuple(_loose(problem, window) for window in problem.windows)})
    state = state_of(loose, options)
    real = Ledger(problem)
    extra = [Name(f"extra_{t}") for t in range(problem.horizon)]
    state.program.add_variables(Variable(name, 0.0, _everything(problem), integer=False) for name in extra)
    rows = {f"window_{k}": (k, window) for k, window in enumerate(problem.windows) if window.resource in MONEY}
    state.program.rows = [_softened(real, row, *rows[row.name], extra) if row.name in rows else row for row in state.program.rows]
    scale = max(1.0, _everything(problem) / 1000)
    found = least(state, [(name, 1.0 / scale) for name in extra])
    if found is None:
        return Given({}, math.inf, math.inf, infeasible=True)
    starts, bound = found
    if starts is None:
        return Given({}, math.inf, max(0.0, bound * scale))
    missing = missing_money(problem, starts)
    amount = math.fsum(missing)
    lowest = max(0.0, bound * scale)
    # Money is in whole cents, and a solver's program is right to about a millionth: so near to the amount a bound proves it.
    return Given(starts, amount, amount if amount - lowest < 0.01 + SLIP * amount else math.floor(lowest * 100) / 100, extra=missing)


def missing_money(problem: Problem, starts: Mapping[str, int]) -> tuple[float, ...]:
    """How much more money a plan needs in each period, in whole cents, as late as will do and as little in all as can be.

    Limits are intervals of periods: taken by their ends, each is given what it still lacks in its last period, and nothing less would do.
    """
    ledger = Ledger(problem)
    given = [0] * problem.horizon
    lacking = []
    for k, window in enumerate(problem.windows):
        if window.resource in MONEY:
            used = sum(ledger.total(starts, window.resource)[window.from_ : window.to + 1])
            # Whole cents, upward.
            lacking.append((window.to, window.from_, -(-(used - ledger.limits[k]) * 100 // ledger.unit[window.resource])))
    for last, first, cents in sorted(lacking):
        given[last] += max(0, cents - sum(given[first : last + 1]))
    return tuple(cents / 100 for cents in given)


def with_extra(problem: Problem, extra: tuple[float, ...]) -> Problem:
    """The problem with so much more money in each period."""

    def more(window: Window) -> Window:
        if window.resource not in MONEY:
            return window
        cents = sum(round(extra[t] * 100) for t in range(window.from_, window.to + 1))
        return window.model_copy(update={"limit": float(exact(window.limit) + Fraction(cents, 100))})

    return problem.model_copy(update={"windows": tuple(map(more, problem.windows))})


def fewest_dropped(problem: Problem, options: Options) -> Given:
    """The fewest required steps that must be given up so that there is a plan. Pinned steps stay."""
    chosen = [step.id for step in problem.steps if step.required and step.start is None]
    free = problem.model_copy(update={"steps": tuple(step.model_copy(update={"required": False}) if step.id in chosen else step for step in problem.steps)})
    state = state_of(free, options)
    grid = state.grid
    terms: Pairs = [(grid.planned(grid.ledger.steps[name]), -1.0) for name in chosen]
    found = least(state, terms)
    if found is None:
        return Given({}, math.inf, math.inf, infeasible=True)
    starts, bound = found
    lowest = max(0, math.ceil(len(chosen) + bound - SLIP))
    if starts is None:
        return Given({}, math.inf, lowest)
    dropped = tuple(name for name in chosen if name not in starts)
    return Given(starts, len(dropped), min(lowest, len(dropped)), dropped=dropped)


# -- the program ---------------------------------------------------------------------------------------------------


def _everything(problem: Problem) -> float:
    years = math.fsum(period.years for period in problem.periods)
    return math.fsum(step.once + step.per_year * years for step in problem.steps) + 1.0


def _loose(problem: Problem, window: Window) -> Window:
    """A limit on money that nothing exceeds."""
    return window.model_copy(update={"limit": math.ceil(_everything(problem)) * 1.0}) if window.resource in MONEY else window


def _softened(ledger: Ledger, row: Row, k: int, window: Window, extra: list[Name]) -> Row:
    """Σ use ≤ limit + Σ_t extra[t] over the periods of the window."""
    given = {extra[t]: -1.0 for t in range(window.from_, window.to + 1)}
    return replace(row, terms={**row.terms, **given}, rhs=ledger.amount(ledger.limits[k], window.resource))


def state_of(problem: Problem, options: Options, near: Mapping[str, int] | None = None) -> State:
    """A search for a problem whose program has its rules and no objective yet, and tangents everywhere, more of them near a plan."""
    state = State(lay(Ledger(problem)), options, None)
    logs = {} if near is None else logs_of(state.grid, near)
    state.touched = {key: rules.first_points(least, FIRST_TANGENTS) for key, least in state.grid.losses.items()}
    for key, log in logs.items():
        state.touched[key] = sorted({*state.touched[key], *rules.points_around(state.grid.losses[key], log)})
    state.program = build(state.grid, state.touched)
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


def least(state: State, terms: Pairs, accepted: Callable[[dict[str, int]], bool] | None = None, gap: float = 0.0) -> tuple[dict[str, int] | None, float] | None:
    """The plan with the least sum of terms, and the least that is proved; None where there is no plan at all. No plan where time was up.

    Parameters
    ----------
    state
        A search with its program.
    terms
        What is minimised.
    accepted
        Whether a plan will do; where it will not, and no tangent or cut says so, that is the end. Any plan that breaks no rule, when left out.
    gap
        How near to the least is near enough, relatively.
    """
    state.program.objective = collect(terms)
    enough = None if state.options.effort is None else state.options.effort * ASKED
    bound = -math.inf
    if not _possible(state.grid):
        return None
    while True:
        answer = state.solve(gap, None if enough is None else Patience(enough), program=state.program)
        if answer.found == "infeasible":
            return None
        bound = max(bound, -math.inf if answer.bound is None else answer.bound)
        if answer.found == "nothing":
            return None, bound
        starts = starts_in(state.grid, answer.values)
        if accepted(starts) if accepted is not None else judge(state.grid, starts) is not None:
            return starts, bound
        # It breaks a rule by less than the solver sees, or a cap on losses that tangents do not show yet.
        if not learn(state, answer.values) or state.out_of_time():
            return None, bound


def _possible(grid: Grid) -> bool:
    return all(grid.starts_of(step) for step in grid.problem.steps if step.required or step.start is not None)
