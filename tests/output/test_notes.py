"""Notes of a plan in the reader's language: every kind that is made is known, and any other is shown as it is."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from string import Formatter

import pytest

from stepladder.data.formats.plan import Plan
from stepladder.wording import language, numbers
from stepladder.wording.notes import NOTES, said
from stepladder.workflow.asking import ask
from tests.output.test_language import SENTENCE
from tests.support import handmade
from tests.support.messages import SOURCE, called
from tests.support.pseudo import bare, speak
from tests.support.shapes import late

#: Where notes are made, and in which functions they are made otherwise than by adding them to a list of that name.
MADE = {
    "data/notes.py": ("implied",),
    "data/findings.py": ("beside", "_said"),
    "data/resolving/calendar.py": ("moved",),
    "data/resolving/follows.py": ("said",),
    "data/resolving/achievements.py": ("why_out",),
    "data/resolving/risk.py": (),
    "data/resolving/choices.py": (),
    "data/resolving/demands.py": (),
    "data/resolving/insurance.py": ("remark",),
    "data/resolving/limits.py": (),
    "data/resolving/needs.py": (),
    "data/resolving/promised.py": (),
    "data/resolving/resolve.py": (),
    "analysis/assessment.py": ("_given", "_lost", "_again", "_reached"),
    "analysis/limits.py": (),
    "analysis/rebase.py": ("_short", "_in_vain"),
    "workflow/plan.py": ("_advised",),
    "workflow/replan.py": ("_forgotten",),
}
VALUES = {
    "amount": "1,200 EUR",
    "spent": "15,000 EUR",
    "done": "15,500.50 EUR",
    "date": "2027-12-11",
    "count": "1,200",
    "titles": "'A' and 'B'",
    "names": "a.b, c.d and 3 more",
    "parts": "1,000 EUR in 2027-Q1, 12 more",
    "uses": "1,000 EUR and 2.5 person-days of X",
    "what": "Person-days of X",
    "share": "90 %",
}


def texts(path: str) -> Iterator[str]:
    """Words of the notes that a file makes."""
    for node in ast.walk(ast.parse((SOURCE / path).read_text(encoding="utf-8"))):
        own = isinstance(node, ast.FunctionDef) and node.name in MADE[path]
        adds = isinstance(node, ast.Call) and (
            called(node) == "remark" or (called(node) == "append" and "notes" in ast.unparse(node.func))
        )
        if own or adds:
            # What a function is about stands first in it.
            about = {ast.get_docstring(node, clean=False)} if isinstance(node, ast.FunctionDef) else set()
            found = (one.value for one in ast.walk(node) if isinstance(one, ast.Constant))
            yield from (text for text in found if isinstance(text, str) and text not in about)


@pytest.mark.parametrize("path", MADE)
def test_every_note_that_is_made_is_known(path: str) -> None:
    source = ast.walk(ast.parse((SOURCE / "wording/notes.py").read_text(encoding="utf-8")))
    known = " ".join(node.value for node in source if isinstance(node, ast.Constant) and isinstance(node.value, str))
    assert [text for text in texts(path) if SENTENCE.search(text) and text.strip() not in known] == []


def test_notes_are_made_nowhere_else() -> None:
    adding = {
        path.relative_to(SOURCE).as_posix()
        for room in ("data", "analysis", "workflow")
        for path in (SOURCE / room).rglob("*.py")
        if ".notes.append(" in path.read_text(encoding="utf-8") or ".remark(" in path.read_text(encoding="utf-8")
    }
    # A scenario's own words are passed on there.
    assert adding - MADE.keys() <= {"data/resolving/appetite.py", "data/resolving/parts.py"}


@pytest.mark.parametrize("words", NOTES)
def test_every_kind_is_said_in_the_readers_language(words: str, monkeypatch: pytest.MonkeyPatch) -> None:
    names = [name for _text, name, _spec, _kind in Formatter().parse(words) if name]
    note = words.format(**{name: VALUES.get(name, f"X{k}") for k, name in enumerate(names)})
    assert said(note) == note
    speak(monkeypatch)
    with numbers.written_as("de"):
        shown = said(note)
        assert shown != note
        assert bare(shown) == []
        assert f"milestones.cra.by: {shown}" in said(f"milestones.cra.by: {note}")


def stored(plan: Plan) -> list[str]:
    return list(plan.context.notes) if plan.context else []


def test_the_notes_of_plans_are_known(monkeypatch: pytest.MonkeyPatch) -> None:
    every = [note for name in ("bottling_line", "home_cameras", "water_utility") for note in ask(name).notes]
    every += [
        note.removeprefix("Advice not followed: ") for plan in (handmade.bottling(), late()) for note in stored(plan)
    ]
    speak(monkeypatch)
    with numbers.written_as("de"):
        assert {note for note in every if said(note) == note} == {"Capacity of operations is not limited."}


def test_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    with numbers.written_as("de"):
        assert said("milestones.cra.by: 2027-12-11 is inside 2027-Q4, so it counts until the end of 2027-Q3.") == (
            "milestones.cra.by: 11.12.2027 liegt innerhalb von 2027-Q4 und zählt darum bis zum Ende von 2027-Q3."
        )
        assert said("Done beside the plan: Switch (mail), 1,000 EUR and 2.5 person-days of IT, in 2027-Q1.") == (
            "Neben dem Plan getan: Switch (mail), 1.000\u00a0€ und 2,5 Personentage (IT), in 2027-Q1."
        )
        assert said("what somebody else wrote") == "what somebody else wrote"
        assert said("x.y: what somebody else wrote") == "x.y: what somebody else wrote"
