"""The catalogue: a maturity model as data, as YAML ``stepladder-catalogue/1``.

Nothing here knows a particular model. Groups nest to any depth, a practice has one or more scales, a scale has two or
more levels; an activity that is simply done or not done is a practice on a scale with levels 0 and 1.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from stepladder.data.base import Amount, Id, Level, Money, Record, Share, StepId, Text

FORMAT = "stepladder-catalogue/1"

Lag = Annotated[int, Field(ge=0, le=1000)]


class Estimate(Record):
    """Three points of an uncertain amount; its mean is that of the modified PERT distribution, (low + 4 likely + high) / 6."""

    low: Amount
    """As low as it can sensibly be."""
    likely: Amount
    """The most likely value."""
    high: Amount
    """As high as it can sensibly be."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if not self.low <= self.likely <= self.high:
            raise ValueError(f"low {self.low:g}, likely {self.likely:g}, high {self.high:g} are not in ascending order; put them in order")
        return self


def shape(value: Any) -> str:
    """Which branch of a union is meant, so that an error speaks of that branch only."""
    return "mapping" if isinstance(value, dict | Record) else "plain"


def _loss_shape(value: Any) -> str:
    points = isinstance(value, dict) and ("median" in value or "p95" in value)
    return "lognormal" if points or isinstance(value, Loss) else shape(value)


class Loss(Record):
    """Loss per event as a lognormal distribution through two points."""

    median: Annotated[Amount, Field(gt=0)]
    """Half of the events cost less."""
    p95: Annotated[Amount, Field(gt=0)]
    """19 of 20 events cost less."""

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.p95 < self.median:
            raise ValueError("p95 is below the median; exchange them")
        return self


Uncertain = Annotated[Annotated[Amount, Tag("plain")] | Annotated[Estimate, Tag("mapping")], Discriminator(shape)]
UncertainMoney = Annotated[Annotated[Money, Tag("plain")] | Annotated[Estimate, Tag("mapping")], Discriminator(shape)]
UncertainLoss = Annotated[Annotated[Amount, Tag("plain")] | Annotated[Estimate, Tag("mapping")] | Annotated[Loss, Tag("lognormal")], Discriminator(_loss_shape)]
#: Levels by practice, group or ``default``, then by scale; a bare number where a practice has one scale.
Levels = dict[Id, Annotated[Annotated[Level, Tag("plain")] | Annotated[dict[Id, Level], Tag("mapping")], Discriminator(shape)]]


class StepCost(Record):
    """What one step costs. What is left out keeps the value of the layer below."""

    once: UncertainMoney | None = None
    """Investment, in currency."""
    per_year: Uncertain | None = None
    """Running cost per year once finished, in currency."""
    effort: dict[Id, Uncertain] | None = None
    """Person-days over the whole step, by role or team."""
    months: Annotated[float, Field(gt=0, le=600)] | None = None
    """Calendar months of work, rounded up to whole periods."""
    basis: Text | None = None
    """What the numbers rest on."""


class LevelInfo(Record):
    """One level of a scale."""

    title: Text
    """Its name."""
    description: Text | None = None
    """What it means, in our own words."""


class Scale(Record):
    """One way in which a practice can be more or less mature."""

    title: Text
    """Its name."""
    description: Text | None = None
    """What it measures."""
    levels: Annotated[dict[Level, LevelInfo], Field(min_length=2)]
    """Consecutive levels by number; the lowest is where everybody starts."""
    costs: dict[Level, StepCost] = {}
    """Default cost of the step that reaches a level."""


class Practice(Record):
    """One thing an organisation can be more or less good at."""

    title: Text
    """Its name."""
    description: Text | None = None
    """What it is for, in our own words."""
    source: Text | None = None
    """Where the name comes from and how sure that is."""
    scales: tuple[Id, ...] | None = None
    """The scales that apply; all of them when left out."""
    costs: dict[Id, dict[Level, StepCost]] = {}
    """By scale and level, where this practice differs from the scale's default."""
    owner: Text | None = None
    """The role that usually answers for it."""


class Group(Record):
    """A domain, a sub-domain, a function …: practices and further groups."""

    title: Text
    """Its name."""
    description: Text | None = None
    """What it is about."""
    source: Text | None = None
    """Where the name comes from."""
    groups: dict[Id, Group] = {}
    """Groups inside this one."""
    practices: dict[Id, Practice] = {}
    """Practices directly in this one."""


class Prerequisite(Record):
    """One step needs another. ``soft`` is advice: reported when a plan breaks it, never a rule."""

    step: StepId
    """practice.scale.level that needs something."""
    needs: StepId
    """practice.scale.level that must be finished first."""
    lag: Lag | None = None
    """Periods between the finish of the one and the start of the other; the scenario's default when left out."""
    soft: bool = False
    """True: advice only."""
    why: Text
    """One sentence: why this comes first."""
    source: Text
    """What the claim rests on."""


class ThreatType(Record):
    """A kind of threat and what removes it."""

    title: Text
    """Its name."""
    description: Text | None = None
    """What happens."""
    source: Text | None = None
    """What the shares rest on."""
    reduced_by: dict[Id, dict[Id, dict[Level, Share]]] = {}
    """Share of the loss removed in total at each level, by practice and scale."""


class Profile(Record):
    """A stored target, to be used as a template."""

    title: Text
    """Its name."""
    description: Text | None = None
    """For whom it is."""
    source: Text | None = None
    """What it rests on."""
    levels: Levels
    """Levels by practice, group or ``default``, then by scale."""


class Catalogue(Record):
    """A maturity model: structure, prerequisites, default costs and effects."""

    format: Literal["stepladder-catalogue/1"]
    """Which format this file is."""
    title: Text
    """Name of the model."""
    version: Text | None = None
    """Version of the model."""
    description: Text | None = None
    """What it is."""
    source: Text | None = None
    """Where it was published."""
    illustrative: Text | None = None
    """Said wherever a default cost or effect of this catalogue is used unchanged."""
    scales: Annotated[dict[Id, Scale], Field(min_length=1)]
    """The scales, in order."""
    groups: dict[Id, Group]
    """The groups, in order."""
    prerequisites: tuple[Prerequisite, ...] = ()
    """What needs what, beyond one level of a parameter needing the level before it."""
    threats: dict[Id, ThreatType] = {}
    """Kinds of threat that a scenario can refer to."""
    profiles: dict[Id, Profile] = {}
    """Stored targets."""
