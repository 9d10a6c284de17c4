"""Plans side by side, what differs between two, what they have in common: worked out by hand."""

from __future__ import annotations

import pytest

from stepladder.analysis.comparison import compared
from stepladder.analysis.curves import gathered
from stepladder.analysis.difference import difference
from stepladder.analysis.practice import RULES, best_by_rule, plan_by
from stepladder.analysis.sides import Changed
from stepladder.analysis.stable import alternatives, core
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.threat import Events
from stepladder.errors import UsageError
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import broken_rules
from tests.support import handmade

LATER = {**handmade.STARTS, "patching.depth.2": 3}
FEWER = {name: start for name, start in handmade.STARTS.items() if name != "patching.depth.2"}


def test_a_column_says_what_the_plan_says() -> None:
    held = compared(
        [
            ("one", handmade.bottling(), None),
            ("two", handmade.plan(starts=LATER), None),
            ("three", handmade.plan(starts=FEWER), None),
        ]
    )
    one, two, three = held.columns
    # The four steps of the plan are not all: the vault is left out.
    assert one.reached is None
    assert (one.met, one.milestones, two.milestones) == (1, 1, 0)
    assert [column.moved for column in held.columns] == [0, 1, 1]
    # Four quarters of one fiscal year: the mean of their expected losses.
    ((year, loss),) = one.loss_by_year
    assert year == "2027"
    assert loss == pytest.approx(sum(period.expected_loss_per_year for period in one.plan.periods) / 4)
    assert three.loss_by_year[0][0] == "year 1"


def test_the_target_is_reached_when_the_last_step_is_in_place() -> None:
    problem = handmade.problem()
    small = problem.model_copy(update={"steps": problem.steps[:4], "threats": ()})
    plan = handmade.plan(small)
    # Patching works in period 2 and counts from period 3.
    assert compared([("all", plan, None)]).columns[0].reached == 3


def test_only_plans_in_one_currency_are_compared() -> None:
    other = handmade.plan(handmade.problem(currency="USD"))
    with pytest.raises(UsageError, match="one is in EUR and two in USD"):
        compared([("one", handmade.bottling(), None), ("two", other, None)])
    with pytest.raises(UsageError, match="nothing to compare"):
        compared([])


def test_what_moved_and_why() -> None:
    """Patching later: nothing is in the way of the earlier start, it only leaves more loss; a quarter of 25 % of
    what ransomware then costs.
    """
    before, after = handmade.bottling(), handmade.plan(starts=LATER)
    held = difference(before, after)
    (moved,) = held.moved
    assert (moved.kind, moved.before, moved.after) == ("later", "2027-Q3", "2027-Q4")
    assert "less loss" in moved.reason
    assert held.same == 3
    assert difference(before, before).moved == ()


def test_new_dropped_and_gone() -> None:
    whole, part = handmade.bottling(), handmade.plan(starts=FEWER)
    assert [(moved.kind, moved.step) for moved in difference(whole, part).moved] == [("dropped", "patching.depth.2")]
    (new,) = difference(part, whole).moved
    assert (new.kind, new.after) == ("new", "2027-Q3")
    assert (
        new.reason
        == "was left out: would improve the plan by 130,866.28 EUR (present value); the search was stopped before that"
    )
    problem = handmade.problem()
    smaller = Problem.model_validate(
        problem.model_dump() | {"steps": problem.steps[:3], "threats": problem.threats[1:]}
    )
    smaller = smaller.model_copy(
        update={"threats": tuple(t.model_copy(update={"factors": {"access.depth.3": 0.5}}) for t in smaller.threats)}
    )
    (gone,) = difference(whole, handmade.plan(smaller, starts=FEWER)).moved
    assert (gone.kind, gone.step) == ("gone", "patching.depth.2")


def test_what_changed_in_the_question_is_found_by_name() -> None:
    before = handmade.bottling()
    richer = before.problem.model_copy(
        update={"windows": tuple(w.model_copy(update={"limit": w.limit + 1}) for w in before.problem.windows[:1])}
    )
    paths = {
        changed.path: (changed.before, changed.after)
        for changed in difference(before, before.model_copy(update={"problem": richer})).question
    }
    assert paths["windows.money in to 2027-Q1.limit"] == (18000.0, 18001.0)
    assert paths["windows.security in 2027-Q1.limit"] == (20.0, None)


