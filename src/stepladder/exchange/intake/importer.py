"""What an importer is: one kind of file that people hold, and how it becomes a scenario.

A file says where somebody stands and never everything that a plan needs. What it does not say is asked for by a
question with a usual answer; every usual answer that was taken is said, so that nothing is assumed in silence.
"""

from __future__ import annotations

import datetime
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.errors import UsageError
from stepladder.exchange.intake.source import Source


@dataclass(frozen=True)
class Question:
    """What a kind of file does not say.

    Attributes
    ----------
    key
        Its name in ``--say KEY=VALUE``.
    title
        What it decides, as a noun phrase: "the level that is wanted".
    usual
        What is taken where nobody says.
    values
        All answers that there are; any text where none is listed.
    """

    key: str
    title: str
    usual: str
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """What is planned, by quarter: its first day, how many quarters, money of a year and person-days of each team in a
    quarter. The first day is None where nobody has said it.
    """

    first: datetime.date | None = None
    quarters: int = 12
    money: float = math.inf
    days: float = math.inf

    def end(self, quarters: int) -> datetime.date:
        """The last day of the first so many quarters; of all of them with ``quarters``."""
        first = self.first or datetime.date(2000, 1, 1)
        months = first.year * 12 + first.month - 1 + 3 * quarters
        return datetime.date(months // 12, months % 12 + 1, 1) - datetime.timedelta(days=1)


WHENEVER = Span()


class Answers:
    """The answers to an importer's questions: given ones, else the usual ones, which are noted when they are used.

    ``span`` is what is planned, for files that speak of days.
    """

    def __init__(self, questions: Sequence[Question], given: Mapping[str, str], span: Span = WHENEVER) -> None:
        self.span = span
        self._questions = {question.key: question for question in questions}
        self._given = given
        self._used: dict[str, str] = {}
        self._asked: set[str] = set()
        for key, value in given.items():
            if key not in self._questions:
                raise UsageError(f"--say {key}={value}: {unknown('question', key, self._questions)}")
            values = self._questions[key].values
            if values and value not in values:
                raise UsageError(f"--say {key}={value}: {unknown('answer', value, values)}")

    def __getitem__(self, key: str) -> str:
        question = self._questions[key]
        self._asked.add(key)
        if key not in self._given:
            self._used[key] = question.usual
        return self._given.get(key, question.usual)

    def said(self, key: str) -> bool:
        """Whether somebody has answered it."""
        return key in self._given

    def number(self, key: str) -> float:
        """An answer that is a number of at least zero. Raises UsageError where it is none."""
        text = self[key]
        try:
            value = float(text)
        except ValueError:
            value = -1.0
        if not 0 <= value <= 1e9:
            raise UsageError(f"--say {key}={text}: write a number, such as {self._questions[key].usual}")
        return value

    def names(self, key: str) -> tuple[str, ...]:
        """An answer that is a list, with commas."""
        return tuple(name.strip() for name in self[key].split(",") if name.strip())

    @property
    def unasked(self) -> tuple[str, ...]:
        """The questions that were answered and not asked."""
        return tuple(key for key in self._given if key not in self._asked)

    @property
    def assumed(self) -> tuple[str, ...]:
        """The usual answers that were taken, one sentence each."""
        return tuple(
            f"{self._questions[key].title}: {value or 'none'} (another one: --say {key}=…)"
            for key, value in self._used.items()
        )


@dataclass(frozen=True)
class Taken:
    """What an importer read.

    Attributes
    ----------
    scenario
        Parts of a scenario, as YAML has them: levels, owners, importance, costs, pins … Where horizon, budget, teams
        or the capacity of a team are missing, they come from the command.
    model
        The maturity model that it speaks of: a catalogue as YAML has it, to be written beside the scenario.
    took
        What was read, one sentence each.
    left
        What the file holds and a scenario has no place for.
    assumed
        What had to be taken for granted beside the usual answers.
    """

    scenario: Mapping[str, Any]
    model: Mapping[str, Any]
    took: tuple[str, ...] = ()
    left: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


@dataclass(frozen=True)
class Importer:
    """One kind of file.

    Attributes
    ----------
    name
        What ``--from`` calls it.
    title
        What it is, as people call it.
    suits
        Whether a file is of this kind, by what is in it; asked of every file that is given, and true for the main one
        only. It raises nothing for files of other kinds that can be read.
    read
        From the files (the main one first, then those that go with it) and the answers to the parts of a scenario.
        Raises InvalidInput with everything that is wrong, each with its place and a remedy.
    questions
        What such files do not say.
    """

    name: str
    title: str
    suits: Callable[[Source], bool]
    read: Callable[[Sequence[Source], Answers], Taken]
    questions: tuple[Question, ...] = field(default=())
