"""What changed of the limits and of the steps of a question between two plans."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from stepladder.analysis.sides import (
    BOUND,
    CENT,
    COSTS,
    DEMANDED,
    REST,
    STEPS,
    Changed,
    Sides,
    Unit,
    Weighed,
    called,
    span,
    within,
)
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import MONEY, Need, Step, Window
from stepladder.data.formats.spread import shown
from stepladder.data.phrases import mark, phrase, several
from stepladder.evaluate import Ledger

#: What has happened to a step that is not open says itself what has become of these.
_HAPPENED = (
    "duration",
    "spread",
    "earliest",
    "latest_finish",
    "start",
    "required",
    "needs",
    "needs_any",
    "needs_achievements",
)


def limits(sides: Sides) -> Iterator[Weighed]:
    """Limits that are others; of one that the past has used, what the plan before was to leave of it."""
    used: dict[str, list[int]] = {}
    ledger = Ledger(sides.old)

    def named(window: Window) -> str:
        """What time alone does not change."""
        first = max(window.from_, sides.now)
        return f"{window.resource} in {window.label or f'periods {first} to {window.to}'}"

    def left(window: Window) -> float:
        """What the plan before was to leave of a limit by now."""
        if window.from_ >= sides.then or not sides.later:
            return window.limit
        units = used.setdefault(window.resource, ledger.total(sides.before.decided, window.resource))
        return window.limit - ledger.amount(sum(units[window.from_ : sides.then]), window.resource)

    changed: list[tuple[Window, Changed]] = []
    lifted = _lifted(sides)
    for name, was, now in sides.pairs("windows", named):
        if sides.later and now is None and was.to < sides.then:
            continue
        one, other = None if was is None else left(was), None if now is None else now.limit
        if one is None or other is None or abs(one - other) > CENT:
            unit: Unit = "money" if (now or was).resource in MONEY else ""
            words = _limit(sides, was, now or was)
            if now in lifted:
                words = phrase("{limit}, all of it for what is done or running", limit=words)
            change = Changed(f"windows.{name}.limit", one, other, words, unit)
            changed.append((now or was, change))
    for window, change in changed:
        wider = [other for around, other in changed if _around(around, window) and _down(other) == _down(change)]
        yield BOUND, replace(change, within=wider[-1].path) if wider else change


def _lifted(sides: Sides) -> list[Window]:
    """Limits of which there is as much as what is done or running takes, and no more: less may be left of them."""
    ledger = Ledger(sides.new)
    settled = {name: start for name, start in sides.after.starts.items() if sides.settled(name)}
    mine = [window for window in sides.new.windows if window.limit > 0 and window.resource in ledger.resources]
    used = {resource: ledger.total(settled, resource) for resource in {window.resource for window in mine}}

    def takes(window: Window) -> float:
        """What is done or running takes of it."""
        return ledger.amount(sum(used[window.resource][window.from_ : window.to + 1]), window.resource)

    return [window for window in mine if window.limit <= takes(window) + CENT]


def _around(one: Window, other: Window) -> bool:
    """Whether a limit begins with another one of the same resource, and goes on after it."""
    return (one.resource, one.from_) == (other.resource, other.from_) and one.to > other.to


def _down(change: Changed) -> bool | None:
    """Whether a limit is lower than before; None for one that is new or gone."""
    return None if None in (change.before, change.after) else change.after < change.before


def _limit(sides: Sides, was: Window | None, window: Window) -> str:
    """A limit in words."""
    inside = window.to < sides.new.horizon
    place = within if inside else span
    values = {
        "what": called(window.resource, {**sides.before.teams, **sides.after.teams}),
        "where": window.label or place(sides.new, window.from_, window.to),
    }
    if not (sides.later and was is not None and was.from_ < sides.then):
        return phrase("{what} in {where}", **values)
    if not sides.since:
        return phrase("{what} in {where}, what is left", **values)
    return phrase("{what} in {where}, what is left from {period} on", period=sides.since, **values)


# -- steps -------------------------------------------------------------------------------------------------------------

_STEP: dict[str, tuple[str, Unit, int]] = {
    "title": (mark("{step}: title"), "", REST),
    "required": (mark("{step}: is demanded"), "", DEMANDED),
    "latest_finish": (mark("{step}: to be finished in"), "", DEMANDED),
    "start": (mark("{step}: is to begin in"), "", DEMANDED),
    "earliest": (mark("{step}: may begin in"), "", DEMANDED),
    "once": (mark("{step}: cost once"), "money", COSTS),
    "spread": (mark("{step}: shares of the cost once by period"), "", COSTS),
    "per_year": (mark("{step}: cost a year"), "money", COSTS),
    "renew": (mark("{step}: again once finished"), "", COSTS),
    "duration": (mark("{step}: periods of work"), "", COSTS),
    "value_once": (mark("{step}: worth once"), "money", COSTS),
    "value_per_year": (mark("{step}: worth a year"), "money", COSTS),
    "points_per_year": (mark("{step}: points a year"), "", COSTS),
    "needs": (mark("{step}: needs first"), "", REST),
    "needs_any": (mark("{step}: needs one of"), "", REST),
    "needs_achievements": (mark("{step}: needs to be reached first"), "", REST),
}
_EFFORT = {
    "effort": mark("{step}: person-days of {team}"),
    "effort_per_year": mark("{step}: person-days a year of {team}"),
}
_PERIOD = ("latest_finish", "start", "earliest")


def steps(sides: Sides) -> Iterator[Weighed]:
    """Steps that are new or gone, and what of the others is not what it was."""
    missed = {name for plan in (sides.before, sides.after) for name in _missed(plan)}
    for name, was, now in sides.pairs("steps", lambda step: step.id):
        path, title = f"steps.{name}", (now or was).name
        if was is None or now is None:
            yield (
                STEPS,
                Changed(
                    path, was and was.once, now and now.once, phrase("Step “{step}”: cost once", step=title), "money"
                ),
            )
        elif _found(sides, name):
            yield STEPS, Changed(f"{path}.state", "open", "done", phrase("{step}: found reached", step=title))
        else:
            yield from _step(sides, path, was, now, missed)


def _found(sides: Sides, name: str) -> bool:
    """Whether somebody has found a step done that counted as open, so that nothing of it costs any more."""
    told = sides.after.progress.get(name)
    return told is not None and told.source == "assessment" and sides.before.state(name) == "open"


def _step(sides: Sides, path: str, was: Step, now: Step, missed: set[str]) -> Iterator[Weighed]:
    settled = sides.settled(now.id)
    pin_is_over = sides.later and was.start is not None and was.start < sides.then
    over = {*(_HAPPENED if settled else ())} | ({"start", "required"} if pin_is_over else set())
    # A date that is missed is said to be, and has none of its own any more.
    over |= {"latest_finish"} if sides.later and now.id in missed else set()
    old, new = _values(sides, sides.before, was), _values(sides, sides.after, now)
    for name in dict.fromkeys([*old, *new]):
        if old.get(name) == new.get(name) or name in over:
            continue
        key, _, team = name.partition(".")
        words, unit, weight = _STEP.get(key, (_EFFORT.get(key, ""), "", COSTS))
        what = phrase(words, step=now.name, team=sides.after.teams.get(team, team))
        yield weight, Changed(f"{path}.{name}", old.get(name), new.get(name), what, unit)


def _missed(plan: Plan) -> Iterator[str]:
    """The steps whose dates, or the dates of whose milestones, a plan says are missed."""
    by_name = {one.name: one.steps for one in plan.milestones}
    for miss in plan.missed:
        yield from (miss.step,) if miss.step is not None else by_name.get(miss.milestone or "", ())


def _values(sides: Sides, plan: Plan, step: Step) -> dict[str, Any]:
    """What is asked of a step, its periods as labels; what it costs once as far as that is known."""
    problem, begin = plan.problem, sides.then if plan is sides.before else sides.now
    values: dict[str, Any] = {name: getattr(step, name) for name in _STEP}
    values |= {"once": plan.once(step), "earliest": max(step.earliest, begin) if sides.later else step.earliest}
    values["spread"] = shown(step.spread) or None
    values["renew"] = (step.renew.said(problem.currency) or None) if step.renew else None
    for name in _PERIOD:
        t = values[name]
        values[name] = None if t is None else problem.periods[t].label if t < problem.horizon else phrase("no period")
    values["needs"] = _needs(sides, step.needs)
    values["needs_any"] = several((_needs(sides, group) or "" for group in step.needs_any), "; ") or None
    names = {item.id: item.name for item in problem.achievements}
    achieved = (_before(names[need.achievement], need.lag) for need in step.needs_achievements)
    values["needs_achievements"] = several(achieved) or None
    values |= {f"effort.{team}": days for team, days in step.effort.items()}
    return values | {f"effort_per_year.{team}": days for team, days in step.effort_per_year.items()}


def _needs(sides: Sides, needs: Iterable[Need]) -> str | None:
    open_ = (need for need in needs if not sides.settled(need.step))
    return several(_before(sides.names.get(need.step, need.step), need.lag) for need in open_) or None


def _before(name: str, lag: int) -> str:
    """What is needed, and how many periods before, where that is not the period before."""
    return phrase("{name} ({count} periods before)", name=name, count=str(lag)) if lag != 1 else name
