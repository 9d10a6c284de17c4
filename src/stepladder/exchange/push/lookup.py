"""Where the steps of a plan are in a tracker: by the key that the state file has, then by mark; or why it cannot be
told.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from stepladder.exchange.push.faults import Refused
from stepladder.exchange.push.records import PushState
from stepladder.exchange.tracker import Pushed, Remote, Tracker

NOT_FOUND = "not found in the tracker"
MOVED = "moved to another project in the tracker"
#: What a refusal to show one item means; of any other nothing follows.
_REFUSED = {
    301: MOVED,
    302: MOVED,
    307: MOVED,
    308: MOVED,
    403: "not to be seen in the tracker with this token",
    404: NOT_FOUND,
    410: NOT_FOUND,
    451: "not to be seen in the tracker with this token",
}


@dataclass(frozen=True)
class Absent:
    """That nothing is known of what became of an item, and why."""

    why: str


def located(marks: Iterable[str], tracker: Tracker, state: PushState) -> dict[str, Remote | Absent]:
    """What is there of each mark.

    Parameters
    ----------
    marks
        Of the items that are looked for.
    tracker
        A project. What is not listed under its known key is asked for by it, one call for each.
    state
        What was pushed, with the keys.
    """
    there = tracker.read()
    return {mark: _located(mark, there.get(mark), state.get(mark), tracker) for mark in marks}


def _located(mark: str, marked: Remote | None, record: Pushed | None, tracker: Tracker) -> Remote | Absent:
    """By its key, as a copy carries the same mark; by its mark where the key leads nowhere."""
    if record is not None and (marked is None or marked.key != record.key):
        keyed = _by_key(mark, record, tracker)
        if isinstance(keyed, Remote) or marked is None:
            return keyed
    if marked is None:
        return Absent(NOT_FOUND)
    if marked.copies and (record is None or record.key != marked.key):
        return Absent(f"its mark is on {len(marked.copies) + 1} items of the tracker")
    return marked


def _by_key(mark: str, record: Pushed, tracker: Tracker) -> Remote | Absent:
    try:
        remote = tracker.at(record.key)
    except Refused as error:
        if error.status not in _REFUSED:
            raise
        return Absent(_REFUSED[error.status])
    if remote is None:
        return Absent(MOVED)
    if not _recognised(remote, mark, record):
        return Absent(f"{remote.key} of the tracker has neither its mark nor its title any more")
    return remote


def _recognised(remote: Remote, mark: str, record: Pushed) -> bool:
    """Whether what is under a key is still the item: with its mark, or with the title that was pushed and no other
    item's mark.
    """
    title = remote.fields["title"]
    return remote.mark == mark or (not remote.mark and (mark in title or title == (record.fields.get("title") or mark)))
