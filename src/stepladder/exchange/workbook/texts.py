"""Sheets that say what is: threats, levels, what is left out, what the plan rests on, and its periods."""

from __future__ import annotations

import math

from stepladder.exchange.days import on_or_after, on_or_before
from stepladder.exchange.workbook.frame import Frame, put_day, put_formula
from stepladder.exchange.workbook.grid import Grid
from stepladder.exchange.xlsx_sheet import fit_row, put_text, wide, write_head
from stepladder.wording.language import _, mark

#: What the sheets are called.
THREATS, MATURITY, LEFT_OUT = mark("Threats"), mark("Maturity"), mark("Left out")
ASSUMPTIONS, PERIODS = mark("Assumptions"), mark("Periods")


def threats(frame: Frame) -> tuple[Grid, int]:
    """Expected loss a year by threat: today, in each period, and once everything is in place; the row of their sum."""
    plan, looks, losses = frame.plan, frame.looks, frame.plan.workings.losses
    grid = Grid(frame, frame.sheet(THREATS))
    grid.head(f"{_('Expected loss a year')}{frame.unit}", _("Today"), _("Less"))
    put_text(grid.sheet, 0, grid.total, _("Afterwards"), looks["head_number"])
    grid.sheet.set_column(1, 1, 14)
    for row, loss in enumerate(losses, start=2):
        grid.put(row, loss.title, loss.by_period, last=True)
        _ends(grid, row, loss.today, loss.after, formulas=False)
    row = len(losses) + 2
    sums = [math.fsum(loss.by_period[t] for loss in losses) for t in range(len(plan.periods))]
    last = max(row, 3)
    letter = [f"{grid.cell(2, t)}:{grid.cell(last - 1, t)}" for t in range(len(plan.periods))]
    grid.put(row, _("All threats"), sums, lambda t: f"SUM({letter[t]})", strong=True, last=True)
    _ends(grid, row, math.fsum(loss.today for loss in losses), math.fsum(loss.after for loss in losses), formulas=True)
    note = _("As the plan was made: losses do not follow a change in this workbook. Plan anew to know them.")
    put_text(grid.sheet, row + 2, 0, note, looks["quiet"])
    grid.print_to(row + 2, after=True)
    return grid, row


def _ends(grid: Grid, row: int, today: float, after: float, *, formulas: bool) -> None:
    """Today and afterwards, and by how much that is less."""
    from xlsxwriter.utility import xl_range, xl_rowcol_to_cell

    looks, sheet = grid.frame.looks, grid.sheet
    for column, value in ((1, today), (grid.total, after)):
        if formulas:
            cells = xl_range(2, column, max(row, 3) - 1, column)
            put_formula(sheet, row, column, f"SUM({cells})", looks["total"], value)
        else:
            sheet.write_number(row, column, value, looks["money"])
    ends = [xl_rowcol_to_cell(row, column) for column in (1, grid.total)]
    share = f'IF({ends[0]}=0,"",1-{ends[1]}/{ends[0]})'
    put_formula(sheet, row, grid.after, share, looks["share"], 1 - after / today if today else "")


def maturity(frame: Frame) -> None:
    """A row for each parameter: level today, planned, and wanted; what is missing is a formula."""
    plan, looks, sheet = frame.plan, frame.looks, frame.sheet(MATURITY)
    titles = [_("Group"), _("Practice"), _("Scale"), _("System"), _("Today"), _("Planned"), _("Target")]
    titles += [_("Still missing"), _("Planned means")]
    widths = list(map(wide, titles, (34, 46, 20, 16, 9, 9, 9, 9, 24)))
    write_head(sheet, looks, titles, widths, len(plan.parameters), totals=0)
    today = plan.reached_today
    for row, (parameter, reached) in enumerate(plan.parameters, start=1):
        for column, text in enumerate(
            (" / ".join(parameter.groups), parameter.practice, parameter.scale, plan.called(parameter.system or ""))
        ):
            put_text(sheet, row, column, text, looks["text"])
        for column, level in ((4, today[parameter.id]), (5, reached), (6, parameter.target)):
            sheet.write_number(row, column, level, looks["middle"])
        missing = max(0, parameter.target - reached)
        put_formula(sheet, row, 7, f"MAX(0,G{row + 1}-F{row + 1})", looks["middle"], missing)
        put_text(sheet, row, 8, parameter.levels.get(str(reached), ""), looks["text"])
    last = max(len(plan.parameters), 1)
    sheet.conditional_format(
        1, 4, last, 6, {"type": "3_color_scale", "min_color": "#F8E5E5", "mid_color": "#FFF4CC", "max_color": "#C6E0B4"}
    )


