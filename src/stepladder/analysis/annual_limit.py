"""What a policy's limit for all events of a year leaves, which the choice of a plan does not count.

Payments for single events of a year are a compound Poisson sum P; with a limit A for all of them E[(P − A)+] a year
more remains, between two numbers that are proved (``evaluate.year_sum``).
"""

from __future__ import annotations

import math
from collections.abc import Iterator

from stepladder.data.formats.exceedance import MANY
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import Policy
from stepladder.evaluate import there
from stepladder.evaluate.covers import terms_in, with_covers
from stepladder.evaluate.severity import Payment, Severity
from stepladder.evaluate.year_sum import Between, Paid, YearSum

#: So many cells up to the limit.
CELLS = 2048


def beyond_annual_limit(plan: Plan, y: int, policy: Policy) -> Between | None:
    """What remains more in a policy year because of the limit for all its events, in currency a year on average over
    its periods; None without such a limit, or with too many events to tell.
    """
    problem, year = plan.problem, plan.problem.policy_years[y]
    periods = range(year.from_, min(year.to, problem.horizon - 1) + 1)
    sums = [YearSum(list(perils)) for t in periods if (perils := tuple(_paid(plan, t))) and _countable(perils)]
    if policy.annual_limit is None or len(sums) < len(periods):
        return None
    lengths = [problem.periods[t].years for t in periods]
    ends = [one.beyond(policy.annual_limit, max(CELLS, one.coarsest)) for one in sums]
    low, high = (
        math.fsum(length * end for length, end in zip(lengths, side, strict=True)) / math.fsum(lengths)
        for side in zip(*ends, strict=True)
    )
    return Between(low, high)


def _paid(plan: Plan, t: int) -> Iterator[Paid]:
    """What the policy in force in a period pays, by threat."""
    names = there(plan.problem, plan.decided, t)
    for threat in with_covers(plan.problem).threats:
        terms = terms_in(threat, names)
        if terms is not None and threat.events is not None:
            rarer, cheaper = threat.remains(names)
            event = Severity(threat.events.median * cheaper, threat.events.sigma)
            yield Paid(threat.events.per_year * rarer, Payment(event, terms))


def _countable(perils: tuple[Paid, ...]) -> bool:
    return math.fsum(peril.rate for peril in perils) <= MANY
