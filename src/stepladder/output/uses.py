"""Which practices of a question do nothing for what counts, as sentences."""

from __future__ import annotations

from collections.abc import Iterator

from stepladder.analysis.check import ProblemFacts
from stepladder.data.demand_names import exceedance_name
from stepladder.data.formats.problem import Problem
from stepladder.data.objective import objective_of
from stepladder.wording import numbers
from stepladder.wording.aimless import aimless
from stepladder.wording.language import _, mark, pair, plural
from stepladder.wording.text import clean, listed, quote

#: Where nothing works at all, by whether points count.
_NONE = {
    False: mark(
        "No step takes anything off any threat, and none is worth anything else: a plan does nothing but what must be"
        " done; say what they reduce (reduced_by) or are worth (worth), or lower their targets, or set milestones."
    ),
    True: mark(
        "No step has importance: a plan does nothing but what must be done; say how much they matter (importance), or"
        " lower their targets, or set milestones."
    ),
}
#: Of steps that never pay.
_NEVER = {
    False: pair(
        "{steps} takes nothing off any threat, is worth nothing else, and nothing of use needs it: it never pays. If"
        " that is not meant, say what they reduce (reduced_by) or are worth (worth), or lower their targets.",
        "{steps} take nothing off any threat, are worth nothing else, and nothing of use needs them: they never pay. If"
        " that is not meant, say what they reduce (reduced_by) or are worth (worth), or lower their targets.",
    ),
    True: pair(
        "{steps} has no importance and nothing of use needs it: it never pays. If that is not meant, say how much they"
        " matter (importance), or lower their targets.",
        "{steps} have no importance and nothing of use needs them: they never pay. If that is not meant, say how much"
        " they matter (importance), or lower their targets.",
    ),
}
#: Of steps that are there for others alone.
_ASKED = {
    False: mark("Demanded, or needed by others, but without effect of their own on any threat: {steps}."),
    True: mark("Demanded, or needed by others, but without importance of their own: {steps}."),
}


def uses(problem: Problem, facts: ProblemFacts) -> list[str]:
    """Which practices do nothing for what counts; nothing where that is said before all else."""
    if aimless(problem):
        return []
    points = objective_of(problem).points
    if facts.use.nothing_works:
        return [_(_NONE[points])]
    lines = []
    if facts.use.steps:
        which = f"{numbers.count(facts.use.steps, 'step')} ({listed([quote(name) for name in facts.use.never_pay], 6)})"
        lines.append(plural(*_NEVER[points], facts.use.steps, steps=which))
    if facts.use.only_asked:
        lines.append(_(_ASKED[points], steps=listed([quote(name) for name in facts.use.only_asked], 6)))
    return lines


def without_effect(problem: Problem, facts: ProblemFacts) -> Iterator[str]:
    """Caps on large losses that ask for nothing, and policies that pay for nothing that is lost."""
    for index in facts.idle_caps:
        name = exceedance_name(problem, problem.exceedance[index])
        yield _("Given your numbers, a cap is kept already today, with nothing done: {name}.", name=name)
    for name, at in facts.idle_policies:
        said = _("{policy} covers nothing: it pays for no threat here that costs anything.", policy=quote(name))
        yield f"{said.removesuffix('.')} ({clean(at)})." if at else said
