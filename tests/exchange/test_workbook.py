"""The workbook: what it shows is the plan; what is changed in it is counted as we count it, by LibreOffice."""

from __future__ import annotations

import io
import math
import random
import re
import shutil
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY, Problem
from stepladder.evaluate import Ledger
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.exporters.xlsx import xlsx
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.workbook.below import FINE
from stepladder.exchange.workbook.columns import Columns
from stepladder.wording import numbers
from tests.support import handmade
from tests.support.hostile import plan as hostile_plan
from tests.support.shapes import crew, fleet, late, renewed, small

PLANS: dict[str, Callable[[], Plan]] = {
    "handmade": handmade.bottling,
    "hostile": hostile_plan,
    "fleet": lambda: fleet(3, 12),
    "crew": crew,
    "in parts": lambda: crew(parts=True),
    "again": lambda: crew(again=True),
    "renewed": renewed,
    "late": late,
    "one step": lambda: small(1),
    "no step": lambda: small(0),
}
every_plan = pytest.mark.parametrize("name", PLANS)
#: In the order in which a reader leafs through them.
SHEETS = [
    *("Summary", "Roadmap", "Gantt", "Money", "People", "Threats", "Maturity", "Left out", "Assumptions", "Periods"),
]


def opened(whole: Breakdown, *, values: bool = False) -> Any:
    return openpyxl.load_workbook(io.BytesIO(xlsx(whole)), data_only=values)


def table(sheet: Any) -> dict[str, list[Any]]:
    """Rows of a sheet by what stands first in them."""
    return {str(row[0]): list(row) for row in sheet.iter_rows(values_only=True)}


# -- what is written ---------------------------------------------------------------------------------------------------


@every_plan
def test_the_same_plan_gives_the_same_bytes(name: str) -> None:
    whole = breakdown(PLANS[name]())
    assert xlsx(whole) == xlsx(breakdown(PLANS[name]()))
    assert opened(whole).sheetnames == SHEETS


@every_plan
def test_programs_that_do_not_count_see_our_numbers(name: str) -> None:
    plan = PLANS[name]()
    whole = breakdown(plan)
    book = opened(whole, values=True)
    money, facts = table(book["Money"]), table(book["Summary"])
    by_period = [cell for cell, no in zip(money["Money of the plan"], money["No. of period"], strict=True) if no]
    assert by_period[1:] == pytest.approx([held.used["money"] for held in whole.periods])
    assert facts["Money within the horizon"][1:4] == pytest.approx([whole.spend, whole.spend, 0])
    assert facts["Cost a year afterwards"][1] == pytest.approx(whole.afterwards[0])
    assert facts[FINE][0] == FINE
    for team, title in whole.teams.items():
        row = table(book["People"])[title]
        days = [cell for cell, no in zip(row, table(book["People"])["No. of period"], strict=True) if no][1:]
        assert days == pytest.approx([held.used.get(team, 0.0) for held in whole.periods])
    if whole.workings.losses:
        assert facts["Expected loss a year, afterwards"][2] == pytest.approx(plan.totals.tail_expected_loss_per_year)
        assert table(book["Threats"])["All threats"][1] == pytest.approx(whole.loss_today)
    assert [row[2] for row in book["Left out"].iter_rows(min_row=2, values_only=True)][: len(whole.left)] == [
        left.reason for left in whole.left
    ]
    assert not any(cell.data_type == "e" for sheet in book for row in sheet.iter_rows() for cell in row)


#: The functions of which our formulas are made.
OURS = {
    *(
        "ABS",
        "AND",
        "COUNTIF",
        "COUNTIFS",
        "FIXED",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "MATCH",
        "MAX",
        "MIN",
        "N",
        "ROUND",
    ),
    *("ROWS", "SUBTOTAL", "SUM", "SUMIFS", "SUMPRODUCT"),
}


