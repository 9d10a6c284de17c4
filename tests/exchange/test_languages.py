"""Workbook, slides and texts in another language: nothing on them is English that is not the user's own, and they
count as the English ones do.
"""

from __future__ import annotations

import io
import re
import shutil
import subprocess
import zipfile
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from babel import Locale
from icalendar import Calendar
from lxml import etree
from pptx import Presentation
from xlsxwriter.utility import xl_rowcol_to_cell

from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.formats import OURS, find, formats
from stepladder.exchange.items import Breakdown
from stepladder.exchange.workbook.below import FINE
from stepladder.exchange.workbook.columns import Columns
from stepladder.optimise import Options
from stepladder.wording import language, marks, numbers
from stepladder.wording.levels import levelled
from stepladder.wording.text import begun, clean, fitted
from stepladder.wording.words import title
from stepladder.workflow.asking import ask
from stepladder.workflow.export import export
from stepladder.workflow.plan import answer
from tests.support import handmade
from tests.support.pseudo import CLOSING, OPENING, bare, speak
from tests.support.shapes import crew, fleet, late, renewed, small


def shipped(name: str) -> Callable[[], Plan]:
    """A shipped scenario's plan, found quickly."""
    return lambda: answer(ask(name), Options(gap=0.02, work=1))


PLANS: dict[str, Callable[[], Plan]] = {
    "handmade": handmade.bottling,
    "bottling_line": shipped("bottling_line"),
    "home_cameras": shipped("home_cameras"),
    "automotive_gateway": shipped("automotive_gateway"),
    "water_utility": shipped("water_utility"),
    "fleet": lambda: fleet(12, 12),
    "crew": crew,
    "renewed": renewed,
    "late": late,
    "no step": lambda: small(0),
}
plan_of = cache(lambda name: PLANS[name]())
every_plan = pytest.mark.parametrize("name", PLANS)
#: What is translated, in a language of brackets.
SAID = re.compile(f"{OPENING}.*{CLOSING}")
#: Attributes that people are told where they cannot see a chart.
TOLD = re.compile(r' descr="([^"]*)"')


def own(plan: Plan, whole: Breakdown) -> set[str]:
    """What people or catalogues wrote, and what is no word: ids, labels, names of files."""
    problem, context = plan.problem, plan.context
    texts = [problem.title, problem.currency, whole.id, *plan.teams, *plan.teams.values(), *whole.teams.values()]
    texts += [part for step in problem.steps for part in (step.id, step.title)]
    texts += [threat.name for threat in problem.threats] + [item.name for item in problem.achievements]
    texts += [policy.name for policy in problem.policies] + [year.label for year in problem.policy_years]
    texts += [part for item in whole.items for part in (item.id, item.mark, item.system, item.owner, item.ref)]
    texts += [left.mark for left in whole.left] + [date.mark for date in whole.dates]
    texts += [period.label for period in problem.periods] + [window.label for window in problem.windows]
    texts += [told.reason for told in plan.progress.values() if told.reason]
    if context is not None:
        texts += [*context.systems, *context.systems.values(), *(year.label for year in context.years)]
        texts += [part for one in context.milestones for part in (one.title, one.reason or "", one.source or "")]
        texts += [part for origin in context.origins.values() for part in (origin.at, origin.source)]
        for scale in context.parameters:
            texts += [scale.practice, scale.scale, scale.system or "", *scale.groups, *scale.levels.values()]
    # A title beside its levels, which are the program's.
    texts += [part.strip(" :()") for step in problem.steps for part in SAID.split(levelled(plan, step))]
    texts += Locale("de").months["format"]["abbreviated"].values()
    # Where titles are not at hand, an id begins a line.
    texts += [begun(team) for team in plan.teams]
    shown = {clean(text) for text in texts if text and clean(text)}
    return shown | {fitted(text, 60) for text in shown} | {title(text) for text in shown} | {"▸", "stepladder"}


def english(text: str, theirs: set[str]) -> list[str]:
    """Words of a text that nobody translated. A title that is cut at its end is still the user's own."""
    head = text.removesuffix("…").rstrip()
    if head != text and any(head in one for one in theirs):
        return []
    return bare(text, theirs)


