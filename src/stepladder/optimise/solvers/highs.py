"""HiGHS: the whole matrix at once, its own callbacks, and a status read from the solver itself."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import highspy
import numpy as np

from stepladder.optimise.clock import Clock
from stepladder.optimise.formulation.rows import Formulation
from stepladder.optimise.interruptible import waited
from stepladder.optimise.solvers.answer import Limits, SolverAnswer, Values, Watch
from stepladder.optimise.solvers.arrays import Arrays, Floats, arrays, as_values, without_smallest

#: What a sum of an answer's own values may be off from the value that it states, relatively.
CONTRADICTION = 1e-6
#: With more rows than this a linear relaxation goes to the interior-point method, without crossover: its bound is made
#: safe from its duals.
INTERIOR_FROM = 40_000

#: The work of a step of the simplex and of the interior-point method, by entry of the program, in the units of the
#: clock.
SIMPLEX, INTERIOR = 0.1, 0.02

#: Probing, a part of presolve: HiGHS 1.16 never ends it on some small programs, and asks nobody whether to stop
#: meanwhile.
_NO_PROBING = {"presolve_rule_off": 1 << 15}

#: For small programs: a sixth of the time that the defaults take, and on average plans as good. Heuristics that a
#: version does not have are not run.
_BRISK: dict[str, Any] = {
    "mip_rel_gap": 1e-5,
    "mip_allow_restart": False,
    "mip_detect_symmetry": False,
    "mip_allow_cut_separation_at_nodes": False,
    "mip_pscost_minreliable": 2,
    **{
        f"mip_heuristic_run_{name}": False
        for name in ("feasibility_jump", "rins", "rens", "root_reduced_cost", "zi_round", "shifting")
    },
}

_KINDS = highspy.cb.HighsCallbackType


class _Quiet(highspy.Highs):
    """HiGHS that is silent from the start: highspy's own constructor prints a banner to stdout, where machines read."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)
        # One thread each: HiGHS gains little from more on these programs, and the other core has its own work.
        self.setOptionValue("threads", 1)

    def run_here(self) -> None:
        """Solve in the calling thread, also where another user of HiGHS has set it up for another number of threads."""
        if self.run() == highspy.HighsStatus.kError:
            self.resetGlobalScheduler(True)
            self.run()


def solve(
    formulation: Formulation, limits: Limits, stop: Clock, start: Values | None, watch: Watch | None, *, relaxed: bool
) -> SolverAnswer:
    """Minimise with HiGHS; see ``solvers.solve``."""
    matrix, begun = arrays(formulation, stop), time.monotonic()
    model = _model(matrix, _options(limits, rows=len(matrix.row_lower), relaxed=relaxed), relaxed=relaxed)
    if start is not None and not relaxed:
        model.setSolution(
            len(matrix.names),
            np.arange(len(matrix.names), dtype=np.int32),
            np.array([start.get(name, 0.0) for name in matrix.names]),
        )
    model.setCallback(_callback(formulation, stop, watch, matrix), None)
    for kind in (_KINDS.kCallbackMipInterrupt, _KINDS.kCallbackSimplexInterrupt, _KINDS.kCallbackIpmInterrupt):
        model.startCallback(kind)
    if watch is not None and not relaxed:
        model.startCallback(_KINDS.kCallbackMipImprovingSolution)
        model.startCallback(_KINDS.kCallbackMipUserSolution)
    waited(model.run, stop)
    if not relaxed and limits.presolve and _contradicts_itself(model, matrix):
        left = None if limits.seconds is None else max(0.0, limits.seconds - (time.monotonic() - begun))
        return solve(formulation, replace(limits, presolve=False, seconds=left), stop, start, watch, relaxed=False)
    return _read(model, formulation, matrix, relaxed=relaxed)


def _contradicts_itself(model: Any, matrix: Arrays) -> bool:
    """Whether a solution is said to be optimal and is not worth what is said: HiGHS 1.16 makes it of a solution of
    the smaller program, and errs.
    """
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return False
    stated, value = (
        model.getInfo().objective_function_value,
        float(matrix.cost @ np.array(model.getSolution().col_value)) + matrix.constant,
    )
    return bool(abs(stated - value) > CONTRADICTION * max(1.0, abs(stated)))


