"""Why a step stands where it stands, or is not planned, or why a policy is in force, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from stepladder.analysis.why import Hindrance, Other, Why
from stepladder.analysis.why_policy import WhyPolicy
from stepladder.data.formats.policy import steps_in
from stepladder.output.policy_reasons import (
    COST,
    NO_CHOICE,
    NOT_FOUND,
    UNKNOWN,
    policy_json,
    policy_text,
    priced,
)
from stepladder.wording import claims, numbers, prices
from stepladder.wording.language import _, mark
from stepladder.wording.left_out import left_out
from stepladder.wording.page import Page, Style
from stepladder.wording.phrases import said
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import purposes, reason, span, title

FORMAT = "stepladder-why/1"
#: Steps that another choice moves, by name.
NAMED = 3


def why_text(why: Why | WhyPolicy, style: Style | None = None) -> str:
    """One step, or one policy, in half a screen."""
    if isinstance(why, WhyPolicy):
        return policy_text(why, style)
    page = Page(style or Style())
    problem = why.plan.problem
    page.say(title(why.titles[why.step]), kind="bold", most=2)
    state = why.plan.state(why.step)
    if state == "cancelled":
        reason_ = clean(why.plan.progress[why.step].reason)
        page.say(_("was cancelled: {reason}.", reason=reason_) if reason_ else _("was cancelled."))
    elif why.facts is None:
        page.say(_("is not planned: {reason}.", reason=left_out(why.plan, why.step)))
    else:
        first, last = problem.periods[why.facts.start], problem.periods[why.facts.finish]
        page.say(_(_STANDS[state], when=span(first, last)))
        page.say(reason(purposes(why.facts, why.titles, problem.currency, names=2)))
        _chain(page, why)
    if why.hindrances:
        page.heading(_("WHAT IS IN THE WAY") if why.facts is None else _("WHAT IS IN THE WAY BEFORE THAT"))
        for hindrance in why.hindrances:
            page.say(f"{_when(why, hindrance)}: {clean(said(hindrance.reason))}", 2, mark="- ", most=3)
    if state != "open":
        page.say(_(NO_CHOICE))
        return page.text()
    page.heading(_(COST))
    for other in why.others:
        page.say(_other(why, other), 2, mark="- ", most=4)
    return page.text()


#: Where a planned step stands, by its state.
_STANDS = {
    "open": mark("is planned for {when}."),
    "running": mark("is running, from the first to the last day of {when}."),
    "done": mark("was done in {when}."),
}


def _chain(page: Page, why: Why) -> None:
    names = [quote(why.titles[name], 60) for name in why.chain]
    if why.milestone is not None:
        said = {"name": quote(why.milestone.title), "day": numbers.day(why.milestone.date)}
        names.append(
            _("the milestone {name}, {day}", **said)
            if why.plan.missed_of(why.milestone) is None
            else _("the milestone {name}, {day} (missed)", **said)
        )
    if len(names) > 1:
        page.say(_("It leads to: {chain}.", chain=" → ".join(names[1:])))


def _when(why: Why, hindrance: Hindrance) -> str:
    labels = [clean(why.plan.problem.periods[t].label) for t in (hindrance.first, hindrance.last)]
    return labels[0] if labels[0] == labels[1] else _("{first} to {last}", first=labels[0], last=labels[1])


def _other(why: Why, other: Other) -> str:
    choice = _(_CHOICES[other.choice])
    if other.price.impossible:
        return claims.impossible_choice(choice)
    if other.price.unknown:
        return _(UNKNOWN, choice=choice)
    return priced(choice, other.price, why.plan, other.beside, _instead(why, other))


_CHOICES = {
    "earlier": mark("To start it earlier"),
    "later": mark("To start it later"),
    "never": mark("To leave it out"),
    "planned": mark("To plan it all the same"),
}


def _instead(why: Why, other: Other) -> str:
    """Where the step would stand, and which steps would go out."""
    if other.starts is None:
        return _(NOT_FOUND)
    start = other.starts.get(why.step)
    parts = [_("in {period}", period=clean(why.plan.problem.periods[start].label))] if start is not None else []
    out = [quote(why.titles[name], 60) for name in why.plan.starts if name not in other.starts and name != why.step]
    parts += [_("without {steps}", steps=listed(out, NAMED))] if out else []
    return f" ({', '.join(parts)})" if parts else ""


def _steps(other: Other) -> dict[str, int] | None:
    return None if other.starts is None else steps_in(other.starts)


def why_json(why: Why | WhyPolicy) -> str:
    """The same for programs, as ``stepladder-why/1``; of a policy ``stepladder-why-policy/1``."""
    if isinstance(why, WhyPolicy):
        return policy_json(why)
    document: dict[str, Any] = {
        "format": FORMAT,
        "step": why.step,
        "title": why.titles[why.step],
        "state": why.plan.state(why.step),
        "start": why.plan.starts.get(why.step),
        "chain": why.chain,
        "milestone": (
            None if why.milestone is None else {"title": why.milestone.title, "date": why.milestone.date.isoformat()}
        ),
        "in_the_way": [vars(hindrance) for hindrance in why.hindrances],
        "others": [
            {"choice": other.choice, "price": prices.facts(other.price), "starts": _steps(other)}
            for other in why.others
        ],
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
