"""What a plan keeps and what it leaves, as sentences: milestones, advice not followed, steps left out, and what a
reader should know.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from functools import reduce
from typing import TYPE_CHECKING

from stepladder.analysis.achieved import achieved
from stepladder.analysis.omitted import Omitted, OmittedWhy, omitted
from stepladder.analysis.roadmap import Roadmap
from stepladder.analysis.slack import slack_of
from stepladder.data.formats.context import Milestone
from stepladder.data.notes import implies
from stepladder.data.objective import objective_of
from stepladder.data.rules import BY_NAME
from stepladder.wording import claims, numbers
from stepladder.wording.assumptions import illustration
from stepladder.wording.language import _, mark, plural
from stepladder.wording.left_out import left_out
from stepladder.wording.levels import levelled
from stepladder.wording.notes import said
from stepladder.wording.text import clean, listed
from stepladder.wording.words import title

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan

#: A note that begins so is about a soft need that the plan does not follow.
ADVICE = "Advice not followed: "

HEADINGS: dict[OmittedWhy, str] = {
    "needs": mark("Needs what is not planned."),
    "rules": mark("No room: added to this plan, these break a rule wherever they start."),
    "nothing": mark("Removes nothing, and nothing of use needs it."),
    "no_gain": mark("Without gain: adding one of these would make the plan no better."),
    "stopped": mark("Not reached: the search was stopped, and adding one of these would make the plan better."),
    "cancelled": mark("Cancelled: somebody has decided so."),
}
#: The same of a step that would be of use to nothing, where points count.
_POINTLESS = mark("Is worth no points, and nothing of use needs it.")


IN_SHORT: dict[OmittedWhy, str] = {
    "needs": mark("what is needed first is not planned"),
    "rules": mark("some rule is in the way of every start"),
    "no_gain": mark("there is room, and the plan would be no better"),
    "stopped": mark("the search was stopped before, and the plan would be better"),
    "cancelled": mark("cancelled"),
}


def met(road: Roadmap, milestone: Milestone) -> str:
    """Whether and when a milestone is met, as a sentence."""
    plan, slack = road.plan, slack_of(road.plan, milestone)
    if slack.state in ("today", "unknown"):
        return _without_steps(plan, milestone)
    missing = [name for name in milestone.steps if name not in road.steps]
    if missing:
        return _("Not met: {what}.", what=_missing(road, milestone, missing))
    if slack.finish is None:
        return _("Not met: {what} not reached.", what=_unreached(road, milestone))
    period = numbers.label(plan.problem.periods[slack.finish])
    if slack.end is None or slack.days is None:
        return _("Met in {period}.", period=period)
    when = {"period": period, "day": numbers.day(slack.end)}
    late = plan.missed_of(milestone)
    if slack.state == "missed" and late is not None:
        return f"{_('Missed: met in {period}, by {day}.', **when)} {claims.missed(late)}"
    if slack.days < 0:
        return _("Met in {period}, by {day}, which is late.", **when)
    if not slack.days:
        return _("Met in {period}, by {day}, on the day.", **when)
    return _("Met in {period}, by {day}, {days} to spare.", days=numbers.count(slack.days, "day"), **when)


def _missing(road: Roadmap, milestone: Milestone, names: list[str]) -> str:
    """How many of a milestone's steps are not in the plan, and how many of these because somebody cancelled them."""
    gone = sum(road.plan.state(name) == "cancelled" for name in names)
    left = len(names) - gone
    figures = {
        "gone": numbers.count(gone, "step"),
        "left": numbers.whole(left) if gone else numbers.count(left, "step"),
        "all": numbers.whole(len(milestone.steps)),
    }
    if not gone:
        return _("{left} of {all} not planned", **figures)
    if not left:
        return _("{gone} of {all} cancelled", **figures)
    return _("{gone} of {all} cancelled and {left} not planned", **figures)


def _without_steps(plan: Plan, milestone: Milestone) -> str:
    """Of a milestone for which nothing is to be done: whether that is known to have been so in time."""
    today = plan.problem.periods[plan.now]
    if today.start is None or milestone.date >= today.start:
        return _("Met today.")
    return _(
        "Reached by {period}, as the levels of then say; whether it was by {day} nothing says.",
        period=numbers.label(today),
        day=numbers.day(milestone.date),
    )


