"""Dates and years that do not fit the periods: refused, or said to which period they were moved; nothing is rounded
in silence.
"""

from __future__ import annotations

import datetime
import itertools
import re
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.limits import Horizon
from stepladder.data.resolving.calendar import MONTHS, astride, lay_out
from stepladder.errors import InvalidInput
from tests.support.asking import ask


def horizon(start: int, period: str, fiscal: int, periods: int = 8) -> Horizon:
    said = {"start": f"2027-{start:02d}-01", "periods": periods, "period": period, "fiscal_year_starts": fiscal}
    return Horizon.model_validate(said, strict=False)


@pytest.mark.parametrize(("period", "periods", "fiscal"), [("half_year", 6, 4), ("quarter", 8, 2)])
def test_a_fiscal_year_that_begins_inside_a_period_is_refused(
    tmp_path: Path, period: str, periods: int, fiscal: int
) -> None:
    said = {"start": "2027-01-01", "periods": periods, "period": period, "fiscal_year_starts": fiscal}
    with pytest.raises(
        InvalidInput,
        match=(
            rf":\d+:\d+ SL312 the fiscal year begins in month {fiscal}, inside 2027-[HQ]1 .*; write fiscal_year_starts:"
            r" 1 or"
        ),
    ):
        ask(tmp_path, horizon=said)


def test_every_month_every_period_every_fiscal_year() -> None:
    """Day by day: a period must not hold days of two fiscal years; and each remedy is one."""
    for start, period, fiscal, periods in itertools.product(range(1, 13), MONTHS, range(1, 13), (1, 5)):
        asked = horizon(start, period, fiscal, periods)
        calendar = lay_out(asked)
        years = [
            {_fiscal_year(first + datetime.timedelta(days=k), fiscal) for k in range((last - first).days + 1)}
            for first, last in calendar.dates
        ]
        said = astride(asked, calendar)
        assert (said is not None) == any(len(of) > 1 for of in years), (start, period, fiscal, periods)
        if said is None:
            continue
        found = re.search(
            r"write fiscal_year_starts: ([\d or]+), or period: (\w+), or begin the horizon in month (\d+)$", said
        )
        assert found, said
        others = [horizon(start, period, int(month), periods) for month in found[1].split(" or ")]
        for other in (
            *others,
            horizon(start, found[2], fiscal, periods),
            horizon(int(found[3]), period, fiscal, periods),
        ):
            assert astride(other, lay_out(other)) is None


def _fiscal_year(day: datetime.date, starts: int) -> int:
    return day.year - (day.month < starts)


@pytest.mark.parametrize(
    ("parts", "note"),
    [
        (
            {"pins": {"assets.depth.2": {"earliest": "2027-04-02"}}},
            "pins.assets.depth.2.earliest: 2027-04-02 is inside 2027-Q2, so it counts from 2027-Q3 on.",
        ),
        (
            {"pins": {"assets.depth.2": {"start": "2027-05-31"}}},
            "pins.assets.depth.2.start: 2027-05-31 is inside 2027-Q2, so it counts from 2027-Q3 on.",
        ),
        (
            {"pins": {"assets.depth.2": {"finish_by": "2027-12-30"}}},
            "pins.assets.depth.2.finish_by: 2027-12-30 is inside 2027-Q4, so it counts until the end of 2027-Q3.",
        ),
        (
            {"appetite": {"cap": {"expected_loss_per_year": 9000, "from": "2028-02-01", "to": "2028-11-30"}}},
            (
                "appetite.cap.from: 2028-02-01 is inside 2028-Q1, so it counts from 2028-Q2 on."
                " appetite.cap.to: 2028-11-30 is inside 2028-Q4, so it counts until the end of 2028-Q3."
            ),
        ),
        (
            {"committed": {"rent": {"title": "Rent", "amount": 100, "from": "2027-01-02", "to": "2028-01-01"}}},
            (
                "committed.rent.from: 2027-01-02 is inside 2027-Q1, so it counts from 2027-Q2 on."
                " committed.rent.to: 2028-01-01 is inside 2028-Q1, so it counts until the end of 2027-Q4."
            ),
        ),
        (
            {"teams": {"security": {"capacity": {"amount": 12, "available": "at_once"}}}},
            (
                "teams.security.capacity.available: at_once has no effect where nothing is carried over; say"
                " carry_over: within_year or free."
            ),
        ),
    ],
)
def test_a_day_inside_a_period_is_said_to_be_moved(tmp_path: Path, parts: dict[str, Any], note: str) -> None:
    assert " ".join(ask(tmp_path, **parts).notes) == note


def test_a_milestone_inside_a_period_is_said_to_be_moved(tmp_path: Path) -> None:
    law = {"title": "Law", "by": "2027-12-11", "reach": {"assets": {"depth": 2}}, "reason": "It applies."}
    asked = ask(tmp_path, "milestones.law.by=2027-12-11", milestones={"law": law})
    assert asked.notes == ("milestones.law.by: 2027-12-11 is inside 2027-Q4, so it counts until the end of 2027-Q3.",)
    assert ask(tmp_path, "milestones.law.by=2027-12-31", milestones={"law": law}).notes == ()


@pytest.mark.parametrize("when", ["2027-Q2", "2027", "2027-04-01"])
def test_what_begins_with_a_period_is_not_moved(tmp_path: Path, when: str) -> None:
    assert ask(tmp_path, pins={"assets.depth.2": {"earliest": when}}).notes == ()


@pytest.mark.parametrize("when", ["2026-12-31", "2020-01-01"])
def test_what_holds_since_before_the_horizon_holds_from_its_first_day(tmp_path: Path, when: str) -> None:
    asked = ask(
        tmp_path,
        pins={"assets.depth.2": {"earliest": when}},
        appetite={"cap": {"expected_loss_per_year": 90000, "from": when}},
    )
    assert (asked.problem.appetite[0].from_, asked.notes) == (0, ())
