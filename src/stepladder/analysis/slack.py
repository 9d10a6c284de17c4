"""Milestones of a plan: whether each is met, when, and how many days before its date."""

from __future__ import annotations

import datetime
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from stepladder.analysis.achieved import achieved
from stepladder.data.formats.context import Milestone

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan

#: ``today``: nothing is to be done for it. ``unknown``: the same, but its date is past. ``unplanned``: the plan has not
#: all that it takes. ``missed``: it is late, and no plan could have been in time any more.
Met = Literal["today", "unknown", "met", "on_the_day", "late", "missed", "unplanned"]


@dataclass(frozen=True)
class Slack:
    """One milestone.

    Attributes
    ----------
    milestone
        What is asked for.
    state
        See ``Met``.
    finish
        The period in which the last of what it takes is finished or reached; None where something is not planned, or
        nothing is to be done.
    end
        That period's last day; None where periods have no dates.
    days
        From that day to the milestone's date, negative where it is late; None where there is no such day.
    """

    milestone: Milestone
    state: Met
    finish: int | None = None
    end: datetime.date | None = None
    days: int | None = None

    @property
    def kept(self) -> bool:
        """Whether it is met by its date, as far as is known."""
        return self.state in ("today", "unknown", "met", "on_the_day")


def slack_of(plan: Plan, milestone: Milestone, steps: Collection[str] | None = None) -> Slack:
    """One milestone under a plan.

    Parameters
    ----------
    plan, milestone
        The plan, and one of its milestones.
    steps
        Of the steps that it takes, those that count, such as one system's; all, and its achievements, when left out.
    """
    names = [name for name in milestone.steps if steps is None or name in steps]
    wanted = milestone.achievements if steps is None else ()
    if not names and not wanted:
        first = plan.problem.periods[plan.now].start
        return Slack(milestone, "today" if first is None or milestone.date >= first else "unknown")
    since = achieved(plan) if wanted else {}
    if any(name not in plan.starts for name in names) or any(name not in since for name in wanted):
        return Slack(milestone, "unplanned")
    lengths = {step.id: step for step in plan.problem.steps}
    finish = max([*(lengths[name].finish(plan.starts[name]) for name in names), *(since[name] for name in wanted)])
    end = plan.problem.periods[finish].end
    if end is None:
        return Slack(milestone, "met", finish)
    days = (milestone.date - end).days
    if days < 0:
        return Slack(milestone, "late" if plan.missed_of(milestone) is None else "missed", finish, end, days)
    return Slack(milestone, "met" if days else "on_the_day", finish, end, days)
