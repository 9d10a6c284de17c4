"""The tables of a plan."""

from __future__ import annotations

from typing import Any

import pytest

from stepladder.output import tables
from tests.support import handmade


def test_every_step_has_a_row() -> None:
    frame: Any = tables.table(handmade.bottling(), "steps").set_index("step")
    assert list(frame.index) == [step.id for step in handmade.problem().steps]
    assert frame.loc["access.depth.3", ["start_period", "finish_period", "finish_date"]].to_list() == [
        "2027-Q2",
        "2027-Q3",
        "2027-09-30",
    ]
    assert frame.loc["vault.depth.4", ["planned", "reason"]].to_list() == [False, "blocked"]
    assert frame.loc["assets.depth.2", "once"] == 5000.5


def test_periods_windows_threats() -> None:
    plan = handmade.bottling()
    assert tables.table(plan, "periods")["spend"].to_list() == [17000.5, 12500.0, 21500.0, 3000.0]
    windows = tables.table(plan, "windows")
    assert (windows["used"] + windows["room"] - windows["limit"]).abs().max() < 1e-9
    assert (
        tables.csv(plan, "threats").splitlines()[1]
        == "ransomware,Ransomware stops the line,240000,240000,211200,211200,126720,126720"
    )


def test_a_spreadsheet_gets_no_formula() -> None:
    asked = handmade.problem(steps=[{"id": "a", "title": '=HYPERLINK("x")', "effort": {"=b": 1}}], threats=[])
    text = tables.csv(handmade.plan(asked, {}), "steps")
    assert '"\'=HYPERLINK(""x"")"' in text
    assert "\n=" not in text
    assert ",=" not in text


@pytest.mark.parametrize("name", tables.TABLES)
def test_empty_plans_have_tables(name: str) -> None:
    lines = tables.csv(handmade.plan(handmade.problem(steps=[], threats=[], windows=[]), {}), name).splitlines()
    assert lines
    assert all(line.count(",") == lines[0].count(",") for line in lines)
