"""The verifier catches every planted fault, over all cases: each plant breaks one thing by as little as it can be
broken.

A plant either changes the plan, or changes the question so that the plan misses it by one period, one cent, a hundredth
of a person-day. Where that is possible the same plant without the last bit is there too, and must not be caught.
"""

from __future__ import annotations

import datetime
import json
import math
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from stepladder.data.binomial import clopper_pearson
from stepladder.data.formats.achieved import Achievement, AchievementNeed, Score
from stepladder.data.formats.context import Context, Milestone, Parameter, StepContext
from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.past import Missed
from stepladder.data.formats.places import Origin, Year
from stepladder.data.formats.plan import Afterwards, NotPlanned, Plan, seal_of
from stepladder.data.formats.policy import Policy, PolicyYear, Terms, chosen
from stepladder.data.formats.problem import Appetite, Need, Problem, Step, Window
from stepladder.data.formats.renewal import Renewal
from stepladder.data.formats.robust import HeldBack, Promise
from stepladder.data.formats.threat import Events
from stepladder.solution.recount import figures
from stepladder.solution.verify import RULES, verify
from tests.support import handmade
from tests.support.exceeding import kinds_of, measured
from tests.support.known import FEASIBLE, plan_of

Plant = Callable[[Plan], Iterator[tuple[Plan, bool]]]
PLANTS: dict[str, tuple[str, Plant]] = {}


def plant(rule: str) -> Callable[[Plant], Plant]:
    """Register a way to break a rule; it yields plans, and whether each of them is at fault."""

    def register(function: Plant) -> Plant:
        PLANTS[function.__name__] = (rule, function)
        return function

    return register


# -- helpers -----------------------------------------------------------------------------------------------------------


def asked(plan: Plan, **changes: Any) -> Plan:
    """The same plan as the answer to a changed question."""
    return plan.model_copy(update={"problem": plan.problem.model_copy(update=changes)})


def with_step(plan: Plan, name: str, **changes: Any) -> Plan:
    steps = tuple(step.model_copy(update=changes) if step.id == name else step for step in plan.problem.steps)
    return asked(plan, steps=steps)


def restated(plan: Plan, starts: dict[str, int], policies: tuple[str | None, ...] = ()) -> Plan:
    """Other starts and policies, with all stated figures made to fit, so that nothing but the rule can be noticed."""
    held = figures(plan.problem, {**starts, **chosen(policies, plan.problem.policy_years)})
    value = held.objective(plan.problem.objective)
    periods = [
        period.model_copy(
            update={
                "spend": held.spend[t],
                "expected_loss_per_year": held.losses[t],
                "effort": {team: days[t] for team, days in held.effort.items()},
            }
        )
        for t, period in enumerate(plan.periods)
    ]
    totals = plan.totals.model_copy(
        update={
            "spend": held.spend_total,
            "spend_present_value": held.spend_present_value,
            "loss_present_value": held.loss_present_value,
            "value_present_value": held.value_present_value,
            "tail_expected_loss_per_year": held.tail_loss,
        }
    )
    left = {
        step.id: NotPlanned(reason="blocked", detail="left out") for step in plan.problem.steps if step.id not in starts
    }
    objective = plan.objective.model_copy(update={"value": value, "bound": value, "gap": 0.0})
    return plan.model_copy(
        update={
            "starts": starts,
            "policies": policies,
            "not_planned": left,
            "periods": tuple(periods),
            "totals": totals,
            "objective": objective,
        }
    )


def stating(plan: Plan) -> Plan:
    """The plan with the figures that the limit for what goes on afterwards asks for."""
    held = figures(plan.problem, plan.starts)
    told = Afterwards(
        per_year=held.afterwards,
        in_all=held.afterwards_in_all,
        effort_per_year=held.running_effort,
        effort_in_all=held.running_effort_in_all,
    )
    return plan.model_copy(update={"totals": plan.totals.model_copy(update={"afterwards": told})})


def step_of(plan: Plan, name: str) -> Step:
    return next(step for step in plan.problem.steps if step.id == name)


def finish(plan: Plan, name: str) -> int:
    return plan.starts[name] + step_of(plan, name).duration - 1


def pairs(plan: Plan) -> Iterator[tuple[str, str]]:
    return ((a, b) for a in plan.starts for b in plan.starts if a != b)


# -- dates -------------------------------------------------------------------------------------------------------------


