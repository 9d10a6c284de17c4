"""``pull``: what became of a plan in a tracker, as actuals."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stepladder.data.actuals import written
from stepladder.data.formats.plan import Plan
from stepladder.data.happened import period_of
from stepladder.errors import UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.items import Item
from stepladder.exchange.push.lookup import Absent, located
from stepladder.exchange.push.records import PushState
from stepladder.exchange.push.taken_over import broken_down
from stepladder.exchange.tracker import Pushed, Remote, Tracker
from stepladder.wording.text import clean, cut, listed

#: Steps that a sentence names, and columns of a reason.
NAMED, REASON = 8, 200
KINDS = ("done", "running", "slipped", "cancelled")


@dataclass(frozen=True)
class Gap:
    """A step of which it is not known what became of it.

    Attributes
    ----------
    step
        Its id.
    why
        Why it is not known.
    begin
        The label of the past period in which it was to begin; empty where it was not to begin yet.
    """

    step: str
    why: str
    begin: str


def pull(
    plan: Plan, tracker: Tracker, state: PushState, as_of: str, system: str = "", zone: datetime.tzinfo | None = None
) -> tuple[str, list[str]]:
    """What became of a plan in a tracker, as actuals for ``replan``, and what is to be said of it.

    A step of which the tracker does not say what became of it has no entry, but a comment.

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
    zone
        In which the tracker's moments become days; the machine's own when left out.

    Returns
    -------
    tuple
        The file's text, and lines for people.

    Raises
    ------
    UsageError
        When there is no such period.
    """
    now, items = _now(plan, as_of), broken_down(breakdown(plan, system), plan, system, state).items
    places = located([item.mark for item in items], tracker, state)
    remotes, gaps, actuals = dict[str, Remote](), list[Gap](), dict[str, dict[str, str]]()
    for item in items:
        place = _known(places[item.mark], state.get(item.mark))
        if isinstance(place, Remote):
            remotes[item.step], actuals[item.step] = place, _actual(plan, item, place, now, zone)
        elif item.state != "done":
            # What the plan itself has as done is known without the tracker.
            begin = plan.problem.periods[item.first].label if item.first < now else ""
            gaps.append(Gap(item.step, place.why, begin))
    label = plan.problem.periods[now].label
    text = written(
        label,
        {step: fields for step, fields in actuals.items() if fields},
        {gap.step: _remark(gap) for gap in gaps},
        "tracker",
    )
    summary = _summary(len(items), actuals, gaps)
    return text, [summary, *_warnings(gaps, label), *_notes(actuals, remotes, now, label)]


def _now(plan: Plan, as_of: str) -> int:
    periods = plan.problem.periods
    now = period_of(periods, as_of)
    if now is not None:
        return now
    labels = ", ".join(period.label for period in periods[:4])
    raise UsageError(f"{as_of!r} is no period of this plan; write its label or any of its days, such as {labels}, …")


def _known(place: Remote | Absent, record: Pushed | None) -> Remote | Absent:
    """What is there, if the tracker says with it what became of the step."""
    if isinstance(place, Absent):
        return place
    if record is not None and record.closed and not place.open:
        return Absent("closed by a push whose plan did not have it")
    if place.progress == "assigned" and record is not None and record.assignee:
        # By us: it does not say that anybody has begun.
        return replace(place, progress="open")
    if place.progress == "unclear":
        reason = cut(clean(place.reason), REASON)
        how = f"as {reason}, which may mean anything" if reason else "without a reason"
        return Absent(f"closed in the tracker {how}")
    return place


# -- one step ----------------------------------------------------------------------------------------------------------


def _actual(plan: Plan, item: Item, remote: Remote, now: int, zone: datetime.tzinfo | None) -> dict[str, str]:
    """In the words of actuals; nothing where it goes as planned, or where no period is past."""
    if remote.progress == "cancelled":
        reason = cut(clean(remote.reason), REASON)
        return {"status": "cancelled", **({"reason": reason} if reason else {})}
    if now == 0:
        return {}
    moved = _period(plan, remote.fields.get("start", ""))
    begun = item.first if moved is None else moved
    if remote.progress == "done":
        return _done(plan, item, begun, _ended(plan, remote, zone), now)
    if remote.progress == "running" or (remote.progress == "assigned" and begun < now):
        first = min(begun, now - 1)
        return {"status": "running", **_started(plan, item, first)}
    return {"status": "slipped"} if item.first < now else {}


def _done(plan: Plan, item: Item, begun: int, ended: int | None, now: int) -> dict[str, str]:
    """It is over, so that it ended in a period that is past, and began no later."""
    step = plan.problem.steps_by_id()[item.step]
    last = min(now - 1, step.finish(begun) if ended is None else ended)
    first = min(begun, last)
    finished = {} if last == step.finish(first) else {"finished": plan.problem.periods[last].label}
    return {"status": "done", **_started(plan, item, first), **finished}


def _started(plan: Plan, item: Item, first: int) -> dict[str, str]:
    return {} if first == item.first else {"started": plan.problem.periods[first].label}


def _period(plan: Plan, day: str) -> int | None:
    """The period that holds a day."""
    periods = enumerate(plan.problem.periods)
    return next((t for t, period in periods if str(period.start) <= day <= str(period.end)), None)


def _ended(plan: Plan, remote: Remote, zone: datetime.tzinfo | None) -> int | None:
    """The period in which something was closed; what is before the plan counts into its first one."""
    if remote.finished is None:
        return None
    day = str(remote.finished.astimezone(zone).date())
    return max((t for t, period in enumerate(plan.problem.periods) if str(period.start) <= day), default=0)


# -- what is said of all ----------------------------------------------------------------------------------------------


def _remark(gap: Gap) -> str:
    begin = f": it was to begin in {gap.begin}, and counts as gone as planned until then" if gap.begin else ""
    return f"{gap.why}; say what became of it{begin}"


def _summary(items: int, actuals: Mapping[str, Mapping[str, str]], gaps: Sequence[Gap]) -> str:
    counts = Counter(fields.get("status") for fields in actuals.values())
    kinds = [f"{kind}: {counts[kind]:,}" for kind in KINDS if counts[kind]]
    planned = items - sum(counts[kind] for kind in KINDS) - len(gaps)
    names = f" ({_names(gap.step for gap in gaps)})" if gaps else ""
    return ", ".join([*kinds, f"as planned: {planned:,}", f"unknown: {len(gaps):,}{names}"])


def _warnings(gaps: Sequence[Gap], label: str) -> list[str]:
    lines = [
        f"warning: {why}: {_names(gap.step for gap in gaps if gap.why == why)}"
        for why in dict.fromkeys(gap.why for gap in gaps)
    ]
    begun = [gap.step for gap in gaps if gap.begin]
    if begun:
        lines.append(
            f"warning: to begin before {label} by the plan, and counted as gone as planned until the actuals say"
            f" otherwise: {_names(begun)}"
        )
    return lines


def _notes(actuals: Mapping[str, Mapping[str, str]], remotes: Mapping[str, Remote], now: int, label: str) -> list[str]:
    part = [
        step
        for step, fields in actuals.items()
        if fields.get("status") == "done" and (remotes[step].percent or 0) < 100 and remotes[step].percent is not None
    ]
    early = [step for step, remote in remotes.items() if now == 0 and remote.progress in ("running", "done")]
    return [
        *([f"closed there at less than 100 %, and counted as done: {_names(part)}"] if part else []),
        *(
            [f"begun there, and not taken over, because nothing is past before {label}: {_names(early)}"]
            if early
            else []
        ),
    ]


def _names(steps: Iterable[str]) -> str:
    return listed(list(steps), NAMED)
