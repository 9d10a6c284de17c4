"""What an answer leaves for the next: the plan as a start, the bound where it still holds, the tangents where they
were of use.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping

import numpy as np

from stepladder.data.classes import alike
from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.threat import Threat
from stepladder.data.objective import objective_of
from stepladder.data.rules import CAPS
from stepladder.evaluate import Ledger, Starts, caps
from stepladder.evaluate.covers import Covered, mixed
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.severity import Terms
from stepladder.evaluate.tables import Tables
from stepladder.evaluate.uses import Array
from stepladder.optimise.formulation.dates import must_plan
from stepladder.optimise.formulation.variables import Grid
from stepladder.optimise.heuristics.greedy import first_plan, obeys
from stepladder.optimise.heuristics.local_search import polish
from stepladder.optimise.outcome import Keep, Learnt
from stepladder.optimise.search.state import Logs, SearchState

#: So many of a loss's tangents are taken over, so that the program does not grow from answer to answer.
POINTS = 8
#: Up to here a product of two counts is exact in 64 bits.
_EXACT = 2**31


def remember(state: SearchState, starts: Mapping[str, int], bound: float | None) -> Learnt:
    """What a search that has found a plan leaves."""
    points = {(state.grid.called(k), t): tuple(at) for (k, t), at in state.touched.items()}
    return Learnt(state.grid.problem, dict(starts), bound, points, state.grid.keep)


def recall(state: SearchState, learnt: Learnt) -> bool:
    """Begin a search with what an earlier one left: its plan as far as it goes here, and its bound if that is
    certain to hold. Whether it did.
    """
    grid = state.grid
    if not any(step.id in grid.number for step in learnt.problem.steps):
        return False
    if (
        learnt.bound is not None
        and _kept_closer(learnt.keep, grid.keep)
        and still_bounds(Tables(Ledger(learnt.problem)), grid.tables)
    ):
        state.bound = learnt.bound
    plan: dict[str, int] | None = _kept(grid, learnt.starts)
    if not obeys(grid, plan or {}):
        plan = (
            None
            if state.out_of_time()
            else first_plan(
                grid, {name: float(start) for name, start in learnt.starts.items() if name in grid.number}, state.stop
            )
        )
    if plan is not None:
        state.take(plan)
        state.take(polish(grid, plan, state.stop))
    return state.plan is not None


def _kept_closer(before: Keep | None, after: Keep | None) -> bool:
    """Whether every plan that may be had now might have been had then, as far as a published plan goes."""
    if before is None or after is None:
        return before is None
    return (before.starts, before.settled) == (after.starts, after.settled) and after.moves <= before.moves


def points_of(grid: Grid, learnt: Learnt, logs: Logs) -> dict[tuple[int, int], list[float]]:
    """Where the losses had tangents, by threat and time here: the nearest to the plan held, and the plan's own
    point.
    """
    points = {}
    for k, t in grid.losses:
        at = learnt.points.get((grid.called(k), t))
        if at:
            own = logs.get((k, t))
            points[k, t] = sorted(at)[:POINTS] if own is None else sorted({own, *_nearest(at, own)})
    return points


def _nearest(points: Iterable[float], own: float) -> list[float]:
    """The few points nearest to one."""
    ordered = sorted((abs(point - own), point) for point in points)
    return [point for _, point in ordered[:POINTS]]


def _kept(grid: Grid, starts: Starts) -> dict[str, int]:
    """The part of a plan that breaks no rule here: what must be done first, then the earliest; losses are looked at
    by who judges it.
    """
    draft = Draft(grid.tables)
    must = must_plan(grid.problem)
    named = [(name not in must, start, grid.number[name]) for name, start in starts.items() if name in grid.number]
    waiting = sorted((later, start, k) for later, start, k in named if start in grid.starts_of(grid.tables.steps[k]))
    moved = True
    # A step waits for what it needs, which may stand behind it.
    while moved:
        left = []
        for later, start, k in waiting:
            if CAPS.issuperset(draft.broken(k, start, first=True)):
                draft.put(k, start)
            else:
                left.append((later, start, k))
        moved, waiting = len(left) < len(waiting), left
    return draft.plan


# -- whether a bound still holds -----------------------------------------------------------------------------------


def still_bounds(old: Tables, new: Tables) -> bool:
    """Whether it is certain that the new problem has no plan that the old one has not, and none that is worth less in
    the first criterion there.

    Then a bound on the old problem is one on the new. All that is compared is added and multiplied in the same order in
    both problems, and rounding keeps order, so what holds for the numbers holds for the sums and products of floats. In
    doubt the answer is no: of every field of a problem ``data.classes`` says how it is compared, and one of which it
    says nothing may not differ.
    """
    before, after = old.problem, new.problem
    return (
        alike(before, after)
        and _order_holds(old, new)
        and _losses_hold(before, after)
        and _caps_hold(before, after)
        and _tails_hold(before, after)
        and _windows_hold(old, new)
        and _costs_hold(old, new)
    )


def _order_holds(old: Tables, new: Tables) -> bool:
    """Dates, needs, groups, exclusions, what is required, and steps at once: all of the old ones are there, as tight
    or tighter.
    """
    limit, now = old.problem.max_parallel, new.problem.max_parallel
    if limit is not None and (now is None or now > limit):
        return False
    for k, (step, other) in enumerate(zip(old.steps, new.steps, strict=True)):
        if step.must and not other.must:
            return False
        starts = range(old.horizon - step.duration + 1)
        if any(old.fits_itself(step, start) and not new.fits_itself(other, start) for start in starts):
            return False
        if any(all(i != j or longer < gap for i, longer in new.needs[k]) for j, gap in old.needs[k]):
            return False
        if any(group not in new.groups[k] for group in old.groups[k]) or not old.excludes[k] <= new.excludes[k]:
            return False
    return True


def _losses_hold(before: Problem, after: Problem) -> bool:
    """Every old threat is there, with no less loss, and no step takes more off it."""
    threats = {threat.id: threat for threat in after.threats}
    for threat in before.threats:
        now = threats.get(threat.id)
        if now is None or now.expected_loss_per_year < threat.expected_loss_per_year:
            return False
        if not _paid_alike(threat, now):
            return False
        if any(factor < threat.factors.get(name, 1.0) for name, factor in now.factors.items()):
            return False
        # In another order the products of the same factors may differ in the last digit.
        if [name for name in threat.factors if name in now.factors] != [
            name for name in now.factors if name in threat.factors
        ]:
            return False
    return True


def _paid_alike(threat: Threat, now: Threat) -> bool:
    """Whether policies leave the same of a threat with each combination of steps, where that is no factor."""
    if mixed(threat) is None and mixed(now) is None:
        return True
    return _paying(threat) == _paying(now)


def _paying(threat: Threat) -> tuple[object, ...]:
    """All that decides how much policies pay of one event: what it costs, which steps make it cheaper, and on which
    terms.
    """
    size = None if threat.events is None else (threat.events.median, threat.events.sigma)
    return size, [(name, threat.factors.get(name)) for name in threat.cheaper], _covers(threat)


def _caps_hold(before: Problem, after: Problem) -> bool:
    """Wherever an old appetite binds, a new one does, at no more."""
    former, now = _caps(before), _caps(after)
    return all(now.get(key, math.inf) <= cap for key, cap in former.items())


def _caps(problem: Problem) -> dict[tuple[str | None, int], float]:
    """The lowest cap by threat's id (None for all) and time."""
    lowest: dict[tuple[str | None, int], float] = {}
    for index, t in caps(problem):
        cap = problem.appetite[index]
        lowest[cap.threat, t] = min(cap.expected_loss_per_year, lowest.get((cap.threat, t), math.inf))
    return lowest