@plant("steps_known")
def a_step_that_does_not_exist(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    yield plan.model_copy(update={"starts": {**plan.starts, "nobody.knows.this": 0}}), True


@plant("horizon")
def a_finish_after_the_last_period(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.starts:
        late = plan.problem.horizon - step_of(plan, name).duration + 1
        yield plan.model_copy(update={"starts": {**plan.starts, name: late}}), True


@plant("horizon")
def a_start_before_the_first_period(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.starts:
        yield plan.model_copy(update={"starts": {**plan.starts, name: -1}}), True


@plant("earliest")
def a_start_one_period_too_early(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name, start in plan.starts.items():
        yield with_step(plan, name, earliest=start + 1), True
        yield with_step(plan, name, earliest=start), False


@plant("pinned_start")
def a_start_beside_its_pin(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name, start in plan.starts.items():
        yield with_step(plan, name, start=start + 1), True
        yield with_step(plan, name, start=start), False


@plant("latest_finish")
def a_finish_one_period_after_the_deadline(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.starts:
        if finish(plan, name):
            yield with_step(plan, name, latest_finish=finish(plan, name) - 1), True
        yield with_step(plan, name, latest_finish=finish(plan, name)), False


@plant("required")
def a_required_step_left_out(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.not_planned:
        yield with_step(plan, name, required=True), True


@plant("required")
def a_pinned_step_left_out(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.not_planned:
        yield with_step(plan, name, start=0), True


# -- order -------------------------------------------------------------------------------------------------------------


@plant("needs")
def a_need_one_period_late(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for before, after in pairs(plan):
        between = plan.starts[after] - finish(plan, before)
        if between >= 0:
            held = step_of(plan, after).needs
            yield with_step(plan, after, needs=(*held, Need(step=before, lag=between + 1))), True
            yield with_step(plan, after, needs=(*held, Need(step=before, lag=between))), False


@plant("needs")
def a_need_that_is_not_planned(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.starts:
        for missing in plan.not_planned:
            yield with_step(plan, name, needs=(*step_of(plan, name).needs, Need(step=missing, lag=0))), True


@plant("needs_any")
def alternatives_that_all_come_too_late(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name, start in plan.starts.items():
        late = tuple(
            Need(step=other, lag=start - finish(plan, other) + 1)
            for other in plan.starts
            if other != name and finish(plan, other) <= start
        )
        late += tuple(Need(step=other, lag=0) for other in plan.not_planned)
        if late:
            groups = step_of(plan, name).needs_any
            yield with_step(plan, name, needs_any=(*groups, late)), True
            if late[0].lag:
                in_time = late[0].model_copy(update={"lag": late[0].lag - 1})
                yield with_step(plan, name, needs_any=(*groups, (in_time, *late[1:]))), False


@plant("excludes")
def two_steps_that_exclude_each_other(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for a, b in pairs(plan):
        yield asked(plan, excludes=(*plan.problem.excludes, (a, b))), True
    for a in plan.starts:
        for b in plan.not_planned:
            yield asked(plan, excludes=(*plan.problem.excludes, (a, b))), False


def offered(plan: Plan, first: int, premiums: tuple[float | None, ...], needs: tuple[str, ...] = ()) -> Plan:
    """The same plan where a policy for the first threat was on offer: for a year that begins in a period, and, where
    that is not the first, for one before it.
    """
    threat, last = plan.problem.threats[0], plan.problem.horizon
    events = Events(per_year=threat.expected_loss_per_year / (1000.0 * math.exp(0.5)), median=1000.0, sigma=1.0)
    spans = [(0, first - 1)] * (first > 0) + [(first, last)]
    years = tuple(PolicyYear.model_validate({"from": one, "to": to}) for one, to in spans)
    policy = Policy(id="basic", premiums=premiums[-len(years) :], needs=needs, terms={threat.id: Terms(limit=5000.0)})
    threats = (threat.model_copy(update={"events": events, "cheaper": ()}), *plan.problem.threats[1:])
    changed = asked(plan, threats=threats, policy_years=years, policies=(policy,))
    return changed.model_copy(update={"policies": (None,) * len(years)})


@plant("policies")
def a_policy_in_a_year_in_which_it_is_not_on_offer(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    if plan.problem.threats:
        insured = offered(plan, 1, (0.0, None))
        yield insured, False
        yield restated(insured, plan.starts, (None, "basic")), True
        yield restated(insured, plan.starts, ("another", None)), True
        year = insured.problem.policy_years[0].model_copy(update={"decided": True, "policy": "basic"})
        yield asked(insured, policy_years=(year, insured.problem.policy_years[1])), True


@plant("policy_needs")
def a_step_that_a_policy_asks_for_one_period_late(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.starts if plan.problem.threats else ():
        last = finish(plan, name)
        yield (
            restated(offered(plan, last, (0.0, 0.0), (name,)), plan.starts, ((None, "basic")[-1 - (last > 0) :])),
            True,
        )
    left = [step.id for step in plan.problem.steps if step.id not in plan.starts]
    if left and plan.problem.threats:
        yield restated(offered(plan, 0, (0.0,), (left[0],)), plan.starts, ("basic",)), True


@plant("max_parallel")
def one_step_too_many_at_once(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    busiest = max(
        (
            sum(start <= t <= finish(plan, name) for name, start in plan.starts.items())
            for t in range(plan.problem.horizon)
        ),
        default=0,
    )
    if busiest:
        yield asked(plan, max_parallel=busiest - 1), True
        yield asked(plan, max_parallel=busiest), False


# -- money, people, losses ---------------------------------------------------------------------------------------------


def used(plan: Plan, resource: str, first: int, last: int) -> float:
    """What a plan uses of a resource between two periods, by taking the rest of the question away."""
    parts = {"money": {}, "money_once": {"per_year": 0.0}, "money_per_year": {"once": 0.0}}[resource]
    steps = tuple(step.model_copy(update=parts) for step in plan.problem.steps)
    return round(sum(figures(plan.problem.model_copy(update={"steps": steps}), plan.starts).spend[first : last + 1]), 9)


def a_cent_over(resource: str) -> Plant:
    def planted(plan: Plan) -> Iterator[tuple[Plan, bool]]:
        for first, last in {(0, t) for t in range(plan.problem.horizon)} | {
            (t, t) for t in range(plan.problem.horizon)
        }:
            amount = used(plan, resource, first, last)
            if amount >= 0.01:
                for limit, fault in ((round(amount - 0.01, 9), True), (amount, False)):
                    window = Window.model_validate({"resource": resource, "from": first, "to": last, "limit": limit})
                    yield asked(plan, windows=(*plan.problem.windows, window)), fault

    planted.__name__ = f"{resource}_over_by_a_cent"
    return planted


@plant("money_afterwards")
def a_cent_a_year_over_afterwards(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    amount = round(sum(step_of(plan, name).per_year for name in plan.starts), 9)
    if amount >= 0.01:
        last = plan.problem.horizon - 1
        for limit, fault in ((round(amount - 0.01, 9), True), (amount, False)):
            window = {"resource": "money_afterwards", "from": 0, "to": last, "limit": limit}
            yield stating(asked(plan, windows=(*plan.problem.windows, Window.model_validate(window)))), fault


for _resource in ("money", "money_once", "money_per_year"):
    plant(_resource)(a_cent_over(_resource))


@plant("money_once")
def a_payment_in_another_period(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """All of a step's money in one of its periods, where a cent less than that is there."""
    for name, start in plan.starts.items():
        step = step_of(plan, name)
        others = with_step(plan, name, once=0.0)
        for k in range(step.duration) if step.duration > 1 and step.once else ():
            paid = tuple(float(j == k) for j in range(step.duration))
            amount = round(used(others, "money_once", start + k, start + k) + step.once, 9)
            for limit, fault in ((round(amount - 0.01, 9), True), (amount, False)):
                at = {"resource": "money_once", "from": start + k, "to": start + k, "limit": limit}
                changed = with_step(plan, name, spread=paid)
                yield asked(changed, windows=(*plan.problem.windows, Window.model_validate(at))), fault


@plant("money_per_year")
def a_renewal_in_another_period(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """1,000 every so many periods after a step, where a cent less than that is there; and in a period without any."""
    for name in plan.starts:
        for every in (1, 2, 3):
            again = Renewal(every=every, a_year=1.0, once=1000.0)
            for t in range(finish(plan, name) + 1, plan.problem.horizon):
                due = (t - finish(plan, name)) % every == 0
                amount = round(used(plan, "money_per_year", t, t) + 1000 * due, 9)
                for limit, fault in ((round(amount - 0.01, 9), True), (amount, False)):
                    at = {"resource": "money_per_year", "from": t, "to": t, "limit": max(0.0, limit)}
                    # The limits of the case may be too low for it.
                    changed = asked(with_step(plan, name, renew=again), windows=(Window.model_validate(at),))
                    yield changed, fault and amount > 0


@plant("figures_totals")
def a_renewal_after_the_horizon_that_is_forgotten(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """One after the last period, which no period's money shows."""
    for name in plan.starts:
        again = Renewal(every=plan.problem.horizon + 1, a_year=0.5, once=0.02)
        right = stating(restated(with_step(plan, name, renew=again), plan.starts))
        told = right.totals.afterwards
        assert told is not None
        less = told.model_copy(update={"per_year": told.per_year - 0.01})
        yield right, False
        yield right.model_copy(update={"totals": right.totals.model_copy(update={"afterwards": less})}), True


@plant("teams")
def a_hundredth_of_a_day_of_overtime(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for t, days in ((t, period.effort) for t, period in enumerate(plan.periods)):
        for team, amount in days.items():
            if amount > 0.01:
                for limit, fault in ((amount - 0.01, True), (amount + 1e-9, False)):
                    window = Window.model_validate({"resource": team, "from": t, "to": t, "limit": limit})
                    yield asked(plan, windows=(*plan.problem.windows, window)), fault


@plant("appetite")
def loss_above_the_appetite(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    losses = [*(period.expected_loss_per_year for period in plan.periods), plan.totals.tail_expected_loss_per_year]
    for t, loss in enumerate(losses):
        for share, fault in ((1 - 1e-6, True), (1.0, False)):
            if loss:
                cap = Appetite.model_validate({"from": t, "to": t, "expected_loss_per_year": loss * share})
                yield asked(plan, appetite=(*plan.problem.appetite, cap)), fault


def with_large_losses(plan: Plan) -> Plan:
    """The same question, in which each threat has an event every other year, each with its own loss."""
    threats = []
    for threat in plan.problem.threats:
        median = threat.expected_loss_per_year / 0.5 / math.exp(0.5)
        events = Events(per_year=0.5, median=median, sigma=1.0)
        threats.append(threat.model_copy(update={"events": events}))
    return asked(plan, threats=tuple(threats))


def measures(plan: Plan, of: str, above: float, threat: str | None = None) -> list[float]:
    """What a cap is on at each time, by another arithmetic."""
    said = json.loads(plan.problem.model_dump_json(by_alias=True))
    lag, horizon = plan.problem.effect_lag, plan.problem.horizon
    cap = {"of": of, "above": above, "threat": threat}
    found = []
    for t in range(horizon + 1):
        there = {name for name in plan.starts if min(finish(plan, name) + lag, horizon) <= t}
        found.append(sum(measured(cap, kinds_of(said, cap, there), 512)) / 2)
    return found


def capped(plan: Plan, of: str, above: float, most: float, **where: Any) -> Plan:
    key = "per_year" if of == "excess" else "chance"
    cap = Exceedance.model_validate({"of": of, "above": above, key: most, **where})
    return asked(plan, exceedance=(cap,))


def beyond_its_cap(plan: Plan, of: str) -> Iterator[tuple[Plan, bool]]:
    """By little, at each time; the figure of the time before where it is another; of another threat than the cap's."""
    plan = with_large_losses(plan)
    threats = [threat for threat in plan.problem.threats if threat.expected_loss_per_year > 0]
    if not threats:
        return
    above = 2 * max(threat.expected_loss_per_year for threat in threats)
    # A year's chance is known to a part of a percent, the others to the last digits.
    less, more = (0.98, 1.02) if of == "year" else (1 - 1e-6, 1 + 1e-6)
    found = measures(plan, of, above)
    for t, most in enumerate(found):
        yield capped(plan, of, above, most * less, **{"from": t, "to": t}), True
        yield capped(plan, of, above, most * more, **{"from": t, "to": t}), False
        if t and most < 0.97 * found[t - 1]:
            yield capped(plan, of, above, most * more, **{"from": t - 1, "to": t}), True
    by_threat = {threat.id: measures(plan, of, above, threat.id)[-1] for threat in threats}
    for one, own in by_threat.items():
        for most in (most for most in by_threat.values() if 0 < most < own * 0.97):
            yield capped(plan, of, above, most, **{"from": plan.problem.horizon, "threat": one}), True


@plant("one_event")
def an_event_likelier_than_it_may_be(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    yield from beyond_its_cap(plan, "one_event")


@plant("excess")
def more_beyond_an_amount_than_may_be(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    yield from beyond_its_cap(plan, "excess")


@plant("year")
def a_year_likelier_than_it_may_be(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    yield from beyond_its_cap(plan, "year")


@plant("year")
def a_cap_that_only_the_sum_of_the_year_breaks(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    plan = with_large_losses(plan)
    above = 2 * max((threat.expected_loss_per_year for threat in plan.problem.threats), default=0.0)
    if above:
        event, year = (measures(plan, of, above)[-1] for of in ("one_event", "year"))
        between = (event + year) / 2
        yield capped(plan, "year", above, between, **{"from": plan.problem.horizon}), True
        yield capped(plan, "one_event", above, between, **{"from": plan.problem.horizon}), False


# -- moved steps, all figures restated ---------------------------------------------------------------------------------


@plant("needs")
def a_step_moved_before_what_it_needs(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name, start in plan.starts.items():
        for need in step_of(plan, name).needs:
            early = finish(plan, need.step) + need.lag - 1
            if 0 <= early < start or early == start - 1 >= 0:
                yield restated(plan, {**plan.starts, name: early}), True


@plant("needs")
def a_needed_step_dropped(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.starts:
        for need in step_of(plan, name).needs:
            yield restated(plan, {other: start for other, start in plan.starts.items() if other != need.step}), True


# -- stated figures ----------------------------------------------------------------------------------------------------


def misstated(field: str, by: float) -> Plant:
    def planted(plan: Plan) -> Iterator[tuple[Plan, bool]]:
        for t in range(len(plan.periods)):
            wrong = plan.periods[t].model_copy(update={field: getattr(plan.periods[t], field) + by})
            yield plan.model_copy(update={"periods": (*plan.periods[:t], wrong, *plan.periods[t + 1 :])}), True

    planted.__name__ = f"a_period_with_wrong_{field}"
    return planted


plant("figures_periods")(misstated("spend", 0.01))
plant("figures_periods")(misstated("expected_loss_per_year", -0.01))


@plant("figures_periods")
def a_period_with_wrong_effort(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for team, days in plan.periods[0].effort.items():
        wrong = plan.periods[0].model_copy(update={"effort": {**plan.periods[0].effort, team: days + 0.01}})
        yield plan.model_copy(update={"periods": (wrong, *plan.periods[1:])}), True


@plant("figures_periods")
def a_team_without_figures(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    if plan.periods[0].effort:
        wrong = plan.periods[0].model_copy(update={"effort": {}})
        yield plan.model_copy(update={"periods": (wrong, *plan.periods[1:])}), True


@plant("figures_periods")
def a_period_missing(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    yield plan.model_copy(update={"periods": plan.periods[:-1]}), True


@plant("figures_periods")
def a_period_under_another_name(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    wrong = plan.periods[0].model_copy(update={"label": "another"})
    yield plan.model_copy(update={"periods": (wrong, *plan.periods[1:])}), True


@plant("figures_totals")
def a_wrong_total(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in (
        "spend",
        "spend_present_value",
        "loss_present_value",
        "value_present_value",
        "tail_expected_loss_per_year",
    ):
        yield (
            plan.model_copy(
                update={"totals": plan.totals.model_copy(update={name: getattr(plan.totals, name) + 0.01})}
            ),
            True,
        )


@plant("figures_objective")
def a_wrong_value(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    value = plan.objective.value + max(0.01, 1e-6 * abs(plan.objective.value))
    yield (
        plan.model_copy(
            update={"objective": plan.objective.model_copy(update={"value": value, "bound": value, "gap": 0.0})}
        ),
        True,
    )


@plant("figures_objective")
def another_objective(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    other = "net" if plan.problem.objective != "net" else "risk"
    yield plan.model_copy(update={"objective": plan.objective.model_copy(update={"name": other})}), True


@plant("not_planned")
def a_step_without_start_or_reason(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.not_planned:
        yield (
            plan.model_copy(
                update={"not_planned": {other: why for other, why in plan.not_planned.items() if other != name}}
            ),
            True,
        )


@plant("not_planned")
def a_planned_step_with_a_reason(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name in plan.starts:
        yield (
            plan.model_copy(
                update={"not_planned": {**plan.not_planned, name: NotPlanned(reason="blocked", detail="x")}}
            ),
            True,
        )


@plant("not_planned")
def a_reason_for_a_stranger(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    yield (
        plan.model_copy(
            update={"not_planned": {**plan.not_planned, "nobody": NotPlanned(reason="blocked", detail="x")}}
        ),
        True,
    )


@plant("not_planned")
def a_reason_that_is_not_documented(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name, why in plan.not_planned.items():
        yield (
            plan.model_copy(
                update={"not_planned": {**plan.not_planned, name: why.model_copy(update={"reason": "because"})}}
            ),
            True,
        )


@plant("reasons")
def reasons_of_two_steps_exchanged(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for a, why in plan.not_planned.items():
        for b, other in plan.not_planned.items():
            if why != other:
                yield plan.model_copy(update={"not_planned": {**plan.not_planned, a: other, b: why}}), True


@plant("reasons")
def an_amount_in_a_reason_that_is_another(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    for name, why in plan.not_planned.items():
        for amount in re.findall(r"\d[\d,]*\.\d\d", why.detail):
            for other in (
                f"{float(amount.replace(',', '')) + 0.02:,.2f}",
                "-" + amount,
                amount + "0",
                amount.replace(",", ""),
            ):
                changed = why.model_copy(update={"detail": why.detail.replace(amount, other)})
                yield plan.model_copy(update={"not_planned": {**plan.not_planned, name: changed}}), amount != other


@plant("milestones")
def a_milestone_that_the_problem_does_not_ask_for(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """The last step that is planned is due when it is finished, and what it needs before it."""
    if not plan.starts:
        return
    name = max(plan.starts, key=lambda name: (finish(plan, name), name))
    period = finish(plan, name)
    led = [name]
    for known in led:
        led += [need.step for need in step_of(plan, known).needs if need.step not in led]
    days = [datetime.date(2027 + t, 12, 31) for t in range(plan.problem.horizon + 1)]
    periods = tuple(
        p.model_copy(update={"end": days[t], "start": days[t].replace(month=1, day=1)})
        for t, p in enumerate(plan.problem.periods)
    )
    steps = tuple(
        step.model_copy(
            update={"start": None, "latest_finish": period if step.id == name else None, "required": step.id == name}
        )
        for step in plan.problem.steps
    )
    milestone = Milestone(title="M", date=days[period], reason="", source="", steps=tuple(led))
    dated = asked(plan, steps=steps, periods=periods)

    def told(*milestones: Milestone) -> Plan:
        return dated.model_copy(update={"context": Context(milestones=milestones)})

    yield told(milestone), False
    yield (
        told(milestone.model_copy(update={"date": days[period] + datetime.timedelta(days=1)})),
        period == plan.problem.horizon - 1,
    )
    yield told(milestone.model_copy(update={"date": days[period] - datetime.timedelta(days=1)})), True
    yield told(milestone.model_copy(update={"date": days[period].replace(year=days[period].year + 1)})), True
    yield told(milestone.model_copy(update={"steps": (*led, "nobody.knows.this")})), True
    yield told(milestone.model_copy(update={"steps": (*led, name)})), True
    yield told(), True
    if len(led) > 1:
        yield told(milestone.model_copy(update={"steps": tuple(led[:-1])})), True
    other = next((step.id for step in plan.problem.steps if step.id not in led and not step.needs), None)
    if other is not None:
        yield told(milestone.model_copy(update={"steps": (*led, other)})), True
    # A plan of format 1 does not say where a date is from that no milestone asks for.
    yield told().model_copy(update={"format": "stepladder-plan/1"}), False


@plant("context")
def what_stands_beside_the_numbers_and_does_not_fit(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    # The cases' steps are not of parameters.
    plan = handmade.plan()
    last, name = plan.problem.horizon - 1, plan.problem.steps[0].id
    parameter, _, level = name.rpartition(".")
    held = {
        "id": parameter,
        "system": None,
        "practice": "P",
        "groups": (),
        "scale": "S",
        "levels": {"0": "a", level: "b"},
        "current": 0,
        "target": int(level),
    }
    told = Context(
        parameters=(Parameter.model_validate(held),),
        steps={name: StepContext(parameter=parameter, level=int(level))},
        years=(Year.model_validate({"label": "all", "from": 0, "to": last}),),
        origins={"/steps/0/once": Origin.model_validate({"from": "set", "at": "--set"})},
    )

    def changed(**parts: Any) -> Plan:
        return plan.model_copy(update={"context": told.model_copy(update=parts)})

    yield changed(), False
    for first, end in ((1, last), (0, last + 1), (0, last - 1)):
        yield changed(years=(Year.model_construct(label="all", from_=first, to=end),)), True
    yield changed(parameters=(told.parameters[0],) * 2), True
    yield changed(parameters=(told.parameters[0].model_copy(update={"current": 77}),)), True
    yield changed(parameters=(told.parameters[0].model_copy(update={"target": 77}),)), True
    yield changed(steps={"nobody.knows.3": told.steps[name]}), True
    yield changed(steps={name: told.steps[name].model_copy(update={"level": int(level) + 1})}), True
    yield changed(steps={name: told.steps[name].model_copy(update={"implied_by": "nobody.knows.3"})}), True
    for pointer in (
        "/steps/0/onc",
        f"/steps/{len(plan.problem.steps)}/once",
        "steps/0/once",
        "/steps/0/effort/nobody",
        "/title/x",
        "/steps/x/once",
    ):
        yield changed(origins={pointer: told.origins["/steps/0/once"]}), True


@plant("context")
def a_calendar_with_a_hole(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    year = datetime.date(2027, 1, 1)
    for gap in (0, 1):
        days = [year + datetime.timedelta(days=t * (30 + gap)) for t in range(plan.problem.horizon)]
        periods = [
            period.model_copy(update={"start": day, "end": day + datetime.timedelta(days=29)})
            for period, day in zip(plan.problem.periods, days, strict=True)
        ]
        yield asked(plan, periods=tuple(periods)), bool(gap) and plan.problem.horizon > 1
        turned = periods[0].model_copy(update={"end": year - datetime.timedelta(days=1)})
        yield asked(plan, periods=(turned, *periods[1:])), True


@plant("seal")
def what_cannot_be_counted_anew_and_is_another(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    sealed = plan.model_copy(update={"seal": seal_of(plan)})
    yield sealed, False
    yield asked(sealed, title="Another title"), False
    yield asked(sealed, max_parallel=99), True
    yield sealed.model_copy(update={"wanted_gap": 0.5}), True
    yield (
        sealed.model_copy(update={"objective": plan.objective.model_copy(update={"bound": plan.objective.bound - 1})}),
        True,
    )
    yield sealed.model_copy(update={"seal": "0" * 64}), True
    for name in plan.starts:
        yield with_step(sealed, name, title="Another title"), False
        yield with_step(sealed, name, value_once=1.5), True


@plant("bound")
def a_bound_above_the_value(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    bound = plan.objective.value + max(0.01, 1e-6 * abs(plan.objective.value))
    yield plan.model_copy(update={"objective": plan.objective.model_copy(update={"bound": bound, "gap": 0.0})}), True


@plant("bound")
def a_gap_that_is_not_the_gap(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    bound = plan.objective.value - 0.1 * abs(plan.objective.value) - 1
    yield plan.model_copy(update={"objective": plan.objective.model_copy(update={"bound": bound, "gap": 0.0})}), True
    yield plan.model_copy(update={"objective": plan.objective.model_copy(update={"gap": None})}), True


@plant("status")
def a_status_that_is_not_that_of_the_gap(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    value, size = plan.objective.value, abs(plan.objective.value)
    if not size:
        return
    for share, wanted, status, fault in (
        (1.0, 0.01, "optimal", True),
        (0.02, 0.01, "optimal", True),
        (0.02, 0.02, "optimal", False),
        (0.0199, 0.02, "feasible", True),
        (0.02, 0.01, "feasible", False),
        (0.0, 0.0, "feasible", True),
        (0.0, 0.0, "optimal", False),
        (1e-6, 0.0, "optimal", True),
        # What was wanted is not known, but no gap of 100 % or more can be asked for.
        (1.0, None, "optimal", True),
        (0.3, None, "optimal", False),
        (0.0, None, "feasible", False),
    ):
        bound = value - share * size
        objective = plan.objective.model_copy(update={"bound": bound, "gap": (value - bound) / size})
        yield plan.model_copy(update={"objective": objective, "wanted_gap": wanted, "status": status}), fault


# -- the tests ---------------------------------------------------------------------------------------------------------


def wrongly_judged(name: str, plan: Plan) -> list[str]:
    rule, planted = PLANTS[name]
    return [
        f"{'missed' if fault else 'false alarm'}: {[str(found) for found in verify(trial)]}"
        for trial, fault in planted(plan)
        if fault != (rule in {found.rule for found in verify(trial)})
    ]


def _achieving(plan: Plan, name: str, **changes: Any) -> Achievement:
    return Achievement.model_validate({"id": "reached.level", "all": (name,), **changes})


@plant("achievements")
def achievements_one_period_early_or_by_one_amount(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """One that holds from a step's last period on: asked for by then, and one period before; a score that is reached
    to the last amount, and one that lacks a hundredth.
    """
    for name in list(plan.starts)[:4]:
        last = finish(plan, name)
        yield asked(plan, achievements=(_achieving(plan, name, by=last),)), False
        if last:
            yield asked(plan, achievements=(_achieving(plan, name, by=last - 1),)), True
    names, end = list(plan.starts)[:3], plan.problem.horizon - 1
    if len(names) == 3:
        amounts = dict(zip(names, (0.1, 0.2, 0.3), strict=True))
        for least, fault in ((0.6, False), (0.59, False)):
            score = Score(at_least=least, of=amounts)
            yield asked(plan, achievements=(_achieving(plan, names[0], all=(), score=score, by=end),)), fault
        missing = next((step.id for step in plan.problem.steps if step.id not in plan.starts), None)
        if missing is not None:
            score = Score(at_least=0.61, of={**amounts, missing: 0.01})
            yield asked(plan, achievements=(_achieving(plan, names[0], all=(), score=score, by=end),)), True


@plant("needs_achievements")
def needs_of_achievements_one_period_early(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """A step that starts as late after an achievement as it must, and one period too early; and one that needs what is
    never reached.
    """
    for a, b in list(pairs(plan))[:12]:
        lag = plan.starts[b] - finish(plan, a)
        for more, fault in ((0, False), (1, True)):
            if lag + more >= 0:
                need = AchievementNeed(achievement="reached.level", lag=lag + more)
                trial = with_step(plan, b, needs_achievements=(need,))
                yield asked(trial, achievements=(_achieving(plan, a),)), fault
    missing = next((step.id for step in plan.problem.steps if step.id not in plan.starts), None)
    if missing is not None and plan.starts:
        need = AchievementNeed(achievement="reached.level", lag=0)
        trial = with_step(plan, next(iter(plan.starts)), needs_achievements=(need,))
        yield asked(trial, achievements=(_achieving(plan, missing),)), True


@plant("progress")
def steps_that_are_past_and_not_said_to_be(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """Until the second period something has happened where a step starts in the first one."""
    if plan.problem.horizon > 1:
        yield plan.model_copy(update={"as_of": plan.problem.periods[1].label}), 0 in plan.starts.values()


@plant("missed")
def deadlines_that_are_said_to_be_missed(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """A step's own date: met when the plan has it, then said to be met in another period, and in a plan in which
    nothing has happened.
    """
    labels = [period.label for period in plan.problem.periods]
    begun = plan.model_copy(update={"as_of": labels[0]})
    for step in plan.problem.steps:
        if step.id in plan.starts:
            end = plan.starts[step.id] + step.duration - 1
            right = Missed(milestone=None, step=step.id, by=None, earliest=labels[end], proved=True)
            yield begun.model_copy(update={"missed": (right,)}), False
            yield plan.model_copy(update={"missed": (right,), "as_of": None}), True
            yield begun.model_copy(update={"missed": (right.model_copy(update={"step": "nothing"}),)}), True
            for label in {labels[0], labels[-1]} - {labels[end]}:
                yield begun.model_copy(update={"missed": (right.model_copy(update={"earliest": label}),)}), True


@plant("spent")
def what_was_spent(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """Of the past periods, all of them and no other."""
    labels = [period.label for period in plan.problem.periods]
    yield plan.model_copy(update={"spent": {labels[0]: 1.0}, "progress": {}, "as_of": None}), True
    # Nothing begins in the first period, so that nothing else is wrong once it is past.
    if len(labels) > 1 and 0 not in plan.starts.values():
        begun = plan.model_copy(update={"as_of": labels[1]})
        yield begun.model_copy(update={"spent": {labels[0]: 1.0}}), False
        yield begun.model_copy(update={"spent": {labels[1]: 1.0}}), True
        yield begun.model_copy(update={"spent": dict.fromkeys(labels[:2], 1.0)}), True


@plant("robust")
def what_is_held_back_and_how_often_it_is_kept(plan: Plan) -> Iterator[tuple[Plan, bool]]:
    """Of limits on money, of each once; no fewer futures than were asked for, and the interval that follows from them;
    and no better a plan with something held back than with nothing.
    """
    money = [k for k, window in enumerate(plan.problem.windows) if window.resource.startswith("money")]
    if not money:
        return
    value, held = plan.objective.value, (HeldBack(window=money[0], amount=1.0),)
    low, high = clopper_pearson(95, 100, 0.9875)
    right = Promise(
        keep=0.9,
        futures=100,
        seed=0,
        held=held,
        tests=2,
        kept=95,
        kept_without=40,
        low=low,
        high=high,
        value_without=value,
        bound_without=value - 1.0,
    )
    others = [k for k, window in enumerate(plan.problem.windows) if not window.resource.startswith("money")]
    hair = 1e-5 * max(1.0, abs(value))
    faults: list[dict[str, Any]] = [
        {"kept": 89},
        {"kept": 101},
        {"kept_without": 101},
        {"kept": 94},
        {"low": low + 1e-4},
        {"high": high - 1e-4},
        {"held": (*held, HeldBack(window=money[0], amount=2.0))},
        {"held": (HeldBack(window=len(plan.problem.windows), amount=1.0),)},
        {"value_without": value + hair},
        {"bound_without": value + hair},
        {"held": (), "value_without": value - hair, "bound_without": value - hair},
        *({"held": (HeldBack(window=k, amount=1.0),)} for k in others[:1]),
    ]
    whole = clopper_pearson(100, 100, 0.9875)
    for said, fault in (
        (right, False),
        (right.model_copy(update={"kept": 100, "low": whole[0], "high": whole[1]}), False),
        (right.model_copy(update={"held": ()}), False),
        *((right.model_copy(update=wrong), True) for wrong in faults),
    ):
        context = (plan.context or Context()).model_copy(update={"robust": said})
        yield plan.model_copy(update={"context": context}), fault


@pytest.mark.parametrize("name", PLANTS)
def test_every_planted_fault_is_caught_and_no_other(name: str) -> None:
    planted = 0
    for case_name in FEASIBLE:
        plan = plan_of(case_name)
        assert wrongly_judged(name, plan) == [], case_name
        planted += sum(fault for _, fault in PLANTS[name][1](plan))
    assert planted, "planted nowhere, so nothing is tested"


@pytest.mark.parametrize("case_name", FEASIBLE)
def test_an_untouched_plan_has_no_fault(case_name: str) -> None:
    assert verify(plan_of(case_name)) == []


def test_every_rule_of_the_verifier_has_a_plant() -> None:
    assert {rule for rule, _ in PLANTS.values()} == set(RULES)
    assert len(PLANTS) >= 15


def test_a_fault_says_what_is_wrong_in_words() -> None:
    plan = plan_of(FEASIBLE[0])
    for name, (_, planted) in PLANTS.items():
        for trial, fault in planted(plan):
            if fault:
                assert all(len(str(found)) > 20 for found in verify(trial)), name
                break


def test_problem_copies_share_nothing_with_the_plan() -> None:
    plan = plan_of(FEASIBLE[0])
    before = plan.model_dump_json()
    for _, planted in PLANTS.values():
        for trial, _ in planted(plan):
            assert isinstance(trial.problem, Problem)
    assert plan.model_dump_json() == before
