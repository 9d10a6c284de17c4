"""English sentences that know what they were made of, so that whoever shows them can say them in another language.

They are strings like any other: programs, files and tests see the English text.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import reduce
from typing import TYPE_CHECKING

from stepladder.data.formats.money import said

if TYPE_CHECKING:
    from stepladder.data.formats.plan import Plan


class Phrase(str):
    """A sentence, its words with the names of its values in braces, and the values; some of them are phrases, too."""

    words: str
    values: dict[str, str]


class Amount(str):
    """An amount of money or of points, as sentences have it."""

    amount: float
    unit: str


class Several(str):
    """Parts with the same between any two of them."""

    parts: tuple[str, ...]
    between: str


class LeftOut(str):
    """Why a plan leaves a step out, as the plan has it; whether its cancellation says so."""

    plan: Plan
    step: str
    cancelled: bool


def phrase(words: str, /, **values: str) -> Phrase:
    """A sentence.

    Parameters
    ----------
    words
        In English, with the names of its values in braces. They are a literal, or marked with ``mark``, so that they
        can be collected.
    values
        What stands in their places.
    """
    made = Phrase(words.format(**values) if values else words)
    made.words, made.values = words, values
    return made


def amount(number: float, unit: str) -> Amount:
    """An amount in a currency, or in points."""
    made = Amount(said(number, unit))
    made.amount, made.unit = number, unit
    return made


def several(parts: Iterable[str], between: str = ", ") -> Several:
    """Parts one after the other."""
    each = tuple(parts)
    made = Several(between.join(each))
    made.parts, made.between = each, between
    return made


def left_out(plan: Plan, step: str) -> LeftOut:
    """Why a plan leaves a step out."""
    made = LeftOut(plan.left_out(step))
    made.plan, made.step, made.cancelled = plan, step, plan.state(step) == "cancelled"
    return made


def not_planned(plan: Plan, step: str) -> LeftOut:
    """The same without a word of who cancelled it."""
    made = LeftOut(plan.not_planned[step].detail)
    made.plan, made.step, made.cancelled = plan, step, False
    return made


def both(one: str, other: str) -> Phrase:
    """Two of something."""
    return phrase("{one} and {other}", one=one, other=other)


def joined(parts: list[str]) -> str:
    """All of them, with *and* between any two; there is at least one."""
    return reduce(both, parts)


def mark(words: str) -> str:
    """The words of a phrase in a table that is made once."""
    return words
