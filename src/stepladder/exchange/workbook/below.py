"""What stands below the figures of the summary: charts, milestones, checks, and how to use the workbook."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter.chart import Chart
from xlsxwriter.utility import xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from stepladder.exchange.workbook import columns, gantt, money, people, texts
from stepladder.exchange.workbook.formulas import on_sheet, quoted, said
from stepladder.exchange.workbook.frame import KEPT, Check, Frame, put_day, put_formula
from stepladder.exchange.workbook.grid import FOLDED, Grid
from stepladder.exchange.xlsx_sheet import fit_row, put_text
from stepladder.wording.language import _, mark
from stepladder.wording.text import listed

SHEET = mark("Summary")
FINE = mark("Everything that this workbook counts is kept: money, days, dates and order.")
#: The column of the threats that has what is today.
TODAY = 1
#: Columns of the summary; the one after them has what its formulas need.
_LAST, _MARKS = 6, 7
_WIDE = 139
#: Rows that a chart covers.
_HIGH = 14
_MILESTONES = 40
_USE = mark(
    "What is blue on yellow may be changed: start, periods, money and days of open steps on {roadmap}, limits on"
    " {money} and {people}. All sums, the Gantt and the checks follow."
)
_GRID = {"visible": True, "line": {"color": "#D9D9D9"}}


def paragraph(frame: Frame, sheet: Worksheet, row: int, text: str, look: str) -> None:
    """A text over all columns, as high as it needs."""
    sheet.merge_range(row, 0, row, _LAST, "", frame.looks[look])
    put_text(sheet, row, 0, text, frame.looks[look])
    fit_row(sheet, row, [(text, _WIDE)])


def charts(frame: Frame, sheet: Worksheet, years: tuple[int, int], row: int, fall: tuple[Grid, int]) -> int:
    """Money by year beside the loss over time; the first free row below them."""
    chart, name = frame.book.add_chart({"type": "column", "subtype": "stacked"}), _(SHEET)
    for column, colour in ((1, "#1F3A5F"), (2, "#7FA7D1")):
        chart.add_series(
            {
                "name": [name, years[0] - 1, column],
                "categories": [name, years[0], 0, years[1], 0],
                "values": [name, years[0], column, years[1], column],
                "fill": {"color": colour},
                "gap": 60,
            }
        )
    chart.set_title({"name": _("Money of the plan by year"), "name_font": {"size": 11}})
    chart.set_y_axis({"num_format": "#,##0", "min": 0, "major_gridlines": _GRID})
    chart.set_legend({"position": "bottom"})
    chart.set_size({"width": 520, "height": 270})
    sheet.insert_chart(row, 0, chart, {"description": _("Investment and running cost by fiscal year, stacked.")})
    if frame.plan.workings.losses:
        told = {"description": _("Expected loss a year, by period."), "x_offset": 15}
        sheet.insert_chart(row, 3, _loss(frame, fall), told)
    return row + _HIGH


def _loss(frame: Frame, fall: tuple[Grid, int]) -> Chart:
    """Expected loss a year, from period to period."""
    grid, line = fall
    chart = frame.book.add_chart({"type": "line"})
    # Years stand between the periods, and are what their last period is: they would be points twice.
    between = [year[0] for year in grid.years] if len(grid.periods) > FOLDED else grid.periods
    columns = [TODAY, *(between or grid.periods), grid.total]
    cells = ",".join(_absolute(line, column) for column in columns)
    names = ",".join(_absolute(0, column) for column in columns)
    chart.add_series(
        {
            "name": _("Expected loss a year"),
            "categories": f"=({names})",
            "values": f"=({cells})",
            "line": {"color": "#B03A2E", "width": 2.25},
        }
    )
    chart.set_title({"name": _("Expected loss a year"), "name_font": {"size": 11}})
    chart.set_y_axis({"num_format": "#,##0", "min": 0, "major_gridlines": _GRID})
    chart.set_legend({"none": True})
    chart.set_size({"width": 445, "height": 270})
    # Months are folded away, and belong to the chart all the same.
    chart.show_hidden_data()
    return chart


def _absolute(row: int, column: int) -> str:
    return on_sheet(_(texts.THREATS), xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def milestones(frame: Frame, sheet: Worksheet, row: int) -> int:
    """Each milestone with its date, and with the day on which the last of its steps is finished now."""
    plan, looks = frame.plan, frame.looks
    if not plan.milestones:
        return row
    heads = (_("Milestones"), _("Date"), _("Its steps end"), _("Days between"), _("Why then"))
    for column in range(_LAST + 1):
        put_text(sheet, row, column, heads[column] if column < len(heads) else "", looks["head"])
    rows = {item.id: line for line, item in enumerate(plan.items, start=1)}
    for k, milestone in enumerate(plan.milestones[:_MILESTONES], start=row + 1):
        put_text(sheet, k, 0, milestone.title, looks["wrap"])
        fit_row(sheet, k, [(milestone.title, 42), (milestone.reason, 48)])
        put_day(sheet, k, 1, milestone.date, looks["date"])
        sheet.merge_range(k, 4, k, _LAST, "", looks["wrap"])
        put_text(sheet, k, 4, milestone.reason, looks["wrap"])
        inside = [plan.by_id[name] for name in milestone.items if name in rows]
        if inside:
            end = plan.periods[max(item.last for item in inside)].finish
            cells = _last_of([rows[item.id] for item in inside])
            put_formula(sheet, k, 2, f'IFERROR(INDEX(period_last_days,{cells}),"?")', looks["date"], end)
            days = f'IFERROR(B{k + 1}-C{k + 1},"?")'
            put_formula(sheet, k, 3, days, looks["middle"], (milestone.date - end).days)
        else:
            put_text(sheet, k, 2, _("no step"), looks["text"])
    just = {"type": "cell", "criteria": "==", "value": 0, "format": looks["just"]}
    sheet.conditional_format(row + 1, 3, row + len(plan.milestones), 3, just)
    late = {"type": "cell", "criteria": "<", "value": 0, "format": looks["over"]}
    sheet.conditional_format(row + 1, 3, row + len(plan.milestones), 3, late)
    below = row + min(_MILESTONES, len(plan.milestones)) + 1
    if len(plan.milestones) > _MILESTONES:
        more = {"count": str(len(plan.milestones) - _MILESTONES), "sheet": _(gantt.NAME)}
        put_text(sheet, below, 0, _("and {count} more, on the sheet {sheet}", **more), looks["quiet"])
        below += 1
    return below


def _last_of(rows: Sequence[int]) -> str:
    """The last period of some steps: rows that follow each other as a range, so that the formula stays short."""
    spans: list[list[int]] = []
    for row in sorted(rows):
        if spans and row == spans[-1][1] + 1:
            spans[-1][1] = row
        else:
            spans.append([row, row])
    parts = [f"INDEX(step_last,{first}):INDEX(step_last,{last})" for first, last in spans]
    # So many parts a function takes; more are taken together.
    while len(parts) > 1:
        parts = [f"MAX({','.join(parts[k : k + 60])})" for k in range(0, len(parts), 60)]
    return parts[0] if parts[0].startswith("MAX") else f"MAX({parts[0]})"


def checks(frame: Frame, sheet: Worksheet, row: int, found: Sequence[Check]) -> int:
    """A row for each check, in words; the last row of them."""
    looks, kept = frame.looks, _(KEPT)
    sheet.merge_range(row, 1, row, _LAST, "", looks["head"])
    put_text(sheet, row, 0, _("Checks"), looks["head"])
    put_text(sheet, row, 1, _("Kept, or what is broken"), looks["head"])
    for k, check in enumerate(found, start=row + 1):
        put_text(sheet, k, 0, check.title, looks["text"])
        sheet.merge_range(k, 1, k, _LAST, "", looks["text"])
        put_formula(sheet, k, 1, check.cell, looks["text"], kept)
        put_formula(sheet, k, _MARKS, f"IF(B{k + 1}={quoted(kept)},0,1)", looks["hidden"], 0)
    end = row + len(found)
    broken = {"type": "cell", "criteria": "!=", "value": quoted(kept), "format": looks["over"]}
    sheet.conditional_format(row + 1, 1, end, 1, broken)
    return end


def notes(frame: Frame, sheet: Worksheet, row: int) -> int:
    """How to use the workbook, and what it does not count; the last row of it."""
    plan = frame.plan
    moved = "SUMPRODUCT(--(step_first<>step_planned))"
    planned = _("Every step starts when the plan has it start: expected losses are those of the plan.")
    others = said(
        _(
            "{count} of the steps start in another period than in the plan: expected losses are still those of the"
            " plan as it was made."
        ),
        count=moved,
    )
    anew = quoted(f" {_('Plan anew to know them.')}")
    words = f"IF({moved}=0,{quoted(planned)},{others}&{anew})"
    sheet.merge_range(row, 0, row, _LAST, "", frame.looks["note"])
    put_formula(sheet, row, 0, words, frame.looks["note"], planned)
    sheets = {"roadmap": _(columns.SHEET), "money": _(money.SHEET), "people": _(people.SHEET)}
    lines = [_(_USE, **sheets)]
    if plan.workings.uncounted:
        uncounted = listed(list(plan.workings.uncounted), len(plan.workings.uncounted))
        lines.append(_("Not counted here: {rules}; stepladder verify and replan do.", rules=uncounted))
    for line in lines:
        row += 1
        paragraph(frame, sheet, row, line, "note")
    return row
