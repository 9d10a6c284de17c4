"""What one event costs, and what a policy leaves of it, against sums over fine cells and figures by hand."""

from __future__ import annotations

import math
import random

import pytest

from stepladder.evaluate.severity import Severity, Terms

#: 700,000 in the middle and 6,000,000 for one in twenty: σ = ln(6 / 0.7) / 1.6448536…
RANSOMWARE = Severity(700_000.0, math.log(6 / 0.7) / 1.6448536269514722)


def left(gross: float, terms: Terms | None) -> float:
    """What a policy leaves of an event, from its definition."""
    if terms is None:
        return gross
    paid = min(gross, terms.retention + terms.limit) - min(gross, terms.retention)
    return gross - terms.share * paid


def middles(severity: Severity, count: int = 20_000) -> list[float]:
    """Events that are each as likely as every other: at the middle of so many slices of the distribution."""
    from statistics import NormalDist

    normal = NormalDist()
    slices = (normal.inv_cdf((k + 0.5) / count) for k in range(count))
    return [severity.median * math.exp(severity.sigma * z) for z in slices]


@pytest.mark.parametrize(
    "terms",
    [None, Terms(100_000, 1_000_000), Terms(100_000, 1_000_000, 0.8), Terms(0, 500_000, 0.5), Terms(3_000_000, 1e6)],
)
@pytest.mark.parametrize("sigma", [0.3, 1.0])
def test_tails_and_excess_are_those_of_what_is_left_of_each_event(terms: Terms | None, sigma: float) -> None:
    severity = Severity(700_000.0, sigma, terms)
    events = [left(gross, terms) for gross in middles(severity)]
    for amount in (0.0, 50_000.0, 99_999.0, 150_000.0, 700_000.0, 1_100_001.0, 2_500_000.0):
        count = len(events)
        # A slice lies on one side or on the other: 1 / 20,000 of the probability.
        assert severity.above(amount) == pytest.approx(sum(y > amount for y in events) / count, abs=1e-4)
        assert severity.at_most(amount) == pytest.approx(1 - severity.above(amount), abs=1e-15)
        assert severity.below(amount) == pytest.approx(sum(y < amount for y in events) / count, abs=1e-4)
        excess = math.fsum(max(0.0, y - amount) for y in events) / count
        # What the slices at the ends are off by.
        assert severity.excess(amount) == pytest.approx(excess, rel=2e-3, abs=50.0)
        assert severity.limited(amount) + severity.excess(amount) == pytest.approx(severity.mean, rel=1e-12)


def test_figures_by_hand() -> None:
    # The mean is m e^(σ²/2): 700,000 · e^(1.3062² / 2) = 700,000 · 2.3468 = 1,642,800.
    assert RANSOMWARE.mean == pytest.approx(700_000 * math.exp(RANSOMWARE.sigma**2 / 2), rel=1e-12)
    assert RANSOMWARE.mean == pytest.approx(1_642_800, rel=1e-3)
    # p95 is what one event in twenty exceeds.
    assert RANSOMWARE.above(6_000_000) == pytest.approx(0.05, rel=1e-9)
    assert RANSOMWARE.above(700_000) == 0.5
    # A policy with retention 100,000 and limit 1,000,000 leaves 64.66 % of such an event on average.
    insured = RANSOMWARE._replace(terms=Terms(100_000, 1_000_000))
    assert insured.mean / RANSOMWARE.mean == pytest.approx(0.6466, abs=1e-4)
    # All events between the retention and the top leave the retention and no more.
    assert insured.at_most(100_000) - insured.below(100_000) == pytest.approx(
        RANSOMWARE.at_most(1_100_000) - RANSOMWARE.below(100_000)
    )


def test_events_that_all_cost_the_same() -> None:
    same = Severity(100.0, 0.0)
    assert (same.mean, same.above(99.0), same.above(100.0), same.at_most(100.0)) == (100.0, 1.0, 0.0, 1.0)
    assert (same.below(100.0), same.below(100.5), same.excess(30.0), same.excess(120.0)) == (0.0, 1.0, 70.0, 0.0)


def test_cheaper_events_exceed_an_amount_as_the_old_ones_exceed_one_that_is_larger() -> None:
    rng = random.Random(5)
    for _ in range(50):
        amount, factor = rng.uniform(1e4, 1e7), rng.uniform(0.2, 1.0)
        assert RANSOMWARE.cheaper(factor).above(amount) == pytest.approx(RANSOMWARE.above(amount / factor), rel=1e-12)
        excess = factor * RANSOMWARE.excess(amount / factor)
        assert RANSOMWARE.cheaper(factor).excess(amount) == pytest.approx(excess, rel=1e-9)
