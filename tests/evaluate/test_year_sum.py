"""The sum of a year's events: by hand, by simulation, against another program, and whether its two ends are ends."""

from __future__ import annotations

import math
import random
from itertools import pairwise

import numpy as np
import pytest

from stepladder.data.formats.exceedance import MANY
from stepladder.evaluate.severity import Severity, Terms
from stepladder.evaluate.year_sum import COARSEST, Peril, YearSum, compound
from tests.support.sizes import size

RANSOMWARE = Severity(700_000.0, 1.3062)
SEVERAL = [Peril(0.3, RANSOMWARE), Peril(2.0, Severity(20_000.0, 1.5)), Peril(0.05, Severity(3_000_000.0, 0.8))]


def poisson(rate: float, count: int) -> float:
    return math.exp(-rate) * rate**count / math.factorial(count)


def drawn(rng: random.Random) -> YearSum:
    """One to three kinds of events, some of them insured."""
    perils = []
    for _ in range(rng.choice([1, 2, 2, 3])):
        terms = Terms(rng.choice([0.0, 5e4, 2e5]), rng.choice([3e5, 1e6]), rng.choice([0.5, 0.8, 1.0]))
        severity = Severity(10 ** rng.uniform(4, 6), rng.uniform(0.3, 1.8), rng.choice([None, None, terms]))
        perils.append(Peril(10 ** rng.uniform(-2, 1), severity))
    return YearSum(perils, rng.choice([0.0, 0.0, 1e5]))


# -- by hand -----------------------------------------------------------------------------------------------------------


def test_events_that_all_cost_the_same_are_counted() -> None:
    year = YearSum([Peril(0.7, Severity(100.0, 0.0))])
    # More than 200 is three events or more; with 32 cells of 6.25 an event is 16 of them, and nothing is rounded.
    wanted = 1 - math.fsum(poisson(0.7, count) for count in range(3))
    between = year.above(200.0, 32)
    assert between.low == pytest.approx(wanted, abs=2e-11)
    assert between.high == pytest.approx(wanted, abs=2e-11)
    # E[(S − 200)+] = E[S] − 200 + 200 P(0) + 100 P(1) = 70 − 200 + 99.317… + 34.760…
    rest = 70 - 200 + 200 * poisson(0.7, 0) + 100 * poisson(0.7, 1)
    assert year.beyond(200.0, 32).low == pytest.approx(rest, abs=1e-7)
    assert year.beyond(200.0, 32).high == pytest.approx(rest, abs=1e-7)


def test_two_kinds_of_events_by_hand() -> None:
    year = YearSum([Peril(0.5, Severity(100.0, 0.0)), Peril(0.2, Severity(300.0, 0.0))])
    # No more than 300: at most three small ones and no large one, or one large one alone.
    small = math.fsum(poisson(0.5, count) for count in range(4))
    kept = small * poisson(0.2, 0) + poisson(0.5, 0) * poisson(0.2, 1)
    assert year.above(300.0, 48).middle == pytest.approx(1 - kept, abs=2e-11)


def test_panjer_by_hand() -> None:
    # λ = 2, an event is 1 or 2 cells, each with probability 1/2: p_0 = e^−2, p_1 = p_0, p_2 = (p_1 + 2 p_0) / 2,
    # p_3 = (p_2 + 2 p_1) / 3.
    first = math.exp(-2)
    assert compound(2.0, [0.0, 0.5, 0.5, 0.0]) == pytest.approx([first, first, 1.5 * first, 3.5 / 3 * first])


def test_what_a_year_costs_in_any_case_is_added() -> None:
    year = YearSum([Peril(0.7, Severity(100.0, 0.0))], 50.0)
    assert year.above(250.0, 32) == YearSum(year.perils).above(200.0, 32)
    assert year.above(49.0, 32) == (1.0, 1.0)
    assert year.mean == pytest.approx(120.0)
    assert YearSum([], 50.0).exceeded([0.1, 0.01], 64) == [(50.0, 50.0)] * 2


def test_a_shared_limit_leaves_what_is_beyond_it() -> None:
    # With one event at most in a year all but surely, E[(S − A)+] is λ E[(X − A)+].
    year = YearSum([Peril(1e-6, RANSOMWARE)])
    beyond = year.beyond(2_000_000.0, 1024)
    assert beyond.low <= 1e-6 * RANSOMWARE.excess(2_000_000.0) * (1 + 1e-5)
    assert beyond.high >= 1e-6 * RANSOMWARE.excess(2_000_000.0) * (1 - 1e-5)


# -- many events -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("rate", [80.0, 500.0, 20_000.0])
def test_a_large_rate_is_split_and_added_up_again(rate: float) -> None:
    shares = [0.0] * 60
    shares[0], shares[1], shares[3] = 1 - 12 / rate, 8 / rate, 4 / rate
    # Whatever the rate, 8 events of one cell and 4 of three come together: the same as without the empty ones.
    plain = [0.0] * 60
    plain[1], plain[3] = 8 / 12, 4 / 12
    assert compound(rate, shares) == pytest.approx(compound(12.0, plain), rel=1e-9)


def test_arrays_and_plain_numbers_are_the_same() -> None:
    rng = random.Random(3)
    for rate in (0.4, 30.0, 150.0):
        shares = [rng.random() for _ in range(600)]
        whole = math.fsum(shares) * 1.1
        shares = [share / whole for share in shares]
        assert compound(rate, shares)[:200] == pytest.approx(compound(rate, shares[:200]), rel=1e-9)


