"""What one would write first: x[i, t] = 1 where step i starts in period t, and 16 tangents, evenly spread, at each
threat and period.

The same model twice, in PuLP for CBC and HiGHS, and in CP-SAT, whose numbers must be whole. Nothing here is shared with
what is measured against it. A lower bound of a model with tangents from below is a bound on the true objective.
"""

from __future__ import annotations

import math
import re
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from stepladder.data.formats.problem import Problem, Step, Window

TANGENTS = 16
#: Parts that CP-SAT counts in: of money, of a person-day, of what remains of a threat, of the objective.
CENTS, EFFORT, SHARES, VALUE = 100, 1000, 10**7, 10**7

Starts = dict[str, int]
Start = tuple[int, int]


@dataclass(frozen=True)
class Reply:
    """A plan, and a bound on the objective that the solver claims."""

    starts: Starts | None
    bound: float | None


def possible(problem: Problem, step: Step) -> range:
    """The periods in which a step may start by its own dates."""
    last = problem.horizon - 1 if step.latest_finish is None else step.latest_finish
    if step.start is not None:
        return range(step.start, step.start + 1)
    return range(step.earliest, last - step.duration + 2)


def choices(problem: Problem) -> list[Start]:
    """Every (step, start)."""
    if problem.appetite or problem.excludes or any(step.needs_any for step in problem.steps):
        raise ValueError("the benchmark's textbook models know needs, dates, windows and max_parallel only")
    return [(k, t) for k, step in enumerate(problem.steps) for t in possible(problem, step)]


def used(problem: Problem, window: Window, step: Step, s: int) -> float:
    """What a step that starts in s uses in a window."""
    in_work = max(0, min(window.to, s + step.duration - 1) - max(window.from_, s) + 1) / step.duration
    after = sum(problem.periods[t].years for t in range(max(window.from_, s + step.duration), window.to + 1))
    once, running = step.once * in_work, step.per_year * after
    return {"money": once + running, "money_once": once, "money_per_year": running}.get(
        window.resource, step.effort.get(window.resource, 0.0) * in_work
    )


def linear(problem: Problem, step: Step, s: int) -> float:
    """The objective's part that does not come from threats."""
    tail = problem.tail.discount * problem.tail.years
    done = s + step.duration - 1
    years = sum(p.discount * p.years for p in problem.periods[done + problem.effect_lag :]) + tail
    worth = step.value_once * problem.periods[done].discount + step.value_per_year * years
    paid = sum(p.discount * step.once / step.duration for p in problem.periods[s : done + 1])
    paid += step.per_year * (sum(p.discount * p.years for p in problem.periods[done + 1 :]) + tail)
    points = step.points_per_year * years
    return {"risk": -worth, "spend": paid, "net": paid - worth, "worth": -points}[problem.objective]


def before(problem: Problem) -> Iterator[tuple[int, int, int, int]]:
    """(i, t, j, t'): by t step i has started only if j has by t'."""
    place = {step.id: k for k, step in enumerate(problem.steps)}
    for k, step in enumerate(problem.steps):
        for need in step.needs:
            j = place[need.step]
            for t in possible(problem, step):
                yield k, t, j, t - need.lag - problem.steps[j].duration + 1


def curves(problem: Problem) -> Iterator[tuple[float, list[tuple[float, int, int]]]]:
    """For each threat and time that counts: its weight in the objective, and (−ln factor, step, last start that is
    in place).
    """
    place = {step.id: k for k, step in enumerate(problem.steps)}
    weights = [*(p.discount * p.years for p in problem.periods), problem.tail.discount * problem.tail.years]
    for threat in problem.threats if problem.objective not in ("spend", "worth") else ():
        for t, weight in enumerate(weights):
            slopes = []
            for name, factor in threat.factors.items():
                last = (
                    problem.horizon
                    if t == problem.horizon
                    else t - problem.effect_lag - problem.steps[place[name]].duration + 1
                )
                slopes.append((-math.log(factor), place[name], last))
            yield weight * threat.expected_loss_per_year, slopes


def tangents(most: float) -> Iterator[tuple[float, float]]:
    """(slope, height at 0) of exp(−y) at evenly spread y in 0 … most."""
    for n in range(TANGENTS):
        at = most * n / (TANGENTS - 1)
        yield -math.exp(-at), math.exp(-at) * (1 + at)


# -- PuLP --------------------------------------------------------------------------------------------------------------


def pulp_model(problem: Problem, solver: str, seconds: float, gap: float) -> Reply:
    """The model through PuLP, by CBC or HiGHS with two threads."""
    import pulp

    # PuLP 3 announces what PuLP 4 will want; the version is pinned.
    pulp.v4_migration.set_v4_migration_warnings(False)
    model = pulp.LpProblem("textbook", pulp.LpMinimize)
    x = {(k, t): pulp.LpVariable(f"x_{k}_{t}", cat="Binary") for k, t in choices(problem)}
    by_step: dict[int, list[int]] = defaultdict(list)
    for k, t in x:
        by_step[k].append(t)

    def by(k: int, t: int) -> Any:
        return pulp.lpSum(x[k, s] for s in by_step[k] if s <= t)

    objective = [(x[k, t], linear(problem, problem.steps[k], t)) for k, t in x]
    for n, (weight, slopes) in enumerate(curves(problem)):
        e = pulp.LpVariable(f"e_{n}", 0, 1)
        objective.append((e, weight))
        y = pulp.lpSum(slope * by(k, last) for slope, k, last in slopes)
        for slope, height in tangents(sum(slope for slope, _, _ in slopes)):
            model += e >= height + slope * y
    model.setObjective(pulp.LpAffineExpression(objective))
    for k, step in enumerate(problem.steps):
        whole = by(k, problem.horizon)
        model += whole == 1 if step.required or step.start is not None else whole <= 1
    for i, t, j, other in before(problem):
        model += by(i, t) <= by(j, other)
    for window in problem.windows:
        model += (
            pulp.LpAffineExpression([(x[k, t], used(problem, window, problem.steps[k], t)) for k, t in x])
            <= window.limit
        )
    if problem.max_parallel is not None:
        for t in range(problem.horizon):
            model += pulp.lpSum(x[k, s] for k, s in x if s <= t < s + problem.steps[k].duration) <= problem.max_parallel
    bound = _run(pulp, model, solver, seconds, gap)
    found = model.sol_status in (pulp.LpSolutionOptimal, pulp.LpSolutionIntegerFeasible) and any(
        (held.varValue or 0) > 0.5 for held in x.values()
    )
    return Reply(
        {problem.steps[k].id: t for (k, t), held in x.items() if (held.varValue or 0) > 0.5} if found else None, bound
    )


