"""What does not depend on the choice, as text and as JSON."""

from __future__ import annotations

import json
from typing import Any

from stepladder.analysis.stable import Alternative, Alternatives, Core, StepAcrossPlans
from stepladder.analysis.steps import titles
from stepladder.data.formats.plan import Plan
from stepladder.data.objective import OBJECTIVES
from stepladder.wording import claims, numbers
from stepladder.wording.language import _, mark, plural
from stepladder.wording.numbers import money
from stepladder.wording.page import Page, Style
from stepladder.wording.text import clean
from stepladder.wording.words import title

FORMAT = "stepladder-stable/1"
#: Steps that are shown in each part; the rest is in --json.
SHOWN = 40


def stable_text(plan: Plan, core: Core, others: Alternatives, style: Style | None = None) -> str:
    """Always, never, depends; then the alternatives.

    Parameters
    ----------
    plan
        The first plan: titles and periods are taken from it.
    core
        What all plans have in common.
    others
        Plans that are nearly as good as the first.
    style
        Width and colour.
    """
    page = Page(style or Style())
    names = titles(plan.problem)
    page.say(title(plan.problem.title or _("The plan")), kind="bold", most=2)
    said = {"plans": numbers.count(core.count, "plan")}
    page.say(plural("What {plans} says.", "What {plans} have in common.", core.count, **said))
    parts = (
        (mark("IN EVERY PLAN: {steps}"), core.always),
        (mark("IN SOME PLANS: {steps}"), core.depends),
        (mark("IN NO PLAN: {steps}"), core.never),
    )
    for heading, steps in parts:
        page.heading(_(heading, steps=numbers.count(len(steps), "step")))
        for step in steps[:SHOWN]:
            page.say(f"{title(names.get(step.step, step.step))}{_when(plan, core, step)}", 2, mark="- ", most=2)
        if len(steps) > SHOWN:
            page.say(_("… and {count} more (--json)", count=numbers.whole(len(steps) - SHOWN)), 2)
    if others.plans or others.last is not None:
        page.heading(_("NEARLY AS GOOD, AND AS DIFFERENT AS WAS FOUND"))
    for k, other in enumerate(others.plans, start=1):
        page.say(_alternative(plan, other), 2, mark=f"{k}. ", most=6)
    if others.last is not None:
        page.say(claims.further(found=len(others.plans), last=others.last), 2)
    return page.text()


def _when(plan: Plan, core: Core, step: StepAcrossPlans) -> str:
    if step.first is None or step.last is None:
        return ""
    labels = [clean(plan.problem.periods[t].label) for t in (step.first, step.last)]
    when = labels[0] if step.first == step.last else _("{first} to {last}", first=labels[0], last=labels[1])
    if step.count >= core.count:
        return f": {when}"
    counted = {"count": numbers.whole(step.count), "all": numbers.whole(core.count)}
    return f": {_('{when}, in {count} of {all}', when=when, **counted)}"


def _alternative(plan: Plan, other: Alternative) -> str:
    currency = plan.problem.currency
    more = other.plan.objective.value - plan.objective.value
    objective = OBJECTIVES[plan.objective.name]
    amount = money(abs(more), objective.unit(currency))
    worth = (
        _("{amount} more {noun} (present value)", amount=amount, noun=_(objective.noun))
        if (more >= 0) != objective.points
        else _("{amount} less {noun} (present value)", amount=amount, noun=_(objective.noun))
    )
    dropped = sum(name not in other.plan.starts for name in plan.starts)
    new = sum(name not in plan.starts for name in other.plan.starts)
    apart = plural(
        "{steps} stands elsewhere, of which {dropped} left out and {new} new",
        "{steps} stand elsewhere, of which {dropped} left out and {new} new",
        other.apart,
        steps=numbers.count(other.apart, "step"),
        dropped=numbers.whole(dropped),
        new=numbers.whole(new),
    )
    return _(
        "{worth}; {apart}; {money} spent.", worth=worth, apart=apart, money=money(other.plan.totals.spend, currency)
    )


def stable_json(plan: Plan, core: Core, others: Alternatives) -> str:
    """The same for programs, as ``stepladder-stable/1``."""
    document: dict[str, Any] = {
        "format": FORMAT,
        "title": plan.problem.title,
        "plans": core.count,
        **{name: [vars(step) for step in getattr(core, name)] for name in ("always", "depends", "never")},
        "alternatives": [
            {
                "value": other.plan.objective.value,
                "apart": other.apart,
                "at_most_in_all": other.most,
                "starts": other.plan.starts,
            }
            for other in others.plans
        ],
        "no_further_alternative": others.last,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
