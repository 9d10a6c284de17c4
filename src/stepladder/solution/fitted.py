"""What stands beside a problem, brought in line with it, where the problem is no longer the one that it was written
for.

A repair gives a demand up, a new assessment has other steps: the milestones keep their dates, and it is stated that a
step's last period is no longer theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Set

from stepladder.data.formats.context import Context, Milestone
from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import Problem, Step
from stepladder.solution.beside import DATE, late_achievements, points, unexplained

#: Where a date was written that no file has.
CHANGED = "the plan's own question"


def fitted(problem: Problem, context: Context, missed: Set[str | None] = frozenset()) -> Context:
    """The context as far as it is about this problem, with these milestones missed; the same object where all of it
    is.
    """
    steps = problem.steps_by_id()
    update: dict[str, object] = {}
    asked = {item.id for item in problem.achievements if item.by is not None}
    milestones = tuple(_fitted(milestone, steps, asked) for milestone in context.milestones)
    if any(a is not b for a, b in zip(milestones, context.milestones, strict=True)):
        update["milestones"] = milestones
    if any(name not in steps or (entry.implied_by or name) not in steps for name, entry in context.steps.items()):
        entries = {name: entry for name, entry in context.steps.items() if name in steps}
        update["steps"] = {
            name: entry if (entry.implied_by or name) in steps else entry.model_copy(update={"implied_by": None})
            for name, entry in entries.items()
        }
    origins = {pointer: origin for pointer, origin in context.origins.items() if points(problem, pointer)}
    context = (
        context.model_copy(update={**update, "origins": origins})
        if update or len(origins) < len(context.origins)
        else context
    )
    changed = {
        f"/steps/{gap.number}/{DATE}": Origin.model_validate({"from": "set", "at": CHANGED})
        for gap in unexplained(problem, context)
    } | {
        f"/achievements/{late.number}/by": Origin.model_validate({"from": "set", "at": CHANGED})
        for late in late_achievements(problem, context, missed)
    }
    return context.model_copy(update={"origins": {**context.origins, **changed}}) if changed else context


def _fitted(milestone: Milestone, steps: Mapping[str, Step], asked: Set[str]) -> Milestone:
    """A milestone with the steps that are there, and the achievements that are asked for."""
    named = _led(steps, milestone.steps)
    held = tuple(name for name in milestone.achievements if name in asked)
    if named == milestone.steps and held == milestone.achievements:
        return milestone
    return milestone.model_copy(update={"steps": named, "achievements": held})


def _led(steps: Mapping[str, Step], named: Iterable[str]) -> tuple[str, ...]:
    """The steps that are there, with all that they need, in the order of the problem; as they were where that is the
    same.
    """
    given = tuple(named)
    queue, names = [name for name in given if name in steps], set()
    while queue:
        name = queue.pop()
        if name not in names:
            names.add(name)
            queue += [need.step for need in steps[name].needs]
    return given if names == set(given) and len(names) == len(given) else tuple(name for name in steps if name in names)
