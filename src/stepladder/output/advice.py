"""What to do first, as text and as JSON."""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

from stepladder.analysis.next import Beginning
from stepladder.analysis.steps import StepFacts
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Period
from stepladder.data.objective import objective_of
from stepladder.wording import numbers, prices
from stepladder.wording.language import _, plural
from stepladder.wording.page import Page, Style
from stepladder.wording.text import listed, quote
from stepladder.wording.words import end, purposes, reason, span, title

if TYPE_CHECKING:
    from stepladder.analysis.first_steps import Alternative, Nudge

#: Steps shown in full; the rest is in --json.
SHOWN = 20
#: Steps in work that are named.
RUNNING = 6
FORMAT = "stepladder-next/1"


def why(first: Beginning, step: StepFacts) -> str:
    """One sentence: why this step comes first."""
    return reason(purposes(step, first.titles, first.plan.problem.currency, names=2))


def next_text(nudge: Nudge, style: Style | None = None) -> str:
    """The first steps, each with its cost, its reason and the price of waiting; then the best other ways to begin."""
    page, first = Page(style or Style()), nudge.beginning
    if first.when is None:
        page.say(nothing(first.plan))
        _running(page, first)
        return page.text()
    page.say(begins(first, first.when), kind="bold")
    _running(page, first)
    for k, step in enumerate(first.steps[:SHOWN], start=1):
        page.blank()
        page.say(title(step.title), mark=f"{k}. ", kind="bold", most=2)
        _step(page, nudge, step)
    if len(first.steps) > SHOWN:
        page.say(_("… and {count} more (--json)", count=numbers.whole(len(first.steps) - SHOWN)))
    if nudge.alternatives:
        page.blank()
        page.say(_("The best other ways to begin that were found, and what they cost more:"), kind="bold")
    for k, other in enumerate(nudge.alternatives):
        page.say(_alternative(nudge, other), mark=f"{'ab'[k % 2]}) ", most=4)
    return page.text()


def begins(first: Beginning, when: Period) -> str:
    """When the plan begins or goes on, with how many steps and how much investment."""
    once = numbers.money(math.fsum(step.once for step in first.steps), first.plan.problem.currency)
    said = {"period": span(when, when), "steps": numbers.count(len(first.steps), "step"), "money": once}
    if first.plan.as_of is None:
        return _("The plan begins in {period} with {steps}, {money} of investment in all.", **said)
    return _("The plan goes on in {period} with {steps}, {money} of investment in all.", **said)


def nothing(plan: Plan) -> str:
    """Why there is nothing to begin."""
    return (
        _("There is nothing to do: the plan has no steps.")
        if plan.as_of is None
        else _("There is nothing left to begin: no step of the plan is open.")
    )


def _running(page: Page, first: Beginning) -> None:
    """What is in work already."""
    names = [quote(first.titles[name], 60) for name in first.plan.starts if first.plan.state(name) == "running"]
    if names:
        page.say(_("Running already: {steps}.", steps=listed(names, RUNNING)))


def _step(page: Page, nudge: Nudge, step: StepFacts) -> None:
    problem, first = nudge.beginning.plan.problem, nudge.beginning
    work = numbers.effort(step.step.effort, first.plan.teams, step.step.effort_per_year)
    cost = numbers.cost(step.once, step.step.per_year, problem.currency) + (f"; {work}" if work else "")
    owner = f" {_('Owner: {name}.', name=title(step.owner))}" if step.owner else ""
    finished = _("finished by {day}", day=end(problem.periods[step.finish]))
    page.say(f"{cost[:1].upper()}{cost[1:]}; {finished}.{owner}", 3)
    page.say(_("Why now: {why}", why=why(first, step)), 3)
    if step.step.id in nudge.waiting:
        page.say(f"{_waiting(nudge, step)}.{_chosen(nudge, step)}", 3)


