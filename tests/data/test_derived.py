"""Numbers that follow from numbers: where a sum or a product becomes too large, or too small, the line that made it so is named.

Size: STEPLADDER_FUZZ, a whole number; 1 when left out, 10 for all pairs that are tried before a release.
"""

from __future__ import annotations

import os
import random
import shutil
from functools import lru_cache
from pathlib import Path

import pytest

from stepladder import workflow
from stepladder.data.load import Question, load, load_problem
from stepladder.data.problem import dump
from stepladder.data.tree import Node, read_yaml
from stepladder.errors import InvalidInput, Issue

HERE = Path(__file__).parent
FIRST = Path(workflow.__file__).parent / "first.yaml"
SIZE = int(os.environ.get("STEPLADDER_FUZZ", "1"))
PAIRS = 150 * SIZE
#: As YAML has them: nothing, as little as there is, a coin and less, shares at their ends, the largest amount, and more.
VALUES = ("0", "5.0e-324", "1.0e-9", "0.01", "0.999999999999", "1", "1000", "1.0e+9", "9999999999999.99", "1.0e+13", "1.0e+14", "1.0e+300", "-1")


def leaves(path: Path) -> list[tuple[int, int, int]]:
    """Line, first column and length of every number in a file, those among the keys aside."""
    text = path.read_text(encoding="utf-8")
    root, issues = read_yaml(text, path.name)
    assert root is not None
    assert not issues
    lines = text.splitlines()
    return [_span(lines, node) for _, node in root.walk() if isinstance(node.value, int | float) and not isinstance(node.value, bool)]


def _span(lines: list[str], node: Node) -> tuple[int, int, int]:
    rest = lines[node.at.line - 1][node.at.column - 1 :]
    return node.at.line - 1, node.at.column - 1, next((k for k, c in enumerate(rest) if c in ",}] "), len(rest))


def changed(text: str, changes: dict[tuple[int, int, int], str]) -> str:
    lines = text.splitlines()
    # From the end of a line to its beginning, so that places stay where they are.
    for (line, column, length), value in sorted(changes.items(), reverse=True):
        lines[line] = lines[line][:column] + value + lines[line][column + length :]
    return "\n".join(lines) + "\n"


@lru_cache
def original(name: str) -> tuple[str, list[tuple[int, int, int]]]:
    path = HERE / name
    return path.read_text(encoding="utf-8"), leaves(path)


def read(folder: Path, changes: dict[str, dict[tuple[int, int, int], str]]) -> tuple[Issue, ...] | Question:
    """The question of the full scenario on the small catalogue with these numbers; or what is wrong. Any other error goes through."""
    for name in ("full.yaml", "catalogue.yaml"):
        (folder / name).write_text(changed(original(name)[0], changes.get(name, {})), encoding="utf-8")
    try:
        return load(folder / "full.yaml")
    except InvalidInput as error:
        return error.issues


def judge(folder: Path, changes: dict[str, dict[tuple[int, int, int], str]]) -> bool:
    """Whether a question came out; it can then be written, read again, and drawn from, as low and as high as its ranges go."""
    found = read(folder, changes)
    if isinstance(found, tuple):
        assert found
        assert all(Path(issue.location.file).name in ("full.yaml", "catalogue.yaml") and issue.message for issue in found), found
        return False
    again = folder / "again.json"
    for problem in (found.problem, *(_drawn(found, below) for below in (1e-12, 1 - 1e-12))):
        again.write_text(dump(problem), encoding="utf-8")
        assert load_problem(again) == problem
    return True


def _drawn(question: Question, below: float) -> object:
    assert question.redraw is not None
    return question.redraw({unknown.name: below for unknown in question.unknowns}).problem


@pytest.mark.parametrize("name", ["full.yaml", "catalogue.yaml"])
def test_one_huge_or_tiny_number_is_planned_with_or_its_line_is_named(tmp_path: Path, name: str) -> None:
    places = original(name)[1]
    cases = [(place, value) for place in places for value in VALUES]
    kept = cases if SIZE > 1 else random.Random(1).sample(cases, 200)
    good = sum(judge(tmp_path, {name: {place: value}}) for place, value in kept)
    # A check that refuses all, or nothing, shows nothing.
    assert len(kept) // 10 < good < len(kept)


def test_two_huge_or_tiny_numbers(tmp_path: Path) -> None:
    rng, good = random.Random(2), 0
    places = [(name, place) for name in ("full.yaml", "catalogue.yaml") for place in original(name)[1]]
    for _ in range(PAIRS):
        changes: dict[str, dict[tuple[int, int, int], str]] = {}
        for name, place in rng.sample(places, 2):
            changes.setdefault(name, {})[place] = rng.choice(VALUES[:10])
        good += judge(tmp_path, changes)
    assert 0 < good < PAIRS