def written(plan: Plan, name: str) -> tuple[bytes, Breakdown, set[str]]:
    with numbers.written_as("de"):
        whole = breakdown(plan)
        return find(name).write(whole), whole, own(plan, whole)


def test_what_is_not_translated_is_seen() -> None:
    theirs = {"The audit", "Access Control: level 2"}
    assert english("⟦Needs⟧ The audit, Access Control: level 2 ⟦by {day}⟧ 2027-Q1", theirs) == []
    assert english("⟦cut at its en…", theirs) == []
    assert english("Access Control: le…", theirs) == []
    assert english("⟦Needs⟧ The audit by ⟦{day}⟧", theirs) == ["by"]
    assert english("Left out…", theirs) == ["Left", "out"]


def said_in(formula: str) -> str:
    """The texts of a formula, one behind the other: what opens in one of them may close in another."""
    return "".join(re.findall(r'"((?:[^"]|"")*)"', formula))


# -- the workbook ------------------------------------------------------------------------------------------------------


def texts_of(data: bytes) -> Iterator[str]:
    """Every text of a workbook that a reader sees or a formula says."""
    book = openpyxl.load_workbook(io.BytesIO(data))
    values = openpyxl.load_workbook(io.BytesIO(data), data_only=True)
    for sheet in book:
        yield sheet.title
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    yield said_in(str(cell.value))
                elif cell.data_type == "s":
                    yield str(cell.value)
        yield from (str(cell.value) for row in values[sheet.title].iter_rows() for cell in row if cell.data_type == "s")
        for rules in sheet.conditional_formatting:
            for rule in rules.rules:
                yield from map(said_in, rule.formula)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        for part in archive.namelist():
            content = archive.read(part)
            if part.startswith("xl/drawings/drawing"):
                yield from TOLD.findall(content.decode())
            elif part.startswith("xl/charts/chart"):
                yield from (text for node in etree.fromstring(content).iter("{*}t", "{*}v") if (text := node.text))


@every_plan
def test_every_text_of_the_workbook_is_translated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch)
    data, _whole, theirs = written(plan_of(name), "xlsx")
    left = {text: words for text in texts_of(data) if (words := english(text, theirs))}
    assert left == {}


@every_plan
def test_a_formula_says_its_sentences_whole(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """What opens in a formula closes in it, values between: a sentence that is put together of parts would not."""
    speak(monkeypatch)
    data, _whole, _theirs = written(plan_of(name), "xlsx")
    for sheet in openpyxl.load_workbook(io.BytesIO(data)):
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    words = said_in(str(cell.value))
                    assert words.count(OPENING) == words.count(CLOSING), cell.value


# -- slides ------------------------------------------------------------------------------------------------------------


def runs_of(data: bytes) -> Iterator[str]:
    """Every text of a deck: of boxes and tables, and of charts their series and their labels."""
    for slide in Presentation(io.BytesIO(data)).slides:
        shapes: Any = slide.shapes
        for shape in shapes:
            if shape.has_text_frame:
                yield from (paragraph.text for paragraph in shape.text_frame.paragraphs)
            if shape.has_table:
                yield from (cell.text for row in shape.table.rows for cell in row.cells)
            if shape.has_chart:
                plot = shape.chart.plots[0]
                yield from (series.name for series in plot.series)
                yield from (str(label) for label in plot.categories)


@every_plan
def test_every_text_of_the_slides_is_translated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch)
    data, _whole, theirs = written(plan_of(name), "pptx")
    left = {text: words for text in runs_of(data) if (words := english(text, theirs))}
    assert left == {}


# -- texts -------------------------------------------------------------------------------------------------------------


@every_plan
def test_every_line_of_markdown_is_translated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch)
    data, _whole, theirs = written(plan_of(name), "markdown")
    shown = theirs | {marks.markdown(text) for text in theirs}
    left = {line: words for line in data.decode().splitlines() if (words := english(line, shown))}
    assert left == {}


