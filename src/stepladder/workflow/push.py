"""``push`` and ``pull``: a plan into a tracker, and what became of it back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.push.engine import Done, PushState, Side, Steps, apply, steps
from stepladder.exchange.tracker import Remote, Tracker, Wanted, wanted

if TYPE_CHECKING:
    from stepladder.exchange.items import Breakdown, Item


@dataclass(frozen=True)
class Push:
    """What a push would do, and all that it needs to do it."""

    steps: Steps
    wanted: Mapping[str, Wanted]
    there: Mapping[str, Remote]


def look(plan: Plan, tracker: Tracker, state: PushState, system: str = "", side: Side | None = None) -> Push:
    """Compare a verified plan with what is in the tracker; nothing is changed there.

    Parameters
    ----------
    plan
        The plan.
    tracker
        A project.
    state
        What was pushed before; what people may keep is noted in it.
    system
        As for ``export``.
    side
        Whose dates count where people moved some.
    """
    whole = breakdown(plan, system)
    want = wanted(whole)
    there = tracker.read()
    linked = tracker.links({mark: remote for mark, remote in there.items() if mark in want or mark in state})
    return Push(steps(want, there, linked, state, _reasons(whole), tracker, side), want, there)


def carry_out(push: Push, tracker: Tracker, state: PushState, save: Callable[[], None]) -> Done:
    """Do it; ``save`` is called after every step."""
    return apply(push.steps, push.wanted, push.there, tracker, state, save)


def _reasons(whole: Breakdown) -> dict[str, str]:
    """Why each step that is not planned is not, by the mark that its item had."""
    from stepladder.exchange.breakdown import mark_of

    return {mark_of(left.step): f"It is not in the plan any more: {left.reason}." for left in whole.left}


def pull(plan: Plan, tracker: Tracker, state: PushState, as_of: str, system: str = "") -> tuple[str, list[str]]:
    """What became of a plan in a tracker, as actuals for ``replan``, and what could not be told.

    Parameters
    ----------
    plan
        The plan that was pushed.
    tracker, state
        Where, and what was pushed.
    as_of
        The first period that is still open: its label, or any of its days.
    system
        As for ``export``.

    Raises
    ------
    UsageError
        When there is no such period.
    """
    from stepladder.data.actuals import written

    periods = plan.problem.periods
    now = next(
        (
            t
            for t, period in enumerate(periods)
            if as_of == period.label or str(period.start) <= as_of <= str(period.end)
        ),
        None,
    )
    if now is None:
        labels = ", ".join(period.label for period in periods[:4])
        raise UsageError(
            f"{as_of!r} is no period of this plan; write its label or any of its days, such as {labels}, …"
        )
    there, notes, actuals = tracker.read(), [], {}
    for item in breakdown(plan, system).items:
        remote, record = there.get(item.mark), state.get(item.mark)
        if remote is None:
            notes.append(f"{item.mark} {item.title} is not there")
        elif record is None or not record.closed:
            fields = _actual(plan, item, remote, now)
            if fields:
                actuals[item.step] = fields
    return written(periods[now].label, actuals), notes


def _actual(plan: Plan, item: Item, remote: Remote, now: int) -> dict[str, str]:
    """One step's, in the words of actuals; nothing where it goes as planned."""
    periods = plan.problem.periods

    def period(day: str) -> int | None:
        """The period in which a day (ISO) is; None outside the horizon."""
        return next((t for t, period_ in enumerate(periods) if str(period_.start) <= day <= str(period_.end)), None)

    start = period(remote.fields.get("start", ""))
    begun = item.first if start is None else start
    moved = {"started": periods[begun].label} if begun != item.first else {}
    if remote.progress == "done":
        finish = period(str(remote.finished))
        last = begun if finish is None else max(0, min(finish, now - 1))
        if min(begun, last) >= now:
            return {}
        first = {"started": periods[last].label} if last < begun else moved
        return {
            "status": "done",
            **first,
            **({"finished": periods[last].label} if finish is not None and last != item.last else {}),
        }
    if remote.progress == "running":
        return {"status": "running", **(moved if begun < now else {"started": periods[max(0, now - 1)].label})}
    return {"status": "slipped"} if item.first < now else {}
