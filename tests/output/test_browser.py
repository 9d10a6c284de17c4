"""The report in a real browser, without a network: quiet, accessible, within its policy; and a slider that shows the
plans' own figures.
"""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from babel.numbers import parse_decimal

from stepladder.data.formats.plan import Plan
from stepladder.optimise import Options
from stepladder.wording import language
from stepladder.workflow.asking import ask
from stepladder.workflow.frontier import frontier
from stepladder.workflow.plan import answer
from stepladder.workflow.report import ReportRequest, report
from tests.support.hostile import plan as hostile_plan
from tests.support.shapes import fleet, small
from tests.support.sizes import FULL

pytestmark = pytest.mark.slow
playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed here (make clients)")

CASES = ("bottling_line", "home_cameras", "automotive_gateway")
AXE = Path(__file__).parents[2] / "build/clients/node_modules/axe-core/axe.min.js"
#: What every page allows itself, and beside it its one script by its digest.
STRICT = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'"


@pytest.fixture(autouse=True)
def words_in_english(monkeypatch: pytest.MonkeyPatch) -> None:
    """Only numbers are looked at in other languages here; for words see test_spoken."""
    monkeypatch.setattr(language, "COMPLETE", set())


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    program = shutil.which("chromium")
    if program is None:
        pytest.skip("chromium is not installed here (make clients)")
    with playwright.sync_playwright() as player:
        opened = player.chromium.launch(executable_path=program, args=["--no-sandbox"] if os.geteuid() == 0 else [])
        yield opened
        opened.close()


class Opened:
    """A page in a browser that has no network, and what it tried."""

    def __init__(self, browser: Any, made: bytes, policy: str = "", **how: Any) -> None:
        self.context = browser.new_context(**how)
        self.page = self.context.new_page()
        self.asked: list[str] = []
        self.said: list[str] = []
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

        def asked(dialog: Any) -> None:
            self.said.append(f"dialog: {dialog.message}")
            dialog.dismiss()

        self.page.on("dialog", asked)

        def served(route: Any) -> None:
            if route.request.url == "https://report.example/":
                route.fulfill(
                    body=made,
                    headers={
                        "content-type": "text/html; charset=utf-8",
                        **({"content-security-policy": policy} if policy else {}),
                    },
                )
            else:
                self.asked.append(route.request.url)
                route.abort()

        self.page.route("**/*", served)
        self.page.goto("https://report.example/")

    def quiet(self) -> bool:
        # A browser asks every site for its icon, whatever the page says.
        return not self.said and not [url for url in self.asked if not url.endswith("/favicon.ico")]

    def close(self) -> None:
        self.context.close()


def _case(name: str) -> Plan:
    return answer(ask(name))


PLANS: dict[str, Callable[[], Plan]] = {
    **{name: partial(_case, name) for name in CASES},
    "hostile": hostile_plan,
    "fleet": lambda: fleet(100, 36),
    "many": lambda: fleet(1, 600),
    "one": lambda: small(1),
    "none": lambda: small(0),
}
SIZES: dict[str, dict[str, Any]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "laptop": {"viewport": {"width": 1280, "height": 800}},
    "dark": {"viewport": {"width": 1280, "height": 800}, "color_scheme": "dark"},
}


@pytest.mark.parametrize("name", PLANS if FULL else ["bottling_line", "hostile", "fleet", "one", "none"])
def test_no_request_no_message_no_violation_no_overflow(browser: Any, name: str) -> None:
    made = report(ReportRequest(PLANS[name]()))
    for size, how in SIZES.items():
        held = Opened(browser, made, **how)
        assert held.quiet(), (size, held.said, held.asked)
        assert held.page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), size
        policy = held.page.locator("meta[http-equiv=Content-Security-Policy]").get_attribute("content")
        scripts = held.page.evaluate("document.scripts.length")
        assert re.fullmatch(re.escape(STRICT) + ("; script-src 'sha256-[\\w+/=]{44}'" if scripts else ""), policy)
        assert scripts == (held.page.locator(".sorts").count() > 0)
        _accessible(held.page)
        held.page.emulate_media(media="print")
        # What is folded away on a screen is there on paper.
        assert held.page.evaluate(
            "[...document.querySelectorAll('details table')].every((table) => table.getBoundingClientRect().height > 0)"
        )
        held.close()


def _accessible(page: Any) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed here (make clients)")
    page.evaluate("for (const held of document.querySelectorAll('details')) held.open = true")
    page.evaluate(AXE.read_text(encoding="utf-8"))
    found = page.evaluate(
        "axe.run().then((held) => held.violations.map((one) => [one.id, one.nodes.length, one.nodes[0].html.slice(0,"
        " 200)]))"
    )
    assert found == []


def test_axe_is_awake(browser: Any) -> None:
    held = Opened(
        browser,
        b"<!DOCTYPE html><html><body><input><p style='color:#eee;background:#fff'>pale</p></body></html>",
    )
    if not AXE.exists():
        pytest.skip("axe-core is not installed here (make clients)")
    held.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = held.page.evaluate("axe.run().then((held) => held.violations.map((one) => one.id))")
    assert {"html-has-lang", "label", "color-contrast"} <= set(found)
    held.close()


def test_the_policy_is_awake(browser: Any) -> None:
    made = report(ReportRequest(small(1))).replace(
        b"</body>", b"<script>window.hit = 1</script><img src='https://evil.example/x.png'></body>"
    )
    held = Opened(browser, made)
    assert held.page.evaluate("window.hit") is None
    assert held.said
    assert not [url for url in held.asked if "evil" in url]
    held.close()


