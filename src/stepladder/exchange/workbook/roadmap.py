"""The sheet *Roadmap*: a row for each step, with what may be changed, and what the other sheets count with."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial

from xlsxwriter.utility import xl_col_to_name, xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from stepladder.data.formats.money import digits
from stepladder.exchange.items import OPEN, Breakdown, Item
from stepladder.exchange.workbook.columns import MONEY, SHEET, Columns
from stepladder.exchange.workbook.formulas import on_sheet, quoted, said
from stepladder.exchange.workbook.frame import KEPT, Check, Frame, put_day, put_formula
from stepladder.exchange.workbook.parts import most, put_parts, unless_in_parts
from stepladder.exchange.workbook.renewals import names_of, put_again
from stepladder.exchange.workings import Wait
from stepladder.exchange.xlsx_sheet import fit_row, put_text, write_head
from stepladder.wording.language import _
from stepladder.wording.words import STATES


def write(frame: Frame) -> tuple[Check, ...]:
    """A row for each step; sums stand below, for what the filter shows."""
    plan, looks = frame.plan, frame.looks
    columns, sheet = Columns(plan), frame.sheet(SHEET)
    names = list(columns.at)
    titles, widths = [columns.title(name) for name in names], [columns.width(name) for name in names]
    printed = columns.at["Milestones"] + 1
    write_head(sheet, looks, titles, widths, len(plan.items), printed=printed, totals=3)
    sheet.set_row(0, 45)
    first = columns.at["First"]
    sheet.set_column(first, len(names) - 1, 10, None, {"level": 1, "hidden": True})
    rows = {item.id: row for row, item in enumerate(plan.items, start=1)}
    for item in plan.items:
        _texts(plan, sheet, frame, columns, rows[item.id], item)
        _figures(plan, sheet, frame, columns, rows[item.id], item)
        _workings(frame, sheet, columns, rows, item)
    _choices(frame, sheet, columns)
    _totals(frame, sheet, columns)
    _names(frame, columns)
    return (_checked(frame, sheet, columns),)


def _texts(plan: Breakdown, sheet: Worksheet, frame: Frame, columns: Columns, row: int, item: Item) -> None:
    milestones = [milestone.mark for milestone in plan.milestones if milestone.id in item.milestones]
    texts = {
        "Id": item.mark,
        "Step": item.title,
        "System": plan.called(item.system),
        "State": _(STATES.get(item.state, OPEN)),
        "Milestones": " ".join(milestones),
        "Phase": plan.phases[item.phase].title,
        "Owner": item.owner,
        "Needs": " ".join(plan.by_id[need.id].mark for need in item.needs),
        "Why": item.reason,
        "External id": item.id,
    }
    wrapped = ("Step", "System", "Milestones")
    fit_row(sheet, row, [(texts[name], columns.width(name)) for name in wrapped])
    for name, text in texts.items():
        put_text(sheet, row, columns.at[name], text, frame.looks["wrap" if name in wrapped else "text"])


def _figures(plan: Breakdown, sheet: Worksheet, frame: Frame, columns: Columns, row: int, item: Item) -> None:
    """What of an open step may be changed: its start, its periods, its money and its days; of others all is fact."""
    at, looks, names, still = columns.at, frame.looks, plan.workings.names, item.state == "open"

    def look(kind: str) -> object:
        """The look of what may be changed, or of what may not."""
        plain = {"in_text": "middle", "in_whole": "middle", "in_money": "money", "in_days": "days"}
        return looks[kind if still else plain[kind]]

    put_text(sheet, row, at["From"], names[item.first], look("in_text"))
    sheet.write_number(row, at["Periods"], item.last - item.first + 1, look("in_whole"))
    sheet.write_number(row, at["Once"], item.once, look("in_money"))
    sheet.write_number(row, at["Per year"], item.per_year, look("in_money"))
    for k, team in enumerate(plan.teams):
        if still or item.effort.get(team):
            sheet.write_number(row, at[f"days {k}"], item.effort.get(team, 0.0), look("in_days"))
    for k in columns.running:
        days = item.effort_per_year.get(tuple(plan.teams)[k], 0.0)
        sheet.write_number(row, at[f"days a year {k}"], days, look("in_days"))
    if plan.teams:
        cells = f"{columns.cell('days 0', row)}:{columns.cell(f'days {len(plan.teams) - 1}', row)}"
        put_formula(sheet, row, at["Person-days"], f"SUM({cells})", looks["days"], item.days)
    else:
        sheet.write_number(row, at["Person-days"], 0, looks["days"])
    sheet.write_number(row, at["Spent"], item.spent, looks["money"])
    if item.done_on:
        put_day(sheet, row, at["Done on"], item.done_on, looks["date"])
    first, last = columns.cell("First", row), columns.cell("Last", row)
    after = quoted(_("after it ends"))
    end = f'IF({last}="","?",IF({last}>ROWS(period_names),{after},INDEX(period_names,{last})))'
    put_formula(sheet, row, at["To"], end, looks["middle"], names[item.last])
    for name, number, ends, day in (
        ("Start", first, "period_starts", item.start),
        ("Finish", last, "period_ends", item.finish),
    ):
        put_formula(sheet, row, at[name], f'IFERROR(INDEX({ends},{number}),"")', looks["date"], day)


def _workings(frame: Frame, sheet: Worksheet, columns: Columns, rows: dict[str, int], item: Item) -> None:
    """Numbers of periods, shares of money and days by period, and what is wrong with a row, in words."""
    plan, looks, row, at = frame.plan, frame.looks["quiet"], rows[item.id], columns.at
    wait = plan.workings.waits.get(item.id, Wait())
    cell = {name: columns.cell(name, row) for name in ("From", "Periods", "First")}
    first, long = cell["First"], cell["Periods"]
    place = f'IFERROR(MATCH({cell["From"]},period_names,0),"")'
    put_formula(sheet, row, at["First"], place, looks, item.first + 1)
    put_formula(sheet, row, at["Last"], f'IF({first}="","",{first}+{long}-1)', looks, item.last + 1)
    ready, comes_to = _ready(columns, rows, wait, plan)
    put_formula(sheet, row, at["Not before"], ready, looks, comes_to)
    if wait.latest is not None:
        sheet.write_number(row, at["Not after"], wait.latest + 1, looks)
    sheet.write_number(row, at["As planned"], item.first + 1, looks)
    put_again(plan, sheet, at, row, item, columns.cell("Last", row), looks)
    if item.state == "open":
        _shares(frame, sheet, columns, row, item)
    words, pinned = _wrong(columns, row), wait.pinned
    if pinned is not None and item.state == "open":
        must = said(_("must start in {period}"), period=f"INDEX(period_names,{pinned + 1})")
        words = f"IF({first}<>{pinned + 1},{must},{words})"
    look = frame.looks["wrap"]
    put_formula(sheet, row, at["Check"], words if item.state == "open" else '""', look, "")


def _shares(frame: Frame, sheet: Worksheet, columns: Columns, row: int, item: Item) -> None:
    """Money in whole smallest units, the rest of it in the last period, as the plan has it; days evenly."""
    plan, look, at = frame.plan, frame.looks["quiet"], columns.at
    long, once, share = (columns.cell(name, row) for name in ("Periods", "Once", "Share"))
    units = 10 ** (many := digits(plan.currency))
    evenly = (0.0,) if item.spread else item.invested or (item.once,)
    cell = partial(columns.cell, row=row)
    each = unless_in_parts(cell, item, f"INT(ROUND({once}*{units},0)/{long})/{units}")
    put_formula(sheet, row, at["Share"], each, look, evenly[0])
    rest = unless_in_parts(cell, item, f"ROUND({once}-{share}*({long}-1),{many})")
    put_formula(sheet, row, at["Last share"], rest, look, evenly[-1])
    if item.spread:
        put_parts(sheet, at, row, item, cell, plan.currency, look)
    for k, team in enumerate(plan.teams):
        days = item.effort.get(team, 0.0) / (item.last - item.first + 1)
        put_formula(sheet, row, at[f"share {k}"], f"{columns.cell(f'days {k}', row)}/{long}", look, days)


def _ready(columns: Columns, rows: dict[str, int], wait: Wait, plan: Breakdown) -> tuple[str, int]:
    """The first period in which what a step needs lets it start, as a formula, and what that comes to."""

    def after(needs: Sequence[tuple[str, int]]) -> list[tuple[str, int]]:
        """By need: the first period after it."""
        return [
            (f"N({columns.cell('Last', rows[name])})+{lag}", plan.by_id[name].last + 1 + lag)
            for name, lag in needs
            if name in rows
        ]

    parts = [(str(wait.earliest + 1), wait.earliest + 1), *after(wait.needs)]
    for group in wait.groups:
        members = after(group)
        parts.append((f"MIN({','.join(text for text, _ in members)})", min(value for _, value in members)))
    # A spreadsheet takes so many parts of a formula at most.
    while len(parts) > 200:
        head, parts = parts[:200], parts[200:]
        parts.append((f"MAX({','.join(text for text, _ in head)})", max(value for _, value in head)))
    return f"MAX({','.join(text for text, _ in parts)})", max(value for _, value in parts)


def _wrong(columns: Columns, row: int) -> str:
    first, last, before, after = (columns.cell(name, row) for name in ("First", "Last", "Not before", "Not after"))
    nowhere, beyond = quoted(_("starts in no period of the plan")), quoted(_("ends after the last period"))
    soonest = f"IFERROR(INDEX(period_names,{before}),{quoted(_('the end'))})"
    early = said(_("starts too early: not before {period}"), period=soonest)
    late = said(_("ends too late: not after {period}"), period=f"INDEX(period_names,{after})")
    return (
        f'IF({first}="",{nowhere},IF({last}>ROWS(period_names),{beyond},'
        f'IF({first}<{before},{early},IF(AND({after}<>"",{last}>{after}),{late},""))))'
    )


def _choices(frame: Frame, sheet: Worksheet, columns: Columns) -> None:
    """What may be typed: a period of the plan, whole periods, and no negative amounts."""
    last, at = frame.rows, columns.at
    sheet.data_validation(1, at["From"], last, at["From"], {"validate": "list", "source": "=period_names"})
    whole = {"validate": "integer", "criteria": ">=", "value": 1}
    sheet.data_validation(1, at["Periods"], last, at["Periods"], whole)
    amount = {"validate": "decimal", "criteria": ">=", "value": 0}
    sheet.data_validation(1, at["Once"], last, at["Person-days"] - 1, amount)
    column = xl_col_to_name(at["Check"])
    wrong = {"type": "formula", "criteria": f'=${column}2<>""', "format": frame.looks["over"]}
    sheet.conditional_format(1, at["Check"], last, at["Check"], wrong)


def _totals(frame: Frame, sheet: Worksheet, columns: Columns) -> None:
    plan, last = frame.plan, frame.rows
    put_text(sheet, last + 2, columns.at["Step"], _("Total of what is shown"), frame.looks["label"])
    sums = {
        "Once": [item.once for item in plan.items],
        "Per year": [item.per_year for item in plan.items],
        "Spent": [item.spent for item in plan.items],
        "Person-days": [item.days for item in plan.items],
    }
    sums |= {f"days {k}": [item.effort.get(team, 0.0) for item in plan.items] for k, team in enumerate(plan.teams)}
    for name, values in sums.items():
        look = frame.looks["total" if name in MONEY else "total_days"]
        column = columns.at[name]
        # 109: a sum of the rows that the filter leaves.
        cells = xl_range(1, column, last, column)
        put_formula(sheet, last + 2, column, f"SUBTOTAL(109,{cells})", look, math.fsum(values))


def _names(frame: Frame, columns: Columns) -> None:
    names = {
        "step_from": "From",
        "step_first": "First",
        "step_last": "Last",
        "step_planned": "As planned",
        "step_share": "Share",
        "step_last_share": "Last share",
        "step_per_year": "Per year",
        "step_days": "Person-days",
        "step_state": "State",
        "step_check": "Check",
        "step_title": "Step",
    }
    names |= names_of(frame.plan)
    names |= {f"step_part_{k}": f"part {k}" for k in range(most(frame.plan))}
    names |= {f"step_days_share_{k}": f"share {k}" for k in range(len(frame.plan.teams))}
    names |= {f"step_days_a_year_{k}": f"days a year {k}" for k in columns.running}
    for name, column in names.items():
        frame.named(name, SHEET, columns.over(column, frame.rows))


def _checked(frame: Frame, sheet: Worksheet, columns: Columns) -> Check:
    """How many steps stand where they may not, below all of them, and the first of them in words."""
    row = frame.rows + 3
    put_text(sheet, row, columns.at["Step"], _("Order and dates"), frame.looks["label"])
    first = 'MATCH("?*",step_check,0)'
    count = 'COUNTIF(step_check,"?*")'
    broken = said(
        _("{count} of them broken; the first: {step} {words}"),
        count=count,
        step=f"INDEX(step_title,{first})",
        words=f"INDEX(step_check,{first})",
    )
    words = f"IF({count}=0,{quoted(_(KEPT))},{broken})"
    put_formula(sheet, row, columns.at["Check"], words, frame.looks["wrap"], _(KEPT))
    cell = xl_rowcol_to_cell(row, columns.at["Check"], row_abs=True, col_abs=True)
    return Check(_("Order and dates of steps"), on_sheet(_(SHEET), cell))
