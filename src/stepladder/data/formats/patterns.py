"""The forms that texts must have, each in words: nobody has to read a regular expression to write a file."""

from __future__ import annotations

from stepladder.data.formats.base import ID, STEP_ID

WHEN = r"^\d{4}(-(Q[1-4]|H[12]|\d{2}|\d{2}-\d{2}))?$"
PART = r"^\d{1,2}(\.\d+)? ?%$"
CURRENCY = r"^[A-Z]{3}$"
#: How often something comes again.
EVERY = r"^[1-9]\d{0,2} ?(month|year)s?$"
#: Of a roadmap, as other tools can have it in their own names.
PLAN_ID = r"^[a-z0-9][a-z0-9_-]{0,39}$"

_IN_WORDS = {
    WHEN: "a date such as 2027-12-11, or a period or year such as 2027-Q4, 2027-12 or 2027",
    PART: "a part of less than 100%, such as 10%, or an amount without quotes",
    CURRENCY: "the three capital letters of a currency, such as EUR",
    PLAN_ID: "up to 40 small letters, digits, - and _, with a letter or a digit first",
    EVERY: "a number of months or years, such as 12 months or 1 year",
    f"^{ID}$": "small letters, digits and _, with a letter first",
    STEP_ID: "small letters, digits and . _ -, with a letter first, and before it a system and / where there is one",
}


def in_words(pattern: str) -> str:
    """How to write a text that must have a form."""
    return _IN_WORDS[pattern]
