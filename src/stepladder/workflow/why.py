"""``why``: why a step stands where it stands in a plan, or is not planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepladder.analysis.why import Why, fits, why_not
from stepladder.analysis.why import why as explained
from stepladder.analysis.why_policy import WhyPolicy, fits_policy, is_policy, why_policy
from stepladder.data.formats.plan import Plan
from stepladder.workflow.compared import answering

if TYPE_CHECKING:
    from stepladder.optimise import Options


def why(plan: Plan, step: str, options: Options | None = None, *, planned: bool = True) -> Why | WhyPolicy:
    """Explain one step of a verified plan, or one of its policies; other choices are priced by solving again.

    Parameters
    ----------
    plan
        The plan.
    step
        Id of the step; or that of a policy, ``policy@year`` for one of its years.
    options
        For every answer.
    planned
        Whether the question is why it is planned, or why it is not.

    Raises
    ------
    UsageError
        When there is no such step or policy, or the question is the wrong one of the two.
    """
    from stepladder.optimise import Options

    limits = (options or Options()).together()
    if is_policy(plan, step):
        fits_policy(plan, step, held=planned)
        return why_policy(plan, step, limits, answering(plan, limits), held=planned)
    fits(plan, step, planned=planned)
    return (explained if planned else why_not)(plan, step, limits, answering(plan, limits))
