"""The only door to the solvers: rows in, our own words out. A solver's word is never taken alone."""

from __future__ import annotations

from stepladder.optimise.clock import Clock
from stepladder.optimise.formulation.rows import Formulation
from stepladder.optimise.solvers.answer import Limits, SolverAnswer, Values, Watch


def solve(
    formulation: Formulation,
    limits: Limits,
    stop: Clock,
    *,
    start: Values | None = None,
    watch: Watch | None = None,
    relaxed: bool = False,
) -> SolverAnswer:
    """Minimise.

    Parameters
    ----------
    formulation
        The program; every variable is bounded, so it is never unbounded.
    limits
        Limits and precision.
    stop
        Set it from another thread, or let its time pass, and the best answer so far comes back soon.
    start
        Values to begin with; a solver may ignore them.
    watch
        Who looks on; may end the search and hand in solutions.
    relaxed
        Solve the linear relaxation.
    """
    if any(not row.terms for row in formulation.rows):
        # Rows without variables are kept only when they cannot hold.
        return SolverAnswer("infeasible")
    if not formulation.rows and not formulation.objective:
        # Nothing to decide, which solvers have various words for.
        return SolverAnswer(
            "optimal", {name: variable.lower for name, variable in formulation.variables.items()}, formulation.constant
        )
    if limits.solver == "cbc":
        from stepladder.optimise.solvers import cbc

        return cbc.solve(formulation, limits, stop, relaxed=relaxed)
    from stepladder.optimise.solvers import highs

    return highs.solve(formulation, limits, stop, start, watch, relaxed=relaxed)
