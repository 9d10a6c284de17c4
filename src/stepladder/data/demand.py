"""Demands: what somebody asks of every plan, each of which could be given up, and what a problem is without some of them.

Costs, effects, durations and needs are how things are; milestones, pins, budgets, capacities and appetites are what is wanted.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from stepladder.data.problem import MONEY, Problem, Step

Kind = Literal["milestone", "step", "budget", "team", "appetite", "parallel", "excludes"]
Fields = Mapping[str, Any]


@dataclass(frozen=True)
class Demand:
    """One demand.

    Attributes
    ----------
    kind
        milestone; step: a date or a must of one step; budget; team: a capacity; appetite; parallel: steps at once; excludes.
    name
        In words.
    at
        Where it stands: file, line and column, or a JSON pointer into the problem.
    steps
        What it says of steps, by id: ``required``, ``earliest``, ``latest_finish``, ``start``.
    windows, appetite, excludes
        The indices in the problem that are its own.
    date
        Of a milestone.
    """

    kind: Kind
    name: str
    at: str
    steps: Mapping[str, Fields] = field(default_factory=dict)
    windows: tuple[int, ...] = ()
    appetite: tuple[int, ...] = ()
    excludes: tuple[int, ...] = ()
    date: datetime.date | None = None


def demands_of(problem: Problem) -> list[Demand]:
    """The demands of a problem in plain numbers: nobody says what belongs together, so dates are one by one, limits by resource."""
    found, labels = [], [period.label for period in problem.periods]
    for k, step in enumerate(problem.steps):
        said = {name: getattr(step, name) for name in ("required", "earliest", "latest_finish", "start")}
        said = {name: value for name, value in said.items() if value or (name in ("latest_finish", "start") and value == 0)}
        if said:
            found.append(Demand("step", f"{step.title.strip() or step.id}: {dates_name(labels, said)}", f"/steps/{k}", {step.id: said}))
    pointers = {"windows": "/windows/{}", "appetite": "/appetite/{}", "excludes": "/excludes/{}", "max_parallel": "/max_parallel"}
    return [*found, *limits_of(problem, {}, lambda kind, k: pointers[kind].format(k))]


def limits_of(problem: Problem, titles: Mapping[str, str], at: Callable[[str, int], str]) -> Iterator[Demand]:
    """The demands that are not about single steps.

    Parameters
    ----------
    problem
        The problem.
    titles
        Of teams, by id.
    at
        Where the k-th of ``windows``, ``appetite`` or ``excludes`` stands, or ``max_parallel``.
    """
    for resource in dict.fromkeys(window.resource for window in problem.windows):
        mine = tuple(k for k, window in enumerate(problem.windows) if window.resource == resource)
        name = limit_name(resource, titles.get(resource) or resource)
        yield Demand("budget" if resource in MONEY else "team", name, at("windows", mine[0]), windows=mine)
    for k in range(len(problem.appetite)):
        yield Demand("appetite", appetite_name(problem, k), at("appetite", k), appetite=(k,))
    if problem.max_parallel is not None:
        yield Demand("parallel", f"at most {problem.max_parallel:,} steps in work at once", at("max_parallel", 0))
    for k, (one, other) in enumerate(problem.excludes):
        yield Demand("excludes", f"not both {one} and {other}", at("excludes", k), excludes=(k,))


def dates_name(labels: Sequence[str], said: Fields) -> str:
    """What is said of one step, in words; ``labels`` are the periods'."""
    parts = []
    for name, value in said.items():
        label = labels[value] if not isinstance(value, bool) and value < len(labels) else "the end"
        words = {"required": "must be done", "earliest": f"no start before {label}", "latest_finish": f"finished by {label}", "start": f"starts in {label}"}
        parts.append(words[name])
    return ", ".join(parts)


def limit_name(resource: str, title: str) -> str:
    """A limit in words."""
    words = {"money": "the budget", "money_once": "the budget for investment", "money_per_year": "the budget for running cost"}
    return words.get(resource) or f"the capacity of {title}"


def appetite_name(problem: Problem, k: int) -> str:
    """A cap on losses in words."""
    cap = problem.appetite[k]
    names = {threat.id: threat.title.strip() or threat.id for threat in problem.threats}
    first = problem.periods[cap.from_].label if cap.from_ < problem.horizon else "the end"
    of = "expected loss" if cap.threat is None else f"expected loss from {names[cap.threat]}"
    return f"{of} at most {cap.expected_loss_per_year:,.0f} a year from {first} on"


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
    touched = {name for demand in lost for name in demand.steps}
    windows, appetite, excludes = ({k for demand in lost for k in getattr(demand, name)} for name in ("windows", "appetite", "excludes"))
    return problem.model_copy(
        update={
            "steps": tuple(_dated(step, kept) if step.id in touched else step for step in problem.steps),
            "windows": tuple(window for k, window in enumerate(problem.windows) if k not in windows),
            "appetite": tuple(cap for k, cap in enumerate(problem.appetite) if k not in appetite),
            "excludes": tuple(pair for k, pair in enumerate(problem.excludes) if k not in excludes),
            "max_parallel": None if any(demand.kind == "parallel" for demand in lost) else problem.max_parallel,
        }
    )


def _dated(step: Step, kept: Iterable[Demand]) -> Step:
    """The step with what the remaining demands say of it."""
    said = [demand.steps[step.id] for demand in kept if step.id in demand.steps]
    ends = [fields["latest_finish"] for fields in said if fields.get("latest_finish") is not None]
    starts = [fields["start"] for fields in said if fields.get("start") is not None]
    return step.model_copy(
        update={
            "required": any(fields.get("required", False) for fields in said),
            "earliest": max([0, *(fields.get("earliest") or 0 for fields in said)]),
            "latest_finish": min(ends, default=None),
            "start": starts[-1] if starts else None,
        }
    )


def later(problem: Problem, demands: Sequence[Demand], milestone: Demand, period: int) -> Problem:
    """The problem with a milestone's steps due in this period instead."""
    moved = Demand(milestone.kind, milestone.name, milestone.at, {name: {**fields, "latest_finish": period} for name, fields in milestone.steps.items()})
    return without(problem, [*(demand for demand in demands if demand is not milestone), moved, milestone], [milestone])
