"""From what was typed to a question, and from a question to a plan, with its progress on stderr."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from stepladder.cli import screen

if TYPE_CHECKING:
    from stepladder.data.load import Question
    from stepladder.data.plan import Plan


def ask(source: str, scenario: str | None, assignments: list[str] | None) -> Question:
    """The question that is meant: a file or the name of a shipped scenario, with what is laid over it."""
    from stepladder.workflow.plan import ask as read

    return read(source, scenario, assignments or ())


def answered(question: Question, limits: dict[str, Any], *, progress: bool) -> Plan:
    """The plan that answers a question, within limits as ``Options`` takes them."""
    from stepladder.optimise import Options
    from stepladder.workflow.plan import answer

    if not progress:
        return answer(question, Options(**limits))
    with screen.Reporter() as report:
        return answer(question, Options(**limits), report)
