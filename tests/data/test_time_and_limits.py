"""Periods, fiscal years, dates; and how budgets and capacities become windows."""

from __future__ import annotations

import datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from stepladder.errors import InvalidInput
from tests.support.asking import ask, step, windows


@pytest.mark.parametrize(
    ("period", "count", "labels", "last"),
    [
        ("month", 3, ["2027-01", "2027-02", "2027-03"], datetime.date(2027, 3, 31)),
        ("quarter", 3, ["2027-Q1", "2027-Q2", "2027-Q3"], datetime.date(2027, 9, 30)),
        ("half_year", 3, ["2027-H1", "2027-H2", "2028-H1"], datetime.date(2028, 6, 30)),
        ("year", 2, ["2027", "2028"], datetime.date(2028, 12, 31)),
    ],
)
def test_periods(tmp_path: Path, period: str, count: int, labels: list[str], last: datetime.date) -> None:
    problem = ask(tmp_path, f"horizon.period={period}", f"horizon.periods={count}").problem
    assert [item.label for item in problem.periods] == labels
    assert problem.periods[-1].end == last
    for before, after in zip(problem.periods, problem.periods[1:], strict=False):
        assert before.end is not None
        assert after.start == before.end + datetime.timedelta(days=1)


def test_periods_that_do_not_begin_with_the_year_are_named_by_month(tmp_path: Path) -> None:
    problem = ask(tmp_path, "horizon.start=2027-02-01", "horizon.fiscal_year_starts=2").problem
    assert [item.label for item in problem.periods[:2]] == ["2027-02", "2027-05"]


def test_a_leap_year_has_its_day(tmp_path: Path) -> None:
    problem = ask(tmp_path, "horizon.start=2028-01-01", "horizon.period=month").problem
    assert problem.periods[1].end == datetime.date(2028, 2, 29)


def test_discount_is_that_of_the_beginning(tmp_path: Path) -> None:
    problem = ask(tmp_path, "horizon.discount_rate=10%").problem
    assert [item.years for item in problem.periods] == [0.25] * 8
    assert problem.periods[0].discount == 1
    assert problem.periods[4].discount == pytest.approx(1 / 1.1, rel=1e-11)


@pytest.mark.parametrize(
    ("years", "discount"),
    [
        # After 8 quarters at 10 % the first year of the tail counts 1.1^-2 = 0.826446…, the next 1.1^-3 = 0.751314…,
        # 1.1^-4 = 0.683013…, 1.1^-5 = 0.620921…
        ("1", 0.826446280992),
        (
            "4",
            0.720423965079,
        ),  # (0.826446280992 + 0.751314800902 + 0.683013455365 + 0.620921323059) / 4 = 2.881695860318 / 4
        ("2.5", 0.767707123830),  # (0.826446280992 + 0.751314800902 + 0.683013455365 / 2) / 2.5 = 1.9192678095765 / 2.5
        ("0.5", 0.826446280992),  # half of the first year's, over half a year
        ("0", 0.826446280992),  # no year to take a mean of: that of the end, which weighs nothing
        (
            "20",
            0.386980169080,
        ),  # an annuity: 1.1^-2 (1 - 1.1^-20) / (1 - 1.1^-1) / 20 = 0.826446280992 · 0.851356372 / 0.090909091 / 20
    ],
)
def test_the_tail_has_the_mean_of_its_years_own_factors(tmp_path: Path, years: str, discount: float) -> None:
    tail = ask(tmp_path, "horizon.discount_rate=10%", f"horizon.tail_years={years}").problem.tail
    assert tail.years == float(years)
    assert tail.discount == pytest.approx(discount, abs=2e-12)


def test_fiscal_years(tmp_path: Path) -> None:
    asked = ask(tmp_path, "horizon.fiscal_year_starts=4")
    assert asked.context is not None
    assert [(year.label, year.from_, year.to) for year in asked.context.years] == [
        ("2026/27", 0, 0),
        ("2027/28", 1, 4),
        ("2028/29", 5, 7),
    ]


