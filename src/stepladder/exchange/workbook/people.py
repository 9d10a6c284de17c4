"""The sheet *People*: person-days of each team by period and year against its capacity, and how much is in work."""

from __future__ import annotations

import math
from collections.abc import Callable

from xlsxwriter.utility import xl_rowcol_to_cell

from stepladder.exchange.items import OPEN
from stepladder.exchange.workbook.columns import Columns
from stepladder.exchange.workbook.formulas import on_sheet, quoted, said
from stepladder.exchange.workbook.frame import KEPT, Check, Frame, put_formula
from stepladder.exchange.workbook.grid import Grid
from stepladder.exchange.workbook.limits import put_limits
from stepladder.exchange.workbook.renewals import of_period
from stepladder.exchange.xlsx_sheet import put_text
from stepladder.wording.language import _, mark

SHEET = mark("People")


def write(frame: Frame) -> tuple[Check, ...]:
    """All teams, and the steps in work."""
    grid = Grid(frame, frame.sheet(SHEET))
    grid.head(_("Person-days"), _("Check"))
    checks: list[Check] = []
    row = 2
    for k, team in enumerate(frame.plan.teams):
        row, found = _team(grid, row, k, team)
        checks += found
        row += 1
    row, found = _in_work(grid, row)
    grid.print_to(row)
    return (*checks, *found)


def _team(grid: Grid, row: int, k: int, team: str) -> tuple[int, list[Check]]:
    plan, told = grid.frame.plan, grid.frame.plan.workings
    none = (0.0,) * len(plan.periods)
    still, fixed, title = told.open.get(team, none), told.fixed.get(team, none), plan.teams[team]
    running = k in Columns(plan).running

    def days(t: int) -> str:
        """Shares of the steps that are worked on, and what those that are finished take."""
        at = grid.number(t)
        text = f'SUMIFS(step_days_share_{k},step_first,"<="&{at},step_last,">="&{at})'
        if running:
            still = f"step_state,{quoted(_(OPEN))}"
            text += f'+SUMIFS(step_days_a_year_{k},step_last,"<"&{at},{still})*INDEX(period_years,{at})'
        return text + of_period(plan, at, f"days {k}")

    formula: Callable[[int], str] = days
    if any(fixed):
        grid.put(row, _("{team}, open steps", team=title), still, days, days=True)
        grid.put(row + 1, _("{team}, done or running steps", team=title), fixed, days=True)
        above = row
        formula = lambda t: f"{grid.cell(above, t)}+{grid.cell(above + 1, t)}"  # noqa: E731
        row += 2
    used = [math.fsum(pair) for pair in zip(still, fixed, strict=True)]
    grid.put(row, title, used, formula, days=True, strong=True)
    limits = [limit for limit in told.limits if limit.resource == team]
    return put_limits(grid, row + 1, title, row, used, limits, days=True)


def _in_work(grid: Grid, row: int) -> tuple[int, list[Check]]:
    """Steps in work at once, and how many may be."""
    plan, sheet, looks = grid.frame.plan, grid.sheet, grid.frame.looks
    most = plan.workings.parallel
    counts = [sum(item.first <= t <= item.last for item in plan.items) for t in range(len(plan.periods))]
    put_text(sheet, row, 0, _("Steps in work"), looks["bold"])
    for t, count in enumerate(counts):
        at = grid.number(t)
        text = f'COUNTIFS(step_first,"<="&{at},step_last,">="&{at})'
        put_formula(sheet, row, grid.periods[t], text, looks["level"], count)
    if most is None:
        return row, []
    put_text(sheet, row + 1, 0, _("Of at most"), looks["text"])
    put_text(sheet, row + 2, 0, _("Room"), looks["text"])
    for t, limit in enumerate(most):
        sheet.write_number(row + 1, grid.periods[t], limit, looks["in_whole"])
        room = f"{grid.cell(row + 1, t)}-{grid.cell(row, t)}"
        put_formula(sheet, row + 2, grid.periods[t], room, looks["level"], limit - counts[t])
    cells = grid.row(row + 2)
    place = f"MATCH(MIN({cells}),{cells},0)"
    short = said(
        _("broken in {period}: {count} too many"), period=f"INDEX({grid.row(0)},{place})", count=f"-MIN({cells})"
    )
    put_formula(sheet, row + 2, 1, f"IF(MIN({cells})<0,{short},{quoted(_(KEPT))})", looks["wrap"], _(KEPT))
    cell = xl_rowcol_to_cell(row + 2, 1, row_abs=True, col_abs=True)
    return row + 2, [Check(_("Steps in work at once"), on_sheet(_(SHEET), cell))]
