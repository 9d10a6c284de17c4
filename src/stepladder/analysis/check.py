"""Facts about a question before it is answered: how large it is, its longest chain, what it implies, what it can
never afford.
"""

from __future__ import annotations

from dataclasses import dataclass

from stepladder.analysis.chain import Chain, longest
from stepladder.analysis.feasibility import Bounds, Impossible, Supply, impossible, supplies
from stepladder.analysis.steps import titles
from stepladder.analysis.together import Together
from stepladder.analysis.use import Use, use_of
from stepladder.data.formats.plan import Context, Milestone
from stepladder.data.formats.problem import Problem
from stepladder.evaluate import exact


@dataclass(frozen=True)
class ProblemFacts:
    """What is true of a problem.

    Attributes
    ----------
    titles
        Title of every step.
    chain
        The longest chain of steps that need each other, with the choices between steps that would do.
    linked
        Whether any step needs another at all.
    implied
        Steps above their target, each with the step that needs it.
    supplies
        What doing everything would take, against what there is.
    per_year
        Running cost per year of everything, in the same sense.
    pairs
        How many pairs of steps exclude each other, so that not everything can be done.
    use
        What does nothing for any threat.
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
    chain: Chain
    linked: bool
    implied: tuple[tuple[str, str], ...]
    supplies: tuple[Supply, ...]
    per_year: float
    pairs: int
    use: Use
    impossible: tuple[Impossible, ...]
    hopeless: tuple[str, ...]
    missed: tuple[Milestone, ...]
    teams: dict[str, str]
    illustrative: int
    numbers: int


def problem_facts(problem: Problem, context: Context | None = None) -> ProblemFacts:
    """Everything worth knowing before a plan is made."""
    bounds = Bounds(problem)
    proofs = impossible(bounds)
    out = {proof.step for proof in proofs}
    return ProblemFacts(
        titles=titles(problem),
        chain=longest(problem),
        linked=any(step.needs or step.needs_any for step in problem.steps),
        implied=(
            tuple((name, entry.implied_by) for name, entry in context.steps.items() if entry.implied_by)
            if context
            else ()
        ),
        supplies=supplies(bounds),
        per_year=float(Together(problem).most({step.id: exact(step.per_year) for step in problem.steps}).amount),
        pairs=len({frozenset(pair) for pair in problem.excludes}),
        use=use_of(problem, context),
        impossible=proofs,
        hopeless=tuple(step.id for step in problem.steps if step.id in out and step.must),
        missed=(
            tuple(milestone for milestone in context.milestones if out.intersection(milestone.steps)) if context else ()
        ),
        teams=context.teams if context else {},
        illustrative=sum(origin.illustrative for origin in context.numbers) if context else 0,
        numbers=len(context.numbers) if context else 0,
    )
