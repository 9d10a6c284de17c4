"""What is equal, and which of two plans is better: the one order by which all searches move.

"Equal up to a tolerance" is no order: a may equal b and b equal c while a is less than c, and a search that moves by it
can walk in a circle. So sums are exact, plans are compared by a key, and a tolerance appears only as a ceiling that is
fixed before a search begins.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

Criteria = tuple[float, float]
"""What is minimised first and second."""

#: Values that differ by less than this part of them are equal: a loss is a product of floats, and a proof goes no
#: further.
EQUAL = 1e-9
#: What sums and products of floats may be off by, as a part of what was added up.
NOISE = 1e-12

#: Every float is a whole multiple of the smallest one.
_SMALLEST = 1 << 1074


@dataclass(frozen=True)
class Order:
    """Which of two plans is better: the first criterion, unless both are below the ceiling; then the second.

    This is the lexicographic order of a key, so it is transitive, whatever the numbers. Where the criteria depend on
    the plan alone, every search that moves only to better plans ends: no plan comes twice, and there are finitely many.

    Attributes
    ----------
    ceiling
        First criteria up to here count as equal; −∞: as they are.
    """

    ceiling: float = -math.inf

    def key(self, criteria: Criteria) -> Criteria:
        """What is compared."""
        first, second = criteria
        return max(first, self.ceiling), second

    def better(self, one: Criteria, other: Criteria) -> bool:
        """Whether one comes before the other."""
        return self.key(one) < self.key(other)

    def gains(self, one: Criteria, other: Criteria, size: Criteria) -> bool:
        """Whether one is better by more than sums of amounts of this size are off by."""
        pairs = zip(self.key(one), self.key(other), size, strict=True)
        return self.better(one, other) and any(more - less > NOISE * large for less, more, large in pairs)


def most_equal(value: float, size: float = 0.0) -> float:
    """The most that still counts as equal to a value, a sum of amounts of this size."""
    return value + max(EQUAL * max(1.0, abs(value)), NOISE * size)


def whole(amount: float) -> int:
    """A float as a whole number of the smallest floats: sums of these are exact, whatever their order."""
    above, below = amount.as_integer_ratio()
    return above * (_SMALLEST // below)


def rounded(count: int) -> float:
    """The float nearest to a whole number of the smallest floats."""
    return count / _SMALLEST
