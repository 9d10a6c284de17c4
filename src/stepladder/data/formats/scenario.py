"""The scenario: one organisation's question, as YAML ``stepladder-scenario/1``.

Everything but horizon, levels, budget and threats has a default. Named things (teams, threats, milestones …) are
mappings, so that an override can reach each of them by name.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from stepladder.data.formats.achievement import REACHED, AchievementText, AnyOf, Exclusion
from stepladder.data.formats.base import Days, Id, Level, Money, Record, Share, SignedMoney, StepId, Text
from stepladder.data.formats.catalogue import Lag, Levels, Prerequisite, Profile, Reduces, StepCost
from stepladder.data.formats.estimate import Uncertain, UncertainLoss, UncertainMoney, UncertainShare, shape
from stepladder.data.formats.importance import Importance, Tiers
from stepladder.data.formats.insurance import Insurance
from stepladder.data.formats.limits import Budget, Commitment, Horizon, ScenarioAppetite, Team, When
from stepladder.data.formats.mapping import TrackerKeys
from stepladder.data.formats.patterns import CURRENCY
from stepladder.data.formats.problem import Objective
from stepladder.data.formats.robust import Robust

FORMAT = "stepladder-scenario/1"


def wanted(value: Any) -> str:
    """Which branch of a target is meant: a level, levels by scale, or that an achievement is reached."""
    return REACHED if value == REACHED else shape(value)


#: Levels by practice, group or ``default``, then by scale; ``reached`` of an achievement.
Targets = dict[
    Id,
    Annotated[
        Annotated[Level, Tag("plain")]
        | Annotated[Literal["reached"], Tag("reached")]
        | Annotated[dict[Id, Level], Tag("mapping")],
        Discriminator(wanted),
    ],
]


class ScenarioThreat(Record):
    """One way to lose money: how often, how much, and what removes it."""

    title: Text | None = None
    """For people; the type's title when left out."""
    type: Id | None = None
    """A kind of threat in the catalogue, whose effects are used."""
    events_per_year: Uncertain | None = None
    """How often, on average."""
    loss_per_event: UncertainLoss | None = None
    """How much each time; a number, low/likely/high (modified PERT) or median/p95 (lognormal)."""
    expected_loss_per_year: UncertainMoney | None = None
    """Instead of the two above."""
    organisation_wide: bool = False
    """True: it exists once for all systems, and each takes its equal part of what their steps do to it."""
    as_of: Literal["current", "none"] = "current"
    """The loss holds at today's levels, or at the lowest level of everything."""
    source: Text | None = None
    """What the numbers rest on."""
    reduced_by: dict[Id, dict[Id, dict[Level, UncertainShare]]] = {}
    """Share of the loss removed in total at each level, by practice or group (of each practice in it) and scale; laid
    over the type's, level by level: the more specific wins, and of two that are as specific the scenario's.
    """
    reduces: dict[Id, Reduces] = {}
    """By practice or group: whether events become rarer (frequency, when left out) or cheaper (magnitude); laid over
    the type's.
    """


class ScenarioMilestone(Record):
    """Something that must be reached by a date."""

    title: Text
    """For people."""
    by: datetime.date
    """On or before."""
    reach: Annotated[Annotated[Id, Tag("plain")] | Annotated[Targets, Tag("mapping")], Discriminator(shape)]
    """The levels to reach, and ``reached`` of an achievement; or ``target`` for all levels of the target, or the name
    of a profile for all of its own.
    """
    reason: Text
    """Why then."""
    source: Text | None = None
    """Who says so."""
    legal: bool = False
    """Whether a law sets the date: calendars remind of it."""


class Pin(Record):
    """What is decided about one step."""

    start: When | None = None
    """It starts in this period (a label), or the first that starts on or after the date."""
    earliest: When | None = None
    """It starts no earlier."""
    finish_by: When | None = None
    """If it is planned, it finishes by then."""
    required: bool = False
    """It must be done within the horizon."""
    reason: Text | None = None
    """Why."""


class Costs(Record):
    """Where the catalogue's default costs do not fit."""

    factor: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """All default money (of the catalogue) times this: price level, currency."""
    spread: Share = 0.0
    """How far money and effort that are written as one number may turn out lower or higher; for sweeps, plans do not
    change.
    """
    scales: dict[Id, dict[Level, StepCost]] = {}
    """By scale and level, for every practice."""
    practices: dict[Id, PracticeCosts] = {}
    """By practice."""
    steps: dict[StepId, StepCost] = {}
    """By step."""


class PracticeCosts(Record):
    """Costs of one practice."""

    factor: Annotated[float, Field(gt=0, le=1000)] = 1.0
    """All money and effort that comes from a scale's defaults times this."""
    scales: dict[Id, dict[Level, StepCost]] = {}
    """By scale and level."""


class Rules(Record):
    """How steps follow each other."""

    lag: Lag = 1
    """A step starts at least this many periods after the period in which what it needs finishes; 0 allows the same
    period.
    """
    effect_lag: Annotated[int, Field(ge=0, le=1)] = 1
    """0: protected from the period of the finish; 1: from the next."""
    max_parallel: Annotated[int, Field(ge=0, le=100_000)] | None = None
    """How many steps may be in work at once."""


class Waiver(Record):
    """A need that does not hold here."""

    step: StepId
    """practice.scale.level that needs something."""
    needs: StepId
    """The need to drop: a step, or an achievement."""
    reason: Text
    """Why it is safe to drop."""


