"""The scenario: one organisation's question, as YAML ``stepladder-scenario/1``.

Everything but horizon, levels, budget and threats has a default. Named things (teams, threats, milestones …) are
mappings, so that an override can reach each of them by name.
"""

from __future__ import annotations

import datetime
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from stepladder.data.formats.base import Days, Id, Level, Money, Record, Share, SignedMoney, StepId, Text
from stepladder.data.formats.catalogue import Lag, Levels, Prerequisite, Profile, Reduces, StepCost
from stepladder.data.formats.estimate import Uncertain, UncertainLoss, UncertainMoney, UncertainShare, shape
from stepladder.data.formats.importance import Importance, Tiers
from stepladder.data.formats.mapping import TrackerKeys
from stepladder.data.formats.problem import Objective

FORMAT = "stepladder-scenario/1"

#: A date, or the label of a period such as 2027-Q3.
When = Annotated[str, Field(pattern=r"^\d{4}(-(Q[1-4]|H[12]|\d{2}|\d{2}-\d{2}))?$")]


class Horizon(Record):
    """The time that is planned."""

    start: Annotated[datetime.date, Field(ge=datetime.date(1900, 1, 1), lt=datetime.date(3000, 1, 1))]
    """First day; the first of a month."""
    periods: Annotated[int, Field(ge=1, le=1200)]
    """How many periods."""
    period: Literal["month", "quarter", "half_year", "year"] = "quarter"
    """How long one is."""
    fiscal_year_starts: Annotated[int, Field(ge=1, le=12)] = 1
    """Month in which the fiscal year begins, together with a period; a fiscal year is named after the calendar year
    in which it begins.
    """
    tail_years: Annotated[float, Field(ge=0, le=100)] = 3.0
    """Years after the horizon in which finished steps go on working and costing."""
    discount_rate: Share = 0.05
    """Yearly rate r; money in y years counts (1 + r)^-y, each year of the tail at its own beginning."""


class Limit(Record):
    """An amount for every period, fiscal year or the whole horizon, and what becomes of what is left."""

    amount: (
        Annotated[Annotated[Money, Tag("plain")] | Annotated[dict[str, Money], Tag("mapping")], Discriminator(shape)]
        | None
    ) = None
    """One number, or numbers by label (2027, 2027-Q3 …) with ``default`` for the rest."""
    per: Literal["period", "year", "horizon"] | None = None
    """What the amount is for; money: year when left out, teams: period."""
    carry_over: Literal["none", "within_year", "free"] | None = None
    """What is left at the end of a period is lost, kept until the fiscal year ends, or kept; money: within_year when
    left out, teams: none.
    """
    available: Literal["evenly", "at_once"] = "evenly"
    """With carry-over: the amount arrives evenly over its periods, or is all there on the first day."""


class Budget(Limit):
    """Money: investment and running cost limited together, apart, or both."""

    investment: Limit | None = None
    """A limit on investment alone."""
    running: Limit | None = None
    """A limit on running cost alone."""


class Capacity(Limit):
    """The same of person-days."""

    amount: (
        Annotated[Annotated[Days, Tag("plain")] | Annotated[dict[str, Days], Tag("mapping")], Discriminator(shape)]
        | None
    ) = None
    """One number, or numbers by label (2027, 2027-Q3 …) with ``default`` for the rest."""


class Team(Record):
    """People whose time is limited."""

    title: Text | None = None
    """Its name."""
    capacity: Capacity
    """Person-days."""
    covers: tuple[Id, ...] | None = None
    """The roles of the catalogue's effort figures whose work this team does; its own name when left out."""


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
    as_of: Literal["current", "none"] = "current"
    """The loss holds at today's levels, or at the lowest level of everything."""
    source: Text | None = None
    """What the numbers rest on."""
    reduced_by: dict[Id, dict[Id, dict[Level, UncertainShare]]] = {}
    """Share of the loss removed in total at each level, by practice and scale; laid over the type's, level by level."""
    reduces: dict[Id, Reduces] = {}
    """By practice: whether events become rarer (frequency, when left out) or cheaper (magnitude); laid over the
    type's.
    """


