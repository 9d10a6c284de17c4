"""Sentences about steps and periods that more than one page needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from stepladder.analysis.steps import StepFacts
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Period, Problem, Step, unused
from stepladder.data.objective import POINTS
from stepladder.wording import numbers
from stepladder.wording.text import clean, fitted, listed, quote

#: Longest title that is shown in full.
TITLE = 150


def title(text: str) -> str:
    """A title as a line of its own: cleaned, and shorter when it is longer than anybody reads."""
    return fitted(clean(text), TITLE)


def span(first: Period, last: Period) -> str:
    """``2027-Q1 (1 Jan 2027 to 31 Mar 2027)``, or from the one label to the other."""
    labels = numbers.label(first) if first is last else f"{numbers.label(first)} to {numbers.label(last)}"
    return f"{labels} ({numbers.day(first.start)} to {numbers.day(last.end)})" if first.start and last.end else labels


def end(period: Period) -> str:
    """The last day of a period, or its label when it has no dates."""
    return numbers.day(period.end) if period.end else f"the end of {numbers.label(period)}"


def purposes(step: StepFacts, titles: Mapping[str, str], currency: str, *, names: int = 0) -> list[str]:
    """Why a step stands in the plan, as phrases that follow the word *it*.

    Parameters
    ----------
    step
        The step.
    titles
        Title of every step.
    currency
        For the amounts.
    names
        How many of the steps that it unlocks to name.
    """
    texts = []
    if step.milestones:
        first, more = step.milestones[0], len(step.milestones) - 1
        extra = f" and {numbers.count(more, 'more milestone')}" if more else ""
        due = (
            f"due {numbers.day(first.date)} and missed"
            if first.date in step.missed
            else f"by {numbers.day(first.date)}"
        )
        texts.append(f"is needed for {quote(first.title)}{',' if first.date in step.missed else ''} {due}{extra}")
    if step.unlocks:
        named = [quote(titles[name]) for name in (step.direct or step.unlocks)[:names]]
        others = len(step.unlocks) - len(named)
        shown = listed([*named, *([f"{numbers.whole(others)} more"] if others and named else [])], names + 1)
        texts.append(
            f"makes {numbers.count(len(step.unlocks), 'further step')} possible" + (f": {shown}" if named else "")
        )
    if step.removes:
        when = "today" if step.state == "open" else "without the plan"
        taken = [
            f"{numbers.share(cut.share)} off {quote(cut.title)} ({numbers.money(cut.per_year, currency)} a year {when})"
            for cut in step.removes[:2]
        ]
        more = len(step.removes) - len(taken)
        texts.append(
            "takes " + " and ".join(taken) + (f", and some off {numbers.count(more, 'more threat')}" if more else "")
        )
    texts += _worth(step)
    texts += _demands(step.step, served=bool(step.milestones), happened=step.state != "open")
    if step.implied_by is not None:
        texts.append(
            f"goes beyond its own target because {quote(titles.get(step.implied_by, step.implied_by))} needs it"
        )
    own = "removes no loss" if step.points is None else "is worth no points"
    return texts or [f"is part of the best plan found, though it {own} by itself"]


def _worth(step: StepFacts) -> list[str]:
    """What a step is worth by itself, in points where these count, else beside the risk."""
    if step.points is not None:
        return [f"is worth {numbers.money(step.points, POINTS)} a year"] if step.points else []
    amounts = ((step.step.value_once, "once"), (step.step.value_per_year, "a year"))
    parts = [f"{numbers.amount(worth)} {when}" for worth, when in amounts if worth]
    return [f"is worth {' and '.join(parts)} beside the risk"] if parts else []


def _demands(step: Step, *, served: bool, happened: bool) -> list[str]:
    texts: list[str] = []
    if happened:
        return texts
    if step.start is not None:
        texts.append("has its start fixed")
    elif step.required and not served:
        texts.append("must be done within the plan")
    return texts


def sentence(phrases: Sequence[str]) -> str:
    """Join phrases to one sentence without a subject: ``Is needed for …; makes …; takes ….``."""
    text = "; ".join(phrases)
    return f"{text[:1].upper()}{text[1:]}."


def reason(phrases: Sequence[str]) -> str:
    """Join phrases to one sentence about *it*: ``It is needed for …, makes …, and takes ….``."""
    return f"It {', '.join(phrases[:-1])}{', and ' if len(phrases) > 1 else ''}{phrases[-1]}."


def standing(plan: Plan, step: str) -> str:
    """`` (done)``, `` (running)`` or nothing, to follow a step's title."""
    state = plan.state(step)
    return "" if state == "open" else f" ({state})"


def idle(problem: Problem, teams: Mapping[str, str]) -> list[str]:
    """Limits on what no step can use, as sentences."""
    notes = []
    for resource, near in unused(problem):
        count = sum(window.resource == resource for window in problem.windows)
        limits = "its limit limits" if count == 1 else f"its {numbers.whole(count)} limits limit"
        meant = f"; is {quote(near)} meant?" if near else "."
        notes.append(f"No step can use {quote(numbers.team(resource, teams))}, so {limits} nothing{meant}")
    return notes
