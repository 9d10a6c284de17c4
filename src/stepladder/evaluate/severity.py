"""What one event costs: a lognormal amount, or what a policy leaves of it.

With median m, standard deviation s of the logarithm and z = ln(u / m) / s: P(X > u) = Φ(−z), the limited expected value
E[min(X, u)] = m e^(s²/2) Φ(z − s) + u Φ(−z), and E[(X − u)+] = m e^(s²/2) Φ(s − z) − u Φ(−z) (Klugman, Panjer and
Willmot, *Loss Models*, appendix A).
"""

from __future__ import annotations

import math
from typing import NamedTuple


class Terms(NamedTuple):
    """What a policy pays of one event: a share of what is above the retention, up to the limit.

    Attributes
    ----------
    retention, limit
        In currency; the limit is of what the share is taken.
    share
        Above 0 and at most 1.
    """

    retention: float
    limit: float
    share: float = 1.0


class Severity(NamedTuple):
    """The loss of one event, in currency: Y = X − share · (min(X, retention + limit) − min(X, retention)).

    Attributes
    ----------
    median
        Half of the events cost less, before a policy pays.
    sigma
        Standard deviation of the logarithm; 0 where all cost the same.
    terms
        Of the policy in force; None where there is none.
    """

    median: float
    sigma: float
    terms: Terms | None = None

    @property
    def mean(self) -> float:
        """What is left of one event on average."""
        return self.excess(0.0)

    def above(self, amount: float) -> float:
        """P(Y > amount)."""
        return tail(self._z(self._most(amount))) if amount >= 0 else 1.0

    def at_most(self, amount: float) -> float:
        """P(Y ≤ amount)."""
        return tail(-self._z(self._most(amount))) if amount >= 0 else 0.0

    def below(self, amount: float) -> float:
        """P(Y < amount); less than ``at_most`` where many events leave just that."""
        if amount <= 0:
            return 0.0
        gross = self._least(amount)
        return float(self.median < gross) if self.sigma == 0 else tail(-self._z(gross))

    def excess(self, amount: float) -> float:
        """E[(Y − amount)+], in currency."""
        gross = self._most(amount)
        if self.terms is None:
            return self._beyond(gross)
        top = self.terms.retention + self.terms.limit
        paid = self._beyond(max(gross, self.terms.retention)) - self._beyond(max(gross, top))
        return max(0.0, self._beyond(gross) - self.terms.share * paid)

    def limited(self, amount: float) -> float:
        """E[min(Y, amount)], in currency."""
        return self.mean - self.excess(amount)

    def cheaper(self, factor: float) -> Severity:
        """The same events where each costs this part of what it did."""
        return self._replace(median=self.median * factor)

    def _most(self, left: float) -> float:
        """The largest event that leaves no more than this."""
        if self.terms is None or left < self.terms.retention:
            return left
        retention, limit, share = self.terms
        if share < 1 and left < retention + (1 - share) * limit:
            return retention + (left - retention) / (1 - share)
        return left + share * limit

    def _least(self, left: float) -> float:
        """The smallest event that leaves no less than this."""
        if self.terms is None or left <= self.terms.retention:
            return left
        return self._most(left)

    def _z(self, gross: float) -> float:
        """How many standard deviations an event's logarithm is above the median's."""
        if gross <= 0 or self.median <= 0:
            return -math.inf if self.median > 0 else math.inf
        if self.sigma == 0:
            return math.inf if gross >= self.median else -math.inf
        return math.log(gross / self.median) / self.sigma

    def _beyond(self, gross: float) -> float:
        """E[(X − gross)+] before a policy pays."""
        mean, z = self.median * math.exp(self.sigma**2 / 2), self._z(gross)
        if math.isinf(z):
            return max(0.0, mean - max(0.0, gross)) if z < 0 else 0.0
        return max(0.0, mean * tail(z - self.sigma) - gross * tail(z))


class Payment(NamedTuple):
    """What a policy pays of one event, in currency: Z = share · min(max(X − retention, 0), limit).

    Attributes
    ----------
    event
        The event before a policy pays.
    terms
        Of the policy.
    """

    event: Severity
    terms: Terms

    @property
    def mean(self) -> float:
        """What is paid for one event on average."""
        retention, limit, share = self.terms
        return share * (self.event.excess(retention) - self.event.excess(retention + limit))

    def at_most(self, amount: float) -> float:
        """P(Z ≤ amount)."""
        retention, limit, share = self.terms
        if amount < 0:
            return 0.0
        return 1.0 if amount >= share * limit else self.event.at_most(retention + amount / share)

    def below(self, amount: float) -> float:
        """P(Z < amount)."""
        retention, limit, share = self.terms
        if amount <= 0:
            return 0.0
        return 1.0 if amount > share * limit else self.event.below(retention + amount / share)


def tail(z: float) -> float:
    """Φ(−z), P(Z > z) of a standard normal Z; exact to the last digits far out too."""
    return math.erfc(z / math.sqrt(2)) / 2
