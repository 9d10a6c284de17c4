"""Plans as they are made without a solver, which an optimal one is compared with."""

from __future__ import annotations

from dataclasses import dataclass

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.optimise.formulation.variables import lay
from stepladder.optimise.heuristics.priority_rules import RULES, Desk, called
from stepladder.optimise.heuristics.priority_rules import plan_by as by_rule
from stepladder.solution.recount import Figures, figures
from stepladder.solution.verify import broken_rules

__all__ = ["RULES", "ByRule", "best_by_rule", "plan_by"]


def plan_by(problem: Problem, rule: str) -> dict[str, int]:
    """The starts that a rule gives; whether they keep every rule of the problem is for the verifier to say."""
    return by_rule(Desk(lay(Ledger(problem))), rule)


@dataclass(frozen=True)
class ByRule:
    """The best plan that a rule of practice makes.

    Attributes
    ----------
    rule
        The rule's name.
    starts, figures
        Its plan, and the verifier's figures of it.
    """

    rule: str
    starts: dict[str, int]
    figures: Figures


def best_by_rule(problem: Problem) -> ByRule | None:
    """The best, by the problem's objective, of the plans that the rules make and that the verifier passes; None
    where it passes none.
    """
    plans, desk = [], Desk(lay(Ledger(problem)))
    for rule in RULES:
        starts = by_rule(desk, rule)
        if not broken_rules(problem, starts):
            plans.append(ByRule(called(rule, problem), starts, figures(problem, starts)))
    return min(plans, key=lambda plan: plan.figures.objective(problem.objective), default=None)
