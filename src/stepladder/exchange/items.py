"""What a work breakdown is made of: items, milestones, phases and periods, each with an id that stays."""

from __future__ import annotations

import datetime
import hashlib
import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.context import Parameter
from stepladder.data.formats.past import StepState
from stepladder.data.formats.renewal import Renewal
from stepladder.data.formats.spread import Shares
from stepladder.exchange.days import on_or_after, on_or_before
from stepladder.exchange.names import mark_of
from stepladder.exchange.premiums import Premium
from stepladder.exchange.slices import Slice
from stepladder.exchange.workings import Workings
from stepladder.wording import exact
from stepladder.wording.assumptions import Assumption
from stepladder.wording.language import _, mark

#: What the state of a step is called that can still be decided.
OPEN = mark("open")
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
    system
        The id of its system; empty where there is none. ``Breakdown.called`` knows its title.
    groups
        Titles around it.
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
    effort_per_year
        The same a year, from when it is finished.
    owner
        Who answers for it; empty where nothing is said.
    needs
        Planned items that must be finished before.
    reason
        Why it is in the plan, and why then.
    milestones
        Ids of the milestones that it leads to.
    ref
        The maturity model's own code for what it reaches; empty where it has none.
    state, complete
        Whether it is open, running or done; and the part of its time that is over, from 0 to 1.
    invested
        By its periods, in their order: what is invested in each; together ``once``.
    late
        Whether it finishes after a date that it was to keep, which can no longer be kept.
    spread
        Of what is open: the share of ``once`` in each of its periods; none where it falls evenly.
    renew, again
        Of what is open: what comes again once it is finished; and of every item the same in words.
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
    ref: str = ""
    state: StepState = "open"
    complete: float = 0.0
    invested: tuple[float, ...] = ()
    late: bool = False
    effort_per_year: Mapping[str, float] = field(default_factory=dict)
    # What it comes to is in ``invested``, and what is made of this object's text is the same as before it was known.
    spread: Shares = field(default=(), repr=False)
    renew: Renewal | None = field(default=None, repr=False)
    again: str = field(default="", repr=False)

    @property
    def afterwards(self) -> float:
        """What it costs a year once it is finished, renewals on average."""
        return self.per_year + (float(self.renew.money_a_year) if self.renew else 0.0)

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
    legal
        Whether a law sets its date.
    """

    id: str
    mark: str
    title: str
    date: datetime.date
    reason: str
    phase: int
    items: tuple[str, ...]
    late: bool = False
    # What is made of this object's text is the same as before it was known.
    legal: bool = field(default=False, repr=False)


@dataclass(frozen=True)
class Phase(Identified):
    """A fiscal year, or a period where the plan has none: its id, mark, name, first and last day."""

    id: str
    mark: str
    title: str
    start: datetime.date
    finish: datetime.date


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
    systems
        Titles by id, of the systems that have one.
    afterwards
        What the planned steps go on costing a year after the horizon, and the same with all else that goes on.
    premiums
        The policies that are in force, by policy year.
    workings
        What it takes to count it anew where something is changed.
    road
        The plan as it was read, for pages that people read.
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
    systems: dict[str, str] = field(default_factory=dict, repr=False)
    afterwards: tuple[float, float] = field(default=(0.0, 0.0), repr=False)
    premiums: tuple[Premium, ...] = field(default=(), repr=False)
    workings: Workings = field(default_factory=Workings, repr=False)
    road: Roadmap | None = field(default=None, repr=False, compare=False)

    def called(self, system: str) -> str:
        """The title of a system, or its id where it has none."""
        return self.systems.get(system, system)

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
    def reached_at_the_end(self) -> dict[str, int]:
        """The level of each parameter with everything in place that is planned, by the parameter's id."""
        return {parameter.id: planned for parameter, planned in self.parameters}

    def until(self, phase: Phase) -> Breakdown:
        """The same with the levels that are reached by the end of a phase, as if the plan ended there."""
        levels = {parameter.id: parameter.current for parameter, _ in self.parameters}
        for item in self.items:
            parameter, _, level = item.step.rpartition(".")
            if item.finish <= phase.finish and parameter in levels:
                levels[parameter] = max(levels[parameter], int(level))
        parameters = tuple((parameter, levels[parameter.id]) for parameter, _ in self.parameters)
        phases = tuple(other for other in self.phases if other.finish <= phase.finish)
        return replace(self, parameters=parameters, phases=phases)

    @property
    def reached_today(self) -> dict[str, int]:
        """The level of each parameter as it was, or as what is done since has raised it, by the parameter's id."""
        levels = {parameter.id: parameter.current for parameter, _ in self.parameters}
        for item in self.items:
            parameter, _, level = item.step.rpartition(".")
            if item.state == "done" and parameter in levels:
                levels[parameter] = max(levels[parameter], int(level))
        return levels

    @property
    def dates(self) -> tuple[Milestone, ...]:
        """Milestones, and each policy year in which a policy is in force as one: due on its first day, after what the
        policy asks for.
        """
        return (*self.milestones, *map(self._renewal, self.premiums))

    def _renewal(self, premium: Premium) -> Milestone:
        phase = next((k for k, phase in enumerate(self.phases) if premium.start <= phase.finish), len(self.phases) - 1)
        reason = _(
            "The premium, {money}, is due; it covers until {day}.",
            money=exact.money(premium.amount, self.currency),
            day=exact.day(premium.finish),
        )
        title = _("Insurance: {policy}", policy=premium.title)
        return Milestone(premium.id, premium.mark, title, premium.start, reason, phase, premium.needs)

    @property
    def marked(self) -> tuple[Phase | Milestone | Item, ...]:
        """Everything that carries a mark."""
        return (*self.phases, *self.dates, *self.items)

    @property
    def start(self) -> datetime.date:
        """First working day of the first period."""
        return on_or_after(self.phases[0].start)

    @property
    def finish(self) -> datetime.date:
        """Last working day of the last period."""
        return on_or_before(self.phases[-1].finish)
