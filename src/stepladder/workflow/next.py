"""``next``: what to do first, why, and what it costs to wait."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stepladder.analysis.next import Beginning, beginning
from stepladder.analysis.steps import StepFacts
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Period
from stepladder.output.advice import why

if TYPE_CHECKING:
    from stepladder.analysis.first_steps import Nudge
    from stepladder.optimise import Options


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


def nudge(
    plan: Plan,
    options: Options | None = None,
    others: Mapping[str, Sequence[Mapping[str, int]]] | None = None,
) -> Nudge:
    """The first steps as a default choice: with the price of waiting for each, and the best other ways to begin, by
    solving again.

    Parameters
    ----------
    plan
        A verified plan.
    options
        As for ``plan``, for every answer.
    others
        By kind, as it is to be called: start by step of the plans of other scenarios, budgets and futures. How many of
        them begin with the same steps is counted.
    """
    from stepladder.analysis import first_steps as room
    from stepladder.optimise import Options
    from stepladder.workflow.compared import answering

    limits = (options or Options()).together()
    return room.nudge(plan, limits, others, answering(plan, limits))
