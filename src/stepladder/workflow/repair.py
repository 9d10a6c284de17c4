"""``repair``: of an impossible question, which demands clash and what would mend it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from stepladder.analysis.repair import Repair, mended
from stepladder.analysis.repair import repair as found_for
from stepladder.data.load import Question
from stepladder.data.plan import Plan
from stepladder.workflow.plan import answer

if TYPE_CHECKING:
    from stepladder.optimise import Options, Progress


def repair(question: Question, options: Options | None = None) -> Repair:
    """Find out which demands clash, and the cheapest way out of each kind.

    Parameters
    ----------
    question
        As ``ask`` reads it.
    options
        For every search.
    """
    from stepladder.optimise import Options

    return found_for(question.problem, question.demands, options or Options())


def follow(question: Question, found: Repair, by: str, options: Options | None = None, progress: Callable[[Progress], None] | None = None) -> Plan | None:
    """The plan that follows from one of the repairs, ``money``, ``later`` or ``fewer``; None where nothing needs repair or that one does not help."""
    if found.possible:
        return None
    problem = mended(question.problem, question.demands, found, by)
    return None if problem is None else answer(replace(question, problem=problem), options, progress)
