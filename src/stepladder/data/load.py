"""Files in, one exact question out. Every issue of every file is collected and raised once."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from stepladder.data.demand import demands_of
from stepladder.data.formats.base import Record
from stepladder.data.formats.problem import Problem, faults
from stepladder.data.identity import roadmap_id
from stepladder.data.question import NOTHING, Question, Reader, Sheets
from stepladder.data.reading.json_tree import json_tree
from stepladder.data.reading.tree import Node
from stepladder.data.reading.validate import from_json, read_tree
from stepladder.data.reading.validate import load as load_record
from stepladder.errors import InvalidInput, Issue, Location, UsageError

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan

R = TypeVar("R", bound=Record)


def load(
    path: Path,
    scenario: str | None = None,
    assignments: Sequence[str] = (),
    text: str | None = None,
    beside: Mapping[str, str] = NOTHING,
    sheets: Sheets | None = None,
    tree: Node | None = None,
) -> Question:
    """Read a scenario (YAML) or a problem (JSON).

    Parameters
    ----------
    path
        The file.
    scenario
        One of the file's named scenarios, or one of its overrides.
    assignments
        ``path=value`` of the command line, laid over everything else.
    text
        What would stand in the file, where there is none; the path then says from where other files are looked for, and
        what it is called.
    beside
        What would stand in catalogues beside it that are no files either, by name.
    sheets
        How a filled sheet is read that the scenario names (``assessment``).
    tree
        What stands in the file, read already, each value with its place.

    Raises
    ------
    InvalidInput
        With every issue of the file, its catalogue, its overrides and its named scenarios.
    UsageError
        When a bare problem is asked for a named scenario.
    """
    if path.suffix == ".json":
        if scenario is not None or assignments:
            raise UsageError(f"{path} is a problem in plain numbers; --scenario and --set need a scenario file")
        problem = load_problem(path, text)
        demands = tuple(demands_of(problem))
        return Question(problem, demands=demands, id=roadmap_id(path.stem), where=_places(path, text))
    return replace(Reader(path, text, beside, sheets, tree).question(scenario, assignments), id=roadmap_id(path.stem))


def load_problem(path: Path, text: str | None = None) -> Problem:
    """Read a ``stepladder-problem/1`` JSON file, or its text, its references and ranges checked."""
    return _checked(Problem, path, text, faults)


def load_plan(path: Path, text: str | None = None) -> Plan:
    """Read a plan, a JSON file of either format or its text; the problem inside is checked, the plan is not: that is
    the verifier's.
    """
    from stepladder.data.formats.plan import Plan
    from stepladder.data.formats.plan import faults as plan_faults

    return _checked(Plan, path, text, plan_faults)


def _checked(
    model: type[R],
    path: Path,
    text: str | None,
    wrong_in: Callable[[R], Iterable[tuple[tuple[str | int, ...], str, str]]],
) -> R:
    record = load_record(model, path, str(path))[0] if text is None else from_json(model, text, str(path))
    wrong = list(wrong_in(record))
    if wrong:
        # Only now is it worth finding out where things stand.
        base = _tree(path, text)
        raise InvalidInput(
            Issue(base.nearest(where, key=code == "SL101"), code, message) for where, code, message in wrong
        )
    return record


def _tree(path: Path, text: str | None) -> Node:
    if text is None:
        return read_tree(path, str(path))
    return json_tree(text, str(path))[0] or Node({}, Location(str(path)))


def _places(path: Path, text: str | None) -> Callable[[str], str]:
    """From a JSON pointer into a file to file, line and column; the file is read again when that is asked first."""
    root = cache(partial(_tree, path, text))

    def where(pointer: str) -> str:
        """The place of the deepest part of the pointer that is there."""
        parts = [int(part) if part.isdecimal() else part for part in pointer.split("/") if part]
        return str(root().nearest(tuple(parts)))

    return where
