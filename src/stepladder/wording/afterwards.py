"""What a plan goes on costing after its horizon, in words."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from stepladder.data.formats.problem import MONEY
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.numbers import money
from stepladder.wording.text import listed

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


def goes_on(plan: Plan) -> list[str]:
    """Sentences about what goes on after the horizon: money a year, of planned steps and in all, and person-days; none
    where nothing does.
    """
    problem, own, in_all = plan.problem, plan.afterwards, plan.afterwards_in_all
    limits = [window.limit for window in problem.windows if window.resource == MONEY[3]]
    lines = []
    if own or limits:
        who = _("the planned steps and the policy that is renewed") if plan.renewed else _("the planned steps")
        amounts = {"who": who, "money": money(own, problem.currency)}
        lines.append(
            _(
                "After the horizon {who} go on costing {money} a year, of at most {most}.",
                most=money(min(limits), problem.currency),
                **amounts,
            )
            if limits
            else _("After the horizon {who} go on costing {money} a year.", **amounts)
        )
    if in_all > own:
        all_ = money(in_all, problem.currency)
        lines.append(_("With {what} it is {money} a year.", what=listed(_beside(plan)), money=all_))
    days = numbers.days_a_year(_days(plan), plan.teams)
    return [*lines, *([_("Running the planned steps then takes {days}.", days=days)] if days else [])]


def taken_off(plan: Plan) -> list[str]:
    """Sentences about what the limits are without beside what is promised: the days that today's levels take, and what
    is held back; none where that is nothing.
    """
    context, ongoing, currency = plan.context, plan.problem.ongoing, plan.problem.currency
    reserve = context.reserve if context else {}
    lines = []
    if ongoing.effort_per_year:
        days = numbers.days_a_year(ongoing.effort_per_year, plan.teams)
        lines.append(_("The limits are without {days} that keep up today's levels.", days=days))
    for resource, by_period in reserve.items():
        amount = math.fsum(by_period)
        if amount:
            shown = money(amount, currency) if resource in MONEY else numbers.days(amount)
            name = numbers.team(resource, plan.teams)
            lines.append(
                _("Held back from planning: {amount} within the horizon.", amount=shown)
                if resource == MONEY[0]
                else _("Held back from planning of {name}: {amount} within the horizon.", name=name, amount=shown)
            )
    return lines


def _beside(plan: Plan) -> list[str]:
    """What goes on whatever is planned."""
    ongoing, currency = plan.problem.ongoing, plan.problem.currency
    parts = ((ongoing.upkeep, _("the upkeep of today's levels")), (ongoing.committed, _("what is promised")))
    return [f"{words} ({money(amount, currency)})" for amount, words in parts if amount]


def _days(plan: Plan) -> dict[str, float]:
    """Person-days a year by team."""
    told = plan.totals.afterwards
    return dict(told.effort_per_year) if told else {}