class Worth(Record):
    """Worth of a step that is not risk."""

    once: SignedMoney = 0.0
    """At the finish, in currency."""
    per_year: SignedMoney = 0.0
    """For every year in place."""
    reason: Text | None = None
    """What it is."""


class Kept(Record):
    """What keeping up a level takes a year."""

    per_year: Money = 0.0
    """Money, in currency."""
    effort_per_year: dict[Id, Days] = {}
    """Person-days by role or team."""
    source: Text | None = None
    """What the numbers rest on."""


class Organisation(Record):
    """What belongs to one system: where it is, where it must be, what can go wrong."""

    current: Levels = {}
    """Levels today, by practice, group or ``default``, then by scale; the lowest where nothing is said."""
    profile: Id | None = None
    """A stored target, of this scenario or of the catalogue; ``target`` is laid over it."""
    target: Targets = {}
    """Levels wanted, likewise; the current level where nothing is said. ``reached`` of an achievement makes every step
    that counts towards it a step of the plan; it demands none.
    """
    not_applicable: dict[Id, Text] = {}
    """Practices that do not apply, with a reason."""
    threats: dict[Id, ScenarioThreat | None] = {}
    """What can go wrong."""
    costs: Costs = Costs()
    """Costs that differ from the catalogue's defaults."""
    upkeep: dict[Id, dict[Id, dict[Level, Kept]]] = {}
    """What today's levels take a year to be kept up, in total at each level, by practice, group or ``default`` and by
    scale; of a parameter the highest level counts that is not above today's. It is taken off the limits from the first
    period on.
    """
    owners: dict[Id, Text] = {}
    """Who answers for it, by practice, group or ``default``."""
    importance: Importance = {}
    """How much a practice matters (low, medium, high, critical): by practice, group or ``default``; of a practice also
    by scale, and there by level. Laid over the catalogue's: the more specific wins, and of two that are as specific the
    scenario's. An achievement has a tier of its own, for every year in which it holds. ``objective: worth`` counts it.
    """


class System(Organisation):
    """One line, product or site. What it says is laid over what the scenario says for all."""

    title: Text | None = None
    """Its name."""


class Body(Organisation):
    """Everything in a scenario that an override can change."""

    title: Text | None = None
    """For people."""
    description: Text | None = None
    """For people."""
    currency: Annotated[str, Field(pattern=CURRENCY)] = "EUR"
    """ISO code."""
    horizon: Horizon
    """The time that is planned."""
    systems: dict[Id, System] = {}
    """Lines, products, sites; left out: just one."""
    shared: tuple[Id, ...] = ()
    """Practices or groups that exist once for all systems."""
    profiles: dict[Id, Profile] = {}
    """Stored targets."""
    profiles_from: tuple[Text, ...] = ()
    """Files with stored targets (``stepladder-profiles/1``), relative to this file."""
    teams: dict[Id, Team] = {}
    """Whose time is limited; a team that is not named is unlimited."""
    budget: Budget
    """Money."""
    committed: dict[Id, Commitment] = {}
    """Already promised."""
    robust: Robust | None = None
    """A plan that stays within its money in most futures: so much of the budget is held back as that takes. ``plan
    --keep`` goes before ``keep``.
    """
    appetite: dict[Id, ScenarioAppetite] = {}
    """Caps on expected loss, and on how likely large losses are."""
    insurance: Insurance = {}
    """Policies that insurers offer; in each policy year at most one of them is in force."""
    milestones: dict[Id, ScenarioMilestone] = {}
    """What must be reached by when."""
    pins: dict[StepId, Pin] = {}
    """What is decided about single steps."""
    tiers: Tiers = Tiers()
    """What each tier of ``importance`` weighs."""
    worth: dict[StepId, Worth] = {}
    """Worth that is not risk, by step."""
    prerequisites: tuple[Prerequisite, ...] = ()
    """Needs beyond the catalogue's."""
    needs_any: tuple[AnyOf, ...] = ()
    """At least one of several first."""
    excludes: tuple[Exclusion, ...] = ()
    """Not both."""
    achievements: dict[Id, AchievementText] = {}
    """What follows from steps that are in place; laid over the catalogue's by id."""
    waived: tuple[Waiver, ...] = ()
    """Needs that do not hold here."""
    rules: Rules = Rules()
    """How steps follow each other."""
    tracker: TrackerKeys | None = None
    """How a plan is made in a tracker, with the keys of a mapping (``stepladder-map/1``) but ``format``; plans carry
    it, and ``push --map`` replaces it as a whole.
    """
    objective: Objective = "risk"
    """What is minimised: remaining loss (then money), money (then remaining loss), or both together; or ``worth``: the
    most points for what matters, by ``importance`` (then the least money).
    """


class Scenario(Body):
    """A scenario file: the body, which catalogue it refers to, and named variations of itself."""

    format: Literal["stepladder-scenario/1"]
    """Which format this file is."""
    catalogue: Text
    """Name of a shipped catalogue, or a path relative to this file."""
    assessment: Text | None = None
    """A filled sheet (.xlsx of ``template``, or CSV with its columns), relative to this file. What it says is read each
    time, and what stands here is laid over it.
    """
    overrides: dict[Id, dict[str, Any]] = {}
    """Named bricks: parts of a scenario, laid over it; null takes a key away."""
    scenarios: dict[Id, tuple[Id, ...]] = {}
    """Named lists of bricks, applied from left to right."""


class Profiles(Record):
    """A file of stored targets."""

    format: Literal["stepladder-profiles/1"]
    """Which format this file is."""
    profiles: dict[Id, Profile]
    """By name."""
