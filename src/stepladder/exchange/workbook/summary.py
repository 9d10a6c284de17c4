"""The sheet *Summary*: cost and losses, as planned and as the workbook is now, and what is broken."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from xlsxwriter.utility import xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from stepladder.exchange.workbook import below, money, texts
from stepladder.exchange.workbook.formulas import on_sheet, quoted, said
from stepladder.exchange.workbook.frame import KEPT, Check, Frame, put_formula
from stepladder.exchange.workbook.grid import Grid
from stepladder.exchange.xlsx_sheet import put_text
from stepladder.wording.language import _, mark

_PROMISED = mark("Promised")
#: Rows of the money that are shown by year, each with the column that shows it.
_ROWS = {money.INVESTED: money.INVESTED, money.RUNNING: money.RUNNING, money.PLANNED: money.PLANNED}
_ROWS |= {_PROMISED: "promised", money.IN_ALL: money.IN_ALL}
_WIDTHS = (42, 16, 17, 16, 16, 16, 16)
_FACTS = 6


class Sources(NamedTuple):
    """The sheets that are shown again: money and its rows by name, and threats with the row of their sum."""

    money: Grid
    rows: dict[str, int]
    threats: Grid
    fall: int


class Fact(NamedTuple):
    """A figure: its name, what it is in the plan, the cell that counts it, and how it looks."""

    name: str
    value: float
    formula: str
    look: str = "fact"


def write(frame: Frame, sheet: Worksheet, checks: Sequence[Check], sources: Sources) -> None:
    """All of it, on a sheet that stands first."""
    plan, looks = frame.plan, frame.looks
    for column, width in enumerate(_WIDTHS):
        sheet.set_column(column, column, width)
    put_text(sheet, 0, 0, plan.title, looks["title"])
    sheet.set_row(0, 24)
    put_text(sheet, 1, 0, _standing(frame), looks["text"])
    below.paragraph(frame, sheet, 2, plan.proof, "note")
    row = _facts(frame, sheet, _facts_of(frame, sources))
    first, row = row + 2, _years(frame, sheet, row + 2, sources)
    row = below.charts(frame, sheet, (first + 1, row - 1), row + 2, (sources.threats, sources.fall))
    sheet.set_h_pagebreaks([row + 1])
    row = below.milestones(frame, sheet, row + 1)
    first, row = row + 1, below.checks(frame, sheet, row + 1, checks)
    _verdict(frame, sheet, (first + 1, row))
    row = below.notes(frame, sheet, row + 2)
    sheet.print_area(0, 0, row, len(_WIDTHS) - 1)
    sheet.activate()


def _standing(frame: Frame) -> str:
    """The plan's first and last period and its version."""
    plan, names = frame.plan, frame.plan.workings.names
    told = {"first": names[0], "last": names[-1], "version": str(plan.revision)}
    if plan.as_of is None:
        return _("{first} to {last}; version {version}", **told)
    return _("{first} to {last}; version {version}; as of {period}", period=names[plan.as_of], **told)


def _verdict(frame: Frame, sheet: Worksheet, checks: tuple[int, int]) -> None:
    """Above all figures: that every check is kept, or how many are not, and the first of them in words."""
    names, cells = (xl_range_abs(checks[0], column, checks[1], column) for column in (0, 1))
    count = f"SUMPRODUCT(--({cells}<>{quoted(_(KEPT))}))"
    marks = xl_range_abs(checks[0], len(_WIDTHS), checks[1], len(_WIDTHS))
    place = f"MATCH(1,{marks},0)"
    broken = said(
        _("{count} of the checks below broken; the first: {check}: {words}"),
        count=count,
        check=f"INDEX({names},{place})",
        words=f"INDEX({cells},{place})",
    )
    fine = _(below.FINE)
    sheet.merge_range(4, 0, 4, len(_WIDTHS) - 1, "", frame.looks["verdict"])
    put_formula(sheet, 4, 0, f"IF({count}=0,{quoted(fine)},{broken})", frame.looks["verdict"], fine)
    sheet.set_row(4, 32)
    look = {"type": "formula", "criteria": f"=$A$5<>{quoted(fine)}", "format": frame.looks["over"]}
    sheet.conditional_format(4, 0, 4, len(_WIDTHS) - 1, look)
    frame.named("check", below.SHEET, "$A$5")


def _cell(sheet: str, row: int, column: int) -> str:
    """A cell of another sheet, which goes by its English name."""
    return on_sheet(_(sheet), xl_rowcol_to_cell(row, column, row_abs=True, col_abs=True))


