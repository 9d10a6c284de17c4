"""A workbook: roadmap, Gantt, money and capacity with live totals, maturity before and after, assumptions with their
sources.
"""

from __future__ import annotations

import datetime
import io
import math
from collections.abc import Sequence

import xlsxwriter
from xlsxwriter.utility import xl_col_to_name, xl_range
from xlsxwriter.worksheet import Worksheet

from stepladder.data.formats import money
from stepladder.data.formats.problem import MONEY
from stepladder.exchange.exporters.xlsx_sheet import Looks, add_sheet, fit_row, looks_of, put_text, write_head
from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown, Item


def xlsx(plan: Breakdown) -> bytes:
    """Text is written as text, whatever it looks like; totals are formulas, with the plan's figures as what they
    come to.
    """
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # No clock: the same plan gives the same file.
    book.set_properties({"title": plan.title, "created": datetime.datetime.combine(plan.start, datetime.time())})
    looks = looks_of(book, plan.currency)
    _roadmap(plan, add_sheet(book, "Roadmap"), looks)
    _gantt(plan, add_sheet(book, "Gantt"), looks)
    _periods(plan, add_sheet(book, "Money and capacity"), looks)
    _maturity(plan, add_sheet(book, "Maturity"), looks)
    _assumptions(plan, add_sheet(book, "Assumptions"), looks)
    book.close()
    return memory.getvalue()


_COLUMNS = (
    *("Id", "Step", "System", "Phase", "Owner", "Start", "Finish", "Once{}", "Per year{}", "Person-days"),
    *("Needs", "Why", "State", "Done on", "Spent{}", "External id"),
)


def _roadmap(plan: Breakdown, sheet: Worksheet, looks: Looks) -> None:
    """A row for each step; investment, running cost, person-days and what is invested already are added up below, for
    what the filter shows.
    """
    unit = f" ({plan.currency})" if plan.currency else ""
    titles = tuple(title.format(unit) for title in _COLUMNS)
    widths = (
        13,
        40,
        16 if any(item.system for item in plan.items) else 8,
        9,
        16,
        11,
        11,
        12,
        12,
        9,
        13,
        60,
        9,
        11,
        12,
        40,
    )
    write_head(sheet, looks, titles, widths, len(plan.items), printed=len(titles) - 1)
    for row, item in enumerate(plan.items, start=1):
        _step(plan, sheet, looks, row, item, widths)
    _totals(plan, sheet, looks)


def _step(plan: Breakdown, sheet: Worksheet, looks: Looks, row: int, item: Item, widths: Sequence[float]) -> None:
    needs = " ".join(plan.by_id[need.id].mark for need in item.needs)
    texts = {
        0: item.mark,
        1: item.title,
        2: item.system,
        3: plan.phases[item.phase].title,
        4: item.owner,
        10: needs,
        11: item.reason,
        12: item.state,
        15: item.id,
    }
    fit_row(sheet, row, [(text, widths[column]) for column, text in texts.items() if column != 15])
    for column, text in texts.items():
        put_text(sheet, row, column, text, looks["text" if column in (0, 12, 15) else "wrap"])
    days = ((5, item.start), (6, item.finish), *([(13, item.done_on)] if item.done_on else []))
    for column, day in days:
        sheet.write_datetime(row, column, datetime.datetime.combine(day, datetime.time()), looks["date"])
    amounts = ((7, item.once, "money"), (8, item.per_year, "money"), (14, item.spent, "money"))
    for column, number, look in (*amounts, (9, item.days, "days")):
        sheet.write_number(row, column, number, looks[look])


def _totals(plan: Breakdown, sheet: Worksheet, looks: Looks) -> None:
    last = len(plan.items)
    put_text(sheet, last + 2, 1, "Total of what is shown", looks["label"])
    sums = ((7, "total", [item.once for item in plan.items]), (8, "total", [item.per_year for item in plan.items]))
    spent = (14, "total", [item.spent for item in plan.items])
    for column, look, values in (*sums, spent, (9, "total_days", [item.days for item in plan.items])):
        # 109: a sum of the rows that the filter leaves.
        sheet.write_formula(
            last + 2,
            column,
            f"=SUBTOTAL(109,{xl_range(1, column, max(last, 1), column)})",
            looks[look],
            math.fsum(values),
        )