def test_text_stays_text_and_no_formula_holds_any() -> None:
    whole = breakdown(hostile_plan())
    book = opened(whole)
    titles = [row[1].value for row in book["Roadmap"].iter_rows(min_row=2, max_row=len(whole.items) + 1)]
    assert titles == [item.title or None for item in whole.items]
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.hyperlink is None
                if cell.data_type == "f":
                    # Without what stands in quotes, which are words of ours, there are functions of ours only.
                    bare = re.sub(r'"[^"]*"', "", str(cell.value))
                    assert set(re.findall(r"([A-Z.]+)\(", bare)) <= OURS, cell.value
                    assert not any(word in str(cell.value) for word in ("HYPERLINK", "cmd", "http", "alert", "${"))
        assert sheet.print_area
        assert sheet.page_setup.orientation == "landscape"
        assert "&P" in sheet.oddFooter.right.text
    for name in ("Roadmap", "Gantt", "Maturity", "Left out", "Assumptions", "Periods"):
        assert book[name].freeze_panes
        assert book[name].auto_filter.ref
        assert book[name].print_title_rows


def roadmap_start(book: Any, whole: Breakdown) -> str:
    """How the first step's first day is written."""
    return str(book.worksheets[1].cell(2, Columns(whole).at["Start"] + 1).number_format)


def test_paper_money_and_dates_are_the_locales_own() -> None:
    whole = breakdown(handmade.bottling())
    found = {}
    for name in ("en_US", "de", "fr_CH", "hi_IN"):
        with numbers.written_as(name):
            book = opened(whole)
        # Their names are those of the language, where one is spoken.
        sheet = book.worksheets[0]
        found[name] = (sheet["B8"].number_format, roadmap_start(book, whole), sheet.page_setup.paperSize)
    assert found["en_US"] == ('"€"#,##0', "mmm d, yyyy", 1)
    assert found["de"] == ('#,##0"\u00a0€"', "dd.mm.yyyy", 9)
    assert found["fr_CH"] == ('#,##0"\u00a0€"', "d mmm yyyy", 9)
    assert found["hi_IN"] == ('"€"#,##0', "d mmm yyyy", 9)
    assert opened(whole)["Summary"]["B8"].number_format == '#,##0 "EUR"'


@pytest.mark.timing
def test_a_thousand_steps_over_five_years_of_months_take_no_ten_seconds() -> None:
    whole = breakdown(fleet(100, 10, periods=60))
    began = time.process_time()
    data = xlsx(whole)
    assert (len(whole.items), len(whole.periods)) == (1000, 60)
    # Of the processor, which others may use as well.
    assert time.process_time() - began < 10
    assert len(data) < 3_000_000


# -- what is changed in it ---------------------------------------------------------------------------------------------


