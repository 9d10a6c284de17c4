"""Sentences in the reader's language: which are marked, and what the catalogues make of them."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from string import Formatter
from typing import get_args

import pytest
from babel.messages.pofile import read_po

from stepladder.analysis.policy_changes import PolicyKind
from stepladder.data.objective import OBJECTIVES
from stepladder.output.outlook import ADVICE
from stepladder.wording import language, numbers
from stepladder.wording.language import _, plural
from stepladder.wording.text import listed
from tests.support.messages import MANY, ONE, SOURCE, Message, called, catalogue, collected, in_file

#: The files whose every sentence is marked; what others say is in English yet.
DONE = (
    *(path.relative_to(SOURCE).as_posix() for path in sorted((SOURCE / "wording").glob("*.py"))),
    *(path.relative_to(SOURCE).as_posix() for path in sorted((SOURCE / "output" / "report").glob("*.py"))),
    *(f"output/{name}.py" for name in ("advice", "checked", "checked_files", "compared", "differences", "frontiers")),
    *(f"output/{name}.py" for name in ("histories", "model_parts", "models", "outlook", "uses")),
    *(f"output/{name}.py" for name in ("policies", "policy_reasons", "reasons", "remedies", "repairs", "stables")),
    *(f"output/{name}.py" for name in ("sweep_data", "sweeps", "tables", "terminal", "verified")),
)
#: The same in other rooms, by their paths.
DONE_ELSEWHERE = (
    *("exchange/breakdown.py", "exchange/items.py", "exchange/premiums.py", "exchange/rows.py", "exchange/workings.py"),
    *("exchange/slides/deck.py", "exchange/slides/pages.py", "exchange/xlsx_insurance.py", "exchange/xlsx_sheet.py"),
    *(f"exchange/workbook/{name}.py" for name in ("below", "columns", "formulas", "frame", "gantt", "grid")),
    *(f"exchange/workbook/{name}.py" for name in ("limits", "money", "people", "roadmap", "summary", "texts")),
    *("exchange/exporters/ics.py", "exchange/exporters/texts.py"),
    *("analysis/changed_losses.py", "analysis/changed_policies.py", "analysis/changed_steps.py", "analysis/changes.py"),
    *("analysis/difference.py", "analysis/policy_changes.py", "analysis/sides.py", "solution/reasons.py"),
    *("wording/exact.py", "wording/left_out.py", "wording/notes.py", "wording/phrases.py"),
)
#: What the files of ``diff`` call kinds of changes, and limits in the paths of what changed.
CODES = ("taken up", "other years", "other premium", "the end", "all threats")
LANGUAGES = sorted(path.stem for path in (SOURCE / "languages").glob("*.po"))
#: Two words, one after the other: text that people read, and no key.
SENTENCE = re.compile(r"[A-Za-z]{2,} [A-Za-z]{2,}")
#: Keys of tables that look like sentences, what a plan's file has, and what a style, a font and a policy say.
KEYS = {objective.verb for objective in OBJECTIVES.values()} | {*get_args(PolicyKind), ADVICE}
CODE = re.compile(r"DejaVu Sans|upper left|<svg |default-src |\n@page ")


def strings(text: Message) -> tuple[str, ...]:
    return text if isinstance(text, tuple) else (text,)


def places(text: str) -> set[str]:
    return {name for _text, name, _spec, _conversion in Formatter().parse(text) if name is not None}


@pytest.mark.parametrize("name", LANGUAGES)
def test_a_catalogue_has_each_sentence_with_its_values_and_no_other(name: str) -> None:
    with catalogue(name).open("rb") as file:
        known = read_po(file, locale=name)
    wanted = collected()
    assert {tuple(one.id) if isinstance(one.id, list | tuple) else one.id for one in known if one.id} == set(wanted)
    for one in known:
        if one.id:
            there = strings(one.string)  # type: ignore[arg-type]
            # A plural whose forms are letters was one word taken apart.
            assert all(len(text) > 1 or len(strings(one.id)[0]) == 1 for text in there), one.id  # type: ignore[arg-type]
            assert not one.fuzzy
            # A number may be said in words where there is one of something.
            assert places(there[-1]) == places(strings(one.id)[-1]), one.id  # type: ignore[arg-type]
            assert all(places(text) <= places(there[-1]) for text in there), one.id


def unmarked(path: Path) -> Iterator[str]:
    """Sentences in a file that are shown as they stand there: not in a docstring, not marked, not of an error."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    silent: set[int] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        elif isinstance(node, ast.Raise):
            silent |= {id(inner) for inner in ast.walk(node)}
        elif isinstance(node, ast.Call) and called(node) in {*ONE, *MANY, "count", "compile"}:
            silent |= {id(argument) for argument in node.args}
    for node in ast.walk(tree):
        text: object = node.value if isinstance(node, ast.Constant) and id(node) not in silent else None
        if isinstance(text, str) and text not in KEYS and SENTENCE.search(text) and not CODE.match(text):
            yield f"{path.name}:{getattr(node, 'lineno', 0)}: {text}"


