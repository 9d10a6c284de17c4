"""The plan as JSON, ``stepladder-plan/2``: starts, figures, reasons, and the problem it answers.

The schema lives here, below the solver and below the verifier, so that both speak of the same object and neither needs
the other.
"""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Iterator
from fractions import Fraction
from typing import Annotated, Any, Literal

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from stepladder.data.formats import money
from stepladder.data.formats.base import Id, Index, Money, Record, StepId, Text
from stepladder.data.formats.context import Context, Figure, Milestone
from stepladder.data.formats.past import Missed, StepProgress, StepState
from stepladder.data.formats.patterns import PLAN_ID
from stepladder.data.formats.policy import chosen, is_choice
from stepladder.data.formats.problem import Objective, Path, Problem, Step
from stepladder.data.formats.problem import faults as problem_faults

#: What is made.
FORMAT = "stepladder-plan/2"
#: What is read as well: it says nothing of the wanted gap, and in its plans nothing has happened yet.
FIRST_FORMAT = "stepladder-plan/1"
#: Keys that it does not have.
LATER_KEYS = ("id", "revision", "wanted_gap", "as_of", "progress", "spent", "missed", "asked", "policies", "seal")

Reason = Literal["blocked", "worsens_objective", "search_stopped"]

#: What each reason in ``not_planned`` states as a checked fact about this plan.
REASONS: dict[str, str] = {
    "blocked": "added to this plan, the step breaks a rule at every possible start",
    "worsens_objective": (
        "added to this plan without breaking a rule, the step makes the objective worse or gains nothing; or it never"
        " gains anything"
    ),
    "search_stopped": (
        "the step could be added to this plan and would improve it: the search was stopped before it came to that"
    ),
}


class ObjectiveValue(Record):
    """What was minimised, how far it got, and how far it could possibly go."""

    name: Objective
    """risk, spend, net or worth."""
    value: Figure
    """The plan's true value, in currency; of worth the points, taken negative, because less is better everywhere."""
    bound: Figure
    """No plan can be below this; proved."""
    gap: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None
    """(value − bound) / |value|; null when the value is 0 and the bound is not."""


class NotPlanned(Record):
    """Why a step is not in the plan."""

    reason: Reason
    """One of a documented list."""
    detail: Text
    """The same in words."""


class PlannedPeriod(Record):
    """What one period holds under this plan."""

    label: Text
    """The period's name."""
    spend: Figure
    """Money spent, undiscounted."""
    expected_loss_per_year: Figure
    """With what is in place in this period."""
    effort: dict[str, Figure] = {}
    """Person-days by team, for every team that some step of the problem needs."""


class Afterwards(Record):
    """What goes on costing a year after the horizon, undiscounted."""

    per_year: Figure
    """What the planned steps go on costing."""
    in_all: Figure
    """The same with the upkeep of today's levels and what is promised and goes on."""
    effort_per_year: dict[str, Figure] = {}
    """Person-days by team that running the planned steps takes, for every team of which some step takes any."""
    effort_in_all: dict[str, Figure] = {}
    """The same with the upkeep of today's levels, for every team of which either takes any."""


class Totals(Record):
    """The plan's sums."""

    spend: Figure
    """Over the horizon, undiscounted."""
    spend_present_value: Figure
    """S: discounted, tail included."""
    loss_present_value: Figure
    """R + V: discounted expected loss, tail included."""
    value_present_value: Figure
    """V: discounted worth that is not risk."""
    tail_expected_loss_per_year: Figure
    """With every finished step in place."""
    points_present_value: Figure = 0.0
    """Discounted points of the planned steps, tail included; left out where no step has any."""
    afterwards: Afterwards | None = None
    """What goes on costing; left out where that is nothing but the steps' own money a year without a limit for it."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Totals without points, and of a plan after which nothing but money goes on, as they were before there was
        more.
        """
        later = ("points_present_value", "afterwards")
        return {key: value for key, value in write(self).items() if value or key not in later}


