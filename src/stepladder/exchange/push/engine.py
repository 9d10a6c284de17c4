"""From what is there to what is wanted: first the steps, which can be shown, then each of them, kept as soon as it
is done.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from stepladder.errors import StepladderError
from stepladder.exchange.push.faults import Foreign, Incomplete, Refused, Unsure
from stepladder.exchange.push.joins import joins
from stepladder.exchange.push.mapped import settings, user_of, without_user
from stepladder.exchange.push.readback import read_back
from stepladder.exchange.push.records import Action, Conflict, Done, PushState, Side, Steps, Verb, containers
from stepladder.exchange.tracker import DATES, PLACES, TEXTS, Batching, Mapped, Nesting, Pushed, Remote, Tracker, Wanted

__all__ = ["Action", "Conflict", "Done", "PushState", "Side", "Steps", "Verb", "apply", "steps", "summary"]

#: So often it is tried to make one thing, each time after having looked whether it is there.
TRIES = 6
#: So many steps in a row may stay without a proper answer; the others are not tried any more.
LOST = 3
RANK = {"container": 0, "parent": 1, "milestone": 2, "item": 3}


def steps(
    wanted: Mapping[str, Wanted],
    there: Mapping[str, Remote],
    linked: set[tuple[str, str]],
    state: PushState,
    reasons: Mapping[str, str],
    tracker: Tracker,
    side: Side | None = None,
) -> Steps:
    """Compare.

    Parameters
    ----------
    wanted, there, linked
        What is wanted, what is there, by mark; and which waits for which there, or stands below which.
    state
        What was pushed before, by mark. Of it, what people moved since is told from what the plan moved. With
        ``theirs`` it is noted there that they may.
    reasons
        Why what is no longer planned is not, by mark.
    tracker
        How things look there; nothing is asked of it.
    side
        Whose dates count where people moved some; None: neither, the conflict is reported.
    """
    actions, conflicts = list[Action](), list[Conflict]()
    for mark, want in wanted.items():
        remote = there.get(mark)
        if remote is None:
            actions.append(Action("create", mark, want.fields["title"], _settings(want, tracker)))
            continue
        record = state.setdefault(mark, Pushed(remote.key, remote.kind, {}))
        record.key = remote.key
        changed = _changed(want, tracker.shown(want), remote, record, conflicts, side)
        if not remote.open and record.closed:
            actions.append(Action("reopen", mark, want.fields["title"], why="It is planned again."))
        if changed:
            actions.append(Action("change", mark, want.fields["title"], changed))
    actions += joins(wanted, there, linked, state, tracker)
    actions += _dropped(wanted, there, state, reasons)
    strangers = tuple(mark for mark in there if mark not in wanted and mark not in state)
    ordered = tuple(sorted(actions, key=lambda action: _rank(action, wanted)))
    return Steps(ordered, tuple(conflicts), strangers, _unmapped(ordered, wanted, tracker))


def _settings(want: Wanted, tracker: Tracker) -> dict[str, str]:
    """What a mapping sets of a thing when it is made."""
    return settings(tracker.mapping, want) if isinstance(tracker, Mapped) and want.kind in tracker.settable else {}


def _unmapped(actions: Sequence[Action], wanted: Mapping[str, Wanted], tracker: Tracker) -> tuple[str, ...]:
    """Owners of what is to be made of whom the mapping has no user; none where it assigns nothing to anybody."""
    if not isinstance(tracker, Mapped) or not tracker.mapping.assignees:
        return ()
    return without_user(tracker.mapping, (wanted[action.mark] for action in actions if action.verb == "create"))


def _dropped(
    wanted: Mapping[str, Wanted], there: Mapping[str, Remote], state: PushState, reasons: Mapping[str, str]
) -> Iterator[Action]:
    """What was pushed, is open and is not wanted any more; what others stand in stays."""
    for mark, record in state.items():
        gone = there.get(mark)
        if mark not in wanted and gone is not None and gone.open and not record.closed and gone.kind not in PLACES:
            why = reasons.get(mark, "It is not in the plan any more.")
            yield Action("close", mark, gone.fields["title"], why=why)


def _rank(action: Action, wanted: Mapping[str, Wanted]) -> tuple[int, int]:
    """Containers before what they hold, what is there before its links."""
    order = {"unlink": 0, "create": 1, "reopen": 2, "change": 3, "close": 4, "link": 5, "nest": 6}[action.verb]
    return order, RANK[wanted[action.mark].kind] if action.mark in wanted else len(RANK)


def _changed(
    want: Wanted, shown: Mapping[str, str], remote: Remote, record: Pushed, conflicts: list[Conflict], side: Side | None
) -> dict[str, str]:
    """The fields that the plan has moved since they were pushed; what people moved is a conflict where it is a date,
    and theirs where it is text.
    """
    changes = {}
    for name in (*DATES, *TEXTS):
        ours, theirs, before = shown.get(name), remote.fields.get(name), record.fields.get(name)
        if ours is None or theirs is None:
            continue
        if theirs == ours:
            record.fields[name] = ours
            record.accepted.pop(name, None)
        elif name in TEXTS:
            if before == theirs:
                changes[name] = want.fields[name]
        elif record.accepted.get(name) == ours and before == theirs:
            continue
        elif before == theirs or side == "ours":
            changes[name] = want.fields[name]
        elif side == "theirs":
            record.fields[name], record.accepted[name] = theirs, ours
        else:
            conflicts.append(Conflict(want.mark, want.fields["title"], name, ours, theirs))
    return changes


def apply(
    planned: Steps,
    wanted: Mapping[str, Wanted],
    there: Mapping[str, Remote],
    tracker: Tracker,
    state: PushState,
    save: Callable[[], None],
) -> Done:
    """Take the steps, one by one; what fails is noted and the others go on. The state is saved after each.

    Afterwards everything is read back: what counts as done is what is there.
    """
    done, known, lost, incomplete = Done(), dict(there), 0, False
    _together([action for action in planned.actions if action.verb == "create"], wanted, known, tracker, state, save)
    for action in planned.actions:
        try:
            if action.verb != "create" or action.mark not in known:
                if lost >= LOST:
                    raise StepladderError(f"not tried, because {LOST} steps in a row had no proper answer")
                if incomplete:
                    raise StepladderError(
                        "not tried, because the tracker wants more of it than the mapping sets, or another value"
                    )
                _take(action, wanted, known, tracker, state)
        except StepladderError as error:
            incomplete = incomplete or isinstance(error, Incomplete)
            lost = lost + 1 if isinstance(error, Foreign | Unsure) else 0 if isinstance(error, Refused) else lost
            done.failed.append((action, str(error)))
        else:
            lost = 0
            done.actions.append(action)
        save()
    read_back(done, planned, wanted, tracker, state)
    return done


def _together(
    actions: Sequence[Action],
    wanted: Mapping[str, Wanted],
    known: dict[str, Remote],
    tracker: Tracker,
    state: PushState,
    save: Callable[[], None],
) -> None:
    """Make things of one kind in batches, as far as the tracker can; what is not known to be made is left for the
    one-by-one.
    """
    if not isinstance(tracker, Batching):
        return
    for kind in RANK:
        places = containers(known)
        missing = [
            wanted[action.mark]
            for action in actions
            if wanted[action.mark].kind == kind and _placed(wanted[action.mark], places)
        ]
        for at in range(0, len(missing), tracker.batch):
            batch = missing[at : at + tracker.batch]
            for want, answer in zip(batch, tracker.create_all(batch, places), strict=True):
                remote = answer
                if remote is None and kind in PLACES:
                    # Others are to stand in it.
                    with contextlib.suppress(StepladderError):
                        remote = _made(want, tracker, places)
                if remote is not None:
                    known[remote.mark] = remote
                    state[remote.mark] = _held(remote, wanted[remote.mark], tracker)
            save()


def _placed(want: Wanted, containers: Mapping[str, str]) -> bool:
    """Whether what it is to stand in is there."""
    return not want.fields["container"] or want.fields["container"] in containers


def _take(
    action: Action, wanted: Mapping[str, Wanted], known: dict[str, Remote], tracker: Tracker, state: PushState
) -> None:
    """One step."""
    mark = action.mark
    if action.verb == "create":
        want = wanted[mark]
        if not _placed(want, containers(known)):
            raise StepladderError("its phase is not there")
        known[mark] = _made(want, tracker, containers(known))
        state[mark] = _held(known[mark], want, tracker)
    elif action.verb == "change":
        tracker.change(known[mark], action.fields, containers(known))
        shown = tracker.shown(wanted[mark])
        state[mark].fields |= {name: shown[name] for name in action.fields}
        for name in action.fields:
            state[mark].accepted.pop(name, None)
    elif action.verb == "close":
        tracker.close(known[mark], action.why)
        state[mark].closed = True
    elif action.verb == "reopen":
        tracker.reopen(known[mark], action.why)
        state[mark].closed = False
    else:
        missing = [name for name in (action.first, mark) if name not in known]
        if missing:
            raise StepladderError(f"{missing[0]} is not there")
        _join(action, known[action.first], known[mark], tracker, state)


def _join(action: Action, first: Remote, then: Remote, tracker: Tracker, state: PushState) -> None:
    if action.verb == "nest" and isinstance(tracker, Nesting):
        tracker.nest(first, then, again=bool(state[then.mark].parent))
        state[then.mark].parent = first.mark
    else:
        (tracker.link if action.verb == "link" else tracker.unlink)(first, then)


def _held(remote: Remote, want: Wanted, tracker: Tracker) -> Pushed:
    """What was pushed is what the tracker says that it has."""
    fields = {name: remote.fields.get(name, value) for name, value in tracker.shown(want).items()}
    mapped = isinstance(tracker, Mapped) and remote.kind in tracker.settable
    assignee = user_of(tracker.mapping, want) if isinstance(tracker, Mapped) and mapped else ""
    return Pushed(remote.key, remote.kind, fields, assignee=assignee)


def _made(want: Wanted, tracker: Tracker, places: dict[str, str]) -> Remote:
    """Make it once: after no answer, or none that can be read, it is looked for before it is made again."""
    if isinstance(tracker, Batching) and (there := tracker.find(want.mark, want.kind)) is not None:
        # It was in a batch of which the answer was lost.
        return there
    for attempt in range(TRIES):
        try:
            return tracker.create(want, places)
        except (Unsure, Foreign) as error:
            remote = tracker.find(want.mark, want.kind)
            if remote is not None:
                return remote
            if attempt == TRIES - 1 or isinstance(error, Foreign):
                raise
    raise AssertionError(want.mark)


def summary(actions: Iterable[Action]) -> dict[str, int]:
    """How many of each verb; nothing of what is put below another where nothing is."""
    counts: dict[str, int] = dict.fromkeys(("create", "change", "reopen", "close", "link", "unlink"), 0)
    for action in actions:
        counts[action.verb] = counts.get(action.verb, 0) + 1
    return counts
