"""Money against what remains: one optimal plan for each budget, and what can be said between them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from stepladder.analysis import variants
from stepladder.analysis.feasibility import Bounds
from stepladder.data.plan import Context, Plan
from stepladder.data.problem import Appetite, Problem
from stepladder.errors import UsageError
from stepladder.optimise import Learnt, Options, Outcome, Progress, optimise
from stepladder.solution import make_plan


@dataclass(frozen=True)
class Point:
    """The answer for one budget.

    Attributes
    ----------
    money
        What the limits allow over the horizon, in currency.
    plan
        The plan, verified; None where there is none.
    infeasible
        Whether it is proved that there is none.
    """

    money: float
    plan: Plan | None
    infeasible: bool = False


@dataclass(frozen=True)
class Curve:
    """Points by money, the least first, all with the same appetite (None: as the question has it)."""

    appetite: float | None
    points: tuple[Point, ...]

    @property
    def plans(self) -> list[tuple[float, Plan]]:
        """Money and plan of the points that have one."""
        return [(point.money, point.plan) for point in self.points if point.plan is not None]


@dataclass(frozen=True)
class Frontier:
    """Curves over the same budgets.

    Attributes
    ----------
    problem
        The question, with its own limits.
    own
        What its own limits allow over the horizon; None where money is not limited.
    curves
        One for each appetite.
    affordable
        The least of the budgets with which every step can be done in time; None where none of them allows it.
    out_of_reach
        Whether it is proved that no money allows it: time, people or other rules are in the way.
    """

    problem: Problem
    own: float | None
    curves: tuple[Curve, ...]
    affordable: float | None
    out_of_reach: bool


def own_money(problem: Problem) -> float | None:
    """The most that the limits on money allow over the horizon; None where money is not limited."""
    bounds = Bounds(problem)
    for resource in ("money", "money_once"):
        most = bounds.supply(resource)[-1]
        if most is not None:
            return bounds.ledger.amount(most, resource)
    return None


def gathered(own: Plan, plans: Sequence[Plan]) -> tuple[Curve, ...]:
    """Curves from plans of other budgets: one for each appetite, that of ``own`` first, points by money.

    Raises
    ------
    UsageError
        When a plan is of another question than ``own``, or money is not limited in it.
    """
    names = [step.id for step in own.problem.steps]
    found: dict[tuple[Appetite, ...], dict[float, Plan]] = {own.problem.appetite: {}}
    for plan in plans:
        problem = plan.problem
        if [step.id for step in problem.steps] != names or problem.horizon != own.problem.horizon or problem.threats != own.problem.threats:
            raise UsageError(f"a plan for {problem.title or 'another question'!r} has other steps, periods or threats; its budgets say nothing about this one")
        money = own_money(problem)
        if money is None:
            raise UsageError("a plan without a limit on money stands on no frontier; take the folder that frontier -o wrote")
        found.setdefault(problem.appetite, {})[round(money, 2)] = plan
    return tuple(
        Curve(None if appetite == own.problem.appetite else _total(appetite), tuple(Point(money, held[money]) for money in sorted(held)))
        for appetite, held in found.items()
        if held
    )


def _total(caps: Sequence[Appetite]) -> float | None:
    """The last cap on all threats together."""
    return next((cap.expected_loss_per_year for cap in reversed(caps) if cap.threat is None), None)


def budgets(first: float, last: float, count: int) -> list[float]:
    """So many amounts, evenly spaced, in whole cents.

    Raises
    ------
    UsageError
        When the range is empty.
    """
    if not 0 <= first < last:
        raise UsageError(f"the range of budgets from {first:,.2f} to {last:,.2f} is empty; give --from less than --to")
    return [round(first + (last - first) * k / (count - 1), 2) for k in range(count)]


def limited(problem: Problem, own: float | None, money: float) -> Problem:
    """The same question with this much money: its own limits in proportion, or one limit on the whole where it has none."""
    if own:
        return variants.with_money(problem, money / own)
    return variants.with_total(variants.without_money(problem), money)


@dataclass(frozen=True)
class Worth:
    """Where more money pays: where it takes off more loss, present value, than it is itself.

    Attributes
    ----------
    until
        With less money than this, more surely pays; None where that is not proved anywhere.
    beyond
        From this money on, no more of it in the range pays; None where that is not proved anywhere.
    """

    until: float | None
    beyond: float | None


def worth(curve: Curve) -> Worth:
    """What values and bounds of the points prove about more money."""
    held = [(money, plan.objective.value, plan.objective.bound) for money, plan in curve.plans]
    pays = [money for k, (money, _, bound) in enumerate(held) if any(bound - value > more - money for more, value, _ in held[k + 1 :])]
    idle = [all(value - bound <= more - money for more, _, bound in held[k + 1 :]) for k, (money, value, _) in enumerate(held)]
    last = next((k for k in range(len(held)) if all(idle[k:])), None)
    ahead = [more for more, _, _ in held if pays and more > pays[-1]]
    return Worth(ahead[0] if ahead else None, held[last][0] if last is not None and last < len(held) - 1 else None)


def frontier(
    problem: Problem,
    context: Context | None,
    amounts: Sequence[float],
    appetites: Sequence[float | None],
    options: Options,
    progress: Callable[[Progress], None] | None = None,
) -> Frontier:
    """Answer the question for every budget and appetite.

    Parameters
    ----------
    problem, context
        The question.
    amounts
        Budgets over the whole horizon, ascending, in currency.
    appetites
        Caps on the expected loss per year; None for the question's own.
    options, progress
        As for ``optimise``, for each point.

    Returns
    -------
    Frontier
        What is minimised is what remains of the losses, whatever the question's objective.
    """
    problem = problem.model_copy(update={"objective": "risk"})
    own = own_money(problem)
    curves = []
    for appetite in appetites:
        asked = problem if appetite is None else variants.with_appetite(problem, appetite)
        curves.append(Curve(appetite, _curve(asked, context, own, amounts, options, progress)))
    affordable, out_of_reach = _target(problem, own, amounts, options)
    return Frontier(problem, own, tuple(curves), affordable, out_of_reach)


def _curve(
    problem: Problem, context: Context | None, own: float | None, amounts: Sequence[float], options: Options, progress: Callable[[Progress], None] | None
) -> tuple[Point, ...]:
    asked = [limited(problem, own, money) for money in amounts]
    outcomes: list[Outcome] = []
    learnt: Learnt | None = None
    # From much money to little: what is proved with more holds with less.
    for one in reversed(asked):
        if outcomes and outcomes[-1].status == "infeasible":
            outcomes.append(outcomes[-1])
            continue
        outcomes.append(optimise(one, options, progress, learnt))
        learnt = outcomes[-1].learnt or learnt
    found: list[Point] = []
    below: Outcome | None = None
    for money, one, outcome in zip(amounts, asked, reversed(outcomes), strict=True):
        best = _better(one, outcome, below)
        made = None if best.value is None else make_plan(one, best, context)
        found.append(Point(money, made, infeasible=best.status == "infeasible"))
        below = best if best.value is not None else below
    return tuple(found)


def _better(problem: Problem, found: Outcome, below: Outcome | None) -> Outcome:
    """What was found, or the plan with less money where that is better: it is possible with more."""
    if below is None or below.value is None or found.value is None or below.value >= found.value:
        return found
    assert found.bound is not None
    return Outcome(found.status, below.starts, below.value, found.bound, found.solver)


def _target(problem: Problem, own: float | None, amounts: Sequence[float], options: Options) -> tuple[float | None, bool]:
    """The least budget with which everything can be done, by halving; and whether no money helps."""
    everything = variants.planned(problem, [step.id for step in problem.steps])
    anyhow = Options(gap=0.999999, time_limit=options.time_limit, effort=options.effort, seed=options.seed, threads=options.threads, solver=options.solver)
    if optimise(variants.without_money(everything), anyhow).status == "infeasible":
        return None, True
    low, high = 0, len(amounts)
    while low < high:
        middle = (low + high) // 2
        possible = optimise(limited(everything, own, amounts[middle]), anyhow).value is not None
        low, high = (low, middle) if possible else (middle + 1, high)
    return (amounts[low] if low < len(amounts) else None), False
