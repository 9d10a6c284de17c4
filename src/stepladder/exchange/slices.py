"""A period as other tools are told of it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field

from stepladder.exchange.days import working_days


@dataclass(frozen=True)
class Slice:
    """One period: its label and days, what it holds by resource (money, then teams), and the limits that end in it.

    Attributes
    ----------
    used
        By resource: ``money``, ``money_once``, ``money_per_year`` and teams.
    limits
        By resource: the limit that leaves the least room among those that end with this period, as (since which period,
        limit).
    loss
        Expected loss per year with what is in place.
    money
        What it costs: as planned, of a past period what was truly spent; without what was promised before.
    promised
        Money that was promised before or beside the plan.
    most
        Person-days by team: what its limits leave for this period after what the periods before it use; only of teams
        that have a limit here.
    """

    label: str
    start: datetime.date
    finish: datetime.date
    used: dict[str, float]
    limits: dict[str, tuple[int, float]]
    loss: float
    money: float = 0.0
    most: dict[str, float] = field(default_factory=dict)
    # What is made of this object's text is the same as before it was known.
    promised: float = field(default=0.0, repr=False)

    @property
    def days(self) -> int:
        """Its working days; at least one."""
        return max(1, working_days(self.start, self.finish))
