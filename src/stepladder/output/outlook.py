"""What a plan keeps and what it leaves, as sentences: milestones, advice not followed, steps left out, and what a
reader should know.
"""

from __future__ import annotations

from collections.abc import Iterator
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
from stepladder.wording.levels import levelled
from stepladder.wording.text import clean, listed
from stepladder.wording.words import title

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan

#: A note that begins so is about a soft need that the plan does not follow.
ADVICE = "Advice not followed: "

HEADINGS: dict[OmittedWhy, str] = {
    "needs": "Needs what is not planned.",
    "rules": "No room: added to this plan, these break a rule wherever they start.",
    "nothing": "{}, and nothing of use needs it.",
    "no_gain": "Without gain: adding one of these would make the plan no better.",
    "stopped": "Not reached: the search was stopped, and adding one of these would make the plan better.",
    "cancelled": "Cancelled: somebody has decided so.",
}


IN_SHORT: dict[OmittedWhy, str] = {
    "needs": "what is needed first is not planned",
    "rules": "some rule is in the way of every start",
    "no_gain": "there is room, and the plan would be no better",
    "stopped": "the search was stopped before, and the plan would be better",
    "cancelled": "cancelled",
}


def met(road: Roadmap, milestone: Milestone) -> str:
    """Whether and when a milestone is met, as a sentence."""
    plan, slack = road.plan, slack_of(road.plan, milestone)
    if slack.state in ("today", "unknown"):
        return _without_steps(plan, milestone)
    missing = [name for name in milestone.steps if name not in road.steps]
    if missing:
        return f"Not met: {_missing(road, milestone, missing)}."
    if slack.finish is None:
        return f"Not met: {_unreached(road, milestone)} not reached."
    when = f"in {numbers.label(plan.problem.periods[slack.finish])}"
    if slack.end is None or slack.days is None:
        return f"Met {when}."
    when += f", by {numbers.day(slack.end)}"
    late = plan.missed_of(milestone)
    if slack.state == "missed" and late is not None:
        return f"Missed: met {when}. {claims.missed(late)}"
    if slack.days < 0:
        return f"Met {when}, which is late."
    spare = f"{numbers.count(slack.days, 'day')} to spare" if slack.days else "on the day"
    return f"Met {when}, {spare}."


def _missing(road: Roadmap, milestone: Milestone, names: list[str]) -> str:
    """How many of a milestone's steps are not in the plan, and how many of these because somebody cancelled them."""
    gone = sum(road.plan.state(name) == "cancelled" for name in names)
    left = len(names) - gone
    of = f" of {numbers.whole(len(milestone.steps))}"
    parts = [*([f"{numbers.count(gone, 'step')}{of} cancelled"] if gone else [])]
    parts += [f"{numbers.whole(left) if gone else numbers.count(left, 'step') + of} not planned"] if left else []
    return " and ".join(parts)


def _without_steps(plan: Plan, milestone: Milestone) -> str:
    """Of a milestone for which nothing is to be done: whether that is known to have been so in time."""
    today = plan.problem.periods[plan.now]
    if today.start is None or milestone.date >= today.start:
        return "Met today."
    return (
        f"Reached by {numbers.label(today)}, as the levels of then say; whether it was by {numbers.day(milestone.date)}"
        " nothing says."
    )


def missed_lines(plan: Plan) -> Iterator[str]:
    """What is missed, a line each: the deadline, when it is met instead, and what is proved of that."""
    titles = {milestone.name: milestone.title for milestone in plan.milestones}
    steps = {step.id: step.title for step in plan.problem.steps}
    for miss in plan.missed:
        name = title(
            titles.get(miss.milestone or "") or steps.get(miss.step or "") or miss.milestone or miss.step or ""
        )
        by = f" by {numbers.day(miss.by)}" if miss.by else ""
        own = next((one.steps for one in plan.milestones if one.name == miss.milestone), ())
        gone = any(plan.state(step) == "cancelled" for step in own)
        met_in = f"without what was cancelled, met in {miss.earliest}" if gone else f"met in {miss.earliest}"
        yield f"Missed: {name}{by}; {met_in}. {claims.missed(miss)}"


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
        heading = HEADINGS.get(group.why, "").format("Is worth no points" if points else "Removes nothing")
        if group.why == "room":
            limits = [rule.short for rule in BY_NAME.values() if rule.name in group.rules]
            heading = f"No room: in every period from the one that is named on, {' or '.join(limits)}."
        yield heading, [(levelled(plan, one.step), _more(plan, one)) for one in group.steps]


def left_in_short(plan: Plan) -> list[str]:
    """A line for each of these reasons."""
    points = objective_of(plan.problem).points
    lines = []
    for group in omitted(plan):
        many = len(group.steps) > 1
        words = IN_SHORT.get(group.why, "")
        if group.why == "room":
            words = " or ".join(rule.short for rule in BY_NAME.values() if rule.name in group.rules)
        elif group.why == "nothing":
            words = f"{'are' if many else 'is'} worth no points" if points else f"remove{'' if many else 's'} nothing"
        lines.append(f"{numbers.count(len(group.steps), 'step')}: {words}")
    return lines


def _more(plan: Plan, one: Omitted) -> str:
    """What a heading does not say of a step that is left out."""
    if one.why == "room":
        return f"from {numbers.label(plan.problem.periods[one.since])} on"
    if one.why == "nothing":
        return ""
    return clean(plan.left_out(one.step.id))


def advice_of(road: Roadmap) -> list[str]:
    """Soft needs that the plan does not follow, as sentences."""
    lines = road.plan.context.notes if road.plan.context else ()
    return [note.removeprefix(ADVICE) for note in lines if note.startswith(ADVICE)]


def notes_of(road: Roadmap) -> list[str]:
    """What the scenario implies, and how many numbers are nobody's own, as sentences."""
    context = road.plan.context
    if context is None:
        return []
    items = [note for note in context.notes if not note.startswith(ADVICE) and not implies(note)]
    illustrative = sum(origin.illustrative for origin in context.numbers)
    if illustrative:
        items.append(illustration(illustrative, len(context.numbers)))
    return items
