"""Insurance in a workbook: a row for each policy year in which a policy is in force, with its premium."""

from __future__ import annotations

import datetime
import math

from xlsxwriter.utility import xl_range
from xlsxwriter.worksheet import Worksheet

from stepladder.exchange.items import Breakdown
from stepladder.exchange.xlsx_sheet import Looks, fit_row, put_text, write_head
from stepladder.wording.language import _, mark

#: What the sheet is called.
SHEET = mark("Insurance")


def write_insurance(plan: Breakdown, sheet: Worksheet, looks: Looks) -> None:
    """Dated renewals; their sum is a formula, and they are part of the running cost of their periods."""
    unit = f" ({plan.currency})" if plan.currency else ""
    titles = (_("Id"), _("Policy year"), _("From"), _("Until"), f"{_('Premium')}{unit}", _("Needs"), _("External id"))
    widths = (13, 50, 11, 11, 14, 30, 40)
    write_head(sheet, looks, titles, widths, len(plan.premiums))
    for row, premium in enumerate(plan.premiums, start=1):
        needs = " ".join(plan.by_id[need].mark for need in premium.needs)
        fit_row(sheet, row, [(premium.title, widths[1]), (needs, widths[5])])
        for column, text in ((0, premium.mark), (1, premium.title), (5, needs), (6, premium.id)):
            put_text(sheet, row, column, text, looks["text" if column in (0, 6) else "wrap"])
        for column, day in ((2, premium.start), (3, premium.finish)):
            sheet.write_datetime(row, column, datetime.datetime.combine(day, datetime.time()), looks["date"])
        sheet.write_number(row, 4, premium.amount, looks["money"])
    last = len(plan.premiums)
    put_text(sheet, last + 2, 1, _("Total"), looks["label"])
    whole = math.fsum(premium.amount for premium in plan.premiums)
    sheet.write_formula(last + 2, 4, f"=SUM({xl_range(1, 4, last, 4)})", looks["total"], whole)
