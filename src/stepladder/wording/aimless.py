"""What is said of a question before anything else: that nothing makes a step worth doing, or that nothing costs
anything. Else an empty plan, or one of everything at once, looks like an answer.
"""

from __future__ import annotations

from stepladder.data.formats.problem import Problem
from stepladder.data.objective import objective_of
from stepladder.data.pointless import pointless
from stepladder.wording.language import _, mark

_WAYS = mark(
    "Three ways to mend it: threats with what they cost and what reduces them (`threats`); how much practices matter"
    " (`importance`, with `objective: worth`); or a milestone (`milestones`)."
)
_FREE = mark(
    "Nothing costs anything, neither money nor person-days, so no budget and no team decides what is done first; write"
    " what steps cost (`costs`)."
)


def aimless(problem: Problem) -> bool:
    """Whether there are steps, none of which is of use or asked for."""
    return 0 < len(problem.steps) == len(pointless(problem))


def first_of_all(problem: Problem) -> list[str]:
    """Sentences to stand before all others; mostly none."""
    free = not any(step.once or step.a_year or step.teams for step in problem.steps)
    lines = [f"{_why(problem)} {_(_WAYS)}"] if aimless(problem) else []
    return [*lines, *([_(_FREE)] if free and problem.steps else [])]


def _why(problem: Problem) -> str:
    """Why no step is worth doing."""
    if objective_of(problem).points:
        return _("Nothing makes a step worth doing: none has importance, and nothing asks for one.")
    why = _(
        "Nothing makes a step worth doing: none takes anything off a threat or is worth anything else, and nothing asks"
        " for one."
    )
    if any(step.points_per_year for step in problem.steps):
        return f"{why} {_('Importance counts with `objective: worth` only.')}"
    return why