def _model(matrix: Arrays, options: dict[str, Any], *, relaxed: bool) -> _Quiet:
    model = _Quiet()
    for name, value in options.items():
        if model.setOptionValue(name, value) != highspy.HighsStatus.kOk:
            raise ValueError(f"HiGHS refuses option {name}={value!r}")
    _pass(model, matrix, relaxed=relaxed)
    return model


def _pass(model: Any, matrix: Arrays, *, relaxed: bool) -> None:
    matrix = without_smallest(matrix)
    program = highspy.HighsLp()
    program.num_col_, program.num_row_ = len(matrix.cost), len(matrix.row_lower)
    program.col_cost_, program.col_lower_, program.col_upper_ = matrix.cost, matrix.lower, matrix.upper
    program.row_lower_, program.row_upper_ = matrix.row_lower, matrix.row_upper
    program.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    program.a_matrix_.start_, program.a_matrix_.index_, program.a_matrix_.value_ = (
        matrix.start,
        matrix.index,
        matrix.value,
    )
    program.offset_ = matrix.constant
    if not relaxed:
        program.integrality_ = [
            highspy.HighsVarType.kInteger if whole else highspy.HighsVarType.kContinuous for whole in matrix.integer
        ]
    if model.passModel(program) == highspy.HighsStatus.kError:
        raise ValueError("HiGHS refuses the model")


def linear(matrix: Arrays, basis: Any = None, clock: Clock | None = None) -> tuple[Floats, Floats, Any] | None:
    """A small linear program, solved here and now: values, duals, and the basis to begin the next one of its shape
    with.

    None unless it has an optimum, and time to find it.
    """
    if not len(matrix.value):
        # Nothing to decide, which HiGHS calls an empty model.
        possible = bool((matrix.row_lower <= 0).all() and (matrix.row_upper >= 0).all())
        return (
            (np.where(matrix.cost < 0, matrix.upper, matrix.lower), np.zeros(len(matrix.row_lower)), None)
            if possible
            else None
        )
    model = _Quiet()
    _pass(model, matrix, relaxed=True)

    def called(_kind: Any, _message: str, _out: Any, into: Any, _data: Any) -> None:
        """Count the work of an interval of the simplex method; stop where the time is over."""
        if clock is not None:
            clock.spend(len(matrix.index) * SIMPLEX)
            into.user_interrupt = clock.is_set()

    model.setCallback(called, None)
    model.startCallback(_KINDS.kCallbackSimplexInterrupt)
    if basis is not None:
        model.setBasis(basis)
    model.run_here()
    if model.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    solution = model.getSolution()
    return np.array(solution.col_value), np.array(solution.row_dual), model.getBasis()


@dataclass(frozen=True)
class Small:
    """What came out of a small program: values or None, whether nothing better is possible, and simplex iterations."""

    values: Floats | None
    proved: bool
    iterations: int


def small(matrix: Arrays, first: Floats, nodes: int, stopped: Callable[[], bool]) -> Small:
    """A small integer program, solved here and now with bounded work, beginning with a solution's integer values."""
    model = _Quiet()
    for name, value in (_BRISK | _NO_PROBING | {"mip_max_nodes": nodes}).items():
        model.setOptionValue(name, value)
    _pass(model, matrix, relaxed=False)
    whole = np.flatnonzero(matrix.integer).astype(np.int32)
    model.setSolution(len(whole), whole, first[whole])

    def called(_kind: Any, _message: str, _out: Any, into: Any, _data: Any) -> None:
        """Stop where that is asked for."""
        into.user_interrupt = stopped()

    model.setCallback(called, None)
    model.startCallback(_KINDS.kCallbackMipInterrupt)
    model.run_here()
    info = model.getInfo()
    feasible = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    values = np.array(model.getSolution().col_value) if feasible else None
    return Small(values, model.getModelStatus() == highspy.HighsModelStatus.kOptimal, info.simplex_iteration_count)


