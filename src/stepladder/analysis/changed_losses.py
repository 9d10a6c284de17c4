"""What changed of losses between two plans' questions: what is expected, how it comes about, and caps on it."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from stepladder.analysis.sides import CENT, LOST, REST, SAME, Changed, Sides, Unit, Weighed, span
from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Appetite, Problem
from stepladder.data.formats.threat import Threat
from stepladder.data.phrases import mark, phrase

_EVENTS = {
    "per_year": mark("{threat}: events a year"),
    "median": mark("{threat}: what half of the events cost less than"),
    "sigma": mark("{threat}: spread (sigma)"),
}
_LARGE = {
    "one_event": mark("the chance of an event above {above}"),
    "year": mark("the chance of a year above {above}"),
    "excess": mark("expected loss beyond {above} of each event"),
}
_LARGE_OF = {
    "one_event": mark("the chance of an event from {threat} above {above}"),
    "year": mark("the chance of a year from {threat} above {above}"),
    "excess": mark("expected loss from {threat} beyond {above} of each event"),
}


def threats(sides: Sides) -> Iterator[Weighed]:
    """Threats that are new or gone, and what of the others is not what it was."""
    there = _in_place(sides.after)
    for name, was, now in sides.pairs("threats", lambda threat: threat.id):
        path, title = f"threats.{name}", (now or was).name
        words = _loss(title, sides.since)
        if was is None or now is None:
            loss = (None if side is None else _now(side, there) for side in (was, now))
            yield LOST, Changed(f"{path}.expected_loss_per_year", next(loss), next(loss), words, "money")
            continue
        if was.title != now.title:
            yield REST, Changed(f"{path}.title", was.title, now.title, phrase("{name}: title", name=name))
        a, b = _now(was, there), _now(now, there)
        if abs(a - b) > max(SAME * max(a, b), CENT):
            yield LOST, Changed(f"{path}.expected_loss_per_year", a, b, words, "money")
        elif was.expected_loss_per_year == now.expected_loss_per_year:
            yield from _events(path, was, now)
        for step in dict.fromkeys([*was.factors, *now.factors]):
            one, other = was.factors.get(step), now.factors.get(step)
            if one != other and not sides.settled(step):
                before, after = (None if factor is None else _percent(1 - factor) for factor in (one, other))
                what = phrase("{threat}: what {step} takes off it", threat=title, step=sides.names.get(step, step))
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
    if was.events is None or now.events is None:
        return
    for name, words in _EVENTS.items():
        one, other = getattr(was.events, name), getattr(now.events, name)
        if one != other:
            unit: Unit = "money" if name == "median" else ""
            yield LOST, Changed(f"{path}.events.{name}", one, other, phrase(words, threat=now.name), unit)
    if was.cheaper != now.cheaper:
        one, other = json.dumps(was.cheaper), json.dumps(now.cheaper)
        yield (
            LOST,
            Changed(f"{path}.cheaper", one, other, phrase("{threat}: steps that make events cheaper", threat=now.name)),
        )


def caps(sides: Sides) -> Iterator[Weighed]:
    """Caps on expected loss that are new, gone or others."""

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
            name_ = threats.get(cap.threat, cap.threat) if cap.threat else ""
            of = phrase("“{threat}”", threat=name_) if cap.threat else phrase("all threats together")
            when = span(sides.new, cap.from_, cap.to)
            what = phrase("Cap on the expected loss a year of {of} {when}", of=of, when=when)
            yield LOST, Changed(f"appetite.{name}.expected_loss_per_year", one, other, what, "money")


def tails(sides: Sides) -> Iterator[Weighed]:
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
            what = _large(side, cap)
            unit: Unit = "money" if cap.of == "excess" else ""
            yield LOST, Changed(f"exceedance.{name}", one, other, phrase("Cap on {what}", what=what), unit)


def _loss(title: str, since: str) -> str:
    """A threat's loss, as of the period from which on it holds."""
    if since:
        return phrase("{threat}: expected loss a year from {period} on", threat=title, period=since)
    return phrase("{threat}: expected loss a year", threat=title)


def _large(problem: Problem, cap: Exceedance) -> str:
    """What a cap on large losses is of."""
    above = f"{cap.above:,.0f}"
    if cap.threat is None:
        return phrase(_LARGE[cap.of], above=above)
    name = next(one.name for one in problem.threats if one.id == cap.threat)
    return phrase(_LARGE_OF[cap.of], above=above, threat=name)