@dataclass
class Change:
    """A plan that somebody changes in the workbook, and the same as we count it."""

    whole: Breakdown
    book: Any
    problem: Problem
    starts: dict[str, int]

    @classmethod
    def of(cls, plan: Plan) -> Change:
        whole = breakdown(plan)
        return cls(whole, opened(whole), plan.problem, dict(plan.starts))

    def put(self, item: Item, column: str, value: float | str) -> None:
        """Type a value in an item's row."""
        row = self.whole.items.index(item) + 2
        self.book["Roadmap"].cell(row, Columns(self.whole).at[column] + 1).value = value

    def step(self, item: Item, **fields: Any) -> None:
        """The same in the problem."""
        steps = [one.model_copy(update=fields) if one.id == item.step else one for one in self.problem.steps]
        self.problem = self.problem.model_copy(update={"steps": tuple(steps)})

    def start(self, item: Item, t: int) -> None:
        self.put(item, "From", self.whole.workings.names[t])
        self.starts[item.step] = t

    def capacity(self, sheet: str, name: str, t: int, amount: float) -> None:
        """Change what a limit of one period is, or what the period adds to it."""
        page = self.book[sheet]
        row = next(row for row in page.iter_rows() if row[0].value == f"Limit, {name}")
        numbers_ = next(page.iter_rows(min_row=2, max_row=2))
        cell = next(cell for cell, no in zip(row, numbers_, strict=True) if no.value == t + 1)
        assert cell.value is not None
        cell.value = amount

    def recalculated(self, folder: Path) -> Any:
        """As LibreOffice counts it, without our results."""
        program = shutil.which("soffice")
        if program is None:
            pytest.skip("soffice is not installed here")
        path = folder / "changed.xlsx"
        self.book.save(path)
        command = [
            *(program, f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to"),
            *("xlsx:Calc MS Excel 2007 XML", "--outdir", str(folder / "out"), str(path)),
        ]
        subprocess.run(command, check=True, capture_output=True, timeout=180)
        return openpyxl.load_workbook(folder / "out" / "changed.xlsx", data_only=True)

    def broken(self, ledger: Ledger) -> set[str]:
        """What the changed plan breaks, by our own rules."""
        found = set()
        steps = self.problem.steps_by_id()
        for window in self.problem.windows:
            used = sum(ledger.total(self.starts, window.resource)[window.from_ : window.to + 1])
            if ledger.amount(used, window.resource) > window.limit + 0.004:
                found.add(window.resource)
        still = {item.step for item in self.whole.items if item.state == "open"}
        for name in still & self.starts.keys():
            step, start = steps[name], self.starts[name]
            if start < step.earliest or step.finish(start) >= self.problem.horizon:
                found.add("order")
            if step.latest_finish is not None and step.finish(start) > step.latest_finish:
                found.add("order")
            if step.start not in (None, start):
                found.add("order")
            groups = [[need] for need in step.needs] + [list(group) for group in step.needs_any]
            for group in groups:
                if not any(
                    need.step in self.starts and start >= steps[need.step].finish(self.starts[need.step]) + need.lag
                    for need in group
                ):
                    found.add("order")
        for t, most in enumerate(self.problem.parallel or ()):
            if sum(start <= t <= steps[name].finish(start) for name, start in self.starts.items()) > most:
                found.add("parallel")
        return found


def held(page: Any, name: str) -> list[Any]:
    """A row's cells of the periods."""
    rows = list(page.iter_rows(values_only=True))
    row = next(row for row in rows if row[0] == name)
    return [cell for cell, no in zip(row[2:], rows[1][2:], strict=True) if no]


def agree(change: Change, book: Any) -> set[str]:
    """What LibreOffice finds is what we find: sums, Gantt and check; what is broken."""
    ledger, whole = Ledger(change.problem), change.whole
    steps = change.problem.steps_by_id()
    now = whole.as_of or 0
    for name, resource in (("Investment", MONEY[1]), ("Running cost", MONEY[2]), ("Money of the plan", MONEY[0])):
        used = [ledger.amount(units, resource) for units in ledger.total(change.starts, resource)]
        assert held(book["Money"], name)[now:] == pytest.approx(used[now:], abs=1e-6), name
    for team, title in whole.teams.items():
        used = [ledger.amount(units, team) for units in ledger.total(change.starts, team)]
        assert held(book["People"], title) == pytest.approx(used, abs=1e-6)
    facts = table(book["Summary"])
    total = math.fsum(held(book["Money"], "Money of the plan"))
    assert facts["Money within the horizon"][2] == pytest.approx(total)
    assert facts["Cost a year afterwards"][2] == pytest.approx(
        math.fsum(steps[name].afterwards for name in change.starts)
    )
    gantt = [row[2 : 2 + len(whole.periods)] for row in book["Gantt"].iter_rows(min_row=2, values_only=True)]
    for item, row in zip(whole.items, gantt, strict=False):
        first = change.starts[item.step]
        last = steps[item.step].finish(first)
        assert [bool(cell) for cell in row] == [first <= t <= last for t in range(len(row))]
    broken = change.broken(ledger)
    said = book["Summary"]["A5"].value
    assert (said == FINE) == (not broken), (said, broken)
    checks = {name: row[1] for name, row in facts.items() if name.startswith(("Limit, ", "Steps in", "Order and"))}
    for resource in {limit.resource for limit in whole.workings.limits}:
        named = {"money": "money", "money_once": "investment", "money_per_year": "running cost"}
        title = named.get(resource) or whole.teams[resource]
        assert (checks[f"Limit, {title}"] == "kept") == (resource not in broken)
    assert (checks["Order and dates of steps"] == "kept") == ("order" not in broken), (checks, broken)
    return broken


@pytest.mark.slow
@every_plan
def test_libreoffice_comes_to_our_figures(name: str, tmp_path: Path) -> None:
    change = Change.of(PLANS[name]())
    assert agree(change, change.recalculated(tmp_path)) == set()


@pytest.mark.slow
def test_a_changed_cost_start_and_capacity_move_what_hangs_on_them(tmp_path: Path) -> None:
    """12,000 → 20,000.01 once and 2,000 → 3,000 a year for the first step, the last one two quarters later, and the
    second quarter's days down from 20 to 7: the second step takes 6 of security in each of two quarters.
    """
    change = Change.of(handmade.bottling())
    first, later = (
        next(item for item in change.whole.items if item.step == name)
        for name in ("access.depth.2", "patching.depth.2")
    )
    change.put(first, "Once", 20000.01)
    change.put(first, "Per year", 3000)
    change.step(first, once=20000.01, per_year=3000)
    change.start(later, 3)
    change.capacity("People", "Security", 1, 5)
    windows = [
        held.model_copy(update={"limit": 5}) if (held.resource, held.from_) == ("security", 1) else held
        for held in change.problem.windows
    ]
    change.problem = change.problem.model_copy(update={"windows": tuple(windows)})
    book = change.recalculated(tmp_path)
    # In the first quarter 20,000.01 and 5,000.50 of 18,000 that are there by then.
    assert agree(change, book) == {"money", "security"}
    checks = {name: row[1] for name, row in table(book["Summary"]).items() if name.startswith("Limit, ")}
    assert checks["Limit, money"] == "broken in 2027-Q1 by 7,001 EUR"
    assert checks["Limit, Security"] == "broken in 2027-Q2 by 1.0 person-days"
    assert book["Summary"]["A5"].value == (
        "2 of the checks below broken; the first: Limit, money: broken in 2027-Q1 by 7,001 EUR"
    )
    said = [row[0] for row in book["Summary"].iter_rows(values_only=True) if row[0]]
    assert any(line.startswith("1 of the steps start in another period than in the plan") for line in said)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(6))