@pytest.mark.parametrize(
    ("pin", "field", "value"),
    [
        ({"earliest": "2027-Q2"}, "earliest", 1),
        ({"earliest": "2027-04-01"}, "earliest", 1),
        ({"earliest": "2027-04-02"}, "earliest", 2),
        ({"earliest": "2028"}, "earliest", 4),
        ({"start": "2027-Q3"}, "start", 2),
        ({"finish_by": "2027-Q4"}, "latest_finish", 3),
        ({"finish_by": "2027-12-31"}, "latest_finish", 3),
        ({"finish_by": "2027-12-30"}, "latest_finish", 2),
        ({"finish_by": "2027"}, "latest_finish", 3),
        ({"required": True}, "required", True),
    ],
)
def test_dates_of_pins(tmp_path: Path, pin: dict[str, Any], field: str, value: object) -> None:
    asked = ask(tmp_path, pins={"assets.depth.2": pin})
    assert getattr(step(asked, "assets.depth.2"), field) == value


# --- money

YEARS: dict[str, Any] = {"horizon": {"start": "2027-01-01", "periods": 6}}


@pytest.mark.parametrize(
    ("budget", "wanted"),
    [
        # Within the year is the default: what a quarter leaves, the next one may use.
        ({"amount": 40000}, [(0, 0, 10000), (0, 1, 20000), (0, 2, 30000), (0, 3, 40000), (4, 4, 10000), (4, 5, 20000)]),
        ({"amount": 40000, "carry_over": "none"}, [(t, t, 10000) for t in range(6)]),
        ({"amount": 40000, "carry_over": "free"}, [(0, t, 10000 * (t + 1)) for t in range(6)]),
        ({"amount": 40000, "available": "at_once"}, [(0, 3, 40000), (4, 5, 20000)]),
        ({"amount": 40000, "carry_over": "free", "available": "at_once"}, [(0, 3, 40000), (0, 5, 60000)]),
        ({"amount": 7000, "per": "period", "carry_over": "none"}, [(t, t, 7000) for t in range(6)]),
        ({"amount": 60000, "per": "horizon"}, [(0, t, 10000 * (t + 1)) for t in range(6)]),
        ({"amount": 60000, "per": "horizon", "available": "at_once"}, [(0, 3, 40000), (0, 5, 60000)]),
        (
            {"amount": {"default": 40000, "2028": 8000}, "carry_over": "none"},
            [(t, t, 10000) for t in range(4)] + [(4, 4, 2000), (5, 5, 2000)],
        ),
        (
            {"amount": {"default": 7000, "2027-Q3": 0, "2028": 1}, "per": "period", "carry_over": "none"},
            [(0, 0, 7000), (1, 1, 7000), (2, 2, 0), (3, 3, 7000), (4, 4, 1), (5, 5, 1)],
        ),
    ],
)
def test_budget(tmp_path: Path, budget: dict[str, Any], wanted: list[tuple[int, int, float]]) -> None:
    assert windows(ask(tmp_path, budget=budget, **YEARS), "money") == wanted


def test_a_year_that_does_not_divide_loses_no_cent(tmp_path: Path) -> None:
    found = windows(
        ask(tmp_path, "horizon.period=month", "horizon.periods=12", budget={"amount": 100, "carry_over": "none"}),
        "money",
    )
    assert [limit for *_, limit in found] == [8.33] * 11 + [8.37]
    assert sum(Fraction(str(limit)) for *_, limit in found) == 100


def test_a_fiscal_year_cut_by_the_horizon_has_its_part(tmp_path: Path) -> None:
    found = windows(
        ask(tmp_path, "horizon.fiscal_year_starts=4", budget={"amount": 40000, "available": "at_once"}, **YEARS),
        "money",
    )
    assert found == [(0, 0, 10000), (1, 4, 40000), (5, 5, 10000)]


