"""What it takes to count a plan anew in another program when a cost, a start or a capacity is changed there: what open
steps and all else use, the limits, and what each step waits for.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from stepladder.analysis.roadmap import Roadmap
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.policy import steps_in
from stepladder.data.formats.problem import MONEY, Step
from stepladder.evaluate import Ledger
from stepladder.wording.language import _
from stepladder.wording.text import clean

#: What spreadsheets take for "any text" where they look a name up.
_WILD = str.maketrans("*?~", "___")


@dataclass(frozen=True)
class Wait:
    """When an item may be worked on.

    Attributes
    ----------
    earliest, latest
        First period in which it may start, and last in which it may finish; None where nothing is asked.
    needs
        Items that must be finished before, each with its lag: the start is at least so many periods after the period
        of that finish.
    groups
        The same, of each group at least one.
    pinned
        The only period in which it may start; None for any.
    """

    earliest: int = 0
    latest: int | None = None
    needs: tuple[tuple[str, int], ...] = ()
    groups: tuple[tuple[tuple[str, int], ...], ...] = ()
    pinned: int | None = None


@dataclass(frozen=True)
class Limit:
    """What is used of a resource in periods ``first`` to ``last``, both included, is at most ``amount``."""

    resource: str
    first: int
    last: int
    amount: float


@dataclass(frozen=True)
class Loss:
    """Expected loss a year of a threat, in currency: today, in each period, and once everything is in place."""

    title: str
    today: float
    by_period: tuple[float, ...]
    after: float


@dataclass(frozen=True)
class Workings:
    """Everything that a workbook counts with.

    Attributes
    ----------
    names
        Of each period, none twice; without what a look-up takes for any text.
    years
        Length of each period in years.
    waits
        By item.
    open, fixed
        By resource and period: what steps that can still be decided use, and what all else of the plan does; of past
        periods the money that was truly spent.
    premiums
        By period: what of the fixed money is paid for insurance.
    limits
        Every limit of the plan.
    parallel
        By period, how many steps may be in work at once; None for any number.
    losses
        By threat, the largest first.
    uncounted
        Rules of the plan that another program does not count anew, each as a noun.
    """

    names: tuple[str, ...] = ()
    years: tuple[float, ...] = ()
    waits: Mapping[str, Wait] = field(default_factory=dict)
    open: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    fixed: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    premiums: tuple[float, ...] = ()
    limits: tuple[Limit, ...] = ()
    parallel: tuple[int, ...] | None = None
    losses: tuple[Loss, ...] = ()
    uncounted: tuple[str, ...] = ()


def workings(road: Roadmap, ids: Mapping[str, str]) -> Workings:
    """Of a verified plan.

    Parameters
    ----------
    road
        The plan, as it was read.
    ids
        Ids of items by step.
    """
    plan, problem = road.plan, road.plan.problem
    still = {name: start for name, start in plan.starts.items() if plan.state(name) == "open"}
    ledger = Ledger(problem)
    rest = {name: start for name, start in plan.decided.items() if name not in still}
    used = {
        part: {name: [ledger.amount(units, name) for units in ledger.total(starts, name)] for name in ledger.resources}
        for part, starts in (("open", still), ("fixed", rest))
    }
    for name in MONEY[:3]:
        # Nothing that is open starts in the past.
        used["fixed"][name][: plan.now] = road.used[name][: plan.now]
    policies = {name: start for name, start in plan.decided.items() if name not in steps_in(plan.decided)}
    return Workings(
        names=tuple(_names([period.label for period in problem.periods])),
        years=tuple(period.years for period in problem.periods),
        waits={ids[step.id]: _wait(plan, step, ids) for step in problem.steps if step.id in plan.starts},
        open={name: tuple(by_period) for name, by_period in used["open"].items()},
        fixed={name: tuple(by_period) for name, by_period in used["fixed"].items()},
        premiums=tuple(ledger.amount(units, "money") for units in ledger.total(policies, "money")),
        limits=tuple(Limit(held.resource, held.from_, held.to, held.limit) for held in problem.windows),
        parallel=problem.parallel,
        losses=tuple(_losses(road)),
        uncounted=tuple(_uncounted(plan)),
    )


def _names(labels: Sequence[str]) -> Iterator[str]:
    """Labels as they can be looked up, whatever they look like."""
    seen: set[str] = set()
    for t, label in enumerate(labels, start=1):
        name = (clean(label).strip() or _("Period {number}", number=str(t))).translate(_WILD)[:60]
        while name.casefold() in seen:
            name = f"{name} ({t})"
        seen.add(name.casefold())
        yield name


def _wait(plan: Plan, step: Step, ids: Mapping[str, str]) -> Wait:
    """What a planned step waits for: of its needs those that are planned, and of its dates the narrowest."""
    offers = {policy.id: policy for policy in plan.problem.policies}
    before = [
        year.from_ - 1
        for year, name in zip(plan.problem.policy_years, plan.policies, strict=False)
        if name in offers and step.id in offers[name].needs
    ]
    latest = min([*before, *([step.latest_finish] if step.latest_finish is not None else [])], default=None)
    groups = ([need for need in group if need.step in plan.starts] for group in step.needs_any)
    return Wait(
        earliest=max(step.earliest, plan.now),
        latest=latest,
        needs=tuple((ids[need.step], need.lag) for need in step.needs if need.step in plan.starts),
        groups=tuple(tuple((ids[need.step], need.lag) for need in group) for group in groups if group),
        pinned=step.start,
    )


def _losses(road: Roadmap) -> Iterator[Loss]:
    for threat in sorted(road.plan.problem.threats, key=lambda threat: -threat.expected_loss_per_year):
        *by_period, after = road.losses[threat.id]
        yield Loss(clean(threat.name), road.today_by_threat[threat.id], tuple(by_period), after)


def _uncounted(plan: Plan) -> Iterator[str]:
    """What of the plan's rules hangs on more than starts, costs and capacities."""
    problem = plan.problem
    if problem.appetite:
        yield _("caps on expected loss")
    if problem.exceedance:
        yield _("caps on large losses")
    if problem.achievements:
        yield _("what achievements need and are needed for")
