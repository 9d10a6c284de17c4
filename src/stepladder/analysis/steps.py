"""What each planned step is there for: what it removes, what it unlocks, which milestones it serves."""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING

from stepladder.data.formats.achieved import counting
from stepladder.data.formats.context import Milestone
from stepladder.data.formats.problem import Problem, Step
from stepladder.data.objective import objective_of
from stepladder.evaluate import alone, losses

if TYPE_CHECKING:
    from stepladder.data.formats.past import StepState
    from stepladder.data.formats.plan import Plan


@dataclass(frozen=True)
class Removal:
    """What a step, alone and at today's levels, takes off one threat.

    Attributes
    ----------
    threat, title
        Id and title of the threat.
    share
        1 − factor.
    per_year
        The same in currency per year, at today's expected loss.
    """

    threat: str
    title: str
    share: float
    per_year: float


@dataclass(frozen=True)
class StepFacts:
    """One planned step and why it stands where it stands.

    Attributes
    ----------
    step
        The step as the problem states it.
    title
        Its title, or its id when it has none.
    start, finish
        First and last period of work.
    removes
        What it takes off each threat, the most first: at today's levels, or at those before the plan where it is not
        open any more.
    direct
        Planned steps that need it directly, by start.
    milestones
        The milestones it leads to, by date.
    missed
        Of these the dates that are missed.
    owner, implied_by, system
        From the context; None where nothing is said, or what asked for the step is not planned itself.
    once
        What it costs once in all, as far as it is known by now.
    state
        Whether it is open, running or done.
    points
        What it is worth for a year in place, where points are what the plan is made for; else None.
    towards
        Titles of the achievements that it counts towards, of those that are asked for, needed or worth something.
    """

    step: Step
    title: str
    start: int
    finish: int
    removes: tuple[Removal, ...]
    direct: tuple[str, ...]
    milestones: tuple[Milestone, ...]
    owner: str | None
    implied_by: str | None
    system: str | None
    reached: Callable[[str], tuple[str, ...]] = field(compare=False, repr=False)
    once: float = 0.0
    state: StepState = "open"
    missed: tuple[datetime.date, ...] = ()
    points: float | None = None
    towards: tuple[str, ...] = ()

    @cached_property
    def unlocks(self) -> tuple[str, ...]:
        """Planned steps that need it, directly or through others, by start. Looked for when asked: in a long chain
        they are many for each.
        """
        return self.reached(self.step.id)

    @property
    def per_year_removed(self) -> float:
        """Expected loss per year that it removes by itself at today's levels, all threats together."""
        return math.fsum(removal.per_year for removal in self.removes)

    @property
    def use(self) -> float:
        """What it does by itself for what the plan is made for: its points where these count, else the loss that it
        removes.
        """
        return self.per_year_removed if self.points is None else self.points


def titles(problem: Problem) -> dict[str, str]:
    """Title of every step, or its id."""
    return {step.id: step.name for step in problem.steps}


def today(plan: Plan) -> dict[str, float]:
    """Expected loss per year of each threat with what is in place in the first period that can still be decided."""
    if plan.as_of is None:
        return {threat.id: threat.expected_loss_per_year for threat in plan.problem.threats}
    return {name: by_time[plan.now] for name, by_time in losses(plan.problem, plan.begun).items()}


def removals(
    problem: Problem, levels: Mapping[str, float] | None = None, steps: Collection[str] | None = None
) -> dict[str, tuple[Removal, ...]]:
    """By step, of these or of all, what it takes off each threat by itself, the most first.

    Parameters
    ----------
    problem
        The problem.
    levels
        Expected loss per year by threat; today's where it is not given.
    steps
        Ids of the steps that are wanted.
    """
    by_step: dict[str, list[Removal]] = {step.id: [] for step in problem.steps if steps is None or step.id in steps}
    for threat, name, amount in alone(problem, levels):
        if threat.factors[name] < 1 and name in by_step:
            by_step[name].append(Removal(threat.id, threat.name, 1 - threat.factors[name], amount))
    return {
        name: tuple(sorted(removed, key=lambda removal: (-removal.per_year, -removal.share, removal.threat)))
        for name, removed in by_step.items()
    }


