"""What a plan gives back, and why steps are there that cost more than they avoid, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stepladder.analysis.returns import Because, Return, Returns
from stepladder.data.formats.problem import Problem
from stepladder.wording import numbers
from stepladder.wording.text import quote

#: What the plan is made for, where nothing else says why a step is there.
_MADE_FOR = {
    "risk": "made for the least loss, the plan has room for it",
    "spend": "the best plan found has it",
    "net": "the best plan found has it",
    "worth": "the best plan found has it",
}


def years_meant(problem: Problem) -> str:
    """Over which years present values are counted, to follow an amount: ``present value, the 3 years after the horizon
    included``.
    """
    tail = problem.tail.years
    after = f", the {numbers.amount(tail)} year{'' if tail == 1 else 's'} after the horizon included" if tail else ""
    return f"present value{after}"


def in_all(found: Returns, problem: Problem) -> str:
    """What the plan avoids, and what it costs, as a sentence."""
    money, avoided = (numbers.money(amount, problem.currency) for amount in (found.money, found.avoided))
    each = f": {numbers.amount(found.avoided / found.money)} for each 1 that it costs" if found.money > 0 else ""
    return f"The plan costs {money} and avoids {avoided} of loss ({years_meant(problem)}){each}."


def costly(found: Returns) -> str:
    """How many steps cost more than they avoid, as a sentence; that none does."""
    count, steps = len(found.costly), len(found.steps)
    if not steps:
        return "Nothing is planned."
    if not count:
        return "Every step avoids at least what it costs, with all others in place."
    verb = "costs more than it avoids" if count == 1 else "cost more than they avoid"
    of = numbers.count(steps, "step")
    return f"{numbers.whole(count)} of {of} {verb} with all others in place; the most for the least first:"


def why(step: Return, problem: Problem, titles: Mapping[str, str], most: int = 1) -> str:
    """Why a step is there beside what it avoids, as phrases: ``needed for “The audit”; “A” and 2 more need it``."""
    said = [phrase for one in step.because for phrase in _phrases(one, titles, most)]
    return "; ".join(said) or (_MADE_FOR[problem.objective] if "@" not in step.id else "it is insurance")


def _phrases(one: Because, titles: Mapping[str, str], most: int) -> Iterator[str]:
    named = ", ".join(quote(titles.get(name, name)) for name in one.of[:most])
    more = f" and {numbers.whole(len(one.of) - most)} more" if len(one.of) > most else ""
    fixed = {
        "required": "it must be done within the plan",
        "fixed": "its start is fixed",
        "begun": "it has begun",
        "cap": "without it the loss would be above a cap",
        "points": "it is worth points",
    }
    if one.why in fixed:
        yield fixed[one.why]
    elif one.why == "needed_by":
        yield f"{named}{more} need{'' if len(one.of) > 1 else 's'} it"
    else:
        yield f"{'needed for' if one.why == 'milestone' else 'counts towards'} {named}{more}"
