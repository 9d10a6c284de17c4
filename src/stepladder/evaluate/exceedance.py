"""Loss-exceedance curves by simulation: how likely a year costs more than so much, with what is not known and what
is chance together.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
#: Events per year (None: only the loss of a year is known), median loss of one, sigma of its logarithm, and where a
#: policy pays a part its retention, limit and share; by future, by time, by threat.
Threats = Sequence[Sequence[float | None]]

#: Simulated years in all, at least.
YEARS = 20_000
#: From so many events a year on, they are not drawn one by one.
MANY = 10_000
#: So many sizes of an event stand for all.
SIZES = 20_000
#: The probabilities at which a curve is stated.
CHANCES = (0.9, 0.75, 0.5, 0.25, 0.1, 0.05, 0.02, 0.01, 0.005)


@dataclass(frozen=True)
class Curve:
    """One curve.

    Attributes
    ----------
    when
        ``today``, ``half-way`` (in the middle of the horizon) or ``after`` it.
    mean
        Mean loss of a year, in currency.
    losses
        For each of ``CHANCES``: the loss of a year that is exceeded with this probability.
    """

    when: str
    mean: float
    losses: tuple[float, ...]


def curves(futures: Sequence[Sequence[Threats]], seed: int) -> tuple[Curve, ...]:
    """Simulate years in every future, today, half-way and after.

    Events come as a Poisson process, each with a lognormal loss. The three curves share their events: what is in place
    later prevents some of today's, and makes others cheaper.

    Parameters
    ----------
    futures
        By future and time: the threats.
    seed
        Of the random numbers.
    """
    each = -(-YEARS // max(1, len(futures)))
    lost = [np.zeros((len(futures), each)) for _ in _WHEN]
    for number, times in enumerate(futures):
        draw = np.random.default_rng([seed, 1, number])
        for at_times in zip(*times, strict=True):
            for year, losses in zip(lost, _years(at_times, each, draw), strict=True):
                year[number] += losses
    return tuple(_curve(when, np.sort(year, axis=None)[::-1]) for when, year in zip(_WHEN, lost, strict=True))


_WHEN = ("today", "half-way", "after")


def _years(at_times: Sequence[Sequence[float | None]], years: int, draw: np.random.Generator) -> list[Floats]:
    """Losses of one threat, year by year, at each time."""
    today, _, sigma, *_ = at_times[0]
    if today is None:
        return [np.full(years, loss or 0.0) for _, loss, *_ in at_times]
    if today > MANY:
        common = draw.standard_normal(years)
        return [_of_many([one or 0.0 for one in at], common) for at in at_times]
    counts = draw.poisson(today, years)
    total = int(counts.sum())
    mark, size = draw.random(total), np.exp((sigma or 0.0) * draw.standard_normal(total))
    year = np.repeat(np.arange(years), counts)
    found = []
    for rate, typical, _, *paid in at_times:
        happens = mark * today < (rate or 0.0)
        losses = _left(size[happens] * (typical or 0.0), [one or 0.0 for one in paid])
        found.append(np.bincount(year[happens], weights=losses, minlength=years).astype(np.float64))
    return found


def _left(losses: Floats, paid: Sequence[float]) -> Floats:
    """What a policy leaves of events: all, where there is none."""
    if not paid:
        return losses
    retention, limit, share = paid
    left: Floats = losses - share * np.clip(losses - retention, 0.0, limit)
    return left


def _of_many(at: Sequence[float], common: Floats) -> Floats:
    """Losses of years with very many events, of which each sum is all but normal: its mean and variance are those of
    a compound Poisson process.
    """
    rate, typical, sigma, *paid = at
    mean, deviation = rate * typical * np.exp(sigma**2 / 2), np.sqrt(rate) * typical * np.exp(sigma**2)
    if paid:
        # Of an event as likely to be larger as smaller than each of many.
        normal = NormalDist()
        sizes = typical * np.exp(sigma * np.array([normal.inv_cdf((k + 0.5) / SIZES) for k in range(SIZES)]))
        left = _left(sizes, paid)
        mean, deviation = rate * float(left.mean()), math.sqrt(rate * float((left**2).mean()))
    found: Floats = np.maximum(0.0, mean + deviation * common)
    return found


def _curve(when: str, falling: Floats) -> Curve:
    """From losses of years, the largest first."""
    at = [min(falling.size - 1, int(chance * falling.size)) for chance in CHANCES]
    return Curve(when, float(falling.mean()), tuple(float(falling[k]) for k in at))
