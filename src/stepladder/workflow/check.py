"""``check``: whether the input is valid, and what is true of it before any search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stepladder.analysis.check import ProblemFacts, problem_facts
from stepladder.data.load import Question, load
from stepladder.workflow.reading import locate


@dataclass(frozen=True)
class CheckReport:
    """A valid question and the facts about it."""

    question: Question
    facts: ProblemFacts


def check(path: str | Path, scenario: str | None = None, assignments: Sequence[str] = ()) -> CheckReport:
    """Read a scenario or a problem and say what is true of it.

    Parameters
    ----------
    path
        A file, or the name of a shipped scenario.
    scenario
        One of its named scenarios.
    assignments
        ``path=value``, laid over everything else.

    Raises
    ------
    InvalidInput
        With everything that is wrong with the files.
    """
    question = load(locate(path), scenario, assignments)
    return CheckReport(question, problem_facts(question.problem, question.context))
