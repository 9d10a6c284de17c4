"""``push``: a plan into a tracker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from stepladder.data.formats.plan import Plan
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.push.engine import Done, PushState, Side, Steps, apply, steps
from stepladder.exchange.tracker import Remote, Tracker, Wanted, wanted

if TYPE_CHECKING:
    from stepladder.exchange.items import Breakdown


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
