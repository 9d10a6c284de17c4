"""The first and the last sentence of a plan: what it brings, and how good it is proved to be."""

from __future__ import annotations

from collections import Counter

from stepladder.analysis.claims import proved_of
from stepladder.analysis.roadmap import Roadmap, read
from stepladder.analysis.slack import slack_of
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import POINTS, objective_of
from stepladder.wording import numbers
from stepladder.wording.claims_of_plans import good
from stepladder.wording.language import _, mark, plural
from stepladder.wording.numbers import money
from stepladder.wording.text import listed

_COUNTED = {
    "done": mark("{count} done"),
    "running": mark("{count} running"),
    "cancelled": mark("{count} cancelled"),
}


def so_far(road: Roadmap) -> str:
    """What is done, running and cancelled, what that has cost, and what is still to come."""
    plan = road.plan
    states: Counter[str] = Counter(told.state for told in plan.progress.values())
    parts = [_(words, count=numbers.whole(states[state])) for state, words in _COUNTED.items() if states[state]]
    parts = [listed(parts, len(parts))] if parts else []
    parts.append(_("{steps} still open", steps=numbers.count(len(road.open), "step")))
    currency = plan.problem.currency
    amounts = _(
        "{spent} spent before that, {to_approve} to approve for what is open",
        spent=money(road.spent, currency),
        to_approve=money(road.to_approve, currency),
    )
    on = money(road.going_on, currency)
    amounts += _(", {money} for what is done or running", money=on) if road.going_on else ""
    return _(
        "As of {period}: {states}. {amounts}.",
        period=numbers.label(plan.problem.periods[plan.now]),
        states="; ".join(parts),
        amounts=amounts,
    )


def ask(road: Roadmap) -> str:
    """What to approve, for when, and what is met then."""
    plan, periods, currency = road.plan, road.plan.problem.periods, road.plan.problem.currency
    first_, last = periods[0 if plan.as_of is None else plan.now], periods[-1]
    horizon = (
        numbers.label(last)
        if first_ is last
        else _("{first} to {last}", first=numbers.label(first_), last=numbers.label(last))
    )
    if plan.as_of is None and not plan.starts:
        return _("Approve nothing for {horizon}.", horizon=horizon)
    if plan.as_of is not None:
        amount = road.to_approve
        what = _("{steps} can still be decided", steps=numbers.count(len(road.open), "step"))
    else:
        amount = plan.cost
        what = _("the first steps start in {period}", period=numbers.label(periods[min(plan.starts.values())]))
    shown = money(amount, currency)
    return _("Approve {money} for {horizon}: {what}.", money=shown, horizon=horizon, what=f"{what}{_kept(road)}")


def _kept(road: Roadmap) -> str:
    """How many milestones are met, as the end of a sentence."""
    milestones = road.plan.milestones
    if not milestones:
        return ""
    good = sum(slack_of(road.plan, milestone).kept for milestone in milestones)
    if (good, len(milestones)) == (0, 1):
        late = road.plan.missed_of(milestones[0]) is not None
        return _("; its milestone is missed") if late else _("; its milestone is not met")
    of = numbers.count(len(milestones), "milestone")
    if not good:
        return _("; none of {milestones} is met", milestones=of)
    return plural(
        "; {count} of {milestones} is met", "; {count} of {milestones} are met", good, count=good, milestones=of
    )


def summary_of(plan: Plan) -> str:
    """The same sentence, of a verified plan."""
    return summary(read(plan))


def summary(road: Roadmap) -> str:
    """One sentence: so many of so many steps, for so much money, bring the loss from here to there."""
    plan = road.plan
    currency, total = plan.problem.currency, len(plan.problem.steps)
    if not plan.starts:
        return _none(total, insured=any(plan.policies))
    steps = _(
        "{count} of {steps}, for {money} within the horizon",
        count=numbers.whole(len(plan.starts)),
        steps=numbers.count(total, "step"),
        money=money(plan.cost, currency),
    )
    worth = _worth(plan)
    if not plan.problem.threats:
        return _("{steps}, {worth}.", steps=steps, worth=worth) if worth else _("The plan holds {steps}.", steps=steps)
    start = _("{steps}, {worth} and", steps=steps, worth=worth) if worth else f"{steps},"
    when = (
        _("{money} a year today", money=money(road.at_first, currency))
        if plan.as_of is None
        else _(
            "{money} a year without the plan ({today} today)",
            money=money(road.at_first, currency),
            today=money(road.today, currency),
        )
    )
    return plural(
        "{steps} brings the expected loss from {before} to {after} a year once it is in place{renewed}.",
        "{steps} bring the expected loss from {before} to {after} a year once all of them are in place{renewed}.",
        len(plan.starts),
        steps=start,
        before=when,
        after=money(plan.totals.tail_expected_loss_per_year, currency),
        renewed=_renewed(plan),
    )


def _none(total: int, *, insured: bool) -> str:
    """Of a plan without steps."""
    if not total:
        return _("There is nothing to do: the problem has no steps.")
    steps = numbers.count(total, "step")
    if insured:
        return _("The best plan is to do none of the {steps}, and to be insured.", steps=steps)
    return _("The best plan is to do none of the {steps}.", steps=steps)


def _renewed(plan: Plan) -> str:
    """That what remains then is counted with insurance."""
    last = plan.problem.policy_years[-1:] if any(plan.policies[-1:]) else ()
    on = any(year.to >= plan.problem.horizon for year in last)
    return _(" and the last year's policy is renewed") if on else ""


def _worth(plan: Plan) -> str:
    """What the planned steps are worth, to follow them; empty where that is not what the plan is made for."""
    if not objective_of(plan.problem).points:
        return ""
    return plural(
        "is worth {points} (present value)",
        "are worth {points} (present value)",
        len(plan.starts),
        points=money(plan.totals.points_present_value, POINTS),
    )


def proof(plan: Plan) -> str:
    """The sentence with the gap: what is proved of every plan, and where this one stands."""
    return good(plan, proved_of(plan))
