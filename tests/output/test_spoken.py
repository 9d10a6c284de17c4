"""A page and a text in another language: no English sentence is left, and nothing is put together of pieces that nobody
can translate.

What people wrote in a scenario or in a model stays as it was written: here it is in Greek letters, so that every Latin
one is the program's. So do the sentences that a plan's file holds: why steps and policies are left out, which advice
the plan does not follow, and notes.
"""

from __future__ import annotations

import html
import io
import json
import re
from collections.abc import Callable, Iterator
from functools import partial
from gettext import NullTranslations
from pathlib import Path
from string import Formatter
from typing import Any

import lxml.html
import pytest

from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.policy import choice
from stepladder.optimise import Options
from stepladder.output.outlook import ADVICE
from stepladder.output.report import front
from stepladder.output.terminal import plan_text
from stepladder.wording import language
from stepladder.wording.page import Style
from stepladder.wording.text import clean
from stepladder.workflow.asking import ask
from stepladder.workflow.frontier import frontier
from stepladder.workflow.plan import answer
from stepladder.workflow.report import Losses, ReportRequest, report
from stepladder.workflow.sweep import mark_of
from tests.output.test_points import plan as points
from tests.support import handmade
from tests.support.commanding import SMALL, run
from tests.support.insured_mill import mill
from tests.support.messages import collected
from tests.support.shapes import crew, fleet, late, renewed, small

CASES = ("bottling_line", "home_cameras", "automotive_gateway", "water_utility")
QUICK = Options(gap=0.02, work=1)
MILL = Path(__file__).parents[1] / "data" / "mill.yaml"
GREEK = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "αβγδεφγηιικλμνοπκρστυβωξψζΑΒΓΔΕΦΓΗΙΙΚΛΜΝΟΠΚΡΣΤΥΒΩΞΨΖ"
)
#: Keys of a plan's file that hold what people wrote, whole or as lists and by name.
WRITTEN = {
    *("title", "practice", "scale", "groups", "levels", "ref", "source", "at", "owner", "teams", "system", "reason"),
    *("label", "made_with", "systems"),
}
#: Attributes that a screen reader says, or that the page's script shows.
SAID = ("aria-label", "aria-valuetext", "alt", "title", "data-budget", "data-said")


def quickly(name: str) -> Plan:
    """The plan of a shipped case."""
    return answer(ask(name), QUICK)


def kept() -> Plan:
    """A plan that holds money back, so that it stays within its limits in most futures."""
    return answer(ask(MILL, assignments=["robust={keep: 90%, futures: 60}"]), QUICK)


#: A case for each kind of plan: as it ships, under way, late, of a fleet, with nothing in it, in points, insured.
KINDS: dict[str, Callable[[], Plan]] = {
    **{name: partial(quickly, name) for name in CASES},
    "by hand": handmade.bottling,
    "under way": renewed,
    "late": late,
    "two lines": partial(crew, late=1),
    "fleet": partial(fleet, 20, 8),
    "nothing": partial(small, 0),
    "one step": partial(small, 1),
    "points": points,
    "insured": mill,
    "money held back": kept,
}


@pytest.fixture(scope="module", params=KINDS)
def made(request: pytest.FixtureRequest) -> Plan:
    return in_greek(KINDS[request.param]())


@pytest.fixture(scope="module")
def beside() -> tuple[Plan, dict[str, Any]]:
    """A plan with others beside it: of other budgets, of another choice, and with a sweep."""
    question = ask("home_cameras")
    own = answer(question, QUICK)
    caps = [round(own.totals.tail_expected_loss_per_year * 1.1, 2)]
    found = frontier(question, "60%", "140%", 3, caps, Options(work=1, threads=1))
    others = [in_greek(plan) for curve in found.curves for _money, plan in curve.plans]
    own = in_greek(own)
    future = [[[0.1, 1000.0, 0.5]] * len(own.problem.threats)] * 3
    losses = Losses(0, mark_of(own), [future] * 4, over=1)
    return own, {"frontier": others, "others": (("α", own), ("β", others[0])), "losses": losses}


def in_greek(plan: Plan) -> Plan:
    """The same plan, with all that people wrote in Greek letters."""
    return Plan.model_validate_json(json.dumps(_greek(json.loads(dump(plan)))))


def _greek(node: Any, key: str = "", *, written: bool = False) -> Any:
    if isinstance(node, str):
        # The calendar's own quarters are written as the locale has them, and a word alone may be a reason's name.
        return node if not written or re.fullmatch(r"\d{4}-(Q\d|\d\d)|[a-z_]+", node) else node.translate(GREEK)
    if isinstance(node, list):
        return [_greek(one, key, written=written) for one in node]
    if not isinstance(node, dict):
        return node
    return {
        name.translate(GREEK) if key == "made_with" else name: _greek(value, name, written=written or name in WRITTEN)
        for name, value in node.items()
    }


def stored(plan: Plan) -> list[str]:
    """The sentences that a plan's file holds, which are shown as they stand there."""
    notes = plan.context.notes if plan.context else ()
    reasons = (clean(plan.left_out(name)) for name in plan.not_planned)
    return [*reasons, *(clean(note).removeprefix(ADVICE) for note in notes)]


def spoken(plan: Plan, **more: Any) -> Iterator[str]:
    """All that a page and a text say, piece by piece."""
    asked = ReportRequest(plan, locale="de", **more)
    for node in lxml.html.fromstring(report(asked).decode()).iter():
        if node.tag not in ("style", "script"):
            yield from filter(None, (node.text, *(node.get(name) for name in SAID)))
        yield node.tail or ""
    # Without the diagram, which is another file's; a mark before a mark of Markdown says nothing.
    page = re.sub(r"```.*?```", "", report(asked, "md").decode(), flags=re.DOTALL)
    yield from html.unescape(re.sub(r"\\(?=\W)|\u2060", "", page)).splitlines()
    for full in (False, True):
        # In lines that are as long as their sentences.
        yield from plan_text(plan, Style(width=4000), full=full, locale="de").splitlines()


