"""What never pays is named so that nobody looks for it in another system; who asked for a step is planned itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepladder.analysis.steps import facts
from stepladder.analysis.use import use_of
from stepladder.data.load import load
from stepladder.errors import UsageError
from stepladder.optimise import Options
from stepladder.output.checked import check_text
from stepladder.workflow.check import check
from stepladder.workflow.plan import answer
from stepladder.workflow.replan import stands

LINES = """
format: stepladder-scenario/1
catalogue: iot_smm
title: Two lines
horizon: {start: 2027-01-01, periods: 6, period: quarter}
current: {default: {comprehensiveness: 1, scope: 1}}
target: {patch_management: {comprehensiveness: 2}, access_control: {comprehensiveness: 2}}
systems:
  one: {threats: {r: {type: ransomware_on_operations, events_per_year: 0.2, loss_per_event: 600000}}}
  two: {threats: {d: {type: data_theft, expected_loss_per_year: 60000}}}
budget: {amount: 90000}
"""


def test_a_practice_that_pays_in_one_system_is_named_with_the_other(tmp_path: Path) -> None:
    question = load(tmp_path / "lines.yaml", text=LINES)
    use = use_of(question.problem, question.context)
    assert "Patch Management, two" in use.never_pay
    assert all(not name.endswith(", one") for name in use.never_pay)
    # Where it pays nowhere the practice is enough.
    alone = load(tmp_path / "lines.yaml", text=LINES.replace("type: ransomware_on_operations", "type: data_theft"))
    assert "Patch Management" in use_of(alone.problem, alone.context).never_pay


def test_a_step_is_not_said_to_be_there_for_one_that_is_left_out(tmp_path: Path) -> None:
    plan = answer(load(tmp_path / "lines.yaml", text=LINES), Options(work=1))
    assert plan.context is not None
    implied = {name: entry.implied_by for name, entry in plan.context.steps.items() if entry.implied_by}
    name, by = next((name, by) for name, by in implied.items() if {name, by} <= plan.starts.keys())
    assert facts(plan)[name].implied_by == by
    without = {step: start for step, start in plan.starts.items() if step != by}
    assert facts(plan.model_copy(update={"starts": without}))[name].implied_by is None


def test_what_is_open_is_said_once(tmp_path: Path) -> None:
    plan = answer(load(tmp_path / "lines.yaml", text=LINES), Options(work=1))
    with pytest.raises(UsageError, match=r"says itself what is still open \(as_of\); leave out --as-of"):
        stands(plan, tmp_path / "actuals.yaml", as_of="2027-Q2")


@pytest.mark.parametrize(
    ("pin", "words"),
    [
        ("{finish_by: 2027-06-30, earliest: 2028-Q1}", "by 30 Jun 2027: it may not start before 2028-Q1."),
        ("{finish_by: 2027-03-31}", "by 31 Mar 2027: it takes 2 periods."),
        ("{finish_by: 2027-06-30}", "by 30 Jun 2027: with what it needs first, the time is too short."),
    ],
)
def test_why_a_step_cannot_be_in_time_is_what_holds_it_up(pin: str, words: str, tmp_path: Path) -> None:
    text = LINES.replace("access_control: {comprehensiveness: 2}", "access_control: {comprehensiveness: 3}")
    text += f"pins: {{one/access_control.comprehensiveness.3: {pin}}}\n"
    (tmp_path / "lines.yaml").write_text(text, encoding="utf-8")
    report = check(tmp_path / "lines.yaml")
    page = check_text(report.question.problem, report.facts)
    assert words in " ".join(page.split())