def dependencies(problem: Problem, starts: Mapping[str, int]) -> list[tuple[str, str]]:
    """Edges (a, b) between planned steps: a could not stand where it stands without b.

    Of a ``needs_any`` group that is the one member that meets it, if just one does.
    """
    steps = problem.steps_by_id()

    def met(name: str, need: str, lag: int) -> bool:
        """Whether a planned step begins ``lag`` periods or more after another one is finished."""
        return need in starts and starts[name] >= steps[need].finish(starts[need]) + lag

    edges = []
    for name in starts:
        edges += [(name, need.step) for need in steps[name].needs if need.step in starts]
        for group in steps[name].needs_any:
            meeting = sorted({need.step for need in group if met(name, need.step, need.lag)})
            # Steps of one period may lean on each other; only what came earlier unlocks.
            if len(meeting) == 1 and starts[meeting[0]] < starts[name]:
                edges.append((name, meeting[0]))
    return edges


def _wanted(plan: Plan) -> list[tuple[str, frozenset[str]]]:
    """Title, and the steps that count, of each achievement that is asked for, needed or worth something."""
    problem, counts = plan.problem, objective_of(plan.problem).points
    named = {need.achievement for step in problem.steps for need in step.needs_achievements}
    named |= {item.id for item in (plan.context.achievements if plan.context else ()) if item.asked}
    named |= {item.id for item in problem.achievements if item.by is not None or (counts and item.points_per_year)}
    if plan.context and plan.context.achievements:
        # A choice that only a step's needs speak of is nobody's achievement.
        named &= {item.id for item in plan.context.achievements}
    inside = counting(problem.achievements)
    return [(item.name, inside[item.id]) for item in problem.achievements if item.id in named]


def facts(plan: Plan) -> dict[str, StepFacts]:
    """Every planned step, by start and then in the order of the problem."""
    from stepladder import graph

    problem, context = plan.problem, plan.context
    rank = {step.id: (plan.starts[step.id], k) for k, step in enumerate(problem.steps) if step.id in plan.starts}
    edges = dependencies(problem, plan.starts)
    direct = graph.neighbours((b, a) for a, b in dict.fromkeys(edges))

    def reached(name: str) -> tuple[str, ...]:
        """Every planned step that leans on this one, directly or not, by start."""
        return tuple(sorted(graph.below(name, direct), key=rank.__getitem__))

    counts = objective_of(problem).points
    removed = removals(problem, None, plan.starts)
    removes = removed if plan.as_of is None else removals(problem, today(plan), plan.starts)
    names = titles(problem)
    steps = problem.steps_by_id()
    served = [(milestone, frozenset(milestone.steps)) for milestone in (context.milestones if context else ())]
    achievements = _wanted(plan)
    systems = {parameter.id: parameter.system for parameter in context.parameters} if context else {}
    by_step = {}
    for name in sorted(rank, key=lambda name: rank[name]):
        step, start = steps[name], plan.starts[name]
        entry = context.steps.get(name) if context else None
        by_step[name] = StepFacts(
            step=step,
            title=names[name],
            start=start,
            finish=step.finish(start),
            removes=(removes if plan.state(name) == "open" else removed)[name],
            direct=tuple(sorted(direct.get(name, ()), key=lambda other: rank[other])),
            milestones=tuple(milestone for milestone, inside in served if name in inside),
            owner=entry.owner if entry else None,
            implied_by=entry.implied_by if entry and entry.implied_by in plan.starts else None,
            system=systems.get(entry.parameter) if entry else name.partition("/")[0] if "/" in name else None,
            once=plan.once(step),
            state=plan.state(name),
            missed=tuple(
                milestone.date
                for milestone, inside in served
                if name in inside and plan.missed_of(milestone) is not None
            ),
            reached=reached,
            points=step.points_per_year if counts else None,
            towards=tuple(title for title, inside in achievements if name in inside),
        )
    return by_step
