"""The only door to PuLP, HiGHS and CBC: rows in, our own words out.

A solver's word is never taken alone. PuLP says "Optimal" of a search that a time limit stopped, and gives variables the
value 0 where there is no solution; so status, solution and bound are read from the solver itself, in one place.
"""

from __future__ import annotations

import re
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal

import highspy
import pulp

from stepladder.optimise.outcome import SolverName
from stepladder.optimise.rows import Formulation, Name, Variable

pulp.v4_migration.set_v4_migration_warnings(False)

Values = dict[Name, float]
Found = Literal["optimal", "feasible", "infeasible", "nothing"]
#: Told the best value and bound so far, and a new solution or None; answers whether that is enough.
Watch = Callable[[float | None, float | None, Values | None], bool]


@dataclass(frozen=True)
class Effort:
    """How long one call may take, and how exact it must be."""

    gap: float
    seconds: float | None
    nodes: int | None
    seed: int
    threads: int
    solver: SolverName


@dataclass(frozen=True)
class Answer:
    """What a solver found: values of the variables, and a proved bound on the objective, both in the solver's scaled units."""

    found: Found
    values: Values = field(default_factory=dict)
    bound: float | None = None


#: What is minimised where nothing is: PuLP would add a variable of its own and count it at some times only.
NOTHING = Variable(Name("nothing"), 0.0, 0.0, integer=False)


def to_pulp(formulation: Formulation, *, relaxed: bool = False) -> pulp.LpProblem:
    """The formulation as a PuLP problem, in the order in which it was built, without variables that occur nowhere: CBC cannot read those."""
    objective = formulation.objective or {NOTHING.name: 1.0}
    used = {*objective, *(name for row in formulation.rows for name in row.terms)}
    problem = pulp.LpProblem("stepladder", pulp.LpMinimize)
    made = {}
    for variable in (*formulation.variables.values(), NOTHING):
        if variable.name in used:
            category = pulp.LpInteger if variable.integer and not relaxed else pulp.LpContinuous
            made[variable.name] = pulp.LpVariable(variable.name, variable.lower, variable.upper, category)
    problem.addVariables(made.values())
    problem.setObjective(pulp.LpAffineExpression({made[name]: value for name, value in objective.items()}))
    senses = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "==": pulp.LpConstraintEQ}
    for row in formulation.rows:
        terms = pulp.LpAffineExpression({made[name]: value for name, value in row.terms.items()})
        problem.addConstraint(pulp.LpConstraint(terms, senses[row.sense], row.name, row.rhs))
    return problem


def lp_text(formulation: Formulation) -> str:
    """The formulation in CPLEX LP format, as PuLP writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "formulation.lp"
        to_pulp(formulation).writeLP(str(path))
        return path.read_text(encoding="utf-8")


def solve(
    formulation: Formulation, effort: Effort, stop: threading.Event, *, start: Values | None = None, watch: Watch | None = None, relaxed: bool = False
) -> Answer:
    """Minimise.

    Parameters
    ----------
    formulation
        The program; every variable is bounded, so it is never unbounded.
    effort
        Limits and precision.
    stop
        Set it from another thread, and the best answer so far comes back soon.
    start
        Values to begin with; a solver may ignore them.
    watch
        Told the best value and bound so far, in scaled units, and each new solution; it ends the search by answering True.
    relaxed
        Solve the linear relaxation.
    """
    if any(not row.terms for row in formulation.rows):
        # Rows without variables are kept only when they cannot hold.
        return Answer("infeasible")
    cbc = effort.solver == "cbc"
    answer = _cbc(formulation, effort, relaxed=relaxed) if cbc else _highs(formulation, effort, stop, start, watch, relaxed=relaxed)
    return replace(answer, values=_all_values(formulation, answer.values)) if answer.values else answer


def _all_values(formulation: Formulation, found: Values) -> Values:
    """With the variables that the solver was not shown: they occur nowhere, so their lower bound is as good as any value."""
    return {name: found.get(name, variable.lower) for name, variable in formulation.variables.items()}


class _Quiet(highspy.Highs):
    """HiGHS that is silent from the start: highspy's own constructor prints a banner to stdout, where machines read."""

    def __init__(self) -> None:
        super(highspy.Highs, self).__init__()
        self.setOptionValue("output_flag", False)


class _HighsThroughPulp(pulp.HiGHS):
    """PuLP's HiGHS with what PuLP does not pass on: an objective offset, a start, callbacks, and a way to stop it."""

    def __init__(self, prepare: Callable[[Any], None], options: dict[str, Any], stop: threading.Event) -> None:
        super().__init__(msg=False)
        self._prepare = prepare
        self._stop = stop
        self._options = options

    def createAndConfigureSolver(self, lp: Any) -> None:  # noqa: N802 (PuLP's name)
        """A silent model with our options, each of which must be known: PuLP ignores a refusal."""
        lp.solverModel = _Quiet()
        for name, value in self._options.items():
            if lp.solverModel.setOptionValue(name, value) != highspy.HighsStatus.kOk:
                raise ValueError(f"HiGHS refuses option {name}={value!r}")

    def callSolver(self, lp: Any) -> None:  # noqa: N802 (PuLP's name)
        """Run in a thread, so that Ctrl-C reaches the main thread while HiGHS works."""
        self._prepare(lp.solverModel)
        worker = threading.Thread(target=lp.solverModel.run)
        worker.start()
        interrupted = False
        while worker.is_alive():
            try:
                worker.join(0.05)
            except KeyboardInterrupt:
                # HiGHS soon asks whether to go on. To leave while its threads are running would end the process by force.
                interrupted = True
                self._stop.set()
        if interrupted:
            raise KeyboardInterrupt

    def findSolutionValues(self, lp: Any) -> tuple[int, int]:  # noqa: N802 (PuLP's name)
        """Nothing: PuLP's reading of HiGHS knows fewer states than HiGHS has, so ours is used."""
        return pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound


