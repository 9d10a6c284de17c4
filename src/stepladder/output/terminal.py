"""A plan as text that one would paste into a board paper."""

from __future__ import annotations

from stepladder.analysis.roadmap import read
from stepladder.data.formats.plan import Plan
from stepladder.output.phases import phases
from stepladder.output.report import figures, sections
from stepladder.output.report.text import show
from stepladder.wording.page import Page, Style
from stepladder.wording.summary import opening, proof


def plan_text(plan: Plan, style: Style | None = None) -> str:
    """A verified plan, from its title to the sentence with the gap.

    Parameters
    ----------
    plan
        A plan that has been verified.
    style
        Width and colour; 80 columns without colour when left out.
    """
    page, road = Page(style or Style()), read(plan)
    opening(page, road)
    phases(page, road)
    for section in (
        figures.money,
        figures.effort,
        figures.losses,
        sections.milestones,
        sections.advice,
        sections.left_out,
        sections.notes,
    ):
        held = section(road)
        if held is not None:
            show(page, held, plan.problem.currency)
    page.heading("HOW GOOD THIS PLAN IS")
    page.say(proof(plan))
    return page.text()
