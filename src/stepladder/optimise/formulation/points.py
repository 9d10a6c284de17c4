"""Where losses are touched by tangents, as logarithms of what remains."""

from __future__ import annotations

import math

#: So near to nothing in place, as a part of everything, two points are enough.
AROUND = 0.15


def first_points(least: float, count: int) -> list[float]:
    """Logarithms evenly spread between nothing in place (0) and everything in place."""
    return [math.log(least) * m / max(count - 1, 1) for m in range(count)]


def points_around(least: float, log_share: float) -> list[float]:
    """Logarithms around the one that a plan leaves; where it leaves everything, that and a little less."""
    lowest = math.log(least)
    around = (
        (AROUND * lowest, 0.0) if log_share > AROUND * lowest else tuple(log_share * part for part in (1.3, 1.0, 0.7))
    )
    return sorted({max(lowest, point) for point in around})
