"""How far a part of all futures can be from the part of those that were looked at."""

from __future__ import annotations


def clopper_pearson(kept: int, count: int, confidence: float) -> tuple[float, float]:
    """The exact interval of a binomial proportion (Clopper and Pearson 1934).

    Parameters
    ----------
    kept, count
        So many of so many, drawn independently.
    confidence
        With at least this probability the interval holds the true part, whatever that is.

    Returns
    -------
    tuple
        Both ends, from 0 to 1: the part with which so many or more, and the part with which so many or fewer, come out
        with half of what the confidence leaves.
    """
    from scipy.special import betaincinv

    beyond = (1 - confidence) / 2
    low = 0.0 if kept == 0 else float(betaincinv(kept, count - kept + 1, beyond))
    high = 1.0 if kept == count else float(betaincinv(kept + 1, count - kept, 1 - beyond))
    return low, high