def _options(limits: Limits, *, rows: int, relaxed: bool) -> dict[str, Any]:
    options: dict[str, Any] = {
        "mip_rel_gap": limits.gap,
        "mip_abs_gap": 1e-7 if limits.gap <= 1e-9 else 1e-6,
        "mip_feasibility_tolerance": 1e-7,
        "primal_feasibility_tolerance": 1e-8,
        "random_seed": limits.seed,
    }
    if limits.seconds is not None:
        options["time_limit"] = max(0.01, limits.seconds)
    if limits.nodes is not None:
        options |= _BRISK | {"mip_rel_gap": limits.gap, "mip_max_nodes": limits.nodes}
    if not limits.heuristics:
        # No sub-problems at the root that cost more than all nodes.
        options["mip_heuristic_effort"] = 0.0
    if not limits.presolve:
        options["presolve"] = "off"
    if relaxed and rows > INTERIOR_FROM:
        options |= {"solver": "ipm", "run_crossover": "off"}
    return options


def _finite(value: float) -> float | None:
    return value if abs(value) < highspy.kHighsInf else None


def _callback(formulation: Formulation, stop: Clock, watch: Watch | None, matrix: Arrays) -> Callable[..., None]:
    """What HiGHS calls while it works. It acts on an interrupt only where it asks for one, so "enough" is remembered
    until then.

    Its log callback comes by the clock and is not used: where a search ends must not depend on it.
    """
    enough = threading.Event()

    def called(kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
        """What HiGHS says of its search is passed on, and it is told whether to go on."""
        if kind == _KINDS.kCallbackMipImprovingSolution:
            values = as_values(formulation, matrix.names, out.mip_solution)
            if watch is not None and watch.found(_finite(out.mip_primal_bound), _finite(out.mip_dual_bound), values):
                enough.set()
        elif kind == _KINDS.kCallbackMipUserSolution:
            known = watch.known() if watch is not None else None
            if known is not None:
                into.setSolution(np.array([known.get(name, 0.0) for name in matrix.names]))
        elif kind == _KINDS.kCallbackMipInterrupt:
            done = watch is not None and watch.going(_finite(out.mip_dual_bound))
            into.user_interrupt = done or stop.is_set() or enough.is_set()
        else:
            stop.spend(len(matrix.index) * (SIMPLEX if kind == _KINDS.kCallbackSimplexInterrupt else INTERIOR))
            into.user_interrupt = stop.spent() or stop.is_set() or enough.is_set()

    return called


def _bound_of(matrix: Arrays, duals: Floats) -> float | None:
    """What duals prove, those of a search that was stopped as well; nothing where they are no numbers."""
    return matrix.safe_bound(duals) if bool(np.isfinite(duals).all()) else None


def _read(model: Any, formulation: Formulation, matrix: Arrays, *, relaxed: bool) -> SolverAnswer:
    status, info, solution = model.getModelStatus(), model.getInfo(), model.getSolution()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return SolverAnswer("infeasible")
    optimal = status == highspy.HighsModelStatus.kOptimal
    duals = np.array(solution.row_dual) if relaxed and optimal else None
    if relaxed:
        bound = (
            _bound_of(matrix, np.array(solution.row_dual))
            if len(solution.row_dual)
            else info.objective_function_value
            if optimal
            else None
        )
    elif not matrix.integer.any():
        # Then it is no integer program to HiGHS, which says nothing of its bound.
        bound = info.objective_function_value if optimal else None
    else:
        bound = info.mip_dual_bound if abs(info.mip_dual_bound) < highspy.kHighsInf else None
    if info.primal_solution_status != highspy.SolutionStatus.kSolutionStatusFeasible:
        return SolverAnswer("nothing", bound=bound)
    return SolverAnswer(
        "optimal" if optimal else "feasible", as_values(formulation, matrix.names, solution.col_value), bound, duals
    )
