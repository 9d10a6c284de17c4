"""Slides: what stands on them is the plan, each text inside its box, whatever the plan is like."""

from __future__ import annotations

import datetime
import io
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import matplotlib
import openpyxl
import pytest
from PIL import ImageFont
from pptx import Presentation

from stepladder.analysis.front import front
from stepladder.analysis.roadmap import read
from stepladder.analysis.slack import slack_of
from stepladder.data.formats.plan import Plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.exporters.pptx import pptx
from stepladder.exchange.slides.deck import Box, Columns, Deck
from stepladder.wording import numbers
from stepladder.wording.summary import ask, proof
from tests.support import handmade
from tests.support.hostile import plan as hostile_plan
from tests.support.shapes import crew, fleet, late, renewed, small

PLANS: dict[str, Callable[[], Plan]] = {
    "handmade": handmade.bottling,
    "hostile": hostile_plan,
    "fleet": lambda: fleet(12, 12),
    "crew": crew,
    "renewed": renewed,
    "late": late,
    "600 steps": lambda: fleet(50, 12),
    "one step": lambda: small(1),
    "no step": lambda: small(0),
}
every_plan = pytest.mark.parametrize("name", PLANS)
#: Letters that are wider than those of most machines, at a size in which their widths are exact enough.
FONTS = Path(matplotlib.get_data_path()) / "fonts" / "ttf"
PLAIN, BOLD = (ImageFont.truetype(FONTS / name, 100) for name in ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"))
INCH = 914400


def slides(plan: Plan) -> list[Any]:
    return list(Presentation(io.BytesIO(pptx(breakdown(plan)))).slides)


def frames(slide: Any) -> Iterator[tuple[Any, float, float]]:
    """Each text of a slide with the width and height that it has, in inches."""
    for shape in slide.shapes:
        if shape.has_text_frame and shape.text_frame.text:
            yield shape.text_frame, shape.width / INCH, shape.height / INCH
        if shape.has_table:
            for row in shape.table.rows:
                for column, cell in zip(shape.table.columns, row.cells, strict=True):
                    yield cell.text_frame, column.width / INCH, row.height / INCH


def height(frame: Any, width: float) -> float:
    """Inches that a text takes: words are put into lines as a reader's program does."""
    total = 0.0
    for paragraph in frame.paragraphs:
        for run in paragraph.runs:
            size, font = run.font.size.pt, BOLD if run.font.bold else PLAIN
            room, lines, used = (width - 0.1) * 72 * 100 / size, 1, 0.0
            for word in run.text.split(" "):
                long, space = font.getlength(word), font.getlength(" ")
                if used and used + space + long > room:
                    lines, used = lines + 1, 0.0
                lines += int(long // room)
                used = (used + space if used else 0.0) + long % room
            total += lines * size * 1.17 / 72
        total += (paragraph.space_after.pt if paragraph.space_after is not None else 0.0) / 72
    return total


@every_plan
def test_there_are_five_and_the_same_plan_gives_the_same_bytes(name: str) -> None:
    assert pptx(breakdown(PLANS[name]())) == pptx(breakdown(PLANS[name]()))
    assert [bool(slide.shapes.title.text_frame.text) for slide in slides(PLANS[name]())] == [True] * 5


@every_plan
def test_every_text_is_inside_its_box_and_every_box_on_its_slide(name: str) -> None:
    for number, slide in enumerate(slides(PLANS[name]()), 1):
        for shape in slide.shapes:
            assert shape.left >= 0 <= shape.top
            assert shape.left + shape.width <= 13.34 * INCH
            assert shape.top + shape.height <= 7.51 * INCH, (number, shape.name)
        for frame, width, tall in frames(slide):
            # A last line may stand as far below as its descenders are deep.
            assert height(frame, width) <= tall + 0.06, (number, frame.text)


def test_a_text_that_is_too_long_is_seen() -> None:
    frame, width, _ = next(frames(slides(handmade.bottling())[0]))
    frame.paragraphs[0].runs[0].text = "too long for one line of a title " * 9
    assert height(frame, width) > 1.0


def texts(slide: Any) -> str:
    return "\n".join(frame.text for frame, _, _ in frames(slide))


@pytest.mark.parametrize("name", ["handmade", "renewed", "late"])
def test_figures_are_those_of_the_plan(name: str) -> None:
    plan = PLANS[name]()
    road = read(plan)
    facts, (first, _, money, loss, last) = front(road), slides(plan)
    currency = plan.problem.currency
    assert ask(road) in texts(first)
    assert ask(road) in texts(last)
    assert proof(plan) in texts(first)
    amount = facts.cost if plan.as_of is None else facts.to_approve
    assert numbers.money(amount, currency) in texts(first)
    [chart] = [shape.chart for shape in money.shapes if shape.has_chart]
    drawn = [sum(values) for values in zip(*(series.values for series in chart.plots[0].series), strict=True)]
    assert drawn == pytest.approx([year.in_all for year in facts.years])
    for year in facts.years:
        assert numbers.bare(year.in_all, currency) in texts(money)
    [chart] = [shape.chart for shape in loss.shapes if shape.has_chart]
    ends = [plan.periods[year.last].expected_loss_per_year for year in facts.years]
    assert list(chart.plots[0].series[0].values) == pytest.approx([facts.today, *ends])


def test_bars_stand_where_the_steps_do() -> None:
    plan = handmade.bottling()
    whole, slide = breakdown(plan), slides(plan)[1]
    [chart] = [shape.chart for shape in slide.shapes if shape.has_chart]
    before, long = (series.values for series in chart.plots[0].series)
    assert list(before) == [item.first for item in whole.items]
    assert list(long) == [item.last - item.first + 1 for item in whole.items]


def test_no_title_is_a_formula_or_a_link_in_the_workbook_behind_a_chart() -> None:
    titles = ["=1+1", "+1", "-2+3", "@SUM(A1)", "http://evil.example", "mailto:a@b", "external:x", "Plain"]
    deck = Deck("=1+1")
    deck.begin("x")
    deck.chart(Columns(titles, (("=2+2", [1.0] * len(titles)),)), Box(1, 1, 5, 5))
    [chart] = [shape.chart for shape in deck.slide.shapes if shape.has_chart]
    book: Any = openpyxl.load_workbook(io.BytesIO(chart.part.chart_workbook.xlsx_part.blob))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert [cell.value.strip("\u2060") for cell in cells if cell.column == 1] == titles
    assert all(cell.data_type != "f" and cell.hyperlink is None for cell in cells)


def test_many_steps_stand_by_year_and_none_is_left_out_in_silence() -> None:
    plan = fleet(50, 12)
    slide = slides(plan)[1]
    [held] = [shape.table for shape in slide.shapes if shape.has_table]
    rows = [[cell.text for cell in row.cells] for row in held.rows][1:]
    assert sum(int(row[1].replace(",", "")) for row in rows) == len(plan.starts)
    assert any(" more" in row[3] for row in rows)


def test_libreoffice_opens_it(tmp_path: Path) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("no LibreOffice here (make clients)")
    (tmp_path / "deck.pptx").write_bytes(pptx(breakdown(hostile_plan())))
    home = f"-env:UserInstallation=file://{tmp_path}/home"
    done = subprocess.run(
        [office, "--headless", home, "--convert-to", "pdf", "deck.pptx"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        timeout=120,
    )
    if not (tmp_path / "deck.pdf").exists():
        assert b"no export filter" in done.stderr or b"could not be loaded" in done.stderr, done.stderr
        pytest.skip("no Impress here (make clients)")
    pdfium = pytest.importorskip("pypdfium2")
    assert len(pdfium.PdfDocument(tmp_path / "deck.pdf")) == 5


def test_a_date_that_is_missed_says_how_late_it_is() -> None:
    """Due by the end of June, and finished by the end of September: 92 days later."""
    plan = late()
    (milestone,) = plan.milestones
    assert plan.context is not None
    due = milestone.model_copy(update={"date": datetime.date(2027, 6, 30)})
    plan = plan.model_copy(update={"context": plan.context.model_copy(update={"milestones": (due,)})})
    assert slack_of(plan, due).end == datetime.date(2027, 9, 30)
    texts = [frame.text for slide in slides(plan) for frame, _width, _height in frames(slide)]
    assert any(f"{milestone.title}: late by 92 days" in text for text in texts)
