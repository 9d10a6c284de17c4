"""5,000 files with accidents in them: each is either fine or refused with places, never a traceback."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from stepladder.analysis.check import problem_facts
from stepladder.data import load as loading
from stepladder.data.catalogues import load_catalogue
from stepladder.data.formats import plan as plans
from stepladder.data.formats import problem as problems
from stepladder.errors import InvalidInput, Issue
from stepladder.output.checked import check_text
from stepladder.output.terminal import plan_text
from stepladder.solution.verify import verify
from stepladder.workflow.plan import plan as plan_command
from tests.support.corpus import GOOD, GOOD_CATALOGUE
from tests.support.mutants import mutant
from tests.support.sizes import FULL, size

HERE = Path(__file__).parent
SHARDS = 20 if FULL else 10
EACH = size(50, 15)  # of each of the five kinds of file, in each shard


def scenario(path: Path) -> None:
    asked = loading.load(path, None, [])
    facts = problem_facts(asked.problem, asked.context)
    assert check_text(asked.problem, facts, asked.notes, asked.scenarios)


def problem(path: Path) -> None:
    asked = loading.load(path, None, [])
    assert check_text(asked.problem, problem_facts(asked.problem, None), (), ())


def plan(path: Path) -> None:
    made = loading.load_plan(path)
    if not verify(made):
        assert plan_text(made, full=True)


def told(read: Callable[[Path], object], path: Path) -> tuple[Issue, ...] | None:
    """What is wrong with a file; None when it is fine. Anything but InvalidInput goes through."""
    try:
        read(path)
    except InvalidInput as error:
        return error.issues
    return None


@pytest.fixture(scope="module")
def texts(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[str, Callable[[Path], object]]]:
    made = plan_command(HERE / "full.yaml")
    return {
        "full.yaml": ((HERE / "full.yaml").read_text(encoding="utf-8"), scenario),
        "good.yaml": (GOOD, scenario),
        "model.yaml": (GOOD_CATALOGUE, load_catalogue),
        "problem.json": (problems.dump(made.problem), problem),
        "plan.json": (plans.dump(made.model_copy(update={"context": None})), plan),
    }


@pytest.mark.parametrize("shard", range(SHARDS))
def test_accidents(tmp_path: Path, shard: int, texts: dict[str, tuple[str, Callable[[Path], object]]]) -> None:
    shutil.copy(HERE / "catalogue.yaml", tmp_path)
    refused = 0
    for name, (text, read) in texts.items():
        for seed in range(shard * EACH, (shard + 1) * EACH):
            path = tmp_path / name
            path.write_bytes(mutant(seed, text).encode("utf-8", "surrogatepass"))
            issues = told(read, path)
            if issues is not None:
                refused += 1
                assert issues, seed
                assert all(
                    issue.location.line >= 1 and issue.location.column >= 1 and issue.message for issue in issues
                ), seed
    # A check that cannot fail shows nothing: most accidents must have been noticed.
    assert refused > len(texts) * EACH // 2


def test_five_thousand() -> None:
    assert not FULL or SHARDS * EACH * 5 == 5000
