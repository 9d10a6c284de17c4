"""What an insurer takes over of a loss: by hand, at the ends, against another formula, and against simulated events."""

from __future__ import annotations

import math

import numpy as np
import pytest

from stepladder.data.formats.policy import Terms
from stepladder.data.formats.threat import Events
from stepladder.evaluate.insurance import limited, paid, retained

#: m = 700,000 and p95 = 6,000,000, so s = ln(60/7) / 1.6448536 = 1.306177.
RANSOMWARE = Events(per_year=0.1017, median=700_000.0, sigma=math.log(60 / 7) / 1.6448536269514722)


def test_by_hand() -> None:
    # m = 1000, s = 1: E[X] = 1000·e^½ = 1648.7213. At u = m, z = 0:
    # LEV(m) = 1648.7213·Φ(−1) + 1000·Φ(0) = 1648.7213·0.15865525 + 500 = 761.5783.
    events = Events(per_year=1.0, median=1000.0, sigma=1.0)
    assert limited(events, 1000.0) == pytest.approx(761.57829, abs=1e-4)
    # At u = m·e, z = 1: 1648.7213·Φ(0) + 2718.2818·Φ(−1) = 824.3606 + 431.2697 = 1255.6303.
    assert limited(events, 1000.0 * math.e) == pytest.approx(1255.6303, abs=1e-4)
    # The layer between them, 80 % of it: 0.8 · 494.0520 = 395.2416; ours is 1 − 395.2416 / 1648.7213 = 0.760274.
    terms = Terms(retention=1000.0, limit=1000.0 * math.e - 1000.0, share=0.8)
    assert paid(events, terms) == pytest.approx(395.2416, abs=1e-3)
    assert retained(events, terms) == pytest.approx(0.760274, abs=1e-6)


def test_at_the_ends() -> None:
    assert limited(RANSOMWARE, 0.0) == 0.0
    # 700,000 · e^(1.306177² / 2) = 1,642,700: far out nothing is cut off.
    assert limited(RANSOMWARE, 1e13) == pytest.approx(RANSOMWARE.mean, rel=1e-12)
    assert 0 < retained(RANSOMWARE, Terms(limit=1e13)) <= 1e-9
    assert retained(RANSOMWARE, Terms(retention=1e13, limit=1.0)) == 1.0
    # All events cost the same: of 900 with 200 ours and no more than 500 covered, a half of that is 250.
    same = Events(per_year=2.0, median=900.0)
    assert retained(same, Terms(retention=200.0, limit=500.0, share=0.5)) == pytest.approx(1 - 250 / 900)
    assert retained(Events(per_year=1.0, median=0.0), Terms(limit=1.0)) == 1.0


@pytest.mark.parametrize("most", [1.0, 5e4, 7e5, 1e6, 6e6, 1e8])
def test_limited_is_the_area_under_the_chance_to_be_above(most: float) -> None:
    # E[min(X, u)] = ∫ P(X > x) dx from 0 to u; in x = e^y by the trapezoidal rule.
    y = np.linspace(math.log(most) - 40, math.log(most), 400_001)
    z = (y - math.log(RANSOMWARE.median)) / RANSOMWARE.sigma
    above = np.array([math.erfc(part / math.sqrt(2)) / 2 for part in z])
    area = float(np.trapezoid(above * np.exp(y), y))
    assert limited(RANSOMWARE, most) == pytest.approx(area, rel=1e-6)


@pytest.mark.parametrize("terms", [(1e5, 1e6, 1.0), (1e5, 2e6, 1.0), (2.5e5, 5e6, 1.0), (2.5e5, 5e6, 0.8)])
@pytest.mark.parametrize("rarer", [1.0, 0.6, 0.25])
def test_what_remains_is_that_of_simulated_years_however_rare_events_become(
    terms: tuple[float, float, float], rarer: float
) -> None:
    retention, limit, share = terms
    rng, years = np.random.default_rng(7), 400_000
    # Events that a step prevents are deleted, as it happens; what they would cost is left as it is.
    happened = rng.random(rng.poisson(RANSOMWARE.per_year, years).sum()) < rarer
    cost = RANSOMWARE.median * np.exp(RANSOMWARE.sigma * rng.standard_normal(int(happened.sum())))
    ours = cost - share * np.clip(cost - retention, 0.0, limit)
    mean = ours.sum() / years
    error = math.sqrt((ours**2).sum() / years) / math.sqrt(years)
    expected = (
        RANSOMWARE.per_year
        * rarer
        * RANSOMWARE.mean
        * retained(RANSOMWARE, Terms(retention=retention, limit=limit, share=share))
    )
    assert abs(mean - expected) < 4 * error
