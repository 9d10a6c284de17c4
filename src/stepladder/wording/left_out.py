"""Why steps are not in a plan. A plan has that in English, where programs and the verifier read it; here it is said in
the reader's language, from what the plan knows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from stepladder.data import unplanned
from stepladder.data.objective import POINTS
from stepladder.data.rules import BY_NAME
from stepladder.wording import numbers
from stepladder.wording.language import _, plural, translated
from stepladder.wording.text import clean, listed

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


def left_out(plan: Plan, step: str) -> str:
    """Why a step is not in the plan, as one line without a subject; what the plan has where it is in English, or where
    the plan has other words than follow from it, as of a file that another program wrote.

    Parameters
    ----------
    plan
        The plan.
    step
        One of the steps that it leaves out, by its id.
    """
    if not translated():
        return clean(plan.left_out(step))
    if plan.state(step) == "cancelled":
        reason = clean(plan.progress[step].reason)
        return _("it was cancelled: {reason}", reason=reason) if reason else _("it was cancelled")
    return not_planned(plan, step)


def not_planned(plan: Plan, step: str) -> str:
    """The same without a word of who cancelled it."""
    stored = plan.not_planned[step].detail
    if not translated():
        return clean(stored)
    said = _waiting(plan, step) or _blocked(unplanned.as_now(stored)) or _amount(stored, plan.problem.currency)
    return said or clean(stored)


def _waiting(plan: Plan, step: str) -> str:
    """Of a step that needs others that are not planned; empty where the plan says something else."""
    steps = plan.problem.steps_by_id()
    waits = [steps[need.step] for need in steps[step].needs if need.step not in plan.starts]
    told = unplanned.waiting(waits).told(plan.problem.currency)
    if not waits or plan.not_planned[step].detail != told.detail:
        return ""
    names = [unplanned.named(one) for one in waits[: unplanned.LISTED]]
    more = len(waits) - len(names)
    names += [_("{count} more", count=numbers.whole(more))] if more else []
    return plural(*unplanned.WAITS, len(waits)).format(clean(listed(names, len(names))))


def _blocked(detail: str) -> str:
    """Of a step that breaks some rule at every start; empty of any other sentence."""
    by_words = {rule.short: rule.name for rule in BY_NAME.values()}
    if detail in by_words:
        return _(BY_NAME[by_words[detail]].short)
    before, _place, _after = unplanned.EVERY.partition("{}")
    rules = detail.removeprefix(before).split(unplanned.OR)
    if not detail.startswith(before) or any(words not in by_words for words in rules):
        return ""
    return _(unplanned.EVERY).format(_(unplanned.OR).join(_(words) for words in rules))


def _amount(detail: str, currency: str) -> str:
    """Of a step that could be added: what that would change; empty of any other sentence."""
    for words in unplanned.AMOUNTS:
        if words == detail:
            return _(words)
        for unit in (currency, POINTS) if "{}" in words else ():
            amount = unplanned.amount_of(detail, words, unit)
            if amount is not None:
                return _(words).format(numbers.money(amount, unit))
    return ""