def pieces(plan: Plan, **more: Any) -> list[str]:
    """The same as single lines, without what the plan's file says."""
    lines = []
    for text in spoken(plan, **more):
        line = " ".join(text.split())
        for sentence in stored(plan):
            line = line.replace(sentence, "")
        lines.append(line)
    return lines


# -- a language of the test --------------------------------------------------------------------------------------------


class Marked(NullTranslations):
    """A language in which every sentence is the English one between two marks."""

    def gettext(self, message: str) -> str:
        return f"⟦{message}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"⟦{msgid1 if n == 1 else msgid2}⟧"


def outside(text: str) -> str:
    """What of a text is inside no marks."""
    kept, depth = [], 0
    for char in text:
        depth += (char == "⟦") - (char == "⟧")
        kept.append(char if depth == 0 and char != "⟧" else "")
    return "".join(kept)


def untranslated(plan: Plan, monkeypatch: pytest.MonkeyPatch, **more: Any) -> list[str]:
    """Pieces with Latin letters that no catalogue has; currencies, commands and ids are the same everywhere."""
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    monkeypatch.setattr(language, "read", lambda name: Marked())
    ids = {name for step in plan.problem.steps for name in (step.id, step.id.partition("/")[0], *step.teams)}
    ids |= {choice(policy.id, year) for policy in plan.problem.policies for year in range(len(policy.premiums))}
    words = "|".join(sorted((re.escape(name.replace("_", " ")) for name in ids), key=len, reverse=True))
    same = re.compile(rf"\({plan.problem.currency}\)|\((show --csv \w+|--json)\)|\b({words})\b", re.IGNORECASE)
    left = {piece: same.sub("", outside(piece).replace("_", " ")) for piece in pieces(plan, **more)}
    return sorted(piece for piece, rest in left.items() if re.search(r"[A-Za-z]{2}", rest))


def test_every_sentence_of_a_page_is_in_the_catalogue(made: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    assert untranslated(made, monkeypatch) == []


def test_so_is_every_sentence_beside_other_plans(
    beside: tuple[Plan, dict[str, Any]], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert untranslated(beside[0], monkeypatch, **beside[1]) == []


def test_what_is_in_no_catalogue_is_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert outside("⟦one ⟦and⟧ two⟧ and ⟦three⟧ of γρεεκ") == " and  of γρεεκ"
    monkeypatch.setitem(front._SLACK, "today", "")
    monkeypatch.setattr(front, "slack_words", lambda one: "Met in time.")
    assert [piece for piece in untranslated(in_greek(renewed()), monkeypatch) if "Met in time." in piece]


# -- German ------------------------------------------------------------------------------------------------------------


def english() -> set[str]:
    """What of the English messages stands between their values, where it is longer than two words and another language
    has it otherwise.
    """
    found: set[str] = set()
    known = language.read("de")
    for message in collected():
        one, many = message if isinstance(message, tuple) else (message, message)
        there = {known.gettext(one), *((known.ngettext(one, many, k) for k in (1, 2)) if one != many else ())}
        for text in {one, many}:
            for part, *_place in Formatter().parse(text):
                if len(re.findall(r"[A-Za-z']+", part)) > 2 and not any(part in other for other in there):
                    found.add(part.strip())
    return found


def left(found: list[str]) -> list[tuple[str, str]]:
    """English in what was said, and where."""
    wanted = english()
    assert len(wanted) > 300
    return [(part, piece) for piece in found for part in wanted if part in piece]


def test_no_english_sentence_is_left_of_a_page_in_german(made: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    assert left(pieces(made)) == []
    assert '<html lang="de">' in report(ReportRequest(made, locale="de")).decode()


def test_nor_beside_other_plans(beside: tuple[Plan, dict[str, Any]], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    assert left(pieces(beside[0], **beside[1])) == []


def test_english_is_seen_where_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "COMPLETE", set())
    plan = in_greek(handmade.bottling())
    assert len(left(pieces(plan))) > 100
    assert '<html lang="en">' in report(ReportRequest(plan, locale="de")).decode()


def test_a_pdf_says_its_language_and_has_german_above_and_below(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("weasyprint", reason="the pdf extra is not installed (make clients)")
    pypdf = pytest.importorskip("pypdf", reason="pypdf is not installed (make clients)")
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    read: Any = pypdf.PdfReader(io.BytesIO(report(ReportRequest(handmade.bottling(), locale="de"), "pdf")))
    assert read.trailer["/Root"]["/Lang"] == "de"
    assert "Bevor etwas begonnen hat, ab Q1 2027; Fassung 1." in " ".join(read.pages[1].extract_text().split())


def test_a_command_says_it_too(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    path = tmp_path / "plan.json"
    made = run("plan", SMALL, "--locale", "de_CH", "--no-progress", "-o", path)
    assert made.exit_code == 0, made.stderr
    assert "WIE GUT DIESER PLAN IST" in made.stdout
    assert run("show", path, "--locale", "de_CH").stdout == made.stdout
    assert "HOW GOOD THIS PLAN IS" in run("show", path).stdout
    # What is kept is the same in every language.
    assert "Bewiesen" not in path.read_text(encoding="utf-8")
    for command in ("plan", "show"):
        said = run(command, path, "--locale", "xx")
        assert said.exit_code == 2
        assert "'xx' is no locale; write a language" in " ".join(said.stderr.split())
