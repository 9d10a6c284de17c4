"""What a plan gives back, and why steps are there that cost more than they avoid, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from stepladder.analysis.returns import Because, Return, Returns
from stepladder.data.formats.problem import Problem
from stepladder.wording import numbers
from stepladder.wording.language import _, mark, plural
from stepladder.wording.text import quote

#: What the plan is made for, where nothing else says why a step is there.
_MADE_FOR = {
    "risk": mark("made for the least loss, the plan has room for it"),
    "spend": mark("the best plan found has it"),
    "net": mark("the best plan found has it"),
    "worth": mark("the best plan found has it"),
}
#: What there is to say of it without names.
_FIXED = {
    "required": mark("it must be done within the plan"),
    "fixed": mark("its start is fixed"),
    "begun": mark("it has begun"),
    "cap": mark("without it the loss would be above a cap"),
    "points": mark("it is worth points"),
}


def years_meant(problem: Problem) -> str:
    """Over which years present values are counted, to follow an amount: ``present value, the 3 years after the horizon
    included``.
    """
    tail = problem.tail.years
    if not tail:
        return _("present value")
    return plural(
        "present value, the {years} year after the horizon included",
        "present value, the {years} years after the horizon included",
        tail,
        years=numbers.amount(tail),
    )


def in_all(found: Returns, problem: Problem) -> str:
    """What the plan avoids, and what it costs, as a sentence."""
    money, avoided = (numbers.money(amount, problem.currency) for amount in (found.money, found.avoided))
    years = years_meant(problem)
    if found.money <= 0:
        return _(
            "The plan costs {money} and avoids {avoided} of loss ({years}).", money=money, avoided=avoided, years=years
        )
    return _(
        "The plan costs {money} and avoids {avoided} of loss ({years}): {each} for each 1 that it costs.",
        money=money,
        avoided=avoided,
        years=years,
        each=numbers.amount(found.avoided / found.money),
    )


def costly(found: Returns) -> str:
    """How many steps cost more than they avoid, as a sentence; that none does."""
    count, steps = len(found.costly), len(found.steps)
    if not steps:
        return _("Nothing is planned.")
    if not count:
        return _("Every step avoids at least what it costs, with all others in place.")
    return plural(
        "{count} of {steps} costs more than it avoids with all others in place; the most for the least first:",
        "{count} of {steps} cost more than they avoid with all others in place; the most for the least first:",
        count,
        count=numbers.whole(count),
        steps=numbers.count(steps, "step"),
    )


def why(step: Return, problem: Problem, titles: Mapping[str, str], most: int = 1) -> str:
    """Why a step is there beside what it avoids, as phrases: ``needed for “The audit”; “A” and 2 more need it``."""
    said = [phrase for one in step.because for phrase in _phrases(one, titles, most)]
    return "; ".join(said) or (_(_MADE_FOR[problem.objective]) if "@" not in step.id else _("it is insurance"))


def _phrases(one: Because, titles: Mapping[str, str], most: int) -> Iterator[str]:
    if one.why in _FIXED:
        yield _(_FIXED[one.why])
        return
    names = ", ".join(quote(titles.get(name, name)) for name in one.of[:most])
    if len(one.of) > most:
        names = _("{names} and {count} more", names=names, count=numbers.whole(len(one.of) - most))
    if one.why == "needed_by":
        yield plural("{steps} needs it", "{steps} need it", len(one.of), steps=names)
    elif one.why == "milestone":
        yield _("needed for {names}", names=names)
    else:
        yield _("counts towards {names}", names=names)
