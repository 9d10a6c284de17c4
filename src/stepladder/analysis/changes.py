"""What changed in a question between two plans, in the words and numbers of those who asked it: what weighs most
first.

What time alone changes is no change: that the past is over, and that a limit is smaller by what was to be spent of it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from typing import Any

from stepladder.analysis.changed_policies import policies
from stepladder.analysis.changed_steps import limits, steps
from stepladder.analysis.sides import ASKED, BOUND, CENT, DUE, LOST, REST, SAME, Changed, Sides, Unit, Weighed, span
from stepladder.data.demand_names import exceedance_name
from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Appetite, Problem
from stepladder.data.formats.threat import Threat


def changes(before: Plan, after: Plan, here: Mapping[int, int]) -> tuple[Changed, ...]:
    """What changed in the question, what weighs most first, and of the same weight the largest amount.

    Parameters
    ----------
    before, after
        The plans.
    here
        By period of the one plan the same period of the other.
    """
    sides = Sides(before, after, here)
    weighed = [
        *_whole(sides),
        *_threats(sides),
        *_caps(sides),
        *_tails(sides),
        *_milestones(before, after),
        *_achievements(sides),
        *limits(sides),
    ]
    weighed += [*steps(sides), *policies(sides), *_periods(sides)]
    return tuple(change for _, change in sorted(weighed, key=lambda one: (one[0], -_size(one[1]))))


def _size(change: Changed) -> float:
    if change.unit != "money":
        return 0.0
    return float(abs((change.after or 0.0) - (change.before or 0.0)))


# -- the question as a whole -------------------------------------------------------------------------------------------

_WHOLE: dict[str, str] = {
    "title": "Title",
    "currency": "Currency",
    "objective": "Objective",
    "effect_lag": "Periods until a finished step helps",
    "max_parallel": "Steps at once",
}


def _whole(sides: Sides) -> Iterator[Weighed]:
    for name, words in _WHOLE.items():
        was, now = getattr(sides.old, name), getattr(sides.new, name)
        if was != now:
            yield ASKED if name != "max_parallel" else BOUND, Changed(name, was, now, words)
    for name in ("years", "discount"):
        was, now = getattr(sides.old.tail, name), getattr(sides.new.tail, name)
        if was != now:
            yield ASKED, Changed(f"tail.{name}", was, now, f"After the horizon: {name}")
    old, new = (_excluded(sides, problem) for problem in (sides.old, sides.new))
    for pair in dict.fromkeys([*old, *new]):
        if (pair in old) != (pair in new) and not (sides.later and pair in old):
            yield REST, Changed(f"excludes.{pair}", *_there(pair in old, pair in new), f"Not both: {pair}")


def _there(before: bool, after: bool) -> tuple[bool | None, bool | None]:
    return (True if before else None, True if after else None)


def _excluded(sides: Sides, problem: Problem) -> dict[str, None]:
    return dict.fromkeys(
        " and ".join(sides.names.get(name, name) for name in sorted(pair)) for pair in problem.excludes
    )


def _periods(sides: Sides) -> Iterator[Weighed]:
    for label, was, now in sides.pairs("periods", lambda period: period.label):
        if was is None or now is None:
            yield ASKED, Changed(f"periods.{label}", *_there(was is not None, now is not None), f"Period {label}")
            continue
        for name in ("start", "end", "years", "discount"):
            if getattr(was, name) != getattr(now, name):
                one, other = _plain(getattr(was, name)), _plain(getattr(now, name))
                yield ASKED, Changed(f"periods.{label}.{name}", one, other, f"Period {label}: {name}")


def _plain(value: Any) -> Any:
    return value if value is None or isinstance(value, int | float) else str(value)


# -- losses ------------------------------------------------------------------------------------------------------------


def _threats(sides: Sides) -> Iterator[Weighed]:
    there = _in_place(sides.after)
    for name, was, now in sides.pairs("threats", lambda threat: threat.id):
        path, title = f"threats.{name}", (now or was).name
        words = f"{title}: expected loss a year{sides.since}"
        if was is None or now is None:
            loss = (None if side is None else _now(side, there) for side in (was, now))
            yield LOST, Changed(f"{path}.expected_loss_per_year", next(loss), next(loss), words, "money")
            continue
        if was.title != now.title:
            yield REST, Changed(f"{path}.title", was.title, now.title, f"{name}: title")
        a, b = _now(was, there), _now(now, there)
        if abs(a - b) > max(SAME * max(a, b), CENT):
            yield LOST, Changed(f"{path}.expected_loss_per_year", a, b, words, "money")
        elif was.expected_loss_per_year == now.expected_loss_per_year:
            yield from _events(path, was, now)
        for step in dict.fromkeys([*was.factors, *now.factors]):
            one, other = was.factors.get(step), now.factors.get(step)
            if one != other and not sides.settled(step):
                before, after = (None if factor is None else _percent(1 - factor) for factor in (one, other))
                what = f"{title}: what {sides.names.get(step, step)} takes off it"
                yield LOST, Changed(f"{path}.factors.{step}", before, after, what)


def _percent(part: float) -> str:
    return f"{100 * part:.1f}".removesuffix(".0") + " %"


def _in_place(plan: Plan) -> set[str]:
    """The steps that help in the first period that can still be decided."""
    steps = plan.problem.steps_by_id()
    begun = {name: start for name, start in plan.starts.items() if start < plan.now}
    return {name for name, start in begun.items() if plan.problem.in_place(steps[name], start) <= plan.now}


def _now(threat: Threat, there: set[str]) -> float:
    """A threat's expected loss a year with these steps in place."""
    return threat.expected_loss_per_year * math.prod(factor for name, factor in threat.factors.items() if name in there)


