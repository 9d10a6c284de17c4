"""What goes on costing, left out of a plan or of its question: the verifier names the rule, and no other."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache

from stepladder.data.formats.plan import Plan, PlannedPeriod
from stepladder.data.formats.problem import Problem, Window
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.recount import Counted
from stepladder.solution.verify import verify
from tests.support.problems import going_on
from tests.support.sizes import size

SEEDS = range(size(120, 24))


@cache
def plans() -> tuple[Plan, ...]:
    """The best plans of problems in which something goes on costing, as far as there are any."""
    questions = (Problem.model_validate_json(json.dumps(going_on(seed))) for seed in SEEDS)
    answers = ((asked, optimise(asked, Options(gap=0.05))) for asked in questions)
    return tuple(make_plan(asked, found) for asked, found in answers if found.starts)


def without(problem: Problem, *fields: str) -> Problem:
    """The question in which somebody has forgotten these fields of its steps."""
    empty = {
        name: field.get_default()
        for step in problem.steps[:1]
        for name, field in type(step).model_fields.items()
        if name in fields
    }
    return problem.model_copy(update={"steps": tuple(step.model_copy(update=empty) for step in problem.steps)})


def forgotten(resource: str, *fields: str) -> Iterator[Plan]:
    """Plans with one limit more: what they use in a period as whoever forgets these fields counts it, which is less
    than they do.
    """
    for plan in plans():
        true, short = (
            Counted(problem, plan.starts).total(resource) for problem in (plan.problem, without(plan.problem, *fields))
        )
        for t, (used, counted) in enumerate(zip(true, short, strict=True)):
            if counted < used:
                limit = Window.model_validate({"resource": resource, "from": t, "to": t, "limit": float(counted)})
                windows = (*plan.problem.windows, limit)
                yield plan.model_copy(update={"problem": plan.problem.model_copy(update={"windows": windows})})


def rules(plan: Plan) -> set[str]:
    return {fault.rule for fault in verify(plan)}


def test_plans_with_what_goes_on_costing_have_no_fault() -> None:
    assert len(plans()) >= len(SEEDS) // 2
    assert all(verify(plan) == [] for plan in plans())


def test_running_effort_that_is_forgotten_breaks_the_limit_of_the_team_and_nothing_else() -> None:
    found = [rules(plan) for team in ("security", "plant") for plan in forgotten(team, "effort_per_year")]
    assert len(found) >= len(SEEDS)
    assert found == [{"teams"}] * len(found)


def test_shares_that_are_forgotten_break_the_limit_on_money_and_nothing_else() -> None:
    found = [rules(plan) for plan in forgotten("money_once", "spread")]
    assert len(found) >= len(SEEDS) // 3
    assert found == [{"money_once"}] * len(found)


def test_renewals_that_are_missed_break_the_limit_that_they_use_and_nothing_else() -> None:
    for resource, rule in (("money_per_year", "money_per_year"), ("security", "teams")):
        found = [rules(plan) for plan in forgotten(resource, "renew")]
        assert len(found) >= len(SEEDS) // 6
        assert found == [{rule}] * len(found)


def test_a_renewal_after_the_horizon_that_is_forgotten_is_a_wrong_total() -> None:
    seen = 0
    for plan in plans():
        told, short = plan.totals.afterwards, Counted(without(plan.problem, "renew"), plan.starts).figures
        if told is None or short.afterwards == told.per_year:
            continue
        wrong = told.model_copy(update={"per_year": short.afterwards})
        changed = plan.model_copy(update={"totals": plan.totals.model_copy(update={"afterwards": wrong})})
        assert rules(changed) == {"figures_totals"}
        if plan.problem.tail.years:
            totals = plan.totals.model_copy(update={"spend_present_value": short.spend_present_value})
            assert "figures_totals" in rules(plan.model_copy(update={"totals": totals}))
            seen += 1
    assert seen >= len(SEEDS) // 6


def test_what_goes_on_is_stated_and_what_is_left_out_of_it_is_a_wrong_total() -> None:
    seen = 0
    for plan in plans():
        told = plan.totals.afterwards
        assert (told is not None) == plan.problem.tells_afterwards
        if told is None:
            continue
        wrong = [None, told.model_copy(update={"per_year": told.per_year + 0.01})]
        # Upkeep and what is promised; running effort.
        wrong += [told.model_copy(update={"in_all": told.per_year})] if told.in_all > told.per_year else []
        wrong += [told.model_copy(update={"effort_per_year": {}})] if any(told.effort_per_year.values()) else []
        for other in wrong:
            changed = plan.model_copy(update={"totals": plan.totals.model_copy(update={"afterwards": other})})
            assert rules(changed) == {"figures_totals"}
            seen += 1
    assert seen >= len(SEEDS)


def test_a_plan_that_states_no_running_effort_has_wrong_figures() -> None:
    seen = 0
    for plan in plans():
        short = Counted(without(plan.problem, "effort_per_year"), plan.starts).figures.effort
        for t, period in enumerate(plan.periods):
            days = {team: short.get(team, (0.0,) * plan.problem.horizon)[t] for team in period.effort}
            if days != period.effort:
                told: PlannedPeriod = period.model_copy(update={"effort": days})
                wrong = plan.model_copy(update={"periods": (*plan.periods[:t], told, *plan.periods[t + 1 :])})
                assert rules(wrong) == {"figures_periods"}
                seen += 1
    assert seen >= len(SEEDS) // 2
