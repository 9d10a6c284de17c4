"""PuLP: the formulation as text that people read, and CBC, a program of its own.

PuLP says "Optimal" of a search that a time limit stopped, and gives variables the value 0 where there is no solution;
so status, solution and bound are read with care, in one place.
"""

from __future__ import annotations

import math
import re
import tempfile
from pathlib import Path

import pulp

from stepladder.errors import StepladderError
from stepladder.optimise.clock import Clock
from stepladder.optimise.formulation.rows import Formulation, Name, Variable
from stepladder.optimise.solvers import child
from stepladder.optimise.solvers.answer import Limits, SolverAnswer
from stepladder.optimise.solvers.arrays import as_values

pulp.v4_migration.set_v4_migration_warnings(False)

#: Seconds that it takes at least to write an entry of a program: where there are fewer left, CBC is not asked.
WRITING = 5e-6

#: What is minimised where nothing is: PuLP would add a variable of its own and count it at some times only.
NOTHING = Variable(Name("nothing"), 0.0, 0.0, integer=False, kind="nothing")


def to_pulp(formulation: Formulation, *, relaxed: bool = False) -> pulp.LpProblem:
    """The formulation as a PuLP problem, in the order in which it was built, without variables that occur nowhere:
    CBC cannot read those.
    """
    objective = formulation.objective or {NOTHING.name: 1.0}
    used = {*objective, *(name for row in formulation.rows for name in row.terms)}
    problem = pulp.LpProblem("stepladder", pulp.LpMinimize)
    columns = {}
    for variable in (*formulation.variables.values(), NOTHING):
        if variable.name in used:
            category = pulp.LpInteger if variable.integer and not relaxed else pulp.LpContinuous
            columns[variable.name] = pulp.LpVariable(variable.name, variable.lower, variable.upper, category)
    problem.addVariables(columns.values())
    problem.setObjective(pulp.LpAffineExpression({columns[name]: value for name, value in objective.items()}))
    senses = {"<=": pulp.LpConstraintLE, ">=": pulp.LpConstraintGE, "==": pulp.LpConstraintEQ}
    for row in formulation.rows:
        terms = pulp.LpAffineExpression({columns[name]: value for name, value in row.terms.items()})
        problem.addConstraint(pulp.LpConstraint(terms, senses[row.sense], row.name, row.rhs))
    return problem


def lp_text(formulation: Formulation) -> str:
    """The formulation in CPLEX LP format, as PuLP writes it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "formulation.lp"
        to_pulp(formulation).writeLP(str(path))
        return path.read_text(encoding="utf-8")


def solve(formulation: Formulation, limits: Limits, stop: Clock, *, relaxed: bool) -> SolverAnswer:
    """Minimise with CBC; its bound is read from its log, because PuLP does not pass it on."""
    entries = sum(len(row.terms) for row in formulation.rows)
    left = stop.left()
    if left is not None and entries * WRITING > left:
        return SolverAnswer("nothing")
    problem = to_pulp(formulation, relaxed=relaxed)
    with tempfile.TemporaryDirectory(prefix="stepladder-") as name:
        folder = Path(name)
        text = _run(problem, limits, stop, folder)
    if problem.status == pulp.LpStatusInfeasible:
        return SolverAnswer("infeasible")
    if problem.sol_status not in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible):
        return SolverAnswer("nothing", bound=_cbc_bound(text, formulation.constant))
    names = [Name(variable.name) for variable in problem.variables()]
    values = as_values(formulation, names, [variable.varValue or 0.0 for variable in problem.variables()])
    value = (
        math.fsum(coefficient * values[name] for name, coefficient in formulation.objective.items())
        + formulation.constant
    )
    stopped = "Stopped on" in text or "Exiting on" in text
    within = "within gap tolerance" in text
    if not stopped and not within:
        return SolverAnswer("optimal", values, value)
    bound = _cbc_bound(text, formulation.constant)
    return SolverAnswer("feasible" if stopped else "optimal", values, bound)


def _run(problem: pulp.LpProblem, limits: Limits, stop: Clock, folder: Path) -> str:
    """Let CBC solve a problem, which then has what came out; what CBC said."""
    solver = pulp.PULP_CBC_CMD(msg=False, gapRel=limits.gap, threads=1, maxNodes=limits.nodes)
    model, answer, log = folder / "model.mps", folder / "answer.txt", folder / "cbc.log"
    variables, columns, rows, _ = problem.writeMPS(str(model), rename=1)
    left = stop.left()
    seconds = [] if left is None else ["-sec", f"{max(0.01, left):.3f}"]
    options = [
        word for option in (f"randomCbcSeed {limits.seed + 1}", *solver.getOptions()) for word in f"-{option}".split()
    ]
    code = child.run(
        [solver.path, str(model), *seconds, *options, "-solve", "-printingOptions", "all", "-solution", str(answer)],
        log,
        stop.is_set,
    )
    text = log.read_text(encoding="utf-8", errors="replace")
    if answer.exists():
        status, values, _, _, _, status_code = solver.readsol_MPS(str(answer), problem, variables, columns, rows)
        problem.assignVarsVals(values)
        problem.assignStatus(status, status_code)
    elif code and not stop.is_set():
        raise StepladderError(f"CBC ended with exit code {code} and without an answer; use --solver highs")
    else:
        problem.assignStatus(pulp.LpStatusNotSolved, pulp.LpSolutionNoSolutionFound)
    return text


def _cbc_bound(log: str, constant: float) -> float | None:
    """CBC's proved bound: the last one that its log states, or none."""
    bounds = re.findall(r"(?:Lower bound:|best possible)\s+(-?[\d.]+(?:e[-+]?\d+)?)", log)
    return float(bounds[-1]) + constant if bounds else None
