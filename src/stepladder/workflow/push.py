"""``push``: a plan into a tracker."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from stepladder.data.formats.mapping import TrackerMap
from stepladder.data.formats.plan import Plan
from stepladder.errors import UsageError
from stepladder.exchange.breakdown import breakdown
from stepladder.exchange.items import Breakdown
from stepladder.exchange.names import mark_of
from stepladder.exchange.push.engine import Done, PushState, Side, Steps, apply, steps
from stepladder.exchange.push.mapped import without_user
from stepladder.exchange.push.parents import beside, instead
from stepladder.exchange.push.taken_over import adopted, broken_down, keep, marks_of
from stepladder.exchange.tracker import Mapped, Nesting, Remote, Tracker, Wanted, wanted


@dataclass(frozen=True)
class Push:
    """What a push would do, and all that it needs to do it."""

    steps: Steps
    wanted: Mapping[str, Wanted]
    there: Mapping[str, Remote]


def look(
    plan: Plan,
    tracker: Tracker,
    state: PushState,
    system: str = "",
    side: Side | None = None,
    adopt: str | None = None,
) -> Push:
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
    adopt
        Id of the plan whose items there become this one's, - for plans of before there were ids.

    Raises
    ------
    UsageError
        When nothing there is of that plan, or the tracker does not have what the mapping names, or wants more than it
        sets.
    """
    own, there = breakdown(plan, system), tracker.read()
    whole = broken_down(own, plan, system, state)
    if adopt is not None:
        marks = marks_of(own, plan, adopt, system, there)
        if not marks:
            raise UsageError(f"nothing there is of a plan {adopt!r} with these steps; correct --adopt, or leave it out")
        whole = adopted(whole, marks, state)
    want, nested = _grouped(wanted(whole), whole, tracker, there, state)
    ours = {mark: remote for mark, remote in there.items() if mark in want or mark in state}
    # Where none are set, those that are there are not ours.
    linked = nested | (tracker.links(ours) if tracker.linked else set())
    planned = steps(want, there, linked, state, _reasons(whole), tracker, side)
    creations = [want[action.mark] for action in planned.actions if action.verb == "create"]
    if creations and isinstance(tracker, Mapped):
        tracker.check(creations)
    keep(whole, own, state)
    return Push(planned, want, there)


def _grouped(
    want: dict[str, Wanted], whole: Breakdown, tracker: Tracker, there: Mapping[str, Remote], state: PushState
) -> tuple[dict[str, Wanted], set[tuple[str, str]]]:
    """With systems where the mapping wants them, and what stands below what."""
    if not isinstance(tracker, Mapped) or tracker.mapping.parents == "none":
        return want, set()
    if isinstance(tracker, Nesting):
        nested = tracker.nested(there)
        return beside(want, whole, nested, state), nested
    return instead(want, whole), set()


def owners(plan: Plan, mapping: TrackerMap) -> tuple[str, ...]:
    """Owners of a plan's steps of whom a mapping has no user, in the order of their names."""
    return without_user(mapping, wanted(breakdown(plan)).values())


def carry_out(push: Push, tracker: Tracker, state: PushState, save: Callable[[], None]) -> Done:
    """Do it; ``save`` is called after every step."""
    return apply(push.steps, push.wanted, push.there, tracker, state, save)


def _reasons(whole: Breakdown) -> dict[str, str]:
    """Why each step that is not planned is not, by the marks that its item can have had."""
    return {
        mark_of(name): f"It is not in the plan any more: {left.reason}."
        for left in whole.left
        for name in (left.step, left.step.removeprefix(f"{whole.id}/"))
    }