@pytest.fixture(scope="module")
def along() -> tuple[Plan, list[tuple[float | None, float, Plan]]]:
    """A plan, and its frontier with two appetites."""
    question = ask("home_cameras")
    own = answer(question, Options(work=1))
    caps = [round(own.totals.tail_expected_loss_per_year * 1.1, 2)]
    found = frontier(question, "60%", "140%", 5, caps, Options(work=1, threads=1))
    return own, [(curve.appetite, money, plan) for curve in found.curves for money, plan in curve.plans]


@pytest.mark.parametrize("locale", ["en", "de"])
def test_the_slider_moves_by_keyboard_through_the_plans_themselves(browser: Any, along: Any, locale: str) -> None:
    own, points = along
    made = report(ReportRequest(own, frontier=[plan for _, _, plan in points], locale=locale))
    held = Opened(browser, made)
    assert held.quiet(), held.said
    page = held.page
    assert page.evaluate("document.scripts.length") == 1
    by_appetite: dict[float | None, list[tuple[float, Plan]]] = {}
    for appetite, money, plan in points:
        by_appetite.setdefault(appetite, []).append((money, plan))
    assert len(by_appetite) == 2
    for k, plans in enumerate(by_appetite.values()):
        page.locator("input[type=radio]").nth(k).focus()
        page.keyboard.press("Space")
        page.locator("#what-if-budget").focus()
        page.keyboard.press("Home")
        for money, plan in plans:
            figures = page.evaluate(
                "Object.fromEntries([...document.querySelectorAll('.control dl div')].map((d) =>"
                " [d.children[0].textContent, d.children[1].textContent]))"
            )
            assert _number(page.locator(".control .name").inner_text(), locale) == pytest.approx(money, abs=0.51)
            for name, value in (
                ("Spent", plan.totals.spend),
                ("Loss, present value", plan.totals.loss_present_value),
                ("Loss a year at the end", plan.totals.tail_expected_loss_per_year),
                ("Steps", len(plan.starts)),
            ):
                assert _number(figures[name], locale) == pytest.approx(value, abs=0.51)
            assert page.locator(".control .starts li").count() == len(plan.starts)
            valued = page.locator("#what-if-budget").get_attribute("aria-valuetext")
            assert figures["Loss, present value"] in valued
            page.keyboard.press("ArrowRight")
    _accessible(page)
    assert held.quiet(), held.said
    held.close()
    plain = Opened(browser, made, java_script_enabled=False)
    assert not plain.page.locator(".control").is_visible()
    assert plain.page.locator("#frontier-figures tbody tr").count() == len(points)
    plain.close()


def _number(text: str, locale: str) -> float:
    digits = "".join(char for char in text.rpartition(":")[2] if char.isdigit() or char in ".,")
    return float(parse_decimal(digits, locale=locale))


def test_a_plan_s_own_numbers_are_in_the_page_as_its_file_has_them(browser: Any) -> None:
    plan = answer(ask("bottling_line"))
    held = Opened(browser, report(ReportRequest(plan)))
    names, values = (
        held.page.evaluate(f"[...document.querySelectorAll('#decision {tag}')].map((one) => one.textContent)")
        for tag in ("dt", "dd")
    )
    tiles = dict(zip((" ".join(name.split()) for name in names), values, strict=True))
    said = json.loads(plan.model_dump_json(by_alias=True))
    assert _number(tiles["Money within the horizon"], "en") == pytest.approx(said["totals"]["spend"], abs=0.51)
    assert _number(tiles["Expected loss a year afterwards"], "en") == pytest.approx(
        said["totals"]["tail_expected_loss_per_year"], abs=0.51
    )
    held.close()


@pytest.mark.parametrize("locale", ["en", "de", "hi_IN"])
def test_tables_sort_and_filter_by_keyboard(browser: Any, locale: str) -> None:
    plan = answer(ask("home_cameras"), Options(work=1))
    made = report(ReportRequest(plan, locale=locale))
    held = Opened(browser, made)
    page = held.page
    page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true")
    box = page.locator(".sorts", has=page.locator("th:nth-child(2).n button")).first
    column = "(box) => [...box.querySelectorAll('tbody tr:not([hidden])')].map((row) => row.cells[1].textContent)"
    before = box.evaluate(column)
    numbers = [_number(text, locale) for text in before]
    assert len(set(numbers)) > 5
    assert numbers != sorted(numbers)
    button = box.locator("thead th:nth-child(2) button")
    for wanted, order in (
        ("ascending", sorted(numbers)),
        ("descending", sorted(numbers, reverse=True)),
        (None, numbers),
    ):
        button.focus()
        page.keyboard.press("Enter")
        assert box.locator("thead th:nth-child(2)").get_attribute("aria-sort") == wanted
        assert [_number(text, locale) for text in box.evaluate(column)] == order
    word = box.locator("tbody th").first.inner_text().split()[0]
    field = page.locator("label.filter input").first
    shown = field.evaluate("(field) => field.closest('label').nextElementSibling.querySelectorAll('tbody tr').length")
    field.focus()
    page.keyboard.type(word.upper())
    rows = "(field) => [...field.closest('label').nextElementSibling.querySelectorAll('tbody tr:not([hidden])')]"
    left = field.evaluate(f"(field) => ({rows})(field).map((row) => row.textContent)")
    assert 0 < len(left) <= shown
    assert all(word.lower() in text.lower() for text in left)
    assert re.findall(r"\d+", field.evaluate("(field) => field.closest('label').querySelector('output').textContent"))
    _accessible(page)
    assert held.quiet(), held.said
    held.close()
    # Under a server's policy that allows no script at all every row is still there, in its order.
    plain = Opened(browser, made, java_script_enabled=False)
    assert plain.page.locator("label.filter").count() == 0
    assert plain.page.locator(".sorts").first.locator("tbody tr").count() == shown
    plain.close()
