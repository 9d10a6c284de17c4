"""What all events of a year cost together: P(year > x), E[(year − A)+] and quantiles, each between two numbers that are
proved.

Events of each threat come as a Poisson process, each with its own loss, so that a year is compound Poisson with the
rates added and the severities mixed. On cells of width h = x / n each loss is rounded up, and once more down; the sums
of both follow from Panjer's recursion (Panjer 1981), p_0 = exp(−λ(1 − a_0)), p_s = (λ / s) Σ_j j a_j p_(s−j), in which
nothing is ever subtracted. A year that is rounded up costs no less and one that is rounded down no more, so the truth
lies between the two; with narrower cells they meet.

Where events are so many that p_0 is no number any more, the recursion is done for a 2^k-th part of the rate and the
result is added to itself k times (convolution): sums of non-negative numbers again.

Nothing here needs numpy but very narrow cells.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from operator import mul
from typing import NamedTuple

from stepladder.data.formats.exceedance import MANY
from stepladder.evaluate.severity import Payment, Severity

#: The recursion begins with so many cells, and ends with no more than so many.
COARSEST, FINEST = 32, 8192
#: Up to so many cells plain Python is quick enough.
PLAIN = 256
#: A rate above this is divided by two until it is not: e^−λ is far from the smallest float.
RATE = 64.0
#: So many cells for each event at least: rounded up, all of them together are to stay below the amount.
EACH = 8
#: What rounding may hide from a probability: far more than sums of so many non-negative products can be off by.
SLIP = 1e-11


class Peril(NamedTuple):
    """One kind of event: how many there are in a year on average, and what each costs."""

    rate: float
    severity: Severity


class Paid(NamedTuple):
    """The same of what a policy pays of each."""

    rate: float
    severity: Payment


class Between(NamedTuple):
    """Two numbers between which another one is proved to lie."""

    low: float
    high: float

    @property
    def middle(self) -> float:
        """The number half-way."""
        return (self.low + self.high) / 2

    @property
    def width(self) -> float:
        """How far they are apart."""
        return self.high - self.low


class YearSum:
    """The distribution of a year's sum.

    Parameters
    ----------
    perils
        The kinds of events; independent of each other.
    certain
        What a year costs in any case, in currency.

    Raises
    ------
    ValueError
        With more than ``MANY`` events a year, of which no sum can be told apart.
    """

    def __init__(self, perils: Sequence[Peril | Paid], certain: float = 0.0) -> None:
        self.perils = [peril for peril in perils if peril.rate > 0 and peril.severity.mean > 0]
        self.certain = certain
        self.rate = math.fsum(peril.rate for peril in self.perils)
        if self.rate > MANY:
            raise ValueError(f"{self.rate:,.0f} events a year are too many for cells; at most {MANY:,.0f}")

    @property
    def coarsest(self) -> int:
        """So many cells to begin with: a power of two."""
        return max(COARSEST, 1 << math.ceil(math.log2(max(1.0, EACH * self.rate))))

    @property
    def mean(self) -> float:
        """What a year costs on average, in currency."""
        return math.fsum([self.certain, *(peril.rate * peril.severity.mean for peril in self.perils)])

    def above(self, amount: float, cells: int) -> Between:
        """P(year > amount), with so many cells up to the amount."""
        left = amount - self.certain
        if left < 0 or self.rate == 0:
            return Between(float(left < 0), float(left < 0))
        up, down = self._sums(left, cells)
        # As the complement: what is beyond the amount is not on the cells.
        return Between(max(0.0, 1 - math.fsum(down) - SLIP), min(1.0, 1 - math.fsum(up) + SLIP))

    def decided(self, amount: float, chance: float, finest: int = FINEST) -> tuple[bool, Between]:
        """Whether a year costs more than an amount with no more than this probability, and between which numbers that
        one lies.

        The cells are halved until the two numbers are on one side; with the narrowest, what neither proves counts as
        kept.
        """
        cells = self.coarsest
        while True:
            between = self.above(amount, cells)
            if between.high <= chance or between.low > chance or cells >= finest:
                return between.low <= chance, between
            cells *= 2

    def beyond(self, amount: float, cells: int) -> Between:
        """E[(year − amount)+], what a limit of so much for all events of a year leaves, in currency."""
        left = amount - self.certain
        if left <= 0 or self.rate == 0:
            return Between(max(0.0, self.mean - amount), max(0.0, self.mean - amount))
        # E[(S − A)+] = E[S] − A + E[(A − S)+], and what is not used up of A is on the cells.
        unused = [
            math.fsum((left - s * left / cells) * share for s, share in enumerate(sums))
            for sums in self._sums(left, cells)
        ]
        slip, rest = SLIP * left, self.mean - amount
        return Between(max(0.0, rest + unused[0] - slip), max(0.0, rest + unused[1] + slip))

    def exceeded(self, chances: Sequence[float], cells: int) -> list[Between]:
        """For each probability: the least amount that a year exceeds with no more than this probability."""
        if self.rate == 0:
            return [Between(self.certain, self.certain) for _ in chances]
        span = self._span(min(chances))
        up, down = (_remaining(sums) for sums in self._sums(span, cells))
        width = span / cells
        return [
            Between(
                self.certain + _first(down, chance + SLIP) * width, self.certain + _first(up, chance - SLIP) * width
            )
            for chance in chances
        ]

    def shortfall(self, chance: float, cells: int) -> Between:
        """What a year costs on average among the worst, of which there are this share (expected shortfall), in
        currency: the least over u of u + E[(year − u)+] / chance (Rockafellar and Uryasev 2000).
        """
        low, high = self.exceeded([chance], cells)[0]
        # At any u the upper end is valid; the least of it lies between the two quantiles.
        ends = [self.beyond(u, cells) for u in (low, high)]
        upper = min(u + between.high / chance for u, between in zip((low, high), ends, strict=True))
        # It is convex in u, and between its least and the upper quantile no steeper than there.
        lower = high + ends[1].low / chance - (high - low) * max(0.0, 1 - self.above(high, cells).low / chance)
        return Between(max(self.mean, lower), max(self.mean, upper))

    def _span(self, chance: float) -> float:
        """An amount that a year exceeds with less than this probability."""
        span = max(self.mean - self.certain, *(peril.severity.mean for peril in self.perils))
        while self.above(self.certain + span, self.coarsest).high >= chance - SLIP:
            span *= 1.5
        return span

    def _sums(self, span: float, cells: int) -> tuple[list[float], list[float]]:
        """The probabilities of 0, 1, … ``cells`` cells, each a part of ``span`` wide: with losses rounded up, and
        down.
        """
        edges = [span * cell / cells for cell in range(cells + 2)]
        up = self._mixed(lambda severity: [severity.at_most(edge) for edge in edges[:-1]])
        down = self._mixed(lambda severity: [severity.below(edge) for edge in edges[1:]])
        return compound(self.rate, _steps(up)), compound(self.rate, _steps(down))

    def _mixed(self, below: Callable[[Severity | Payment], list[float]]) -> list[float]:
        """The distribution of one event of any kind, at each of some amounts."""
        rows = [[peril.rate / self.rate * share for share in below(peril.severity)] for peril in self.perils]
        return [math.fsum(column) for column in zip(*rows, strict=True)]


def _steps(rising: Sequence[float]) -> list[float]:
    """What is added at each place."""
    return [rising[0], *(max(0.0, after - before) for before, after in pairwise(rising))]


def _remaining(sums: Sequence[float]) -> list[float]:
    """What lies beyond each place."""
    left, beyond = 1.0, []
    for share in sums:
        left -= share
        beyond.append(left)
    return beyond


def _first(falling: Sequence[float], chance: float) -> int:
    """The first place beyond which there is no more than this probability."""
    return next((place for place, left in enumerate(falling) if left <= chance), len(falling))


def compound(rate: float, shares: Sequence[float]) -> list[float]:
    """The distribution of a compound Poisson sum, by Panjer's recursion.

    Parameters
    ----------
    rate
        Events a year.
    shares
        The probability that one event is 0, 1, … cells; less than 1 together where larger ones are left out.

    Returns
    -------
    list
        The probability that all together are 0, 1, … cells, as many as of the shares; without any event that was left
        out.
    """
    halved = max(0, math.ceil(math.log2(rate / RATE))) if rate > RATE else 0
    small = rate / 2**halved
    if len(shares) > PLAIN:
        return _in_arrays(small, shares, halved)
    weighted = [small * cell * share for cell, share in enumerate(shares)]
    sums = [math.exp(-small * (1 - shares[0]))]
    for cell in range(1, len(shares)):
        # Sums of products from the far end: p_(s−j) beside j a_j.
        sums.append(math.fsum(map(mul, weighted[1 : cell + 1], reversed(sums))) / cell)
    for _ in range(halved):
        sums = [math.fsum(map(mul, sums[: cell + 1], reversed(sums[: cell + 1]))) for cell in range(len(sums))]
    return sums


def _in_arrays(rate: float, shares: Sequence[float], halved: int) -> list[float]:
    """The same for many cells."""
    import numpy as np

    count = len(shares)
    weighted = rate * np.arange(count) * np.array(shares)
    # From the far end, so that a step of the recursion is one product of two rows.
    backwards = np.zeros(count)
    backwards[-1] = math.exp(-rate * (1 - shares[0]))
    for cell in range(1, count):
        backwards[count - 1 - cell] = (weighted[1 : cell + 1] @ backwards[count - cell :]) / cell
    sums = backwards[::-1]
    for _ in range(halved):
        sums = np.convolve(sums, sums)[:count]
    result: list[float] = sums.tolist()
    return result