def _highs(formulation: Formulation, effort: Effort, stop: threading.Event, start: Values | None, watch: Watch | None, *, relaxed: bool) -> Answer:
    problem = to_pulp(formulation, relaxed=relaxed)
    # PuLP orders the columns otherwise than they were added.
    columns = [Name(variable.name) for variable in problem.variables()]

    def prepare(model: Any) -> None:
        model.changeObjectiveOffset(formulation.constant)
        if start is not None and not relaxed:
            model.setSolution(len(columns), list(range(len(columns))), [start.get(name, 0.0) for name in columns])
        model.setCallback(_callback(formulation, stop, watch, columns), None)
        for kind in (_KINDS.kCallbackMipInterrupt, _KINDS.kCallbackSimplexInterrupt, _KINDS.kCallbackIpmInterrupt):
            model.startCallback(kind)
        if watch is not None and not relaxed:
            model.startCallback(_KINDS.kCallbackMipImprovingSolution)

    # Threads are set once for a process inside HiGHS; without a reset a second value is an error.
    highspy.Highs.resetGlobalScheduler(True)
    problem.solve(_HighsThroughPulp(prepare, _highs_options(effort), stop))
    return _read_highs(problem.solverModel, columns, relaxed=relaxed)


def _highs_options(effort: Effort) -> dict[str, Any]:
    options: dict[str, Any] = {
        "mip_rel_gap": effort.gap,
        "mip_abs_gap": 1e-7 if effort.gap <= 1e-9 else 1e-6,
        "mip_feasibility_tolerance": 1e-7,
        "primal_feasibility_tolerance": 1e-8,
        "random_seed": effort.seed,
        "threads": effort.threads,
    }
    if effort.seconds is not None:
        options["time_limit"] = max(0.01, effort.seconds)
    if effort.nodes is not None:
        # Bounded work: few nodes, and no sub-problems at the root that cost more than all of them.
        options["mip_max_nodes"] = effort.nodes
        options["mip_heuristic_effort"] = 0.0
    return options


_KINDS = highspy.cb.HighsCallbackType


def _callback(formulation: Formulation, stop: threading.Event, watch: Watch | None, columns: list[Name]) -> Callable[..., None]:
    """What HiGHS calls while it works. It acts on an interrupt only where it asks for one, so "enough" is remembered until then.

    Its log callback comes by the clock and is not used: where a search ends must not depend on it.
    """
    enough = threading.Event()

    def finite(value: float) -> float | None:
        return value if abs(value) < highspy.kHighsInf else None

    def called(kind: Any, _message: str, out: Any, into: Any, _data: Any) -> None:
        if kind == _KINDS.kCallbackMipImprovingSolution:
            values = _all_values(formulation, dict(zip(columns, map(float, out.mip_solution), strict=True)))
            if watch is not None and watch(finite(out.mip_primal_bound), finite(out.mip_dual_bound), values):
                enough.set()
        else:
            done = kind == _KINDS.kCallbackMipInterrupt and watch is not None and watch(None, finite(out.mip_dual_bound), None)
            into.user_interrupt = done or stop.is_set() or enough.is_set()

    return called


def _read_highs(model: Any, columns: list[Name], *, relaxed: bool) -> Answer:
    status, info = model.getModelStatus(), model.getInfo()
    if status in (highspy.HighsModelStatus.kInfeasible, highspy.HighsModelStatus.kUnboundedOrInfeasible):
        return Answer("infeasible")
    has_solution = info.primal_solution_status == highspy.SolutionStatus.kSolutionStatusFeasible
    optimal = status == highspy.HighsModelStatus.kOptimal
    proved = info.objective_function_value if relaxed else info.mip_dual_bound
    bound = proved if abs(proved) < highspy.kHighsInf and (optimal or not relaxed) else None
    if not has_solution:
        return Answer("nothing", bound=bound)
    values = dict(zip(columns, map(float, model.getSolution().col_value), strict=True))
    return Answer("optimal" if optimal else "feasible", values, bound)


def _cbc(formulation: Formulation, effort: Effort, *, relaxed: bool) -> Answer:
    """CBC is a program of its own; its bound is read from its log, because PuLP does not pass it on."""
    problem = to_pulp(formulation, relaxed=relaxed)
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        options = [f"randomCbcSeed {effort.seed + 1}"]
        solver = pulp.PULP_CBC_CMD(
            msg=False, gapRel=effort.gap, timeLimit=effort.seconds, threads=effort.threads, maxNodes=effort.nodes, options=options, logPath=str(log)
        )
        problem.solve(solver)
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if problem.status == pulp.LpStatusInfeasible:
        return Answer("infeasible")
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return Answer("nothing", bound=_cbc_bound(text, formulation.constant))
    values = {Name(variable.name): float(variable.varValue or 0.0) for variable in problem.variables()}
    value = sum(coefficient * values[name] for name, coefficient in formulation.objective.items()) + formulation.constant
    stopped = "Stopped on" in text or "Exiting on" in text
    within = "within gap tolerance" in text
    if not stopped and not within:
        return Answer("optimal", values, value)
    bound = _cbc_bound(text, formulation.constant)
    return Answer("feasible" if stopped else "optimal", values, bound)


def _cbc_bound(log: str, constant: float) -> float | None:
    """CBC's proved bound: the last one that its log states, or none."""
    found = re.findall(r"(?:Lower bound:|best possible)\s+(-?[\d.]+(?:e[-+]?\d+)?)", log)
    return float(found[-1]) + constant if found else None
