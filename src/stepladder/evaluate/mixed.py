"""What policies leave of threats whose events steps make cheaper, in a plan that changes.

Of such a threat a policy leaves another part with each combination of these steps, so it is no sum of logarithms; it is
counted for every time anew, from whole numbers, so that it does not depend on the order in which steps come and go.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from stepladder.evaluate.covers import Covered
from stepladder.evaluate.insurance import kept
from stepladder.evaluate.uses import Array

#: Index of a step, and its new start; None takes it out.
Change = tuple[int, int | None]


class Mixed:
    """The threats of a problem that policies cover and steps make cheaper.

    Parameters
    ----------
    threats
        By index.
    number
        Index of each step.
    since, until
        First time in place, by step and start, and by step the first at which it is no longer.

    Attributes
    ----------
    touching
        By step: the threats of which it changes what policies leave.
    """

    def __init__(self, threats: Mapping[int, Covered], number: Mapping[str, int], since: Array, until: list[int]):
        self._threats, self._since, self._until = threats, since, until
        self._covers = {m: {number[name]: paid for name, paid in one.covers.items()} for m, one in threats.items()}
        self._cheap = {m: {number[name]: name for name in one.cheaper} for m, one in threats.items()}
        self.touching: list[frozenset[int]] = [
            frozenset(m for m in threats if k in self._covers[m] or k in self._cheap[m]) for k in range(len(until))
        ]
        self._known: dict[tuple[int, int, frozenset[int]], float] = {}

    def __bool__(self) -> bool:
        return bool(self._threats)

    def applied(self, rows: Array, threats: Array, starts: Sequence[int | None], change: Change | None = None) -> Array:
        """What steps leave of some threats' losses over time, shape (threats, T + 1), times what policies leave of
        that.
        """
        for place, m in enumerate(threats.tolist()) if self._threats else ():
            if m in self._threats:
                rows[place] *= self._left(m, starts, change)
        return rows

    def _left(self, m: int, starts: Sequence[int | None], change: Change | None) -> Array:
        """Of one threat, at each time."""
        left, threat = np.ones(self._since.shape[1] + 1), self._threats[m]
        mine = {k: starts[k] for k in (*self._cheap[m], *self._covers[m])}
        if change is not None and change[0] in mine:
            mine[change[0]] = change[1]
        placed = ((i, mine[i]) for i in self._cheap[m])
        cheap = {i: int(self._since[i, at]) for i, at in placed if at is not None}
        for c, paid in self._covers[m].items():
            at = mine[c]
            for t in () if at is None else range(int(self._since[c, at]), min(self._until[c], len(left))):
                there = frozenset(i for i, first in cheap.items() if first <= t)
                key = m, c, there
                if key not in self._known:
                    names = [self._cheap[m][i] for i in there]
                    less = math.prod(factor for name, factor in threat.factors.items() if name in names)
                    assert threat.events is not None
                    self._known[key] = kept(threat.events.median * less, threat.events.sigma, paid)
                left[t] *= self._known[key]
        return left
