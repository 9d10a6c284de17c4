"""How small the parts are into which amounts fall."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

from stepladder.data.formats.money import ratio


def denominators(amounts: Iterable[float], lengths: Iterable[float]) -> set[int]:
    """The denominators of all products, 1 among them."""
    ratios = [Fraction(*ratio(length)).as_integer_ratio() for length in lengths]
    every = math.lcm(*(of for _, of in ratios))
    # Amounts that leave the same remainder have the same denominators.
    kinds = {(many % (parts * every), parts) for many, parts in map(ratio, amounts)}
    return {1} | {parts * of // math.gcd(many * length, parts * of) for many, parts in kinds for length, of in ratios}


def divided_by(amount: Fraction, parts: int) -> int:
    """The denominator of an amount divided into parts."""
    return amount.denominator * parts // math.gcd(amount.numerator, amount.denominator * parts)
