"""Every sentence that says that something is proved, made of a claim and of nothing else: no word says more than the
claim does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from stepladder.data.formats.context import Milestone
from stepladder.data.objective import OBJECTIVES
from stepladder.data.remedy import RemedyKind
from stepladder.wording import numbers
from stepladder.wording.language import _, mark, pair, plural
from stepladder.wording.numbers import money, money_down
from stepladder.wording.text import listed, quote

if TYPE_CHECKING:
    from stepladder.analysis.claims import Claim
    from stepladder.analysis.curves import Reach, WorthPaying
    from stepladder.data.formats.past import Missed

#: What each kind of remedy is, where it does not help.
ALONE: dict[RemedyKind, str] = {
    "money": mark("more money"),
    "people": mark("adding person-days"),
    "parallel": mark("allowing more steps at once"),
    "later": mark("giving more time within the horizon"),
    "pin": mark("moving pins or lifting exclusions"),
    "cap": mark("raising caps on losses"),
    "tail": mark("allowing likelier large losses"),
    "from": mark("letting caps on losses begin later"),
    "fewer": mark("giving up required steps that are not pinned"),
}
#: The same where achievements are among what can be given up.
_LESS_ACHIEVED = mark("giving up achievements, or required steps that are not pinned")


#: What each quantity is counted in, one of it and many.
_NOUNS = {
    "people": pair("person-day", "person-days"),
    "parallel": pair("step", "steps"),
    "later": pair("period", "periods"),
    "moved": pair("period", "periods"),
    "from": pair("period", "periods"),
    "pin": pair("pin or exclusion", "pins or exclusions"),
    "achieved": pair("required step or achievement", "required steps or achievements"),
}


def unit(quantity: str, currency: str) -> Callable[[float], str]:
    """How the low end of a claim about a quantity is written: never more than it is."""
    if quantity in ("money", "cap", *OBJECTIVES):
        named = OBJECTIVES[quantity].unit(currency) if quantity in OBJECTIVES else currency
        return lambda amount: money_down(amount, named)
    one, many = _NOUNS.get(quantity, pair("required step", "required steps"))

    def written(amount: float) -> str:
        """An amount with its noun, rounded down to hundredths."""
        if amount == int(amount):
            return numbers.count(int(amount), one, many)
        return f"{numbers.amount(math.floor(amount * 100) / 100)} {plural(one, many, 2)}"

    return written


#: What an exact claim says of each quantity: with less of it there is no plan.
_LESS = {
    "money": mark("less does not do"),
    "people": mark("fewer do not do"),
    "parallel": mark("fewer do not do"),
    "later": mark("no less delay will do"),
    "pin": mark("fewer changes do not do"),
    "moved": mark("with so few changes no smaller moves will do"),
    "cap": mark("no lower cap can be kept"),
    "tail": mark("no smaller excess over what was asked will do"),
    "from": mark("no earlier beginning will do"),
    "fewer": mark("fewer do not do"),
}


def less(claim: Claim, currency: str = "") -> str:
    """What is proved of smaller amounts than the one that a plan shows."""
    if claim.exact:
        return _("Proved: {less}.", less=_(_LESS[claim.quantity]))
    if claim.low > 0 and claim.quantity == "tail":
        return _("Proved: what was asked cannot be kept; whether less would do is not known.")
    if claim.low > 0:
        amount = unit(_counted(claim), currency)(claim.low)
        if claim.quantity == "cap":
            return _("Proved: with less than {amount} above what was asked there is no plan.", amount=amount)
        if claim.quantity in ("people", "parallel", "pin", "fewer"):
            return _("Proved: with fewer than {amount} there is no plan.", amount=amount)
        return _("Proved: with less than {amount} there is no plan.", amount=amount)
    return _("The search was stopped before it was known whether less would do.")


def _counted(claim: Claim) -> str:
    """What is counted: of what is given up, achievements too where any is asked for."""
    achieved = claim.quantity == "fewer" and any(demand.achievements for demand in claim.demands)
    return "achieved" if achieved else claim.quantity


def together(needed: Sequence[Claim], kinds: int) -> str:
    """Before the parts of a remedy of several kinds: whether each is needed, and in which order each is the least."""
    if len(needed) == kinds and all(claim.none for claim in needed):
        return _("Together, and none of these can be left out (this is proved); each with no more of those before it:")
    return _("Together; each with no more of those before it:")


def unknown(claim: Claim, currency: str = "") -> str:
    """Where no plan was found: what is known nevertheless."""
    if claim.low > 0 and claim.quantity != "tail":
        return _(
            "the search was stopped; at least {amount} would be needed, and it is not known whether that helps.",
            amount=unit(_counted(claim), currency)(claim.low),
        )
    return _("the search was stopped before it was known whether that helps.")


def useless(claims: Sequence[Claim]) -> str:
    """Kinds of remedy each of which is proved not to help by itself; empty where there is none."""
    kinds = {claim.loose[0]: _counted(claim) == "achieved" for claim in claims if claim.none}
    names = [_(_LESS_ACHIEVED if achieved else ALONE[kind]) for kind, achieved in kinds.items()]
    if not names:
        return ""
    subject = listed(names, len(names))
    subject = subject[:1].upper() + subject[1:]
    if len(names) == 1:
        return _("{way} alone does not help, however far it goes: there is no plan. This is proved.", way=subject)
    return _("{ways}: none of these helps alone, however far it goes. This is proved.", ways=subject)


def impossible(claim: Claim, *, clashes: int) -> str:
    """That no plan keeps the demands: those of the one clash, or all of them."""
    if clashes > 1:
        return _("No plan can meet all that is asked: this is proved. There are {count} clashes.", count=f"{clashes:,}")
    count = len(claim.demands)
    return plural(
        "No plan can meet this demand: this is proved.",
        "No plan can meet these {count} demands together: this is proved.",
        count,
        count=f"{count:,}",
    )


def possible(claim: Claim, *, given_up: bool = False) -> str:
    """Of a question that is not proved to be impossible: whether there is a plan; and whether somebody has given up a
    part of what was demanded before.
    """
    if claim.shown and given_up:
        return _("There is a plan as it is. It does not meet what was given up with a cancelled step:")
    if claim.shown:
        return _("There is a plan as it is; nothing needs repair.")
    return _("The search was stopped before it was known whether there is a plan.")


def without(*, proved: bool) -> str:
    """Of a question among others that has no plan: whether that is proved."""
    if proved:
        return _("no plan can meet all that it asks: this is proved")
    return _("the search was stopped before any plan was found")


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
        if len(claims) > 1:
            return _("Without any one of them there is a plan.")
        return _("Without it there is a plan.")
    if len(claims) == 1:
        return ""
    if all(claim.shown for claim in claims):
        return _("Without any one of them the others can be met together.")
    return _("The search was stopped before each of them was shown to be needed.")


def missed(miss: Missed) -> str:
    """Of a deadline that is missed: whether it could be less late."""
    if miss.proved:
        return _(
            "Proved: after what has happened it cannot be met earlier, with every deadline before it met as early as it"
            " can be, and with all else that is demanded."
        )
    return _("The search was stopped before it was known whether it could be met earlier.")


def rest(claim: Claim) -> str:
    """What is known of the demands that are in no clash."""
    if claim.shown:
        return _("All else that is asked can be met together, within the same limits.")
    if claim.none:
        return _("There are more clashes than these.")
    return _("The search was stopped before it was known whether there are more clashes.")


# -- of more money, other plans, other futures, and of what is shown without a search ------------------------------


def no_budget(*, proved: bool) -> str:
    """Of a curve without a plan."""
    if proved:
        return _("Proved: no budget in this range allows a plan.")
    return _("With no budget in this range a plan was found; the search was stopped.")


def with_none_of(largest: str) -> str:
    """Of a question without a plan however much of some budgets it has; the largest of them, in words."""
    return _(
        "no plan can meet all the demands together with any of these budgets, of which {largest} is the largest",
        largest=largest,
    )


def pays(worth: WorthPaying, most: float, currency: str) -> str:
    """Where a larger budget takes off more loss than it is larger; ``most`` is the largest of the curve."""
    parts = []
    if worth.until is not None:
        until = money(worth.until, currency)
        parts.append(_("below {money}, more money takes off more loss than it costs", money=until))
    if worth.beyond is not None:
        ends = {"money": money(worth.beyond, currency), "most": money(most, currency)}
        parts.append(
            _("from {money} on, no further money up to {most} does", **ends)
            if parts
            else _("from {money} on, no further money up to {most} takes off more loss than it costs", **ends)
        )
    if not parts:
        return _("Whether more money pays is closer than the gaps can tell; a smaller --gap tells more.")
    return _("Proved, comparing these budgets: {what}.", what="; ".join(parts))


#: Of a curve in points, in place of where more money pays.
NO_PRICE = mark("Points are no money: whether more of them are worth more money, nobody but you can say.")


def least_budget(low: float, high: float, currency: str) -> str:
    """Between which budgets the least lies that allows a plan."""
    return _(
        "Proved: with {low} or less there is no plan that keeps all the rules; with {high} there is one.",
        low=money_down(low, currency),
        high=numbers.money_up(high, currency),
    )


def target(reach: Reach, currency: str) -> str:
    """With which money every step can be done in time."""
    if reach.out_of_reach:
        return _(
            "Proved: no money brings everything up to its target within the horizon; time, people or other rules are in"
            " the way."
        )
    if reach.affordable is None:
        if reach.decided:
            return _(
                "The whole target is not affordable with any of these budgets, though it would be with enough money."
            )
        return _("With none of these budgets a plan of the whole target was found; the search was stopped.")
    least = money(reach.affordable, currency)
    if reach.decided:
        return _("Everything up to its target is affordable from {money} on (of these budgets).", money=least)
    return _(
        "Everything up to its target is affordable from {money} on (of these budgets, and perhaps with less: the search"
        " was stopped).",
        money=least,
    )


def further(*, found: int, last: bool) -> str:
    """Whether there are more plans within a tolerance than those that were found."""
    if last:
        return (
            _("Proved: no further plan is within the tolerance.")
            if found
            else _("Proved: no other plan is within the tolerance.")
        )
    return (
        _("The search was stopped before it found a further plan.")
        if found
        else _("The search was stopped before it found another plan.")
    )


def impossible_choice(what: str) -> str:
    """Of a choice with which there is no plan; ``what`` is the choice, as a noun."""
    return _("{choice} is not possible: this is proved.", choice=what)


def out_of_time(milestone: Milestone) -> str:
    """Of a milestone with a step that no plan can hold."""
    named, day = quote(milestone.title), numbers.day(milestone.date)
    return _("The milestone {milestone} of {day} cannot be met.", milestone=named, day=day)


def hopeless(names: list[str]) -> str:
    """Of steps that must be done and that no plan can hold."""
    return _("There is no plan at all while {steps} must be done.", steps=listed(names, 4))


# -- of large losses, counted on cells ---------------------------------------------------------------------------------


def given_events() -> str:
    """Before the chances of large losses: what they rest on."""
    return _(
        "Given your numbers, with events by chance (Poisson) and each with its own loss (lognormal). A chance of a year"
        " lies between two numbers that are proved, and the higher one is stated."
    )


def year_costs(off: float) -> str:
    """Beside a curve of what a year may cost, of which amounts are too high by no more than a part of themselves."""
    return _(
        "The chance that a year costs more than so much, before the plan, half-way through and after it. No amount is"
        " too low, and none is too high by more than {share} of itself: this is proved.",
        share=numbers.share(off),
    )
