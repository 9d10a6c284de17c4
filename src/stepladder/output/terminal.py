"""A plan as text that one would paste into a board paper."""

from __future__ import annotations

from contextlib import nullcontext

from stepladder.data.formats.plan import Plan
from stepladder.output.report.compose import outline, page
from stepladder.output.report.text import text
from stepladder.wording.numbers import written_as
from stepladder.wording.page import Style


def plan_text(plan: Plan, style: Style | None = None, *, full: bool = False, locale: str | None = None) -> str:
    """A verified plan: its front page, or all of it from its title to the sentence with the gap.

    Parameters
    ----------
    plan
        A plan that has been verified.
    style
        Width and colour; 80 columns without colour when left out.
    full
        All of it.
    locale
        In what language, and how numbers and dates are written, such as ``de``; where it is None, in English and
        as everywhere.

    Raises
    ------
    UsageError
        When there is no such locale.
    """
    with written_as(locale) if locale is not None else nullcontext():
        if full:
            return text(outline(plan), style or Style())
        return text(page(plan), style or Style(), short=True)
