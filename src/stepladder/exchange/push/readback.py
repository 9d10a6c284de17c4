"""After a push everything is read again: what counts as done is what is there, not what was answered."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from stepladder.errors import StepladderError
from stepladder.exchange.push.records import Action, Conflict, Done, PushState, Steps, containers
from stepladder.exchange.tracker import DATES, Nesting, Remote, Tracker, Wanted

#: So often it is looked again for what was made and is not listed yet; a tracker's lists may be a moment behind.
LOOKS = 2
MISSING = "the tracker answered that it was done, and does not list it"
Left = set[tuple[str, str]]


def read_back(done: Done, planned: Steps, wanted: Mapping[str, Wanted], tracker: Tracker, state: PushState) -> None:
    """Set dates again that the tracker has moved because of a link, and take out of what was done what is not so.

    Parameters
    ----------
    done
        What was answered with a yes; is changed into what is there.
    planned, wanted
        What was to be done. What people moved is left alone.
    tracker, state
        Where, and what was pushed; of what is there otherwise it is noted how it is, so that the same command tries
        again.
    """
    left = {(conflict.mark, conflict.field) for conflict in planned.conflicts}
    try:
        back = _settled(done, wanted, tracker, state, left)
        linked = _linked(done, back, tracker)
    except StepladderError as error:
        done.unread = str(error)
        return
    failed = {action.mark for action, _ in done.failed}
    for mark, fields in _moved(wanted, back, state, left):
        if mark not in failed:
            _note(done, state, wanted[mark], back[mark], fields)
    for action in list(done.actions):
        why = _wrong(action, back, linked)
        if why:
            done.actions.remove(action)
            done.failed.append((action, why))
            if action.verb == "nest":
                state[action.mark].parent = ""
            elif action.verb in ("close", "reopen") and action.mark in back:
                # As it is there, so that the next push tries again.
                state[action.mark].closed = action.verb == "reopen"
        elif action.verb in ("create", "change"):
            shown = tracker.shown(wanted[action.mark])
            names = [
                name
                for name in (shown if action.verb == "create" else action.fields)
                if (action.mark, name) not in left
            ]
            fields = {
                name: shown[name]
                for name in names
                if name in shown and back[action.mark].fields.get(name) not in (None, shown[name])
            }
            _note(done, state, wanted[action.mark], back[action.mark], fields)


def _settled(
    done: Done, wanted: Mapping[str, Wanted], tracker: Tracker, state: PushState, left: Left
) -> dict[str, Remote]:
    """What is there, once dates have been set again and what was made has had a moment to be listed."""
    back = tracker.read()
    for _ in range(LOOKS):
        missing = next(
            (action.mark for action in done.actions if action.verb == "create" and action.mark not in back), None
        )
        if missing is None:
            break
        tracker.find(missing, wanted[missing].kind)
        back = tracker.read()
    created = {action.mark for action in done.actions if action.verb == "create"}
    moved = list(_moved(wanted, back, state, left, created))
    for mark, fields in moved:
        try:
            tracker.change(back[mark], fields, containers(back))
        except StepladderError as error:
            done.failed.append((Action("change", mark, wanted[mark].fields["title"], fields), str(error)))
    return tracker.read() if moved else back


def _moved(
    wanted: Mapping[str, Wanted],
    back: Mapping[str, Remote],
    state: PushState,
    left: Left,
    created: Collection[str] = (),
) -> Iterator[tuple[str, dict[str, str]]]:
    """Dates that were pushed, or of what has just been made, and are not there; without what people had moved
    before, and what is left alone.
    """
    for mark, want in wanted.items():
        record, remote = state.get(mark), back.get(mark)
        if record is None or remote is None:
            continue
        names = [
            name
            for name in DATES
            if (mark, name) not in left and (mark in created or record.fields.get(name) == want.fields[name])
        ]
        fields = {name: want.fields[name] for name in names if remote.fields.get(name) not in (None, want.fields[name])}
        if fields:
            yield mark, fields


def _linked(done: Done, back: Mapping[str, Remote], tracker: Tracker) -> set[tuple[str, str]]:
    """The links among what was linked or unlinked; nothing is asked where nothing was."""
    marks = {
        mark for action in done.actions if action.verb in ("link", "unlink") for mark in (action.first, action.mark)
    }
    linked = tracker.links({mark: back[mark] for mark in sorted(marks) if mark in back}) if marks else set()
    if isinstance(tracker, Nesting) and any(action.verb == "nest" for action in done.actions):
        linked |= tracker.nested(back)
    return linked


def _wrong(action: Action, back: Mapping[str, Remote], linked: set[tuple[str, str]]) -> str:
    """Why what was answered with a yes is not done, if so."""
    if action.verb in ("link", "nest"):
        return "" if (action.first, action.mark) in linked else MISSING
    if action.verb == "unlink":
        return (
            "the tracker answered that it was done, and still lists it" if (action.first, action.mark) in linked else ""
        )
    remote = back.get(action.mark)
    if remote is None:
        return MISSING
    if action.verb in ("close", "reopen") and remote.open is (action.verb == "close"):
        return f"the tracker answered that it was done, and shows it {'open' if remote.open else 'closed'}"
    return ""


def _note(done: Done, state: PushState, want: Wanted, remote: Remote, fields: Mapping[str, str]) -> None:
    """What is there otherwise, once; by the state it is there as it is, so that the next push sets it again."""
    for name, ours in fields.items():
        theirs = remote.fields.get(name, "")
        conflict = Conflict(want.mark, want.fields["title"], name, ours, theirs)
        if conflict not in done.drift:
            done.drift.append(conflict)
        if want.mark in state:
            state[want.mark].fields[name] = theirs