class Plan(Record):
    """A roadmap: when each step starts, how good that is, and the problem it answers."""

    format: Literal["stepladder-plan/1", "stepladder-plan/2"]
    """Which format this file is; new plans are of the second."""
    id: Annotated[str, Field(pattern=PLAN_ID)] | None = None
    """Which roadmap this is, whatever its version; null where nobody has said so, as in plans of format 1. Items in
    other tools carry it.
    """
    revision: Annotated[int, Field(ge=1, le=1_000_000)] = 1
    """Its version: 1 for a first plan, one more with every plan after it that differs."""
    made_with: dict[str, str]
    """Names and versions of the programs that made it."""
    status: Literal["optimal", "feasible"]
    """optimal: the gap is within the wanted gap; feasible: it is not."""
    wanted_gap: Annotated[float, Field(ge=0, allow_inf_nan=False)] | None = None
    """The gap with which the search was told to be content; null where that is not known, as in every plan of format
    1, which has no such key.
    """
    as_of: str | None = None
    """Label of the first period that can still be decided; null while nothing has begun. Before it there is only
    what has happened.
    """
    progress: dict[str, StepProgress] = {}
    """Every step that is done, running or cancelled; all others are open."""
    spent: dict[str, Money] = {}
    """What was truly spent by past period, all in, commitments too: what the books say, else what the steps account
    for. Every past period, or none where that is not known.
    """
    asked: dict[StepId, Step] = {}
    """Steps that have begun or were cancelled, as they were asked before; so one that is opened again is asked as it
    was, and not as what became of it.
    """
    missed: tuple[Missed, ...] = ()
    """Deadlines that can no longer be met; the problem has them where they can be."""
    objective: ObjectiveValue
    """Value, bound and gap."""
    starts: dict[str, Index]
    """Step to period of its start; only planned steps."""
    policies: tuple[Id | None, ...] = ()
    """The policy in force by policy year of the problem, null for none; left out where the problem has no policies."""
    not_planned: dict[str, NotPlanned]
    """Every other step, with a reason."""
    periods: tuple[PlannedPeriod, ...]
    """One for each period of the problem."""
    totals: Totals
    """Sums over all periods."""
    problem: Problem
    """The question that this plan answers."""
    context: Context | None = None
    """Absent for a bare problem."""
    seal: str | None = None
    """SHA-256 of what cannot be counted anew, so that a change of it is seen: the question, the wanted gap, the bound,
    levels, dates, labels, owners,
    origins and sources; titles, names and sentences are free. Left out by programs that write plans of their own."""

    @property
    def decided(self) -> dict[str, int]:
        """All that the plan decides: its starts, and its policies as ``policy@year`` in the first period of their
        years.
        """
        return {**self.starts, **chosen(self.policies, self.problem.policy_years)}

    @property
    def begun(self) -> dict[str, int]:
        """What of it has begun and stands in the plan: steps that are not open, and policies whose year has begun."""
        return {
            name: start
            for name, start in self.decided.items()
            if (start < self.now if is_choice(name) else self.state(name) != "open")
        }

    @property
    def teams(self) -> dict[str, str]:
        """Titles of the teams that have one, by id."""
        return self.context.teams if self.context else {}

    @property
    def milestones(self) -> tuple[Milestone, ...]:
        """Dated demands, by date; none where nothing stands beside the problem."""
        return self.context.milestones if self.context else ()

    @property
    def now(self) -> int:
        """Number of the first period that can still be decided."""
        labels = [period.label for period in self.problem.periods]
        return labels.index(self.as_of) if self.as_of in labels else 0

    def left_out(self, step: str) -> str:
        """Why a step is not in the plan, in words: whoever cancelled it has the first."""
        if self.state(step) != "cancelled":
            return self.not_planned[step].detail
        reason = self.progress[step].reason
        return f"it was cancelled: {reason}" if reason else "it was cancelled"

    def missed_of(self, milestone: Milestone) -> Missed | None:
        """What is said of a milestone that can no longer be met; None where it can."""
        return next((miss for miss in self.missed if miss.milestone == milestone.name), None)

    def money(self, t: int) -> float:
        """What the plan spends in a period; of a past one what was spent, without what was promised before."""
        spent = self.spent.get(self.periods[t].label) if t < self.now else None
        return self.periods[t].spend if spent is None else spent - self.committed(t)

    def committed(self, t: int) -> float:
        """Money of a period that was promised before the plan."""
        return self.context.committed[t] if self.context and self.context.committed else 0.0

    @property
    def cost(self) -> float:
        """What the plan costs within the horizon: what was spent, and what is to come."""
        return math.fsum(map(self.money, range(len(self.periods)))) if self.spent else self.totals.spend

    @property
    def afterwards(self) -> float:
        """What the planned steps, and the policy that is renewed, go on costing a year after the horizon."""
        planned = (step.a_year for step in self.problem.steps if step.id in self.starts)
        return float(sum(planned, money.total([self.renewed])))

    @property
    def renewed(self) -> float:
        """The premium of the policy that is renewed every year after the horizon; nothing where none is."""
        offers = {policy.id: policy for policy in self.problem.policies}
        years = enumerate(zip(self.problem.policy_years, self.policies, strict=False))
        last = [(y, name) for y, (year, name) in years if year.to >= self.problem.horizon and name in offers]
        return math.fsum(offers[name].premiums[y] or 0.0 for y, name in last)

    @property
    def afterwards_in_all(self) -> float:
        """The same with what goes on whatever is planned."""
        return math.fsum([self.afterwards, self.problem.ongoing.upkeep, self.problem.ongoing.committed])

    def once(self, step: Step) -> float:
        """What a step costs once in all: what is known to be spent, and what is to come of it."""
        return float(sum(self.invested(step))) if step.id in self.progress else step.once

    def invested(self, step: Step) -> list[Fraction]:
        """What a step costs once in each of its periods: what is known to be spent, evenly where it is not as planned,
        and then what is to come.
        """
        told, currency = self.progress.get(step.id), self.problem.currency
        shares = step.invested(currency)
        if told is None or told.spent is None or told.started is None:
            return shares
        over = min(self.now - told.started, step.duration)
        if told.spent == float(sum(shares[:over])):
            return shares
        return [*money.even(told.spent, over, currency), *shares[over:]]

    @property
    def given(self) -> frozenset[str]:
        """Steps that somebody has found done and that nobody of the plan has worked on: they cost nothing."""
        said = {name for name in self.asked if name in self.progress and self.progress[name].source == "assessment"}
        steps = (step for step in self.problem.steps if step.id in said and step.id in self.starts)
        return frozenset(step.id for step in steps if not (step.once or step.a_year or step.teams))

    def state(self, step: str) -> StepState:
        """Whether a step is open, running, done or cancelled."""
        return self.progress[step].state if step in self.progress else "open"


