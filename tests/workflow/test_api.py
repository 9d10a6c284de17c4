"""The commands as functions."""

from __future__ import annotations

import json
from dataclasses import FrozenInstanceError
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.plan import dump
from stepladder.data.question import Question
from stepladder.data.resolving.needs import SoftNeed
from stepladder.errors import Infeasible, InvalidInput, NotVerified, UsageError
from stepladder.optimise import Options
from stepladder.output.outlook import ADVICE
from stepladder.workflow.asking import ask as ask_command
from stepladder.workflow.check import check as check_command
from stepladder.workflow.init import cases
from stepladder.workflow.init import init as init_command
from stepladder.workflow.next import next_step
from stepladder.workflow.plan import _advised
from stepladder.workflow.plan import plan as plan_command
from stepladder.workflow.reading import existing, is_plan, locate
from stepladder.workflow.repair import follow, repair
from stepladder.workflow.schema import schema as schema_command
from stepladder.workflow.show import show as show_command
from stepladder.workflow.verify import rules
from stepladder.workflow.verify import verify as verify_command
from tests.support import handmade

CASES = Path(__file__).parents[1] / "cases"


def test_check() -> None:
    report = check_command(CASES / "small_1009.json")
    assert len(report.question.problem.steps) == 6
    assert [proof.step for proof in report.facts.impossible] == ["s1", "s5"]
    with pytest.raises(FrozenInstanceError):
        report.facts = None  # type: ignore[assignment, misc]


def test_plan_and_next() -> None:
    made = plan_command(CASES / "small_1009.json")
    assert made.status == "optimal"
    found = next_step(made)
    assert [first.facts.step.id for first in found.steps] == ["s0"]
    assert found.steps[0].reason.startswith("It makes ")
    assert found.period == made.problem.periods[0]


def test_every_reason_is_a_sentence() -> None:
    for first in next_step(handmade.bottling()).steps:
        assert first.reason.startswith("It ")
        assert first.reason.endswith(".")


def test_nothing_next() -> None:
    found = next_step(handmade.plan(starts={}))
    assert (found.period, found.steps) == (None, ())


def write(folder: Path, plan: dict[str, Any]) -> Path:
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    return path


def test_show_only_what_is_verified(tmp_path: Path) -> None:
    plan = json.loads(dump(handmade.bottling()))
    assert show_command(write(tmp_path, plan)).model_copy(update={"seal": None}) == handmade.bottling()
    assert verify_command(tmp_path / "plan.json")[1] == []
    plan["periods"][0]["spend"] += 0.01
    plan["totals"]["spend_present_value"] += 0.01
    with pytest.raises(NotVerified) as caught:
        show_command(write(tmp_path, plan))
    assert {fault.rule for fault in caught.value.faults} <= set(rules())


def test_show_of_something_else(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput):
        show_command(write(tmp_path, {"format": "other"}))


def test_soft_needs_that_the_plan_does_not_follow() -> None:
    soft = (
        SoftNeed("access.depth.3", "access.depth.2", "followed"),
        SoftNeed("access.depth.2", "assets.depth.2", "at the same time"),
        SoftNeed("patching.depth.2", "vault.depth.4", "not planned"),
        SoftNeed("vault.depth.4", "assets.depth.2", "does not matter"),
    )
    bare = handmade.context(notes=["one"])
    made = _advised(handmade.plan(told=bare), Question(handmade.problem(), bare, soft=soft))
    assert made.context is not None
    assert made.context.notes == (
        "one",
        f"{ADVICE}“Asset Management to Ad hoc” does not come before “Access Control to Ad hoc”: at the same time",
        (
            f"{ADVICE}“Data Protection to Formalized” is not planned, though it should come before “Patch Management to"
            " Ad hoc”: not planned"
        ),
    )
    assert _advised(handmade.plan(), Question(handmade.problem(), None, soft=soft)).context is None


def test_locate(tmp_path: Path) -> None:
    assert locate(CASES / "cent_fits.json") == CASES / "cent_fits.json"
    for wrong in (tmp_path, tmp_path / "x.yaml", "no_such_thing"):
        with pytest.raises(UsageError):
            locate(wrong)
    with pytest.raises(UsageError):
        existing(tmp_path / "x.json")
    for name in cases()[1:]:
        assert locate(name).suffix == ".yaml"


def test_a_file_in_the_folder_comes_before_a_shipped_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bottling_line").write_text("mine", encoding="utf-8")
    assert locate("bottling_line") == Path("bottling_line")


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        ("a.json", '{"starts": {}, "format": "stepladder-plan/1"}', True),
        ("a.json", '{"format": "stepladder-problem/1"}', False),
        ("a.json", "[1]", False),
        ("a.json", "{", False),
        ("a.json", "[" * 100_000, False),
        ("a.yaml", '{"format": "stepladder-plan/1"}', False),
    ],
)
def test_is_plan(tmp_path: Path, name: str, content: str, found: bool) -> None:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    assert is_plan(path) is found
    assert not is_plan(tmp_path / "missing.json")


def test_the_first_scenario_is_short_and_fits_the_screen() -> None:
    lines = init_command().splitlines()
    assert len(lines) <= 30
    assert max(map(len, lines)) <= 80
    with pytest.raises(UsageError, match=r"known: .*first"):
        init_command("nonsense")


def test_every_case_can_be_written() -> None:
    assert cases()[0] == "first"
    for case in cases():
        assert init_command(case).endswith("\n")


def test_schema() -> None:
    assert json.loads(schema_command("plan"))["title"] == "Plan"
    with pytest.raises(UsageError):
        schema_command("x")


def test_a_question_without_a_plan_carries_what_explains_it() -> None:
    with pytest.raises(Infeasible) as none:
        plan_command(CASES / "small_1004.json")
    held = repair(none.value.question, hopeless=True)
    assert [remedy.name for remedy in held.helpful] == ["later", "cap"]
    # Whoever puts a question together need not say what it demands.
    assert repair(Question(none.value.question.problem)).clashes == held.clashes
    after = follow(none.value.question, held, "cap")
    assert after is not None
    assert after.problem == held.remedies[-2].problem
    assert follow(none.value.question, held, "money") is None


def test_a_plan_follows_however_little_time_there_is() -> None:
    question = ask_command(CASES / "small_1004.json")
    after = follow(question, repair(question), None, Options(time_limit=1e-9))
    assert after is not None
