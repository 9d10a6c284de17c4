"""Every sentence that says that something is proved, made of a claim and of nothing else: no word says more than the
claim does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from stepladder.data.formats.past import Missed
from stepladder.data.formats.plan import Milestone, Plan
from stepladder.data.objective import OBJECTIVES
from stepladder.data.remedy import RemedyKind
from stepladder.wording import numbers
from stepladder.wording.numbers import money, money_down
from stepladder.wording.text import listed, quote

if TYPE_CHECKING:
    from stepladder.analysis.claims import Claim
    from stepladder.analysis.curves import Reach, WorthPaying

#: What each kind of remedy is, where it does not help.
ALONE: dict[RemedyKind, str] = {
    "money": "more money",
    "people": "adding person-days",
    "parallel": "allowing more steps at once",
    "later": "giving more time within the horizon",
    "pin": "moving pins or lifting exclusions",
    "cap": "raising caps on losses",
    "from": "letting caps on losses begin later",
    "fewer": "giving up required steps that are not pinned",
}


def unit(quantity: str, currency: str) -> Callable[[float], str]:
    """How the low end of a claim about a quantity is written: never more than it is."""
    if quantity in ("money", "cap", *OBJECTIVES):
        named = OBJECTIVES[quantity].unit(currency) if quantity in OBJECTIVES else currency
        return lambda amount: money_down(amount, named)
    nouns = {
        "people": "person-day",
        "parallel": "step",
        "later": "period",
        "moved": "period",
        "from": "period",
        "pin": "pin or exclusion",
    }
    plural = "pins or exclusions" if quantity == "pin" else ""
    noun = nouns.get(quantity, "required step")

    def written(amount: float) -> str:
        """An amount with its noun, rounded down to hundredths."""
        if amount == int(amount):
            return numbers.count(int(amount), noun, plural)
        return f"{numbers.amount(math.floor(amount * 100) / 100)} {noun}s"

    return written


#: What an exact claim says of each quantity: with less of it there is no plan.
_LESS = {
    "money": "less does not do",
    "people": "fewer do not do",
    "parallel": "fewer do not do",
    "later": "no less delay will do",
    "pin": "fewer changes do not do",
    "moved": "with so few changes no smaller moves will do",
    "cap": "no lower cap can be kept",
    "from": "no earlier beginning will do",
    "fewer": "fewer do not do",
}


def less(claim: Claim, currency: str = "") -> str:
    """What is proved of smaller amounts than the one that a plan shows."""
    if claim.exact:
        return f"Proved: {_LESS[claim.quantity]}."
    if claim.low > 0:
        beyond = " above what was asked" if claim.quantity == "cap" else ""
        word = "fewer" if claim.quantity in ("people", "parallel", "pin", "fewer") else "less"
        return f"Proved: with {word} than {unit(claim.quantity, currency)(claim.low)}{beyond} there is no plan."
    return "The search was stopped before it was known whether less would do."


def together(needed: Sequence[Claim], kinds: int) -> str:
    """Before the parts of a remedy of several kinds: whether each is needed, and in which order each is the least."""
    proved = len(needed) == kinds and all(claim.none for claim in needed)
    return (
        f"Together{', and none of these can be left out (this is proved)' if proved else ''}; each with no more of"
        " those before it:"
    )


def unknown(claim: Claim, currency: str = "") -> str:
    """Where no plan was found: what is known nevertheless."""
    if claim.low > 0:
        return (
            f"the search was stopped; at least {unit(claim.quantity, currency)(claim.low)} would be needed, and it is"
            " not known whether that helps."
        )
    return "the search was stopped before it was known whether that helps."


def useless(claims: Sequence[Claim]) -> str:
    """Kinds of remedy each of which is proved not to help by itself; empty where there is none."""
    names = [ALONE[claim.loose[0]] for claim in claims if claim.none]
    if not names:
        return ""
    subject = listed(names, len(names))
    subject = subject[:1].upper() + subject[1:]
    if len(names) == 1:
        return f"{subject} alone does not help, however far it goes: there is no plan. This is proved."
    return f"{subject}: none of these helps alone, however far it goes. This is proved."


def impossible(claim: Claim, *, clashes: int) -> str:
    """That no plan keeps the demands: those of the one clash, or all of them."""
    if clashes > 1:
        return f"No plan can meet all that is asked: this is proved. There are {clashes:,} clashes."
    count = len(claim.demands)
    return f"No plan can meet {'this demand' if count == 1 else f'these {count:,} demands together'}: this is proved."


def possible(claim: Claim) -> str:
    """Of a question that is not proved to be impossible: whether there is a plan."""
    if claim.shown:
        return "There is a plan as it is; nothing needs repair."
    return "The search was stopped before it was known whether there is a plan."


def without(*, proved: bool) -> str:
    """Of a question among others that has no plan: whether that is proved."""
    return (
        "no plan can meet all that it asks: this is proved"
        if proved
        else "the search was stopped before any plan was found"
    )


def needed(claims: Sequence[Claim], each: Sequence[Claim], *, only: bool) -> str:
    """What there would be without one of the demands that clash; empty where there is only one and nothing to say.

    Parameters
    ----------
    claims
        For each demand of the clash: whether a plan meets the others.
    each
        For each: whether there is a plan for the whole question without it.
    only
        Whether there is no other clash.
    """
    if only and each and all(claim.shown for claim in each):
        return "Without any one of them there is a plan." if len(claims) > 1 else "Without it there is a plan."
    if len(claims) == 1:
        return ""
    if all(claim.shown for claim in claims):
        return "Without any one of them the others can be met together."
    return "The search was stopped before each of them was shown to be needed."


def missed(miss: Missed) -> str:
    """Of a deadline that is missed: whether it could be less late."""
    if miss.proved:
        return (
            "Proved: after what has happened it cannot be met earlier, with every deadline before it met as early as it"
            " can be."
        )
    return "The search was stopped before it was known whether it could be met earlier."


def rest(claim: Claim) -> str:
    """What is known of the demands that are in no clash."""
    if claim.shown:
        return "All else that is asked can be met together, within the same limits."
    if claim.none:
        return "There are more clashes than these."
    return "The search was stopped before it was known whether there are more clashes."


# -- of more money, other plans, other futures, and of what is shown without a search ------------------------------


def no_budget(*, proved: bool) -> str:
    """Of a curve without a plan."""
    return (
        "Proved: no budget in this range allows a plan."
        if proved
        else "With no budget in this range a plan was found; the search was stopped."
    )


def with_none_of(largest: str) -> str:
    """Of a question without a plan however much of some budgets it has; the largest of them, in words."""
    return f"no plan can meet all the demands together with any of these budgets, of which {largest} is the largest"


def pays(worth: WorthPaying, most: float, currency: str) -> str:
    """Where a larger budget takes off more loss than it is larger; ``most`` is the largest of the curve."""
    parts = []
    if worth.until is not None:
        parts.append(f"below {money(worth.until, currency)}, more money takes off more loss than it costs")
    if worth.beyond is not None:
        what = "does" if parts else "takes off more loss than it costs"
        parts.append(f"from {money(worth.beyond, currency)} on, no further money up to {money(most, currency)} {what}")
    if not parts:
        return "Whether more money pays is closer than the gaps can tell; a smaller --gap tells more."
    return f"Proved, comparing these budgets: {'; '.join(parts)}."


#: Of a curve in points, in place of where more money pays.
NO_PRICE = "Points are no money: whether more of them are worth more money, nobody but you can say."


def least_budget(low: float, high: float, currency: str) -> str:
    """Between which budgets the least lies that allows a plan."""
    return (
        f"Proved: with {money_down(low, currency)} or less there is no plan that keeps all the rules; with"
        f" {numbers.money_up(high, currency)} there is one."
    )


def target(reach: Reach, currency: str) -> str:
    """With which money every step can be done in time."""
    if reach.out_of_reach:
        return (
            "Proved: no money brings everything up to its target within the horizon; time, people or other rules are in"
            " the way."
        )
    if reach.affordable is None:
        proved = "The whole target is not affordable with any of these budgets, though it would be with enough money."
        return (
            proved
            if reach.decided
            else "With none of these budgets a plan of the whole target was found; the search was stopped."
        )
    lesser = "" if reach.decided else ", and perhaps with less: the search was stopped"
    return (
        f"Everything up to its target is affordable from {money(reach.affordable, currency)} on (of these"
        f" budgets{lesser})."
    )


def further(*, found: int, last: bool) -> str:
    """Whether there are more plans within a tolerance than those that were found."""
    if last:
        return f"Proved: no {'further' if found else 'other'} plan is within the tolerance."
    return f"The search was stopped before it found {'a further' if found else 'another'} plan."


def futures(of: str) -> str:
    """Of futures without a plan; ``of`` is how many of how many."""
    return f"In {of} no plan meets all demands: that is proved."


def regret(mean: float, low: float, high: float, unit: str) -> str:
    """What a way to begin costs on average, in the unit of the objective, and between which amounts that is."""
    ends = numbers.money_down(low, unit, named=False), numbers.money_up(high, unit, named=False)
    return f"regret {money(mean, unit)} on average (proved: {ends[0]} to {ends[1]})"


def impossible_choice(what: str) -> str:
    """Of a choice with which there is no plan; ``what`` is the choice, as a noun."""
    return f"{what} is not possible: this is proved."


def out_of_time(milestone: Milestone) -> str:
    """Of a milestone with a step that no plan can hold."""
    return f"The milestone {quote(milestone.title)} of {numbers.day(milestone.date)} cannot be met."


def hopeless(names: list[str]) -> str:
    """Of steps that must be done and that no plan can hold."""
    return f"There is no plan at all while {listed(names, 4)} must be done."


# -- of a plan -----------------------------------------------------------------------------------------------------


def good(plan: Plan, claim: Claim) -> str:
    """How good a plan is: what is proved of every plan, and where this one stands."""
    aim, objective = plan.objective, OBJECTIVES[plan.objective.name]
    unit, verb, what = objective.unit(plan.problem.currency), objective.verb, aims(plan)
    better, farthest = ("more", numbers.money_up) if objective.points else ("less", money_down)
    value, bound = money(objective.shown(claim.high), unit), farthest(objective.shown(claim.low), unit)
    if aim.gap == 0:
        return f"Proved: no plan that keeps all the rules can {verb} {better} than this one, {value}{what}."
    wide = (
        f"a gap of {numbers.gap(aim.gap)}: more work could bring no more than that"
        if aim.gap is not None
        else f"a difference of {money(claim.high - claim.low, unit)}"
    )
    text = (
        f"Proved: no plan that keeps all the rules can {verb} {better} than {bound}{what}; this plan {_does(verb)}"
        f" {value}, {wide}."
    )
    if plan.status == "optimal":
        return text
    wider = (
        ""
        if plan.wanted_gap is None
        else f": the gap is wider than the {numbers.wanted_gap(plan.wanted_gap)} that was wanted"
    )
    return f"A better plan may exist{wider}. {text}"


def _does(verb: str) -> str:
    return {"leave": "leaves", "cost": "costs", "come to": "comes to", "be worth": "is worth"}[verb]


def aims(plan: Plan) -> str:
    """What the amounts of the objective are of, to follow one of them; points are of nothing but themselves."""
    tail = plan.problem.tail.years
    after = f", the {numbers.amount(tail)} years after the horizon included" if tail else ""
    worth = any(step.value_once or step.value_per_year for step in plan.problem.steps)
    loss = "expected loss" + (" less the worth of its steps" if worth else "")
    value = f" (present value{after})"
    objective = OBJECTIVES[plan.objective.name]
    if objective.points:
        return value
    return " of " + (loss + " and money together" if objective.both else loss if objective.risk else "money") + value
