"""What a plan says beside its numbers, held against them: milestones, fiscal years, levels, and where the numbers were
written.

None of it is a rule of planning, but all of it is shown to people. Like the verifier, of which it is a part, it imports
errors and data only.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Set
from typing import NamedTuple

from stepladder.data.formats.context import Context, Milestone
from stepladder.data.formats.plan import FIRST_FORMAT, Plan
from stepladder.data.formats.problem import Problem, Step
from stepladder.errors import Fault

#: Origins of a date that no milestone asks for have such an end.
DATE = "latest_finish"


def due(problem: Problem, date: datetime.date) -> int | None:
    """The last period that ends on or before a date; None where there is none, or the date lies after the horizon."""
    ends = [period.end for period in problem.periods]
    if ends[-1] is None or date > ends[-1]:
        return None
    return max((t for t, end in enumerate(ends) if end is not None and end <= date), default=None)


class Unexplained(NamedTuple):
    """A step whose last period is not what a milestone says, or, without a milestone, what anything says."""

    number: int
    step: Step
    milestone: Milestone | None

    def words(self, problem: Problem) -> str:
        """What is wrong."""
        if self.milestone is not None:
            return (
                f"the milestone {self.milestone.title!r} asks for {self.step.id} by {self.milestone.date}, and the"
                " problem does not"
            )
        end = problem.periods[self.step.latest_finish or 0].end
        return f"{self.step.id} must be finished by {end}, and no milestone and nothing else says so"


def unexplained(problem: Problem, context: Context) -> Iterator[Unexplained]:
    """Every such step; those aside that are what they are already, and those of whose date something else says where
    it is from.
    """
    if any(period.end is None for period in problem.periods):
        return
    steps = problem.steps_by_id()
    asked = [(milestone, due(problem, milestone.date)) for milestone in context.milestones]
    by_step: dict[str, list[tuple[Milestone, int | None, bool]]] = {}
    told = {step.id for k, step in enumerate(problem.steps) if f"/steps/{k}/{DATE}" in context.origins}
    for milestone, period in asked:
        kept = _kept(steps, milestone, period, told)
        for name in milestone.steps:
            by_step.setdefault(name, []).append((milestone, period, name in kept))
    for k, step in enumerate(problem.steps):
        if step.id in told or step.start is not None:
            continue
        mine = by_step.get(step.id, [])
        yield from (Unexplained(k, step, milestone) for milestone, _, kept in mine if not kept)
        if step.latest_finish is not None and all(period != step.latest_finish for _, period, _ in mine):
            yield Unexplained(k, step, None)


def _kept(steps: Mapping[str, Step], milestone: Milestone, period: int | None, told: Set[str]) -> set[str]:
    """The steps of a milestone that the problem demands by then, or of which it is told why not, and those that lead
    to them.
    """
    queue = [name for name in milestone.steps if name in steps and (name in told or _demanded(steps[name], period))]
    names = set()
    while queue:
        name = queue.pop()
        if name not in names:
            names.add(name)
            queue += [need.step for need in steps[name].needs]
    return names


def _demanded(step: Step, period: int | None) -> bool:
    """Whether a step must be finished by a period, or is what it is already."""
    return step.start is not None or (
        step.required and period is not None and step.latest_finish is not None and step.latest_finish <= period
    )


class Late(NamedTuple):
    """An achievement that the problem asks for after the date of a milestone that names it."""

    number: int
    achievement: str
    words: str


def late_achievements(problem: Problem, context: Context, missed: Set[str | None] = frozenset()) -> Iterator[Late]:
    """Every such achievement, those of milestones that are missed aside, and those of whose date something else says
    where it is from.
    """
    for milestone in context.milestones:
        period = due(problem, milestone.date)
        for k, item in enumerate(problem.achievements):
            told = f"/achievements/{k}/by" in context.origins or milestone.name in missed
            named = item.id in milestone.achievements and item.by is not None and period is not None
            if named and not told and (item.by or 0) > (period or 0):
                words = (
                    f"the milestone {milestone.title!r} asks for {item.id} by {milestone.date}, and the problem later"
                )
                yield Late(k, item.id, words)


def milestones(plan: Plan) -> Iterator[Fault]:
    """Faults of milestones: their steps and their dates against the dates of the problem's steps."""
    problem, context = plan.problem, plan.context
    if context is None:
        return
    steps = problem.steps_by_id()
    for milestone in context.milestones:
        yield from _own_faults(problem, steps, milestone)
    for late in late_achievements(problem, context, {miss.milestone for miss in plan.missed}):
        yield Fault("milestones", late.achievement, late.words)
    for demand in unexplained(problem, context):
        # A plan of format 1 does not say where a date that no milestone asks for is from.
        if plan.format != FIRST_FORMAT or demand.milestone is not None:
            yield Fault("milestones", demand.step.id, demand.words(problem))