def test_investment_and_running_cost_apart_and_together(tmp_path: Path) -> None:
    budget = {
        "amount": 8000,
        "carry_over": "none",
        "investment": {"amount": 4000, "carry_over": "none"},
        "running": {"amount": 400, "carry_over": "none"},
    }
    asked = ask(tmp_path, budget=budget, **YEARS)
    assert [windows(asked, name)[0] for name in ("money", "money_once", "money_per_year")] == [
        (0, 0, 2000),
        (0, 0, 1000),
        (0, 0, 100),
    ]
    apart = ask(tmp_path, budget={"investment": {"amount": 4000}}, **YEARS)
    assert {window.resource for window in apart.problem.windows} == {"money_once"}


def test_what_is_committed_is_taken_off(tmp_path: Path) -> None:
    budget = {
        "amount": 8000,
        "carry_over": "none",
        "running": {"amount": 800, "carry_over": "none"},
        "investment": {"amount": 7200, "carry_over": "none"},
    }
    committed = {
        "contract": {
            "title": "x",
            "amount": 100,
            "kind": "running",
            "effort": {"security": 3},
            "from": "2027-Q2",
            "to": "2027-Q3",
        }
    }
    teams = {"security": {"capacity": {"amount": 5}}}
    asked = ask(tmp_path, budget=budget, committed=committed, teams=teams, **YEARS)
    assert [limit for *_, limit in windows(asked, "money")][:4] == [2000, 1950, 1950, 2000]
    assert [limit for *_, limit in windows(asked, "money_per_year")][:4] == [200, 150, 150, 200]
    assert [limit for *_, limit in windows(asked, "money_once")][:4] == [1800] * 4
    assert [limit for *_, limit in windows(asked, "security")][:4] == [5, 3.5, 3.5, 5]


def test_windows_after_a_commitment_know_that_it_was_paid(tmp_path: Path) -> None:
    asked = ask(
        tmp_path, committed={"contract": {"title": "x", "amount": 4000, "from": "2027-Q1", "to": "2027-Q1"}}, **YEARS
    )
    assert windows(asked, "money")[:4] == [(0, 0, 6000), (0, 1, 16000), (0, 2, 26000), (0, 3, 36000)]


# --- people


def test_capacity_is_for_a_period_and_is_lost_when_unused(tmp_path: Path) -> None:
    teams = {
        "security": {"capacity": {"amount": {"default": 10, "2027-Q3": 0}}},
        "plant": {"capacity": {"amount": 20, "per": "year", "carry_over": "within_year"}},
    }
    asked = ask(tmp_path, teams=teams, **YEARS)
    assert windows(asked, "security") == [(0, 0, 10), (1, 1, 10), (2, 2, 0), (3, 3, 10), (4, 4, 10), (5, 5, 10)]
    assert windows(asked, "plant") == [(0, 0, 5), (0, 1, 10), (0, 2, 15), (0, 3, 20), (4, 4, 5), (4, 5, 10)]


def test_a_team_that_is_not_named_is_unlimited(tmp_path: Path) -> None:
    asked = ask(tmp_path, **YEARS)
    assert step(asked, "assets.depth.2").effort == {"security": 6}
    assert {window.resource for window in asked.problem.windows} == {"money"}


def test_every_limit_says_where_it_was_written(tmp_path: Path) -> None:
    asked = ask(tmp_path, "budget.amount=50000", teams={"security": {"capacity": {"amount": 10}}})
    assert asked.context is not None
    origins = [asked.context.origins[f"/windows/{k}/limit"] for k in range(len(asked.problem.windows))]
    assert {(origin.from_, origin.at) for origin in origins[:8]} == {("set", "--set budget.amount:1:1")}
    assert all(origin.from_ == "scenario" and "asked.yaml:" in origin.at for origin in origins[8:])


@pytest.mark.parametrize("by", ["2027-03-30", "2029-01-01"])
def test_a_milestone_outside_the_horizon_is_refused(tmp_path: Path, by: str) -> None:
    with pytest.raises(InvalidInput, match="SL304"):
        ask(
            tmp_path,
            f"milestones.end.by={by}",
            milestones={"end": {"title": "x", "by": datetime.date(2028, 1, 1), "reach": "target", "reason": "x"}},
        )
