"""What a tracker is to hold: containers for phases, milestones and items, each found again by its mark; and what is
there.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal, Protocol, runtime_checkable

from stepladder.data.formats import money
from stepladder.data.formats.mapping import TrackerMap
from stepladder.exchange.items import Breakdown, Item
from stepladder.exchange.rows import described

ItemKind = Literal["container", "parent", "milestone", "item"]
#: What others stand in.
PLACES: tuple[ItemKind, ...] = ("container", "parent")
#: assigned: open, and somebody is to do it; cancelled: closed and not achieved; unclear: closed, and not said how.
Progress = Literal["open", "assigned", "running", "done", "cancelled", "unclear"]
#: What is ours alone, and what people may write over.
DATES = ("start", "due", "container")
TEXTS = ("title", "text")


@dataclass(frozen=True)
class Wanted:
    """One thing that is to be there.

    Attributes
    ----------
    mark
        By which it is found again.
    kind
        container (a phase), parent (a system), milestone or item.
    fields
        ``title``, ``text`` (lines in plain words), ``start`` and ``due`` (days, or empty), ``container`` (a mark, or
        empty).
    days
        Person-days.
    needs
        Marks of what comes before.
    id
        The item's id; empty for a container.
    period
        Of an item: the label of the period in which it begins.
    about
        By placeholder of a mapping's fields, what stands for it.
    people
        Its owner, then the titles and ids of its teams, the team with most work first: whose user a mapping may name.
    parent
        The mark of what it is put below, where a tracker has that beside containers.
    begun
        Whether it is done or running: what it once waited for is history there, and no question any more.
    """

    mark: str
    kind: ItemKind
    fields: dict[str, str]
    days: float = 0.0
    needs: tuple[str, ...] = ()
    id: str = ""
    period: str = ""
    about: Mapping[str, str] = field(default_factory=dict)
    people: tuple[str, ...] = ()
    parent: str = ""
    begun: bool = False


@dataclass(frozen=True)
class Remote:
    """One thing that is there: its key in the tracker, and the same fields.

    Attributes
    ----------
    open
        Whether it is not closed.
    progress, finished
        How far it is, and the moment at which it was closed, with its offset from UTC.
    reason
        Of what is cancelled or unclear: why, as the tracker names it.
    percent
        How much of it is done, where the tracker counts that.
    copies
        Keys of others that carry the same mark.
    """

    mark: str
    kind: ItemKind
    key: str
    fields: dict[str, str]
    open: bool = True
    progress: Progress = "open"
    finished: datetime.datetime | None = None
    reason: str = ""
    percent: float | None = None
    copies: tuple[str, ...] = ()


def listed(remotes: dict[str, Remote], remote: Remote) -> None:
    """Add what was read, by its mark; what was made first stays, and of the others with its mark it has the keys."""
    first = remotes.setdefault(remote.mark, remote)
    if first is not remote:
        remotes[remote.mark] = replace(first, copies=(*first.copies, remote.key))


class Tracker(Protocol):
    """One project of a tracker. Everything is done on marks and remotes; errors are those of ``faults``."""

    linked: tuple[ItemKind, ...]
    """The kinds of thing that can wait for others there."""

    def shown(self, wanted: Wanted) -> dict[str, str]:
        """The fields as they would be read back; without those that are not."""

    def read(self) -> dict[str, Remote]:
        """All that carries a mark, open or not; of several with one mark the first."""

    def at(self, key: str) -> Remote | None:
        """The step under a key, also where its mark is gone, which then is empty; None where it is in another
        project.

        Raises
        ------
        Refused
            When it is not there, or not to be seen.
        """

    def find(self, mark: str, kind: ItemKind) -> Remote | None:
        """One of them, asked for anew."""

    def create(self, wanted: Wanted, containers: dict[str, str]) -> Remote:
        """Make it; ``containers`` are keys by mark."""

    def change(self, remote: Remote, fields: dict[str, str], containers: dict[str, str]) -> None:
        """Set these fields and no others."""

    def close(self, remote: Remote, comment: str) -> None:
        """Close it with a comment."""

    def reopen(self, remote: Remote, comment: str) -> None:
        """Open it again with a comment."""

    def links(self, remotes: dict[str, Remote]) -> set[tuple[str, str]]:
        """Which waits for which, among these, as (first, then)."""

    def link(self, first: Remote, then: Remote) -> None:
        """Say that one comes before the other."""

    def unlink(self, first: Remote, then: Remote) -> None:
        """Take that back."""


@runtime_checkable
class Batching(Protocol):
    """A tracker that makes several things in one call."""

    batch: int
    """How many at most."""

    def create_all(self, wanted: Sequence[Wanted], containers: dict[str, str]) -> list[Remote | None]:
        """Make several of one kind; None for those of which it is not known that they were made."""


@runtime_checkable
class Mapped(Protocol):
    """A tracker in which a mapping says how things are made."""

    mapping: TrackerMap
    """The mapping."""
    settable: tuple[ItemKind, ...]
    """The kinds of thing that it is about."""

    def check(self, wanted: Sequence[Wanted]) -> None:
        """Ask for all that is needed to make these, before any of them is made.

        Raises
        ------
        UsageError
            When something that the mapping names is not there, or something that must be set is not set.
        """


@runtime_checkable
class Nesting(Protocol):
    """A tracker in which things stand below others, beside their containers."""

    def nested(self, remotes: Mapping[str, Remote]) -> set[tuple[str, str]]:
        """What stands below what, among these, as (parent, child)."""

    def nest(self, parent: Remote, child: Remote, *, again: bool) -> None:
        """Put one below the other; ``again`` where it stands below another of ours."""


@dataclass
class Pushed:
    """What was pushed of one thing: its key, the fields as they were pushed, what people moved and may keep, whether
    it was closed by us, its id where its mark is not that of its id, but was taken over, the user to whom it was
    assigned when it was made, and the mark of what it was put below.
    """

    key: str
    kind: ItemKind
    fields: dict[str, str]
    accepted: dict[str, str] = field(default_factory=dict)
    closed: bool = False
    id: str = ""
    assignee: str = ""
    parent: str = ""


def wanted(plan: Breakdown) -> dict[str, Wanted]:
    """All of a plan, by mark: phases, milestones, items."""
    wants: dict[str, Wanted] = {}
    for phase in plan.phases:
        fields = {
            "title": f"{plan.title}: {phase.title}",
            "text": f"Phase {phase.title} of {plan.title}",
            "start": "",
            "due": str(phase.finish),
            "container": "",
        }
        wants[phase.mark] = Wanted(phase.mark, "container", fields)
    marks = {item.id: item.mark for item in plan.items}
    for milestone in plan.dates:
        place = plan.phases[milestone.phase].mark
        text = "\n".join([f"Why: {milestone.reason}", f"Plan: {plan.title}; id {milestone.id}"])
        fields = {"title": milestone.title, "text": text, "start": "", "due": str(milestone.date), "container": place}
        wants[milestone.mark] = Wanted(
            milestone.mark,
            "milestone",
            fields,
            needs=tuple(marks[name] for name in milestone.items),
            id=milestone.id,
            about={"id": milestone.id, "title": milestone.title, "finish": str(milestone.date)},
        )
    for item in plan.items:
        place = plan.phases[item.phase].mark
        fields = {
            "title": item.title,
            "text": "\n".join(described(plan, item)),
            "start": str(item.start),
            "due": str(item.finish),
            "container": place,
        }
        wants[item.mark] = Wanted(
            item.mark,
            "item",
            fields,
            item.days,
            tuple(marks[need.id] for need in item.needs),
            item.id,
            plan.periods[item.first].label,
            _about(plan, item),
            _people(plan, item),
            begun=item.state in ("done", "running"),
        )
    return wants


def _about(plan: Breakdown, item: Item) -> dict[str, str]:
    """What stands for the placeholders of a mapping; money without a comma, in the plan's currency."""
    teams = _teams(item)
    return {
        "id": item.id,
        "title": item.title,
        "owner": item.owner,
        "team": plan.teams[teams[0]] if teams else "",
        "system": item.system,
        "start": str(item.start),
        "finish": str(item.finish),
        "cost": money.text(item.once, plan.currency),
    }


def _people(plan: Breakdown, item: Item) -> tuple[str, ...]:
    names = [item.owner, *(name for team in _teams(item) for name in (plan.teams[team], team))]
    return tuple(dict.fromkeys(filter(None, names)))


def _teams(item: Item) -> list[str]:
    """Those that work on it, the one with most work first."""
    return sorted(item.effort, key=lambda team: (-item.effort[team], team))
