"""What to do first: the steps with which a plan begins."""

from __future__ import annotations

from dataclasses import dataclass

from stepladder.analysis.steps import StepFacts, facts, titles
from stepladder.data.plan import Plan
from stepladder.data.problem import Period


@dataclass(frozen=True)
class Beginning:
    """The first steps of a plan.

    Attributes
    ----------
    plan
        The plan.
    period
        Index of the period in which the plan begins; None for a plan without steps.
    steps
        What starts then: what serves the nearest milestone first, then what unlocks most, then what removes most.
    titles
        Title of every step of the problem.
    """

    plan: Plan
    period: int | None
    steps: tuple[StepFacts, ...]
    titles: dict[str, str]

    @property
    def when(self) -> Period | None:
        """The period in which the plan begins."""
        return None if self.period is None else self.plan.problem.periods[self.period]


def beginning(plan: Plan) -> Beginning:
    """The steps that start in the first period in which any step starts."""
    period = min(plan.starts.values(), default=None)
    first = [step for step in facts(plan).values() if step.start == period]
    return Beginning(plan, period, tuple(sorted(first, key=_urgency)), titles(plan.problem))


def _urgency(step: StepFacts) -> tuple[str, int, float, str]:
    soonest = min((milestone.date.isoformat() for milestone in step.milestones), default="~")
    return soonest, -len(step.unlocks), -step.per_year_removed, step.step.id
