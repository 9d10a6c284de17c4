"""What a search knows: the program with its tangents, the best plan, the best bound; and what time is left."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from stepladder.evaluate.achieved import NEVER
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.order import Criteria, Order, most_equal
from stepladder.optimise.clock import UNIT
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.program import in_starts
from stepladder.optimise.formulation.rows import Formulation, Row
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.beam_search import SMALL
from stepladder.optimise.heuristics.greedy import criteria_of
from stepladder.optimise.heuristics.improver import Improver
from stepladder.optimise.heuristics.lp_guide import Guide
from stepladder.optimise.outcome import CLOSED, Options, Progress, closed, relative_gap, room
from stepladder.optimise.solvers.answer import Limits, SolverAnswer, Values, Watch
from stepladder.optimise.solvers.solve import solve

Watcher = Callable[[Progress], None]
#: Logarithm of what remains, by threat and time.
Logs = Mapping[tuple[int, int], float]
#: So much of what the wanted gap leaves may be used up by plans that count as equal; the rest is for what sums of
#: floats are off by.
WITHIN = 0.999
#: Where no gap is wanted, value and bound meet as closely as this, so that plans that are equal to the best are within
#: what counts as none.
CLOSELY = CLOSED / 10


class SearchState:
    """One search.

    Attributes
    ----------
    program
        The mixed-integer program; rows are only ever added.
    plan, best
        The best plan so far and its criteria.
    bound
        A proved bound on the first criterion, in currency.
    infeasible
        Whether it is proved that there is no plan.
    order
        By which plans are compared.
    touched
        Where each loss has tangents, as logarithms of what remains.
    guide
        What the linear relaxation suggests.
    stop
        The clock; set from any thread to end the search soon.
    """

    def __init__(self, grid: Grid, options: Options, progress: Watcher | None) -> None:
        self.grid, self.options, self.progress = grid, options, progress
        self.stop = grid.clock
        self.program = Formulation()
        self.plan: dict[str, int] | None = None
        self.best: Criteria | None = None
        self.bound: float | None = None
        self.infeasible = False
        self.touched: dict[tuple[int, int], list[float]] = {}
        self.guide = Guide()
        self.order = Order()
        self._improver: Improver | None = None
        self._count = 0

    # -- time and news ---------------------------------------------------------------------------------------------

    def out_of_time(self) -> bool:
        """Whether the search is to end now."""
        return self.stop.is_set()

    def spent(self) -> bool:
        """Whether the work that is wanted is done."""
        return self.stop.spent()

    def closed(self) -> bool:
        """Whether the gap is as small as it is wanted."""
        return (
            self.best is not None
            and self.bound is not None
            and closed(self.best[0], self.bound, self.options.gap, CLOSELY)
        )

    @property
    def exactly(self) -> bool:
        """Whether the first criterion is wanted exactly; then the second one is too."""
        return self.options.gap <= 1e-6

    def tell(self, value: float | None, bound: float | None) -> None:
        """Say how far the search is; value and bound in the solver's units, where they are newer than what is held."""
        if self.progress is None:
            return
        best = self.best[0] if self.best else (None if value is None else value * self.grid.scale)
        low = max(
            (b for b in (self.bound, None if bound is None else bound * self.grid.scale) if b is not None), default=None
        )
        gap = relative_gap(best, low) if best is not None and low is not None else None
        self.progress(Progress(time.monotonic() - self.stop.begun, best, low, gap, self.grid.problem.objective))

    # -- what is known ---------------------------------------------------------------------------------------------

    def raise_bound(self, scaled: float | None) -> None:
        """Keep a bound, in the solver's units, if it is better than the one held."""
        if scaled is not None and math.isfinite(scaled):
            self.bound = max(scaled * self.grid.scale, -math.inf if self.bound is None else self.bound)

    def take(self, plan: dict[str, int] | None) -> None:
        """Keep a plan that obeys every rule and is better than the one held."""
        value = criteria_of(self.grid, plan) if plan is not None else None
        if value is not None and plan is not None and (self.best is None or self.order.better(value, self.best)):
            self.plan, self.best = dict(plan), value

    def put(self, plan: dict[str, int]) -> None:
        """Keep a plan that is as good as the one held, if it obeys every rule."""
        value = criteria_of(self.grid, plan)
        if value is not None:
            self.plan, self.best = dict(plan), value

    def settled(self) -> None:
        """From now on plans that are equal to the best in the first criterion are as good, as far as the wanted gap
        stays closed with them.
        """
        assert self.best is not None
        assert self.plan is not None
        first = self.best[0]
        most = most_equal(first, Draft(self.grid.tables, self.plan).size()[0])
        if self.bound is not None and self.closed():
            most = min(most, self.bound + WITHIN * room(first, self.options.gap))
        self.order = Order(max(first, most))

    def meet(self) -> None:
        """Exchange plans with the search for better ones; at fixed points of the work, whatever the time is."""
        self.stop.spend(UNIT)
        if self.grid.keep is not None:
            # Plans near a published one are few: the search for the bound comes across them.
            return
        if self._improver is None:
            self._improver = Improver(
                self.grid, self.guide, self.options.seed, beside=self.options.threads > 1, stopped=self.out_of_time
            )
        self.take(self._improver.exchange(self.plan))

    def improve(self) -> None:
        """A meeting, and until the next one nothing but the search for better plans, in both threads."""
        self.meet()
        if self.plan is not None and self._improver is not None:
            self.take(self._improver.here(self.plan))

    def end(self) -> None:
        """No more meetings: wait for the search for better plans to stop."""
        if self._improver is not None:
            improver, self._improver = self._improver, None
            improver.end()

    def label(self) -> str:
        """A label that no row has yet."""
        self._count += 1
        return str(self._count)

    def tighten(self, logs: Logs, worth: float) -> bool:
        """Add the tangents at these points where those that are there stay below the true loss by more than
        ``worth``.
        """
        new: list[Row] = []
        for (k, t), log in logs.items():
            touched = self.touched.get((k, t))
            if touched is not None and all(math.exp(at) * (1 + log - at) < math.exp(log) - worth for at in touched):
                touched.append(log)
                new.append(rules.tangent(self.grid, k, t, log, f"c{self.label()}"))
        self.program.add(new)
        return bool(new)

    # -- the solver ------------------------------------------------------------------------------------------------

    def relaxation(self) -> SolverAnswer:
        """The linear relaxation's optimum."""
        return solve(self.program, self._limits(0.0, None), self.stop, relaxed=True)

    def solve(
        self,
        gap: float,
        watch: Watch | None,
        nodes: int | None = None,
        program: Formulation | None = None,
        off: Sequence[Row] | None = None,
    ) -> SolverAnswer:
        """Plans from the program, or from one with the same variables, beginning with the plan held.

        With ``off``, rows for this once that cut off plans that are known, it is solved as it is: without that plan,
        and without presolve.
        """
        start = values_of(self.grid, self.plan) if self.plan is not None and off is None else None
        if off is not None:
            program = program or self.program
            program = replace(program, rows=[*program.rows, *off])
        if program is None:
            problem = self.grid.problem
            single = len(problem.steps) <= SMALL and all(window.from_ == window.to for window in problem.windows)
            program = in_starts(self.program, self.grid) if single and self.options.solver == "highs" else self.program
        return solve(program, self._limits(gap, nodes, presolve=off is None), self.stop, start=start, watch=watch)

    def _limits(self, gap: float, nodes: int | None, *, presolve: bool = True) -> Limits:
        o = self.options
        # With a plan in hand the search for better plans is the quicker of the two.
        return Limits(
            gap,
            self.stop.left(),
            nodes,
            o.seed,
            o.solver,
            heuristics=self.plan is None and nodes is None,
            presolve=presolve,
        )


