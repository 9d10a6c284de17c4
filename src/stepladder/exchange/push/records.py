"""The steps of a push, and what became of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from stepladder.exchange.tracker import PLACES, Pushed, Remote

Verb = Literal["create", "change", "close", "reopen", "link", "unlink", "nest"]
Side = Literal["ours", "theirs"]


@dataclass(frozen=True)
class Action:
    """One step: what is done with which thing; of a change the fields; of a link what comes first, and of what is put
    below another that other.
    """

    verb: Verb
    mark: str
    title: str
    fields: dict[str, str] = field(default_factory=dict)
    first: str = ""
    why: str = ""


@dataclass(frozen=True)
class Conflict:
    """A field that somebody moved in the tracker: what the plan has, and what is there."""

    mark: str
    title: str
    field: str
    ours: str
    theirs: str


@dataclass(frozen=True)
class Steps:
    """All that is to be done, in order; what people moved; what carries a mark that nobody knows any more; and owners
    of whom the mapping has no user.
    """

    actions: tuple[Action, ...]
    conflicts: tuple[Conflict, ...]
    strangers: tuple[str, ...]
    unmapped: tuple[str, ...] = ()


@dataclass
class Done:
    """What was done, as it was read back; what was not, and why; what the tracker has otherwise; and why nothing
    could be read back, if so.
    """

    actions: list[Action] = field(default_factory=list)
    failed: list[tuple[Action, str]] = field(default_factory=list)
    drift: list[Conflict] = field(default_factory=list)
    unread: str = ""

    @property
    def whole(self) -> bool:
        """Whether all of it is done."""
        return not (self.failed or self.drift or self.unread)


PushState = dict[str, Pushed]


def containers(known: Mapping[str, Remote]) -> dict[str, str]:
    """Keys of what others stand in, by mark."""
    return {mark: remote.key for mark, remote in known.items() if remote.kind in PLACES}
