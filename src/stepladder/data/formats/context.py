"""What people and project tools want to know of a plan beside its numbers: where they come from."""

from __future__ import annotations

import datetime
from typing import Annotated, Any

from pydantic import Field, SerializerFunctionWrapHandler, model_serializer

from stepladder.data.formats.achieved import AchievementContext
from stepladder.data.formats.base import Record, StepId
from stepladder.data.formats.mapping import TrackerKeys
from stepladder.data.formats.places import Origin, Year
from stepladder.data.formats.robust import Promise

Figure = Annotated[float, Field(allow_inf_nan=False)]


class Parameter(Record):
    """One practice on one scale, in one system."""

    id: str
    """practice.scale, after an optional ``system/``."""
    system: str | None
    """The system, or null for the only one and for shared practices."""
    practice: str
    """Title of the practice."""
    groups: tuple[str, ...]
    """Titles of the groups around it, outermost first."""
    scale: str
    """Title of the scale."""
    levels: dict[str, str]
    """Names of the levels, by number."""
    current: int
    """Level today."""
    target: int
    """Level wanted."""
    ref: str | None = Field(default=None, repr=False)  # what is made of this object's text stays the same
    """The model's own code for the practice; not written where it has none."""

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without a code as it was before any model had one."""
        return {key: part for key, part in write(self).items() if part is not None or key != "ref"}


class Milestone(Record):
    """A dated demand."""

    title: str
    """For people."""
    date: datetime.date
    """On or before."""
    reason: str
    """Why then."""
    source: str
    """Who says so."""
    steps: tuple[StepId, ...]
    """What it requires, the steps leading there included."""
    achievements: tuple[StepId, ...] = ()
    """The achievements that it requires beside steps: by their ids in the problem."""
    key: str = ""
    """Its key in the scenario, by which other programs tell it from others; empty where that is not known."""
    legal: bool = Field(default=False, repr=False)
    """Whether a law sets the date; not written where none does, or where nobody has said so."""

    @model_serializer(mode="wrap")
    def _without_achievements(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Without achievements, and without a law, as it was before any could be named."""
        return {key: value for key, value in write(self).items() if value or key not in ("achievements", "legal")}

    @property
    def name(self) -> str:
        """What tells it from others: its key, or its title where no key is known."""
        return self.key or self.title


class StepContext(Record):
    """Where a step comes from."""

    parameter: str
    """Id of its parameter."""
    level: int
    """The level it reaches."""
    owner: str | None = None
    """Who answers for it."""
    implied_by: StepId | None = None
    """The step that needs it above its own target."""
    why: tuple[str, ...] = ()
    """Why it needs what it needs, one sentence a prerequisite."""
    ref: str | None = None
    """The model's own code for what it reaches: of the level, else of the practice."""


class Context(Record):
    """What people and project tools want to know beside the numbers; no rule of planning, and checked for fitting
    the problem only.
    """

    parameters: tuple[Parameter, ...] = ()
    """All of them, also those without a step."""
    milestones: tuple[Milestone, ...] = ()
    """By date."""
    achievements: tuple[AchievementContext, ...] = ()
    """All of them, also those that hold today or are out of reach."""
    steps: dict[str, StepContext] = {}
    """By step id."""
    years: tuple[Year, ...] = ()
    """Fiscal years of the horizon."""
    teams: dict[str, str] = {}
    """Titles of the teams that have one, by id."""
    systems: dict[str, str] = {}
    """Titles of the systems that have one, by id; not written where none has."""
    origins: dict[str, Origin] = {}
    """By JSON pointer into the problem."""
    notes: tuple[str, ...] = ()
    """What the scenario implies and a reader should know."""
    committed: tuple[Figure, ...] = ()
    """Money by period that was promised before the plan or that today's levels take, which its limits are without;
    books hold it as well.
    """
    reserve: dict[str, tuple[Figure, ...]] = {}
    """By resource of a limit: what is held back from planning in each period, which the limit is without."""
    tracker: TrackerKeys | None = None
    """How the plan is made in a tracker, where its scenario says so."""
    robust: Promise | None = None
    """What is held back so that the plan stays within its money in most futures; not written where nobody asked for it.
    """

    @model_serializer(mode="wrap")
    def _without_what_is_not_there(self, write: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """A plan without trackers, achievements, titles of systems or a reserve is written as it was before there were
        any.
        """
        later = ("tracker", "achievements", "systems", "reserve", "robust")
        return {key: value for key, value in write(self).items() if value or key not in later}

    @property
    def numbers(self) -> tuple[Origin, ...]:
        """The origins of numbers; dates are none."""
        return tuple(origin for pointer, origin in self.origins.items() if not pointer.endswith("/latest_finish"))