#: A missed date: by whether it has a day of its own, and whether a part of what it takes is cancelled.
_MISSED = {
    (True, False): mark("Missed: {name} by {day}; met in {period}."),
    (True, True): mark("Missed: {name} by {day}; without what was cancelled, met in {period}."),
    (False, False): mark("Missed: {name}; met in {period}."),
    (False, True): mark("Missed: {name}; without what was cancelled, met in {period}."),
}


def missed_lines(plan: Plan) -> Iterator[str]:
    """What is missed, a line each: the deadline, when it is met instead, and what is proved of that."""
    titles = {milestone.name: milestone.title for milestone in plan.milestones}
    steps = {step.id: step.title for step in plan.problem.steps}
    for miss in plan.missed:
        name = title(
            titles.get(miss.milestone or "") or steps.get(miss.step or "") or miss.milestone or miss.step or ""
        )
        own = next((one.steps for one in plan.milestones if one.name == miss.milestone), ())
        words = _MISSED[bool(miss.by), any(plan.state(step) == "cancelled" for step in own)]
        day = numbers.day(miss.by) if miss.by else ""
        yield f"{_(words, name=name, day=day, period=miss.earliest)} {claims.missed(miss)}"


def kept(road: Roadmap, milestone: Milestone) -> bool:
    """Whether a milestone is met by its date, as far as is known."""
    return slack_of(road.plan, milestone).kept


def _unreached(road: Roadmap, milestone: Milestone) -> str:
    """The achievements of a milestone that a plan does not reach."""
    since = achieved(road.plan)
    items = [item for item in road.plan.problem.achievements if item.id in milestone.achievements]
    return listed([title(item.name) for item in items if item.id not in since])


def because(milestone: Milestone) -> str:
    """Why a milestone is due then, and who says so; empty where nothing is said."""
    reason = clean(milestone.reason).rstrip(".")
    source = f" ({clean(milestone.source)})" if clean(milestone.source) else ""
    return f"{reason}{source}." if reason else ""


def left_by_reason(plan: Plan) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """Under a heading for each reason the steps that are not in the plan, each with what more there is to say of it."""
    points = objective_of(plan.problem).points
    for group in omitted(plan):
        if group.why == "room":
            heading = _("No room: in every period from the one that is named on, {why}.", why=_in_the_way(group.rules))
        else:
            heading = _(_POINTLESS if points and group.why == "nothing" else HEADINGS[group.why])
        yield heading, [(levelled(plan, one.step), _more(plan, one)) for one in group.steps]


def left_in_short(plan: Plan) -> list[str]:
    """A line for each of these reasons."""
    points = objective_of(plan.problem).points
    lines = []
    for group in omitted(plan):
        many = len(group.steps)
        steps = numbers.count(many, "step")
        if group.why == "room":
            lines.append(f"{steps}: {_in_the_way(group.rules)}")
        elif group.why != "nothing":
            lines.append(f"{steps}: {_(IN_SHORT[group.why])}")
        elif points:
            lines.append(plural("{steps}: is worth no points", "{steps}: are worth no points", many, steps=steps))
        else:
            lines.append(plural("{steps}: removes nothing", "{steps}: remove nothing", many, steps=steps))
    return lines


def _in_the_way(names: Collection[str]) -> str:
    """The rules that are in the way of every start, one or the other."""
    limits = [_(rule.short) for rule in BY_NAME.values() if rule.name in names]
    return reduce(lambda one, other: _("{one} or {other}", one=one, other=other), limits)


def _more(plan: Plan, one: Omitted) -> str:
    """What a heading does not say of a step that is left out."""
    if one.why == "room":
        return _("from {first} on", first=numbers.label(plan.problem.periods[one.since]))
    if one.why == "nothing":
        return ""
    return left_out(plan, one.step.id)


def advice_of(road: Roadmap) -> list[str]:
    """Soft needs that the plan does not follow, as sentences."""
    lines = road.plan.context.notes if road.plan.context else ()
    return [said(note.removeprefix(ADVICE)) for note in lines if note.startswith(ADVICE)]


def notes_of(road: Roadmap) -> list[str]:
    """What the scenario implies, and how many numbers are nobody's own, as sentences."""
    context = road.plan.context
    if context is None:
        return []
    items = [said(note) for note in context.notes if not note.startswith(ADVICE) and not implies(note)]
    illustrative = sum(origin.illustrative for origin in context.numbers)
    if illustrative:
        items.append(illustration(illustrative, len(context.numbers)))
    return items
