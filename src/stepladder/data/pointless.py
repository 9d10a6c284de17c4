"""Steps that never pay: no plan is worse for leaving all of them out, and each costs what it costs."""

from __future__ import annotations

from stepladder.data.formats.achieved import counting
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.objective import objective_of


def effective(problem: Problem) -> frozenset[str]:
    """The steps that take something off a threat, are worth something else, or count towards an achievement that is
    worth something or asked for. Where points count, losses matter only
    for the caps on them.
    """
    objective = objective_of(problem)
    against = {
        name
        for threat in (problem.threats if problem.appetite or problem.exceedance or not objective.points else ())
        if threat.expected_loss_per_year > 0
        for name, factor in threat.factors.items()
        if factor < 1
    }
    inside = counting(problem.achievements)
    achieving = {
        name
        for achievement in problem.achievements
        if achievement.by is not None or (objective.points and achievement.points_per_year > 0)
        for name in inside[achievement.id]
    }
    useful = against | achieving
    return frozenset(step.id for step in problem.steps if step.id in useful or max(objective.gains(step)) > 0)


def pointless(problem: Problem) -> frozenset[str]:
    """The steps that are no use, that nobody demands, and that nothing needs that is of use or demanded.

    Left out together they free money, people and places, let go of nothing that another step needs, and lose nothing:
    whatever the limits are.
    """
    steps = problem.steps_by_id()
    wanted = effective(problem) | {step.id for step in problem.steps if step.must}
    queue, useful, inside = list(wanted), set(wanted), counting(problem.achievements)
    while queue:
        step = steps[queue.pop()]
        achieving = (name for need in step.needs_achievements for name in inside[need.achievement])
        for name in (*_needed(step), *achieving):
            if name not in useful:
                useful.add(name)
                queue.append(name)
    return frozenset(steps.keys() - useful)


def _needed(step: Step) -> list[str]:
    return [need.step for need in (*step.needs, *(need for group in step.needs_any for need in group))]
