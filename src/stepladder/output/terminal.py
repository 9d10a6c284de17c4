"""A plan as text that one would paste into a board paper."""

from __future__ import annotations

from stepladder.data.formats.plan import Plan
from stepladder.output.report.compose import outline
from stepladder.output.report.text import text
from stepladder.wording.page import Style


def plan_text(plan: Plan, style: Style | None = None) -> str:
    """A verified plan, from its title to the sentence with the gap.

    Parameters
    ----------
    plan
        A plan that has been verified.
    style
        Width and colour; 80 columns without colour when left out.
    """
    return text(outline(plan), style or Style())
