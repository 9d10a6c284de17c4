"""How much is held back of each limit on money: a level of what a plan spends beyond itself, the same for all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from stepladder.data.formats.problem import MONEY, Problem
from stepladder.evaluate import exact

#: What is held back, or spent, by number of the window: exact, in currency.
Held = Mapping[int, Fraction]


def level(held: Held, planned: Held, used: Sequence[Held], limits: Held, count: int) -> dict[int, Fraction]:
    """What is held back at the lowest level at which a plan, with its spending less by what is held back more, would
    have been kept in at least so many futures.

    At a level, of each limit the quantile of what is spent beyond the plan is held back, and no less than before: also
    of a limit that this plan does not fill, as the next one may.

    Parameters
    ----------
    held
        What is held back already, by number of the limit.
    planned, used
        What the plan uses of each limit by its own figures, and in each future.
    limits
        The whole limits.
    count
        Of how many futures at least, no more than there are.
    """
    beyond = {k: sorted(max(Fraction(0), future[k] - planned[k]) for future in used) for k in limits}

    def at(rank: int) -> dict[int, Fraction]:
        """What is held back when each limit's overrun of this rank is."""
        return {k: max(held.get(k, Fraction(0)), amounts[rank - 1]) for k, amounts in beyond.items()}

    low, high = 1, len(used)
    while low < high:
        middle = (low + high) // 2
        more = {k: amount - held.get(k, Fraction(0)) for k, amount in at(middle).items()}
        if sum(all(future[k] - limits[k] <= more[k] for k in limits) for future in used) >= count:
            high = middle
        else:
            low = middle + 1
    return at(low)


def held_back(whole: Problem, less: Problem) -> dict[int, Fraction]:
    """What the limits on money of one question are without in another, by number of the window."""
    return {
        k: exact(before.limit) - exact(after.limit)
        for k, (before, after) in enumerate(zip(whole.windows, less.windows, strict=True))
        if before.resource in MONEY and after.limit < before.limit
    }