def _gantt(plan: Breakdown, sheet: Worksheet, looks: Looks) -> None:
    """A row for each step, a column for each period."""
    labels = [period.label for period in plan.periods]
    write_head(
        sheet, looks, ("Id", "Step", *labels), (13, 46, *([9] * len(labels))), len(plan.items) + len(plan.milestones)
    )
    for row, item in enumerate(plan.items, start=1):
        put_text(sheet, row, 0, item.mark, looks["text"])
        put_text(sheet, row, 1, item.title, looks["text"])
        for t in range(item.first, item.last + 1):
            put_text(sheet, row, 2 + t, "■", looks["bar"])
    for row, milestone in enumerate(plan.milestones, start=len(plan.items) + 1):
        put_text(sheet, row, 0, milestone.mark, looks["text"])
        put_text(sheet, row, 1, milestone.title, looks["text"])
        t = next((t for t, period in enumerate(plan.periods) if milestone.date <= period.finish), len(plan.periods) - 1)
        put_text(sheet, row, 2 + t, f"◆ {milestone.date}", looks["text"])


def _periods(plan: Breakdown, sheet: Worksheet, looks: Looks) -> None:
    """A row for each period: money with its limit, each team's person-days with theirs, and what was truly spent
    where that is past. Sums and what is left are formulas.
    """
    teams = list(plan.teams)
    titles = ["Period", "Start", "Finish", "Investment", "Running cost", "Money", "Counts since", "Limit", "Left"]
    for team in teams:
        titles += [f"{plan.teams[team]}, person-days", "Capacity since", "Capacity", "Left"]
    titles += ["Expected loss a year", "Spent, or still planned"]
    write_head(
        sheet,
        looks,
        titles,
        [12, 11, 11, 13, 13, 13, 12, 13, 13, *([12] * (4 * len(teams))), 18, 13],
        len(plan.periods),
        freeze=1,
    )
    last = len(plan.periods)
    for row, period in enumerate(plan.periods, start=1):
        put_text(sheet, row, 0, period.label, looks["text"])
        for column, day in ((1, period.start), (2, period.finish)):
            sheet.write_datetime(row, column, datetime.datetime.combine(day, datetime.time()), looks["date"])
        sheet.write_number(row, 3, period.used[MONEY[1]], looks["money"])
        sheet.write_number(row, 4, period.used[MONEY[2]], looks["money"])
        sheet.write_formula(row, 5, f"=D{row + 1}+E{row + 1}", looks["money"], period.used[MONEY[0]])
        _limit(plan, sheet, looks, row, 5, MONEY[0])
        for k, team in enumerate(teams):
            sheet.write_number(row, 9 + 4 * k, period.used.get(team, 0.0), looks["days"])
            _limit(plan, sheet, looks, row, 9 + 4 * k, team)
        sheet.write_number(row, 9 + 4 * len(teams), period.loss, looks["money"])
        sheet.write_number(row, 10 + 4 * len(teams), period.money, looks["money"])
    put_text(sheet, last + 2, 0, "Total", looks["label"])
    columns = [(3, MONEY[1]), (4, MONEY[2]), (5, MONEY[0]), *((9 + 4 * k, team) for k, team in enumerate(teams))]
    used = {name: [period.used.get(name, 0.0) for period in plan.periods] for _, name in columns}
    sums = [(column, used[name], name in MONEY) for column, name in columns]
    sums.append((10 + 4 * len(teams), [period.money for period in plan.periods], True))
    for column, amounts, paid in sums:
        look = looks["total" if paid else "total_days"]
        sheet.write_formula(last + 2, column, f"=SUM({xl_range(1, column, last, column)})", look, math.fsum(amounts))
    for column, least in ((8, 0.5 / money.units(plan.currency)), *((12 + 4 * k, 0.005) for k in range(len(teams)))):
        sheet.conditional_format(
            1, column, last, column, {"type": "cell", "criteria": "<", "value": -least, "format": looks["over"]}
        )


