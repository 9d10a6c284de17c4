"""What a plan would be with a part less of every limit on money: one more search, always the same."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

from stepladder.data.formats.plan import Plan
from stepladder.errors import Infeasible, NoPlanFound, UsageError

if TYPE_CHECKING:
    from stepladder.analysis.front import Less

#: How close to the best it is to be, and how much work it may take: seconds for one system.
GAP, WORK = 0.01, 4


def with_less(plan: Plan, part: float) -> Less:
    """The best plan that is found with so much less money, verified.

    Parameters
    ----------
    plan
        A verified plan.
    part
        By which part every limit on money is lowered, above 0 and below 1.

    Raises
    ------
    UsageError
        When nothing limits the money, or something has begun.
    """
    from stepladder.analysis.curves import own_money
    from stepladder.analysis.front import Less
    from stepladder.analysis.variants import with_money
    from stepladder.optimise import Options, optimise
    from stepladder.solution import make_plan

    if plan.as_of is not None:
        raise UsageError(
            "something of this plan has begun, and what is spent cannot be less: replan with a smaller budget, and name"
            " that plan after this one"
        )
    own = own_money(plan.problem)
    if not own:
        raise UsageError("nothing limits this plan's money, so there is no less of it")
    problem = with_money(plan.problem, 1 - Fraction(repr(part)))
    money = own_money(problem) or 0.0
    try:
        outcome = optimise(problem, Options(gap=GAP, work=WORK))
        return Less(money, make_plan(problem, outcome, plan.context), own)
    except Infeasible:
        return Less(money, None, own, infeasible=True)
    except NoPlanFound:
        return Less(money, None, own)
