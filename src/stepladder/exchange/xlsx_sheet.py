"""What all sheets of a workbook share: looks, texts, column titles, heights, paper."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format as Look
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from stepladder.data.formats import money
from stepladder.wording import marks
from stepladder.wording.paper import date_format, money_format, paper

#: Points of a line, and of the highest row that Excel has.
LINE, MOST = 15.0, 405.0
#: Excel's longest text in a cell, and in a header or footer.
LONGEST, LONGEST_MARGIN = 32_000, 200
#: Excel's numbers for paper.
PAPERS = {"Letter": 1, "A4": 9}

#: Fonts, fills and number formats, by name.
Looks = dict[str, Look]

_HEAD = {"bold": True, "bg_color": "#1F3A5F", "font_color": "#FFFFFF", "text_wrap": True, "valign": "top", "border": 1}
#: What may be changed is blue on yellow, as finance people have it.
_INPUT = {"font_color": "#1F3FBF", "bg_color": "#FFF9DB", "valign": "top"}
_TOTAL = {"bold": True, "top": 1}


#: Looks without money or days.
_FIXED: dict[str, dict[str, Any]] = {
    "head": _HEAD,
    "head_up": {**_HEAD, "rotation": 90, "align": "center", "valign": "bottom"},
    "head_number": {**_HEAD, "align": "right"},
    "text": {"valign": "top"},
    "wrap": {"text_wrap": True, "valign": "top"},
    "level": {"num_format": "0", "valign": "top"},
    "share": {"num_format": "0%", "valign": "top"},
    "middle": {"align": "center", "valign": "top"},
    "label": _TOTAL,
    "quiet": {"font_color": "#7F7F7F", "font_size": 8, "valign": "top"},
    "note": {"font_color": "#595959", "italic": True, "text_wrap": True, "valign": "top"},
    "bar": {"bg_color": "#2E75B6", "font_color": "#2E75B6", "align": "center"},
    "bar_done": {"bg_color": "#9DC3E6", "font_color": "#9DC3E6", "align": "center"},
    "hidden": {"font_color": "#FFFFFF", "font_size": 8},
    "cell": {"align": "center"},
    "title": {"bold": True, "font_size": 16},
    "over": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    "just": {"bg_color": "#FFEB9C"},
    "verdict": {"bold": True, "text_wrap": True, "valign": "vcenter", "border": 1, "bg_color": "#E2F0D9"},
    "bold": {"bold": True, "valign": "top"},
}


def looks_of(book: Workbook, currency: str) -> Looks:
    """Fonts, fills and number formats, by name."""
    days = "#,##0.##"
    short = money_format(currency, 0)
    # No currency in the cells where it stands above them.
    plain = f"#,##{money.text(0, currency)}"
    looks: dict[str, dict[str, Any]] = {
        **_FIXED,
        "date": {"num_format": date_format(), "valign": "top"},
        "money": {"num_format": plain, "valign": "top"},
        "days": {"num_format": days, "valign": "top"},
        "short": {"num_format": "#,##0", "valign": "top"},
        "short_days": {"num_format": days, "valign": "top"},
        "sum": {"num_format": "#,##0", **_TOTAL},
        "sum_days": {"num_format": days, **_TOTAL},
        "total": {"num_format": plain, **_TOTAL},
        "total_days": {"num_format": days, **_TOTAL},
        "fact": {"num_format": short, "valign": "top"},
        "fact_total": {"num_format": short, **_TOTAL},
        "in_text": {**_INPUT, "num_format": "@", "align": "center"},
        "in_whole": {**_INPUT, "num_format": "0", "align": "center"},
        "in_money": {**_INPUT, "num_format": plain},
        "in_short": {**_INPUT, "num_format": "#,##0"},
        "in_days": {**_INPUT, "num_format": days},
        "year": {"num_format": "#,##0", "bold": True, "bg_color": "#EEF3F8", "valign": "top"},
        "year_days": {"num_format": days, "bold": True, "bg_color": "#EEF3F8", "valign": "top"},
    }
    return {name: book.add_format(how) for name, how in looks.items()}


class _Plain(Worksheet):  # type: ignore[misc]
    """A sheet whose formulas are taken as they are."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:
        """The library looks for thirty new functions in every formula; ours have none, and a workbook of a thousand
        steps takes half the time. Where the library no longer asks this way, it is only slower.
        """
        del expand_future_functions
        return formula.removeprefix("=")


def add_sheet(book: Workbook, name: str, title: str = "") -> Worksheet:
    """A sheet that prints across, as wide as one page, its title, its own name and the page's number below."""
    sheet: Worksheet = book.add_worksheet(name, _Plain)
    sheet.set_landscape()
    sheet.set_paper(PAPERS[paper()])
    sheet.fit_to_pages(1, 0)
    # An ampersand begins a command there; one of people's is written as two, and none stands cut in half.
    shown = marks.xml(" ".join(title.split()))[: LONGEST_MARGIN // 2].replace("&", "&&")
    sheet.set_footer(f"&L&8 {shown}&C&8 &A&R&8 &P / &N")
    return sheet


def put_text(sheet: Worksheet, row: int, column: int, text: str, look: Look) -> None:
    """Text as text, whatever it looks like."""
    sheet.write_string(row, column, marks.xml(text)[:LONGEST], look)


def write_head(
    sheet: Worksheet,
    looks: Looks,
    titles: Sequence[str],
    widths: Sequence[float],
    rows: int,
    *,
    freeze: int = 2,
    printed: int = 0,
    totals: int = 2,
) -> None:
    """Column titles, frozen and with filters, repeated on every printed page; the print area is what is filled, up
    to as many columns, and so many rows below them.
    """
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, width)
        put_text(sheet, 0, column, title, looks["head"])
    sheet.set_row(0, 2 * LINE)
    sheet.freeze_panes(1, freeze)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(rows, 1), len(titles) - 1)
    sheet.print_area(0, 0, max(rows, 1) + totals, (printed or len(titles)) - 1)


def wide(title: str, width: float) -> float:
    """A column's width, and no less than the longest word of its title: in some languages words are long."""
    longest = max(map(len, re.split(r"[\s-]+", title)))
    return longest + 1 if longest > width else width


def fit_row(sheet: Worksheet, row: int, cells: Sequence[tuple[str, float]]) -> None:
    """As high as its longest text needs in its column; not every program finds that out by itself."""
    lines = max(1, *(-(-len(text) // max(1, int(width * 0.95))) for text, width in cells))
    sheet.set_row(row, min(MOST, LINE * lines))
