"""From an outcome to a plan: every figure recomputed, a checked reason for every step left out, and the whole
verified.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any, Literal

import stepladder
from stepladder.data.formats.context import Context
from stepladder.data.formats.past import Past
from stepladder.data.formats.plan import FORMAT, Afterwards, ObjectiveValue, Plan, PlannedPeriod, Totals
from stepladder.data.formats.policy import policies_in, steps_in
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.robust import Promise
from stepladder.errors import Fault, Infeasible, NoPlanFound, NotVerified
from stepladder.optimise.outcome import Outcome, closed, relative_gap
from stepladder.solution.fitted import fitted
from stepladder.solution.reasons import reasons
from stepladder.solution.recount import Counted, Figures
from stepladder.solution.verify import broken_rules, verify

_PACKAGES = {"highs": ("HiGHS", "highspy"), "cbc": ("CBC (PuLP)", "pulp")}


def make_plan(
    problem: Problem,
    outcome: Outcome,
    context: Context | None = None,
    past: Past | None = None,
    *,
    promise: Promise | None = None,
) -> Plan:
    """A verified plan.

    Parameters
    ----------
    problem, outcome, context
        The question, its answer, and what people want to know beside it.
    past
        What has happened already; None for a plan in which nothing has begun.
    promise
        In how many futures this very plan stays within its money; what the context says of another is left out.

    Raises
    ------
    Infeasible
        When it is proved that no plan meets all demands.
    NoPlanFound
        When the search was stopped before any plan was found.
    NotVerified
        When the plan fails verification; it is then never shown.
    """
    least, counted = _found(outcome), Counted(problem, outcome.starts)
    _stop_at(broken_rules(problem, outcome.starts, counted))
    figures, missed = counted.figures, {miss.milestone for miss in past.missed} if past else set()
    value = figures.objective(problem.objective)
    bound = min(least, value)
    plan = Plan(
        format=FORMAT,  # type: ignore[arg-type]
        made_with={"stepladder": stepladder.__version__, "solver": _solver(outcome.solver)},
        status=_status(value, bound, outcome.wanted_gap),
        wanted_gap=outcome.wanted_gap,
        **_told(past),
        objective=ObjectiveValue(name=problem.objective, value=value, bound=bound, gap=relative_gap(value, bound)),
        starts=steps_in(outcome.starts),
        policies=policies_in(outcome.starts, len(problem.policy_years)),
        not_planned=reasons(problem, outcome.starts, outcome.tables),
        periods=_periods(problem, figures),
        totals=_totals(problem, figures),
        problem=problem,
        context=None if context is None else fitted(problem, _promised(context, promise), missed),
    )
    _stop_at(verify(plan, counted, [] if plan.decided == outcome.starts else None))
    return plan


def _found(outcome: Outcome) -> float:
    """The bound of an outcome that has a plan."""
    if outcome.status == "infeasible":
        raise Infeasible("no plan can meet all the demands together: this is proved, not given up")
    if outcome.status == "no_plan" or outcome.value is None or outcome.bound is None:
        raise NoPlanFound("stopped before any plan was found; allow more time (--time-limit)")
    return outcome.bound


def _stop_at(faults: Sequence[Fault]) -> None:
    if faults:
        raise NotVerified(faults)


def _promised(context: Context, promise: Promise | None) -> Context:
    """What stands beside the plan, with its own promise; the same object where that is there already."""
    return context if context.robust == promise else context.model_copy(update={"robust": promise})


def _told(past: Past | None) -> dict[str, Any]:
    """What has happened, as the fields of a plan."""
    if past is None:
        return {}
    told = {"as_of": past.as_of, "progress": {**past.progress}, "missed": past.missed, "spent": {**past.spent}}
    return {**told, "asked": {**past.asked}}


def _status(value: float, bound: float, wanted: float | None) -> Literal["optimal", "feasible"]:
    """By value, bound and wanted gap alone, whoever found the plan and wherever the bound is from."""
    return "optimal" if closed(value, bound, 0.0 if wanted is None else wanted) else "feasible"


def _solver(name: str) -> str:
    """Name and version of a solver; a rule of practice has a name only."""
    title, package = _PACKAGES.get(name, (name, ""))
    return f"{title} {version(package)}" if package else title


def _periods(problem: Problem, figures: Figures) -> tuple[PlannedPeriod, ...]:
    return tuple(
        PlannedPeriod(
            label=period.label,
            spend=figures.spend[t],
            expected_loss_per_year=figures.losses[t],
            effort={team: days[t] for team, days in figures.effort.items()},
        )
        for t, period in enumerate(problem.periods)
    )


def _totals(problem: Problem, figures: Figures) -> Totals:
    return Totals(
        spend=figures.spend_total,
        spend_present_value=figures.spend_present_value,
        loss_present_value=figures.loss_present_value,
        value_present_value=figures.value_present_value,
        tail_expected_loss_per_year=figures.tail_loss,
        points_present_value=figures.points_present_value,
        afterwards=_afterwards(figures) if problem.tells_afterwards else None,
    )


def _afterwards(figures: Figures) -> Afterwards:
    return Afterwards(
        per_year=figures.afterwards,
        in_all=figures.afterwards_in_all,
        effort_per_year=figures.running_effort,
        effort_in_all=figures.running_effort_in_all,
    )