def test_so_many_events_that_no_sum_can_be_told_are_refused() -> None:
    with pytest.raises(ValueError, match="150 events a year are too many"):
        YearSum([Peril(150.0, RANSOMWARE)])
    assert YearSum([Peril(MANY, Severity(10_000.0, 1.0))]).above(3e6, 2048).width < 0.1


# -- ends are ends -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("seed", range(size(200)))
def test_narrower_cells_lie_within_wider_ones(seed: int) -> None:
    rng = random.Random(f"cells {seed}")
    year = drawn(rng)
    amount = year.certain + 10 ** rng.uniform(4.5, 7)
    rows = [(year.above(amount, cells), year.beyond(amount, cells)) for cells in (32, 64, 256)]
    for before, after in pairwise(rows):
        for wide, narrow in zip(before, after, strict=True):
            assert wide.low <= narrow.low + 1e-9 * (1 + abs(narrow.low))
            assert narrow.low <= narrow.high
            assert narrow.high <= wide.high + 1e-9 * (1 + abs(wide.high))
    # One event above is reason enough.
    left = amount - year.certain
    one = -math.expm1(-math.fsum(one.rate * one.severity.above(left) for one in year.perils if isinstance(one, Peril)))
    assert rows[-1][0].high >= one - 1e-9
    wide, narrow = year.exceeded([0.1], year.coarsest)[0], year.exceeded([0.1], 4 * year.coarsest)[0]
    assert wide.low <= narrow.low * (1 + 1e-9)
    assert narrow.high <= wide.high * (1 + 1e-9)


def test_it_is_decided_with_as_few_cells_as_do() -> None:
    year = YearSum(SEVERAL)
    true = year.above(2e6, 4096).middle
    kept, between = year.decided(2e6, true + 0.02)
    assert kept
    assert between == year.above(2e6, COARSEST)
    kept, between = year.decided(2e6, true - 0.0005)
    assert not kept
    assert between.low > true - 0.0005
    # What the narrowest cells do not tell counts as kept.
    assert year.decided(2e6, true, finest=128) == (True, year.above(2e6, 128))


@pytest.mark.parametrize("seed", range(size(40)))
def test_a_simulation_falls_between_the_ends(seed: int) -> None:
    rng, draw = random.Random(f"simulated {seed}"), np.random.default_rng(seed)
    year, years = drawn(rng), 40_000
    total = np.full(years, year.certain)
    for peril in year.perils:
        assert isinstance(peril, Peril)
        counts = draw.poisson(peril.rate, years)
        gross = peril.severity.median * np.exp(peril.severity.sigma * draw.standard_normal(int(counts.sum())))
        terms = peril.severity.terms
        if terms is not None:
            top = terms.retention + terms.limit
            gross = gross - terms.share * (np.minimum(gross, top) - np.minimum(gross, terms.retention))
        total += np.bincount(np.repeat(np.arange(years), counts), weights=gross, minlength=years)
    for amount in (1e5, 1e6, 5e6):
        between, seen = year.above(amount, 1024), float((total > amount).mean())
        # Four standard errors and a little: one in 15,000 is beyond them by chance.
        off = 4.5 * math.sqrt(max(seen * (1 - seen), 1e-5) / years) + 1e-9
        assert between.low - off <= seen <= between.high + off
        capped, ends = np.maximum(total - amount, 0.0), year.beyond(amount, 1024)
        off = 6 * float(capped.std()) / math.sqrt(years) + 0.05 * ends.high + 1.0
        assert ends.low - off <= float(capped.mean()) <= ends.high + off
    middle = year.exceeded([0.5], 2048)[0]
    assert float((total > middle.high).mean()) <= 0.5 + 4.5 * 0.5 / math.sqrt(years)
    assert float((total >= middle.low * (1 - 1e-12)).mean()) >= 0.5 - 4.5 * 0.5 / math.sqrt(years)


def test_the_mean_of_the_worst_years() -> None:
    year, draw, years = YearSum([Peril(1.5, Severity(200_000.0, 0.6))]), np.random.default_rng(4), 400_000
    counts = draw.poisson(1.5, years)
    gross = 200_000.0 * np.exp(0.6 * draw.standard_normal(int(counts.sum())))
    total = np.sort(np.bincount(np.repeat(np.arange(years), counts), weights=gross, minlength=years))[::-1]
    between = year.shortfall(0.05, 2048)
    assert between.width < 0.02 * between.high
    assert between.low * 0.99 <= float(total[: years // 20].mean()) <= between.high * 1.01
    # All years are the worst ones.
    assert year.shortfall(1.0, 256).low == pytest.approx(year.mean)


def test_another_program_has_the_same_distribution() -> None:
    build = pytest.importorskip("aggregate", reason="aggregate is in the bench group only").build

    for rate, severity in ((2.0, Severity(20_000.0, 1.5)), (0.3, RANSOMWARE), (12.0, Severity(50_000.0, 0.7))):
        said = f"agg Year {rate} claims sev {severity.median} * lognorm {severity.sigma} poisson"
        other, year = build(said, bs=2000.0, log2=18, normalize=False), YearSum([Peril(rate, severity)])
        for amount in (100_000.0, 500_000.0, 2_000_000.0):
            between = year.above(amount, 2048)
            # Its cells are 2,000 wide and rounded to the nearest.
            near = 2000.0 * (1 + rate)
            ends = year.above(amount + near, 2048).low, year.above(amount - near, 2048).high
            assert ends[0] <= float(other.sf(amount)) <= ends[1]
            assert between.middle == pytest.approx(float(other.sf(amount)), rel=0.03)
