"""What a work breakdown is made of: items, milestones, phases and periods, each with an id that stays."""

from __future__ import annotations

import datetime
import hashlib
import math
import uuid
from dataclasses import dataclass, field
from functools import cached_property

from stepladder.data.formats.past import StepState
from stepladder.data.formats.plan import Parameter
from stepladder.exchange.days import on_or_after, on_or_before, working_days
from stepladder.exchange.names import mark_of
from stepladder.wording.assumptions import Assumption

#: All our names in UUIDs version 5.
SPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://pypi.org/project/stepladder/")


class Identified:
    """What has an id, and so a UUID."""

    id: str

    @property
    def uid(self) -> uuid.UUID:
        """A UUID that follows from the id."""
        return uuid.uuid5(SPACE, self.id)


@dataclass(frozen=True)
class Need:
    """What an item waits for: the item's id, and at least so many periods between its finish and this start, less
    one.
    """

    id: str
    lag: int


@dataclass(frozen=True)
class Item(Identified):
    """One step of the plan.

    Attributes
    ----------
    id
        ``system/practice.scale.level``; the same as long as system and step are.
    mark
        The same, short and for people: ``SL-`` and eight letters or digits.
    step
        The step's id in the plan.
    title
        Cleaned of what a terminal or a file format would act on.
    system, groups
        Titles around it; empty where there are none.
    phase
        Number of its phase.
    start, finish
        First and last day of work, both working days.
    first, last
        Its periods, by number.
    once, per_year
        Money, in the plan's currency.
    effort
        Person-days by team.
    owner
        Who answers for it; empty where nothing is said.
    needs
        Planned items that must be finished before.
    reason
        Why it is in the plan, and why then.
    milestones
        Ids of the milestones that it leads to.
    state, complete
        Whether it is open, running or done; and the part of its time that is over, from 0 to 1.
    invested
        By its periods, in their order: what is invested in each; together ``once``.
    late
        Whether it finishes after a date that it was to keep, which can no longer be kept.
    """

    id: str
    mark: str
    step: str
    title: str
    system: str
    groups: tuple[str, ...]
    phase: int
    start: datetime.date
    finish: datetime.date
    first: int
    last: int
    once: float
    per_year: float
    effort: dict[str, float]
    owner: str
    needs: tuple[Need, ...]
    reason: str
    milestones: tuple[str, ...]
    state: StepState = "open"
    complete: float = 0.0
    invested: tuple[float, ...] = ()
    late: bool = False

    @property
    def done_on(self) -> datetime.date | None:
        """The last day of work of what is done."""
        return self.finish if self.state == "done" else None

    @property
    def spent(self) -> float:
        """What is invested already, in the plan's currency: what its past periods took."""
        return math.fsum(self.invested[: self.over])

    @property
    def over(self) -> int:
        """How many of its periods are past; all where it is done."""
        return round(self.complete * (self.last - self.first + 1))

    @property
    def percent(self) -> int:
        """The same in whole percent."""
        return round(100 * self.complete)

    @property
    def days(self) -> float:
        """Person-days of all teams."""
        return math.fsum(self.effort.values())


@dataclass(frozen=True)
class Milestone(Identified):
    """A dated demand.

    Attributes
    ----------
    id, mark
        As for an item.
    title, date, reason
        What, by when, and why then.
    phase
        Number of the phase that holds the date, the last one where it is later.
    items
        Ids of what it requires.
    late
        Whether it was due earlier, and is missed.
    """

    id: str
    mark: str
    title: str
    date: datetime.date
    reason: str
    phase: int
    items: tuple[str, ...]
    late: bool = False


@dataclass(frozen=True)
class Phase(Identified):
    """A fiscal year, or a period where the plan has none: its id, mark, name, first and last day."""

    id: str
    mark: str
    title: str
    start: datetime.date
    finish: datetime.date


