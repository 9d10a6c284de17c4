"""A plan as text that one would paste into a board paper."""

from __future__ import annotations

from stepladder.data.formats.plan import Plan
from stepladder.output.report.compose import outline, page
from stepladder.output.report.text import text
from stepladder.wording.page import Style


def plan_text(plan: Plan, style: Style | None = None, *, full: bool = False) -> str:
    """A verified plan: its front page, or all of it from its title to the sentence with the gap.

    Parameters
    ----------
    plan
        A plan that has been verified.
    style
        Width and colour; 80 columns without colour when left out.
    full
        All of it.
    """
    if full:
        return text(outline(plan), style or Style())
    return text(page(plan), style or Style(), short=True)
