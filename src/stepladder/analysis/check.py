"""Facts about a question before it is answered: how large it is, its longest chain, what it implies, what it can never afford."""

from __future__ import annotations

from dataclasses import dataclass

from stepladder import graph
from stepladder.analysis.feasibility import Bounds, Impossible, Supply, impossible, supplies
from stepladder.analysis.steps import titles
from stepladder.data.plan import Context, Milestone
from stepladder.data.problem import Problem


@dataclass(frozen=True)
class ProblemFacts:
    """What is true of a problem.

    Attributes
    ----------
    titles
        Title of every step.
    chain
        The longest chain of steps that need each other, first step first.
    chain_periods
        No plan finishes the last of them in fewer periods.
    implied
        Steps above their target, each with the step that needs it.
    supplies
        What doing everything would take, against what there is.
    per_year
        Running cost per year of everything.
    impossible
        Steps that provably fit no plan.
    hopeless
        Required steps among them: while there is one, there is no plan at all.
    missed
        Milestones that provably cannot be met.
    teams
        Titles of the teams that have one.
    illustrative, numbers
        How many numbers are a catalogue's illustrative defaults, of how many.
    """

    titles: dict[str, str]
    chain: tuple[str, ...]
    chain_periods: int
    implied: tuple[tuple[str, str], ...]
    supplies: tuple[Supply, ...]
    per_year: float
    impossible: tuple[Impossible, ...]
    hopeless: tuple[str, ...]
    missed: tuple[Milestone, ...]
    teams: dict[str, str]
    illustrative: int
    numbers: int


def problem_facts(problem: Problem, context: Context | None = None) -> ProblemFacts:
    """Everything worth knowing before a plan is made."""
    bounds = Bounds(problem)
    chain = graph.longest_chain(bounds.steps, bounds.edges, {step.id: step.duration for step in problem.steps})
    proofs = impossible(bounds)
    out = {proof.step for proof in proofs}
    last = bounds.steps[chain[-1]] if chain else None
    return ProblemFacts(
        titles=titles(problem),
        chain=tuple(chain),
        chain_periods=bounds.earliest[last.id] + last.duration if last else 0,
        implied=tuple((name, said.implied_by) for name, said in context.steps.items() if said.implied_by) if context else (),
        supplies=supplies(bounds),
        per_year=sum(step.per_year for step in problem.steps),
        impossible=proofs,
        hopeless=tuple(step.id for step in problem.steps if step.id in out and (step.required or step.start is not None)),
        missed=tuple(milestone for milestone in context.milestones if out.intersection(milestone.steps)) if context else (),
        teams=context.teams if context else {},
        illustrative=sum(origin.illustrative for origin in context.origins.values()) if context else 0,
        numbers=len(context.origins) if context else 0,
    )
