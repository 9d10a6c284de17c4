"""``check``: whether a file is valid as what it is, and of a question what is true of it before any search."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from stepladder.analysis.check import ProblemFacts, problem_facts
from stepladder.data import kinds
from stepladder.data.kinds import CheckedFile
from stepladder.data.question import Question
from stepladder.errors import Fault, UsageError
from stepladder.workflow.asking import ask
from stepladder.workflow.reading import locate


@dataclass(frozen=True)
class CheckReport:
    """A valid question and the facts about it."""

    question: Question
    facts: ProblemFacts


@dataclass(frozen=True)
class FileReport:
    """A file that is no question: a catalogue, stored targets, a plan, actuals or a mapping of a tracker.

    Attributes
    ----------
    held
        What is in it.
    faults
        Of a plan: every rule that it breaks and every figure that differs.
    """

    held: CheckedFile
    faults: tuple[Fault, ...] = ()


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
    return looked_at(ask(path, scenario, assignments))


def looked_at(question: Question) -> CheckReport:
    """What is true of a question that has been read."""
    # Only of achievements is it said where they are asked for.
    dated = any(item.by is not None for item in question.problem.achievements)
    demands = question.placed() if dated else question.demands
    return CheckReport(question, problem_facts(question.problem, question.context, demands, question.where))


def said_format(path: str | Path) -> str | None:
    """What a file says that it is, such as ``stepladder-plan/2``; None where its form is so wrong that it says nothing.

    Raises
    ------
    InvalidInput
        When that is nothing, or no format of ours.
    """
    return kinds.format_of(locate(path))


def check_file(path: str | Path, format_: str) -> FileReport:
    """Check a file that is no question as what it says that it is.

    Raises
    ------
    InvalidInput
        With everything that is wrong with it.
    """
    file = kinds.held(locate(path), str(path), format_)
    if kinds.kind_of(format_) != "plan":
        return FileReport(file)
    from stepladder.data.formats.plan import Plan
    from stepladder.solution.verify import verify

    assert isinstance(file.record, Plan)
    return FileReport(file, tuple(verify(file.record)))


def asks(path: str | Path, format_: str | None, scenario: str | None, assignments: Sequence[str]) -> bool:
    """Whether a file is a question, or is to be read as one.

    Raises
    ------
    UsageError
        When it is none, and yet something is to be laid over it.
    """
    if format_ is None or format_ in kinds.QUESTIONS:
        return True
    if scenario is not None or assignments:
        raise UsageError(f"{path} is no scenario but {kinds.as_what(format_)}; leave --scenario and --set out")
    return False
