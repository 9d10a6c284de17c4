"""The sentences that the source marks for translation, and the catalogues of their translations.

``python -m tests.support.messages de`` brings a catalogue up to date: what is new stands in it without a translation,
what is not in the source any more is gone.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po
from jinja2 import Environment
from jinja2.ext import extract_from_ast

from stepladder.data import rules
from stepladder.data.objective import OBJECTIVES
from stepladder.data.unplanned import AMOUNTS, EVERY, OR, WAITS
from stepladder.solution import verify

SOURCE = Path(__file__).parents[2] / "src" / "stepladder"
#: A sentence, or one of it and many.
Message = str | tuple[str, str]
#: The calls that mark a sentence, and those that mark one of something and many.
ONE, MANY = frozenset({"_", "mark", "phrase"}), frozenset({"plural", "pair"})


def collected(*rooms: str) -> dict[Message, str]:
    """Each message with the first file that has it, of all the source or of some of its rooms."""
    found: dict[Message, str] = {}
    for room in rooms or ("",):
        for path in sorted((SOURCE / room).rglob("*.py")):
            for message in in_file(path):
                found.setdefault(message, path.relative_to(SOURCE).as_posix())
        for path in sorted((SOURCE / room).rglob("*.j2")):
            for message in in_page(path):
                found.setdefault(message, path.relative_to(SOURCE).as_posix())
    for place, words in _elsewhere():
        found.setdefault(words, place)
    # A catalogue has one entry for a noun that also stands alone: the one of it.
    alone = {message[0] for message in found if isinstance(message, tuple)}
    return {message: place for message, place in found.items() if message not in alone}


def _elsewhere() -> Iterator[tuple[str, Message]]:
    """Words that people read and that stand in rooms without sentences for people, with where that is."""
    for objective in OBJECTIVES.values():
        for words in (objective.more, objective.noun, objective.title, objective.better):
            yield "data/objective.py", words
    for sentence in (*AMOUNTS, EVERY, OR):
        yield "data/unplanned.py", sentence
    yield "data/unplanned.py", WAITS
    for rule in rules.RULES:
        yield "data/rules.py", rule.short
    for words in verify.RULES.values():
        yield "solution/verify.py", words


def in_page(path: Path) -> Iterator[Message]:
    """The messages of a page's template, in its order."""
    page = Environment().parse(path.read_text(encoding="utf-8"))
    for _line, _function, texts in extract_from_ast(page, ("_",)):
        # The values of a call are no part of its message.
        message = texts if isinstance(texts, str | None) else texts[0]
        assert message is not None, path
        yield message


def in_file(path: Path) -> Iterator[Message]:
    """The messages of one file, in its order."""
    for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(call, ast.Call):
            yield from _of(call)


def _of(call: ast.Call) -> Iterator[Message]:
    name, texts = called(call), [arg.value if isinstance(arg, ast.Constant) else None for arg in call.args]
    if name in ONE and isinstance(texts[0], str):
        yield texts[0]
    elif name in MANY and isinstance(texts[0], str) and isinstance(texts[1], str):
        yield texts[0], texts[1]
    elif name == "count" and len(texts) > 1 and isinstance(texts[1], str):
        many = texts[2] if len(texts) > 2 else f"{texts[1]}s"
        assert isinstance(many, str), ast.unparse(call)
        yield texts[1], many


def called(call: ast.Call) -> str:
    """The name of what is called, without what it belongs to."""
    function = call.func
    return function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")


def catalogue(language: str) -> Path:
    """Where the sentences of a language are."""
    return SOURCE / "languages" / f"{language}.po"


def template() -> Catalog:
    """A catalogue of all messages, none of them translated."""
    made = Catalog(project="stepladder", charset="utf-8")
    for message, place in collected().items():
        made.add(message, locations=[(place, 0)])
    return made


def update(language: str) -> None:
    """Bring a catalogue up to date, or begin one."""
    path = catalogue(language)
    known = Catalog(locale=language)
    if path.exists():
        with path.open("rb") as file:
            known = read_po(file, locale=language)
    known.update(template(), no_fuzzy_matching=True)
    known.obsolete.clear()
    with path.open("wb") as file:
        write_po(file, known, width=110, omit_header=True, sort_output=True, include_lineno=False)


if __name__ == "__main__":
    update(sys.argv[1])
