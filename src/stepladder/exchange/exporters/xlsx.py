"""A workbook that counts: what is changed on its roadmap moves the Gantt, money, people and the summary, and a check
says which limit that breaks.
"""

from __future__ import annotations

import datetime
import io

import xlsxwriter

from stepladder.exchange.formats import Format
from stepladder.exchange.items import Breakdown
from stepladder.exchange.workbook import below, gantt, money, people, roadmap, summary, texts
from stepladder.exchange.workbook.frame import Frame
from stepladder.exchange.xlsx_insurance import SHEET as INSURANCE
from stepladder.exchange.xlsx_insurance import write_insurance
from stepladder.exchange.xlsx_sheet import looks_of


def xlsx(plan: Breakdown) -> bytes:
    """Text is written as text, whatever it looks like; what is counted is a formula, with the plan's figure as what it
    comes to.
    """
    memory = io.BytesIO()
    book = xlsxwriter.Workbook(
        memory, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    # No clock: the same plan gives the same file.
    book.set_properties({"title": plan.title, "created": datetime.datetime.combine(plan.start, datetime.time())})
    book.set_calc_mode("auto")
    frame = Frame(plan, book, looks_of(book, plan.currency))
    front = frame.sheet(below.SHEET)
    steps = roadmap.write(frame)
    gantt.write(frame)
    spent, rows, grid = money.write(frame)
    if plan.premiums:
        write_insurance(plan, frame.sheet(INSURANCE), frame.looks)
    worked = people.write(frame)
    fall, line = texts.threats(frame)
    texts.maturity(frame)
    texts.left_out(frame)
    texts.assumptions(frame)
    texts.periods(frame)
    summary.write(frame, front, (*spent, *worked, *steps), summary.Sources(grid, rows, fall, line))
    book.close()
    return memory.getvalue()


FORMAT = Format("xlsx", "Excel, LibreOffice", ".xlsx", xlsx, by_locale=True)
