"""Why a step stands where it stands, or is not planned, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from stepladder.analysis.why import Hindrance, Other, Why
from stepladder.data.objective import OBJECTIVES
from stepladder.wording import claims, numbers, prices
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import purposes, reason, span, title

FORMAT = "stepladder-why/1"
#: Steps that another choice moves, by name.
NAMED = 3


def why_text(held: Why, style: Style | None = None) -> str:
    """One step in half a screen."""
    page = Page(style or Style())
    problem = held.plan.problem
    page.say(title(held.titles[held.step]), kind="bold", most=2)
    state = held.plan.state(held.step)
    if state == "cancelled":
        reason_ = clean(held.plan.progress[held.step].reason)
        page.say(f"was cancelled{f': {reason_}' if reason_ else ''}.")
    elif held.facts is None:
        page.say(f"is not planned: {clean(held.plan.left_out(held.step))}.")
    else:
        first, last = problem.periods[held.facts.start], problem.periods[held.facts.finish]
        words = {
            "open": "is planned for",
            "running": "is running, from the first to the last day of",
            "done": "was done in",
        }
        page.say(f"{words[state]} {span(first, last)}.")
        page.say(reason(purposes(held.facts, held.titles, problem.currency, names=2)))
        _chain(page, held)
    if held.hindrances:
        page.heading("WHAT IS IN THE WAY" if held.facts is None else "WHAT IS IN THE WAY BEFORE THAT")
        for hindrance in held.hindrances:
            page.say(f"{_when(held, hindrance)}: {clean(hindrance.reason)}", 2, mark="- ", most=3)
    if state != "open":
        page.say("That is no choice any more, so there is nothing to price.")
        return page.text()
    page.heading("WHAT ANOTHER CHOICE WOULD COST")
    for other in held.others:
        page.say(_other(held, other), 2, mark="- ", most=4)
    return page.text()


def _chain(page: Page, held: Why) -> None:
    names = [quote(held.titles[name], 60) for name in held.chain]
    if held.milestone is not None:
        missed = " (missed)" if held.plan.missed_of(held.milestone) is not None else ""
        names.append(f"the milestone {quote(held.milestone.title)}, {numbers.day(held.milestone.date)}{missed}")
    if len(names) > 1:
        page.say("It leads to: " + " → ".join(names[1:]) + ".")


def _when(held: Why, hindrance: Hindrance) -> str:
    labels = [clean(held.plan.problem.periods[t].label) for t in (hindrance.first, hindrance.last)]
    return labels[0] if labels[0] == labels[1] else f"{labels[0]} to {labels[1]}"


def _other(held: Why, other: Other) -> str:
    currency = held.plan.problem.currency
    words = {
        "earlier": "To start it earlier",
        "later": "To start it later",
        "never": "To leave it out",
        "planned": "To plan it all the same",
    }
    if other.price.impossible:
        return claims.impossible_choice(words[other.choice])
    if other.price.unknown:
        return f"{words[other.choice]}: not known, the search was stopped before such a plan was found."
    what = OBJECTIVES[held.plan.objective.name].more
    cost = prices.amount(other.price, currency)
    text = (
        f"{words[other.choice]} costs nothing"
        if cost == "nothing"
        else f"{words[other.choice]}: {cost} {what}, present value"
    )
    return f"{text}{_instead(held, other)}."


def _instead(held: Why, other: Other) -> str:
    """Where the step would stand, and which steps would go out."""
    if other.starts is None:
        return ", and no such plan was found"
    start = other.starts.get(held.step)
    parts = [f"in {clean(held.plan.problem.periods[start].label)}"] if start is not None else []
    out = [quote(held.titles[name], 60) for name in held.plan.starts if name not in other.starts and name != held.step]
    parts += [f"without {listed(out, NAMED)}"] if out else []
    return f" ({', '.join(parts)})" if parts else ""


def why_json(held: Why) -> str:
    """The same for programs, as ``stepladder-why/1``."""
    found: dict[str, Any] = {
        "format": FORMAT,
        "step": held.step,
        "title": held.titles[held.step],
        "state": held.plan.state(held.step),
        "start": held.plan.starts.get(held.step),
        "chain": held.chain,
        "milestone": (
            None if held.milestone is None else {"title": held.milestone.title, "date": held.milestone.date.isoformat()}
        ),
        "in_the_way": [vars(hindrance) for hindrance in held.hindrances],
        "others": [
            {"choice": other.choice, "price": prices.facts(other.price), "starts": other.starts}
            for other in held.others
        ],
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"
