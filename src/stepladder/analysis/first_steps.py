"""The next step as a choice: what to begin with, what it costs to wait, and the best of the other ways to begin."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from stepladder.analysis import variants
from stepladder.analysis.feasibility import Bounds
from stepladder.analysis.next import Beginning, beginning
from stepladder.analysis.price import Compared, Each, Price, one_by_one
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import steps_in
from stepladder.data.formats.problem import Problem
from stepladder.data.pointless import pointless
from stepladder.data.rules import CAPS
from stepladder.evaluate import Ledger, Starts
from stepladder.evaluate.draft import Draft
from stepladder.evaluate.tables import Tables
from stepladder.optimise import Learnt, Options, Outcome, Progress, optimise

#: Of so many first steps at most it is found out what waiting costs; for each the question is answered again.
PRICED = 12
ALTERNATIVES = 2
#: At a first glance so many questions are answered to this gap, and so many of the most promising are then answered as
#: well as is wanted.
GLANCED, GLANCE, LIKELY = 6, 0.01, 2
#: With less of a gap than this everything is wanted exactly.
EXACTLY = 1e-6


@dataclass(frozen=True)
class Alternative:
    """Another way to begin.

    Attributes
    ----------
    steps
        What starts in the first period, by id.
    price
        By how much the best plan that begins so is worse.
    """

    steps: tuple[str, ...]
    price: Price


@dataclass(frozen=True)
class Nudge:
    """A first period as a default choice.

    Attributes
    ----------
    beginning
        The plan and its first steps.
    waiting
        By step: what it costs not to start it in the first period.
    alternatives
        The best other sets of first steps, the cheapest first.
    chosen
        By step, and by kind of other plan: how many of them begin with it.
    others
        By kind of other plan: how many were looked at.
    """

    beginning: Beginning
    waiting: dict[str, Price]
    alternatives: tuple[Alternative, ...]
    chosen: dict[str, dict[str, int]]
    others: dict[str, int]


def unpriced(plan: Plan) -> Nudge:
    """The first steps alone, without solving anything."""
    return Nudge(beginning(plan), {}, (), {}, {})


def settled(plan: Plan, options: Options, progress: Callable[[Progress], None] | None = None) -> Outcome:
    """What is proved about a plan's question, found out anew: what a file says about bounds is not relied on."""
    return optimise(plan.problem, options, progress, Learnt(plan.problem, dict(plan.decided), None, {}))


def nudge(
    plan: Plan, options: Options, others: Mapping[str, Sequence[Starts]] | None = None, each: Each = one_by_one
) -> Nudge:
    """Price the first steps of a plan.

    Parameters
    ----------
    plan
        The plan.
    options
        For every answer.
    others
        By kind, such as futures: plans of other scenarios, budgets and futures.
    each
        Who answers the questions that are compared; what comes out does not depend on it.
    """
    first = beginning(plan)
    counts = {kind: len(plans) for kind, plans in (others or {}).items()}
    if first.period is None:
        return Nudge(first, {}, (), {}, counts)
    names = [facts.step.id for facts in first.steps[:PRICED]]
    waits = {f"wait {name}": variants.not_before(plan.problem, name, first.period + 1) for name in names}
    more = {
        f"more {name}": problem
        for name, problem in _more(plan, [facts.step.id for facts in first.steps], first.period).items()
    }
    compared = Compared(plan, options, each)
    answers = compared.answer(waits)
    answers |= compared.answer(_likely(more, compared, options, plan))
    prices = {name: compared.price(answer) for name, answer in answers.items()}
    ways = [
        Alternative(_first(answer.starts, first.period, plan), prices[name])
        for name, answer in answers.items()
        if answer.value is not None
    ]
    chosen = {
        name: {kind: sum(_begins(starts, name, plan) for starts in plans) for kind, plans in (others or {}).items()}
        for name in names
    }
    waiting = {name: prices[f"wait {name}"] for name in names}
    return Nudge(first, waiting, tuple(_distinct(ways)[:ALTERNATIVES]), chosen, counts)


def _begins(starts: Starts, name: str, plan: Plan) -> bool:
    """Whether another plan begins with a step, of those that are still open in this one."""
    starts = {other: start for other, start in steps_in(starts).items() if plan.state(other) == "open"}
    return name in starts and starts[name] == min(starts.values())


def _first(starts: dict[str, int], period: int, plan: Plan) -> tuple[str, ...]:
    """What of the open steps starts up to this period."""
    return tuple(name for name, start in steps_in(starts).items() if start <= period and plan.state(name) == "open")


def _more(plan: Plan, names: Sequence[str], period: int) -> dict[str, Problem]:
    """By step: the question with all of the default and this step more in the first period, as far as it may start
    beside them.
    """
    problem = plan.problem
    draft = Draft(Tables(Ledger(problem)), {**plan.begun, **dict.fromkeys(names, period)})
    earliest = Bounds(problem).earliest
    default = problem
    for name in names:
        default = variants.by(default, name, period)
    asked: dict[str, Problem] = {}
    # Steps that never pay change no loss, so that they would look like the best of all.
    never = pointless(problem)
    for k, step in enumerate(problem.steps):
        # In the first period of all there is no other time for any of them; what it needs may come with it.
        later = {"needs", "needs_any", "needs_achievements", *CAPS}
        full = period == plan.now and not later.issuperset(draft.broken(k, period))
        if step.id in names or step.id in never or plan.state(step.id) != "open" or full or earliest[step.id] > period:
            continue
        asked[step.id] = variants.by(default, step.id, period)
    return asked


def _likely(asked: Mapping[str, Problem], compared: Compared, options: Options, plan: Plan) -> dict[str, Problem]:
    """The few that look best at a first glance, among those that the plan starts soonest. Where all is wanted exactly,
    all of them.
    """
    if options.gap <= EXACTLY:
        return dict(asked)
    soonest = sorted(asked, key=lambda name: plan.starts.get(name.partition(" ")[2], math.inf))[:GLANCED]
    glanced = compared.answer(
        {f"glance {name}": asked[name] for name in soonest}, replace(options, gap=max(options.gap, GLANCE))
    )
    values = {name: glanced[f"glance {name}"].value for name in soonest}
    found = sorted((name for name in soonest if values[name] is not None), key=lambda name: (values[name], name))
    return {name: asked[name] for name in found[:LIKELY]}


def _distinct(alternatives: Iterable[Alternative]) -> list[Alternative]:
    """The cheapest first, each set of steps once."""
    ordered = sorted(alternatives, key=lambda other: (other.price.high, other.price.low, other.steps))
    kept: dict[frozenset[str], Alternative] = {}
    for other in ordered:
        kept.setdefault(frozenset(other.steps), other)
    return list(kept.values())
