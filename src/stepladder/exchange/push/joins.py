"""What is to be joined and parted: what waits for what, and what stands below what."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping

from stepladder.exchange.push.records import Action, PushState, Verb
from stepladder.exchange.tracker import PLACES, Remote, Tracker, Wanted


def joins(
    wanted: Mapping[str, Wanted],
    there: Mapping[str, Remote],
    linked: set[tuple[str, str]],
    state: PushState,
    tracker: Tracker,
) -> list[Action]:
    """The steps from what is joined to what is to be.

    Parameters
    ----------
    wanted, there, linked, state, tracker
        As for ``steps``.
    """
    pairs = {(need, mark) for mark, want in wanted.items() for need in want.needs if want.kind in tracker.linked}
    ours = {(first, then) for first, then in linked if first in state and then in state}
    # What a step waited for that has begun is its history.
    begun = {mark for mark, want in wanted.items() if want.begun}
    over = {pair for pair in ours if begun.intersection(pair)}
    below = {(first, then) for first, then in ours if first in there and there[first].kind in PLACES}
    return [
        *_actions("unlink", ours - pairs - below - over, wanted, there),
        *_actions("link", pairs - linked, wanted, there),
        *_actions("nest", _nested(wanted, below, state), wanted, there),
    ]


def _nested(
    wanted: Mapping[str, Wanted], below: Collection[tuple[str, str]], state: PushState
) -> Iterator[tuple[str, str]]:
    """What is still to be put below what; what people took out from where it was put stays out."""
    for mark, want in wanted.items():
        record = state.get(mark)
        if (want.parent, mark) in below and record is not None:
            record.parent = want.parent
        elif want.parent and (record is None or record.parent != want.parent):
            yield want.parent, mark


def _actions(
    verb: Verb,
    pairs: Iterable[tuple[str, str]],
    wanted: Mapping[str, Wanted],
    there: Mapping[str, Remote],
) -> list[Action]:
    return [Action(verb, then, _title(then, wanted, there), first=first) for first, then in sorted(pairs)]


def _title(mark: str, wanted: Mapping[str, Wanted], there: Mapping[str, Remote]) -> str:
    return wanted[mark].fields["title"] if mark in wanted else there[mark].fields["title"] if mark in there else mark
