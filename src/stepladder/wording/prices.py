"""Proved intervals as people read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from stepladder.wording.numbers import money, money_down, money_up

if TYPE_CHECKING:
    from stepladder.analysis.price import Price


def amount(price: Price, currency: str) -> str:
    """``nothing``, ``12,345 EUR`` or ``between 1,000 and 2,000 EUR``: what is proved of a price; low ends rounded
    down, high ends up.
    """
    if price.impossible:
        return "not possible"
    if price.exact:
        return "nothing" if price.high == 0 else money(price.high, currency)
    if price.high == float("inf"):
        return f"at least {money_down(price.low, currency)}"
    high = money_up(price.high, currency)
    # Decimals say nothing beside thousands.
    low = money_down(price.low if price.high < 1000 else math.floor(price.low), currency, named=False)
    return f"at most {high}" if price.low == 0 else f"between {low} and {high}"


def facts(price: Price) -> dict[str, Any]:
    """For programs; an end that is not finite is null."""
    return {
        "possible": not price.impossible,
        "low": None if price.impossible else price.low,
        "high": None if price.high == float("inf") else price.high,
    }
