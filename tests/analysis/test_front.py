"""The front page's facts, each counted once more from the plan's file alone."""

from __future__ import annotations

import datetime
import math
from collections.abc import Iterator
from typing import Any

import pytest

from stepladder.analysis.front import Front, Less, OverBudget, front
from stepladder.analysis.slack import slack_of
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.robust import HeldBack, Promise
from tests.support import handmade
from tests.support.shapes import crew, fleet, late, renewed, small

PLANS = [handmade.random_plan(seed, titles=False) for seed in range(40)]


def left(plan: Plan, threat: Any, t: int, without: str = "") -> float:
    """Loss a year of one threat at a time: its first loss times the factor of each step that is in place by then."""
    lag, horizon = plan.problem.effect_lag, plan.problem.horizon
    steps = {step.id: step for step in plan.problem.steps}
    loss = threat.expected_loss_per_year
    for name, factor in threat.factors.items():
        if name != without and name in plan.starts:
            there = min(plan.starts[name] + steps[name].duration - 1 + lag, horizon)
            loss *= factor if there <= t else 1.0
    return float(loss)


def weights(plan: Plan) -> list[float]:
    tail = plan.problem.tail
    return [period.years * period.discount for period in plan.problem.periods] + [tail.years * tail.discount]


def money(plan: Plan, name: str) -> Iterator[tuple[int, float]]:
    """(period, money) of one step, and of the tail a year's."""
    step = next(step for step in plan.problem.steps if step.id == name)
    start, periods = plan.starts[name], plan.problem.periods
    for t in range(start, start + step.duration):
        yield t, step.once / step.duration
    for t in range(start + step.duration, len(periods)):
        yield t, step.per_year * periods[t].years


def near(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=1e-9, abs_tol=0.02 * 12)


@pytest.mark.parametrize("plan", [handmade.bottling(), crew(), *PLANS], ids=lambda plan: plan.problem.title[:8])
def test_returns_are_what_comes_out_of_the_file(plan: Plan) -> None:
    facts = front(plan)
    if facts.returns is None:
        return
    periods, horizon, counted = plan.problem.periods, plan.problem.horizon, weights(plan)
    steps = {step.id: step for step in plan.problem.steps}
    assert [one.id for one in facts.returns.steps] == sorted(plan.starts, key=lambda name: plan.starts[name])
    for one in facts.returns.steps:
        step = steps[one.id]
        spent = (
            math.fsum(amount * periods[t].discount for t, amount in money(plan, one.id)) + step.per_year * counted[-1]
        )
        assert near(one.money, spent)
        lost = math.fsum(
            weight * (left(plan, threat, t, one.id) - left(plan, threat, t))
            for threat in plan.problem.threats
            for t, weight in enumerate(counted)
        )
        done = plan.starts[one.id] + step.duration - 1
        there = min(done + plan.problem.effect_lag, horizon)
        worth = step.value_once * periods[done].discount + step.value_per_year * math.fsum(counted[there:])
        assert near(one.avoided, lost + (0.0 if plan.problem.objective == "worth" else worth))
        assert one.pays == (one.avoided >= one.money - 0.005)
    first = math.fsum(threat.expected_loss_per_year for threat in plan.problem.threats)
    now = [math.fsum(left(plan, threat, t) for threat in plan.problem.threats) for t in range(horizon + 1)]
    less = math.fsum(weight * (first - now[t]) for t, weight in enumerate(counted))
    worth = 0.0 if plan.problem.objective == "worth" else plan.totals.value_present_value
    assert near(facts.returns.avoided, less + worth)
    assert facts.returns.money == plan.totals.spend_present_value


@pytest.mark.parametrize("plan", [handmade.bottling(), renewed(), late(), crew(), *PLANS], ids=lambda plan: plan.status)
def test_the_years_add_up(plan: Plan) -> None:
    facts = front(plan)
    assert [t for year in facts.years for t in range(year.first, year.last + 1)] == list(range(plan.problem.horizon))
    for year in facts.years:
        inside = range(year.first, year.last + 1)
        assert near(year.plan, math.fsum(map(plan.money, inside)))
        assert near(year.spent, math.fsum(plan.money(t) for t in inside if t < plan.now))
        assert near(year.promised, math.fsum(plan.committed(t) for t in inside))
        assert near(year.in_all, year.plan + year.promised)
        open_ = {name for name in plan.starts if plan.state(name) == "open"}
        new = math.fsum(amount for name in open_ for t, amount in money(plan, name) if t in inside and t >= plan.now)
        assert math.isclose(year.to_approve, new, rel_tol=1e-9, abs_tol=1.0)
        assert year.going_on > -0.01
    assert near(facts.cost, plan.cost)
    assert facts.this_year.first <= plan.now <= facts.this_year.last


