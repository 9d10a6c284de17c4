"""Caps on how likely large losses are, looked at once more, at every time at which they hold.

Like the verifier, of which it is a part, it imports errors and data only, and has its own arithmetic: the sum of a year
is not found by a recursion here but by its characteristic function, exp(λ(φ(θ) − 1)) with φ that of one event, on cells
from above and from below. What does not fit on the cells comes back at their beginning; each cell is made lighter by a
constant factor first, so that no more than 1e-13 of it does (exponential tilting: Grübel and Hermesmeier 1999).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from stepladder.data.formats.exceedance import Exceedance
from stepladder.data.formats.money import text
from stepladder.data.formats.problem import Problem
from stepladder.errors import Fault
from stepladder.solution.insured import InForce, terms_at
from stepladder.solution.recount import Starts, finish

Array = npt.NDArray[np.float64]


class Kind(NamedTuple):
    """One kind of event: how many a year, median and spread of what one costs before a policy pays, and what a policy
    pays: a share of what is above the retention, up to the limit.
    """

    rate: float
    median: float
    sigma: float
    retention: float = 0.0
    limit: float = 0.0
    share: float = 0.0


#: Relative precision of sums over threats.
LOSS_PRECISION = 1e-9
#: So many cells up to the amount at first, and at most.
CELLS, MOST_CELLS = 64, 8192
#: So much lighter is the last cell, and so much of a probability may be rounding.
LIGHTER, HIDDEN = 1e-13, 1e-9


def exceedance(problem: Problem, starts: Starts, insured: Sequence[InForce] = ()) -> Iterator[Fault]:
    """A fault for every cap and every time at which it is broken, with these policies in force."""
    if not problem.exceedance:
        return
    steps = problem.steps_by_id()
    since = {
        name: min(finish(steps[name], start) + problem.effect_lag, problem.horizon) for name, start in starts.items()
    }
    for cap in problem.exceedance:
        for t in range(cap.from_, (problem.horizon if cap.to is None else cap.to) + 1):
            there = {name for name, first in since.items() if first <= t}
            kinds = tuple(_kinds(problem, cap, there, insured, t))
            broken = _broken(cap, kinds)
            if broken is not None:
                when = "after the horizon" if t == problem.horizon else f"in {problem.periods[t].label}"
                message = f"given your numbers, {_words(problem, cap, broken)} {when}, above {_most(problem, cap)}"
                yield Fault(cap.of, cap.threat or "all", message)


def _kinds(problem: Problem, cap: Exceedance, there: set[str], insured: Sequence[InForce], t: int) -> Iterator[Kind]:
    """What is left of the events of each threat, and what is paid of them."""
    for threat in problem.threats:
        if cap.threat not in (None, threat.id) or threat.events is None or threat.expected_loss_per_year == 0:
            continue
        rate, median = threat.events.per_year, threat.events.median
        for name, factor in threat.factors.items():
            if name in there and name in threat.cheaper:
                median *= factor
            elif name in there:
                rate *= factor
        terms = terms_at(problem, insured, threat, t)
        paid = () if terms is None else (terms.retention, terms.limit, terms.share)
        yield Kind(rate, median, threat.events.sigma, *paid)


@cache
def _broken(cap: Exceedance, kinds: tuple[Kind, ...]) -> float | None:
    """What a cap is on, where that is more than it may be: a probability, or an amount a year; None where it is
    kept.
    """
    if cap.of == "excess":
        beyond = math.fsum(kind.rate * _beyond(kind, cap.above) for kind in kinds)
        return beyond if beyond > cap.most * (1 + LOSS_PRECISION) else None
    events = math.fsum(kind.rate * _over(kind, cap.above) for kind in kinds)
    if events > -math.log1p(-cap.most) * (1 + LOSS_PRECISION):
        return -math.expm1(-events)
    if cap.of == "one_event":
        return None
    cells = CELLS
    while True:
        low, high = chance_of_year(kinds, cap.above, cells)
        if low > cap.most:
            return low
        if high <= cap.most or cells >= MOST_CELLS:
            return None
        cells *= 2


def _words(problem: Problem, cap: Exceedance, amount: float) -> str:
    above, of = text(cap.above, problem.currency), "" if cap.threat is None else f" from {cap.threat}"
    if cap.of == "excess":
        return f"what events{of} are expected to cost beyond {above} each is {text(amount, problem.currency)} per year"
    least = "at least " if cap.of == "year" else ""
    one = "an event" if cap.of == "one_event" else "a year"
    return f"the chance of {one}{of} above {above} is {least}{amount * 100:.4f} %"


def _most(problem: Problem, cap: Exceedance) -> str:
    return text(cap.most, problem.currency) if cap.of == "excess" else f"{cap.most * 100:.10g} %"


# -- one event ---------------------------------------------------------------------------------------------------------


def _over(kind: Kind, amount: float) -> float:
    """The probability that one event leaves more."""
    return _larger(kind, _before(kind, amount))


def _before(kind: Kind, left: float) -> float:
    """What the largest event costs that leaves no more than this: below the retention all of an event is left, above it
    the part that is not paid, and beyond the limit all again.
    """
    _, _, _, retention, limit, share = kind
    if left < retention or share == 0:
        return left
    kept = (1 - share) * limit
    return left + share * limit if left - retention >= kept else retention + (left - retention) / (1 - share)


def _least(kind: Kind, left: float) -> float:
    """What the smallest event costs that leaves no less than this."""
    return left if left <= kind.retention else _before(kind, left)


def _larger(kind: Kind, amount: float) -> float:
    """The probability that one event costs more, before a policy pays."""
    if amount <= 0:
        return 1.0
    return math.erfc((math.log(amount) - math.log(kind.median)) / kind.sigma / math.sqrt(2)) / 2


def _beyond(kind: Kind, amount: float) -> float:
    """What one event is expected to leave beyond an amount: the integral over what events cost, which counts once below
    the retention and beyond the limit, and in between as the part that is not paid.
    """
    first = _before(kind, amount)
    if kind.share == 0:
        return _above(kind, first)
    at = [max(first, edge) for edge in (kind.retention, kind.retention + kind.limit)]
    below, paid, beyond = _above(kind, first) - _above(kind, at[0]), _above(kind, at[0]) - _above(kind, at[1]), at[1]
    return below + (1 - kind.share) * paid + _above(kind, beyond)


def _above(kind: Kind, amount: float) -> float:
    """What one event is expected to cost beyond an amount, before a policy pays: its mean as far as it lies above, less
    the amount as often as it does.
    """
    mean = kind.median * math.exp(kind.sigma**2 / 2)
    if amount <= 0:
        return mean
    z = (math.log(amount) - math.log(kind.median) - kind.sigma**2) / kind.sigma
    return mean * math.erfc(z / math.sqrt(2)) / 2 - amount * _larger(kind, amount)


# -- a year ------------------------------------------------------------------------------------------------------------


def chance_of_year(kinds: tuple[Kind, ...], amount: float, cells: int) -> tuple[float, float]:
    """Between which two numbers the probability lies that a year costs more than an amount."""
    kinds = tuple(kind for kind in kinds if kind.rate > 0)
    if not kinds:
        return 0.0, 0.0
    rate = math.fsum(kind.rate for kind in kinds)
    edges = [amount * cell / cells for cell in range(cells + 2)]
    parts = np.array([kind.rate / rate for kind in kinds])
    no_more = parts @ np.array([[1 - _over(kind, edge) for edge in edges[:-1]] for kind in kinds])
    less = parts @ np.array([[1 - _larger(kind, _least(kind, edge)) for edge in edges[1:]] for kind in kinds])
    # A loss between two cells is the upper one, or the lower one; one that is just a cell is that one.
    above, below = (_compound(rate, np.diff(one, prepend=0.0)) for one in (no_more, less))
    return max(0.0, 1 - below - HIDDEN), min(1.0, 1 - above + HIDDEN)


def _compound(rate: float, shares: Array) -> float:
    """The probability that all events of a year are no more than the last cell."""
    size = 4 * len(shares)
    lighter = LIGHTER ** (np.arange(len(shares)) / size)
    sums = np.fft.irfft(np.exp(rate * (np.fft.rfft(shares * lighter, size) - 1)), size)
    return math.fsum((sums[: len(shares)] / lighter).tolist())
