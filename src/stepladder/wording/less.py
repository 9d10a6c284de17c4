"""What would be with less money, in words: what was found, or how to ask."""

from __future__ import annotations

from collections.abc import Sequence

from stepladder.analysis.front import Front, Less
from stepladder.analysis.slack import slack_of
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import SPENT
from stepladder.data.objective import POINTS, objective_of, tells_losses
from stepladder.wording import numbers
from stepladder.wording.claims_of_plans import none_with
from stepladder.wording.text import clean, listed, quote

#: Steps that fall away and are named.
NAMED = 3


def less_money(front: Front) -> str:
    """One sentence or two about the best plan with less money; how to ask where nobody has looked."""
    plan, less = front.plan, front.less
    if not any(window.resource in SPENT for window in plan.problem.windows):
        return "Nothing limits the money."
    if less is None:
        return (
            "What a fifth less would mean has not been looked at: report --less 20% does, and frontier -o finds a plan"
            " for each of many budgets."
        )
    money = numbers.money(less.money, plan.problem.currency)
    amount = f"{money} ({numbers.share(less.part)} less)"
    if less.plan is None:
        return none_with(amount) if less.infeasible else f"With {amount} no plan was found."
    return f"With {amount} the best plan found costs {_found(plan, less, less.plan)}."


def _found(own: Plan, less: Less, plan: Plan) -> str:
    currency = own.problem.currency
    said = f"{numbers.money(plan.cost, currency)} and has {numbers.count(len(plan.starts), 'step')}"
    if objective_of(own.problem).points:
        said += f", worth {numbers.money(plan.totals.points_present_value, POINTS)}"
    elif tells_losses(own.problem):
        after, before = (one.totals.tail_expected_loss_per_year for one in (plan, own))
        said += f"; {numbers.money(after, currency)} a year are left instead of {numbers.money(before, currency)}"
    titles = {step.id: step.name for step in own.problem.steps}
    dropped = [quote(titles[name], 60) for name in less.dropped(own)]
    said += f"; {listed(dropped, NAMED)} {'falls' if len(dropped) == 1 else 'fall'} away" if dropped else ""
    return said + _lost(own, plan)


def _lost(own: Plan, plan: Plan) -> str:
    """The milestones that it would no longer meet."""
    lost: Sequence[str] = [
        quote(clean(one.title), 60)
        for one in own.milestones
        if slack_of(own, one).kept and not slack_of(plan, one).kept
    ]
    return f"; {listed(list(lost), NAMED)} would not be met" if lost else ""
