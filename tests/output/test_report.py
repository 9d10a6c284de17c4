"""The report: every number in it is the plan's, however it is written; the same bytes every time; and what cannot be
shown is said.
"""

from __future__ import annotations

import json
import math
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import lxml.html
import pytest
from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol, parse_decimal

from stepladder.analysis.maturity import maturity, years_of
from stepladder.analysis.questions import questions
from stepladder.analysis.returns import returns
from stepladder.analysis.roadmap import read
from stepladder.data.formats.plan import Plan, dump
from stepladder.errors import UsageError
from stepladder.output.report.html import PAGE, policy
from stepladder.wording import language, numbers
from stepladder.wording.paper import Paper
from stepladder.workflow.asking import ask
from stepladder.workflow.plan import answer
from stepladder.workflow.report import CHARTS, Losses, ReportRequest, plot, report
from stepladder.workflow.sweep import mark_of
from tests.support import handmade
from tests.support.commanding import run
from tests.support.hostile import plan as hostile_plan
from tests.support.shapes import fleet, small
from tests.support.sizes import FULL, size

CASES = ("bottling_line", "home_cameras", "automotive_gateway") if FULL else ("bottling_line", "automotive_gateway")
LOCALES = ("en", "de", "fr_CH", "hi_IN")


@pytest.fixture(autouse=True)
def words_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only numbers are looked at in other languages here; for words see test_spoken."""
    monkeypatch.setattr(language, "COMPLETE", set())


@pytest.fixture(scope="module", params=CASES)
def made(request: pytest.FixtureRequest) -> Plan:
    return answer(ask(request.param))


def page_of(plan: Plan, locale: str = "en", **more: Any) -> lxml.html.HtmlElement:
    return lxml.html.fromstring(report(ReportRequest(plan, locale=locale, **more)).decode())


# -- every number ------------------------------------------------------------------------------------------------------


def number(text: str, locale: str) -> float:
    """What a reader in that country reads."""
    kept = "".join(
        char for char in text if char.isdigit() or char in f"-{get_decimal_symbol(locale)}{get_group_symbol(locale)}"
    )
    value = float(parse_decimal(kept, locale=locale))
    return value / 100 if "%" in text else value


def cells(page: lxml.html.HtmlElement, name: str) -> list[list[str]]:
    (table,) = page.xpath(f"//table[@id='{name}']")
    return [[cell.text_content() for cell in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr")]


def headings(page: lxml.html.HtmlElement, name: str) -> list[str]:
    return [cell.text_content() for cell in page.xpath(f"//table[@id='{name}']/thead//th")]


def same(shown: str, meant: float | None, locale: str) -> None:
    """Rounded as is said, no further."""
    if meant is None:
        assert not shown.strip()
        return
    tolerance = 0.5001 if abs(meant) >= 1000 else 0.005001
    assert abs(number(shown, locale) - meant) <= tolerance, (shown, meant)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_table_says_what_the_plan_says(made: Plan, locale: str) -> None:
    page, problem = page_of(made, locale), made.problem
    money = cells(page, "money-figures")
    once, running, spent = (
        headings(page, "money-figures").index(name) for name in ("Investment", "Running cost", "Spent")
    )
    assert len(money) == problem.horizon
    for row, period in zip(money, made.periods, strict=True):
        same(row[spent], period.spend, locale)
        assert math.isclose(number(row[once], locale) + number(row[running], locale), period.spend, abs_tol=1.01)
    titles = sorted({team for step in problem.steps for team in step.effort})
    days = cells(page, "effort-figures")
    for row, period in zip(days, made.periods, strict=True):
        for k, team in enumerate(titles):
            same(row[1 + k].replace("–", "0").split(" of ")[0], period.effort.get(team, 0.0), locale)
    loss = cells(page, "loss-figures")
    today = math.fsum(threat.expected_loss_per_year for threat in problem.threats)
    losses = [
        today,
        *(period.expected_loss_per_year for period in made.periods),
        made.totals.tail_expected_loss_per_year,
    ]
    for row, value in zip(loss, losses, strict=True):
        same(row[1], value, locale)
    threats = {(threat.title or threat.id): threat.expected_loss_per_year for threat in problem.threats}
    afterwards = 0.0
    for name, before, after, less in cells(page, "threats-figures"):
        same(before, threats[name], locale)
        afterwards += number(after, locale)
        assert math.isclose(number(less, locale), 1 - number(after, locale) / threats[name], abs_tol=0.0051)
    assert math.isclose(afterwards, losses[-1], abs_tol=len(threats))
    steps = {step.title: step for step in problem.steps if step.id in made.starts}
    rows = cells(page, "roadmap-figures")
    assert len(rows) == len(steps)
    with numbers.written_as(locale):
        when = {title: (numbers.label(problem.periods[made.starts[step.id]]), step) for title, step in steps.items()}
    for row in rows:
        start, step = when[row[0]]
        assert row[1] == start
        same(row[3], step.once, locale)
        same(row[4], step.per_year, locale)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_level_is_the_plan_s(made: Plan, locale: str) -> None:
    rows = [row for row in cells(page_of(made, locale), "maturity-levels") if len(row) > 1]
    assert made.context is not None
    levels = {(held.parameter.practice, held.parameter.scale): held for held in maturity(made)}
    scales = list(dict.fromkeys(scale for _, scale in levels))
    each = len(years_of(made)) + 2
    for practice, *values in rows:
        assert len(values) == each * len(scales)
        for k, scale in enumerate(scales):
            held = levels[practice, scale]
            expected = [held.parameter.current, *held.by_year, held.parameter.target]
            assert [number(value, locale) for value in values[k * each : (k + 1) * each]] == expected
    # By hand, from the starts alone.
    said, steps = made.context.steps, {step.id: step for step in made.problem.steps}
    for held in levels.values():
        mine = [name for name in made.starts if name in said and said[name].parameter == held.parameter.id]
        last = max((said[name].level for name in mine), default=held.parameter.current)
        first_year = [
            said[name].level for name in mine if made.starts[name] + steps[name].duration - 1 <= years_of(made)[0].to
        ]
        assert (held.planned, held.by_year[0]) == (last, max(first_year, default=held.parameter.current))


def amounts(value: Any) -> Iterator[float]:
    """All numbers of a plan's file."""
    if isinstance(value, bool):
        return
    if isinstance(value, int | float):
        yield float(value)
    elif isinstance(value, dict):
        for held in value.values():
            yield from amounts(held)
    elif isinstance(value, list):
        for held in value:
            yield from amounts(held)


