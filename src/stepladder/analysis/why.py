"""Why a step stands where it stands, or is not planned: its chain, what is in the way elsewhere, and what another
choice would cost.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import groupby
from typing import Literal

from stepladder import graph
from stepladder.analysis import variants
from stepladder.analysis.price import Compared, Each, Price, one_by_one
from stepladder.analysis.steps import StepFacts, dependencies, facts, titles
from stepladder.data.formats.base import unknown
from stepladder.data.formats.context import Milestone
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.errors import UsageError
from stepladder.evaluate import Ledger, objectives
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.optimise import Options
from stepladder.solution.reasons import against

Choice = Literal["earlier", "later", "never", "planned"]


@dataclass(frozen=True)
class Hindrance:
    """What stands against starts in a range of periods, all else in the plan as it is.

    Attributes
    ----------
    first, last
        Period indices, both included.
    reason
        The same for all of them.
    """

    first: int
    last: int
    reason: str


@dataclass(frozen=True)
class Other:
    """Another choice, by re-solving.

    Attributes
    ----------
    choice
        earlier or later than in the plan, never, or planned at all.
    price
        By how much the best plan gets worse.
    starts
        The plan that was found; None where there is none.
    beside
        By how much that plan is worse in the second criterion.
    """

    choice: Choice
    price: Price
    starts: dict[str, int] | None
    beside: float = 0.0


@dataclass(frozen=True)
class Why:
    """Everything there is to say about a step's place in a plan.

    Attributes
    ----------
    plan
        The plan.
    step
        Id of the step.
    facts
        What it is there for; None where it is not planned.
    chain
        Ids from the step to the one that serves the milestone, or that takes most off a threat; the step alone where it
        does so itself.
    milestone
        The milestone at the end of the chain, if there is one.
    hindrances
        Against earlier starts, or against all of them where the step is not planned.
    others
        Other choices, with their prices.
    titles
        Title of every step.
    """

    plan: Plan
    step: str
    facts: StepFacts | None
    chain: tuple[str, ...]
    milestone: Milestone | None
    hindrances: tuple[Hindrance, ...]
    others: tuple[Other, ...]
    titles: dict[str, str]


def why(plan: Plan, name: str, options: Options, each: Each = one_by_one) -> Why:
    """Why a planned step stands where it does.

    Parameters
    ----------
    plan, name
        The plan and the step.
    options
        For every answer.
    each
        Who answers the questions that are compared; what comes out does not depend on it.

    Raises
    ------
    UsageError
        When there is no such step, or it is not planned.
    """
    fits(plan, name, planned=True)
    start, mine = plan.starts[name], facts(plan)
    chain, milestone = _chain(plan, name, mine)
    problem = plan.problem
    if plan.state(name) != "open":
        # It has happened: no other choice is left that could be priced.
        return Why(plan, name, mine[name], chain, milestone, (), (), titles(problem))
    asked: dict[Choice, Problem] = {
        "earlier": variants.by(problem, name, start - 1) if start > plan.now else problem,
        "later": variants.not_before(variants.planned(problem, [name]), name, start + 1),
        "never": variants.never(problem, name),
    }
    others = _others(plan, {choice: one for choice, one in asked.items() if one is not problem}, options, each)
    return Why(
        plan,
        name,
        mine[name],
        chain,
        milestone,
        _hindrances(plan, name, range(plan.now, start)),
        others,
        titles(problem),
    )


def why_not(plan: Plan, name: str, options: Options, each: Each = one_by_one) -> Why:
    """Why a step is not planned; the same parameters.

    Raises
    ------
    UsageError
        When there is no such step, or it is planned.
    """
    fits(plan, name, planned=False)
    if plan.state(name) == "cancelled":
        return Why(plan, name, None, (name,), None, (), (), titles(plan.problem))
    step = next(step for step in plan.problem.steps if step.id == name)
    possible = range(plan.now, plan.problem.horizon - step.duration + 1)
    others = _others(plan, {"planned": variants.planned(plan.problem, [name])}, options, each)
    return Why(plan, name, None, (name,), None, _hindrances(plan, name, possible), others, titles(plan.problem))


def fits(plan: Plan, name: str, *, planned: bool) -> None:
    """Whether the question fits the plan; worth finding out before anything is solved.

    Raises
    ------
    UsageError
        When there is no such step, or it is planned and should not be, or the other way round.
    """
    known = [step.id for step in plan.problem.steps]
    if name not in known:
        policies = [policy.id for policy in plan.problem.policies]
        raise UsageError(unknown("step or policy" if policies else "step", name, [*known, *policies]))
    if planned and name not in plan.starts:
        raise UsageError(f"{name} is not planned; ask: why --not {name}")
    if not planned and name in plan.starts:
        raise UsageError(f"{name} is planned, in {plan.problem.periods[plan.starts[name]].label}; ask: why {name}")


def _others(plan: Plan, asked: Mapping[Choice, Problem], options: Options, each: Each) -> tuple[Other, ...]:
    compared, ledger = Compared(plan, options, each), Ledger(plan.problem)
    answers = compared.answer({str(choice): problem for choice, problem in asked.items()})
    mine = objectives(ledger, plan.decided)[1]
    return tuple(
        Other(choice, compared.price(answer), None)
        if (answer := answers[choice]).value is None
        else Other(choice, compared.price(answer), answer.starts, objectives(ledger, answer.starts)[1] - mine)
        for choice in asked
    )


def _chain(plan: Plan, name: str, mine: dict[str, StepFacts]) -> tuple[tuple[str, ...], Milestone | None]:
    """The shortest way, over steps that need each other, to a step of the next milestone; else to the one that takes
    most off a threat, or is worth most points.
    """
    milestone = next(iter(mine[name].milestones), None)
    above = [(b, a) for a, b in dependencies(plan.problem, plan.starts)]
    if milestone is not None:
        # The last step of a milestone in the plan is what it waits for.
        last = max(milestone.steps, key=lambda step: (mine[step].finish if step in mine else -1, step))
        return tuple(graph.shortest_path(above, name, last) or (name,)), milestone
    if mine[name].use > 0:
        return (name,), None
    heaviest = max(mine[name].unlocks, key=lambda step: (mine[step].use, step), default=None)
    return tuple(graph.shortest_path(above, name, heaviest) if heaviest is not None else (name,)), None


def _hindrances(plan: Plan, name: str, periods: range) -> tuple[Hindrance, ...]:
    draft = Draft(Tables(Ledger(plan.problem)), plan.decided)
    reasons = [(t, against(draft, name, t)) for t in periods]
    hindrances = []
    for reason, group in groupby(reasons, key=lambda pair: pair[1]):
        times = [t for t, _ in group]
        hindrances.append(Hindrance(times[0], times[-1], reason))
    return tuple(hindrances)
