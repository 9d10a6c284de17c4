"""Steps by the level that they raise: ``Access Control: level 1 → 2 of 4 (Ad hoc)``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepladder.data.formats.problem import Step
from stepladder.wording import numbers
from stepladder.wording.language import _
from stepladder.wording.text import clean
from stepladder.wording.words import title

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


def levelled(plan: Plan, step: Step, name: str = "") -> str:
    """A step's title with the levels that it leads from and to; the title alone where levels are not known.

    Parameters
    ----------
    plan, step
        The plan, and one of the steps of its problem.
    name
        What to call the step; its title where it is left out.
    """
    words = title(name or step.name)
    entry = plan.context.steps.get(step.id) if plan.context else None
    scales = plan.context.parameters if plan.context else ()
    scale = next((one for one in scales if entry is not None and one.id == entry.parameter), None)
    if entry is None or scale is None:
        return words
    known = sorted(int(level) for level in scale.levels)
    before = [level for level in (*known, scale.current) if level < entry.level]
    first = max(before, default=entry.level - 1)
    reached = clean(scale.levels.get(str(entry.level), ""))
    figures = {"first": numbers.whole(first), "then": numbers.whole(entry.level)}
    levels = (
        _("level {first} → {then} of {most}", most=numbers.whole(known[-1]), **figures)
        if known
        else _("level {first} → {then}", **figures)
    )
    if reached and words.endswith(f" to {reached}"):
        return f"{words.removesuffix(f' to {reached}')}: {levels} ({reached})"
    return f"{words} ({levels}{f', {reached}' if reached else ''})"
