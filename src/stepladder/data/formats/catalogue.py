"""The catalogue: a maturity model as data, as YAML ``stepladder-catalogue/1``.

Nothing here knows a particular model. Groups nest to any depth, a practice has one or more scales, a scale has two or
more levels; an activity that is simply done or not done is a practice on a scale with levels 0 and 1.
"""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Discriminator, Field, Tag

from stepladder.data.formats.achievement import AchievementText, AnyOf, Exclusion
from stepladder.data.formats.base import Id, Level, Record, StepId, Text
from stepladder.data.formats.estimate import UncertainDays, UncertainMoney, UncertainShare, UncertainTime, shape
from stepladder.data.formats.importance import Importance
from stepladder.data.formats.renewal import Renew
from stepladder.data.formats.spread import Part

FORMAT = "stepladder-catalogue/1"

#: What an effect acts on, in FAIR's words.
Reduces = Literal["frequency", "magnitude"]
#: A code that is longer than this, such as a UUID or a URN, is for programs.
CODE = 24
Lag = Annotated[int, Field(ge=0, le=1000)]


#: Levels by practice, group or ``default``, then by scale; a bare number where a practice has one scale.
Levels = dict[
    Id, Annotated[Annotated[Level, Tag("plain")] | Annotated[dict[Id, Level], Tag("mapping")], Discriminator(shape)]
]


class StepCost(Record):
    """What one step costs. What is left out keeps the value of the layer below."""

    once: UncertainMoney | None = None
    """Investment, in currency."""
    spread: tuple[Part, ...] | None = None
    """How ``once`` falls over the periods of work: a share for each of them, 100% together, 0% where nothing is paid;
    [] or left out: evenly.
    """
    per_year: UncertainMoney | None = None
    """Running cost per year once finished, in currency."""
    effort: dict[Id, UncertainDays] | None = None
    """Person-days over the whole step, by role or team."""
    effort_per_year: dict[Id, UncertainDays] | None = None
    """Person-days a year once finished, by role or team: what is built must be run by somebody."""
    renew: Renew | None = None
    """What comes again in whole months once finished, such as a certificate or a training."""
    months: UncertainTime | None = None
    """Calendar months of work, rounded up to whole periods."""
    basis: Text | None = None
    """What the numbers rest on."""

    @property
    def roles(self) -> tuple[str, ...]:
        """The roles or teams that are named."""
        again = self.renew.effort if self.renew else None
        return (*(self.effort or ()), *(self.effort_per_year or ()), *(again or ()))


class Coded(Record):
    """What a model has its own code for."""

    title: Text
    """Its name."""
    ref: Text | None = None
    """The model's own code for it, such as GV.OC-01. It stands before the title wherever that is shown, unless it is
    longer than a person would read; every plan and every export carries it.
    """

    @property
    def name(self) -> str:
        """What people call it: its title, with the model's own code before it."""
        return f"{self.ref} {self.title}" if self.ref and len(self.ref) <= CODE else self.title


class LevelInfo(Coded):
    """One level of a scale."""

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


class Practice(Coded):
    """One thing an organisation can be more or less good at."""

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


class Group(Coded):
    """A domain, a sub-domain, a function …: practices and further groups."""

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
    """practice.scale.level that must be finished first, or an achievement that must hold."""
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
    reduced_by: dict[Id, dict[Id, dict[Level, UncertainShare]]] = {}
    """Share of the loss removed in total at each level, by practice or group (of each practice in it) and scale; the
    more specific wins.
    """
    reduces: dict[Id, Reduces] = {}
    """By practice or group: whether events become rarer (frequency, when left out) or cheaper (magnitude)."""


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
    needs_any: tuple[AnyOf, ...] = ()
    """At least one of several first."""
    excludes: tuple[Exclusion, ...] = ()
    """Not both."""
    achievements: dict[Id, AchievementText] = {}
    """What follows from steps that are in place: cumulative levels, scores, what another framework asks."""
    threats: dict[Id, ThreatType] = {}
    """Kinds of threat that a scenario can refer to."""
    profiles: dict[Id, Profile] = {}
    """Stored targets."""
    importance: Importance = {}
    """How much a practice matters (low, medium, high, critical): by practice, group or ``default``; of a practice also
    by scale, and there by level. The more specific wins. An achievement has a tier of its own. ``objective: worth``
    counts it.
    """
