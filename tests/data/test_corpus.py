"""Every bad file is refused with its codes at the very places where the mistakes stand, and a way out."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from stepladder.data import load as loading
from stepladder.data.catalogues import load_catalogue
from stepladder.errors import InvalidInput, Issue
from stepladder.solution.verify import verify
from tests.support.corpus import (
    CATALOGUES,
    GOOD,
    GOOD_CATALOGUE,
    GOOD_PLAN,
    GOOD_PROBLEM,
    MARK,
    PLANS,
    PROBLEMS,
    SCENARIOS,
    Bad,
)

HERE = Path(__file__).parent
SOURCE = HERE.parents[1] / "src" / "stepladder" / "data"


def marked(good: str, case: Bad) -> tuple[str, list[tuple[str, int, int]]]:
    """A bad file's text, and the (code, line, column) of every mark in it."""
    assert case.old in good, "the part to exchange is not there"
    *parts, last = good.replace(case.old, case.new, 1).split(MARK)
    before, places = "", []
    for part in parts:
        before += part
        places.append((before.count("\n") + 1, len(before) - before.rfind("\n")))
    return before + last, [(code, *place) for code, place in zip(case.codes, places, strict=True)]


def issues(path: Path, load: object) -> tuple[Issue, ...]:
    with pytest.raises(InvalidInput) as caught:
        load(path) if load is not loading.load else loading.load(path, None, [])  # type: ignore[operator]
    return caught.value.issues


def judge(path: Path, good: str, case: Bad, load: object) -> None:
    text, expected = marked(good, case)
    path.write_text(text, encoding="utf-8")
    found = issues(path, load)
    assert [(issue.code, issue.location.line, issue.location.column) for issue in found] == expected, "\n".join(
        map(str, found)
    )
    assert all(issue.message for issue in found)
    assert case.hint in "\n".join(map(str, found))


@pytest.mark.parametrize("case", SCENARIOS, ids=lambda case: case.name)
def test_bad_scenario(tmp_path: Path, case: Bad) -> None:
    shutil.copy(HERE / "catalogue.yaml", tmp_path)
    judge(tmp_path / "bad.yaml", GOOD, case, loading.load)


@pytest.mark.parametrize("case", CATALOGUES, ids=lambda case: case.name)
def test_bad_catalogue(tmp_path: Path, case: Bad) -> None:
    judge(tmp_path / "bad.yaml", GOOD_CATALOGUE, case, load_catalogue)


@pytest.mark.parametrize("case", PROBLEMS, ids=lambda case: case.name)
def test_bad_problem(tmp_path: Path, case: Bad) -> None:
    judge(tmp_path / "bad.json", GOOD_PROBLEM, case, loading.load_problem)


@pytest.mark.parametrize("case", PLANS, ids=lambda case: case.name)
def test_bad_plan(tmp_path: Path, case: Bad) -> None:
    judge(tmp_path / "bad.json", GOOD_PLAN, case, loading.load_plan)


def test_the_good_files_are_good(tmp_path: Path) -> None:
    shutil.copy(HERE / "catalogue.yaml", tmp_path)
    for name, text in (
        ("good.yaml", GOOD),
        ("model.yaml", GOOD_CATALOGUE),
        ("problem.json", GOOD_PROBLEM),
        ("plan.json", GOOD_PLAN),
    ):
        (tmp_path / name).write_text(text, encoding="utf-8")
    assert len(loading.load(tmp_path / "good.yaml", "rich", []).problem.steps) == 4
    load_catalogue(tmp_path / "model.yaml")
    assert len(loading.load_problem(tmp_path / "problem.json").steps) == 2
    assert verify(loading.load_plan(tmp_path / "plan.json")) == []


def test_there_are_more_than_sixty_and_no_two_have_a_name() -> None:
    names = [case.name for case in (*SCENARIOS, *CATALOGUES, *PROBLEMS, *PLANS)]
    assert len(names) == len(set(names)) > 60


def test_every_code_in_the_source_is_in_the_corpus() -> None:
    codes = {code for path in SOURCE.rglob("*.py") for code in re.findall(r"SL\d{3}", path.read_text(encoding="utf-8"))}
    shown = {code for case in (*SCENARIOS, *CATALOGUES, *PROBLEMS, *PLANS) for code in case.codes}
    # These depend on more than one file's text, and are tested below.
    assert codes - shown == {"SL001", "SL212", "SL311"}


def test_an_unknown_named_scenario_is_refused(tmp_path: Path) -> None:
    shutil.copy(HERE / "catalogue.yaml", tmp_path)
    (tmp_path / "good.yaml").write_text(GOOD, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"SL212 .*did you mean 'rich'"):
        loading.load(tmp_path / "good.yaml", "rch", [])


def test_a_shared_practice_is_not_set_by_a_system(tmp_path: Path) -> None:
    shutil.copy(HERE / "catalogue.yaml", tmp_path)
    text = GOOD.replace(
        "pins:\n  access.depth.2: {earliest: 2027-Q2}\n",
        "shared: [assets]\nsystems:\n  a: {target: {assets: {depth: 3}}}\n  b: {}\n",
    )
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidInput, match=r":22:16 SL311"):
        loading.load(tmp_path / "bad.yaml", None, [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"title: M\xfchle\n", r"bad.yaml:1:9 SL001 not UTF-8"),
        (b"a: " + b"x" * 8_000_000, "SL001 the file has more than"),
        (None, "SL001 cannot read"),
    ],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, content: bytes | None, words: str) -> None:
    path = tmp_path / "bad.yaml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(InvalidInput, match=words):
        loading.load(path, None, [])


def test_an_alias_bomb_is_refused_quickly(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{k}: &a{k} [{', '.join([f'*a{k - 1}'] * 10)}]" for k in range(1, 12)]
    path = tmp_path / "bomb.yaml"
    path.write_text("\n".join(lines), encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"SL005 more than"):
        loading.load(path, None, [])


def test_the_command_prints_all_problems_sorted_and_ends_with_three(tmp_path: Path) -> None:
    shutil.copy(HERE / "catalogue.yaml", tmp_path)
    case = next(case for case in SCENARIOS if case.name == "many")
    text, expected = marked(GOOD, case)
    (tmp_path / "bad.yaml").write_text(text, encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "stepladder", "check", "bad.yaml"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (3, "")
    *lines, count = done.stderr.splitlines()
    assert [line.split(" ")[:2] for line in lines] == [
        [f"bad.yaml:{line}:{column}", code] for code, line, column in expected
    ]
    assert count == "4 problems found"
