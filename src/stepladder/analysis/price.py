"""What a choice costs, as a proved interval: the best with it against the best without."""

from __future__ import annotations

import math
from dataclasses import dataclass

from stepladder.data.formats.problem import Problem
from stepladder.optimise import Options, Outcome, another

#: Relative to the values that are compared: closer ends are one figure.
SAME = 1e-9


@dataclass(frozen=True)
class Price:
    """By how much the best plan gets worse, in the first criterion, present value.

    Attributes
    ----------
    low, high
        Proved ends; both infinite where there is no plan with the choice, and a high that is infinite where none was
        found.
    """

    low: float
    high: float

    @property
    def impossible(self) -> bool:
        """Whether it is proved that there is no such plan."""
        return math.isinf(self.low)

    @property
    def unknown(self) -> bool:
        """Whether nothing is known: the search was stopped first."""
        return self.low == 0 and math.isinf(self.high)

    @property
    def exact(self) -> bool:
        """Whether the interval is one figure."""
        return math.isfinite(self.high) and self.high - self.low <= SAME * max(abs(self.low), abs(self.high), 1.0)


def price(best: Outcome, other: Outcome) -> Price:
    """What it costs to have the other question answered instead, when all its plans are plans of the first one too.

    From value − bound on each side, floored at 0: with fewer plans the best is no better.
    """
    assert best.value is not None
    assert best.bound is not None
    if other.status == "infeasible":
        return Price(math.inf, math.inf)
    low = 0.0 if other.bound is None else max(0.0, other.bound - best.value)
    high = math.inf if other.value is None else max(low, other.value - best.bound)
    return Price(low, 0.0 if high <= SAME * max(1.0, abs(best.value)) else high)


def variant(problem: Problem, best: Outcome, options: Options) -> Outcome:
    """The best plan of a problem that has fewer plans than the one that was answered; what was learnt there is used.
    Nothing once time is up.
    """
    return another(problem, options, best.learnt)