@pytest.mark.parametrize("locale", LOCALES)
def test_every_amount_of_money_in_a_sentence_is_the_plan_s(made: Plan, locale: str) -> None:
    problem = made.problem
    known = set(amounts(json.loads(dump(made))))
    today = math.fsum(threat.expected_loss_per_year for threat in problem.threats)
    removed = [
        threat.expected_loss_per_year * (1 - factor) for threat in problem.threats for factor in threat.factors.values()
    ]
    first = [step.once for step in problem.steps if made.starts.get(step.id) == min(made.starts.values())]
    invested = math.fsum(step.once for step in problem.steps if step.id in made.starts)
    kept = math.fsum(step.per_year for step in problem.steps if step.id in made.starts)
    known |= {
        today,
        invested,
        kept,
        kept + problem.ongoing.upkeep + problem.ongoing.committed,
        math.fsum(made.context.committed if made.context else ()),
        math.fsum(first),
        *removed,
        *(threat.expected_loss_per_year for threat in problem.threats),
        *(
            end
            for one in questions(problem, made.context, made.starts)
            for end in (one.taken, one.sum, one.least, one.most)
        ),
    }
    told = returns(read(made))
    known |= {told.money, told.avoided, *(end for one in told.steps for end in (one.money, one.avoided))}
    page = page_of(made, locale)
    symbol = Locale.parse(locale).currency_symbols[problem.currency]
    found = 0
    for node in page.xpath("//section//p|//section//li|//section//dd"):
        for before, after in re.findall(
            rf"(?:{re.escape(symbol)}\s?)([\d.,'\u2019\u202f\u00a0]*\d)|([\d][\d.,'\u2019\u202f\u00a0]*)\s?{re.escape(symbol)}",
            node.text_content(),
        ):
            shown = (before or after).strip("\u00a0\u202f")
            value = number(shown, locale)
            assert any(abs(value - meant) <= (1.0001 if abs(meant) >= 1000 else 0.0101) for meant in known), shown
            found += 1
    assert found > 8


def test_bounds_are_rounded_down_and_gaps_up(made: Plan) -> None:
    row = cells_of_caption(page_of(made), "Value, bound and gap")[0]
    assert made.objective.gap is not None
    assert made.objective.bound - 1 <= number(row[2], "en") <= made.objective.bound
    assert made.objective.gap <= number(row[3], "en") <= made.objective.gap + 0.0001001


def cells_of_caption(page: lxml.html.HtmlElement, caption: str) -> list[list[str]]:
    (table,) = page.xpath(f"//table[caption='{caption}']")
    return [[cell.text_content() for cell in row.xpath("./th|./td")] for row in table.xpath("./tbody/tr")]


