"""From a problem to a plan with a proof: relax, tighten, branch, and do it again until value and bound meet.

The solver's program has expected loss from below, by tangents; its bound is therefore a bound on the true objective. A
plan's own value is evaluated exactly. Where the two differ, tangents are added at the plan, so that the difference goes away.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable

from stepladder.data.problem import Problem
from stepladder.evaluate import Evaluation, Ledger, evaluate
from stepladder.optimise import rules
from stepladder.optimise.answer import Answer, Effort, Values, Watch
from stepladder.optimise.cuts import cuts
from stepladder.optimise.dates import must_plan
from stepladder.optimise.formulation import build, criteria, minimise, nearby
from stepladder.optimise.grid import Grid, lay
from stepladder.optimise.moves import Criteria, better, earliest_of_equals, first_plan, judge, polish, promising
from stepladder.optimise.outcome import Options, Outcome, Progress, closed, relative_gap
from stepladder.optimise.rows import Formulation, Row
from stepladder.optimise.solvers import solve

RELAXATIONS = 12
#: A step is taken to start on average (None), or when this part of it has started.
ROUNDINGS = (None, 0.3, 0.5, 0.7)
FIRST_TANGENTS = 6
#: When the first criterion is not wanted exactly, the second is a tie-break, and bounded work keeps it cheap: few nodes, and only
#: plans near the one held. Among all plans it took up to five times as long as the first criterion.
TIE_BREAK_NODES = 10
#: With more steps than this ties are broken by moving single steps only.
FLEET = 100
TIE_BREAK_PERIODS = 2

Watcher = Callable[[Progress], None]


def optimise(problem: Problem, options: Options | None = None, progress: Watcher | None = None) -> Outcome:
    """The best plan for a problem, with a proved bound.

    Parameters
    ----------
    problem
        What is to be planned.
    options
        Gap, limits, seed, threads and solver.
    progress
        Told now and then how far the search is; from another thread.

    Returns
    -------
    Outcome
        Ctrl-C and the time limit end the search with the best plan so far and a valid bound.
    """
    search = _Search(lay(Ledger(problem)), options or Options(), progress)
    try:
        search.run()
    except KeyboardInterrupt:
        search.stop.set()
    return search.outcome()


class _Search:
    """One search: the program, the best plan, the best bound."""

    def __init__(self, grid: Grid, options: Options, progress: Watcher | None) -> None:
        self.grid, self.options, self.progress = grid, options, progress
        self.begun = time.monotonic()
        self.stop = threading.Event()
        self.program = Formulation()
        self.plan: dict[str, int] | None = None
        self.best: Criteria | None = None
        self.bound: float | None = None
        self.infeasible = False
        self.count = 0
        self.touched: dict[tuple[int, int], list[float]] = {}

    # -- the course of a search -----------------------------------------------------------------------------------

    def run(self) -> None:
        """First criterion, second criterion, fixed order."""
        if any(not self.grid.starts_of(self.grid.ledger.steps[name]) for name in must_plan(self.grid.problem)):
            self.infeasible = True
            return
        self._begin()
        self.program = build(self.grid, self.touched)
        first, second = criteria(self.grid)
        minimise(self.program, self.grid, first)
        self._relax()
        if not self.infeasible:
            self._branch()
        if self.plan is None or self.best is None or self._out_of_time():
            return
        self._take(polish(self.grid, self.plan, self.stop))
        if second is not None and (self._exactly or len(self.grid.problem.steps) <= FLEET):
            self.program.rows.append(rules.no_worse(self.grid, *first, self.best[0]))
            minimise(self.program, self.grid, second)
            self._break_ties()
        if not self._out_of_time():
            self.plan = earliest_of_equals(self.grid, self.plan, self.stop)

    def _begin(self) -> None:
        """A first plan without a solver, and tangents where it is; evenly spread where there is none."""
        plan = None if self._out_of_time() else promising(self.grid, self.stop)
        if plan is not None:
            self._take(polish(self.grid, plan, self.stop))
        logs = {} if self.plan is None else {key: math.log(share) for key, share in self.grid.remaining(self.plan)}
        for key, least in self.grid.losses.items():
            self.touched[key] = rules.points_around(least, logs[key]) if key in logs else rules.first_points(least, FIRST_TANGENTS)

    def outcome(self) -> Outcome:
        """What came out, in our own words."""
        name = self.options.solver
        if self.infeasible:
            return Outcome("infeasible", solver=name)
        if self.plan is None or self.best is None:
            return Outcome("no_plan", bound=self.bound, solver=name)
        bound = min(self.best[0], self._floor() if self.bound is None else self.bound)
        status = "optimal" if closed(self.best[0], bound, self.options.gap) else "feasible"
        ordered = {step.id: self.plan[step.id] for step in self.grid.problem.steps if step.id in self.plan}
        return Outcome(status, ordered, self.best[0], bound, name)  # type: ignore[arg-type]

    def _floor(self) -> float:
        """A bound that needs no solver: every criterion's terms at their best, one by one."""
        pairs, fixed = criteria(self.grid)[0]
        variables = self.program.variables
        return fixed + math.fsum(
            amount * (variables[name].lower if amount > 0 else variables[name].upper) for name, amount in pairs if name in variables and name is not None
        )

    # -- time and news ---------------------------------------------------------------------------------------------

    def _left(self) -> float | None:
        limit = self.options.time_limit
        return None if limit is None else limit - (time.monotonic() - self.begun)

    def _out_of_time(self) -> bool:
        left = self._left()
        return self.stop.is_set() or (left is not None and left <= 0)

    def _effort(self, gap: float, nodes: int | None = None) -> Effort:
        o = self.options
        return Effort(gap, self._left(), nodes, o.seed, o.threads, o.solver)

    def _tell(self, value: float | None, bound: float | None) -> None:
        if self.progress is None:
            return
        best = self.best[0] if self.best else (None if value is None else value * self.grid.scale)
        low = max((b for b in (self.bound, None if bound is None else bound * self.grid.scale) if b is not None), default=None)
        gap = relative_gap(best, low) if best is not None and low is not None else None
        self.progress(Progress(time.monotonic() - self.begun, best, low, gap))

    def _raise_bound(self, scaled: float | None) -> None:
        if scaled is not None and math.isfinite(scaled):
            self.bound = max(scaled * self.grid.scale, -math.inf if self.bound is None else self.bound)

    # -- plans -----------------------------------------------------------------------------------------------------

    def _take(self, plan: dict[str, int] | None) -> None:
        """Keep a plan that obeys every rule and is better than the one held."""
        found = judge(self.grid, plan) if plan is not None else None
        if found is not None and plan is not None:
            value = found.criteria(self.grid.problem.objective)
            if self.best is None or better(value, self.best):
                self.plan, self.best = dict(plan), value

    def _starts(self, values: Values) -> dict[str, int]:
        """The plan that a solution of the program means."""
        plan = {}
        for step in self.grid.problem.steps:
            for t in self.grid.starts_of(step):
                name = self.grid.started(step, t)
                if name is not None and values[name] > 0.5:
                    plan[step.id] = t
                    break
        return plan

    def _values(self, plan: dict[str, int]) -> Values:
        """A plan as a solution of the program, to begin with."""
        values: Values = {}
        for step in self.grid.problem.steps:
            for t in self.grid.starts_of(step):
                name = self.grid.started(step, t)
                if name is not None:
                    values[name] = 1.0 if step.id in plan and plan[step.id] <= t else 0.0
        for (k, t), share in self.grid.remaining(plan):
            name = self.grid.loss(k, t)
            if name is not None:
                values[name] = share
        return values

    # -- the relaxation --------------------------------------------------------------------------------------------

    def _relax(self) -> None:
        """Tangents where the linear relaxation is too cheap, and plans in the orders that it suggests."""
        for _ in range(RELAXATIONS):
            answer = solve(self.program, self._effort(0.0), self.stop, relaxed=True)
            if answer.found == "infeasible":
                self.infeasible = True
                return
            if answer.found != "optimal" or self._out_of_time():
                return
            self._raise_bound(answer.bound)
            self._tell(None, answer.bound)
            self._round(answer.values)
            if self._closed() or not self._tighten(self._relaxed_logs(answer.values), worth=1e-4):
                return

    def _round(self, values: Values) -> None:
        """Plans from a fractional solution: steps by their start on average, and by the period in which they have started in part."""
        for part in ROUNDINGS:
            plan = None if self._out_of_time() else first_plan(self.grid, self._wish(values, part), self.stop)
            if plan is not None:
                self._take(polish(self.grid, plan, self.stop))

    def _wish(self, values: Values, part: float | None) -> dict[str, float]:
        """The start that a fractional solution means, of every step that it plans at all: on average, or when that part of it has started."""
        wish = {}
        for step in self.grid.problem.steps:
            starts = self.grid.starts_of(step)
            shares = [values[name] for t in starts if (name := self.grid.started(step, t)) is not None]
            if shares and shares[-1] > 1e-6:
                average = starts[0] + sum(1 - share for share in shares)
                reached = next((t for t, share in zip(starts, shares, strict=True) if part is not None and share >= part), None)
                # Of steps that reach the same part in the same period the one that comes sooner on average is first.
                wish[step.id] = average if reached is None else reached + average / (1000 * len(shares))
        return wish

    def _relaxed_logs(self, values: Values) -> dict[tuple[int, int], float]:
        return {(k, t): sum(values[name] * log for name, log in self.grid.log_loss(k, t) if name is not None) for k, t in self.grid.losses}

    def _tighten(self, logs: dict[tuple[int, int], float], worth: float) -> bool:
        """Add the tangents at these points where those that are there stay below the true loss by more than ``worth``."""
        new: list[Row] = []
        for (k, t), log in logs.items():
            touched = self.touched.get((k, t))
            if touched is not None and all(math.exp(at) * (1 + log - at) < math.exp(log) - worth for at in touched):
                touched.append(log)
                new.append(rules.tangent(self.grid, k, t, log, f"c{self._label()}"))
        self.program.add(new)
        return bool(new)

    # -- the integer program ---------------------------------------------------------------------------------------

    def _branch(self) -> None:
        """Solve, evaluate, tighten, until value and bound meet, or time is up."""
        gap = self.options.gap / 2
        while not self._out_of_time() and not self._closed():
            answer = self._solve(gap, self._news)
            if answer.found == "infeasible":
                # Only rows that every plan obeys were added, so a plan in hand would contradict this.
                self.infeasible = self.plan is None
                return
            self._raise_bound(answer.bound)
            if answer.found == "nothing":
                return
            if not self._learn(answer.values):
                if gap == 0.0:
                    # The solver has nothing left to give: what remains is its tolerance, and the bound says so.
                    return
                gap = gap / 4 if gap > 1e-7 else 0.0

    def _closed(self) -> bool:
        return self.best is not None and self.bound is not None and closed(self.best[0], self.bound, self.options.gap)

    def _solve(self, gap: float, watch: Watch | None, nodes: int | None = None, program: Formulation | None = None) -> Answer:
        start = self._values(self.plan) if self.plan is not None else None
        return solve(program or self.program, self._effort(gap, nodes), self.stop, start=start, watch=watch)

    def _news(self, value: float | None, bound: float | None, values: Values | None) -> bool:
        """Each new solution is evaluated at once, so the search can end as soon as the true gap is small enough."""
        if values is not None:
            plan = self._starts(values)
            if plan != self.plan:
                self._take(plan)
        self._raise_bound(bound)
        self._tell(value, bound)
        return self._closed()

    def _label(self) -> str:
        """A label that no row has yet."""
        self.count += 1
        return str(self.count)

    def _learn(self, values: Values) -> bool:
        """Take the plan of a solution, or cut it off where it breaks a rule to the cent; tangents where it looked too good. True if rows were added."""
        plan = self._starts(values)
        found = evaluate(self.grid.ledger, plan)
        rows = cuts(self.grid, plan, found, self._label)
        self.program.add(rows)
        if not rows:
            self._take(plan)
        logs = {key: math.log(share) for key, share in self.grid.remaining(plan)}
        return self._tighten(logs, worth=1e-9) or bool(rows)

    @property
    def _exactly(self) -> bool:
        """Whether the first criterion is wanted exactly; then the second one is too."""
        return self.options.gap <= 1e-6

    # -- the second criterion --------------------------------------------------------------------------------------

    def _break_ties(self) -> None:
        """Least second criterion among plans that are no worse in the first."""
        assert self.best is not None
        first = self.best[0]
        program = self.program if self._exactly or self.plan is None else nearby(self.program, self.grid, self.plan, TIE_BREAK_PERIODS)
        for _ in range(1000 if self._exactly else 20):
            if self._out_of_time():
                return
            answer = self._solve(0.0 if self._exactly else self.options.gap, None, None if self._exactly else TIE_BREAK_NODES, program)
            if answer.found in ("infeasible", "nothing"):
                return
            plan = self._starts(answer.values)
            found = judge(self.grid, plan)
            if found is not None and found.criteria(self.grid.problem.objective)[0] <= first + 1e-9 * max(1.0, abs(first)):
                self._take_tie(plan, found)
                return
            if not self._learn(answer.values):
                return

    def _take_tie(self, plan: dict[str, int], found: Evaluation) -> None:
        """Among equals in the first criterion (to the precision of a float) the second one decides."""
        value = found.criteria(self.grid.problem.objective)
        if self.best is not None and value[1] < self.best[1]:
            self.plan, self.best = dict(plan), value
