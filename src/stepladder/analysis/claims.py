"""What is said to be proved, as data: of which plans, which amount, in which range, by which answers of a solver.

Every sentence that asserts a proof is made of such a record, in ``output.claims``, so that a test can hold it against
trying everything.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from stepladder.data.demand import Demand
from stepladder.data.formats.plan import Plan
from stepladder.data.remedy import RemedyKind

if TYPE_CHECKING:
    from stepladder.optimise.search.elastic import Cheapest

#: What an answer of a solver was: a plan that was checked, a proof that there is none, a proved bound, or nothing
#: because it was stopped.
Solved = Literal["plan", "infeasible", "bound", "stopped"]


@dataclass(frozen=True)
class Claim:
    """Among the plans that are meant, the least of a quantity is no less than ``low`` and no more than ``high``.

    Attributes
    ----------
    quantity
        ``plan``: nothing is counted, it is only said whether there is one (0); the criteria ``risk``, ``spend`` and
        ``net``; what a kind of remedy gives (``money``: currency; ``people``: person-days; ``parallel``: steps at once
        beyond the limit; ``later``: periods; ``pin``: pins and exclusions that give way; ``moved``: periods by which
        pins move, when as few as can be give way; ``cap``: currency a year above the caps; ``from``: periods;
        ``fewer``: steps, and achievements where any is asked for).
    demands
        The plans that are meant keep these, and how things are: durations, costs, needs, the horizon, and what has
        happened.
    low, high
        Both ends are proved; a low end that is infinite: there is no such plan. A high end that is infinite: none was
        found.
    loose
        Of the demands, what remedies of these kinds could change need not be kept.
    within
        But of these kinds no more is given than so much.
    by
        What it rests on.
    """

    quantity: str
    demands: tuple[Demand, ...] = ()
    low: float = 0.0
    high: float = math.inf
    loose: tuple[RemedyKind, ...] = ()
    within: tuple[tuple[str, float], ...] = ()
    by: tuple[Solved, ...] = field(default=(), compare=False)

    @property
    def none(self) -> bool:
        """Whether it is proved that there is no such plan."""
        return math.isinf(self.low)

    @property
    def shown(self) -> bool:
        """Whether there is a plan that shows the high end."""
        return math.isfinite(self.high)

    @property
    def exact(self) -> bool:
        """Whether it is proved that less does not do."""
        return self.shown and self.high <= self.low

    @property
    def known(self) -> bool:
        """Whether it is known at all if there is such a plan."""
        return self.none or self.shown


def exists(demands: tuple[Demand, ...], cheapest: Cheapest, loose: tuple[RemedyKind, ...] = ()) -> Claim:
    """Whether there is a plan that keeps some demands."""
    if cheapest.low is None:
        return no_plan(demands, loose)
    if cheapest.starts is None:
        return Claim("plan", demands, loose=loose, by=("stopped",))
    return Claim("plan", demands, 0.0, 0.0, loose, by=("plan",))


def no_plan(demands: tuple[Demand, ...], loose: tuple[RemedyKind, ...] = ()) -> Claim:
    """It is proved that no plan keeps these demands."""
    return Claim("plan", demands, math.inf, math.inf, loose, by=("infeasible",))


def proved_of(plan: Plan) -> Claim:
    """What a plan states of all plans of its problem: none is better than its bound."""
    return Claim(plan.objective.name, (), plan.objective.bound, plan.objective.value, by=("bound", "plan"))