def test_quarters_months_and_years_are_named_as_people_name_them(made: Plan) -> None:
    text = page_of(made, "de").text_content()
    assert "Q1 2027" in text
    assert "31.12.2029" in text
    assert "Dec 31, 2029" in page_of(made, "en").text_content()
    assert "31 Dec 2029" in page_of(made, "en_GB").text_content()
    # A year of the scenario is called what the scenario calls it.
    assert made.context is not None
    shifted = made.context.model_copy(
        update={"years": tuple(year.model_copy(update={"label": f"{year.label}/x"}) for year in made.context.years)}
    )
    assert (
        f"{made.context.years[0].label}/x" in page_of(made.model_copy(update={"context": shifted}), "de").text_content()
    )


def test_a_period_that_is_no_quarter_of_the_calendar_keeps_its_name() -> None:
    plan = small(1)
    period = plan.problem.periods[0].model_copy(update={"label": "2027-Q2"})
    assert period.start is not None
    with numbers.written_as("de"):
        assert numbers.label(period) == "2027-Q2"
        assert numbers.label(period.model_copy(update={"start": period.start.replace(month=4)})) == "Q2 2027"
        assert (
            numbers.label(period.model_copy(update={"label": "2027-05", "start": period.start.replace(month=5)}))
            == "Mai 2027"
        )
        assert numbers.label(period.model_copy(update={"label": "phase one"})) == "phase one"


def test_no_locale_is_said_and_none_is_left_behind() -> None:
    with pytest.raises(UsageError, match="'xx_YY' is no locale"):
        report(ReportRequest(small(1), locale="xx_YY"))
    with numbers.written_as("de"):
        assert numbers.money(1234567.0, "EUR") == "1.234.567\u00a0€"
        assert numbers.money(0.29, "EUR") == "0,29\u00a0€"
        assert numbers.money(12, "points") == "12 points"
    assert numbers.money(1234567.0, "EUR") == "1,234,567 EUR"


# -- other plans, a frontier, a sweep ----------------------------------------------------------------------------------


def test_other_plans_stand_beside_it_with_their_own_figures() -> None:
    one, other = answer(ask("home_cameras")), answer(ask("home_cameras", scenario="tight"))
    page = page_of(one, others=(("one", one), ("other", other)))
    rows = cells_of_caption(page, "Plans side by side")
    for row, plan in zip(rows, (one, other), strict=True):
        same(row[1], len(plan.starts), "en")
        same(row[2], plan.totals.spend, "en")
        same(row[4], plan.totals.tail_expected_loss_per_year, "en")
    assert [row[0] for row in rows] == ["one", "other"]
    assert plot(ReportRequest(one, others=(("one", one), ("other", other))), "compared").startswith(b"<?xml")
    assert one.context is not None
    for row, plan in zip(cells(page, "compared-figures"), (one, other), strict=True):
        same(row[1], math.fsum(period.expected_loss_per_year for period in plan.periods[:4]) / 4, "en")


def test_a_plan_of_another_question_is_on_no_frontier() -> None:
    with pytest.raises(UsageError, match="has other steps"):
        report(ReportRequest(handmade.bottling(), frontier=[small(1)]))
    with pytest.raises(UsageError, match="without a limit on money"):
        report(ReportRequest(small(1), frontier=[small(1)]))


def test_exceedance_is_the_sweep_s_and_of_this_plan() -> None:
    plan = handmade.bottling()
    future = [[[0.1, 1000.0, 0.5]], [[0.05, 1000.0, 0.5]], [[0.01, 1000.0, 0.5]]]
    page = page_of(plan, losses=Losses(0, mark_of(plan), [future] * 4))
    rows = cells(page, "exceedance-figures")
    average = [number(value, "en") for value in rows[-1][1:]]
    # A mean loss of an event is 1,000 · exp(0.5² / 2).
    for shown, events in zip(average, (0.1, 0.05, 0.01), strict=True):
        assert shown == pytest.approx(events * 1000 * math.exp(0.125), rel=0.15)
    with pytest.raises(UsageError, match="another plan"):
        report(ReportRequest(plan, losses=Losses(0, "another", [future])))
    with pytest.raises(UsageError, match="no futures yet"):
        report(ReportRequest(plan, losses=Losses(0, mark_of(plan), [])))


