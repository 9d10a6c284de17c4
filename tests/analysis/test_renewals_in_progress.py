"""What comes again after a step, once the step is done: in limits, in what is told, and for who looks at it later."""

from __future__ import annotations

from pathlib import Path

import pytest

from stepladder.analysis.difference import difference
from stepladder.analysis.execute import carry
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.formats.renewal import Renewal
from stepladder.data.load import load_plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.exporters.mspdi_money import running_work, upkeeps
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import verify
from stepladder.workflow.replan import replan, stands
from tests.support import handmade

STEP = "access.depth.2"
RENEWAL = Renewal(every=2, a_year=2.0, once=1500.0, effort={"security": 2.5})


def published(renewal: Renewal | None = RENEWAL) -> Plan:
    asked = handmade.problem()
    steps = tuple(step.model_copy(update={"renew": renewal}) if step.id == STEP else step for step in asked.steps)
    windows = tuple(window.model_copy(update={"limit": window.limit * 2}) for window in asked.windows)
    asked = asked.model_copy(update={"steps": steps, "windows": windows})
    plan = make_plan(asked, optimise(asked, Options(gap=0.0)))
    assert STEP in plan.starts
    return plan.model_copy(update={"id": "mill", "context": handmade.context()})


def test_a_done_step_goes_on_taking_its_renewals_of_the_limits(tmp_path: Path) -> None:
    plan = published()
    made = replan(plan, stands(plan, as_of="2027-Q2"), Options(work=1)).plan
    assert verify(made) == []
    assert made.progress[STEP].state == "done"
    path = tmp_path / "plan.json"
    path.write_text(dump(made), encoding="utf-8")
    again = load_plan(path)
    assert again.problem.steps_by_id()[STEP].renew == RENEWAL
    # Finished in the first quarter, and renewed in the third: 2,000 a year are 500 a quarter.
    done = sum(
        made.problem.steps_by_id()[name].finish(start) < 2 and made.problem.steps_by_id()[name].per_year / 4
        for name, start in made.starts.items()
    )
    assert carry(made.problem, made.decided).value == pytest.approx(made.objective.value)
    assert breakdown(made).periods[2].used["money_per_year"] == pytest.approx(1500 + done)


def test_what_goes_on_afterwards_counts_them_on_average() -> None:
    """1,500 twice a year are 3,000, beside the running cost of all that is planned."""
    plan = published()
    own = sum(step.per_year for step in plan.problem.steps if step.id in plan.starts)
    assert plan.afterwards == own + 3000
    told = plan.totals.afterwards
    assert told is not None
    assert (told.per_year, told.effort_per_year["security"]) == (own + 3000, 5.0)


def test_files_for_other_tools_have_their_money_and_their_work() -> None:
    whole = breakdown(published())
    (item,) = (item for item in whole.items if item.step == STEP)
    assert item.again == "1,500 EUR, 2.5 person-days of security every 2 periods"
    days = running_work(whole, 0)["security"]
    assert days == {item.last + 2: pytest.approx(2.5)}
    money = sum(cost.amount for upkeep in upkeeps(whole) for cost in upkeep.costs)
    assert money == pytest.approx(sum(period.used["money_per_year"] for period in whole.periods))


def test_another_renewal_is_a_difference() -> None:
    (change,) = (
        change for change in difference(published(), published(None)).question if change.path == f"steps.{STEP}.renew"
    )
    assert (change.before, change.after) == ("1,500 EUR, 2.5 person-days of security every 2 periods", None)
