"""Demands: what somebody asks of every plan, each of which could be given up, and what a problem is without some of
them.

Costs, effects, durations and needs are how things are; milestones, pins, budgets, capacities and appetites are what is
wanted.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from stepladder.data.demand_names import Fields, appetite_name, dates_name, exceedance_name, limit_name
from stepladder.data.formats.achieved import Achievement
from stepladder.data.formats.context import Milestone
from stepladder.data.formats.problem import MONEY, Problem, Step

DemandKind = Literal["milestone", "step", "budget", "team", "appetite", "parallel", "excludes", "achievement", "past"]
#: Demands that others share: what there is to be used.
LIMITS = ("budget", "team", "parallel")


@dataclass(frozen=True)
class Demand:
    """One demand.

    Attributes
    ----------
    kind
        milestone; step: a date or a must of one step; budget; team: a capacity; appetite; parallel: steps at once;
        excludes; achievement: one that must hold by a date; past: what has happened, which nobody can give up.
    name
        In words.
    at
        Where it stands: file, line and column; empty where nobody knows.
    steps
        What it says of steps, by id: ``required``, ``earliest``, ``latest_finish``, ``start``.
    windows, appetite, exceedance, excludes
        The indices in the problem that are its own.
    date
        Of a milestone.
    achievements
        The last period from which achievements must hold, by id.
    pointer
        Where it stands in a problem or plan in plain numbers, as a JSON pointer; empty where it was read elsewhere.
    """

    kind: DemandKind
    name: str
    at: str
    steps: Mapping[str, Fields] = field(default_factory=dict)
    windows: tuple[int, ...] = ()
    appetite: tuple[int, ...] = ()
    exceedance: tuple[int, ...] = ()
    excludes: tuple[int, ...] = ()
    date: datetime.date | None = None
    achievements: Mapping[str, int] = field(default_factory=dict)
    pointer: str = ""


def demands_of(
    problem: Problem,
    milestones: Sequence[Milestone] = (),
    past: Mapping[str, Fields] | None = None,
    written: Mapping[str, str] | None = None,
    teams: Mapping[str, str] | None = None,
) -> list[Demand]:
    """The demands of a problem in plain numbers: limits by resource; dates step by step, but for those that milestones
    ask for.

    Parameters
    ----------
    problem
        The problem.
    milestones
        What is known of its milestones, as a plan keeps them.
    past
        What is so because it has happened, by step.
    written
        In which file and line its numbers were written, by JSON pointer, as far as that is known.
    teams
        Titles of those that have one, by id.
    """
    known_at = written or {}
    demands = [Demand("past", "what has happened", "", dict(past))] if past else []
    due = [_milestone(problem, k, milestone, past or {}) for k, milestone in enumerate(milestones)]
    demands += [demand for demand in due if demand.steps or demand.achievements]
    for k, step in enumerate(problem.steps):
        known = [demand.steps[step.id] for demand in demands if step.id in demand.steps]
        fields = _left(step, known)
        if fields:
            name = f"{step.name}: {dates_name([period.label for period in problem.periods], fields)}"
            at = known_at.get(f"/steps/{k}/latest_finish", "") if "latest_finish" in fields else ""
            demands.append(Demand("step", name, at, {step.id: fields}, pointer=f"/steps/{k}"))
    for k, achievement in enumerate(problem.achievements):
        asked = min(
            (demand.achievements.get(achievement.id, problem.horizon) for demand in due), default=problem.horizon
        )
        if achievement.by is not None and achievement.by < asked:
            name = f"{achievement.name}: reached by {problem.periods[achievement.by].label}"
            by = {achievement.id: achievement.by}
            at, pointer = known_at.get(f"/achievements/{k}/by", ""), f"/achievements/{k}"
            demands.append(Demand("achievement", name, at, achievements=by, pointer=pointer))
    for demand in limits_of(
        problem, teams or {}, lambda kind, k: f"/{kind}" if kind == "max_parallel" else f"/{kind}/{k}"
    ):
        at = known_at.get(f"{demand.at}/limit", "")
        demands.append(replace(demand, at=at, pointer=demand.at))
    return demands


def _left(step: Step, known: Sequence[Fields]) -> dict[str, Any]:
    """What is demanded of a step beyond what is known already."""
    fields: dict[str, Any] = {}
    if step.required and not any(fields.get("required") for fields in known):
        fields["required"] = True
    if step.earliest > max([0, *(fields.get("earliest") or 0 for fields in known)]):
        fields["earliest"] = step.earliest
    ends = [fields["latest_finish"] for fields in known if fields.get("latest_finish") is not None]
    if step.latest_finish is not None and step.latest_finish < min([step.latest_finish + 1, *ends]):
        fields["latest_finish"] = step.latest_finish
    if step.start is not None and not any(fields.get("start") is not None for fields in known):
        fields["start"] = step.start
    return fields


def _milestone(problem: Problem, k: int, milestone: Milestone, past: Mapping[str, Fields]) -> Demand:
    """A milestone as a demand of those of its steps that the problem asks for by then."""
    last = problem.last_by(milestone.date)
    settled = {name for name, fields in past.items() if fields.get("start") is not None}
    asked = {
        step.id
        for step in problem.steps
        if step.required and step.latest_finish is not None and step.latest_finish <= last
    } - settled
    fields = {"required": True, "latest_finish": last}
    return Demand(
        "milestone",
        milestone.title,
        "",
        {name: fields for name in milestone.steps if name in asked},
        date=milestone.date,
        achievements={
            achievement.id: last
            for achievement in problem.achievements
            if achievement.id in milestone.achievements and achievement.by is not None and achievement.by <= last
        },
        pointer=f"/context/milestones/{k}",
    )


def limits_of(problem: Problem, titles: Mapping[str, str], at: Callable[[str, int], str]) -> Iterator[Demand]:
    """The demands that are not about single steps.

    Parameters
    ----------
    problem
        The problem.
    titles
        Of teams, by id.
    at
        Where the k-th of ``windows``, ``appetite``, ``exceedance`` or ``excludes`` stands, or ``max_parallel``.
    """
    for resource in dict.fromkeys(window.resource for window in problem.windows):
        mine = tuple(k for k, window in enumerate(problem.windows) if window.resource == resource)
        name = limit_name(resource, titles.get(resource) or resource)
        yield Demand("budget" if resource in MONEY else "team", name, at("windows", mine[0]), windows=mine)
    for k in range(len(problem.appetite)):
        yield Demand("appetite", appetite_name(problem, k), at("appetite", k), appetite=(k,))
    for k, tail in enumerate(problem.exceedance):
        yield Demand("appetite", exceedance_name(problem, tail), at("exceedance", k), exceedance=(k,))
    if problem.max_parallel is not None:
        yield Demand(
            "parallel",
            f"at most {problem.max_parallel:,} step{'' if problem.max_parallel == 1 else 's'} in work at once",
            at("max_parallel", 0),
        )
    for k, (one, other) in enumerate(problem.excludes):
        yield Demand("excludes", f"not both {one} and {other}", at("excludes", k), excludes=(k,))


def without(problem: Problem, demands: Sequence[Demand], dropped: Iterable[Demand]) -> Problem:
    """The problem as it is when some of its demands are given up.

    Parameters
    ----------
    problem
        The problem.
    demands
        All its demands.
    dropped
        Those of them that do not count.
    """
    gone = {id(demand) for demand in dropped}
    kept = [demand for demand in demands if id(demand) not in gone]
    lost = [demand for demand in demands if id(demand) in gone]
    windows, appetite, exceedance, excludes = (
        {k for demand in lost for k in getattr(demand, name)}
        for name in ("windows", "appetite", "exceedance", "excludes")
    )
    free = any(demand.kind == "parallel" for demand in lost)
    return dated(problem, {name for demand in lost for name in demand.steps}, kept).model_copy(
        update={
            "windows": tuple(window for k, window in enumerate(problem.windows) if k not in windows),
            "appetite": tuple(cap for k, cap in enumerate(problem.appetite) if k not in appetite),
            "exceedance": tuple(cap for k, cap in enumerate(problem.exceedance) if k not in exceedance),
            "excludes": tuple(pair for k, pair in enumerate(problem.excludes) if k not in excludes),
            **({"max_parallel": None, "max_parallel_by_period": ()} if free else {}),
        }
    )


def dated(problem: Problem, names: Collection[str], demands: Sequence[Demand]) -> Problem:
    """The problem in which of these steps, and of all achievements, only so much is asked as these demands say."""
    by_step: dict[str, list[Fields]] = {name: [] for name in names}
    for demand in demands:
        for name in demand.steps.keys() & by_step.keys():
            by_step[name].append(demand.steps[name])
    steps = tuple(_dated(step, by_step[step.id]) if step.id in by_step else step for step in problem.steps)
    achievements = tuple(_due(achievement, demands) for achievement in problem.achievements)
    return problem.model_copy(update={"steps": steps, "achievements": achievements})


def _due(achievement: Achievement, demands: Sequence[Demand]) -> Achievement:
    """The achievement with the earliest date that the remaining demands name."""
    dates = [demand.achievements[achievement.id] for demand in demands if achievement.id in demand.achievements]
    return achievement.model_copy(update={"by": min(dates, default=None)})


def _dated(step: Step, dates: Sequence[Fields]) -> Step:
    """The step with what the remaining demands say of it."""
    ends = [fields["latest_finish"] for fields in dates if fields.get("latest_finish") is not None]
    starts = [fields["start"] for fields in dates if fields.get("start") is not None]
    return step.model_copy(
        update={
            "required": any(fields.get("required", False) for fields in dates),
            "earliest": max([0, *(fields.get("earliest") or 0 for fields in dates)]),
            "latest_finish": min(ends, default=None),
            "start": starts[-1] if starts else None,
        }
    )
