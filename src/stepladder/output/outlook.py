"""What a plan keeps and what it leaves, as sentences: milestones, advice not followed, steps left out, and what a
reader should know.
"""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.plan import Milestone, Plan
from stepladder.data.formats.problem import Period
from stepladder.wording import claims, numbers
from stepladder.wording.text import clean
from stepladder.wording.words import title

#: A note that begins so is about a soft need that the plan does not follow.
ADVICE = "Advice not followed: "

HEADINGS = {
    "blocked": "No room: added to this plan, these break a rule wherever they start.",
    "worsens_objective": "Without gain: adding one of these would make the plan no better.",
    "search_stopped": "Not reached: the search was stopped, and adding one of these would make the plan better.",
}
CANCELLED = "Cancelled: somebody has decided so."


def met(road: Roadmap, milestone: Milestone) -> str:
    """Whether and when a milestone is met, as a sentence."""
    missing = [name for name in milestone.steps if name not in road.steps]
    if missing:
        return f"Not met: {numbers.count(len(missing), 'step')} of {numbers.whole(len(milestone.steps))} not planned."
    if not milestone.steps:
        return "Met today."
    period = road.plan.problem.periods[max(road.steps[name].finish for name in milestone.steps)]
    if period.end is None:
        return f"Met in {numbers.label(period)}."
    if period.end > milestone.date:
        late = road.plan.missed_of(milestone)
        if late is not None:
            return f"Missed: met in {numbers.label(period)}, by {numbers.day(period.end)}. {claims.missed(late)}"
        return f"Met in {numbers.label(period)}, by {numbers.day(period.end)}, which is late."
    return f"Met in {numbers.label(period)}, by {numbers.day(period.end)}{_spare(period, milestone)}."


def missed_lines(plan: Plan) -> Iterator[str]:
    """What is missed, a line each: the deadline, when it is met instead, and what is proved of that."""
    titles = {milestone.name: milestone.title for milestone in plan.milestones}
    steps = {step.id: step.title for step in plan.problem.steps}
    for miss in plan.missed:
        name = title(
            titles.get(miss.milestone or "") or steps.get(miss.step or "") or miss.milestone or miss.step or ""
        )
        by = f" by {numbers.day(miss.by)}" if miss.by else ""
        yield f"Missed: {name}{by}; met in {miss.earliest}. {claims.missed(miss)}"


def kept(road: Roadmap, milestone: Milestone) -> bool:
    """Whether a milestone is met by its date, as far as is known."""
    if any(name not in road.steps for name in milestone.steps):
        return False
    ends = [road.plan.problem.periods[road.steps[name].finish].end for name in milestone.steps]
    return all(end is None or end <= milestone.date for end in ends)


def _spare(period: Period, milestone: Milestone) -> str:
    assert period.end is not None
    days = (milestone.date - period.end).days
    return f", {numbers.count(days, 'day')} to spare" if days else ", on the day"


def because(milestone: Milestone) -> str:
    """Why a milestone is due then, and who says so; empty where nothing is said."""
    reason = clean(milestone.reason).rstrip(".")
    source = f" ({clean(milestone.source)})" if clean(milestone.source) else ""
    return f"{reason}{source}." if reason else ""


def left_by_reason(plan: Plan) -> Iterator[tuple[str, list[str]]]:
    """The steps that are not in the plan, under a heading for each reason, in the order of the problem."""
    rank = {step.id: k for k, step in enumerate(plan.problem.steps)}
    gone = [name for name in plan.not_planned if plan.state(name) == "cancelled"]
    for heading, names in (
        *(
            (heading, [name for name, left in plan.not_planned.items() if left.reason == reason and name not in gone])
            for reason, heading in HEADINGS.items()
        ),
        (CANCELLED, gone),
    ):
        if names:
            yield heading, sorted(names, key=lambda name: (rank.get(name, len(rank)), name))


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


def implies(note: str) -> bool:
    """Whether a note says that a step is implied by another; the step's own lines say so too, with titles."""
    return " it is implied by " in note


def illustration(illustrative: int, numbers_: int) -> str:
    """How many numbers are shipped defaults."""
    verb = "is an illustrative default" if illustrative == 1 else "are illustrative defaults"
    return (
        f"{numbers.whole(illustrative)} of {numbers.whole(numbers_)} numbers {verb} of the catalogue: put in your own"
        " before you rely on the amounts."
    )
