"""The problem: catalogue and scenario resolved into plain numbers, as JSON ``stepladder-problem/1``.

Other programs may hand one in directly. What each number means is stated in the field's docstring; times are
period indices from 0, money is in ``currency``, effort in person-days, losses in ``currency`` per year.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from stepladder import graph
from stepladder.data.formats import achieved, exceedance
from stepladder.data.formats.achieved import Achievement
from stepladder.data.formats.base import Amount, Index, Record, StepId, Text, unknown
from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.policy import Policy, PolicyYear, crowded
from stepladder.data.formats.policy import faults as policy_faults
from stepladder.data.formats.step import Need, Step
from stepladder.data.formats.step import faults as step_faults
from stepladder.data.formats.threat import Threat
from stepladder.data.formats.threat import faults as threat_faults

#: Steps have a file of their own, and are spoken of with the problem.
__all__ = [
    "FORMAT",
    "MONEY",
    "SPENT",
    "Appetite",
    "Need",
    "Objective",
    "Ongoing",
    "Path",
    "Period",
    "Problem",
    "Step",
    "Tail",
    "Window",
    "dump",
    "faults",
    "unused",
]

FORMAT = "stepladder-problem/1"
#: What is spent in periods; and what goes on costing a year after the horizon.
SPENT = ("money", "money_once", "money_per_year")
MONEY = (*SPENT, "money_afterwards")

Objective = Literal["risk", "spend", "net", "worth"]


class Period(Record):
    """One period of the horizon."""

    label: Text
    """Its name for people, such as 2027-Q1."""
    start: datetime.date | None = None
    """First day; for people only."""
    end: datetime.date | None = None
    """Last day; for people only."""
    years: Annotated[float, Field(gt=0, le=100)]
    """Length in years."""
    discount: Annotated[float, Field(ge=0, le=1000)]
    """What one unit of currency in this period is worth today."""


class Tail(Record):
    """The years after the horizon, in which finished steps go on working and costing."""

    years: Annotated[float, Field(ge=0, le=1000)] = 0.0
    """Length in years."""
    discount: Annotated[float, Field(ge=0, le=1000)] = 0.0
    """Discount factor for all of it; of a scenario the mean of its years' own factors."""


class Window(Record):
    """A limit: what is used in periods ``from`` to ``to``, both included, is at most ``limit``."""

    resource: Text
    """money, money_once (investment only), money_per_year (running cost only), money_afterwards (what steps that finish
    in these periods go on costing a year), or a team.
    """
    from_: Index = Field(alias="from")
    """First period."""
    to: Index
    """Last period."""
    limit: Amount
    """Currency or person-days."""
    label: str = ""
    """For people."""


class Appetite(Record):
    """A cap on expected loss per year in periods ``from`` to ``to``; ``to`` equal to the number of periods includes
    the tail.
    """

    from_: Index = Field(alias="from")
    """First period."""
    to: Index | None = None
    """Last period; left out: the tail too."""
    threat: str | None = None
    """One threat, or all together when left out."""
    expected_loss_per_year: Amount
    """The cap."""


class Ongoing(Record):
    """What goes on costing whatever is planned. The limits are without it, and so is what the plan spends."""

    upkeep: Amount = 0.0
    """What keeping up today's levels costs a year."""
    committed: Amount = 0.0
    """What is promised already and goes on after the horizon, a year."""
    effort_per_year: dict[str, Amount] = {}
    """Person-days a year by team that keeping up today's levels takes."""


