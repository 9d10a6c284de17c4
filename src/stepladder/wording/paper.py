"""Paper and number formats of a country, for programs that format by themselves: spreadsheets and slides."""

from __future__ import annotations

import re
from typing import Literal

from stepladder.data.formats.money import digits
from stepladder.wording.language import LOCALE

Paper = Literal["A4", "Letter"]
#: Where paper is Letter (CLDR, paperSize US-Letter).
_LETTER = frozenset(["BZ", "CA", "CL", "CO", "CR", "GT", "MX", "NI", "PA", "PH", "PR", "SV", "US", "VE"])


def paper() -> Paper:
    """What people of the locale print on; A4 where no country is named."""
    chosen = LOCALE.get()
    return "Letter" if chosen is not None and chosen.territory in _LETTER else "A4"


def money_format(currency: str, decimals: int | None = None) -> str:
    """A spreadsheet's number format for an amount of money, the currency where the locale has it.

    Parameters
    ----------
    currency
        As the plan has it; what is no word is left out.
    decimals
        How many; the currency's own when None.
    """
    many = digits(currency) if decimals is None else decimals
    number = f"#,##0{'.' + '0' * many if many else ''}"
    word = currency if re.fullmatch(r"[^\W_][\w.€$£¥ -]{0,11}", currency) else ""
    chosen = LOCALE.get()
    if not word:
        return number
    if chosen is None or word not in chosen.currencies:
        return f'{number} "{word}"'
    from babel.numbers import get_currency_symbol

    pattern = chosen.currency_formats["standard"]
    symbol = get_currency_symbol(word, locale=chosen)
    before, after = (
        part.replace("¤", symbol).translate(_MARKS).replace('"', "") for part in (pattern.prefix[0], pattern.suffix[0])
    )
    # A symbol that ends in a letter does not touch its number.
    apart = "\u00a0" if before and before[-1].isalpha() else ""
    return f"{_quoted(before + apart)}{number}{_quoted(after)}"


#: Marks of direction, which a spreadsheet shows as boxes.
_MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u061c"))


def _quoted(text: str) -> str:
    return f'"{text}"' if text else ""


def date_format() -> str:
    """A spreadsheet's number format for a day: ``yyyy-mm-dd``, or the locale's medium date."""
    chosen = LOCALE.get()
    if chosen is None:
        return "yyyy-mm-dd"
    pattern = re.sub(r"'([^']*)'", r'"\1"', str(chosen.date_formats["medium"].pattern))
    # CLDR's letters as a spreadsheet has them; what it has not is not shown as letters.
    if not re.fullmatch(r'(?:[dMLyG,./\s\u200f-]|"[^"]*"|[^\x00-\x7f])+', pattern):
        return "yyyy-mm-dd"
    pattern = re.sub(r"G+\s*", "", pattern).replace("L", "M").replace("M", "m")
    return re.sub(r"y+", "yyyy", pattern).translate(_MARKS).strip()