def _events(path: str, was: Threat, now: Threat) -> Iterator[Weighed]:
    """How a loss comes about, where both questions say so and the loss is the same: one that is another is listed
    already.
    """
    words = {"per_year": "events a year", "median": "what half of the events cost less than", "sigma": "spread (sigma)"}
    if was.events is None or now.events is None:
        return
    for name, what in words.items():
        one, other = getattr(was.events, name), getattr(now.events, name)
        if one != other:
            unit: Unit = "money" if name == "median" else ""
            yield LOST, Changed(f"{path}.events.{name}", one, other, f"{now.name}: {what}", unit)
    if was.cheaper != now.cheaper:
        one, other = json.dumps(was.cheaper), json.dumps(now.cheaper)
        yield LOST, Changed(f"{path}.cheaper", one, other, f"{now.name}: steps that make events cheaper")


def _caps(sides: Sides) -> Iterator[Weighed]:
    def called(cap: Appetite) -> str:
        """What time alone does not change."""
        span = f"from {max(cap.from_, sides.now)} to {'the end' if cap.to is None else cap.to}"
        return f"{cap.threat or 'all threats'} {span}"

    threats = {threat.id: threat.name for threat in (*sides.old.threats, *sides.new.threats)}
    for name, was, now in sides.pairs("appetite", called):
        cap = now or was
        one, other = (side and side.expected_loss_per_year for side in (was, now))
        over = sides.later and now is None and was.to is not None and was.to < sides.then
        if one != other and not over:
            of = f"“{threats.get(cap.threat, cap.threat)}”" if cap.threat else "all threats together"
            what = f"Cap on the expected loss a year of {of} {span(sides.new, cap.from_, cap.to)}"
            yield LOST, Changed(f"appetite.{name}.expected_loss_per_year", one, other, what, "money")


def _tails(sides: Sides) -> Iterator[Weighed]:
    """Caps on large losses that are new, gone or others."""

    def called(cap: Exceedance) -> str:
        """What time alone does not change."""
        span = f"from {max(cap.from_, sides.now)} to {'the end' if cap.to is None else cap.to}"
        return f"{cap.of} above {cap.above:g} of {cap.threat or 'all threats'} {span}"

    for name, was, now in sides.pairs("exceedance", called):
        cap, side = (now, sides.new) if now is not None else (was, sides.old)
        one, other = (held and held.most for held in (was, now))
        over = sides.later and now is None and was.to is not None and was.to < sides.then
        if one != other and not over:
            what = exceedance_name(side, cap).partition(" at most ")[0]
            unit: Unit = "money" if cap.of == "excess" else ""
            yield LOST, Changed(f"exceedance.{name}", one, other, f"Cap on {what}", unit)


# -- dates ------------------------------------------------------------------------------------------------------------


def _achievements(sides: Sides) -> Iterator[Weighed]:
    """Achievements that are new or gone, what they take, and by when they are asked for."""
    for name, was, now in sides.pairs("achievements", lambda item: item.id):
        path, title = f"achievements.{name}", (now or was).name
        if was is None or now is None:
            yield REST, Changed(path, *_there(was is not None, now is not None), f"Achievement “{title}”")
            continue
        for field, words in (("by", "to be reached in"), ("points_per_year", "points a year")):
            one, other = (
                _labelled(side, getattr(item, field), field) for side, item in ((sides.old, was), (sides.new, now))
            )
            if one != other:
                yield DUE if field == "by" else ASKED, Changed(f"{path}.{field}", one, other, f"{title}: {words}")
        if (was.all, was.any, was.score) != (now.all, now.any, now.score):
            yield REST, Changed(f"{path}.conditions", was.words, now.words, f"{title}: what it takes")


def _labelled(problem: Problem, value: Any, field: str) -> Any:
    return problem.periods[value].label if field == "by" and value is not None else value


def _milestones(before: Plan, after: Plan) -> Iterator[Weighed]:
    """Dates of milestones, which a problem only has as dates of steps."""
    old, new = ({milestone.name: milestone for milestone in plan.milestones} for plan in (before, after))
    for key in dict.fromkeys([*old, *new]):
        was, now = (str(by_name[key].date) if key in by_name else None for by_name in (old, new))
        if was != now:
            title = (new.get(key) or old[key]).title
            yield DUE, Changed(f"milestones.{title}.by", was, now, f"Milestone “{title}”: due")
