"""Time, money and people of a scenario: its horizon, its limits, and what is promised of them already."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, Self

from pydantic import Discriminator, Field, Tag, model_validator

from stepladder.data.formats.base import Days, Id, Level, Money, Record, Share, StepId, Text
from stepladder.data.formats.estimate import shape
from stepladder.data.formats.patterns import PART, WHEN

LargeAmount = Annotated[Money, Field(gt=0)]
#: A date, or the label of a period such as 2027-Q3.
When = Annotated[str, Field(pattern=WHEN)]


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
    policy_year_starts: Annotated[int, Field(ge=1, le=12)] | None = None
    """Month in which a policy year of ``insurance`` begins, together with a period; that of the fiscal year when left
    out.
    """
    tail_years: Annotated[float, Field(ge=0, le=100)] = 3.0
    """Years after the horizon in which finished steps go on working and costing."""
    discount_rate: Share = 0.05
    """Yearly rate r; money in y years counts (1 + r)^-y, each year of the tail at its own beginning."""


#: A part of a limit, or an amount of it.
Held = Annotated[
    Annotated[Annotated[str, Field(pattern=PART)], Tag("share")] | Annotated[Money, Tag("plain")],
    Discriminator(lambda value: "share" if isinstance(value, str) else "plain"),
]


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
    reserve: (
        Annotated[Annotated[Held, Tag("plain")] | Annotated[dict[str, Held], Tag("mapping")], Discriminator(shape)]
        | None
    ) = None
    """What is held back from planning: a part of the amount (``10%``), or an amount for the same time; or several by
    label.
    """


class Budget(Limit):
    """Money: investment and running cost limited together, apart, or both."""

    investment: Limit | None = None
    """A limit on investment alone."""
    running: Limit | None = None
    """A limit on running cost alone."""
    afterwards: Money | None = None
    """The most that the planned steps together may go on costing a year once all are finished, in currency."""
    unlimited: bool = False
    """True: money that is spent has no limit; then nothing else stands here but ``afterwards``."""


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
    capacity: Capacity | None = None
    """Person-days; no limit when left out."""
    covers: tuple[Id, ...] | None = None
    """The roles of the catalogue's effort figures whose work this team does; its own name when left out."""


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
    reaches: dict[StepId, dict[Id, Level]] = {}
    """Levels that are there from its last period on, by practice (or system/practice) and scale; their steps are done
    then, need nothing and cost nothing more. It needs ``to``.
    """


class LargeLoss(Record):
    """A cap on the chance that a year has a loss above an amount."""

    above: LargeAmount
    """The amount, in currency."""
    chance: Annotated[Share, Field(gt=0)]
    """The most that the chance of it in a year may be."""


class Excess(Record):
    """A cap on what events are expected to cost beyond an amount."""

    above: LargeAmount
    """The amount, in currency."""
    per_year: Money
    """The most that is expected beyond it in a year, in currency."""


class ScenarioAppetite(Record):
    """A cap on losses: on the expected loss per year, or on how likely large losses are; one of them, or several for
    the same time.
    """

    expected_loss_per_year: Money | None = None
    """The cap, in currency."""
    one_event: LargeLoss | None = None
    """The chance that some event of a year costs more than an amount; needs ``{median, p95}`` losses."""
    year: LargeLoss | None = None
    """The chance that all events of a year together cost more than an amount; needs ``{median, p95}`` losses."""
    excess: Excess | None = None
    """What events are expected to cost beyond an amount, per year; needs ``{median, p95}`` losses."""
    from_: When | None = Field(default=None, alias="from")
    """First period that starts on or after this; the first period when left out."""
    to: When | None = None
    """Last period that ends on or before this; for good, tail included, when left out."""
    threat: StepId | None = None
    """One threat; all together when left out."""
    reason: Text | None = None
    """Why this cap."""

    @model_validator(mode="after")
    def _caps_something(self) -> Self:
        if not self.measures:
            raise ValueError("caps nothing; give expected_loss_per_year, one_event, year or excess")
        return self

    @property
    def measures(self) -> tuple[str, ...]:
        """The names of what it caps."""
        names = ("expected_loss_per_year", "one_event", "year", "excess")
        return tuple(name for name in names if getattr(self, name) is not None)