def _tails_hold(before: Problem, after: Problem) -> bool:
    """Wherever a cap on large losses held, one that is as tight or tighter does now, of events that are the same; in
    ``_losses_hold`` it was seen that no step takes more off them.
    """
    if not before.exceedance:
        return True
    sides = ({one.id: (one.events, set(one.cheaper), _covers(one)) for one in p.threats} for p in (before, after))
    events, now = sides
    if any(now.get(name) != told for name, told in events.items()):
        return False
    ending = any(step.until is not None for step in after.steps)
    return all(any(_as_tight(cap, other, ending=ending) for other in after.exceedance) for cap in before.exceedance)


def _covers(threat: Threat) -> dict[str, Terms]:
    return threat.covers if isinstance(threat, Covered) else {}


def _as_tight(cap: Exceedance, other: Exceedance, *, ending: bool) -> bool:
    """Whether whatever keeps the second cap keeps the first: one for all threats together, for a lower amount, or from
    an earlier time on keeps more; a year costs more than an amount whenever one of its events does. With policies,
    which end, it is to hold for as long.
    """
    if ending and other.to is not None and (cap.to is None or other.to < cap.to):
        return False
    kind = cap.of == other.of or (cap.of, other.of) == ("one_event", "year")
    wider = other.threat in (None, cap.threat) and other.above <= cap.above and other.from_ <= cap.from_
    return kind and wider and other.most <= cap.most


def _windows_hold(old: Tables, new: Tables) -> bool:
    """Every old window has a new one with no higher limit, of which every step at every start uses no less."""
    limits: dict[tuple[str, int, int], float] = {}
    for window in new.problem.windows:
        key = window.resource, window.from_, window.to
        limits[key] = min(window.limit, limits.get(key, math.inf))
    # A limit is the decimal that its float was written as; these are in the same order as the floats.
    if any(limits.get((w.resource, w.from_, w.to), math.inf) > w.limit for w in old.problem.windows):
        return False
    possible = _possible(old)
    spans = [
        (name, first, after)
        for name, (firsts, afters, _) in old.windows.items()
        for first, after in zip(firsts.tolist(), afters.tolist(), strict=True)
    ]
    for resource, first, after in spans:
        former, now = (tables.uses(resource).between(first, after)[possible] for tables in (old, new))
        unit, other = old.ledger.unit[resource], new.ledger.unit[resource]
        if unit != other:
            former, now = _times(former, other), _times(now, unit)
        if not bool((now >= former).all()):
            return False
    return True


def _times(counts: Array, factor: int) -> Array:
    """Counts times a factor, exactly."""
    small = factor < _EXACT and (counts.size == 0 or int(np.abs(counts).max()) < _EXACT)
    result: Array = (counts if small else counts.astype(object)) * factor
    return result


def _costs_hold(old: Tables, new: Tables) -> bool:
    """Of what the first criterion counts beside losses, no step at any start is worth more or costs less."""
    possible, objective = _possible(old), objective_of(old.problem)
    worth = not objective.risk or bool((new.worth <= old.worth)[possible].all())
    spend = not objective.spend or bool((new.spend >= old.spend)[possible].all())
    return worth and spend


def _possible(tables: Tables) -> Array:
    """Whether a step that starts there ends within the horizon, by step and start."""
    result: Array = tables.duration + np.arange(tables.horizon) <= tables.horizon
    return result
