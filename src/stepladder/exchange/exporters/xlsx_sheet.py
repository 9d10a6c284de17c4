"""What all sheets of a workbook share: looks, texts, column titles, heights."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from xlsxwriter.format import Format as Look
from xlsxwriter.workbook import Workbook
from xlsxwriter.worksheet import Worksheet

from stepladder.data.formats import money
from stepladder.wording import marks

#: Points of a line, and of the highest row that Excel has.
LINE, MOST = 15.0, 405.0
#: Excel's longest text in a cell.
LONGEST = 32_000
A4 = 9

#: Fonts, fills and number formats, by name.
Looks = dict[str, Look]


def looks_of(book: Workbook, currency: str) -> Looks:
    """Fonts, fills and number formats, by name."""
    amount = f"#,##{money.text(0, currency)}"
    looks: dict[str, dict[str, Any]] = {
        "head": {
            "bold": True,
            "bg_color": "#1F3A5F",
            "font_color": "#FFFFFF",
            "text_wrap": True,
            "valign": "top",
            "border": 1,
        },
        "text": {"valign": "top"},
        "wrap": {"text_wrap": True, "valign": "top"},
        "date": {"num_format": "yyyy-mm-dd", "valign": "top"},
        "money": {"num_format": amount, "valign": "top"},
        "days": {"num_format": "#,##0.##", "valign": "top"},
        "level": {"num_format": "0", "valign": "top"},
        "total": {"num_format": amount, "bold": True, "top": 1},
        "total_days": {"num_format": "#,##0.##", "bold": True, "top": 1},
        "label": {"bold": True, "top": 1},
        "bar": {"bg_color": "#2E75B6", "font_color": "#2E75B6", "align": "center"},
        "title": {"bold": True, "font_size": 14},
        "over": {"font_color": "#9C0006", "bg_color": "#FFC7CE"},
    }
    return {name: book.add_format(how) for name, how in looks.items()}


def add_sheet(book: Workbook, name: str) -> Worksheet:
    """A sheet that prints across, as wide as one page."""
    sheet = book.add_worksheet(name)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
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
) -> None:
    """Column titles, frozen and with filters, repeated on every printed page; the print area is what is filled, up
    to as many columns.
    """
    for column, (title, width) in enumerate(zip(titles, widths, strict=True)):
        sheet.set_column(column, column, width)
        put_text(sheet, 0, column, title, looks["head"])
    sheet.set_row(0, 2 * LINE)
    sheet.freeze_panes(1, freeze)
    sheet.repeat_rows(0)
    sheet.autofilter(0, 0, max(rows, 1), len(titles) - 1)
    sheet.print_area(0, 0, max(rows, 1) + 2, (printed or len(titles)) - 1)


def fit_row(sheet: Worksheet, row: int, cells: Sequence[tuple[str, float]]) -> None:
    """As high as its longest text needs in its column; not every program finds that out by itself."""
    lines = max(1, *(-(-len(text) // max(1, int(width * 0.95))) for text, width in cells))
    sheet.set_row(row, min(MOST, LINE * lines))
