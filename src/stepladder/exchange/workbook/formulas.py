"""Sentences that a formula says: in the reader's language, with cells where their values stand."""

from __future__ import annotations

from collections.abc import Iterator
from string import Formatter

from xlsxwriter.utility import quote_sheetname

#: Letters of a text inside a formula; spreadsheets take no more.
LONGEST = 255


def quoted(text: str) -> str:
    """A text as a formula has it; a long one in several parts."""
    parts = [text[k : k + LONGEST] for k in range(0, len(text), LONGEST)] or [""]
    return "&".join('"{}"'.format(part.replace('"', '""')) for part in parts)


def said(sentence: str, **values: str) -> str:
    """A sentence as a formula.

    Parameters
    ----------
    sentence
        Translated already, with the names of its values in braces.
    values
        By name the formula that comes to it.
    """
    return "&".join(_parts(sentence, values))


def _parts(sentence: str, values: dict[str, str]) -> Iterator[str]:
    for text, name, _spec, _conversion in Formatter().parse(sentence):
        if text:
            yield quoted(text)
        if name is not None:
            yield values[name]


def on_sheet(name: str, cells: str) -> str:
    """Cells of a sheet, whatever it is called."""
    return f"{quote_sheetname(name)}!{cells}"