@every_plan
def test_what_a_calendar_shows_is_translated(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    speak(monkeypatch)
    data, _whole, theirs = written(plan_of(name), "ics")
    events = Calendar.from_ical(data).walk("VEVENT")
    texts = [str(event[field]) for event in events for field in ("SUMMARY", "DESCRIPTION") if field in event]
    assert {text: words for text in texts if (words := english(text, theirs))} == {}


def test_what_programs_read_is_english_in_every_language(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names of columns and of fields are a contract; a format for programs takes no locale."""
    speak(monkeypatch)
    for name, place in formats().items():
        if place.startswith(OURS) and not find(name).by_locale:
            with pytest.raises(UsageError, match="for programs, and the same in every country"):
                export(plan_of("handmade"), name, locale="de")


# -- the figures -------------------------------------------------------------------------------------------------------


def recalculated(data: bytes, change: dict[str, Any], folder: Path) -> Any:
    """A workbook in which cells of the roadmap are changed, as LibreOffice counts it."""
    program = shutil.which("soffice")
    if program is None:
        pytest.skip("soffice is not installed here")
    book = openpyxl.load_workbook(io.BytesIO(data))
    for cell, value in change.items():
        book.worksheets[1][cell] = value
    folder.mkdir()
    book.save(folder / "changed.xlsx")
    command = [
        *(program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to"),
        *("xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(folder / "changed.xlsx")),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=180)
    return openpyxl.load_workbook(folder / "out" / "changed.xlsx", data_only=True)


def cells(book: Any, kind: type) -> dict[tuple[int, str], Any]:
    """By number of the sheet and place, the values of a kind."""
    return {
        (number, cell.coordinate): cell.value
        for number, sheet in enumerate(book.worksheets)
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, kind) and not isinstance(cell.value, bool)
    }


@pytest.mark.slow
@pytest.mark.parametrize("name", ["handmade", "late", "crew", "water_utility"])
@pytest.mark.parametrize("changed", [False, True])
def test_a_german_workbook_counts_as_the_english_one(
    name: str, changed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first open step three times as dear and in the last period: limits and order are broken in both alike."""
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    plan, books = plan_of(name), {}
    for locale in ("en", "de"):
        with numbers.written_as(locale):
            whole = breakdown(plan)
            data = find("xlsx").write(whole)
        columns = Columns(whole).at
        row = next(k for k, item in enumerate(whole.items) if item.state == "open")
        first, once = (xl_rowcol_to_cell(row + 1, columns[column]) for column in ("From", "Once"))
        change = {first: whole.workings.names[-1], once: 3 * whole.items[row].once + 1e6} if changed else {}
        books[locale] = recalculated(data, change, tmp_path / locale)
    english_, german = books["en"], books["de"]
    assert [sheet.title for sheet in german.worksheets][:2] == ["Überblick", "Fahrplan"]
    assert cells(german, float | int) == pytest.approx(cells(english_, float | int))  # type: ignore[arg-type]
    words, said = cells(english_, str), cells(german, str)
    kept = {place for place, text in words.items() if text == "kept"}
    assert kept == {place for place, text in said.items() if text == "eingehalten"}
    assert words.keys() == said.keys()
    broken = {place for place, text in words.items() if text.startswith("broken in") or " broken; the first: " in text}
    assert broken == {place for place, text in said.items() if text.startswith("verletzt in") or " verletzt; d" in text}
    # The crew has no limit on money, and nothing waits for its last step.
    assert ((0, "A5") in broken) == (changed and name != "crew")
    if not broken:
        assert words[0, "A5"] == FINE
        assert said[0, "A5"].startswith("Alles, was diese Arbeitsmappe zählt, ist eingehalten:")


def test_no_word_of_a_title_is_wider_than_its_column(monkeypatch: pytest.MonkeyPatch) -> None:
    """A team's name may be; it is the user's own."""
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    data, whole, _theirs = written(plan_of("late"), "xlsx")
    book: Any = openpyxl.load_workbook(io.BytesIO(data))
    teams = tuple(whole.teams.values())
    for sheet in (book[name] for name in ("Fahrplan", "Reife", "Nicht im Plan", "Annahmen", "Perioden")):
        for cell in sheet[1]:
            held = sheet.column_dimensions
            # Columns that are as wide as the one before them are written once.
            width = next(one.width for one in held.values() if one.min <= cell.column <= one.max)
            if not str(cell.value).startswith(teams):
                assert max(map(len, re.split(r"[\s-]+", str(cell.value)))) <= width, (sheet.title, cell.value)
