"""A plan made better by hand: insert, drop and move one step at a time, or a step with all that need it.

Each search here moves only to plans that are better in one fixed order of what the plan comes to (``evaluate.order``),
so it ends: what a draft comes to depends on the plan alone, no plan comes twice, and there are finitely many. The order
of all loops is fixed, so the same plan comes out.
"""

from __future__ import annotations

import math
import threading
from collections.abc import Callable, Iterable, Sequence

from stepladder.evaluate import Starts
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.order import NOISE, Order
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.closures import dependants, least_change
from stepladder.optimise.heuristics.greedy import obeys, open_starts

#: Steps, each with a new start; None takes it out.
Change = Sequence[tuple[int, int | None]]
#: What a sum may be off by and still be the same, so much finer than what counts as a gain that all of it together is
#: none.
SAME = NOISE / 10

#: More steps than these are not shifted together: that would take too long.
SHIFTED = 100

_PLAIN = Order()


def polish(
    grid: Grid, starts: Starts, stop: threading.Event, order: Order = _PLAIN, *, together: bool = False
) -> dict[str, int]:
    """Insert, drop or move one step at a time while that makes the plan better in this order; ties go to the earlier
    start.

    Afterwards no single insertion, drop or move that breaks no rule makes the plan better by more than sums of floats
    are off by: what is said of steps that are not planned rests on it. With ``together`` steps are also dropped and
    shifted with all that need them, and a policy gives way to another one in the same year.
    """
    if not obeys(grid, starts):
        return dict(starts)
    draft = Draft(grid.tables, starts)
    kinds: list[Callable[[Grid, Draft, Order], Iterable[Change]]] = [
        _insertions,
        _drops,
        _moves,
        *([_drops_together, _shifts, _other_offers] if together else []),
    ]
    since = 0
    while since < len(kinds) and not stop.is_set():
        for kind in kinds:
            since = 0 if _sweep(grid, draft, order, kind(grid, draft, order), stop) else since + 1
            if since == len(kinds):
                break
    return draft.plan


def _insertions(grid: Grid, draft: Draft, _: Order) -> Iterable[Change]:
    return (
        [(k, start)]
        for k in range(len(draft.starts))
        if draft.starts[k] is None
        for start in open_starts(grid, draft, k)
    )


def _drops(_: Grid, draft: Draft, __: Order) -> Iterable[Change]:
    return ([(k, None)] for k in _planned(draft))


def _moves(grid: Grid, draft: Draft, _: Order) -> Iterable[Change]:
    return ([(k, start)] for k in _planned(draft) for start in grid.starts_of(grid.tables.steps[k]))


def _drops_together(_: Grid, draft: Draft, order: Order) -> Iterable[Change]:
    """A step and all that need it, out."""
    for k in _planned(draft):
        kin = dependants(draft, k, room=_room(draft, order))
        if len(kin) > 1:
            yield [(i, None) for i in kin]


def _room(draft: Draft, order: Order) -> float:
    """More loss than this makes a plan worse, whatever else is given up: where losses come first, as much as harmful
    steps may cost and equals differ by.
    """
    if draft.objective.spend:
        return math.inf
    first, large = draft.criteria()[0], draft.size()[0]
    return max(order.ceiling - first, 0.0) + NOISE * large + draft.tables.harm


def _shifts(grid: Grid, draft: Draft, _: Order) -> Iterable[Change]:
    """A step and all that need it, each as much earlier or later."""
    for k in _planned(draft):
        kin = dependants(draft, k, most=SHIFTED)
        for start in grid.starts_of(grid.tables.steps[k]) if len(kin) > 1 else ():
            by = start - (draft.starts[k] or 0)
            change = [(i, (draft.starts[i] or 0) + by) for i in kin]
            if all(at in grid.starts_of(grid.tables.steps[i]) for i, at in change):
                yield change


def _other_offers(grid: Grid, draft: Draft, _: Order) -> Iterable[Change]:
    """Another policy in a year in place of the one that is in force."""
    tables = grid.tables
    for k in _planned(draft):
        others = () if tables.steps[k].is_work else sorted(tables.excludes[k])
        yield from ([(k, None), (j, start)] for j in others for start in grid.starts_of(tables.steps[j]))


def _planned(draft: Draft) -> Iterable[int]:
    return (k for k in range(len(draft.starts)) if draft.starts[k] is not None)


def _sweep(grid: Grid, draft: Draft, order: Order, changes: Iterable[Change], stop: threading.Event) -> bool:
    """Make every change, in order, that makes the plan better and breaks no rule; whether there was one."""
    moved = False
    for change in changes:
        if stop.is_set():
            return False
        if any(start != draft.starts[k] for k, start in change) and _may_improve(draft, order, change):
            moved |= _try(grid, draft, order, change)
    return moved


def _may_improve(draft: Draft, order: Order, change: Change) -> bool:
    """Whether a change gains more than sums of floats are off by, as far as can be told without making it."""
    first = draft.criteria()[0]
    large, small = draft.size()
    one, two = least_change(draft, change)
    off = NOISE * large
    if one < -off and first > order.ceiling:
        return True
    return two < -NOISE * small and first + one <= max(first, order.ceiling) + off


def _try(grid: Grid, draft: Draft, order: Order, change: Change) -> bool:
    """Make a change if it makes the plan better and breaks no rule; whether it was made."""
    if len(change) == 1 and draft.broken(*change[0], first=True):
        return False
    criteria, before = draft.criteria(), [(k, draft.starts[k]) for k, _ in change]
    for k, start in change:
        draft.put(k, start)
    if order.gains(draft.criteria(), criteria, draft.size()) and _holds(grid, draft, change):
        return True
    for k, start in before:
        draft.put(k, start)
    return False


def _holds(grid: Grid, draft: Draft, change: Change) -> bool:
    """Whether a plan keeps every rule after a change that has been made, and to what is published; of one step the
    rules were looked at before.
    """
    kept = len(change) == 1 or not any(draft.broken(k, start, first=True) for k, start in change)
    return kept and (grid.keep is None or grid.keep.holds(draft.plan))


def settle(grid: Grid, starts: Starts, stop: threading.Event, order: Order) -> dict[str, int]:
    """Polish, and start each step, in the order of the problem, as early as costs nothing, until neither changes the
    plan.

    It ends: what polishing gains in the second criterion is more than ten times what all earlier starts together may
    lose of it by rounding.
    """
    plan = polish(grid, starts, stop, order, together=True)
    while not stop.is_set():
        plan = earliest_of_equals(grid, plan, stop, order)
        better = polish(grid, plan, stop, order, together=True)
        if better == plan:
            break
        plan = better
    return plan


def earliest_of_equals(grid: Grid, starts: Starts, stop: threading.Event, order: Order) -> dict[str, int]:
    """Among plans that are equal in every criterion, the one in which each step, in the order of the problem, starts
    earliest.
    """
    if not obeys(grid, starts):
        return dict(starts)
    draft = Draft(grid.tables, starts)
    first, second = order.key(draft.criteria())
    most = first, second + SAME * draft.size()[1]
    for k, current in enumerate(draft.starts):
        for start in () if current is None else grid.starts_of(grid.tables.steps[k]):
            if stop.is_set() or current is None or start >= current:
                break
            if draft.broken(k, start, first=True):
                continue
            draft.put(k, start)
            if all(value <= limit for value, limit in zip(draft.criteria(), most, strict=True)) and _holds(
                grid, draft, [(k, start)]
            ):
                break
            draft.put(k, current)
    return draft.plan