def starts_in(grid: Grid, values: Values) -> dict[str, int]:
    """The plan that a solution of the program means."""
    plan = {}
    for step in grid.problem.steps:
        for t in grid.starts_of(step):
            name = grid.started(step, t)
            if name is not None and values[name] > 0.5:
                plan[step.id] = t
                break
    return plan


def values_of(grid: Grid, plan: Mapping[str, int]) -> Values:
    """A plan as a solution of the program, in either form."""
    values: Values = {}
    for step in grid.problem.steps:
        for t in grid.starts_of(step):
            values[grid.starting(step, t)] = float(plan.get(step.id) == t)
            name = grid.started(step, t)
            if name is not None:
                values[name] = 1.0 if step.id in plan and plan[step.id] <= t else 0.0
    if grid.achieved:
        ends = {name: grid.ledger.steps[name].finish(start) for name, start in plan.items()}
        times = grid.tables.achievements.since(ends.get(step.id, NEVER) for step in grid.problem.steps)
        values |= {name: float(times[a] <= t) for (a, t), name in grid.achieved.items()}
    values |= grid.combined(plan)
    for (k, t), share in grid.remaining(plan):
        name = grid.loss(k, t)
        if name is not None:
            values[name] = share
    return values


def logs_of(grid: Grid, plan: Mapping[str, int]) -> dict[tuple[int, int], float]:
    """Logarithms of what a plan leaves of each threat."""
    return {key: math.log(share) for key, share in grid.remaining(plan)}
