"""Why a policy is in force, or is not, as text and as JSON."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import Any

from stepladder.analysis.insured import Insured
from stepladder.analysis.policy_changes import called
from stepladder.analysis.why_policy import PolicyPrice, WhyPolicy
from stepladder.data.formats.policy import Policy, choice, policies_in, steps_in
from stepladder.data.objective import OBJECTIVES
from stepladder.output.report.insurance import LOOKS_FREE, looks_free
from stepladder.wording import claims, numbers, prices
from stepladder.wording.page import Page, Style
from stepladder.wording.phrases import said
from stepladder.wording.text import clean, listed, quote
from stepladder.wording.words import title

FORMAT = "stepladder-why-policy/1"
#: Steps that another choice moves, and steps of a requirement, by name.
NAMED = 3


def policy_text(why: WhyPolicy, style: Style | None = None) -> str:
    """One policy in half a screen: each of its years, what another choice would cost, what its requirements cost."""
    page = Page(style or Style())
    page.say(title(why.policy.name), kind="bold", most=2)
    for y, one in zip(why.years, why.insured, strict=True):
        page.say(f"{called(why.plan, y)}: {_year(why, y, one)}.", mark="- ", most=6)
    if all(one.year.decided for one in why.insured):
        page.say("That is no choice any more, so there is nothing to price.")
        return page.text()
    for heading, unasked in (("WHAT ANOTHER CHOICE WOULD COST", False), ("WHAT ITS REQUIREMENTS COST", True)):
        chosen = [other for other in why.others if (other.choice == "unasked") == unasked]
        if chosen:
            page.heading(heading)
        for other in chosen:
            page.say(_unasked(why, other) if unasked else _other(why, other), 2, mark="- ", most=4)
    if why.left:
        page.say(f"{numbers.count(why.left, 'further question')} not asked: name one year, as in {_example(why)}.", 2)
    if looks_free(why.plan):
        page.blank()
        page.say(LOOKS_FREE)
    return page.text()


def _example(why: WhyPolicy) -> str:
    return choice(why.policy.id, 0).rpartition("@")[0] + "@" + called(why.plan, why.years[-1])


def _year(why: WhyPolicy, y: int, one: Insured) -> str:
    """What a year has, and why."""
    currency = why.plan.problem.currency
    if one.policy is not None and one.policy.id == why.policy.id:
        taken, loss = (numbers.money(amount, currency) for amount in (one.taken, one.loss))
        back = "" if one.back is None else f", {one.back:.2f} back for each unit of premium"
        fact = ", already" if one.year.decided else ""
        held = f"in force{fact}, for {numbers.money(one.premium, currency)}: takes over {taken} of {loss} a year{back}"
        return held + "".join(f"; it asks for {name}" for name in _needs(why, one))
    if one.year.decided:
        return "the year has begun without"
    if why.policy.premiums[y] is None:
        return "not on offer"
    if one.policy is not None:
        return f"not in force, but {quote(one.policy.name, 60)} is"
    if any(policy.id == why.policy.id for policy in one.missing):
        return "not in force: what it asks for is not finished before the year begins"
    reason = next(reason for policy, reason in one.against if policy.id == why.policy.id)
    return f"not in force: {clean(said(reason))}"


def _needs(why: WhyPolicy, one: Insured) -> Iterator[str]:
    periods = why.plan.problem.periods
    steps = [f"{quote(step.name, 60)} (finished {numbers.label(periods[last])})" for step, last in one.needs]
    if steps:
        yield listed(steps, NAMED)


def _years(why: WhyPolicy, years: Sequence[int]) -> str:
    return listed([called(why.plan, y) for y in years], 4)


def _named(policy: Policy | None) -> str:
    return "" if policy is None else quote(policy.name, 60)


def _other(why: WhyPolicy, other: PolicyPrice) -> str:
    when = f"in {_years(why, other.years)}"
    words = {
        "without": f"To go without it {when}",
        "uninsured": f"To have no policy at all {when}",
        "instead": f"To have {_named(other.policy)} in its place {when}",
        "taken": f"To have it {when}",
    }[other.choice]
    objective, price = OBJECTIVES[why.plan.objective.name], other.price
    if price.impossible:
        return claims.impossible_choice(words)
    if price.unknown and other.starts is None:
        return f"{words}: not known, the search was stopped before such a plan was found."
    place = _instead(why, other)
    undecided = prices.undecided(price, why.plan)
    if undecided:
        return f"{words}{place} makes {undecided}."
    nothing = prices.none_at_all(price, why.plan, other.beside)
    if nothing:
        return f"{words}: {nothing}, present value{place}."
    cost = prices.amount(price, objective.unit(why.plan.problem.currency))
    return f"{words}: {cost} {objective.more}, present value{place}."


def _instead(why: WhyPolicy, other: PolicyPrice) -> str:
    """Which steps and policies would come in and go out."""
    if other.starts is None:
        return ", and no such plan was found"
    plan, steps = why.plan, steps_in(other.starts)
    held = policies_in(other.starts, len(plan.policies))
    offers = {policy.id: policy for policy in plan.problem.policies}
    pairs = enumerate(zip(plan.policies, held, strict=True))
    new = [f"{_named(offers[now])} in {called(plan, y)}" for y, (was, now) in pairs if now and now != was]
    if other.choice in ("instead", "taken"):
        chosen = {f"{_named(other.policy)} in {called(plan, y)}" for y in other.years}
        new = [name for name in new if name not in chosen]
    come = [quote(why.titles[name], 60) for name in steps if name not in plan.starts]
    gone = [quote(why.titles[name], 60) for name in plan.starts if name not in steps]
    parts = [f"with {listed([*new, *come], NAMED)}"] if new or come else []
    parts += [f"without {listed(gone, NAMED)}"] if gone else []
    return f" ({'; '.join(parts)})" if parts else ""


def _unasked(why: WhyPolicy, other: PolicyPrice) -> str:
    objective, price = OBJECTIVES[why.plan.objective.name], other.price
    names = [quote(why.titles.get(name, name), 60) for name in other.asked]
    everything = len(names) > 1 and set(other.asked) == set(why.policy.needs)
    words = f"If it did not ask for {'anything' if everything else listed(names, NAMED)}"
    if price.unknown:
        return f"{words}: what would be gained is not known, the search was stopped first."
    if prices.undecided(price, why.plan):
        part = numbers.gap(price.high / abs(why.plan.objective.value))
        return f"{words}, the most that could be gained is {part} of the {objective.noun}; less, or nothing, may be."
    if price.exact and price.high == 0:
        return f"{words}: nothing would be gained."
    gained = objective.better.format(prices.amount(price, objective.unit(why.plan.problem.currency)))
    return f"{words}, the best plan {gained}, present value."


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
