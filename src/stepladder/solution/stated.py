"""What a plan states of itself, held against the recomputed figures: periods, totals, objective, and that every step
has a start or a reason.

Like the verifier, of which it is a part, it imports errors and data only, and the verifier's own arithmetic.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from stepladder.data.formats.plan import REASONS, Plan
from stepladder.errors import Fault
from stepladder.solution.proof import same
from stepladder.solution.recount import Figures


def _differs(rule: str, subject: str, what: str, stated: float, recomputed: float) -> Fault:
    return Fault(rule, subject, f"{what} of {subject} is stated as {stated!r} and comes to {recomputed!r}")


def periods(plan: Plan, figures: Figures) -> Iterator[Fault]:
    """Faults of the figures that are stated for each period."""
    if len(plan.periods) != plan.problem.horizon:
        yield Fault(
            "figures_periods",
            "periods",
            f"figures are stated for {len(plan.periods)} periods, and there are {plan.problem.horizon}",
        )
        return
    for t, (stated, period) in enumerate(zip(plan.periods, plan.problem.periods, strict=True)):
        if stated.label != period.label:
            yield Fault(
                "figures_periods", period.label, f"period {t} is called {stated.label!r}, and it is {period.label!r}"
            )
        if not same(stated.spend, figures.spend[t]):
            yield _differs("figures_periods", period.label, "spend", stated.spend, figures.spend[t])
        if not same(stated.expected_loss_per_year, figures.losses[t]):
            yield _differs(
                "figures_periods", period.label, "expected loss", stated.expected_loss_per_year, figures.losses[t]
            )
        if set(stated.effort) != set(figures.effort):
            yield Fault(
                "figures_periods",
                period.label,
                f"effort is stated for {sorted(stated.effort)}, and the teams are {sorted(figures.effort)}",
            )
        for team in sorted(set(stated.effort) & set(figures.effort)):
            if not same(stated.effort[team], figures.effort[team][t]):
                yield _differs(
                    "figures_periods", period.label, f"effort of {team}", stated.effort[team], figures.effort[team][t]
                )


def totals(plan: Plan, figures: Figures) -> Iterator[Fault]:
    """Faults of the totals that are stated."""
    pairs = {
        "spend": figures.spend_total,
        "spend_present_value": figures.spend_present_value,
        "loss_present_value": figures.loss_present_value,
        "value_present_value": figures.value_present_value,
        "tail_expected_loss_per_year": figures.tail_loss,
        "points_present_value": figures.points_present_value,
    }
    for name, recomputed in pairs.items():
        stated = getattr(plan.totals, name)
        if not same(stated, recomputed):
            yield _differs("figures_totals", name, "the total", stated, recomputed)
    yield from _afterwards(plan, figures)


def _afterwards(plan: Plan, figures: Figures) -> Iterator[Fault]:
    """What goes on costing, where it is stated, and that it is where it has to be."""
    told = plan.totals.afterwards
    if told is None:
        if plan.problem.tells_afterwards:
            yield Fault("figures_totals", "afterwards", "what goes on costing after the horizon is not stated")
        return
    pairs = {"per_year": (told.per_year, figures.afterwards), "in_all": (told.in_all, figures.afterwards_in_all)}
    works = (told.effort_per_year, figures.running_effort), (told.effort_in_all, figures.running_effort_in_all)
    for name, (days, true) in zip(("effort", "effort in all"), works, strict=True):
        pairs |= {f"{name} of {team}": (days.get(team, 0.0), true.get(team, 0.0)) for team in sorted({*days, *true})}
    for name, (stated, recomputed) in pairs.items():
        if not same(stated, recomputed):
            yield _differs("figures_totals", f"afterwards {name}", "the total", stated, recomputed)


def objective(plan: Plan, figures: Figures) -> Iterator[Fault]:
    """Faults of the objective's name and value."""
    stated = plan.objective
    if stated.name != plan.problem.objective:
        yield Fault(
            "figures_objective",
            "name",
            f"the objective is called {stated.name!r}, and the problem asks for {plan.problem.objective!r}",
        )
        return
    # R may be a small difference of two large sums.
    sums = (figures.loss_present_value, figures.value_present_value, figures.spend_present_value)
    scale = 0.0 if stated.name == "worth" else math.fsum(map(abs, sums))
    recomputed = figures.objective(stated.name)
    if not same(stated.value, recomputed, scale):
        yield _differs("figures_objective", stated.name, "the value", stated.value, recomputed)


def not_planned(plan: Plan) -> Iterator[Fault]:
    """Steps that have neither a start nor a reason, or both, or a reason that is none."""
    steps = {step.id for step in plan.problem.steps}
    for name in sorted(steps - set(plan.starts) - set(plan.not_planned)):
        yield Fault("not_planned", name, f"{name} has neither a start nor a reason")
    for name in sorted(set(plan.not_planned) & set(plan.starts)):
        yield Fault("not_planned", name, f"{name} is planned and has a reason for not being planned")
    for name in sorted(set(plan.not_planned) - steps):
        yield Fault("not_planned", name, f"{name} has a reason and is not a step of the problem")
    for name, why in plan.not_planned.items():
        if why.reason not in REASONS:
            yield Fault("not_planned", name, f"{why.reason!r} is not a documented reason")
