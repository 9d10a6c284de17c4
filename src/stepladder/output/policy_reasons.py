"""Why a policy is in force, or is not, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from stepladder.analysis.insured import Insured
from stepladder.analysis.policy_changes import called
from stepladder.analysis.price import Price
from stepladder.analysis.why_policy import PolicyPrice, WhyPolicy
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import Policy, choice, policies_in, steps_in
from stepladder.data.objective import OBJECTIVES
from stepladder.output.report.insurance import LOOKS_FREE, finished, looks_free
from stepladder.wording import claims, numbers, prices
from stepladder.wording.language import _, mark
from stepladder.wording.page import Page, Style
from stepladder.wording.phrases import said
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import title

FORMAT = "stepladder-why-policy/1"
#: Steps that another choice moves, and steps of a requirement, by name.
NAMED = 3
#: What is said of another choice, of a step as of a policy.
NO_CHOICE = mark("That is no choice any more, so there is nothing to price.")
COST = mark("WHAT ANOTHER CHOICE WOULD COST")
UNKNOWN = mark("{choice}: not known, the search was stopped before such a plan was found.")
UNDECIDED = mark("{choice}{place} makes {difference}.")
FREE = mark("{choice}: {nothing}, present value{place}.")
PRICED = mark("{choice}: {cost} {more}, present value{place}.")
NOT_FOUND = mark(", and no such plan was found")


def policy_text(why: WhyPolicy, style: Style | None = None) -> str:
    """One policy in half a screen: each of its years, what another choice would cost, what its requirements cost."""
    page = Page(style or Style())
    page.say(title(why.policy.name), kind="bold", most=2)
    for y, one in zip(why.years, why.insured, strict=True):
        page.say(f"{called(why.plan, y)}: {_year(why, y, one)}.", mark="- ", most=6)
    if all(one.year.decided for one in why.insured):
        page.say(_(NO_CHOICE))
        return page.text()
    for heading, unasked in ((_(COST), False), (_("WHAT ITS REQUIREMENTS COST"), True)):
        chosen = [other for other in why.others if (other.choice == "unasked") == unasked]
        if chosen:
            page.heading(heading)
        for other in chosen:
            page.say(_unasked(why, other) if unasked else _other(why, other), 2, mark="- ", most=4)
    if why.left:
        left = numbers.count(why.left, "further question")
        page.say(_("{questions} not asked: name one year, as in {example}.", questions=left, example=_example(why)), 2)
    if looks_free(why.plan):
        page.blank()
        page.say(_(LOOKS_FREE))
    return page.text()


def _example(why: WhyPolicy) -> str:
    return choice(why.policy.id, 0).rpartition("@")[0] + "@" + called(why.plan, why.years[-1])


def _year(why: WhyPolicy, y: int, one: Insured) -> str:
    """What a year has, and why."""
    currency = why.plan.problem.currency
    if one.policy is not None and one.policy.id == why.policy.id:
        taken, loss = (numbers.money(amount, currency) for amount in (one.taken, one.loss))
        values = {"premium": numbers.money(one.premium, currency), "taken": taken, "loss": loss}
        held = (
            _("in force, already, for {premium}: takes over {taken} of {loss} a year", **values)
            if one.year.decided
            else _("in force, for {premium}: takes over {taken} of {loss} a year", **values)
        )
        if one.back is not None:
            held = _("{held}, {back} back for each unit of premium", held=held, back=f"{one.back:.2f}")
        return "; ".join([held, *(_("it asks for {steps}", steps=name) for name in _needs(why, one))])
    if one.year.decided:
        return _("the year has begun without")
    if why.policy.premiums[y] is None:
        return _("not on offer")
    if one.policy is not None:
        return _("not in force, but {policy} is", policy=quote(one.policy.name, 60))
    if any(policy.id == why.policy.id for policy in one.missing):
        return _("not in force: what it asks for is not finished before the year begins")
    reason = next(reason for policy, reason in one.against if policy.id == why.policy.id)
    return _("not in force: {reason}", reason=clean(said(reason)))


def _needs(why: WhyPolicy, one: Insured) -> Iterator[str]:
    periods = why.plan.problem.periods
    steps = [finished(step, periods[last]) for step, last in one.needs]
    if steps:
        yield listed(steps, NAMED)


def _years(why: WhyPolicy, years: Sequence[int]) -> str:
    return listed([called(why.plan, y) for y in years], 4)


def _named(policy: Policy | None) -> str:
    return "" if policy is None else quote(policy.name, 60)


def _other(why: WhyPolicy, other: PolicyPrice) -> str:
    words = _(_CHOICES[other.choice], years=_years(why, other.years), policy=_named(other.policy))
    price = other.price
    if price.impossible:
        return claims.impossible_choice(words)
    if price.unknown and other.starts is None:
        return _(UNKNOWN, choice=words)
    return priced(words, price, why.plan, other.beside, _instead(why, other))


def priced(choice: str, price: Price, plan: Plan, beside: float, place: str) -> str:
    """What another choice would cost, of a step as of a policy, where such a plan was found.

    Parameters
    ----------
    choice
        The choice in words.
    price, beside
        Its price, in what the plan minimises, and beside that in the second criterion.
    plan
        The plan that has chosen otherwise.
    place
        What would stand where then.
    """
    objective = OBJECTIVES[plan.objective.name]
    undecided = prices.undecided(price, plan)
    if undecided:
        return _(UNDECIDED, choice=choice, place=place, difference=undecided)
    nothing = prices.none_at_all(price, plan, beside)
    if nothing:
        return _(FREE, choice=choice, nothing=nothing, place=place)
    cost = prices.amount(price, objective.unit(plan.problem.currency))
    return _(PRICED, choice=choice, cost=cost, more=_(objective.more), place=place)


#: What else could be chosen.
_CHOICES = {
    "without": mark("To go without it in {years}"),
    "uninsured": mark("To have no policy at all in {years}"),
    "instead": mark("To have {policy} in its place in {years}"),
    "taken": mark("To have it in {years}"),
}


def _instead(why: WhyPolicy, other: PolicyPrice) -> str:
    """Which steps and policies would come in and go out."""
    if other.starts is None:
        return _(NOT_FOUND)
    plan, steps = why.plan, steps_in(other.starts)
    held = policies_in(other.starts, len(plan.policies))
    offers = {policy.id: policy for policy in plan.problem.policies}
    pairs = enumerate(zip(plan.policies, held, strict=True))
    new = [_held(plan, offers[now], y) for y, (was, now) in pairs if now and now != was]
    if other.choice in ("instead", "taken") and other.policy is not None:
        chosen = {_held(plan, other.policy, y) for y in other.years}
        new = [name for name in new if name not in chosen]
    come = [quote(why.titles[name], 60) for name in steps if name not in plan.starts]
    gone = [quote(why.titles[name], 60) for name in plan.starts if name not in steps]
    parts = [_("with {steps}", steps=listed([*new, *come], NAMED))] if new or come else []
    parts += [_("without {steps}", steps=listed(gone, NAMED))] if gone else []
    return f" ({'; '.join(parts)})" if parts else ""


def _held(plan: Plan, policy: Policy, y: int) -> str:
    """A policy with its year."""
    return _("{policy} in {years}", policy=_named(policy), years=called(plan, y))


def _unasked(why: WhyPolicy, other: PolicyPrice) -> str:
    objective, price = OBJECTIVES[why.plan.objective.name], other.price
    names = [quote(why.titles.get(name, name), 60) for name in other.asked]
    everything = len(names) > 1 and set(other.asked) == set(why.policy.needs)
    what = _("anything") if everything else listed(names, NAMED)
    if price.unknown:
        return _(
            "If it did not ask for {what}: what would be gained is not known, the search was stopped first.", what=what
        )
    if prices.undecided(price, why.plan):
        return _(
            "If it did not ask for {what}, the most that could be gained is {part} of the {noun}; less, or nothing,"
            " may be.",
            what=what,
            part=numbers.gap(price.high / abs(why.plan.objective.value)),
            noun=_(objective.noun),
        )
    if price.exact and price.high == 0:
        return _("If it did not ask for {what}: nothing would be gained.", what=what)
    gained = _(objective.better).format(prices.amount(price, objective.unit(why.plan.problem.currency)))
    return _("If it did not ask for {what}, the best plan {gained}, present value.", what=what, gained=gained)


def policy_json(why: WhyPolicy) -> str:
    """The same for programs, as ``stepladder-why-policy/1``."""
    problem = why.plan.problem
    document: dict[str, Any] = {
        "format": FORMAT,
        "policy": why.policy.id,
        "title": why.policy.name,
        "years": [
            {
                "year": called(why.plan, y),
                "policy": None if one.policy is None else one.policy.id,
                "decided": one.year.decided,
                "premium": one.premium if one.policy is not None else why.policy.premiums[y],
                "loss_per_year": one.loss,
                "taken_over_per_year": one.taken,
                "reason": _year(why, y, one),
            }
            for y, one in zip(why.years, why.insured, strict=True)
        ],
        "others": [
            {
                "choice": other.choice,
                "years": [called(why.plan, y) for y in other.years],
                "policy": None if other.policy is None else other.policy.id,
                "asked": other.asked,
                "price": prices.facts(other.price),
                "starts": None if other.starts is None else steps_in(other.starts),
                "policies": None if other.starts is None else policies_in(other.starts, len(problem.policy_years)),
            }
            for other in why.others
        ],
        "not_asked": why.left,
    }
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"
