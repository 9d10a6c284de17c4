"""A deck of slides: titles, texts, figures, tables and charts at places in inches, each inside its box.

Texts are measured before they are written: what does not fit is cut with ``…``, never over the edge.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from pptx import Presentation
from pptx.chart.data import CategoryChartData
from pptx.dml.color import RGBColor
from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION
from pptx.enum.shapes import MSO_SHAPE
from pptx.enum.text import MSO_ANCHOR, PP_ALIGN
from pptx.util import Inches, Pt

from stepladder.wording.marks import xml
from stepladder.wording.text import clean, columns, cut

if TYPE_CHECKING:
    from pptx.slide import Slide
    from pptx.text.text import TextFrame

#: Of a slide, in inches, and what is left free at its edges.
WIDTH, HEIGHT, MARGIN = 13.333, 7.5, 0.6
#: A column of a terminal is about so wide and a line so high, as parts of the size of the letters. Wide on purpose: a
#: reader's machine may have other letters than this one.
COLUMN, BOLD, LINE = 0.62, 0.7, 1.22
#: Words do not fill their lines: so much of them. Sizes of letters in points, the largest first.
FILLED, SIZES = 0.85, (22.0, 20.0, 18.0, 16.0, 14.0, 13.0, 12.0, 11.0, 10.0)
_LINK = re.compile("ftp|http|mailto|internal|external", re.IGNORECASE)
#: Between two paragraphs, in lines; a row of a table, in inches.
GAP, ROW = 0.5, 0.42
#: A point in inches, and what a box keeps free on each side.
POINT, INSET = 1 / 72, 0.05
#: Labels of which more are written in smaller letters.
MANY = 14
#: The colours of the report: text, quiet text, and what is drawn.
INK, QUIET, PALE = RGBColor(0x1D, 0x27, 0x33), RGBColor(0x5A, 0x67, 0x75), RGBColor(0xF2, 0xF4, 0xF8)
SERIES = tuple(map(RGBColor.from_string, ("1F5FA8", "D97706", "2A8C6E", "8A5AA8", "B0413E", "6B7280")))


class Box(NamedTuple):
    """A place on a slide: its left and upper edge, its width and height, in inches."""

    left: float
    top: float
    width: float
    height: float

    @property
    def place(self) -> tuple[Inches, Inches, Inches, Inches]:
        """The same as the library takes it."""
        return Inches(self.left), Inches(self.top), Inches(self.width), Inches(self.height)

    def fits(self, size: float, *, bold: bool = False) -> tuple[int, int]:
        """Columns of a line and lines of letters of a size in points that it holds."""
        across = (self.width - 2 * INSET) / (size * POINT * (BOLD if bold else COLUMN))
        return max(1, int(across)), max(1, int((self.height - 2 * INSET) / (size * POINT * LINE)))


@dataclass(frozen=True)
class Columns:
    """A chart of columns that stand on each other, or of bars that lie behind each other.

    Attributes
    ----------
    labels
        Below each column, or beside each bar.
    series
        Name and values; None of a name is not drawn: what stands on it seems to hang in the air.
    form
        How values are written, as spreadsheets have it.
    """

    labels: Sequence[str]
    series: Sequence[tuple[str | None, Sequence[float]]]
    form: str = "#,##0"


class Deck:
    """Slides, from the first to the last."""

    def __init__(self, title: str) -> None:
        self.file = Presentation()
        self.file.slide_width, self.file.slide_height = Inches(WIDTH), Inches(HEIGHT)
        self.file.core_properties.title = cut(_written(title), 200)
        self.file.core_properties.author = "stepladder"
        self._slide: Slide | None = None

    @property
    def slide(self) -> Slide:
        """The last slide."""
        assert self._slide is not None
        return self._slide

    def begin(self, title: str, below: str = "") -> None:
        """A slide with its title and, below it, a line in quiet letters."""
        # Of the library's own layouts the one with nothing but a title.
        self._slide = self.file.slides.add_slide(self.file.slide_layouts[5])
        held = self._slide.shapes.title
        assert held is not None
        box = Box(MARGIN, 0.35, WIDTH - 2 * MARGIN, 0.75)
        held.left, held.top, held.width, held.height = box.place
        self._fill(held.text_frame, [title], box, 26.0, bold=True)
        if below:
            self.text([below], Box(MARGIN, 1.05, WIDTH - 2 * MARGIN, 0.4), 13.0, quiet=True)

    def text(
        self, paragraphs: Sequence[str], box: Box, size: float, *, bold: bool = False, quiet: bool = False
    ) -> None:
        """Paragraphs in a box of their own, in letters of a size or smaller ones where they do not fit; what does not
        fit in the smallest is cut.
        """
        held = self.slide.shapes.add_textbox(*box.place)
        smaller = (one for one in SIZES if one <= size)
        fitting = next((one for one in smaller if _fits(paragraphs, box, one, bold=bold)), SIZES[-1])
        self._fill(held.text_frame, paragraphs, box, fitting, bold=bold, quiet=quiet)

    def figures(self, shown: Sequence[tuple[str, str]], box: Box) -> None:
        """Figures side by side in large letters, each with what it is below it, on a pale ground."""
        wide = (box.width - 0.2 * (len(shown) - 1)) / max(1, len(shown))
        grounds = [Box(box.left + k * (wide + 0.2), box.top, wide, box.height) for k in range(len(shown))]
        uppers = [Box(one.left + 0.1, one.top + 0.08, wide - 0.2, box.height * 0.35) for one in grounds]
        pairs = list(zip(shown, uppers, strict=True))
        size = next(
            (one for one in SIZES if all(_fits([pair[0]], up, one, bold=True) for pair, up in pairs)), SIZES[-1]
        )
        for (value, words), ground, upper in zip(shown, grounds, uppers, strict=True):
            drawn = self.slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, *ground.place)
            drawn.fill.solid()
            drawn.fill.fore_color.rgb = PALE
            drawn.line.fill.background()
            drawn.shadow.inherit = False
            self.text([value], upper, size, bold=True)
            below = Box(upper.left, ground.top + box.height * 0.42, upper.width, box.height * 0.55)
            self.text([words], below, 12.0, quiet=True)

    def table(
        self,
        head: Sequence[str],
        rows: Sequence[Sequence[str]],
        box: Box,
        widths: Sequence[float],
        *,
        words: Sequence[int] = (0,),
        tall: float = ROW,
    ) -> None:
        """A table. Rows beyond its height are not for it: see ``rows_of``.

        Parameters
        ----------
        head, rows, box
            Titles of the columns, cells, and where.
        widths
            Of the columns, as parts of the table's width.
        words
            Columns of words; the others are figures, which stand right.
        tall
            Inches that a row takes where there is room.
        """
        held = self.slide.shapes.add_table(len(rows) + 1, len(head), *box.place)
        table: Any = held.table
        high = min(tall, (box.height - ROW) / max(1, len(rows)))
        for k, part in enumerate(widths):
            table.columns[k].width = Inches(box.width * part / math.fsum(widths))
        for r, row in enumerate((head, *rows)):
            upright = high if r else ROW
            table.rows[r].height = Inches(upright)
            for k, text in enumerate(row):
                cell = table.cell(r, k)
                cell.margin_top = cell.margin_bottom = Inches(0.02)
                cell.vertical_anchor = MSO_ANCHOR.MIDDLE
                cell.fill.solid()
                cell.fill.fore_color.rgb = PALE if r == 0 else RGBColor(0xFF, 0xFF, 0xFF)
                inner = Box(0, 0, box.width * widths[k] / math.fsum(widths) - 0.15, upright)
                self._fill(cell.text_frame, [text], inner, 11.0, bold=r == 0, right=k not in words)

    def chart(self, drawn: Columns, box: Box, *, bars: bool = False) -> None:
        """A native chart, which people can change."""
        data = CategoryChartData(number_format=drawn.form)
        data.categories = [_plain(label) for label in drawn.labels]
        for name, values in drawn.series:
            data.add_series(_plain(name or " "), values)
        kind = XL_CHART_TYPE.BAR_STACKED if bars else XL_CHART_TYPE.COLUMN_STACKED
        chart: Any = self.slide.shapes.add_chart(kind, *box.place, data).chart
        chart.font.size, chart.font.color.rgb = Pt(11 if len(drawn.labels) <= MANY else 9), INK
        chart.has_title = False
        named = [name for name, _ in drawn.series if name is not None]
        chart.has_legend = len(named) > 1
        if chart.has_legend:
            chart.legend.position, chart.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
        plot = chart.plots[0]
        plot.gap_width, plot.overlap = 60, 100
        for k, (name, _) in enumerate(drawn.series):
            fill = plot.series[k].format.fill
            if name is None:
                fill.background()
            else:
                fill.solid()
                fill.fore_color.rgb = SERIES[k % len(SERIES)]
        axis = chart.value_axis
        axis.tick_labels.number_format, axis.tick_labels.number_format_is_linked = drawn.form, False
        axis.major_gridlines.format.line.color.rgb = RGBColor(0xDD, 0xE1, 0xE6)
        axis.format.line.fill.background()
        chart.category_axis.reverse_order = bars
        if bars:
            axis.visible = False
            axis.has_major_gridlines = False

    def _fill(
        self,
        frame: TextFrame,
        paragraphs: Sequence[str],
        box: Box,
        size: float,
        *,
        bold: bool = False,
        quiet: bool = False,
        right: bool = False,
    ) -> None:
        """Text into a frame, cut to what its box holds."""
        across, most = box.fits(size, bold=bold)
        frame.word_wrap = True
        frame.margin_left = frame.margin_right = Inches(INSET)
        frame.margin_top = frame.margin_bottom = Inches(0.02)
        left = float(most)
        for k, text in enumerate(paragraphs):
            whole = int(left)
            if whole < 1:
                break
            shown = cut(_written(text), max(1, int(across * whole * (1.0 if whole == 1 else FILLED))))
            left -= _lines(shown, across)
            paragraph = frame.paragraphs[0] if k == 0 else frame.add_paragraph()
            run = paragraph.add_run()
            run.text = shown
            run.font.size, run.font.bold = Pt(size), bold
            run.font.color.rgb = QUIET if quiet else INK
            if len(paragraphs) > 1:
                paragraph.space_after, left = Pt(size * GAP * LINE), left - GAP
            paragraph.alignment = PP_ALIGN.RIGHT if right else PP_ALIGN.LEFT


def _lines(text: str, across: int) -> int:
    """Lines that a text takes."""
    wide = columns(text)
    return 1 if wide <= across else math.ceil(wide / (across * FILLED))


def _fits(paragraphs: Sequence[str], box: Box, size: float, *, bold: bool = False) -> bool:
    """Whether paragraphs fit into a box in letters of a size."""
    across, most = box.fits(size, bold=bold)
    return math.fsum(_lines(_written(text), across) for text in paragraphs) + GAP * (len(paragraphs) - 1) <= most


def rows_of(box: Box) -> int:
    """Rows of a table below its head that a box holds."""
    return int(box.height / ROW) - 1


def _plain(text: str) -> str:
    """A text for the workbook behind a chart, into which the library writes it: there neither a formula nor a link."""
    shown = _written(text)
    return shown if shown[:1].isalnum() and not _LINK.match(shown) else f"\u2060{shown}"


def _written(text: str) -> str:
    return xml(clean(text))