class ScenarioAppetite(Record):
    """A cap on expected loss per year."""

    expected_loss_per_year: Money
    """The cap, in currency."""
    from_: When | None = Field(default=None, alias="from")
    """First period that starts on or after this; the first period when left out."""
    to: When | None = None
    """Last period that ends on or before this; for good, tail included, when left out."""
    threat: StepId | None = None
    """One threat; all together when left out."""
    reason: Text | None = None
    """Why this cap."""


class ScenarioMilestone(Record):
    """Something that must be reached by a date."""

    title: Text
    """For people."""
    by: datetime.date
    """On or before."""
    reach: Annotated[
        Annotated[Literal["target"], Tag("plain")] | Annotated[Levels, Tag("mapping")], Discriminator(shape)
    ]
    """The levels to reach, or ``target`` for all of them."""
    reason: Text
    """Why then."""
    source: Text | None = None
    """Who says so."""


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


class Commitment(Record):
    """Money or time that is already promised; it is taken off the limits."""

    title: Text
    """For what."""
    amount: Money = 0.0
    """Currency in all, spread evenly over the periods."""
    kind: Literal["investment", "running"] = "investment"
    """Which of the budget's parts it uses, beside the whole."""
    effort: dict[Id, Days] = {}
    """Person-days in all by team, spread evenly over the periods."""
    from_: When | None = Field(default=None, alias="from")
    """First period, or the first that starts on or after the date; the first of the horizon when left out."""
    to: When | None = None
    """Last period, or the last that ends on or before the date; the last of the horizon when left out."""
    source: Text | None = None
    """Contract, decision …"""


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
    """The need to drop."""
    reason: Text
    """Why it is safe to drop."""


class AnyOf(Record):
    """A step needs at least one of several."""

    step: StepId
    """The step."""
    needs: Annotated[tuple[StepId, ...], Field(min_length=1)]
    """At least one of these first."""
    why: Text | None = None
    """One sentence."""


class Exclusion(Record):
    """Two steps of which at most one may be planned."""

    steps: tuple[StepId, StepId]
    """The two."""
    why: Text | None = None
    """One sentence."""


class Worth(Record):
    """Worth of a step that is not risk."""

    once: SignedMoney = 0.0
    """At the finish, in currency."""
    per_year: SignedMoney = 0.0
    """For every year in place."""
    reason: Text | None = None
    """What it is."""


class Organisation(Record):
    """What belongs to one system: where it is, where it must be, what can go wrong."""

    current: Levels = {}
    """Levels today, by practice, group or ``default``, then by scale; the lowest where nothing is said."""
    profile: Id | None = None
    """A stored target, of this scenario or of the catalogue; ``target`` is laid over it."""
    target: Levels = {}
    """Levels wanted, likewise; the current level where nothing is said."""
    not_applicable: dict[Id, Text] = {}
    """Practices that do not apply, with a reason."""
    threats: dict[Id, ScenarioThreat | None] = {}
    """What can go wrong."""
    costs: Costs = Costs()
    """Costs that differ from the catalogue's defaults."""
    owners: dict[Id, Text] = {}
    """Who answers for it, by practice, group or ``default``."""
    importance: Importance = {}
    """How much a practice matters (low, medium, high, critical): by practice, group or ``default``; of a practice also
    by scale, and there by level. Laid over the catalogue's: the more specific wins, and of two that are as specific the
    scenario's. ``objective: worth`` counts it.
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
    currency: Annotated[str, Field(pattern=r"^[A-Z]{3}$")] = "EUR"
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
    appetite: dict[Id, ScenarioAppetite] = {}
    """Caps on expected loss."""
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
