"""Insurance in a work breakdown: each policy year in which a policy is in force, with the day on which it begins."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stepladder.analysis.insured import dated
from stepladder.data.formats.plan import Plan
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.text import clean


@dataclass(frozen=True)
class Premium:
    """A policy in a policy year, as a dated item.

    Attributes
    ----------
    id
        ``plan/policy@year``: the same as long as plan, policy and year are.
    title
        The policy and its year, and whether it is taken out or renewed.
    start, finish
        First and last day of the year, as far as it lies within the horizon.
    amount
        The premium, in the plan's currency.
    renewed
        Whether it was in force in the year before.
    needs
        Ids of the items that it asks for, finished before its first day.
    mark
        Short and for people; empty before marks are given.
    """

    id: str
    title: str
    start: datetime.date
    finish: datetime.date
    amount: float
    renewed: bool = False
    needs: tuple[str, ...] = ()
    mark: str = ""

    @property
    def uid(self) -> uuid.UUID:
        """A UUID that follows from the id."""
        return uuid.uuid5(uuid.NAMESPACE_URL, f"https://pypi.org/project/stepladder/insurance/{self.id}")


def premiums(
    plan: Plan, days: Sequence[tuple[datetime.date, datetime.date]], before: str, ids: Mapping[str, str]
) -> Iterator[Premium]:
    """Every premium of a plan, by date.

    Parameters
    ----------
    plan
        The plan.
    days
        First and last day of each period.
    before
        What the ids of the plan's items begin with.
    ids
        Ids of the items by step.
    """
    for policy, year, amount, renewed in dated(plan):
        label = clean(year.label) or numbers.label(plan.problem.periods[year.from_])
        named = {"policy": clean(policy.name), "year": label}
        title = _("{policy}, {year}: renew", **named) if renewed else _("{policy}, {year}: take out", **named)
        last = min(year.to, plan.problem.horizon - 1)
        # What is decided asks for nothing any more.
        needs = () if year.decided else tuple(ids[need] for need in policy.needs if need in plan.starts)
        span = days[year.from_][0], days[last][1]
        yield Premium(f"{before}{policy.id}@{year.from_}", title, *span, amount, renewed, needs)
