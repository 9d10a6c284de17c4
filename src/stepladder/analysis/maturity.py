"""Levels over time: where each parameter stands today, at the end of each year, with everything in place, and where
it is wanted.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from stepladder.data.formats.context import Parameter
from stepladder.data.formats.places import Year
from stepladder.data.formats.plan import Plan


@dataclass(frozen=True)
class Levels:
    """One parameter.

    Attributes
    ----------
    parameter
        With its level before anything of the plan was done, and the one that is wanted.
    now
        The level today.
    by_year
        The level at the end of each year of the horizon.
    planned
        The level with everything in place that is planned.
    """

    parameter: Parameter
    now: int
    by_year: tuple[int, ...]
    planned: int


def years_of(plan: Plan) -> tuple[Year, ...]:
    """Fiscal years as far as they are known; whatever period they leave out stands alone."""
    years = list(plan.context.years) if plan.context else []
    periods = {t for year in years for t in range(year.from_, min(year.to, plan.problem.horizon - 1) + 1)}
    alone = [
        Year.model_validate({"label": period.label, "from": t, "to": t})
        for t, period in enumerate(plan.problem.periods)
        if t not in periods
    ]
    return tuple(sorted([*years, *alone], key=lambda year: year.from_))


def level_at(plan: Plan) -> Callable[[Parameter, int], int]:
    """How to find the level of a parameter at the end of a period, with what is finished until then: −1 for the time
    before the first.
    """
    durations = {step.id: step.duration for step in plan.problem.steps}
    reached: dict[str, list[tuple[int, int]]] = {}
    for name, start in plan.starts.items():
        entry = plan.context.steps.get(name) if plan.context else None
        if entry is not None:
            reached.setdefault(entry.parameter, []).append((start + durations[name] - 1, entry.level))

    def level(parameter: Parameter, last: int) -> int:
        """The level that a parameter has when period ``last`` ends."""
        # An assessment may have found more than the steps that were done had reached.
        known = (raised for finish, raised in reached.get(parameter.id, ()) if finish <= last)
        return max(parameter.current, max(known, default=parameter.current))

    return level


def maturity(plan: Plan) -> tuple[Levels, ...]:
    """Every parameter that the plan knows of, in the order of the plan; none of a bare problem."""
    if plan.context is None:
        return ()
    level, ends = level_at(plan), [year.to for year in years_of(plan)]
    return tuple(
        Levels(
            parameter,
            level(parameter, plan.now - 1),
            tuple(level(parameter, end) for end in ends),
            level(parameter, plan.problem.horizon),
        )
        for parameter in plan.context.parameters
    )
