"""How much more money a rule of practice needs than an optimal plan, for the same loss."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from stepladder.analysis.practice import plan_by
from stepladder.data.formats.problem import Problem


def money_for(problem: Problem, rule: str, value: float, worth: Callable[[Mapping[str, int]], float]) -> float | None:
    """By what factor every money window must grow for the rule's plan to be as good as ``value``; None where ten times
    is not enough.

    ``worth`` gives the objective of a plan. The factor is sought upward in steps of a fiftieth: a rule's plan need not
    be better with more money.
    """
    for factor in (1.02**n for n in range(118)):
        windows = [
            w.model_copy(update={"limit": w.limit * factor}) if w.resource.startswith("money") else w
            for w in problem.windows
        ]
        if worth(plan_by(problem.model_copy(update={"windows": tuple(windows)}), rule)) <= value:
            return factor
    return None
