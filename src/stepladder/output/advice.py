"""What to do first, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from stepladder.analysis.next import Beginning
from stepladder.analysis.steps import StepFacts
from stepladder.output import numbers
from stepladder.output.page import Page, Style
from stepladder.output.text import listed, quote
from stepladder.output.words import end, purposes, reason, span, title

#: Steps shown in full; the rest is in --json.
SHOWN = 20
FORMAT = "stepladder-next/1"


def why(first: Beginning, step: StepFacts) -> str:
    """One sentence: why this step comes first."""
    return reason(purposes(step, first.titles, first.plan.problem.currency, names=2))


def next_text(first: Beginning, style: Style | None = None) -> str:
    """The first steps, each with its cost and its reason."""
    page = Page(style or Style())
    problem = first.plan.problem
    if first.when is None:
        page.say("There is nothing to do: the plan has no steps.")
        return page.text()
    begins = f"The plan begins in {span(first.when, first.when)} with {numbers.count(len(first.steps), 'step')}"
    once = sum(step.step.once for step in first.steps)
    page.say(f"{begins}, {numbers.money(once, problem.currency)} of investment in all.", kind="bold")
    for k, step in enumerate(first.steps[:SHOWN], start=1):
        page.blank()
        page.say(title(step.title), mark=f"{k}. ", kind="bold", most=2)
        _step(page, first, step)
    if len(first.steps) > SHOWN:
        page.say(f"… and {len(first.steps) - SHOWN:,} more (--json)")
    return page.text()


def _step(page: Page, first: Beginning, step: StepFacts) -> None:
    problem = first.plan.problem
    work = numbers.effort(step.step.effort, first.plan.teams)
    parts = [numbers.cost(step.step.once, step.step.per_year, problem.currency), *([work] if work else [])]
    page.say("Cost: " + "; ".join(parts) + ".", 3)
    last = problem.periods[step.finish]
    page.say(f"Work: {numbers.count(step.step.duration, 'period')}, finished by {end(last)}.", 3)
    if step.owner:
        page.say(f"Owner: {title(step.owner)}.", 3)
    page.say("Why now: " + why(first, step), 3)
    if len(step.removes) > 1:
        shown = [f"{quote(held.title)} {numbers.money(held.per_year)}" for held in step.removes[:5]]
        total = numbers.money(step.per_year_removed, problem.currency)
        page.say(f"Alone, at today's levels, it removes {total} of expected loss a year: {listed(shown, 5)}.", 3)


def next_json(first: Beginning) -> str:
    """The same for programs, as ``stepladder-next/1``."""
    period = first.when
    found: dict[str, Any] = {
        "format": FORMAT,
        "title": first.plan.problem.title,
        "currency": first.plan.problem.currency,
        "period": None if period is None else {"index": first.period, **period.model_dump(mode="json", include={"label", "start", "end"})},
        "steps": [_json(first, step) for step in first.steps],
    }
    return json.dumps(found, indent=1, ensure_ascii=False) + "\n"


def _json(first: Beginning, step: StepFacts) -> dict[str, Any]:
    return {
        "step": step.step.id,
        "title": step.title,
        "start": step.start,
        "finish": step.finish,
        "once": step.step.once,
        "per_year": step.step.per_year,
        "effort": step.step.effort,
        "owner": step.owner,
        "removes_per_year": {held.threat: held.per_year for held in step.removes},
        "unlocks": list(step.unlocks),
        "milestones": [{"title": milestone.title, "date": milestone.date.isoformat()} for milestone in step.milestones],
        "reason": why(first, step),
    }
