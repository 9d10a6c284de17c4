"""What to do first: the steps with which a plan begins."""

from __future__ import annotations

from dataclasses import dataclass

from stepladder.analysis.steps import StepFacts, facts, titles
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Period


@dataclass(frozen=True)
class Beginning:
    """The first steps of a plan.

    Attributes
    ----------
    plan
        The plan.
    period
        Index of the period in which the plan begins, or goes on; None where nothing is left to begin.
    steps
        What starts then and can still be decided: what serves the nearest milestone first, then what unlocks most, then
        what removes most.
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
    """The open steps that start in the first period in which any of them does."""
    period = min((start for name, start in plan.starts.items() if plan.state(name) == "open"), default=None)
    first = [step for step in facts(plan).values() if step.start == period and plan.state(step.step.id) == "open"]
    return Beginning(plan, period, tuple(sorted(first, key=_urgency)), titles(plan.problem))


def _urgency(step: StepFacts) -> tuple[str, int, float, str]:
    soonest = min((milestone.date.isoformat() for milestone in step.milestones), default="~")
    return soonest, -len(step.unlocks), -step.per_year_removed, step.step.id
