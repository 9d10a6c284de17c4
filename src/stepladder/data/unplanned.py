"""What a plan says of the steps that it leaves out: a reason of a short list, and a sentence with at most one amount.

Who makes a plan and who verifies it count on their own, and say it with the same words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from stepladder.data.formats.money import said
from stepladder.data.formats.plan import NotPlanned, Reason
from stepladder.data.formats.problem import Objective, Step
from stepladder.data.objective import OBJECTIVES, POINTS
from stepladder.data.rules import BY_NAME

#: Changes of less than this, in currency, are none.
SMALL = 1e-6
#: Values that differ by less than this part of them are equal: no plan pays for the difference.
PART = 1e-9

#: So many steps are named in a sentence, and so long a title is.
LISTED, LONGEST = 8, 300

_NEVER = "takes nothing off any threat and is worth nothing else, and nothing of use needs it: it never pays"
_NO_POINTS = "is worth no points, and nothing of use needs it: it never pays"
_BETTER = "would improve the plan by {} (present value); the search was stopped before that"
_LITTLE = "would improve the plan by {} only (present value): beside the plan's whole value that counts as nothing"
_FREE = "would remove loss of {} (present value) and cost nothing; the search was stopped before that"
#: With an amount or without; and what stands before the rules that every start breaks, and between them.
AMOUNTS = (_NEVER, _NO_POINTS, _BETTER, _LITTLE, _FREE, *(o.worse for o in OBJECTIVES.values()))
AMOUNTS += tuple(o.equal for o in OBJECTIVES.values())
EVERY, OR = "at every possible start: {}", ", or "
#: Of one need that is not planned, and of several.
WAITS = ("needs {}, which is not in this plan", "needs {}, which are not in this plan")


class Said(NamedTuple):
    """A reason, its sentence with {} where the amount stands, and the amount, in currency or in points."""

    reason: Reason
    words: str
    amount: float
    points: bool = False

    def written(self, amount: float, currency: str) -> str:
        """An amount as the sentence has it."""
        return said(amount, POINTS if self.points else currency)

    def told(self, currency: str) -> NotPlanned:
        """The reason as a plan has it."""
        return NotPlanned(reason=self.reason, detail=self.words.format(self.written(self.amount, currency)))


def never_pays(objective: Objective) -> Said:
    """Of a step that does nothing, that nobody demands, and that is needed by such steps only: no plan gains by it,
    whatever there is room for.
    """
    return Said("worsens_objective", _NO_POINTS if OBJECTIVES[objective].points else _NEVER, 0.0)


def pays_never(objective: Objective, detail: str) -> bool:
    """Whether a sentence is the one of ``never_pays``."""
    return detail == never_pays(objective).words


def waiting(steps: Sequence[Step]) -> Said:
    """Of a step that needs others that are not planned."""
    more = [f"{len(steps) - LISTED:,} more"] if len(steps) > LISTED else []
    names = " and ".join([*map(named, steps[:LISTED]), *more])
    return Said("blocked", _plain(WAITS[len(steps) != 1].format(names)), 0.0)


def blocked(broken: Mapping[str, int]) -> Said:
    """Of a step that breaks a rule at every start: the rules, each with the number of starts, the one that does so
    most often first.
    """
    order = list(BY_NAME)
    rules = sorted(broken, key=lambda rule: (-broken[rule], order.index(rule)))
    if not rules:
        return Said("blocked", BY_NAME["horizon"].short, 0.0)
    return Said("blocked", EVERY.format(OR.join(BY_NAME[rule].short for rule in rules)), 0.0)


def as_now(detail: str) -> str:
    """What a plan of an earlier version says of a blocked step, in the words of this one."""
    lead, colon, listed = detail.rpartition(": ")
    earlier = {rule.before: rule.short for rule in BY_NAME.values() if rule.before}
    return lead + colon + OR.join(earlier.get(words, words) for words in listed.split(OR))


def rules_of(detail: str) -> frozenset[str]:
    """Names of the rules that a blocked step breaks at its possible starts, of a sentence that ``blocked`` has made,
    now or in an earlier version; none of any other sentence.
    """
    by_words = {rule.short: rule.name for rule in BY_NAME.values()}
    said = as_now(detail).rpartition(": ")[2].split(OR)
    return frozenset(by_words[words] for words in said) if all(words in by_words for words in said) else frozenset()


def amount_of(detail: str, words: str, unit: str) -> float | None:
    """The amount of a sentence that ``Said.told`` made of words with a place for it, in a unit; None of any other."""
    before, _place, after = words.partition("{}")
    shown = re.fullmatch(re.escape(before) + r"(-?[\d,]*\.?\d+)(.*)" + re.escape(after), detail, re.DOTALL)
    amount = None if shown is None else float(shown[1].replace(",", ""))
    return amount if amount is not None and words.format(said(amount, unit)) == detail else None


def possible(objective: Objective, first: float, second: float, value: float) -> Said:
    """Of a step that could be added to a plan of this value: what its best start would change the two criteria by."""
    points = OBJECTIVES[objective].points
    if first < -max(SMALL, PART * abs(value)):
        return Said("search_stopped", _BETTER, -first, points)
    if first < -SMALL:
        return Said("worsens_objective", _LITTLE, -first, points)
    if first > SMALL:
        return Said("worsens_objective", OBJECTIVES[objective].worse, first, points)
    if not OBJECTIVES[objective].risk and second < -SMALL:
        return Said("search_stopped", _FREE, -second)
    return Said("worsens_objective", OBJECTIVES[objective].equal, second)


def best(changes: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The change of the criteria at the best start: of those that are equal in the first criterion the least in the
    second.
    """
    least = min(first for first, _ in changes)
    return least, min(second for first, second in changes if first <= least + SMALL)


def named(step: Step) -> str:
    """A step's title as a sentence can hold it: no control characters, and not endless."""
    title = "".join(letter for letter in step.title if letter.isprintable()).strip()
    return (title if len(title) <= LONGEST else title[: LONGEST - 1] + "…") or step.id


def _plain(text: str) -> str:
    """Text that is no pattern."""
    return text.replace("{", "{{").replace("}", "}}")