def _limit(plan: Breakdown, sheet: Worksheet, looks: Looks, row: int, column: int, name: str) -> None:
    """The limit that ends in this period: since when it counts, how much it is, and what is left of it, as a
    formula.
    """
    limit = plan.periods[row - 1].limits.get(name)
    if limit is None:
        return
    since, amount = limit
    used = math.fsum(period.used.get(name, 0.0) for period in plan.periods[since:row])
    put_text(sheet, row, column + 1, plan.periods[since].label, looks["text"])
    look = looks["money" if name in MONEY else "days"]
    sheet.write_number(row, column + 2, amount, look)
    letter, limit_letter = xl_col_to_name(column), xl_col_to_name(column + 2)
    sheet.write_formula(
        row, column + 3, f"={limit_letter}{row + 1}-SUM({letter}{since + 2}:{letter}{row + 1})", look, amount - used
    )


def _maturity(plan: Breakdown, sheet: Worksheet, looks: Looks) -> None:
    """A row for each parameter: level today, planned, and wanted; what is missing is a formula."""
    titles = ("Group", "Practice", "Scale", "System", "Today", "Planned", "Target", "Still missing", "Planned means")
    write_head(sheet, looks, titles, (34, 46, 20, 16, 9, 9, 9, 9, 24), len(plan.parameters))
    for row, (parameter, reached) in enumerate(plan.parameters, start=1):
        for column, text in enumerate(
            (" / ".join(parameter.groups), parameter.practice, parameter.scale, parameter.system or "")
        ):
            put_text(sheet, row, column, text, looks["text"])
        for column, level in ((4, parameter.current), (5, reached), (6, parameter.target)):
            sheet.write_number(row, column, level, looks["level"])
        sheet.write_formula(
            row, 7, f"=MAX(0,G{row + 1}-F{row + 1})", looks["level"], max(0, parameter.target - reached)
        )
        put_text(sheet, row, 8, parameter.levels.get(str(reached), ""), looks["text"])
    last = max(len(plan.parameters), 1)
    sheet.conditional_format(
        1, 4, last, 6, {"type": "3_color_scale", "min_color": "#F8E5E5", "mid_color": "#FFF4CC", "max_color": "#C6E0B4"}
    )


def _assumptions(plan: Breakdown, sheet: Worksheet, looks: Looks) -> None:
    """Where every number comes from, the proof, and what was left out."""
    titles = ("What", "Value", "Written at", "Rests on", "Illustrative")
    write_head(sheet, looks, titles, (60, 16, 40, 70, 12), len(plan.assumptions) + len(plan.left) + 3, freeze=1)
    for row, assumption in enumerate(plan.assumptions, start=1):
        fit_row(sheet, row, [(assumption.source, 70), (assumption.subject, 60)])
        for column, text in enumerate(
            (
                assumption.subject,
                assumption.value,
                assumption.at,
                assumption.source,
                "yes" if assumption.illustrative else "",
            )
        ):
            put_text(sheet, row, column, text, looks["wrap" if column in (0, 3) else "text"])
    row = len(plan.assumptions) + 2
    put_text(sheet, row, 0, plan.proof, looks["wrap"])
    fit_row(sheet, row, [(plan.proof, 60)])
    for k, left in enumerate(plan.left, start=row + 1):
        fit_row(sheet, k, [(left.reason, 70)])
        put_text(sheet, k, 0, f"Left out: {left.title}", looks["text"])
        put_text(sheet, k, 3, left.reason, looks["wrap"])


FORMAT = Format("xlsx", "Excel, LibreOffice", ".xlsx", xlsx)