def _run(pulp: Any, model: Any, solver: str, seconds: float, gap: float) -> float | None:
    """Solve; the bound, which PuLP does not pass on, comes from the solver itself or from its log."""
    if solver == "highs":
        import highspy

        # HiGHS refuses to run with another number of threads than it began with in this process.
        highspy.Highs.resetGlobalScheduler(True)
        model.solve(pulp.HiGHS(msg=False, timeLimit=seconds, threads=2, gapRel=gap))
        bound = model.solverModel.getInfo().mip_dual_bound + (model.objective.constant or 0.0)
        return bound if math.isfinite(bound) else None
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "cbc.log"
        model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, threads=2, gapRel=gap, logPath=str(log)))
        text = log.read_text(encoding="utf-8", errors="replace") if log.exists() else ""
    if model.status == pulp.LpStatusOptimal and "Stopped on" not in text and "Exiting on" not in text:
        return float(pulp.value(model.objective))
    stated = re.findall(r"(?:Lower bound:|best possible)\s+(-?[\d.]+(?:e[-+]?\d+)?)", text)
    return float(stated[-1]) + (model.objective.constant or 0.0) if stated else None


# -- CP-SAT ------------------------------------------------------------------------------------------------------------


def cp_sat(problem: Problem, seconds: float, gap: float) -> Reply:
    """The same rules in CP-SAT with two workers: "has started by" as literals, use rounded up, limits down, tangents
    down.
    """
    from ortools.sat.python import cp_model

    model = cp_model.CpModel()
    started = _literals(model, problem)
    for i, t, j, other in before(problem):
        model.add(started[i, t] <= (started[j, other] if other >= 0 else 0))
    _limit(model, problem, started)
    model.minimize(sum(_costs(model, problem, started)))
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = seconds
    solver.parameters.num_workers = 2
    solver.parameters.relative_gap_limit = gap
    status = solver.solve(model)
    bound = solver.best_objective_bound / VALUE
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Reply(None, bound if math.isfinite(bound) else None)
    first = {
        step.id: [t for t in possible(problem, step) if solver.value(started[k, t])]
        for k, step in enumerate(problem.steps)
    }
    return Reply({name: times[0] for name, times in first.items() if times}, bound)


def _literals(model: Any, problem: Problem) -> dict[Start, Any]:
    """For each step and period: has it started by then? Once started it stays so."""
    started: dict[Start, Any] = {}
    for k, step in enumerate(problem.steps):
        periods = possible(problem, step)
        for t in range(problem.horizon + 1):
            held = started.get((k, t - 1), 0)
            started[k, t] = model.new_bool_var("") if t in periods else held
            if t in periods and t - 1 in periods:
                model.add_implication(held, started[k, t])
        if step.required or step.start is not None:
            model.add(started[k, problem.horizon] == 1)
    return started


def _spread(started: dict[Start, Any], amounts: dict[Start, int]) -> list[Any]:
    """Terms that come to the amount of the start that is chosen."""
    return [amount * (started[k, t] - (started[k, t - 1] if t else 0)) for (k, t), amount in amounts.items()]


def _limit(model: Any, problem: Problem, started: dict[Start, Any]) -> None:
    every = choices(problem)
    for window in problem.windows:
        unit = CENTS if window.resource.startswith("money") else EFFORT
        held = {(k, t): math.ceil(unit * used(problem, window, problem.steps[k], t) - 1e-6) for k, t in every}
        model.add(sum(_spread(started, held)) <= math.floor(unit * window.limit + 1e-6))
    if problem.max_parallel is not None:
        for t in range(problem.horizon):
            at_work = {(k, s): 1 for k, s in every if s <= t < s + problem.steps[k].duration}
            model.add(sum(_spread(started, at_work)) <= problem.max_parallel)


def _costs(model: Any, problem: Problem, started: dict[Start, Any]) -> list[Any]:
    terms = _spread(
        started, {(k, t): math.floor(linear(problem, problem.steps[k], t) * VALUE) for k, t in choices(problem)}
    )
    for weight, slopes in curves(problem):
        e = model.new_int_var(0, SHARES, "")
        terms.append(math.floor(weight * VALUE / SHARES) * e)
        for slope, height in tangents(sum(slope for slope, _, _ in slopes)):
            taken = [
                math.floor(slope * share * SHARES) * started[k, min(last, problem.horizon)]
                for share, k, last in slopes
                if last >= 0
            ]
            model.add(e >= math.floor(height * SHARES) + sum(taken))
    return terms