def left_out(frame: Frame) -> None:
    """Steps that are not planned, each with its reason."""
    plan, looks, sheet = frame.plan, frame.looks, frame.sheet(LEFT_OUT)
    titles = (_("Id"), _("Step"), _("Why"), _("Cancelled"))
    write_head(sheet, looks, titles, list(map(wide, titles, (13, 50, 90, 10))), len(plan.left), totals=0)
    for row, left in enumerate(plan.left, start=1):
        fit_row(sheet, row, [(left.reason, 90), (left.title, 50)])
        put_text(sheet, row, 0, left.mark, looks["text"])
        put_text(sheet, row, 1, left.title, looks["wrap"])
        put_text(sheet, row, 2, left.reason, looks["wrap"])
        put_text(sheet, row, 3, _("yes") if left.cancelled else "", looks["text"])
    if not plan.left:
        put_text(sheet, 1, 1, _("Nothing is left out."), looks["text"])


def assumptions(frame: Frame) -> None:
    """Where every number comes from, and the proof."""
    plan, looks, sheet = frame.plan, frame.looks, frame.sheet(ASSUMPTIONS)
    titles = (_("What"), _("Value"), _("Written at"), _("Rests on"), _("Illustrative"))
    widths = list(map(wide, titles, (60, 16, 40, 70, 12)))
    write_head(sheet, looks, titles, widths, len(plan.assumptions), freeze=1)
    for row, assumption in enumerate(plan.assumptions, start=1):
        fit_row(sheet, row, [(assumption.source, 70), (assumption.subject, 60)])
        yes = _("yes") if assumption.illustrative else ""
        texts = (assumption.subject, assumption.value, assumption.at, assumption.source, yes)
        for column, text in enumerate(texts):
            put_text(sheet, row, column, text, looks["wrap" if column in (0, 3) else "text"])
    row = max(1, len(plan.assumptions)) + 2
    put_text(sheet, row, 0, plan.proof, looks["wrap"])
    fit_row(sheet, row, [(plan.proof, 60)])


def periods(frame: Frame) -> None:
    """Name, days and length of each period; other sheets go by it."""
    plan, looks, sheet = frame.plan, frame.looks, frame.sheet(PERIODS)
    titles = (_("No."), _("Period"), _("Start"), _("Finish"), _("Last day"), _("Years"), _("Currency"))
    count = len(plan.periods)
    write_head(sheet, looks, titles, list(map(wide, titles, (6, 14, 12, 12, 12, 10, 10))), count, totals=0)
    for row, (name, years, period) in enumerate(
        zip(plan.workings.names, plan.workings.years, plan.periods, strict=True), start=1
    ):
        sheet.write_number(row, 0, row, looks["level"])
        put_text(sheet, row, 1, name, looks["text"])
        put_day(sheet, row, 2, on_or_after(period.start), looks["date"])
        put_day(sheet, row, 3, on_or_before(period.finish), looks["date"])
        put_day(sheet, row, 4, period.finish, looks["date"])
        sheet.write_number(row, 5, years, looks["text"])
    put_text(sheet, 1, 6, plan.currency, looks["text"])
    for name, column in zip(("names", "starts", "ends", "last_days", "years"), "BCDEF", strict=True):
        frame.named(f"period_{name}", PERIODS, f"${column}$2:${column}${count + 1}")
    frame.named("plan_currency", PERIODS, "$G$2")
