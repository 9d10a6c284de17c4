"""Deadlines that can no longer be met: by how little each is missed, one after the other in the order of their
dates, and what is proved of that.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stepladder.analysis.rebase import Rebased
from stepladder.data.demand import Demand, dated, demands_of
from stepladder.data.formats.achieved import Achievement
from stepladder.data.formats.context import Milestone
from stepladder.data.formats.past import Missed
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import steps_in
from stepladder.data.formats.problem import Problem
from stepladder.data.reached import reached
from stepladder.optimise import Options
from stepladder.optimise.search.elastic import Budget, any_plan
from stepladder.solution.beside import due
from stepladder.solution.verify import broken_rules

Starts = Mapping[str, int]


@dataclass(frozen=True)
class _Deadline:
    """Steps that must be finished, and achievements reached, by the end of a period, −1 for one before the first; whose
    demand that is, and what has become of it already.

    Attributes
    ----------
    demand
        What is asked of the steps that can still be decided; None where all of them are settled.
    milestone
        None for a step's own date.
    period
        When they are due.
    reached
        The latest end of its steps that are done or running; −1 where there are none.
    """

    demand: Demand | None
    milestone: Milestone | None
    period: int
    reached: int

    @property
    def soonest(self) -> int:
        """Nothing that can still be decided changes that it is met no sooner; its date where that is later."""
        return max(self.period, self.reached)

    def missed(self, problem: Problem, earliest: int, *, proved: bool) -> Missed:
        """What a plan says of it."""
        label = problem.periods[earliest].label
        if self.milestone is not None:
            return Missed(milestone=self.milestone.name, by=self.milestone.date, earliest=label, proved=proved)
        # A step's own date is a demand of that one step, and lies within the horizon.
        assert self.demand is not None
        (step,) = self.demand.steps
        return Missed(milestone=None, step=step, by=problem.periods[self.period].end, earliest=label, proved=proved)


def as_promised(plan: Plan) -> Problem:
    """The question of a plan as it was asked: steps that have begun without what became of them, and the dates that
    its missed deadlines had, since whether they are missed by as much is asked anew.
    """
    problem = plan.problem
    labels = [period.label for period in problem.periods]
    steps = {**problem.steps_by_id(), **plan.asked}
    milestones = {milestone.name: milestone for milestone in plan.milestones}
    for miss in plan.missed:
        names = (
            [miss.step] if miss.step else [*milestones[miss.milestone].steps] if miss.milestone in milestones else []
        )
        first = due(problem, miss.by) if miss.by else None
        for name in names:
            step = steps.get(name)
            if (
                step is not None
                and step.required
                and step.latest_finish is not None
                and step.latest_finish <= labels.index(miss.earliest)
            ):
                steps[name] = step.model_copy(
                    update={"latest_finish": min(step.latest_finish, 0 if first is None else first)}
                )
    return problem.model_copy(
        update={
            "steps": tuple(steps.values()),
            "achievements": tuple(_promised(plan, item) for item in problem.achievements),
        }
    )


def _promised(plan: Plan, achievement: Achievement) -> Achievement:
    """The achievement with the date that it had before it was missed."""
    problem = plan.problem
    labels = [period.label for period in problem.periods]
    milestones = {milestone.name: milestone for milestone in plan.milestones}
    by = achievement.by
    for miss in plan.missed:
        milestone = milestones.get(miss.milestone or "")
        if by is not None and milestone is not None and achievement.id in milestone.achievements and miss.by:
            by = min(by, due(problem, miss.by) or 0) if by <= labels.index(miss.earliest) else by
    return achievement.model_copy(update={"by": by})


def overtaken(rebased: Rebased, milestones: Sequence[Milestone]) -> Rebased:
    """The question in which a deadline that what is done or running misses already asks no more of the others than
    to be there with it.
    """
    dates = _Dates(rebased, milestones)
    late = [deadline for deadline in dates.found if deadline.reached > deadline.period]
    if not late:
        return rebased
    known = tuple(deadline.missed(rebased.problem, deadline.soonest, proved=True) for deadline in late)
    return replace(rebased, problem=dates.asked([deadline.soonest for deadline in dates.found]), missed=known)


def least_late(rebased: Rebased, milestones: Sequence[Milestone], options: Options) -> Rebased | None:
    """The question in which every deadline has the earliest date that can be kept, those before it kept as early as
    they can.

    Whatever else is asked stays as it is.

    Parameters
    ----------
    rebased
        The question as it stands, which has no plan.
    milestones
        Its milestones.
    options
        Seconds for all of it; units of work for each search.

    Returns
    -------
    None where there is no plan however late they are met, or none was found in time.
    """
    dates, budget = _Dates(rebased, milestones), Budget(options)
    periods: list[int | None] = [None] * len(dates.found)
    starts = _plan(dates.asked(periods), budget)[0]
    if not dates.found or starts is None:
        return None
    missed: list[Missed] = []
    for k in sorted(range(len(periods)), key=lambda k: (dates.found[k].period, k)):
        earliest, proved, starts = _earliest(dates, k, periods, starts, budget)
        periods[k] = earliest
        if earliest > dates.found[k].period:
            missed.append(dates.found[k].missed(rebased.problem, earliest, proved=proved))
    return replace(rebased, problem=dates.asked(periods), missed=tuple(missed)) if missed else None


def _earliest(
    dates: _Dates, k: int, periods: Sequence[int | None], starts: Starts, budget: Budget
) -> tuple[int, bool, Starts]:
    """When a deadline can be kept at the earliest, whether that is proved, and a plan that keeps it; ``starts`` is
    one with the others' periods.
    """
    soonest, high, proved = dates.found[k].soonest, dates.end(k, starts), True
    low = soonest
    while low < high:
        # First whether it can be kept at all; then by halves.
        middle = low if low == soonest else (low + high) // 2
        answer, none = _plan(dates.asked([*periods[:k], middle, *periods[k + 1 :]]), budget)
        if answer is not None:
            high, starts = dates.end(k, answer), answer
        else:
            low, proved = middle + 1, proved and none
    return high, proved, starts


def _plan(problem: Problem, budget: Budget) -> tuple[Starts | None, bool]:
    """Some plan, if one was found; and whether it is proved that there is none."""
    answer = any_plan(problem, budget)
    starts = None if answer.starts is None or broken_rules(problem, answer.starts) else answer.starts
    return starts, answer.low is None


class _Dates:
    """Every date by which steps must be done: of milestones, then of steps for themselves."""

    def __init__(self, rebased: Rebased, milestones: Sequence[Milestone]) -> None:
        self.rebased = rebased
        self.demands = demands_of(rebased.problem, milestones, rebased.past)
        self.durations = {step.id: step.duration for step in rebased.problem.steps}
        self.found = [*self._of_milestones(milestones), *self._of_steps()]

    def asked(self, periods: Sequence[int | None]) -> Problem:
        """The question in which they have these periods; None for the end of the horizon."""
        new = {
            id(deadline.demand): _moved(deadline.demand, t, self.rebased.problem.horizon - 1)
            for deadline, t in zip(self.found, periods, strict=True)
            if deadline.demand is not None
        }
        names = {name for demand in new.values() for name in demand.steps}
        return dated(self.rebased.problem, names, [new.get(id(demand), demand) for demand in self.demands])

    def end(self, k: int, starts: Starts) -> int:
        """When a plan keeps one of them."""
        deadline = self.found[k]
        names = deadline.demand.steps if deadline.demand is not None else ()
        since = self._since(starts)
        achieved = (since[name] for name in (deadline.demand.achievements if deadline.demand is not None else ()))
        return max([deadline.soonest, *(starts[name] + self.durations[name] - 1 for name in names), *achieved])

    def _since(self, starts: Starts) -> dict[str, int]:
        """From when each achievement holds that does."""
        done = {name: start + self.durations[name] - 1 for name, start in steps_in(starts).items()}
        return reached(self.rebased.problem, done)

    def _of_milestones(self, milestones: Sequence[Milestone]) -> Iterator[_Deadline]:
        problem = self.rebased.problem
        settled = {
            step.id: step.start for step in problem.steps if step.id in self.rebased.settled and step.start is not None
        }
        own = {demand.pointer: demand for demand in self.demands if demand.kind == "milestone"}
        for k, milestone in enumerate(milestones):
            mine = own.get(f"/context/milestones/{k}")
            period = problem.last_by(milestone.date)
            since = self._since(settled)
            there = [settled[name] + self.durations[name] - 1 for name in milestone.steps if name in settled]
            there += [since[name] for name in milestone.achievements if name in since]
            if mine is not None or (
                settled.keys() >= set(milestone.steps) and since.keys() >= set(milestone.achievements)
            ):
                yield _Deadline(mine, milestone, period, max([-1, *there]))

    def _of_steps(self) -> Iterator[_Deadline]:
        required = {step.id for step in self.rebased.problem.steps if step.required}
        for demand in self.demands:
            ends = [
                fields["latest_finish"]
                for name, fields in demand.steps.items()
                if name in required and fields.get("latest_finish") is not None
            ]
            if demand.kind == "step" and ends:
                yield _Deadline(demand, None, min(ends), -1)


def _moved(demand: Demand, period: int | None, last: int) -> Demand:
    steps = {name: {**fields, "latest_finish": period} for name, fields in demand.steps.items()}
    achievements = dict.fromkeys(demand.achievements, last if period is None else period)
    return replace(demand, steps=steps, achievements=achievements)