def test_changes_at_random_are_counted_as_we_count_them(seed: int, tmp_path: Path) -> None:
    dice = random.Random(seed)
    shapes: list[Callable[[], Plan]] = [handmade.bottling, crew, renewed, lambda: fleet(3, 12)]
    change = Change.of(shapes[seed % 4]())
    agree_after_changes(change, dice, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("long", [2, 3])
def test_what_is_paid_in_parts_is_counted_as_we_count_it(long: int, tmp_path: Path) -> None:
    """Another amount, in the same periods: its parts; in three periods: evenly, as no share fits them any more."""
    change = Change.of(crew(parts=True))
    (item,) = (item for item in change.whole.items if item.spread)
    for column, value in (("Once", 7777.77), ("Periods", long)):
        change.put(item, column, value)
    change.step(item, once=7777.77, duration=long, spread=item.spread if long == 2 else ())
    change.start(item, 4)
    agree(change, change.recalculated(tmp_path))


@pytest.mark.slow
@pytest.mark.parametrize("start", [0, 4])
def test_what_comes_again_is_counted_from_where_a_step_is_moved(start: int, tmp_path: Path) -> None:
    change = Change.of(crew(again=True))
    (item,) = (item for item in change.whole.items if item.renew)
    change.start(item, start)
    agree(change, change.recalculated(tmp_path))


def agree_after_changes(change: Change, dice: random.Random, folder: Path) -> None:
    """Other amounts, lengths and starts of some open steps."""
    still = [item for item in change.whole.items if item.state == "open"]
    for item in dice.sample(still, min(3, len(still))):
        once, per_year = round(dice.uniform(0, 30_000), 2), round(dice.uniform(0, 5_000), 2)
        long = dice.randint(1, 3)
        start = dice.randrange(change.whole.as_of or 0, len(change.whole.periods) + 1 - long)
        for column, value in (("Once", once), ("Per year", per_year), ("Periods", long)):
            change.put(item, column, value)
        change.step(item, once=once, per_year=per_year, duration=long)
        change.start(item, start)
    agree(change, change.recalculated(folder))
