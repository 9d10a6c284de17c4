"""Proved intervals as people read them."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from stepladder.wording.numbers import money, money_down, money_up

if TYPE_CHECKING:
    from stepladder.analysis.price import Price


def amount(held: Price, currency: str) -> str:
    """``nothing``, ``12,345 EUR`` or ``between 1,000 and 2,000 EUR``: what is proved of a price; low ends rounded
    down, high ends up.
    """
    if held.impossible:
        return "not possible"
    if held.exact:
        return "nothing" if held.high == 0 else money(held.high, currency)
    if held.high == float("inf"):
        return f"at least {money_down(held.low, currency)}"
    high = money_up(held.high, currency)
    # Decimals say nothing beside thousands.
    low = money_down(held.low if held.high < 1000 else math.floor(held.low), currency, named=False)
    return f"at most {high}" if held.low == 0 else f"between {low} and {high}"


def facts(held: Price) -> dict[str, Any]:
    """For programs; an end that is not finite is null."""
    return {
        "possible": not held.impossible,
        "low": None if held.impossible else held.low,
        "high": None if held.high == float("inf") else held.high,
    }
