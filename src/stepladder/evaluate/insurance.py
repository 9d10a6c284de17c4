"""What an insurer takes over of a loss: the arithmetic of retention, limit and share.

Events come by chance (Poisson), each with a lognormal loss X. The verifier has its own formula, on purpose.
"""

from __future__ import annotations

import math
from functools import lru_cache

from stepladder.data.formats.base import NEARLY_ALL
from stepladder.data.formats.policy import Terms as Written
from stepladder.data.formats.threat import Events
from stepladder.evaluate.severity import Terms, tail

#: So much of a loss remains at least, as with steps: no policy takes all of it.
LEAST = 1 - NEARLY_ALL


def limited(events: Events, most: float) -> float:
    """LEV(u) = E[min(X, u)] = m·e^(s²/2)·Φ(z − s) + u·(1 − Φ(z)) with z = ln(u/m)/s: what one event costs on average,
    counted up to an amount, in currency (Klugman, Panjer, Willmot, Loss Models, appendix A.5.1).
    """
    if most <= 0 or events.median <= 0:
        return 0.0
    if events.sigma == 0:
        return min(events.median, most)
    z = math.log(most / events.median) / events.sigma
    return events.mean * tail(events.sigma - z) + most * tail(z)


def paid(events: Events, terms: Written | Terms) -> float:
    """π = share · (LEV(retention + limit) − LEV(retention)): what the insurer pays for one event on average, in
    currency.
    """
    return terms.share * (limited(events, terms.retention + terms.limit) - limited(events, terms.retention))


def retained(events: Events, terms: Written | Terms) -> float:
    """κ = 1 − π / E[X]: the share of a threat's expected loss that remains ours, in (0, 1].

    It holds whatever makes events rarer: that thins a Poisson process and leaves what one event costs as it is.
    """
    if events.mean <= 0:
        return 1.0
    return min(1.0, max(LEAST, 1 - paid(events, terms) / events.mean))


@lru_cache(maxsize=65_536)
def kept(median: float, sigma: float, terms: Terms) -> float:
    """The same share, of events of which half cost less than the median: where steps make them cheaper, a policy pays
    another part of them.
    """
    return retained(Events.model_construct(per_year=0.0, median=median, sigma=sigma), terms)
