"""The sheet *Gantt*: a row for each step, a column for each period, marked by formulas and coloured by their marks."""

from __future__ import annotations

from xlsxwriter.utility import xl_col_to_name
from xlsxwriter.worksheet import Worksheet

from stepladder.exchange.workbook.columns import SHEET, Columns
from stepladder.exchange.workbook.formulas import on_sheet
from stepladder.exchange.workbook.frame import Frame, put_formula
from stepladder.exchange.xlsx_sheet import put_text, write_head
from stepladder.wording import exact
from stepladder.wording.language import _, mark

NAME = mark("Gantt")
MARK, MILESTONE = "■", "◆"
#: With more periods than this their columns are narrow, and their names go upwards.
_WIDE = 14
_LEADING = 2


def write(frame: Frame) -> None:
    """Marks follow *From* and *Periods* of the roadmap; what has begun is paler, and milestones stand below."""
    plan, looks, sheet = frame.plan, frame.looks, frame.sheet(NAME)
    names = plan.workings.names
    narrow = len(names) > _WIDE
    widths = (13, 54, *([2.7 if narrow else 9] * len(names)))
    write_head(sheet, looks, (_("Id"), _("Step"), *names), widths, len(plan.items) + len(plan.milestones), totals=0)
    if narrow:
        sheet.set_row(0, 62)
        for t, name in enumerate(names):
            put_text(sheet, 0, _LEADING + t, name, looks["head_up"])
    for row, item in enumerate(plan.items, start=1):
        put_text(sheet, row, 0, item.mark, looks["text"])
        put_text(sheet, row, 1, item.title, looks["text"])
    _marks(frame, sheet)
    for row, milestone in enumerate(plan.milestones, start=len(plan.items) + 1):
        put_text(sheet, row, 0, milestone.mark, looks["text"])
        put_text(sheet, row, 1, milestone.title, looks["text"])
        t = next((t for t, period in enumerate(plan.periods) if milestone.date <= period.finish), len(plan.periods) - 1)
        put_text(
            sheet, row, _LEADING + t, MILESTONE if narrow else f"{MILESTONE} {exact.day(milestone.date)}", looks["text"]
        )


def _marks(frame: Frame, sheet: Worksheet) -> None:
    plan, columns, count = frame.plan, Columns(frame.plan), len(frame.plan.workings.names)
    first, last = (on_sheet(_(SHEET), f"${xl_col_to_name(columns.at[name])}") for name in ("First", "Last"))
    for row, item in enumerate(plan.items, start=1):
        for t in range(count):
            inside = item.first <= t <= item.last
            if item.state == "open":
                formula = f'IF(AND({first}{row + 1}<={t + 1},{last}{row + 1}>={t + 1}),"{MARK}","")'
                put_formula(sheet, row, _LEADING + t, formula, frame.looks["cell"], MARK if inside else "")
            elif inside:
                # What has begun is fact, and follows nothing.
                put_text(sheet, row, _LEADING + t, MARK, frame.looks["bar_done"])
    if plan.items:
        marked = {"type": "cell", "criteria": "==", "value": f'"{MARK}"'}
        end = _LEADING + count - 1
        sheet.conditional_format(1, _LEADING, len(plan.items), end, {**marked, "format": frame.looks["bar"]})
