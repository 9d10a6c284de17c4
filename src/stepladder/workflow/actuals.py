"""``actuals``: the form to fill in after some months."""

from __future__ import annotations

from pathlib import Path

from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError
from stepladder.output.form import actuals_form
from stepladder.workflow.replan import first_open
from stepladder.workflow.show import show


def form(source: str | Path, as_of: str | None = None) -> str:
    """The form for a plan, as YAML.

    Parameters
    ----------
    source
        The plan's file.
    as_of
        The first period that is still open, by label or day; the one after the plan's first open period when left out.

    Raises
    ------
    UsageError
        When it is no period of the plan, or one that the plan knows already to be past, or none is left.
    """
    return form_of(show(source), as_of)


def form_of(plan: Plan, as_of: str | None = None) -> str:
    """The same, of a verified plan."""
    if as_of is not None:
        return actuals_form(plan, first_open(plan, as_of))
    if plan.now + 1 >= plan.problem.horizon:
        raise UsageError(f"after {plan.problem.periods[plan.now].label} the plan has no period that could be open")
    return actuals_form(plan, plan.now + 1)