class Problem(Record):
    """The whole question, in numbers."""

    format: Literal["stepladder-problem/1"]
    """Which format this file is."""
    title: str = ""
    """For people."""
    currency: str = ""
    """ISO code, such as EUR, which says how many decimals money has; two where it is any other word."""
    periods: Annotated[tuple[Period, ...], Field(min_length=1, max_length=1200)]
    """The horizon, in order."""
    tail: Tail = Tail()
    """After the horizon."""
    effect_lag: Annotated[int, Field(ge=0, le=1)] = 1
    """0: a step protects from the period in which it finishes; 1: from the next."""
    steps: tuple[Step, ...]
    """What can be done."""
    achievements: tuple[Achievement, ...] = ()
    """What follows from steps that are finished; each may refer to those before it."""
    threats: tuple[Threat, ...] = ()
    """What can go wrong."""
    windows: tuple[Window, ...] = ()
    """Limits on money and teams."""
    max_parallel: Index | None = None
    """How many steps may be in work at once."""
    max_parallel_by_period: tuple[Index, ...] = ()
    """The same by period, where what has happened already takes more; left out: ``max_parallel`` in each."""
    excludes: tuple[tuple[StepId, StepId], ...] = ()
    """Pairs of which at most one may be planned."""
    appetite: tuple[Appetite, ...] = ()
    """Caps on expected loss."""
    ongoing: Ongoing = Ongoing()
    """What goes on costing whatever is planned."""
    exceedance: tuple[Exceedance, ...] = ()
    """Caps on how likely large losses are."""
    policy_years: tuple[PolicyYear, ...] = ()
    """The years for which insurance can be bought, in order."""
    policies: tuple[Policy, ...] = ()
    """What insurers offer; in each policy year at most one is in force."""
    objective: Objective = "risk"
    """What is minimised: remaining loss, money, or both together; or ``worth``: what is counted in points, the most of
    it.
    """

    @model_serializer(mode="wrap")
    def _without_what_has_not_happened(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A problem in which nothing has happened yet, or nothing has points, or there are no achievements, no caps on
        large losses or no policies, is written as it was before any could.
        """
        fields: dict[str, Any] = write(self)
        if not self.max_parallel_by_period:
            fields.pop("max_parallel_by_period", None)
        for name in ("achievements", "exceedance", "policy_years", "policies"):
            if not fields.get(name):
                fields.pop(name, None)
        if self.ongoing == Ongoing():
            fields.pop("ongoing", None)
        for step in fields.get("steps", ()):
            for name in ("points_per_year", "needs_achievements", "effort_per_year", "spread", "renew"):
                if not step.get(name):
                    step.pop(name, None)
        return fields

    @property
    def tells_afterwards(self) -> bool:
        """Whether its plans' files say what goes on costing afterwards: where there is more than money a year, or a
        limit for it.
        """
        limited = any(window.resource == MONEY[3] for window in self.windows)
        return limited or self.ongoing != Ongoing() or any(step.runs for step in self.steps)

    @property
    def parallel(self) -> tuple[int, ...] | None:
        """By period, how many steps may be in work at once; None for any number."""
        if self.max_parallel is None:
            return None
        return self.max_parallel_by_period or (self.max_parallel,) * self.horizon

    def last_by(self, date: datetime.date) -> int:
        """Number of the last period that ends on or before a date; −1 where there is none."""
        return max(
            (t for t, period in enumerate(self.periods) if period.end is not None and period.end <= date), default=-1
        )

    @property
    def horizon(self) -> int:
        """Number of periods, T."""
        return len(self.periods)

    def steps_by_id(self) -> dict[str, Step]:
        """Every step by its id, in the order of the problem; made anew each time."""
        return {step.id: step for step in self.steps}

    def in_place(self, step: Step, start: int) -> int:
        """The first period in which a step helps when it starts in this one; the tail, T, at the latest, for a step
        that finishes in the horizon.
        """
        return min(step.helps_from(start, self.effect_lag), self.horizon)


def dump(problem: Problem) -> str:
    """The problem as JSON text, every default written out but that of events; byte for byte the same for the same
    problem.
    """
    return problem.model_dump_json(by_alias=True, indent=1)


Path = tuple[str | int, ...]


def faults(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    """What makes a well-formed problem meaningless: (path in the file, code, message) for each."""
    ids, threats = frozenset(step.id for step in problem.steps), frozenset(threat.id for threat in problem.threats)
    yield from _duplicates(problem)
    for k, step in enumerate(problem.steps):
        yield from _step_faults(problem, k, step, ids)
    for k, threat in enumerate(problem.threats):
        for name in threat.factors:
            if name not in ids:
                yield ("threats", k, "factors", name), "SL204", unknown("step", name, ids)
        for where, message in threat_faults(threat, problem.currency):
            yield ("threats", k, *where), "SL313", message
    for k, pair in enumerate(problem.excludes):
        for m, name in enumerate(pair):
            if name not in ids:
                yield ("excludes", k, m), "SL204", unknown("step", name, ids)
        if pair[0] == pair[1]:
            yield ("excludes", k), "SL309", f"step {pair[0]!r} excludes itself; name two different steps"
    yield from _team_faults(problem)
    yield from achieved.faults(problem.achievements, problem.steps, problem.horizon)
    offers, years = problem.policies, problem.policy_years
    yield from policy_faults(offers, years, problem.horizon, ids, problem.threats, problem.currency)
    yield from _range_faults(problem, threats)
    yield from exceedance.faults(problem.exceedance, problem.threats, problem.horizon)
    yield from crowded(offers, problem.threats, problem.steps, problem.excludes)
    edges = [(step.id, need.step) for step in problem.steps for need in step.needs]
    edges += [(step.id, need.achievement) for step in problem.steps for need in step.needs_achievements]
    edges += [(achievement.id, name) for achievement in problem.achievements for name in achievement.all]
    place = {step.id: k for k, step in enumerate(problem.steps)}
    for cycle in graph.cycles(edges):
        yield (
            ("steps", next((place[name] for name in cycle if name in place), 0), "needs"),
            "SL301",
            f"cycle: {' needs '.join([*cycle, cycle[0]])}; remove one of these needs",
        )


def unused(problem: Problem) -> tuple[tuple[str, str | None], ...]:
    """Resources that a limit names and no step can use, each with the one that may be meant."""
    from difflib import get_close_matches

    named = dict.fromkeys(window.resource for window in problem.windows)
    once, per_year = (any(getattr(step, name) for step in problem.steps) for name in ("once", "a_year"))
    insured = bool(problem.policies)
    once_a_year = per_year or insured
    money = {"money": once or once_a_year, "money_once": once}
    money |= {"money_per_year": once_a_year, "money_afterwards": once_a_year}
    teams = {team for step in problem.steps for team in step.teams}
    known = sorted({*MONEY, *teams})
    idle = (name for name in named if not money.get(name, name in teams))
    return tuple(
        (name, next(iter(get_close_matches(name, known, n=1, cutoff=0.6)), None) if name not in MONEY else None)
        for name in idle
    )


def _duplicates(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    for kind, named in (
        ("steps", [step.id for step in problem.steps]),
        ("threats", [threat.id for threat in problem.threats]),
        ("achievements", [achievement.id for achievement in problem.achievements]),
    ):
        seen: set[str] = set()
        for k, name in enumerate(named):
            if name in seen:
                yield (kind, k, "id"), "SL308", f"{name!r} is used twice among the {kind}; give one of them another id"
            seen.add(name)


def _step_faults(problem: Problem, k: int, step: Step, ids: frozenset[str]) -> Iterator[tuple[Path, str, str]]:
    last = problem.horizon - 1
    for where, code, wrong in step_faults(step, problem.currency):
        yield ("steps", k, *where), code, wrong
    for m, need in enumerate(step.needs):
        if need.step not in ids:
            yield ("steps", k, "needs", m, "step"), "SL204", unknown("step", need.step, ids)
    for g, group in enumerate(step.needs_any):
        if not group:
            yield ("steps", k, "needs_any", g), "SL104", "an empty group can never be met; name at least one step"
        for m, need in enumerate(group):
            if need.step not in ids:
                yield ("steps", k, "needs_any", g, m, "step"), "SL204", unknown("step", need.step, ids)
    if step.start is not None and step.start > last:
        yield ("steps", k, "start"), "SL304", f"period {step.start} is outside the horizon; the last period is {last}"
    if step.latest_finish is not None and step.latest_finish > last:
        yield (
            ("steps", k, "latest_finish"),
            "SL304",
            f"period {step.latest_finish} is outside the horizon; the last period is {last}",
        )


def _team_faults(problem: Problem) -> Iterator[tuple[Path, str, str]]:
    """Teams that are called what money is called."""
    for k, step in enumerate(problem.steps):
        for field, by_team in zip((("effort",), ("effort_per_year",), ("renew", "effort")), step.works, strict=True):
            for team in by_team:
                if team in MONEY:
                    message = f"{team!r} means money and cannot be a team; rename the team"
                    yield ("steps", k, *field, team), "SL105", message


def _range_faults(problem: Problem, threats: frozenset[str]) -> Iterator[tuple[Path, str, str]]:
    last, by_period = problem.horizon - 1, problem.max_parallel_by_period
    if by_period and (problem.max_parallel is None or len(by_period) != problem.horizon):
        yield (
            ("max_parallel_by_period",),
            "SL304",
            f"it goes with max_parallel and has a number for each of the {problem.horizon:,} periods, or is left out",
        )
    for k, window in enumerate(problem.windows):
        if window.to > last:
            yield ("windows", k, "to"), "SL304", f"period {window.to} is outside the horizon; the last period is {last}"
        if window.from_ > window.to:
            yield (
                ("windows", k, "from"),
                "SL104",
                f"the window starts in period {window.from_} and ends before that, in {window.to}",
            )
    for k, cap in enumerate(problem.appetite):
        if cap.threat is not None and cap.threat not in threats:
            yield ("appetite", k, "threat"), "SL206", unknown("threat", cap.threat, threats)
        if cap.from_ > problem.horizon:
            yield (
                ("appetite", k, "from"),
                "SL304",
                f"period {cap.from_} is outside the horizon; the tail is {problem.horizon}",
            )
        if cap.to is not None and cap.to > problem.horizon:
            yield (
                ("appetite", k, "to"),
                "SL304",
                f"period {cap.to} is outside the horizon; the tail is {problem.horizon}",
            )
        if cap.to is not None and cap.from_ > cap.to:
            yield (
                ("appetite", k, "from"),
                "SL104",
                f"the cap starts in period {cap.from_} and ends before that, in {cap.to}",
            )
