"""Everything that can go wrong, in one tree, each branch with the exit code it ends a command with.

::

    StepladderError            1
    ├── UsageError             2   the command line itself does not make sense
    ├── InvalidInput           3   a file breaks its format; carries every Issue found
    ├── Infeasible             4   the demands cannot all be met
    ├── NoPlanFound            5   stopped before any plan was found
    ├── NotVerified            6   a plan breaks a rule, or a figure in it is not the recomputed one
    └── NotFinished            7   a push to a project tool was finished only in part
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple


class Location(NamedTuple):
    """A place in a file, as an editor counts: lines and columns from 1."""

    file: str
    line: int = 1
    column: int = 1

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}"


class CellLocation(Location):
    """A cell of a workbook: the file and its sheet, row and column from 1; as spreadsheet programs call it."""

    @classmethod
    def of(cls, file: str, cell: str) -> CellLocation:
        """From what a spreadsheet program calls it: ``E17``."""
        letters = cell.rstrip("0123456789")
        column = 0
        for letter in letters.upper():
            column = column * 26 + ord(letter) - ord("A") + 1
        return cls(file, int(cell[len(letters) :] or 1), max(1, column))

    def __str__(self) -> str:
        letters, column = "", self.column
        while column > 0:
            column, rest = divmod(column - 1, 26)
            letters = chr(ord("A") + rest) + letters
        return f"{self.file}!{letters}{self.line}"


class Issue(NamedTuple):
    """One thing wrong with an input file.

    Issues sort by file, line and column, so that a report reads from top to bottom.
    ``code`` is stable (``SL101``); ``message`` says what is wrong and how to mend it.
    """

    location: Location
    code: str
    message: str

    def __str__(self) -> str:
        return f"{self.location} {self.code} {self.message}"


class Fault(NamedTuple):
    """One rule that a plan breaks. ``rule`` is a stable name such as ``needs`` or ``windows``; ``subject`` is a step
    or a window.
    """

    rule: str
    subject: str
    message: str

    def __str__(self) -> str:
        return f"{self.rule}: {self.message}"


class StepladderError(Exception):
    """Root of every error that this package raises on purpose."""

    exit_code = 1


class UsageError(StepladderError):
    """The call does not make sense, whatever the files say."""

    exit_code = 2


class InvalidInput(StepladderError):
    """One or more files break their format.

    Attributes
    ----------
    issues
        Every issue found, sorted by place and without repeats.
    """

    exit_code = 3

    def __init__(self, issues: Iterable[Issue]) -> None:
        self.issues = tuple(sorted(set(issues)))
        super().__init__("\n".join(map(str, self.issues)))

    def __reduce__(self) -> tuple[type[InvalidInput], tuple[tuple[Issue, ...]]]:
        # As it was made, when it comes from another process.
        return type(self), (self.issues,)


class Infeasible(StepladderError):
    """No plan meets all the rules; this is proved, not given up.

    Attributes
    ----------
    question
        The question that has no plan, as ``data.question.Question``, where it can be explained.
    name
        What it is called among several.
    file
        Whether ``repair`` takes the question, because it stands in a file as it is.
    """

    exit_code = 4

    def __init__(self, message: str, question: Any = None, name: str = "", *, file: bool = True) -> None:
        self.question, self.name, self.file = question, name, file
        super().__init__(message)


class NoPlanFound(StepladderError):
    """The search was stopped before it had any plan, and before it had a proof that there is none."""

    exit_code = 5


class NotVerified(StepladderError):
    """A plan failed verification.

    Attributes
    ----------
    faults
        Every rule broken and every figure that differs.
    """

    exit_code = 6

    def __init__(self, faults: Iterable[Fault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))

    def __reduce__(self) -> tuple[type[NotVerified], tuple[tuple[Fault, ...]]]:
        return type(self), (self.faults,)


class NotFinished(StepladderError):
    """A push was finished only in part; the same command goes on where it stopped."""

    exit_code = 7
