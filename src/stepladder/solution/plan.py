"""From an outcome to a plan: every figure recomputed, a checked reason for every step left out, and the whole verified."""

from __future__ import annotations

from importlib.metadata import version

import stepladder
from stepladder.data.plan import FORMAT, Context, NotPlanned, ObjectiveValue, Plan, PlannedPeriod, Totals
from stepladder.data.problem import Problem, Step
from stepladder.errors import Infeasible, NoPlanFound, NotVerified
from stepladder.evaluate import Ledger
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.optimise.outcome import Outcome, relative_gap
from stepladder.solution.recount import Figures, figures
from stepladder.solution.verify import RULES, broken_rules, verify

_PACKAGES = {"highs": ("HiGHS", "highspy"), "cbc": ("CBC (PuLP)", "pulp")}


def make_plan(problem: Problem, outcome: Outcome, context: Context | None = None) -> Plan:
    """A verified plan.

    Raises
    ------
    Infeasible
        When it is proved that no plan meets all demands.
    NoPlanFound
        When the search was stopped before any plan was found.
    NotVerified
        When the plan fails verification; it is then never shown.
    """
    if outcome.status == "infeasible":
        raise Infeasible("no plan can meet all the demands together: this is proved, not given up")
    if outcome.status == "no_plan" or outcome.value is None or outcome.bound is None:
        raise NoPlanFound("stopped before any plan was found; allow more time (--time-limit)")
    faults = broken_rules(problem, outcome.starts)
    if faults:
        raise NotVerified(faults)
    held = figures(problem, outcome.starts)
    value = held.objective(problem.objective)
    bound = min(outcome.bound, value)
    title, package = _PACKAGES[outcome.solver]
    plan = Plan(
        format=FORMAT,  # type: ignore[arg-type]
        made_with={"stepladder": stepladder.__version__, "solver": f"{title} {version(package)}"},
        status="optimal" if outcome.status == "optimal" else "feasible",
        objective=ObjectiveValue(name=problem.objective, value=value, bound=bound, gap=relative_gap(value, bound)),
        starts=outcome.starts,
        not_planned=_reasons(problem, outcome.starts),
        periods=_periods(problem, held),
        totals=_totals(held),
        problem=problem,
        context=context,
    )
    faults = verify(plan)
    if faults:
        raise NotVerified(faults)
    return plan


def _periods(problem: Problem, held: Figures) -> tuple[PlannedPeriod, ...]:
    return tuple(
        PlannedPeriod(
            label=period.label,
            spend=held.spend[t],
            expected_loss_per_year=held.losses[t],
            effort={team: days[t] for team, days in held.effort.items()},
        )
        for t, period in enumerate(problem.periods)
    )


def _totals(held: Figures) -> Totals:
    return Totals(
        spend=held.spend_total,
        spend_present_value=held.spend_present_value,
        loss_present_value=held.loss_present_value,
        value_present_value=held.value_present_value,
        tail_expected_loss_per_year=held.tail_loss,
    )


# -- why a step is not in the plan ----------------------------------------------------------------------------------------


def _reasons(problem: Problem, starts: dict[str, int]) -> dict[str, NotPlanned]:
    """A checked fact for each step that is not planned: every possible start is tried."""
    draft = Draft(Tables(Ledger(problem)), starts)
    return {step.id: _reason(draft, step) for step in problem.steps if step.id not in starts}


def _reason(draft: Draft, step: Step) -> NotPlanned:
    problem, starts, k = draft.tables.problem, draft.plan, draft.tables.number[step.id]
    waits = [need.step for need in step.needs if need.step not in starts]
    if waits:
        # Whatever the start, what is needed is not there: no need to try each.
        names = " and ".join(draft.tables.ledger.steps[name].title or name for name in waits)
        return NotPlanned(reason="blocked", detail=f"needs {names}, which {'is' if len(waits) == 1 else 'are'} not in this plan")
    broken: dict[str, int] = {}
    changes: list[tuple[float, float]] = []
    for start in range(problem.horizon - step.duration + 1):
        rules = draft.broken(k, start)
        for rule in rules:
            broken[rule] = broken.get(rule, 0) + 1
        if not rules:
            changes.append(draft.change(k, start))
    if not changes:
        return NotPlanned(reason="blocked", detail=_blocked(broken))
    first, second = min(changes)
    if first < -1e-6:
        gain = f"would improve the plan by {-first:,.2f}{_unit(problem)} (present value); the search was stopped before that"
        return NotPlanned(reason="search_stopped", detail=gain)
    return NotPlanned(reason="worsens_objective", detail=_worsens(problem, first, second))


_SHORT = {
    "horizon": "it cannot finish within the horizon",
    "earliest": "it may not start that early",
    "latest_finish": "its deadline would be missed",
    "needs": "what it needs is not finished in time",
    "needs_any": "none of the alternatives it needs is finished in time",
    "excludes": "a step that excludes it is planned",
    "max_parallel": "too many steps would be in work at once",
    "money": "the budget is used up",
    "money_once": "the investment budget is used up",
    "money_per_year": "the budget for running cost is used up",
    "teams": "the people are fully used",
    "appetite": "expected loss would be above the appetite",
}


def _blocked(broken: dict[str, int]) -> str:
    """The rules that stand in the way, the one that does so most often first."""
    if not broken:
        return _SHORT["horizon"]
    order = list(RULES)
    rules = sorted(broken, key=lambda rule: (-broken[rule], order.index(rule)))
    return "at every possible start: " + ", or ".join(_SHORT.get(rule, rule) for rule in rules)


def _worsens(problem: Problem, first: float, second: float) -> str:
    words = {
        "risk": ("would leave {:,.2f}{} more loss (present value)", "would remove no loss and cost {:,.2f}{} (present value)"),
        "spend": ("would cost {:,.2f}{} more (present value) and nothing demands it", "would cost nothing and gain nothing"),
        "net": ("would cost {:,.2f}{} more than it saves (present value)", "would cost as much as it saves"),
    }[problem.objective]
    unit = _unit(problem)
    return words[0].format(first, unit) if first > 1e-6 else words[1].format(second, unit)


def _unit(problem: Problem) -> str:
    return f" {problem.currency}" if problem.currency else ""
