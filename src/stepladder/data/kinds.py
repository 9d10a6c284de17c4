"""What a file of ours is, by its key ``format``; and those that are no question, read and checked as far as they can
be alone.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from stepladder.data.catalogues import load_catalogue
from stepladder.data.formats import scenario
from stepladder.data.formats.problem import FORMAT as PROBLEM
from stepladder.data.formats.scenario import Profiles
from stepladder.data.load import load_plan
from stepladder.data.reading.text import IMPORT, read_text
from stepladder.data.reading.tree import read_yaml
from stepladder.data.reading.validate import as_what, kind_of, load, read_tree
from stepladder.errors import InvalidInput, Issue, Location

if TYPE_CHECKING:
    from stepladder.data.formats.actuals import Actuals
    from stepladder.data.formats.mapping import TrackerMap
    from stepladder.data.formats.plan import Plan
    from stepladder.data.resolving.index import Index

__all__ = ["QUESTIONS", "CheckedFile", "as_what", "format_of", "held", "kind_of"]

#: What ``load`` reads as a question.
QUESTIONS = (scenario.FORMAT, PROBLEM)
#: A format where it stands in nearly all YAML files; what is nested is further to the right.
_LINE = re.compile(r"^format: *([\w/-]+) *(?:#.*)?$", re.MULTILINE)


@dataclass(frozen=True)
class CheckedFile:
    """A file that is no question.

    Attributes
    ----------
    name
        As it was named.
    format
        What it says that it is, such as ``stepladder-catalogue/1``.
    record
        What is in it: a catalogue's index, stored targets, a plan, actuals or a mapping of a tracker.
    """

    name: str
    format: str
    record: Index | Profiles | Plan | Actuals | TrackerMap


def format_of(path: Path) -> str | None:
    """What a file says that it is: one of our formats. None where its form is so wrong that it says nothing, or another
    command reads it.

    Raises
    ------
    InvalidInput
        When it says nothing though it is well-formed, or something that is no format of ours.
    """
    text = read_text(path, str(path))
    line = None if path.suffix == ".json" else _LINE.search(text)
    format_ = line[1] if line else _said(path, text)
    if format_ is None or format_ in QUESTIONS:
        return format_
    known = _known()
    if format_ in known:
        return format_
    if kind_of(format_) not in (None, *map(kind_of, known)):
        return None
    place = read_tree(path, str(path)).nearest(("format",))
    raise InvalidInput(
        [Issue(place, "SL104", f"{_shown(format_)} is no format that is known here; known: {', '.join(known)}")]
    )


def _said(path: Path, text: str) -> str | None:
    """The value of the key ``format``, whatever it is, as text; None where there is no mapping to have one."""
    if path.suffix == ".json":
        try:
            content = json.loads(text)
        except (ValueError, RecursionError):
            return None
    else:
        root, issues = read_yaml(text, str(path))
        content = None if root is None or issues else root.plain()
    if not isinstance(content, dict):
        return None
    if "format" not in content:
        missing = f"key 'format' is missing, and so what this file is; add the one that is meant: {', '.join(_known())}"
        if "catalogue" not in content:
            missing += f"; {IMPORT}"
        raise InvalidInput([Issue(Location(str(path)), "SL102", missing)])
    return str(content["format"])


def _shown(text: str) -> str:
    return repr(text if len(text) <= 60 else text[:59] + "…")


def _known() -> list[str]:
    """Every format that can be checked."""
    from stepladder.data.schemas import KINDS

    return [name for model in KINDS.values() for name in get_args(model.model_fields["format"].annotation)]


def held(path: Path, name: str, format_: str) -> CheckedFile:
    """A file that is no question, checked as what it says that it is.

    Raises
    ------
    InvalidInput
        With everything that is wrong with it.
    """
    kind = kind_of(format_)
    if kind == "catalogue":
        return CheckedFile(name, format_, load_catalogue(path)[0])
    if kind == "plan":
        return CheckedFile(name, format_, load_plan(path))
    if kind == "map":
        from stepladder.data.mapping import load_mapping

        return CheckedFile(name, format_, load_mapping(path))
    # What their names and amounts mean only a catalogue or a plan can say.
    from stepladder.data.formats.actuals import Actuals

    if kind == "profiles":
        return CheckedFile(name, format_, load(Profiles, path, str(path))[0])
    return CheckedFile(name, format_, load(Actuals, path, str(path))[0])
