"""Large losses from their definition, sharing no code with the program: single events by the normal distribution of the
standard library and by Simpson's rule, years by adding up events one more at a time.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

#: (events a year, median, sigma) of each threat; with (retention, limit, share) of a policy that pays a part.
Kind = tuple[float, ...]
Kinds = tuple[Kind, ...]
NORMAL = NormalDist()


def left(event: Any, retention: float = 0.0, limit: float = 0.0, share: float = 0.0) -> Any:
    """What a policy leaves of an event."""
    return event - share * np.clip(event - retention, 0.0, limit)


#: An amount above all others.
FAR = 1e15


def first_above(amount: Any, *paid: float, reaching: bool = False) -> Any:
    """The largest event that leaves no more than an amount, or the least that leaves no less: by interpolation of what
    is left, a line with two bends.
    """
    if not paid:
        return amount
    retention, limit, share = paid
    events = [0.0, retention, retention + limit, retention + limit + FAR]
    kept = retention + (1 - share) * limit
    found = np.interp(amount, [0.0, retention, kept, kept + FAR], events)
    # Where all of a layer is paid many events leave the same.
    return np.where(np.asarray(amount) <= retention, amount, found) if reaching else found


def overs(amounts: Any, median: float, sigma: float, *paid: float, reaching: bool = False) -> Iterator[float]:
    """P(Y > amount), or P(Y ≥ amount), of what is left of an event, for each amount."""
    for gross in first_above(amounts, *paid, reaching=reaching).tolist():
        yield NORMAL.cdf(-math.log(gross / median) / sigma) if gross > 0 else 1.0


def over(amount: float, median: float, sigma: float, *paid: float) -> float:
    """P(Y > amount)."""
    return next(overs(np.array([amount]), median, sigma, *paid))


@lru_cache(maxsize=100_000)
def beyond(amount: float, median: float, sigma: float, *paid: float) -> float:
    """E[(Y − amount)+] as an integral over standard deviations, from one bend to the next."""
    first = float(first_above(amount, *paid))
    ends = [math.log(max(first, median * math.exp(-12 * sigma)) / median) / sigma]
    bends = sorted(math.log(at / median) / sigma for at in (paid[0], paid[0] + paid[1]) if at > 0) if paid else []
    ends += [z for z in bends if z > ends[0]]
    total = 0.0
    for start, last in itertools.pairwise([*ends, max(ends[-1], sigma) + 10]):
        parts = 4000
        z = np.linspace(start, last, parts + 1)
        heights = left(median * np.exp(sigma * z), *paid) - amount
        heights = heights * np.exp(-(z**2) / 2) / math.sqrt(2 * math.pi)
        weights = np.where(np.arange(parts + 1) % 2 == 1, 4.0, 2.0)
        weights[[0, -1]] = 1.0
        total += float(heights @ weights * (last - start) / parts / 3)
    return total


@lru_cache(maxsize=100_000)
def year_over(kinds: Kinds, amount: float, cells: int) -> tuple[float, float]:
    """Between what P(year > amount) lies: Σ_n P(n events) · P(these n cost more), losses rounded to cells both ways."""
    rate = sum(kind[0] for kind in kinds)
    edges = np.array([amount * cell / cells for cell in range(cells + 2)])
    less = sum(r / rate * (1 - np.array([*overs(edges[1:], *kind, reaching=True)])) for r, *kind in kinds)
    no_more = sum(r / rate * (1 - np.array([*overs(edges[:-1], *kind)])) for r, *kind in kinds)
    ends = []
    for shares in (np.diff(less, prepend=0.0), np.diff(no_more, prepend=0.0)):
        several, within, chance, count = np.array([1.0] + [0.0] * cells), 0.0, math.exp(-rate), 0
        while chance > 1e-14 or count < rate:
            within += chance * float(several.sum())
            several = np.convolve(several, shares)[: cells + 1]
            count += 1
            chance *= rate / count
        ends.append(1 - within)
    return ends[0], ends[1]


def kinds_of(said: Mapping[str, Any], cap: Mapping[str, Any], there: set[str], held: Sequence[str] = ()) -> Kinds:
    """What is left of each threat's events with some steps in place and these policies in force, of which the first
    that pays anything for a threat does.
    """
    kinds: list[Kind] = []
    terms = [policy["terms"] for policy in said.get("policies", []) if policy["id"] in held]
    for threat in said["threats"]:
        events = threat.get("events")
        if cap.get("threat") not in (None, threat["id"]) or not events or not threat["expected_loss_per_year"]:
            continue
        rate, median = events["per_year"], events["median"]
        for name, factor in threat["factors"].items():
            if name in there and name in threat.get("cheaper", []):
                median *= factor
            elif name in there:
                rate *= factor
        paid = next((one[threat["id"]] for one in terms if threat["id"] in one), None)
        more = () if paid is None else (paid.get("retention", 0.0), paid["limit"], paid.get("share", 1.0))
        kinds.append((rate, median, events["sigma"], *more))
    return tuple(kinds)


def measured(cap: Mapping[str, Any], kinds: Kinds, cells: int = 256) -> tuple[float, float]:
    """Between what the amount that a cap is on lies."""
    if cap["of"] == "year":
        return year_over(kinds, cap["above"], cells) if kinds else (0.0, 0.0)
    if cap["of"] == "excess":
        total = sum(rate * beyond(cap["above"], *kind) for rate, *kind in kinds)
    else:
        total = 1 - math.exp(-sum(rate * over(cap["above"], *kind) for rate, *kind in kinds))
    return total, total


def is_broken(cap: Mapping[str, Any], kinds: Kinds) -> bool:
    """Whether a cap is proved to be broken."""
    return _is_broken(cap["of"], cap["above"], cap["per_year"] if cap["of"] == "excess" else cap["chance"], kinds)


@lru_cache(maxsize=100_000)
def _is_broken(of: str, above: float, most: float, kinds: Kinds) -> bool:
    cap = {"of": of, "above": above}
    cells = 64
    while True:
        low, high = measured(cap, kinds, cells)
        if low > most * (1 + 1e-9) + 1e-13:
            return True
        if high <= most or cells >= 8192:
            return False
        cells *= 2 if cells == 4096 else 4


def broken(
    said: Mapping[str, Any], in_place: Mapping[str, int], insured: Sequence[tuple[str, Mapping[str, Any]]] = ()
) -> Iterator[str]:
    """The rules that a plan breaks; by step, when it is in place, and policies with their years."""
    horizon = len(said["periods"])
    for cap in said.get("exceedance", []):
        last = horizon if cap.get("to") is None else cap["to"]
        for t in range(cap["from"], last + 1):
            there = {name for name, first in in_place.items() if first <= t}
            held = [policy for policy, year in insured if year["from"] <= t <= year["to"]]
            if is_broken(cap, kinds_of(said, cap, there, held)):
                yield cap["of"]