def faults(plan: Plan) -> Iterator[tuple[Path, str, str]]:
    """What makes a well-formed plan none that can be checked: (path in the file, code, message) for each."""
    for key in LATER_KEYS if plan.format == FIRST_FORMAT else ():
        if key in plan.model_fields_set:
            yield (
                (key,),
                "SL101",
                f"a plan of format {FIRST_FORMAT!r} has no key {key!r}; remove it, or write {FORMAT!r}",
            )
    if "wanted_gap" not in plan.model_fields_set and plan.format == FORMAT:
        yield (), "SL102", "key 'wanted_gap' is missing; add it, null where the gap that was wanted is not known"
    if len(plan.policies) != len(plan.problem.policy_years):
        years = len(plan.problem.policy_years)
        message = f"{len(plan.policies)} policies for {years} policy years; give one for each, null where there is none"
        yield ("policies",), "SL304", message
    for where, code, message in problem_faults(plan.problem):
        yield ("problem", *where), code, message


def dump(plan: Plan) -> str:
    """The plan as JSON text; the same plan gives the same bytes."""
    if plan.format == FIRST_FORMAT:
        return plan.model_dump_json(by_alias=True, indent=1, exclude=set(LATER_KEYS)) + "\n"
    # A plan that has no id has no history: such files are written as they were before there was any.
    left_out = {"id", "revision", "spent"} if plan.id is None else set()
    left_out |= {name for name in ("asked", "policies") if not getattr(plan, name)}
    sealed = plan.model_copy(update={"seal": seal_of(plan)})
    return sealed.model_dump_json(by_alias=True, indent=1, exclude=left_out) + "\n"


#: Names and sentences for people, which may be corrected in a plan's file.
_FREE: dict[str, Any] = {
    "problem": {
        "title": True,
        "steps": {"__all__": {"title"}},
        "threats": {"__all__": {"title"}},
        "policies": {"__all__": {"title"}},
    },
    "context": {
        "parameters": {"__all__": {"practice", "groups", "scale", "levels"}},
        "milestones": {"__all__": {"title", "reason"}},
        "steps": {"__all__": {"why"}},
        "teams": True,
    },
}


def seal_of(plan: Plan) -> str:
    """What a plan's file has as its seal. What has its default value is left out, so that a key that is new in a
    format breaks no seal.
    """
    sealed = {"id", "revision", "problem", "context", "wanted_gap", "objective", "made_with"}
    sealed |= {"as_of", "progress", "spent", "missed", "asked"}
    content = plan.model_dump(mode="json", by_alias=True, exclude_defaults=True, include=sealed, exclude=_FREE)
    # Python writes the same float in the same way for good.
    text = json.dumps({**content, "objective": plan.objective.bound}, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