# -- shapes and forms --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["fleet", "many", "one", "none", "hostile", "handmade"])
def test_every_shape_of_plan_makes_a_page(name: str) -> None:
    plans = {
        "fleet": lambda: fleet(100, 36),
        "many": lambda: fleet(1, 600),
        "one": lambda: small(1),
        "none": lambda: small(0),
    }
    plan = (plans | {"hostile": hostile_plan, "handmade": handmade.bottling})[name]()
    first = report(ReportRequest(plan))
    assert first == report(ReportRequest(plan))
    assert len(first) < 3_000_000
    page = lxml.html.fromstring(first.decode())
    names = page.xpath("//@id")
    assert len(names) == len(set(names))
    assert not page.xpath(
        "//script[@*]|//img|//link|//iframe|//a[not(starts-with(@href, '#'))]|//@onclick|//@onload|//@onerror"
    )
    scripts, content = (
        page.xpath("//script/text()"),
        page.xpath("//meta[@http-equiv='Content-Security-Policy']/@content"),
    )
    assert content == [policy(scripts[0] if scripts else "")]
    assert scripts == ([(PAGE / "tables.js").read_text(encoding="utf-8")] if page.find_class("sorts") else [])
    rows = page.xpath("//table[@id='roadmap-figures']/tbody/tr")
    assert len(rows) == min(300, len(plan.starts))
    assert report(ReportRequest(plan), "md") == report(ReportRequest(plan), "md")


@pytest.mark.parametrize("seed", range(size(40, 8)))
def test_any_plan_makes_a_page(seed: int) -> None:
    plan = handmade.random_plan(seed)
    for shape in ("html", "md"):
        assert report(ReportRequest(plan, locale="de"), shape)
    drawn = [name for name in CHARTS if _drawn(plan, name)]
    assert drawn or not plan.starts


def _drawn(plan: Plan, name: str) -> bool:
    try:
        return bool(plot(ReportRequest(plan), name))
    except UsageError:
        return False


def test_a_report_is_small(made: Plan) -> None:
    assert len(report(ReportRequest(made))) < 400_000


def test_a_page_s_style_knows_the_colours_of_the_drawings() -> None:
    from stepladder.output.report.canvas import LIGHT

    light, dark = re.findall(r":root \{(.*?)\}", (PAGE / "style.css").read_text(encoding="utf-8"), re.DOTALL)
    assert LIGHT.items() <= dict(re.findall(r"--(\w+): (#\w+)", light)).items()
    assert LIGHT.keys() <= dict(re.findall(r"--(\w+): (#\w+)", dark)).keys()


@pytest.mark.parametrize("picture", ["svg", "png"])
def test_pictures_are_the_same_every_time(picture: Any) -> None:
    plan = handmade.bottling()
    for name in CHARTS:
        if name in ("exceedance", "frontier", "compared", "history"):
            with pytest.raises(UsageError, match="nothing to show"):
                plot(ReportRequest(plan), name, picture)
            continue
        first = plot(ReportRequest(plan), name, picture)
        assert first == plot(ReportRequest(plan), name, picture)
        assert first.startswith(b"\x89PNG" if picture == "png" else b"<?xml")
    with pytest.raises(UsageError, match="did you mean 'money'"):
        plot(ReportRequest(plan), "monney", picture)


def test_a_picture_shows_titles_as_they_are() -> None:
    import xml.etree.ElementTree as ET

    plan = hostile_plan()
    text = "".join(ET.fromstring(plot(ReportRequest(plan), "roadmap").decode()).itertext())
    for odd in ("<script>alert(1)</script>", "${x}", "=1+1", "]]>"):
        assert odd in text


def test_markdown_holds_the_figures_and_nothing_live(made: Plan) -> None:
    from markdown_it import MarkdownIt

    text = report(ReportRequest(made), "md").decode()
    assert numbers_in(text) >= {round(made.totals.spend), round(made.totals.tail_expected_loss_per_year)}
    assert "```mermaid\ngantt" in text
    shown = MarkdownIt("gfm-like").render(report(ReportRequest(hostile_plan()), "md").decode())
    page = lxml.html.fromstring(shown)
    assert not page.xpath("//script|//img|//a|//iframe|//b")


def numbers_in(text: str) -> set[int]:
    return {int(found.replace(",", "")) for found in re.findall(r"\d[\d,]*", text)}


@pytest.mark.slow
def test_a_pdf_holds_the_same_figures() -> None:
    pytest.importorskip("weasyprint", reason="the pdf extra is not installed (make clients)")
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed (make clients)")
    import io

    plan = handmade.bottling()
    made = report(ReportRequest(plan), "pdf")
    assert made == report(ReportRequest(plan), "pdf")
    pages = pypdf.PdfReader(io.BytesIO(made)).pages
    text = "\n".join(page.extract_text() for page in pages)
    assert numbers_in(text) >= {round(plan.totals.spend), round(plan.totals.tail_expected_loss_per_year)}
    assert pages[0].mediabox.width == pytest.approx(595, abs=1)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["bottling", "none"])
