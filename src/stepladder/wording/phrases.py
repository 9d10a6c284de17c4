"""What was said in English by those who know no reader, in the reader's language."""

from __future__ import annotations

from stepladder.data.phrases import Amount, LeftOut, Phrase, Several
from stepladder.wording import numbers
from stepladder.wording.language import _, translated
from stepladder.wording.left_out import left_out, not_planned


def said(text: str) -> str:
    """A phrase in the reader's language, with all that it is made of; any other text, and all of it in English, as it
    is.
    """
    if not translated():
        return text
    if isinstance(text, Amount):
        return numbers.money(text.amount, text.unit)
    if isinstance(text, LeftOut):
        return left_out(text.plan, text.step) if text.cancelled else not_planned(text.plan, text.step)
    if isinstance(text, Phrase):
        return _(text.words, **{name: said(value) for name, value in text.values.items()})
    if isinstance(text, Several):
        return text.between.join(map(said, text.parts))
    return text