def _plan_with(loss: float, events: Events | None, cheaper: tuple[str, ...] = ()) -> Plan:
    """The bottling line, the first threat of which costs so much and comes about so."""
    first, *others = handmade.problem().threats
    said = {"expected_loss_per_year": loss, "events": events, "cheaper": cheaper}
    return handmade.plan(
        handmade.problem().model_copy(update={"threats": (first.model_copy(update=said), *others)}),
    )


def test_how_a_loss_comes_about_is_listed_where_the_loss_is_the_same() -> None:
    before = _plan_with(240_000, Events(per_year=4, median=60_000))
    rarer = _plan_with(240_000, Events(per_year=2, median=120_000), ("access.depth.2",))
    assert difference(before, rarer).question == (
        Changed("threats.ransomware.events.median", 60_000.0, 120_000.0),
        Changed("threats.ransomware.events.per_year", 4.0, 2.0),
        Changed("threats.ransomware.cheaper", "[]", '["access.depth.2"]'),
    )
    # A loss that is another one is one change, and what a file of before does not say is none.
    dearer = _plan_with(300_000, Events(per_year=5, median=60_000))
    assert difference(before, dearer).question == (
        Changed("threats.ransomware.expected_loss_per_year", 240_000.0, 300_000.0),
    )
    unsaid = _plan_with(240_000, None)
    assert difference(unsaid, rarer).question == difference(rarer, unsaid).question == ()


def test_plans_of_one_frontier_need_not_all_say_how_losses_come_about() -> None:
    own, unsaid = _plan_with(240_000, Events(per_year=4, median=60_000)), _plan_with(240_000, None)
    assert [point.plan for point in gathered(own, [unsaid])[0].points] == [unsaid]
    with pytest.raises(UsageError, match="other steps, periods, threats or caps"):
        gathered(own, [_plan_with(300_000, Events(per_year=5, median=60_000))])


def test_what_plans_have_in_common() -> None:
    held = core([handmade.bottling(), handmade.plan(starts=LATER), handmade.plan(starts=FEWER)])
    assert [step.step for step in held.always] == ["access.depth.2", "access.depth.3", "assets.depth.2"]
    assert [(step.step, step.count, step.first, step.last) for step in held.depends] == [("patching.depth.2", 2, 2, 3)]
    assert [step.step for step in held.never] == ["vault.depth.4"]
    with pytest.raises(UsageError, match="different periods"):
        core([handmade.bottling(), handmade.plan(handmade.problem(periods=[handmade.period(t) for t in range(5)]))])


def test_alternatives_are_within_the_tolerance_and_differ_from_all_before() -> None:
    problem = handmade.problem(appetite=[])
    best = optimise(problem, Options(gap=0.0))
    plan = make_plan(problem, best)
    found = alternatives(plan, best, 0.1, 3, Options(gap=0.0))
    assert found.plans
    seen = [plan.starts]
    for other in found.plans:
        assert other.plan.objective.value <= plan.objective.value * 1.1 + 1e-3
        assert other.plan.starts not in seen
        seen.append(other.plan.starts)
    assert alternatives(plan, best, 0.0, 0, Options()).plans == ()
    with pytest.raises(UsageError, match="tolerance"):
        alternatives(plan, best, -0.1, 1, Options())


def test_rules_of_practice_take_what_they_need_and_keep_every_rule() -> None:
    problem = handmade.problem(appetite=[])
    for rule in RULES:
        starts = plan_by(problem, rule)
        assert not broken_rules(problem, starts), rule
        assert "access.depth.3" in starts, rule
    held = best_by_rule(problem)
    assert held is not None
    assert held.figures.objective("risk") >= (optimise(problem, Options(gap=0.0)).value or 0.0) - 1e-6
    group = problem.steps[3].model_copy(update={"needs": (), "needs_any": ((problem.steps[3].needs[0],),)})
    either = problem.model_copy(update={"steps": (*problem.steps[:3], group, *problem.steps[4:])})
    assert {"patching.depth.2", "assets.depth.2"} <= plan_by(either, "value per effort").keys()


def test_no_rule_gives_a_plan_where_none_is_possible() -> None:
    problem = handmade.problem()
    assert (
        best_by_rule(
            problem.model_copy(update={"windows": tuple(w.model_copy(update={"limit": 0.0}) for w in problem.windows)})
        )
        is None
    )
