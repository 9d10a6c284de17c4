"""Facts about a question before it is answered: how large it is, its longest chain, what it implies, what it can
never afford.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from stepladder.analysis.achieved import Standing, standings
from stepladder.analysis.chain import Chain, longest
from stepladder.analysis.feasibility import Bounds, Impossible, Supply, impossible, supplies
from stepladder.analysis.questions import Asked, questions
from stepladder.analysis.steps import titles
from stepladder.analysis.together import Together
from stepladder.analysis.unreached import Unreached, unreached
from stepladder.analysis.use import Use, use_of
from stepladder.data.demand import Demand
from stepladder.data.formats.context import Context, Milestone
from stepladder.data.formats.problem import Problem
from stepladder.evaluate.tail import kept_today


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
    unreached
        Achievements that provably do not hold by the time by which they must.
    teams
        Titles of the teams that have one.
    achievements
        All of them, as they stand today.
    idle_caps
        The caps on large losses that are kept already, whatever is done.
    idle_policies
        The policies that cover nothing of what is lost, each by its name and where it stands; that is empty where
        nobody knows.
    illustrative, numbers
        How many numbers are a catalogue's illustrative defaults, of how many.
    questions
        What to find out first, of everything as early as it can be.
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
    questions: tuple[Asked, ...] = ()
    achievements: tuple[Standing, ...] = ()
    unreached: tuple[Unreached, ...] = ()
    idle_caps: tuple[int, ...] = ()
    idle_policies: tuple[tuple[str, str], ...] = ()


def problem_facts(
    problem: Problem,
    context: Context | None = None,
    demands: Sequence[Demand] = (),
    where: Callable[[str], str] | None = None,
) -> ProblemFacts:
    """Everything worth knowing before a plan is made.

    Parameters
    ----------
    problem, context
        The question, and what people want to know beside it.
    demands
        What is asked, for the places.
    where
        From a JSON pointer to file, line and column, of a problem that was read from a file.
    """
    bounds = Bounds(problem)
    proofs = impossible(bounds)
    out = {proof.step for proof in proofs}
    late = tuple(unreached(bounds, proofs, demands))
    names = {item.id for item in late}
    return ProblemFacts(
        titles=titles(problem),
        chain=longest(problem),
        linked=any(step.needs or step.needs_any or step.needs_achievements for step in problem.steps),
        implied=tuple(
            (name, entry.implied_by) for name, entry in (context.steps if context else {}).items() if entry.implied_by
        ),
        supplies=supplies(bounds),
        per_year=float(Together(problem).most({step.id: step.a_year for step in problem.steps}).amount),
        pairs=len({frozenset(pair) for pair in problem.excludes}),
        use=use_of(problem, context),
        impossible=proofs,
        hopeless=tuple(step.id for step in problem.steps if step.id in out and step.must),
        missed=tuple(
            milestone
            for milestone in (context.milestones if context else ())
            if out.intersection(milestone.steps) or names.intersection(milestone.achievements)
        ),
        teams=context.teams if context else {},
        illustrative=sum(origin.illustrative for origin in context.numbers) if context else 0,
        numbers=len(context.numbers) if context else 0,
        questions=questions(problem, context, _at_once(bounds)),
        achievements=tuple(standings(problem, context)),
        unreached=late,
        idle_caps=kept_today(problem),
        idle_policies=tuple(_covering_nothing(problem, context, where)),
    )


def _covering_nothing(
    problem: Problem, context: Context | None, where: Callable[[str], str] | None
) -> Iterator[tuple[str, str]]:
    lost = {threat.id for threat in problem.threats if threat.expected_loss_per_year > 0}
    for k, policy in enumerate(problem.policies):
        if not lost.intersection(policy.terms):
            origin = context.origins.get(f"/policies/{k}/premiums") if context is not None else None
            yield policy.name, origin.at if origin is not None else where(f"/policies/{k}") if where is not None else ""


def _at_once(bounds: Bounds) -> dict[str, int]:
    """Everything as early as it can be, but what does not end within the horizon."""
    last = bounds.problem.horizon
    return {name: start for name, start in bounds.earliest.items() if bounds.steps[name].finish(start) < last}