@pytest.mark.parametrize("name", DONE)
def test_every_sentence_is_marked(name: str) -> None:
    assert list(unmarked(SOURCE / name)) == []


@pytest.mark.parametrize("path", DONE_ELSEWHERE)
def test_every_sentence_of_other_rooms_is_marked(path: str) -> None:
    """A column goes by its English title, marked beside it; titles of formats are for ``export --list``."""
    marked = (message for beside in (SOURCE / path).parent.glob("*.py") for message in in_file(beside))
    keys = {*marked, *listed_titles(path), *CODES}
    assert [line for line in unmarked(SOURCE / path) if line.partition(": ")[2] not in keys] == []


def listed_titles(path: str) -> Iterator[str]:
    for node in ast.walk(ast.parse((SOURCE / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and called(node) == "Format":
            yield from (str(argument.value) for argument in node.args if isinstance(argument, ast.Constant))


def test_a_sentence_that_is_not_marked_is_seen(tmp_path: Path) -> None:
    source = '"""Not this one."""\ndef f(x):\n    return f"so many {x}" + _("and not this")\n'
    (tmp_path / "a.py").write_text(source, encoding="utf-8")
    assert list(unmarked(tmp_path / "a.py")) == ["a.py:3: so many "]


def test_what_is_marked_can_be_collected() -> None:
    """A sentence that is put together before it is translated is in no catalogue."""
    for path in sorted(SOURCE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and called(node) in {*ONE, *MANY}:
                assert not any(isinstance(argument, ast.JoinedStr | ast.BinOp) for argument in node.args), path


def test_a_language_speaks_where_it_is_complete_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A page in two languages is worse than one in English; numbers are the locale's in any case."""
    monkeypatch.setattr(language, "COMPLETE", set())
    with numbers.written_as("de"):
        assert _("no money") == "no money"
        assert numbers.money(12000.5) == "12.000"
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    assert _("no money") == "no money"
    with numbers.written_as("de_CH"):
        assert _("no money") == "kein Geld"
        assert numbers.count(1, "step") == "1 Schritt"
        assert numbers.count(1200, "step") == "1'200 Schritte"
        assert numbers.count(0, "step") == "keine Schritte"
        assert numbers.days(1.5) == "1.5 Personentage"
        assert numbers.days(1) == "1 Personentag"
        assert numbers.cost(10.0, 5.0, "EUR").endswith("im Jahr")
        assert listed(["a", "b", "c"]) == "a, b und c"
        assert listed(["a", "b", "c", "d"]) == "a, b und 2 weitere"
    with numbers.written_as("fr"):
        assert _("no money") == "no money"


def test_what_is_in_no_catalogue_stays_english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "COMPLETE", {"de"})
    unknown = "this is " + "in no catalogue, {name}"
    with numbers.written_as("de"):
        assert language._(unknown, name="{x}") == "this is in no catalogue, {x}"
        assert plural("one " + "x", "many " + "x", 1.5) == "many x"
    with pytest.raises(FileNotFoundError):
        language.read("xx")
