"""``import --update``: new levels in a scenario that somebody wrote."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from stepladder.data.formats.base import unknown
from stepladder.data.question import Question
from stepladder.data.reading.text import read_text
from stepladder.data.reading.tree import read_yaml
from stepladder.data.resolving.index import Index
from stepladder.errors import InvalidInput, Issue, Location, UsageError
from stepladder.exchange.intake.reading import levels_said
from stepladder.exchange.intake.source import source
from stepladder.exchange.intake.update import Place, unlike, updated
from stepladder.wording import numbers
from stepladder.workflow.asking import ask_of
from stepladder.workflow.catalogue import catalogue
from stepladder.workflow.intake import USUALLY, Frame, Wish, imported, importer_of
from stepladder.workflow.reading import existing
from stepladder.workflow.template import USUAL

#: Levels do not depend on when a plan begins.
ANY = Frame(start="2000-01-01")


@dataclass(frozen=True)
class Update:
    """A scenario with the levels of an assessment, and nothing else changed.

    Attributes
    ----------
    text
        The scenario's text.
    notes
        Which levels changed, each with the old and the new one.
    """

    text: str
    notes: tuple[str, ...]


def update(scenario: str | Path, paths: Sequence[str | Path], wish: Wish = USUALLY) -> Update:
    """Put the levels of an assessment into a scenario that somebody wrote.

    Parameters
    ----------
    scenario
        A scenario with the same maturity model.
    paths, wish
        As for ``intake``.

    Raises
    ------
    InvalidInput
        With everything that is wrong; or where the scenario knows something not of which the assessment speaks, or says
        a level in a way that leaves no place for another one.
    """
    path = existing(scenario)
    text = read_text(path, str(path), ours=True)
    levels = levels_of(ask_of(text, str(path)))
    found = _levels(paths, wish, levels, lambda: _index(path, text, wish))
    if strange := sorted(set(found) - set(levels)):
        raise InvalidInput([Issue(Location(str(path)), "SL201", _unknown(strange, levels))])
    changed = {name: level for name, level in found.items() if levels[name] != level}
    after = updated(text, str(path), {_place(name): level for name, level in changed.items()})
    said = levels_of(ask_of(after, str(path)))
    wrong = [name for name in levels if said.get(name) != changed.get(name, levels[name])]
    if wrong or unlike(text, after, str(path)):
        names = ", ".join(wrong[:3] or changed)
        message = f"the level of {names} cannot be put in here without changing others; write it under `current`"
        raise InvalidInput([Issue(Location(str(path)), "SL104", message)])
    notes = [f"{name}: {levels[name]} -> {level}" for name, level in changed.items()]
    # A byte order mark is a byte, too.
    mark = "\ufeff" if path.read_bytes().startswith(b"\xef\xbb\xbf") else ""
    count = f"{numbers.count(len(changed), 'level')} changed, {len(found) - len(changed):,} as before"
    return Update(mark + after, (*notes, count))


def levels_of(question: Question) -> dict[str, int]:
    """Today's levels, by parameter."""
    return {one.id: one.current for one in question.context.parameters} if question.context is not None else {}


def _levels(
    paths: Sequence[str | Path], wish: Wish, known: Mapping[str, int], index: Callable[[], Index]
) -> dict[str, int]:
    """The levels that the files say, by parameter; of a sheet only those that somebody has filled in."""
    files = [source(existing(path), str(path)) for path in paths]
    chosen = importer_of(files, wish)
    if chosen is None and len(files) > 1:
        raise UsageError("a sheet is read alone; name one file at a time")
    if chosen is not None:
        return levels_of(imported(*chosen, ANY, wish).question)
    found = levels_said(files[0].sheets, index(), files[0].path)
    wanted: dict[str, int] = {}
    for (system, code), level in found.items():
        # A row without a system is for all of them.
        names = [name for name in known if name.rpartition("/")[2] == code] if not system else [f"{system}/{code}"]
        wanted |= dict.fromkeys(names or [code], level)
    return wanted


def _index(scenario: Path, text: str, wish: Wish) -> Index:
    """The maturity model of a scenario: the sheet speaks of the same one."""
    root, _ = read_yaml(text, str(scenario))
    named = root.child("catalogue") if root is not None else None
    name = wish.catalogue or (str(named.value) if named is not None else USUAL)
    beside = scenario.parent / name
    return catalogue(beside if beside.is_file() else name).index


def _place(name: str) -> Place:
    """A parameter as a scenario's text has it."""
    system, _, code = name.rpartition("/")
    practice, _, scale = code.rpartition(".")
    return system, practice, scale


def _unknown(strange: Sequence[str], levels: Mapping[str, int]) -> str:
    more = f" and {len(strange) - 3} more" if len(strange) > 3 else ""
    near = unknown("practice", strange[0], levels)
    return f"the scenario has no {', '.join(strange[:3])}{more}: {near}; import the assessment anew with -o"
