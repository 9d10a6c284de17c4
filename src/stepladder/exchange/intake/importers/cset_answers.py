"""What an answer of CSET means: each of its models has letters of its own."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from stepladder.errors import UsageError

#: From the lowest: what an answer may say of a practice, with the title of the level.
LEVELS = {"no": "Not met", "partly": "Partly met", "mostly": "Largely met", "met": "Met"}
#: Does not apply; nobody has answered.
OUT, OPEN = "out", "open"
WORDS = (*LEVELS, OUT, OPEN)
_USUAL = {"Y": "met", "A": "met", "N": "no", "NA": OUT, "U": OPEN, "INC": OPEN, "": OPEN}
_NOBODY = {"U": OPEN, "": OPEN}


@dataclass(frozen=True)
class Letters:
    """The letters of a model.

    Attributes
    ----------
    meanings
        By letter, one of ``WORDS``.
    enough
        From which level on the model counts a practice as done.
    level
        What the model calls its own levels, as an id: ``mil``.
    known
        Whether the model is one whose letters are known.
    """

    meanings: Mapping[str, str]
    enough: str = "met"
    level: str = "level"
    known: bool = True

    @property
    def scale(self) -> list[str]:
        """The levels that its letters have, from the lowest."""
        return [word for word in LEVELS if word in self.meanings.values()]

    def letter(self, word: str) -> str:
        """The first letter of a level."""
        return next(letter for letter, meaning in self.meanings.items() if meaning == word)


C2M2 = Letters({"NI": "no", "PI": "partly", "LI": "mostly", "FI": "met", **_NOBODY}, "mostly", "mil")
CPG2 = Letters({"N": "no", "I": "partly", "Y": "met", "S": OUT, **_NOBODY})
OTHERS = Letters(_USUAL, known=False)


def letters_of(model: str, answer: str) -> Letters:
    """The letters of a model by its name, with those of an answer laid over them.

    Raises
    ------
    UsageError
        When the answer is no list such as ``Y:met,N:no``.
    """
    name = re.sub(r"[^a-z0-9]", "", model.casefold())
    letters = C2M2 if name.startswith("c2m2") else CPG2 if name.startswith(("cpg2", "cisacpg2")) else OTHERS
    if answer == "as in the model":
        return letters
    meanings = dict(letters.meanings)
    for pair in filter(None, (part.strip() for part in answer.split(","))):
        letter, colon, word = (part.strip() for part in pair.partition(":"))
        if not colon or word not in WORDS:
            raise UsageError(
                f"--say answers={answer}: write letters and what they mean ({', '.join(WORDS)}): Y:met,N:no"
            )
        meanings[letter.upper()] = word
    if len({word for word in meanings.values() if word in LEVELS}) < 2:
        raise UsageError(
            f"--say answers={answer}: at least two letters have to mean different levels, such as Y:met,N:no"
        )
    return Letters(meanings, letters.enough, letters.level)
