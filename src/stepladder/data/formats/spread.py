"""How the money that a step costs once falls over its working periods: a share of it in each.

Each period has its share in whole smallest units of the currency, rounded down; what is left over is in the last period
that has a share.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from itertools import accumulate, pairwise
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, WithJsonSchema

from stepladder.data.formats.base import share_of
from stepladder.data.formats.money import ratio, units

Shares = tuple[float, ...]

#: Shares that are worked out are kept to so many decimals, the last has the rest.
_DIGITS = 12


def _part(value: Any) -> Any:
    """``60%`` and ``0.6`` are the same share, and all of it is one too."""
    return share_of(value, whole=True)


#: A share of the whole as a scenario writes it.
Part = Annotated[
    float,
    BeforeValidator(_part),
    Field(ge=0, le=1),
    WithJsonSchema(
        {
            "anyOf": [
                {"type": "number", "minimum": 0, "maximum": 1},
                {"type": "string", "pattern": r"^\d{1,3}(\.\d+)? ?%$"},
            ]
        }
    ),
]


def divided(whole: int, shares: Shares) -> list[int]:
    """So many smallest units by period."""
    parts = [whole * many // of for many, of in map(ratio, shares)]
    last = max(k for k, share in enumerate(shares) if share)
    parts[last] += whole - sum(parts)
    return parts


def paid(amount: float, shares: Shares, currency: str) -> list[Fraction]:
    """What of an amount is paid in each period, in units of the currency."""
    coins = units(currency)
    whole = round(Fraction(*ratio(amount)) * coins)
    return [Fraction(part, coins) for part in divided(whole, shares)]


@lru_cache(maxsize=4096)
def wrong_sum(shares: Shares) -> str | None:
    """What is wrong with shares that are not all of it together; None where they are, or where there are none."""
    whole = sum((Decimal(repr(share)) for share in shares), Decimal(0))
    if not shares or whole == 1:
        return None
    return f"the shares add up to {float(whole * 100):.12g}%; correct them until they are 100% together"


def wrong_count(shares: Shares, periods: int) -> str | None:
    """What is wrong with a number of shares other than the number of working periods; None where nothing is."""
    if not shares or len(shares) == periods:
        return None
    given = "1 share" if len(shares) == 1 else f"{len(shares):,} shares"
    takes = "1 period" if periods == 1 else f"{periods:,} periods"
    return (
        f"{given}, but the step takes {takes} of work; give one share for each of them (0% where nothing is paid), or"
        " [] to pay evenly"
    )


def shown(shares: Shares) -> str:
    """For people: ``60%, 40%``; nothing where it falls evenly."""
    return ", ".join(f"{100 * share:.4g}%" for share in shares)


def stretched(shares: Shares, periods: int) -> Shares:
    """The shares of work that takes another time: as much is paid by each part of the time as before."""
    if not shares or len(shares) == periods:
        return shares
    before = [Fraction(0), *accumulate(Fraction(*ratio(share)) for share in shares)]

    def by(time: Fraction) -> Fraction:
        """What is paid by a part of the time."""
        whole, part = divmod(time * len(shares), 1)
        return before[whole] + (part * (before[whole + 1] - before[whole]) if part else 0)

    ends = [by(Fraction(k, periods)) for k in range(periods + 1)]
    return _rounded([later - earlier for earlier, later in pairwise(ends)])


def in_proportion(amounts: Sequence[Fraction]) -> Shares:
    """Amounts as shares of what they are together; none where that is nothing."""
    whole = sum(amounts, Fraction(0))
    return _rounded([amount / whole for amount in amounts]) if whole else ()


def to_come(shares: Shares, gone: int, periods: int) -> Shares:
    """The shares of what is still to come of work of which ``gone`` periods are over and ``periods`` are not: nothing
    in the former; the latter in proportion to their shares, evenly where they have none.
    """
    rest = [Fraction(*ratio(share)) for share in stretched(shares, gone + periods)[gone:]]
    return (0.0,) * gone + (in_proportion(rest) or in_proportion([Fraction(1)] * periods))


def _rounded(shares: Sequence[Fraction]) -> Shares:
    """As decimals that add up to one: each rounded down, the last that is more than nothing has the rest."""
    parts = [int(share * 10**_DIGITS) for share in shares]
    last = max(k for k, share in enumerate(shares) if share)
    parts[last] += 10**_DIGITS - sum(parts)
    return tuple(float(Decimal(part).scaleb(-_DIGITS)) for part in parts)
