"""Rows over periods: a column for each, one for each fiscal year, their total, and what goes on afterwards."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

from xlsxwriter.utility import xl_col_to_name, xl_range_abs, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from stepladder.exchange.workbook.frame import Frame, put_formula
from stepladder.exchange.xlsx_sheet import put_text
from stepladder.wording.language import _

#: With more periods than this they are folded away under their years.
FOLDED = 16
#: The row that has the numbers of the periods, by which formulas find them.
NUMBERS = 1
_LEADING = 2


@dataclass(frozen=True)
class Grid:
    """A sheet with periods across."""

    frame: Frame
    sheet: Worksheet

    @cached_property
    def _spans(self) -> list[tuple[str, list[int]]]:
        """Fiscal years and their periods; periods alone where the plan has no years."""
        plan = self.frame.plan
        return [
            (phase.title, [t for t, period in enumerate(plan.periods) if phase.start <= period.start <= phase.finish])
            for phase in plan.phases
        ]

    @cached_property
    def by_year(self) -> bool:
        """Whether years have columns of their own."""
        return any(len(inside) > 1 for _name, inside in self._spans)

    @cached_property
    def periods(self) -> tuple[int, ...]:
        """Column of each period."""
        columns, at = [], _LEADING
        for _name, inside in self._spans:
            columns += list(range(at, at + len(inside)))
            at += len(inside) + self.by_year
        return tuple(columns)

    @cached_property
    def years(self) -> tuple[tuple[int, tuple[int, ...], str], ...]:
        """Column, periods and name of each year that has a column."""
        if not self.by_year:
            return ()
        return tuple((self.periods[inside[-1]] + 1, tuple(inside), name) for name, inside in self._spans if inside)

    @property
    def total(self) -> int:
        """The column of the total."""
        return self.periods[-1] + 1 + self.by_year

    @property
    def after(self) -> int:
        """The column of a year afterwards."""
        return self.total + 1

    def head(self, first: str, second: str, after: str = "") -> None:
        """Titles, and the numbers of the periods below them; many periods are folded away under their years."""
        sheet, looks, names = self.sheet, self.frame.looks, self.frame.plan.workings.names
        put_text(sheet, 0, 0, first, looks["head"])
        put_text(sheet, 0, 1, second, looks["head"])
        put_text(sheet, NUMBERS, 0, _("No. of period"), looks["quiet"])
        fold = len(names) > FOLDED and self.by_year
        for t, column in enumerate(self.periods):
            put_text(sheet, 0, column, names[t], looks["head_number"])
            sheet.write_number(NUMBERS, column, t + 1, looks["quiet"])
            sheet.set_column(column, column, 10, None, {"level": 1, "hidden": fold} if self.by_year else {})
        for column, _inside, name in self.years:
            put_text(sheet, 0, column, name, looks["head_number"])
            sheet.set_column(column, column, 11, None, {"collapsed": fold})
        put_text(sheet, 0, self.total, _("Total"), looks["head_number"])
        last = self.total
        if after:
            last = self.after
            put_text(sheet, 0, last, after, looks["head_number"])
        sheet.set_column(0, 0, 36)
        sheet.set_column(1, 1, 24)
        sheet.set_column(self.total, last, 12)
        sheet.set_row(0, 30)
        sheet.freeze_panes(2, 1)
        sheet.repeat_rows(0, NUMBERS)
        sheet.repeat_columns(0)

    def numbers(self) -> str:
        """The cells with the periods' numbers."""
        return str(xl_range_abs(NUMBERS, self.periods[0], NUMBERS, self.periods[-1]))

    def row(self, row: int) -> str:
        """A row's cells from the first to the last period, years between them included."""
        return str(xl_range_abs(row, self.periods[0], row, self.periods[-1]))

    def number(self, t: int) -> str:
        """The cell with a period's number."""
        return str(xl_rowcol_to_cell(NUMBERS, self.periods[t], row_abs=True))

    def cell(self, row: int, t: int) -> str:
        """A period's cell in a row."""
        return str(xl_rowcol_to_cell(row, self.periods[t]))

    def put(
        self,
        row: int,
        name: str,
        values: Sequence[float],
        formula: Callable[[int], str] | None = None,
        *,
        days: bool = False,
        strong: bool = False,
        last: bool = False,
    ) -> None:
        """A row: a number or a formula by period, and their sums by year and in all.

        Parameters
        ----------
        row, name
            Where, and what it is called.
        values
            By period, in currency or person-days.
        formula
            What finds a period's value; the values are written as numbers when left out.
        days, strong
            Whether these are person-days; and whether the row is a sum of others.
        last
            Whether a year is what its last period is, and there is no total, as of what stands and does not add up.
        """
        sheet, looks = self.sheet, self.frame.looks
        look = looks[("sum" if strong else "short") + ("_days" if days else "")]
        year_look = looks["year_days" if days else "year"]
        put_text(sheet, row, 0, name, looks["label" if strong else "text"])
        for t, column in enumerate(self.periods):
            if formula is None:
                sheet.write_number(row, column, values[t], look)
            else:
                put_formula(sheet, row, column, formula(t), look, values[t])
        for column, inside, _name in self.years:
            first, end = (xl_col_to_name(self.periods[t]) for t in (inside[0], inside[-1]))
            text = f"{end}{row + 1}" if last else f"SUM({first}{row + 1}:{end}{row + 1})"
            comes_to = values[inside[-1]] if last else math.fsum(values[t] for t in inside)
            put_formula(sheet, row, column, text, year_look, comes_to)
        if not last:
            self._total(row, values, year_look)

    def _total(self, row: int, values: Sequence[float], look: object) -> None:
        """The sum of a row's periods, which the years between them are no part of."""
        cells = f'SUMIFS({self.row(row)},{self.numbers()},">0")'
        put_formula(self.sheet, row, self.total, cells, look, math.fsum(values))

    def print_to(self, row: int, after: bool = False) -> None:
        """What is printed: all down to a row."""
        self.sheet.print_area(0, 0, row, self.after if after else self.total)