def _waiting(nudge: Nudge, step: StepFacts) -> str:
    price = nudge.waiting[step.step.id]
    if price.impossible:
        return _("To wait costs the plan itself: without it in this period there is none")
    if price.unknown:
        return _("What it costs to wait is not known: the search was stopped before a plan without it was found")
    plan = nudge.beginning.plan
    nothing, undecided = prices.none_at_all(price, plan), prices.undecided(price, plan)
    if nothing:
        return _("To wait costs nothing: {nothing}", nothing=nothing)
    if undecided:
        return _("To wait makes {difference}", difference=undecided)
    return _("To wait costs {amount}", amount=prices.amount(price, _unit(plan)))


def _unit(plan: Plan) -> str:
    """What prices are counted in."""
    return objective_of(plan.problem).unit(plan.problem.currency)


def _chosen(nudge: Nudge, step: StepFacts) -> str:
    counts = [(nudge.chosen[step.step.id][kind], of, kind) for kind, of in nudge.others.items() if of]
    if not counts:
        return ""
    facts = [
        _("{count} of {all} {kind}", count=numbers.whole(count), all=numbers.whole(of), kind=kind)
        for count, of, kind in counts
    ]
    # Of several kinds there are many, whatever the number of each.
    return " " + plural(
        "{plans} begins with it too.",
        "{plans} begin with it too.",
        counts[0][0] if len(counts) == 1 else 2,
        plans=listed(facts, len(facts)),
    )


def _alternative(nudge: Nudge, other: Alternative) -> str:
    """What starts, in words that say what differs from the default."""
    first = nudge.beginning
    default = {step.step.id for step in first.steps}
    more = [quote(first.titles[name], 60) for name in other.steps if name not in default]
    less = [quote(first.titles[name], 60) for name in sorted(default - set(other.steps), key=list(first.titles).index)]
    parts = [_("without {steps}", steps=listed(less))] if less else []
    parts += [_("with {steps}", steps=listed(more))] if more else []
    cost = (
        prices.none_at_all(other.price, first.plan)
        or prices.undecided(other.price, first.plan)
        or prices.amount(other.price, _unit(first.plan))
    )
    return f"{', '.join(parts)}: {cost}."


def next_json(nudge: Nudge) -> str:
    """The same for programs, as ``stepladder-next/1``."""
    first = nudge.beginning
    period = first.when
    document: dict[str, Any] = {
        "format": FORMAT,
        "title": first.plan.problem.title,
        "currency": first.plan.problem.currency,
        "as_of": first.plan.as_of,
        "progress": {name: told.state for name, told in first.plan.progress.items()},
        "period": (
            None
            if period is None
            else {"index": first.period, **period.model_dump(mode="json", include={"label", "start", "end"})}
        ),
        "steps": [_json(nudge, step) for step in first.steps],
        "alternatives": [{"steps": other.steps, "price": prices.facts(other.price)} for other in nudge.alternatives],
        "other_plans": nudge.others,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _json(nudge: Nudge, step: StepFacts) -> dict[str, Any]:
    waiting = nudge.waiting.get(step.step.id)
    return {
        "step": step.step.id,
        "title": step.title,
        "start": step.start,
        "finish": step.finish,
        "once": step.once,
        "per_year": step.step.per_year,
        "effort": step.step.effort,
        **({"effort_per_year": step.step.effort_per_year} if step.step.effort_per_year else {}),
        "owner": step.owner,
        "removes_per_year": {removal.threat: removal.per_year for removal in step.removes},
        **({} if step.points is None else {"points_per_year": step.points}),
        "unlocks": list(step.unlocks),
        "milestones": [{"title": milestone.title, "date": milestone.date.isoformat()} for milestone in step.milestones],
        "reason": why(nudge.beginning, step),
        "price_of_waiting": None if waiting is None else prices.facts(waiting),
        "chosen_first_by": nudge.chosen.get(step.step.id, {}),
    }
