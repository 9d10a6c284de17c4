"""A step that says how its money falls over its periods, while it is worked on and after."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from stepladder.analysis.difference import difference
from stepladder.analysis.slips import slowed
from stepladder.data.formats.plan import Plan, dump
from stepladder.data.load import load_plan
from stepladder.exchange.breakdown import breakdown
from stepladder.optimise import Options
from stepladder.solution.verify import verify
from stepladder.workflow.replan import replan, stands
from tests.support import handmade

QUICK = Options(work=1)
STEP = "access.depth.3"
#: 50 %, 30 % and 20 % of 24,000.01: a fifth is 4,800.002, and the cent is paid last.
PLANNED = [Fraction(12000), Fraction(7200), Fraction(480001, 100)]


def published() -> Plan:
    """Three quarters of work from the first one on, in a plan by hand."""
    asked = handmade.problem()
    more = {"duration": 3, "once": 24000.01, "spread": (0.5, 0.3, 0.2), "needs": ()}
    steps = tuple(step.model_copy(update=more) if step.id == STEP else step for step in asked.steps)
    windows = tuple(window.model_copy(update={"limit": 1e6}) for window in asked.windows)
    asked = asked.model_copy(update={"steps": steps, "windows": windows, "max_parallel": None})
    plan = handmade.plan(asked, {**handmade.STARTS, STEP: 0, "patching.depth.2": 3})
    return plan.model_copy(update={"id": "mill"})


def after(plan: Plan, folder: Path, as_of: str, **said: Any) -> Plan:
    path = folder / "actuals.json"
    steps = {"steps": {STEP: said}} if said else {}
    path.write_text(json.dumps({"format": "stepladder-actuals/1", "as_of": as_of, **steps}), encoding="utf-8")
    made = replan(plan, stands(plan, actuals=path), QUICK).plan
    assert verify(made) == []
    (folder / "plan.json").write_text(dump(made), encoding="utf-8")
    return load_plan(folder / "plan.json")


def paid(plan: Plan) -> list[Fraction]:
    return plan.invested(plan.problem.steps_by_id()[STEP])


def test_as_planned_it_stays_as_planned_version_by_version(tmp_path: Path) -> None:
    plan = published()
    assert paid(plan) == PLANNED
    for as_of, so_far in (("2027-Q2", 12000.0), ("2027-Q3", 19200.0), ("2027-Q4", 24000.01)):
        plan = after(plan, tmp_path, as_of)
        assert paid(plan) == PLANNED
        assert plan.progress[STEP].spent == so_far
        (item,) = (item for item in breakdown(plan).items if item.step == STEP)
        assert item.spent == pytest.approx(so_far)
        assert item.once == 24000.01
    # And so where somebody says that it is done, or goes on, and nothing else.
    told = after(published(), tmp_path, "2027-Q2", status="running")
    told = after(told, tmp_path, "2027-Q3", status="running")
    told = after(told, tmp_path, "2027-Q4", status="done")
    assert paid(told) == PLANNED
    assert told.spent == plan.spent


def test_what_is_still_to_come_keeps_its_proportions(tmp_path: Path) -> None:
    """14,000 in the first quarter, 10,000.01 to come: three fifths and two fifths of it, the cent last."""
    plan = after(published(), tmp_path, "2027-Q2", status="running", spent=14000)
    assert paid(plan) == [14000, 6000, Fraction(400001, 100)]
    assert plan.progress[STEP].spent == 14000
    assert plan.spent["2027-Q1"] - after(published(), tmp_path, "2027-Q2").spent["2027-Q1"] == pytest.approx(2000)
    more = after(published(), tmp_path, "2027-Q2", status="running", spent=14000, to_come=20000)
    assert paid(more) == [14000, 12000, 8000]
    # A quarter later: what is closed stays, what is to come stays.
    later = after(more, tmp_path, "2027-Q3")
    assert later.progress[STEP].spent == 26000
    assert paid(later)[2] == 8000
    assert later.spent["2027-Q1"] == more.spent["2027-Q1"]
    later = after(more, tmp_path, "2027-Q3", status="running", to_come=1)
    assert paid(later)[2] == 1


def test_work_that_takes_longer_pays_the_rest_by_its_time(tmp_path: Path) -> None:
    plan = after(published(), tmp_path, "2027-Q2", status="running", remaining=3, spent=12000)
    shares = paid(plan)
    assert (shares[0], sum(shares, Fraction(0)), len(shares)) == (Fraction(12000), Fraction(2400001, 100), 4)
    assert shares[1] > shares[2] > shares[3] > 0
    # Nothing said of money: as much of all of it by each part of the time as was planned.
    plain = after(published(), tmp_path, "2027-Q2", status="running", remaining=3)
    assert sum(paid(plain)) == Fraction(2400001, 100)
    assert plain.progress[STEP].spent == float(paid(plain)[0])


def test_what_is_done_sooner_or_for_more_is_known_so(tmp_path: Path) -> None:
    plan = after(published(), tmp_path, "2027-Q3", status="done", finished="2027-Q2", spent=20000)
    assert plan.progress[STEP].spent == 20000
    assert sum(paid(plan)) == 20000
    closed = after(after(published(), tmp_path, "2027-Q2"), tmp_path, "2027-Q4", status="done", spent=30000)
    assert sum(paid(closed)) == 30000
    # The first quarter was closed with 12,000, and 18,000 came in the other two.
    assert closed.spent["2027-Q1"] == after(published(), tmp_path, "2027-Q2").spent["2027-Q1"]


def test_a_slower_pace_stretches_the_shares() -> None:
    problem = slowed(published().problem, {"security": 2.0})
    step = problem.steps_by_id()[STEP]
    assert step.duration == 6
    assert step.spread == (0.25, 0.25, 0.15, 0.15, 0.1, 0.1)


def test_another_way_of_paying_is_a_difference() -> None:
    plan = published()
    step = plan.problem.steps_by_id()[STEP].model_copy(update={"spread": ()})
    steps = tuple(step if one.id == STEP else one for one in plan.problem.steps)
    other = handmade.plan(plan.problem.model_copy(update={"steps": steps}), plan.starts)
    said = difference(plan, other.model_copy(update={"id": "mill"})).question
    (change,) = (change for change in said if change.path == f"steps.{STEP}.spread")
    assert (change.before, change.after) == ("50%, 30%, 20%", None)
