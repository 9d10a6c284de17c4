"""How far figures range."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Spread:
    """How far a figure ranges: 1 of 20 futures is below ``low``, 1 of 20 above ``high``."""

    low: float
    median: float
    high: float
    mean: float


def spread(figures: Sequence[float]) -> Spread:
    """Of at least one figure; each of its points is one of them."""
    ordered = sorted(figures)

    def at(part: float) -> float:
        """The smallest figure that at least this part (0 to 1) of all figures do not exceed."""
        return ordered[min(len(ordered) - 1, max(0, math.ceil(part * len(ordered)) - 1))]

    return Spread(at(0.05), at(0.5), at(0.95), math.fsum(ordered) / len(ordered))