def test_a_pdf_can_be_handed_round_and_read_aloud(name: str) -> None:
    """Tagged, numbered, titled; no heading stands last on a page, and no page has but a line."""
    pytest.importorskip("weasyprint", reason="the pdf extra is not installed (make clients)")
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed (make clients)")
    import io

    plan = handmade.bottling() if name == "bottling" else small(0)
    read: Any = pypdf.PdfReader(io.BytesIO(report(ReportRequest(plan, locale="en_GB"), "pdf")))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/StructTreeRoot"]
    assert root["/Lang"] == "en"
    assert "pdfuaid" in root["/Metadata"].get_data().decode()
    headings = {"The decision", "The roadmap", "Milestones", "Maturity", "What needs what", "Worth knowing"}
    headings |= {"Expected loss per year", "Left out, and why", "Person-days against capacity", "How good this plan is"}
    for number, page in enumerate(read.pages, start=1):
        # Where a font has odd characters, the reader gives each two bytes.
        text = page.extract_text().replace("\0", "")
        lines = [line.strip() for line in text.splitlines() if line.strip()]
        assert f"{number} / {len(read.pages)}" in lines
        # What is in the margins comes after the page, or before it: title, horizon and number.
        body = [line for line in lines if line != f"{number} / {len(read.pages)}"]
        assert len(body) > 4, (number, body)
        assert body[-3 if number > 1 else -2] not in headings, body[-4:]
        assert number == 1 or plan.problem.title.split()[0] in text


@pytest.mark.slow
def test_a_pdf_is_on_the_paper_of_the_country_or_on_what_is_asked_for() -> None:
    pytest.importorskip("weasyprint", reason="the pdf extra is not installed (make clients)")
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed (make clients)")
    import io

    plan = small(1)
    asked: tuple[tuple[str, Paper | None, int], ...]
    asked = (("en_US", None, 612), ("de", None, 595), ("en", None, 595), ("de", "Letter", 612), ("en_US", "A4", 595))
    for locale, paper, width in asked:
        made = report(ReportRequest(plan, locale=locale, paper=paper), "pdf")
        assert pypdf.PdfReader(io.BytesIO(made)).pages[0].mediabox.width == pytest.approx(width, abs=1)


# -- on the command line -----------------------------------------------------------------------------------------------


def test_the_command_writes_what_the_file_s_name_says(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    plan.write_text(dump(handmade.bottling()), encoding="utf-8")
    for name, begins in (("r.html", "<!DOCTYPE html>"), ("r.md", "# "), ("r.txt", "<!DOCTYPE html>")):
        done = run("report", str(plan), "-o", str(tmp_path / name))
        assert done.exit_code == 0, done.stderr
        assert (tmp_path / name).read_text(encoding="utf-8").startswith(begins)
    assert run("report", str(plan), "-o", "-", "--format", "md").stdout.startswith("# ")
    assert run("plot", str(plan), "--chart", "money", "-o", str(tmp_path / "x.png")).exit_code == 0
    for line, said in (
        (["report", str(tmp_path), "-o", "-"], "name the plan"),
        (["report", str(plan), str(tmp_path / "empty"), "-o", "-"], "there is no plan in"),
        (["report", str(plan), "-o", str(tmp_path / "no" / "r.html")], "there is no folder"),
        (["report", str(plan), "-o", "-", "--locale", "xx"], "is no locale"),
        (["report", str(plan), "-o", "-", "--sweep", str(plan)], "is no file of a sweep"),
        (["plot", str(plan), "--chart", "money", "-o", "x.gif"], "no name of a picture"),
    ):
        (tmp_path / "empty").mkdir(exist_ok=True)
        done = run(*line)
        assert done.exit_code != 0
        assert said in " ".join(done.stderr.split())


@pytest.mark.timing
def test_a_report_takes_a_few_seconds(tmp_path: Path) -> None:
    plan = tmp_path / "plan.json"
    for name, made, seconds in (("forty", answer(ask("bottling_line")), 4.5), ("fleet", fleet(100, 36), 20.0)):
        plan.write_text(dump(made), encoding="utf-8")
        took = []
        for _ in range(3):
            begun = time.perf_counter()
            subprocess.run(
                [sys.executable, "-m", "stepladder", "report", str(plan), "-o", str(tmp_path / f"{name}.html")],
                check=True,
                capture_output=True,
            )
            took.append(time.perf_counter() - begun)
        assert min(took) < seconds, (name, took)