@dataclass(frozen=True)
class Slice:
    """One period: its label and days, what it holds by resource (money, then teams), and the limits that end in it.

    Attributes
    ----------
    used
        By resource: ``money``, ``money_once``, ``money_per_year`` and teams.
    limits
        By resource: the limit that leaves the least room among those that end with this period, as (since which period,
        limit).
    loss
        Expected loss per year with what is in place.
    money
        What it costs: as planned, of a past period what was truly spent; without what was promised before.
    most
        Person-days by team: what its limits leave for this period after what the periods before it use; only of teams
        that have a limit here.
    """

    label: str
    start: datetime.date
    finish: datetime.date
    used: dict[str, float]
    limits: dict[str, tuple[int, float]]
    loss: float
    money: float = 0.0
    most: dict[str, float] = field(default_factory=dict)

    @property
    def days(self) -> int:
        """Its working days; at least one."""
        return max(1, working_days(self.start, self.finish))


@dataclass(frozen=True)
class Left:
    """A step that is not planned, and why; and whether that is because somebody cancelled it."""

    step: str
    title: str
    reason: str
    cancelled: bool = False

    @property
    def mark(self) -> str:
        """The mark that its item has, or had, unless another id had it first."""
        return mark_of(self.step)

    @property
    def uid(self) -> uuid.UUID:
        """The UUID that its item has, or had."""
        return uuid.uuid5(SPACE, self.step)


@dataclass(frozen=True)
class Breakdown:
    """The whole plan.

    Attributes
    ----------
    id, title, currency
        The plan's; the id follows from the title alone, so that a plan made anew is the same plan.
    proof
        How good the plan is, in one sentence.
    phases, items, milestones, periods
        In order of time; items in the order of their phase, then their start.
    teams
        Titles by id, of all teams that have work.
    left
        What is not planned.
    parameters
        Levels before and after: the parameter, and the level that the plan reaches.
    assumptions
        Where the numbers come from.
    spend, loss_today, loss_after
        Money within the horizon, and expected loss per year.
    as_of
        The first period that can still be decided, by number; None while nothing has begun.
    revision
        The plan's version, from 1.
    worth
        What the planned steps are worth in points, present value, where that is what the plan is made for; else None.
    """

    id: str
    title: str
    currency: str
    proof: str
    phases: tuple[Phase, ...]
    items: tuple[Item, ...]
    milestones: tuple[Milestone, ...]
    periods: tuple[Slice, ...]
    teams: dict[str, str]
    left: tuple[Left, ...]
    parameters: tuple[tuple[Parameter, int], ...]
    assumptions: tuple[Assumption, ...]
    spend: float
    loss_today: float
    loss_after: float
    as_of: int | None = None
    revision: int = 1
    # The proof says it too, and what is made of this object's text is the same as before there were points.
    worth: float | None = field(default=None, repr=False)

    @property
    def status(self) -> datetime.date | None:
        """The last working day of what is past; None while nothing is."""
        if not self.as_of:
            return None
        return on_or_before(self.periods[self.as_of].start - datetime.timedelta(days=1))

    @cached_property
    def stamp(self) -> datetime.datetime:
        """The moment at which formats that ask for one have it made. No clock: the plan's first day for the first
        revision, a day later for each after it, and a time of day (UTC) that follows from the content.
        """
        day = self.start + datetime.timedelta(days=self.revision - 1)
        digest = hashlib.sha256(repr(self).encode(errors="backslashreplace")).digest()
        time = datetime.timedelta(seconds=int.from_bytes(digest, "big") % 86_400)
        return datetime.datetime.combine(day, datetime.time(), datetime.UTC) + time

    @cached_property
    def by_id(self) -> dict[str, Item]:
        """Items by their ids."""
        return {item.id: item for item in self.items}

    @property
    def marked(self) -> tuple[Phase | Milestone | Item, ...]:
        """Everything that carries a mark."""
        return (*self.phases, *self.milestones, *self.items)

    @property
    def start(self) -> datetime.date:
        """First working day of the first period."""
        return on_or_after(self.phases[0].start)

    @property
    def finish(self) -> datetime.date:
        """Last working day of the last period."""
        return on_or_before(self.phases[-1].finish)
