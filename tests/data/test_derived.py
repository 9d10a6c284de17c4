"""Numbers that follow from numbers: where a sum or a product becomes too large, or too small, the line that made it so
is named.

A tenth of the pairs is tried by default; all with STEPLADDER_FULL=1.
"""

from __future__ import annotations

import random
import re
from functools import lru_cache
from pathlib import Path

import pytest

import stepladder
from stepladder.data.actuals import load_actuals
from stepladder.data.formats.problem import Problem, dump
from stepladder.data.load import load, load_problem
from stepladder.data.question import Question
from stepladder.data.reading.tree import Node, read_yaml
from stepladder.errors import InvalidInput, Issue
from stepladder.optimise.outcome import relative_gap
from tests.support import handmade
from tests.support.sizes import FULL, size

HERE = Path(__file__).parent
FIRST = Path(stepladder.__file__).parent / "workflow" / "first.yaml"
PAIRS = size(1500)
#: As YAML has them: nothing, as little as there is, a coin and less, shares at their ends, the largest amount, and
#: more.
VALUES = (
    "0",
    "5.0e-324",
    "1.0e-9",
    "0.01",
    "0.999999999999",
    "1",
    "1000",
    "1.0e+9",
    "9999999999999.99",
    "1.0e+13",
    "1.0e+14",
    "1.0e+300",
    "-1",
)


def leaves(path: Path) -> list[tuple[int, int, int]]:
    """Line, first column and length of every number in a file, those among the keys aside."""
    text = path.read_text(encoding="utf-8")
    root, issues = read_yaml(text, path.name)
    assert root is not None
    assert not issues
    lines = text.splitlines()
    return [
        _span(lines, node)
        for _, node in root.walk()
        if isinstance(node.value, int | float) and not isinstance(node.value, bool)
    ]


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
    """The question of the full scenario on the small catalogue with these numbers; or what is wrong. Any other error
    goes through.
    """
    for name in ("full.yaml", "catalogue.yaml"):
        (folder / name).write_text(changed(original(name)[0], changes.get(name, {})), encoding="utf-8")
    try:
        return load(folder / "full.yaml")
    except InvalidInput as error:
        return error.issues


def judge(folder: Path, changes: dict[str, dict[tuple[int, int, int], str]]) -> bool:
    """Whether a question came out; it can then be written, read again, and drawn from, as low and as high as its
    ranges go.
    """
    found = read(folder, changes)
    if isinstance(found, tuple):
        assert found
        assert all(
            Path(issue.location.file).name in ("full.yaml", "catalogue.yaml") and issue.message for issue in found
        ), found
        return False
    again = folder / "again.json"
    for problem in (found.problem, *(_drawn(found, below) for below in (1e-12, 1 - 1e-12))):
        again.write_text(dump(problem), encoding="utf-8")
        assert load_problem(again) == problem
    return True


def _drawn(question: Question, below: float) -> Problem:
    assert question.redraw is not None
    return question.redraw({unknown.name: below for unknown in question.unknowns})


@pytest.mark.parametrize("name", ["full.yaml", "catalogue.yaml"])
def test_one_huge_or_tiny_number_is_planned_with_or_its_line_is_named(tmp_path: Path, name: str) -> None:
    places = original(name)[1]
    cases = [(place, value) for place in places for value in VALUES]
    kept = cases if FULL else random.Random(1).sample(cases, 200)
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