def _own_faults(problem: Problem, steps: Mapping[str, Step], milestone: Milestone) -> Iterator[Fault]:
    title, named = milestone.title, set(milestone.steps)
    if len(named) < len(milestone.steps):
        yield Fault("milestones", title, f"the milestone {title!r} names a step twice")
    for name in sorted(named - set(steps)):
        yield Fault("milestones", title, f"the milestone {title!r} names {name}, which is not a step of the problem")
    for name in sorted(named & set(steps)):
        for need in steps[name].needs:
            if need.step not in named:
                yield Fault(
                    "milestones", title, f"the milestone {title!r} names {name} and not {need.step}, which it needs"
                )
    asked = {item.id: item.by for item in problem.achievements}
    for name in milestone.achievements:
        if asked.get(name) is None:
            message = f"the milestone {title!r} names {name}, and the problem does not ask for it"
            yield Fault("milestones", title, message)
    if problem.periods[-1].end is not None and due(problem, milestone.date) is None:
        yield Fault(
            "milestones",
            title,
            f"the milestone {title!r} has the date {milestone.date}, by which no period of the horizon ends, or all"
            " have",
        )


def context_faults(plan: Plan) -> Iterator[Fault]:
    """Faults of what else stands beside the numbers: fiscal years, levels, steps and origins."""
    context = plan.context
    yield from _calendar(plan.problem)
    if context is None:
        return
    yield from _years(plan.problem, context)
    yield from _levels(context)
    yield from _steps(plan.problem, context)
    for pointer in context.origins:
        if not points(plan.problem, pointer):
            yield Fault("context", pointer, f"the origin {pointer!r} leads to nothing in the problem")


def _calendar(problem: Problem) -> Iterator[Fault]:
    """Where periods have dates, one begins on the day after the one before it has ended."""
    day = datetime.timedelta(days=1)
    for t, period in enumerate(problem.periods):
        before = problem.periods[t - 1].end if t else None
        if period.start is not None and period.end is not None and period.end < period.start:
            yield Fault("context", period.label, f"{period.label} ends on {period.end}, before it begins")
        if period.start is not None and before is not None and period.start != before + day:
            yield Fault(
                "context",
                period.label,
                f"{period.label} begins on {period.start}, and the period before it ends on {before}",
            )


def _years(problem: Problem, context: Context) -> Iterator[Fault]:
    after = 0
    for year in context.years:
        if year.from_ != after or year.to < year.from_:
            yield Fault(
                "context",
                year.label,
                f"the year {year.label} has the periods {year.from_} to {year.to}, and {after} is the next",
            )
        after = year.to + 1
    if context.years and after != problem.horizon:
        yield Fault(
            "context", "years", f"the years end with period {after - 1}, and the horizon with {problem.horizon - 1}"
        )


def _levels(context: Context) -> Iterator[Fault]:
    seen: set[str] = set()
    for parameter in context.parameters:
        if parameter.id in seen:
            yield Fault("context", parameter.id, f"{parameter.id} is listed twice")
        seen.add(parameter.id)
        for level in (parameter.current, parameter.target):
            if str(level) not in parameter.levels:
                yield Fault("context", parameter.id, f"{parameter.id} has no level {level}")


def _steps(problem: Problem, context: Context) -> Iterator[Fault]:
    known, parameters = (
        {step.id for step in problem.steps},
        {parameter.id: parameter for parameter in context.parameters},
    )
    for name, entry in context.steps.items():
        parameter = parameters.get(entry.parameter)
        if name not in known:
            yield Fault("context", name, f"{name} is not a step of the problem")
        elif name != f"{entry.parameter}.{entry.level}":
            yield Fault("context", name, f"{name} is said to be level {entry.level} of {entry.parameter}")
        elif parameter is not None and str(entry.level) not in parameter.levels:
            yield Fault("context", name, f"{entry.parameter} has no level {entry.level}")
        if entry.implied_by is not None and entry.implied_by not in known:
            yield Fault(
                "context",
                name,
                f"{name} is said to be implied by {entry.implied_by}, which is not a step of the problem",
            )


def points(problem: Problem, pointer: str) -> bool:
    """Whether a JSON pointer leads to something in the problem."""
    value: object = problem
    for part in pointer.split("/")[1:]:
        if isinstance(value, Mapping):
            name = part.replace("~1", "/").replace("~0", "~")
            inside, value = name in value, value.get(name)
        elif isinstance(value, tuple):
            inside = part.isdecimal() and int(part) < len(value)
            value = value[int(part)] if inside else None
        else:
            inside, value = part in getattr(type(value), "model_fields", {}), getattr(value, part, None)
        if not inside:
            return False
    return pointer.startswith("/")
