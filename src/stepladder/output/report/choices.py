"""Sections about several plans: side by side, and along a frontier of budgets."""

from __future__ import annotations

from stepladder.analysis.comparison import Comparison
from stepladder.analysis.curves import Curve, own_money
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import objective_of, tells_losses
from stepladder.output.report.cells import Value, ValueKind, labels, rest
from stepladder.output.report.document import Block, Chart, Choice, Column, Lines, Section, Table, WhatIf
from stepladder.wording import numbers
from stepladder.wording.text import clean
from stepladder.wording.words import title

#: Steps whose starts are told for every budget.
STEPS = 120
_LOSSES = (
    Column("Loss a year today", "money"),
    Column("Loss a year at the end", "money"),
    Column("Loss, present value", "money"),
)


def compared(result: Comparison) -> Section:
    """A row for each plan."""
    columns = (
        Column("Plan"),
        Column("Steps", "whole"),
        Column("Money", "money"),
        *([Column("Worth, present value", "points")] if result.points else []),
        *(_LOSSES if result.losses else ()),
        Column("Milestones met", "whole"),
        Column("Steps unlike the first", "whole"),
        Column("Gap", "gap"),
    )
    rows: list[tuple[Value, ...]] = []
    for one in result.columns:
        plan = one.plan
        steps, totals = len(plan.starts), plan.totals
        met = one.met if one.milestones else None
        rows.append(
            (
                clean(one.name),
                steps,
                plan.cost,
                *([totals.points_present_value] if result.points else []),
                *((one.today, totals.tail_expected_loss_per_year, totals.loss_present_value) if result.losses else ()),
                met,
                one.moved,
                plan.objective.gap,
            )
        )
    years = list(dict.fromkeys(label for one in result.columns for label, _ in one.loss_by_year))
    by_year = [(clean(one.name), *(dict(one.loss_by_year).get(label) for label in years)) for one in result.columns]
    over = Table(
        "Expected loss per year, mean of each year",
        (Column("Plan"), *(Column(label, "money") for label in years)),
        tuple(by_year),
    )
    lead = f"{numbers.count(len(result.columns), 'plan')} side by side; the first is the one that this report is about."
    return Section(
        "compared",
        "Compared with other plans",
        (
            lead,
            Table("Plans side by side", columns, tuple(rows)),
            *((_over_time(result, over),) if result.losses else ()),
        ),
    )


def _over_time(comparison: Comparison, table: Table) -> Block:
    """Expected loss of each plan from today to the end; where their periods differ the table alone."""
    periods = [labels(one.plan.problem.periods) for one in comparison.columns]
    if len(set(periods)) > 1 or not comparison.columns[0].plan.problem.threats:
        return table
    lines = []
    for one in comparison.columns:
        losses = [
            one.today,
            *(period.expected_loss_per_year for period in one.plan.periods),
            one.plan.totals.tail_expected_loss_per_year,
        ]
        lines.append((clean(one.name), tuple((float(t), loss) for t, loss in enumerate(losses))))
    up = f"Expected loss per year{f', {comparison.currency}' if comparison.currency else ''}"
    drawing = Lines("", up, tuple(lines), labels=("Today", *periods[0], "Afterwards"))
    return Chart(
        "compared",
        "Expected loss per year",
        "Expected loss per year of each plan, from today to the end.",
        drawing,
        (table,),
    )


def what_if(curves: tuple[Curve, ...], own: Plan) -> Section:
    """What another budget, or another appetite, would buy: verified plans only."""
    currency, objective = own.problem.currency, objective_of(own.problem)
    named = [(_appetite(curve, currency), curve) for curve in curves]
    across = f"Money within the limits{f', {currency}' if currency else ''}"
    lines = tuple(
        (name, tuple((money, objective.shown(plan.objective.value)) for money, plan in curve.plans))
        for name, curve in named
    )
    columns = (
        Column("Budget", "money"),
        Column("Appetite"),
        Column("Spent", "money"),
        *([Column("Worth, present value", "points")] if objective.points else []),
        *(_LOSSES[:0:-1] if tells_losses(own.problem) else ()),
        Column("Steps", "whole"),
        Column("Gap", "gap"),
    )
    points = [(name, money, plan) for name, curve in named for money, plan in curve.plans]
    rows = tuple((money, name, *(value for _, _, value in _figures(plan))) for name, money, plan in points)
    table = Table("Verified plans by budget", columns, rows)
    words, heading = "What remains of the losses", "Money against remaining loss"
    drawing = Lines(across, "Loss left, present value", lines)
    if objective.points:
        words, heading = "What the planned steps are worth", "Money against points"
        drawing = Lines(across, "Worth in points, present value", lines, ("money", "points"))
    words += ", present value, with the best plan for each budget."
    chart = Chart("frontier", heading, words, drawing, (table,))
    blocks: list[Block] = ["Every point is a plan that was computed and checked; nothing between them is guessed."]
    if points:
        steps = [step.id for step in own.problem.steps][:STEPS]
        titles = {step.id: title(step.name) for step in own.problem.steps}
        choices = tuple(
            Choice(money, name, _figures(plan), tuple(plan.starts.get(step) for step in steps))
            for name, money, plan in points
        )
        here = own_money(own.problem) or own.totals.spend
        nearest = min(
            range(len(points)),
            key=lambda k: (abs(points[k][1] - here), points[k][2].problem.appetite != own.problem.appetite, k),
        )
        blocks.append(WhatIf(choices, tuple(titles[step] for step in steps), labels(own.problem.periods), nearest))
        others = rest(len(own.problem.steps) - STEPS, "step")
        blocks += [f"{others}, whose starts are in the plans' files"] if others else []
    return Section("what-if", "With another budget", (*blocks, chart))


def _figures(plan: Plan) -> tuple[tuple[str, ValueKind, float | None], ...]:
    worth = plan.totals.points_present_value
    counts: list[tuple[str, ValueKind, float | None]] = [("Worth, present value", "points", worth)]
    losses: list[tuple[str, ValueKind, float | None]] = [
        ("Loss, present value", "money", plan.totals.loss_present_value),
        ("Loss a year at the end", "money", plan.totals.tail_expected_loss_per_year),
    ]
    return (
        ("Spent", "money", plan.cost),
        *(counts if objective_of(plan.problem).points else []),
        *(losses if tells_losses(plan.problem) else []),
        ("Steps", "whole", len(plan.starts)),
        ("Gap", "gap", plan.objective.gap),
    )


def _appetite(curve: Curve, currency: str) -> str:
    return (
        "as the question has it"
        if curve.appetite is None
        else f"at most {numbers.money(curve.appetite, currency)} a year"
    )