def test_what_can_still_be_decided_is_apart_from_what_has_begun() -> None:
    facts = front(renewed())
    # By hand: 20,000.50 and 15,000 are spent. Running is access.depth.3, 12,000 in the third quarter; access.depth.2
    # has run since the first quarter, patching.depth.2 is open: 9,000, and 4,000 a year from the fourth quarter on.
    (year,) = facts.years
    assert year.spent == 35000.5
    assert facts.spent == year.spent
    assert math.isclose(year.plan, renewed().cost)
    assert facts.to_approve == year.to_approve > 0
    assert year.going_on > 0


def test_slack_in_days_and_on_the_day() -> None:
    plan = handmade.bottling()
    (milestone,) = plan.milestones
    # Finished with the third quarter, 30 September; due 11 December: 31 + 30 + 11 days.
    assert (slack_of(plan, milestone).state, slack_of(plan, milestone).days) == ("met", 72)
    for day, state, days in ((30, "on_the_day", 0), (29, "late", -1)):
        moved = milestone.model_copy(update={"date": datetime.date(2027, 9, day)})
        assert (slack_of(plan, moved).state, slack_of(plan, moved).days) == (state, days)
        assert slack_of(plan, moved).kept == (days >= 0)
    assert slack_of(plan, milestone.model_copy(update={"steps": ("vault.depth.4",)})).state == "unplanned"
    assert slack_of(plan, milestone.model_copy(update={"steps": ()})).state == "today"
    assert front(late()).milestones[0].state in ("missed", "met")


def test_why_a_step_is_there_that_costs_more_than_it_avoids() -> None:
    plan = handmade.bottling()
    facts = front(plan)
    assert facts.returns is not None
    why = {one.id: {because.why: because.of for because in one.because} for one in facts.returns.steps}
    assert why["access.depth.2"]["needed_by"] == ("access.depth.3",)
    assert why["assets.depth.2"] == {"needed_by": ("patching.depth.2",)}
    assert why["access.depth.3"]["milestone"] == ("EU CRA: access control at 3",)
    # Without it 156,720 / 0.8 of ransomware and twice of tampering: 158,400 + 60,000, above the cap of 200,000.
    assert why["access.depth.3"]["cap"] == ("0",)
    assert [one.id for one in facts.returns.costly] == ["assets.depth.2"]


def test_systems_share_out_all_steps_and_all_money() -> None:
    plan = fleet(3, 8)
    facts = front(plan)
    assert [one.id for one in facts.systems] == ["line_0", "line_1", "line_2"]
    assert sum(len(one.planned) for one in facts.systems) == len(plan.starts)
    assert near(math.fsum(one.cost for one in facts.systems), plan.totals.spend)
    assert near(math.fsum(one.afterwards for one in facts.systems), plan.afterwards)
    assert all((one.reached_now, one.reached, len(one.levels)) == (0, 8, 8) for one in facts.systems)
    shared = front(crew())
    assert [one.id for one in shared.systems] == ["north", "south"]
    assert near(math.fsum(one.cost for one in shared.systems), shared.cost)


def test_one_system_is_no_fleet() -> None:
    assert front(handmade.bottling()).systems == ()
    assert front(small(0)).systems == ()


def test_a_plan_that_was_never_tested_has_no_chance() -> None:
    assert front(handmade.bottling()).over_budget is None
    given = OverBudget(futures=200, over=30)
    assert front(handmade.bottling(), given).over_budget is given
    assert given.chance == 0.15


def test_the_test_of_a_plan_says_how_often_it_breaks_its_budget() -> None:
    # Limits run from the first quarter to each: what the last holds back is all that is held back.
    said = Promise(
        keep=0.9,
        futures=200,
        seed=0,
        held=tuple(HeldBack(window=k, amount=100.0 * (k + 1)) for k in range(4)),
        tests=1,
        kept=190,
        kept_without=100,
        low=0.9,
        high=0.98,
        value_without=1.0,
        bound_without=1.0,
    )
    plan = handmade.plan(told=handmade.context(robust=said.model_dump()))
    found = front(plan).over_budget
    assert found is not None
    assert (found.futures, found.over, found.held, found.wanted) == (200, 10, 400.0, 0.9)
    assert math.isclose(found.low or 0, 0.02)
    assert math.isclose(found.high or 0, 0.1)


def test_every_figure_of_an_old_plan_is_there() -> None:
    plan = handmade.plan()  # no context, no years
    facts: Front = front(plan)
    assert [year.label for year in facts.years] == [period.label for period in plan.problem.periods]
    assert (facts.illustrative, facts.figures, facts.milestones, facts.systems) == (0, 0, (), ())
    assert front(handmade.bottling()).illustrative == 1


def test_with_less_money_says_what_falls_away() -> None:
    plan = handmade.bottling()
    smaller = handmade.plan(starts={name: start for name, start in handmade.STARTS.items() if name[:1] == "a"})
    less = Less(57600.0, smaller, limit=72000.0)
    assert math.isclose(less.part, 0.2)
    assert less.dropped(plan) == ("patching.depth.2",)
    assert Less(57600.0, None, limit=72000.0, infeasible=True).dropped(plan) == ()