# -- by name -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assignments", "place", "words"),
    [
        (
            ("budget.amount=10000000000000", "budget.carry_over=free"),
            "--set budget.amount:1:1",
            "money in 2027-Q1 to 2028-Q1 adds up to 12,500,000,000,000",
        ),
        (
            ("teams.security.capacity.amount=10000000000000", "teams.security.capacity.carry_over=free"),
            "--set teams.security.capacity.amount:1:1",
            "security in 2027-Q1 to 2027-Q2 adds up to 20,000,000,000,000",
        ),
        (
            ("threats.ransomware.events_per_year=1000", "threats.ransomware.loss_per_event=100000000000"),
            "--set threats.ransomware.loss_per_event:1:1",
            "events a year times loss per event may be 100,000,000,000,000",
        ),
        (
            ("costs.practices.access_control.factor=1000", "costs.scales.comprehensiveness.2.once=10000000000000"),
            "--set costs.scales.comprehensiveness.2.once:1:1",
            "10,000,000,000,000 times 1000 is 10,000,000,000,000,000",
        ),
        (
            ("costs.spread=50%", "costs.scales.comprehensiveness.2.per_year=9000000000000"),
            "--set costs.scales.comprehensiveness.2.per_year:1:1",
            "this may be 13,500,000,000,000",
        ),
        (
            (
                "teams.security.covers=[security, engineering]",
                "costs.scales.comprehensiveness.2.effort={security: 9.0e+12, engineering: 9.0e+12}",
            ),
            "--set costs.scales.comprehensiveness.2.effort:1:34",
            "the work of security adds up to 18,000,000,000,000",
        ),
        (
            ("threats.theft={title: T, events_per_year: 1, loss_per_event: {median: 1, p95: 1.0e+13}}",),
            "--set threats.theft:1:48",
            "the mean of such a loss",
        ),
    ],
)
def test_what_comes_to_too_much_is_said_at_its_line(assignments: tuple[str, ...], place: str, words: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        load(FIRST, None, assignments)
    said = [str(issue) for issue in caught.value.issues]
    assert any(line.startswith(f"{place} SL104 {words}") for line in said), said
    assert all("10,000,000,000,000, the largest amount that can be planned" in line for line in said)


def test_a_factor_of_the_scenario_is_to_blame_for_a_cost_of_the_catalogue(tmp_path: Path) -> None:
    text = (HERE / "catalogue.yaml").read_text(encoding="utf-8").replace("once: 2000", "once: 5.0e+12")
    (tmp_path / "catalogue.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "full.yaml").write_text(
        (HERE / "full.yaml").read_text(encoding="utf-8").replace("factor: 1.1", "factor: 30"), encoding="utf-8"
    )
    with pytest.raises(InvalidInput) as caught:
        load(tmp_path / "full.yaml")
    assert {Path(issue.location.file).name for issue in caught.value.issues} == {"full.yaml"}
    assert any("5,500,000,000,000 times 30 is 165,000,000,000,000" in issue.message for issue in caught.value.issues), (
        caught.value
    )


def test_names_as_long_as_they_may_be_make_no_step_too_long(tmp_path: Path) -> None:
    long = {old: old[0] + "x" * 99 for old in ("access", "depth")}
    catalogue = (HERE / "catalogue.yaml").read_text(encoding="utf-8")
    system = "s" * 100
    scenario = f"""
format: stepladder-scenario/1
catalogue: catalogue.yaml
horizon: {{start: 2027-01-01, periods: 4}}
target: {{{long["access"]}: {{{long["depth"]}: 2}}}}
systems: {{{system}: {{}}}}
threats: {{}}
budget: {{amount: 1}}
"""
    for old, new in long.items():
        catalogue = re.sub(rf"\b{old}\b", new, catalogue)
    (tmp_path / "catalogue.yaml").write_text(catalogue, encoding="utf-8")
    (tmp_path / "long.yaml").write_text(scenario, encoding="utf-8")
    assert f"{system}/{long['access']}.{long['depth']}.2" in {
        step.id for step in load(tmp_path / "long.yaml").problem.steps
    }


def test_what_has_happened_is_looked_at_too(tmp_path: Path) -> None:
    # Access at Ad hoc leaves 0.88 of the loss: 9.9e12 now were 1.125e13 at the beginning. 6e12 and 6e12 are 1.2e13.
    path = tmp_path / "actuals.yaml"
    path.write_text(
        "format: stepladder-actuals/1\nas_of: 2027-Q2\nthreats:\n  ransomware: {expected_loss_per_year:"
        " 9900000000000}\nsteps:\n  access.depth.2: {status: done, spent: 6000000000000}\n  assets.depth.2: {status:"
        " done, spent: 6000000000000}\n"
    )
    with pytest.raises(InvalidInput) as caught:
        load_actuals(path, handmade.plan())
    said = [str(issue) for issue in caught.value.issues]
    assert said[0].startswith(
        f"{path}:4:40 SL104 without what is in place now the loss would be 11,250,000,000,000, more than"
    )
    assert said[1].startswith(f"{path}:6:41 SL104 all that was spent adds up to 12,000,000,000,000, more than")


def test_a_gap_beyond_all_numbers_is_none() -> None:
    assert relative_gap(5e-324, -1e13) is None
    assert relative_gap(1e-12, 0.0) == 1.0
