"""What would be with less money, in words: what was found, or how to ask."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.analysis.front import Front, Less
from stepladder.analysis.slack import slack_of
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import SPENT
from stepladder.data.objective import POINTS, objective_of, tells_losses
from stepladder.wording import numbers
from stepladder.wording.claims_of_plans import none_with
from stepladder.wording.language import _, plural
from stepladder.wording.text import clean, listed, quote

#: Steps that fall away and are named.
NAMED = 3


def less_money(front: Front) -> str:
    """One sentence or two about the best plan with less money; how to ask where nobody has looked."""
    plan, less = front.plan, front.less
    if not any(window.resource in SPENT for window in plan.problem.windows):
        return _("Nothing limits the money.")
    if less is None and plan.as_of is not None:
        # Of what has begun a part is spent, which cannot be less.
        return _(
            "What less money from now on would mean has not been looked at: replan --assessment plans with a scenario"
            " that has less."
        )
    if less is None:
        return _(
            "What a fifth less would mean has not been looked at: report --less 20% does, and frontier -o finds a plan"
            " for each of many budgets."
        )
    money = numbers.money(less.money, plan.problem.currency)
    amount = _("{money} ({share} less)", money=money, share=numbers.share(less.part))
    if less.plan is None:
        return none_with(amount) if less.infeasible else _("With {amount} no plan was found.", amount=amount)
    return f"{'; '.join(_found(plan, less, less.plan, amount))}."


def _found(own: Plan, less: Less, plan: Plan, amount: str) -> Iterator[str]:
    """What the plan with less money costs and has, and what it leaves; then what falls away."""
    currency = own.problem.currency
    figures = {
        "amount": amount,
        "money": numbers.money(plan.cost, currency),
        "steps": numbers.count(len(plan.starts), "step"),
    }
    if objective_of(own.problem).points:
        worth = numbers.money(plan.totals.points_present_value, POINTS)
        yield _(
            "With {amount} the best plan found costs {money} and has {steps}, worth {points}", points=worth, **figures
        )
    else:
        yield _("With {amount} the best plan found costs {money} and has {steps}", **figures)
        if tells_losses(own.problem):
            after, before = (numbers.money(one.totals.tail_expected_loss_per_year, currency) for one in (plan, own))
            yield _("{after} a year are left instead of {before}", after=after, before=before)
    titles = {step.id: step.name for step in own.problem.steps}
    dropped = [quote(titles[name], 60) for name in less.dropped(own)]
    if dropped:
        yield plural("{steps} falls away", "{steps} fall away", len(dropped), steps=listed(dropped, NAMED))
    lost = _lost(own, plan)
    if lost:
        yield plural(
            "{milestones} would not be met", "{milestones} would not be met", len(lost), milestones=listed(lost, NAMED)
        )


def _lost(own: Plan, plan: Plan) -> list[str]:
    """The milestones that it would no longer meet."""
    return [
        quote(clean(one.title), 60)
        for one in own.milestones
        if slack_of(own, one).kept and not slack_of(plan, one).kept
    ]
