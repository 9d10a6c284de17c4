"""Limits on a sheet over periods: what each period adds to them, what is left, and whether they are kept."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter.utility import xl_rowcol_to_cell

from stepladder.data.formats.money import digits
from stepladder.exchange.workbook.formulas import on_sheet, quoted, said
from stepladder.exchange.workbook.frame import KEPT, Check, put_formula
from stepladder.exchange.workbook.grid import Grid
from stepladder.exchange.workings import Limit
from stepladder.exchange.xlsx_sheet import put_text
from stepladder.wording.language import _


@dataclass(frozen=True)
class Run:
    """Limits that begin in the same period: so much is there from then to the end of each, and so the difference
    comes with the last of its periods.

    Attributes
    ----------
    first
        The period in which all of them begin.
    steps
        Each limit's last period, what it adds to the one before it, and the limit.
    """

    first: int
    steps: tuple[tuple[int, float, float], ...]


def runs_of(limits: Sequence[Limit]) -> list[list[Run]]:
    """A resource's limits as runs, in as few rows as hold them beside each other."""
    least: dict[tuple[int, int], float] = {}
    for limit in limits:
        place = limit.first, limit.last
        least[place] = min(limit.amount, least.get(place, math.inf))
    rows: list[list[Run]] = []
    for first in sorted({first for first, _last in least}):
        before, steps = 0.0, []
        for (begin, last), amount in sorted(least.items()):
            if begin == first:
                steps.append((last, float(Fraction(repr(amount)) - Fraction(repr(before))), amount))
                before = amount
        run = Run(first, tuple(steps))
        home = next((row for row in rows if row[-1].steps[-1][0] < run.steps[0][0]), None)
        if home is None:
            rows.append(home := [])
        home.append(run)
    return rows


def put_limits(
    grid: Grid, row: int, name: str, used: int, amounts: Sequence[float], limits: Sequence[Limit], *, days: bool
) -> tuple[int, list[Check]]:
    """Two rows for each row of runs: what is added, which may be changed, and what is left; and a check.

    Parameters
    ----------
    grid, row
        Where the first of them goes.
    name
        What is limited.
    used, amounts
        The row that says what each period uses, and what that is.
    limits
        The resource's limits.
    days
        Whether these are person-days.

    Returns
    -------
    next_row, checks
        The next free row, and a check for each row of runs.
    """
    checks = []
    for runs in runs_of(limits):
        _added(grid, row, name, runs, days=days)
        _left(grid, row, used, amounts, runs, days=days)
        checks.append(_check(grid, row + 1, name, days=days))
        row += 2
    return row, checks


def _added(grid: Grid, row: int, name: str, runs: Sequence[Run], *, days: bool) -> None:
    """What each period adds to a limit; where that counts from is said."""
    looks, names = grid.frame.looks, grid.frame.plan.workings.names
    pooled = any(run.steps[0][0] != run.first or len(run.steps) > 1 for run in runs)
    put_text(grid.sheet, row, 0, _("Limit, {name}", name=name), looks["text"])
    since = ", ".join(dict.fromkeys(names[run.first] for run in runs))
    words = _("counts from {periods}", periods=since) if pooled else _("for each period")
    put_text(grid.sheet, row, 1, words if len(words) < 60 else _("for several periods each"), looks["quiet"])
    for run in runs:
        for last, added, _limit in run.steps:
            grid.sheet.write_number(row, grid.periods[last], added, looks["in_days" if days else "in_short"])


def _left(grid: Grid, row: int, used: int, amounts: Sequence[float], runs: Sequence[Run], *, days: bool) -> None:
    """What is left of each limit where it ends."""
    numbers, looks = grid.numbers(), grid.frame.looks
    put_text(grid.sheet, row + 1, 0, _("Left"), looks["text"])
    for run in runs:
        for last, _added, limit in run.steps:
            ends = (
                f'SUMIFS({grid.row(at)},{numbers},">="&{since + 1},{numbers},"<="&{last + 1})'
                for at, since in ((row, run.steps[0][0]), (used, run.first))
            )
            left = limit - math.fsum(amounts[run.first : last + 1])
            put_formula(
                grid.sheet, row + 1, grid.periods[last], "-".join(ends), looks["short_days" if days else "short"], left
            )
    least = 0.005 if days else 0.5 / 10 ** digits(grid.frame.plan.currency)
    grid.sheet.conditional_format(
        row + 1,
        grid.periods[0],
        row + 1,
        grid.periods[-1],
        {"type": "cell", "criteria": "<", "value": -least, "format": looks["over"]},
    )


def _check(grid: Grid, row: int, name: str, *, days: bool) -> Check:
    """Beside what is left: whether it is enough, and where it is short by the most, in words."""
    currency = grid.frame.plan.currency
    least = 0.005 if days else 0.5 / 10 ** digits(currency)
    cells = grid.row(row)
    short = said(
        _("broken in {period} by {days} person-days") if days else _("broken in {period} by {money} {currency}"),
        period=f"INDEX({grid.row(0)},MATCH(MIN({cells}),{cells},0))",
        days=f"FIXED(-MIN({cells}),1)",
        money=f"FIXED(-MIN({cells}),0)",
        currency="plan_currency",
    )
    kept = quoted(_(KEPT))
    put_formula(grid.sheet, row, 1, f"IF(MIN({cells})<-{least},{short},{kept})", grid.frame.looks["wrap"], _(KEPT))
    look = {"type": "cell", "criteria": "!=", "value": kept, "format": grid.frame.looks["over"]}
    grid.sheet.conditional_format(row, 1, row, 1, look)
    cell = xl_rowcol_to_cell(row, 1, row_abs=True, col_abs=True)
    return Check(_("Limit, {name}", name=name), on_sheet(grid.sheet.get_name(), cell))
