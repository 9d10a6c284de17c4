"""Sentences about steps and periods that more than one page needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from stepladder.analysis.steps import StepFacts
from stepladder.data.formats.problem import Period, Problem, Step, unused
from stepladder.data.objective import POINTS
from stepladder.wording import numbers
from stepladder.wording.language import _, mark, plural
from stepladder.wording.text import clean, fitted, listed, quote

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan

#: Longest title that is shown in full.
TITLE = 150
#: The states of a step that is not open any more.
STATES = {"done": mark("done"), "running": mark("running"), "cancelled": mark("cancelled")}


def title(text: str) -> str:
    """A title as a line of its own: cleaned, and shorter when it is longer than anybody reads."""
    return fitted(clean(text), TITLE)


def span(first: Period, last: Period) -> str:
    """``2027-Q1 (1 Jan 2027 to 31 Mar 2027)``, or from the one label to the other."""
    labels = numbers.label(first) if first is last else _range(numbers.label(first), numbers.label(last))
    return (
        f"{labels} ({_range(numbers.day(first.start), numbers.day(last.end))})" if first.start and last.end else labels
    )


def _range(first: str, last: str) -> str:
    return _("{first} to {last}", first=first, last=last)


def end(period: Period) -> str:
    """The last day of a period, or its label when it has no dates."""
    return numbers.day(period.end) if period.end else _("the end of {period}", period=numbers.label(period))


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
    texts = [_serves(step)] if step.milestones else []
    texts += [_unlocks(step, titles, names)] if step.unlocks else []
    texts += [_removes(step, currency)] if step.removes else []
    texts += _worth(step)
    if step.towards:
        texts.append(_("counts towards {names}", names=listed([quote(name) for name in step.towards], names + 1)))
    texts += _demands(step.step, served=bool(step.milestones), happened=step.state != "open")
    if step.implied_by is not None:
        above = quote(titles.get(step.implied_by, step.implied_by))
        texts.append(_("goes beyond its own target because {step} needs it", step=above))
    return texts or [_for_nothing(step)]


def _serves(step: StepFacts) -> str:
    """The milestones that a step is needed for."""
    first, more = step.milestones[0], len(step.milestones) - 1
    named, day = quote(first.title), numbers.day(first.date)
    text = (
        _("is needed for {milestone}, due {day} and missed", milestone=named, day=day)
        if first.date in step.missed
        else _("is needed for {milestone} by {day}", milestone=named, day=day)
    )
    return (
        _("{needed} and {milestones}", needed=text, milestones=numbers.count(more, "more milestone")) if more else text
    )


def _unlocks(step: StepFacts, titles: Mapping[str, str], names: int) -> str:
    """What a step makes possible; the first of it by name."""
    text = _("makes {steps} possible", steps=numbers.count(len(step.unlocks), "further step"))
    named = [quote(titles[name]) for name in (step.direct or step.unlocks)[:names]]
    others = len(step.unlocks) - len(named)
    more = [_("{count} more", count=numbers.whole(others))] if others else []
    return f"{text}: {listed([*named, *more], names + 1)}" if named else text


def _removes(step: StepFacts, currency: str) -> str:
    """What a step takes off which threats."""
    today = mark("{share} off {threat} ({money} a year today)")
    without = mark("{share} off {threat} ({money} a year without the plan)")
    taken = [
        _(
            today if step.state == "open" else without,
            share=numbers.share(cut.share),
            threat=quote(cut.title),
            money=numbers.money(cut.per_year, currency),
        )
        for cut in step.removes[:2]
    ]
    more = len(step.removes) - len(taken)
    what = _("{one} and {other}", one=taken[0], other=taken[1]) if len(taken) > 1 else taken[0]
    if not more:
        return _("takes {what}", what=what)
    return _("takes {what}, and some off {threats}", what=what, threats=numbers.count(more, "more threat"))


def _for_nothing(step: StepFacts) -> str:
    """What there is to say of a step that does nothing by itself."""
    places = {"done": mark("is done"), "running": mark("is in work")}
    place = _(places.get(step.state, mark("is part of the best plan found")))
    if step.points is None:
        return _("{place}, though it removes no loss by itself", place=place)
    return _("{place}, though it is worth no points by itself", place=place)


def _worth(step: StepFacts) -> list[str]:
    """What a step is worth by itself, in points where these count, else beside the risk."""
    if step.points is not None:
        return [_("is worth {points} a year", points=numbers.money(step.points, POINTS))] if step.points else []
    once, per_year = numbers.amount(step.step.value_once), numbers.amount(step.step.value_per_year)
    if step.step.value_once and step.step.value_per_year:
        return [_("is worth {once} once and {per_year} a year beside the risk", once=once, per_year=per_year)]
    if step.step.value_once:
        return [_("is worth {once} once beside the risk", once=once)]
    return [_("is worth {per_year} a year beside the risk", per_year=per_year)] if step.step.value_per_year else []


def _demands(step: Step, *, served: bool, happened: bool) -> list[str]:
    texts: list[str] = []
    if happened:
        return texts
    if step.start is not None:
        texts.append(_("has its start fixed"))
    elif step.required and not served:
        texts.append(_("must be done within the plan"))
    return texts


def sentence(phrases: Sequence[str]) -> str:
    """Join phrases to one sentence without a subject: ``Is needed for …; makes …; takes ….``."""
    text = "; ".join(phrases)
    return f"{text[:1].upper()}{text[1:]}."


def reason(phrases: Sequence[str]) -> str:
    """Join phrases to one sentence about *it*: ``It is needed for …, makes …, and takes ….``."""
    if len(phrases) == 1:
        return _("It {does}.", does=phrases[0])
    return _("It {does}, and {more}.", does=", ".join(phrases[:-1]), more=phrases[-1])


def standing(plan: Plan, step: str) -> str:
    """`` (done)``, `` (running)`` or nothing, to follow a step's title."""
    state = plan.state(step)
    return "" if state == "open" else f" ({_(STATES[state])})"


def idle(problem: Problem, teams: Mapping[str, str]) -> list[str]:
    """Limits on what no step can use, as sentences."""
    notes = []
    for resource, near in unused(problem):
        count = sum(window.resource == resource for window in problem.windows)
        text = plural(
            "No step can use {team}, so its limit limits nothing",
            "No step can use {team}, so its {count} limits limit nothing",
            count,
            team=quote(numbers.team(resource, teams)),
            count=numbers.whole(count),
        )
        notes.append(_("{note}; is {name} meant?", note=text, name=quote(near)) if near else f"{text}.")
    return notes
