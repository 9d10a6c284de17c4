"""What every sheet is given, and cells with formulas, which hold what they come to as well."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from stepladder.exchange.items import Breakdown
from stepladder.exchange.workbook.formulas import on_sheet
from stepladder.exchange.xlsx_sheet import Looks, add_sheet
from stepladder.wording.language import _, mark

#: What a check says where nothing is wrong; formulas compare with it.
KEPT = mark("kept")


@dataclass(frozen=True)
class Frame:
    """The plan, the workbook, and its looks by name."""

    plan: Breakdown
    book: Workbook
    looks: Looks

    def sheet(self, name: str) -> Worksheet:
        """A new sheet that prints well, by its English name."""
        return add_sheet(self.book, _(name), self.plan.title)

    def named(self, name: str, sheet: str, cells: str) -> None:
        """Give cells of a sheet, such as ``$B$2:$B$9``, a name that formulas use; the sheet by its English name."""
        self.book.define_name(name, f"={on_sheet(_(sheet), cells)}")

    @property
    def unit(self) -> str:
        """The currency, to follow the title of a column."""
        return f" ({self.plan.currency})" if self.plan.currency else ""

    @property
    def rows(self) -> int:
        """How many rows ranges over steps have; one where there is no step."""
        return max(1, len(self.plan.items))


@dataclass(frozen=True)
class Check:
    """A check that a sheet makes: what it is of, and the cell that says that it is kept or what is broken, in words."""

    title: str
    cell: str


def put_formula(
    sheet: Worksheet, row: int, column: int, formula: str, look: object, value: float | str | datetime.date
) -> None:
    """A formula, and what it comes to in the plan, for programs that do not count. No text of people is in it."""
    if isinstance(value, datetime.date):
        value = float((value - datetime.date(1899, 12, 30)).days)
    sheet.write_formula(row, column, f"={formula}", look, value)


def put_day(sheet: Worksheet, row: int, column: int, day: datetime.date, look: object) -> None:
    """A day as a date."""
    sheet.write_datetime(row, column, datetime.datetime.combine(day, datetime.time()), look)
