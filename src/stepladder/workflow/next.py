"""``next``: what to do first, and why."""

from __future__ import annotations

from dataclasses import dataclass

from stepladder.analysis.next import Beginning, beginning
from stepladder.analysis.steps import StepFacts
from stepladder.data.plan import Plan
from stepladder.data.problem import Period
from stepladder.output.advice import why


@dataclass(frozen=True)
class FirstStep:
    """A step to begin with: its facts, and one sentence that says why it comes first."""

    facts: StepFacts
    reason: str


@dataclass(frozen=True)
class NextStep:
    """What to do first.

    Attributes
    ----------
    period
        The period in which the plan begins; None for a plan without steps.
    steps
        The most urgent first.
    beginning
        The same as the pages of ``output`` take it.
    """

    period: Period | None
    steps: tuple[FirstStep, ...]
    beginning: Beginning


def next_step(plan: Plan) -> NextStep:
    """The steps that start in the plan's first period."""
    first = beginning(plan)
    return NextStep(first.when, tuple(FirstStep(step, why(first, step)) for step in first.steps), first)
