"""Sections about several plans: side by side, and along a frontier of budgets."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from stepladder.analysis.comparison import Comparison
from stepladder.analysis.curves import Curve, own_money
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import objective_of, tells_losses
from stepladder.output.report.cells import Value, ValueKind, labels, rest
from stepladder.output.report.document import Block, Chart, Choice, Column, Lines, Section, Table, WhatIf
from stepladder.wording import numbers
from stepladder.wording.language import _, mark
from stepladder.wording.text import clean
from stepladder.wording.words import title

#: Steps whose starts are told for every budget.
STEPS = 120
_LOSSES = (
    Column(mark("Loss a year today"), "money"),
    Column(mark("Loss a year at the end"), "money"),
    Column(mark("Loss, present value"), "money"),
)


def compared(result: Comparison) -> Section:
    """A row for each plan."""
    columns = (
        Column(_("Plan")),
        Column(_("Steps"), "whole"),
        Column(_("Money"), "money"),
        *([Column(_("Worth, present value"), "points")] if result.points else []),
        *(_named(_LOSSES) if result.losses else ()),
        Column(_("Milestones met"), "whole"),
        Column(_("Steps unlike the first"), "whole"),
        Column(_("Gap"), "gap"),
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
    years = list(dict.fromkeys(label for one in result.columns for label, _loss in one.loss_by_year))
    by_year = [(clean(one.name), *(dict(one.loss_by_year).get(label) for label in years)) for one in result.columns]
    over = Table(
        _("Expected loss per year, mean of each year"),
        (Column(_("Plan")), *(Column(label, "money") for label in years)),
        tuple(by_year),
    )
    lead = _(
        "{plans} side by side; the first is the one that this report is about.",
        plans=numbers.count(len(result.columns), "plan"),
    )
    return Section(
        "compared",
        _("Compared with other plans"),
        (
            lead,
            Table(_("Plans side by side"), columns, tuple(rows)),
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
    up = (
        _("Expected loss per year, {currency}", currency=comparison.currency)
        if comparison.currency
        else _("Expected loss per year")
    )
    drawing = Lines("", up, tuple(lines), labels=(_("Today"), *periods[0], _("Afterwards")))
    return Chart(
        "compared",
        _("Expected loss per year"),
        _("Expected loss per year of each plan, from today to the end."),
        drawing,
        (table,),
    )


def what_if(curves: tuple[Curve, ...], own: Plan) -> Section:
    """What another budget, or another appetite, would buy: verified plans only."""
    currency, objective = own.problem.currency, objective_of(own.problem)
    named = [(_appetite(curve, currency), curve) for curve in curves]
    across = _("Money within the limits, {currency}", currency=currency) if currency else _("Money within the limits")
    lines = tuple(
        (name, tuple((money, objective.shown(plan.objective.value)) for money, plan in curve.plans))
        for name, curve in named
    )
    columns = (
        Column(_("Budget"), "money"),
        Column(_("Appetite")),
        Column(_("Spent"), "money"),
        *([Column(_("Worth, present value"), "points")] if objective.points else []),
        *(_named(_LOSSES[:0:-1]) if tells_losses(own.problem) else ()),
        Column(_("Steps"), "whole"),
        Column(_("Gap"), "gap"),
    )
    points = [(name, money, plan) for name, curve in named for money, plan in curve.plans]
    rows = tuple((money, name, *(figure[-1] for figure in _figures(plan))) for name, money, plan in points)
    table = Table(_("Verified plans by budget"), columns, rows)
    if objective.points:
        heading = _("Money against points")
        words = _("What the planned steps are worth, present value, with the best plan for each budget.")
        drawing = Lines(across, _("Worth in points, present value"), lines, ("money", "points"))
    else:
        heading = _("Money against remaining loss")
        words = _("What remains of the losses, present value, with the best plan for each budget.")
        drawing = Lines(across, _("Loss left, present value"), lines)
    chart = Chart("frontier", heading, words, drawing, (table,))
    blocks: list[Block] = [_("Every point is a plan that was computed and checked; nothing between them is guessed.")]
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
        said = _("{budget}, worth {value}") if objective.points else _("{budget}, loss {value}")
        blocks.append(
            WhatIf(choices, tuple(titles[step] for step in steps), labels(own.problem.periods), nearest, said)
        )
        others = rest(len(own.problem.steps) - STEPS, "step")
        blocks += [_("{others}, whose starts are in the plans' files", others=others)] if others else []
    return Section("what-if", _("With another budget"), (*blocks, chart))


def _named(columns: tuple[Column, ...]) -> Iterator[Column]:
    """Columns with their titles in the reader's language."""
    return (replace(column, title=_(column.title)) for column in columns)


def _figures(plan: Plan) -> tuple[tuple[str, ValueKind, float | None], ...]:
    worth = plan.totals.points_present_value
    counts: list[tuple[str, ValueKind, float | None]] = [(_("Worth, present value"), "points", worth)]
    losses: list[tuple[str, ValueKind, float | None]] = [
        (_("Loss, present value"), "money", plan.totals.loss_present_value),
        (_("Loss a year at the end"), "money", plan.totals.tail_expected_loss_per_year),
    ]
    return (
        (_("Spent"), "money", plan.cost),
        *(counts if objective_of(plan.problem).points else []),
        *(losses if tells_losses(plan.problem) else []),
        (_("Steps"), "whole", len(plan.starts)),
        (_("Gap"), "gap", plan.objective.gap),
    )


def _appetite(curve: Curve, currency: str) -> str:
    return (
        _("as the question has it")
        if curve.appetite is None
        else _("at most {money} a year", money=numbers.money(curve.appetite, currency))
    )