def _facts_of(frame: Frame, sources: Sources) -> list[Fact]:
    """The plan's figures, each with the cell that counts it now."""
    plan, rows, grid = frame.plan, sources.rows, sources.money
    used, spent = plan.workings, rows[money.PLANNED]

    def all_of(resource: str) -> float:
        """Within the horizon."""
        return math.fsum((*used.open[resource], *used.fixed[resource]))

    facts = [
        Fact(_("Money within the horizon"), all_of("money"), _cell(money.SHEET, spent, grid.total)),
        Fact(_("of that, investment"), all_of("money_once"), _cell(money.SHEET, rows[money.INVESTED], grid.total)),
        Fact(_("of that, running cost"), all_of("money_per_year"), _cell(money.SHEET, rows[money.RUNNING], grid.total)),
        Fact(_("Cost a year afterwards"), plan.afterwards[0], _cell(money.SHEET, spent, grid.after)),
    ]
    if "promised" in rows:
        promised = math.fsum(period.promised for period in plan.periods)
        in_all = _cell(money.SHEET, rows[money.IN_ALL], grid.after)
        facts.append(Fact(_("Promised beside it"), promised, _cell(money.SHEET, rows["promised"], grid.total)))
        facts.append(Fact(_("Cost a year afterwards, with all that goes on"), plan.afterwards[1], in_all))
    if used.losses:
        today, after = (_cell(texts.THREATS, sources.fall, column) for column in (below.TODAY, sources.threats.total))
        facts.append(Fact(_("Expected loss a year, today"), plan.loss_today, today))
        facts.append(Fact(_("Expected loss a year, afterwards"), plan.loss_after, after))
    if plan.worth is not None:
        facts.append(Fact(_("Worth in points, present value"), plan.worth, repr(plan.worth), "days"))
    days = math.fsum(item.days for item in plan.items)
    return [*facts, Fact(_("Person-days of all steps"), days, "SUM(step_days)", "days")]


def _facts(frame: Frame, sheet: Worksheet, facts: Sequence[Fact]) -> int:
    """Figures as planned and as they are now; the last row of them."""
    looks = frame.looks
    for column, title in enumerate((_("In short"), _("As planned"), _("In this workbook"), _("Difference"))):
        put_text(sheet, _FACTS, column, title, looks["head_number" if column else "head"])
    for row, fact in enumerate(facts, start=_FACTS + 1):
        put_text(sheet, row, 0, fact.name, looks["text"])
        sheet.write_number(row, 1, fact.value, looks[fact.look])
        put_formula(sheet, row, 2, fact.formula, looks[fact.look], fact.value)
        put_formula(sheet, row, 3, f"C{row + 1}-B{row + 1}", looks[fact.look], 0)
    end = _FACTS + len(facts)
    changed = {"type": "formula", "criteria": f"=ABS($D{_FACTS + 2})>=0.5", "format": looks["over"]}
    sheet.conditional_format(_FACTS + 1, 3, end, 3, changed)
    for row, (name, count) in enumerate(
        ((_("Steps planned"), len(frame.plan.items)), (_("Steps left out"), len(frame.plan.left))), start=end + 1
    ):
        put_text(sheet, row, 0, name, looks["text"])
        sheet.write_number(row, 1, count, looks["level"])
    return end + 2


def _years(frame: Frame, sheet: Worksheet, row: int, sources: Sources) -> int:
    """Money by fiscal year, from the sheet that counts it; the row of its total."""
    plan, looks, grid, rows = frame.plan, frame.looks, sources.money, sources.rows
    by_period = _by_period(frame, rows)
    for column, title in enumerate((_("Money by year"), *map(_, by_period))):
        put_text(sheet, row, column, title, looks["head_number" if column else "head"])
    single = tuple((column, (t,), plan.workings.names[t]) for t, column in enumerate(grid.periods))
    places = grid.years or single
    for k, (column, inside, label) in enumerate(places, start=row + 1):
        put_text(sheet, k, 0, label, looks["text"])
        for number, (name, values) in enumerate(by_period.items(), start=1):
            cell = _cell(money.SHEET, rows[_ROWS[name]], column)
            put_formula(sheet, k, number, cell, looks["fact"], math.fsum(values[t] for t in inside))
    end = row + len(places)
    put_text(sheet, end + 1, 0, _("Total"), looks["label"])
    for number, values in enumerate(by_period.values(), start=1):
        cells = xl_range_abs(row + 1, number, end, number)
        put_formula(sheet, end + 1, number, f"SUM({cells})", looks["fact_total"], math.fsum(values))
    return end + 1


def _by_period(frame: Frame, rows: dict[str, int]) -> dict[str, list[float]]:
    """By column of the table of years, what each period holds."""
    used, plan = frame.plan.workings, frame.plan
    named = {money.INVESTED: "money_once", money.RUNNING: "money_per_year", money.PLANNED: "money"}
    found = {
        name: [math.fsum(pair) for pair in zip(used.open[resource], used.fixed[resource], strict=True)]
        for name, resource in named.items()
    }
    if "promised" in rows:
        found[_PROMISED] = [period.promised for period in plan.periods]
        parts = zip(found[money.PLANNED], found[_PROMISED], strict=True)
        found[money.IN_ALL] = [math.fsum(pair) for pair in parts]
    return found
