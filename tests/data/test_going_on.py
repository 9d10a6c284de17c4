"""What goes on costing, as a scenario says it: a reserve, upkeep, what goes on afterwards, and what of it is wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from stepladder.errors import InvalidInput
from tests.support.asking import ask, windows

QUARTERS: dict[str, Any] = {"horizon": {"start": "2027-01-01", "periods": 8}}


@pytest.mark.parametrize(
    ("reserve", "held"),
    [
        ("10%", [1000.0, 1000.0]),
        ("12.5 %", [1250.0, 1250.0]),
        (1500, [1500.0, 1500.0]),
        ({"2027": "10%", "2028": 400}, [1000.0, 400.0]),
        # What is not said is not held back.
        ({"2028": "50%"}, [0.0, 5000.0]),
        ({"default": 100, "2027": 0}, [0.0, 100.0]),
    ],
)
def test_a_reserve_is_held_back_of_each_year_and_told(tmp_path: Path, reserve: Any, held: list[float]) -> None:
    asked = ask(tmp_path, budget={"amount": 10_000, "available": "at_once", "reserve": reserve}, **QUARTERS)
    left = [10_000 - part for part in held]
    assert windows(asked, "money") == [(0, 3, left[0]), (4, 7, left[1])]
    told = asked.context.reserve.get("money", (0.0,) * 8) if asked.context else ()
    assert [sum(told[:4]), sum(told[4:])] == held


def test_a_reserve_of_a_team_and_of_each_part_of_the_budget(tmp_path: Path) -> None:
    budget = {"running": {"amount": 400, "per": "period", "carry_over": "none", "reserve": {"2027-Q2": 100}}}
    teams = {"security": {"capacity": {"amount": 10, "reserve": "20%"}}}
    asked = ask(tmp_path, budget=budget, teams=teams, **QUARTERS)
    assert [limit for _, _, limit in windows(asked, "money_per_year")[:3]] == [400.0, 300.0, 400.0]
    assert {limit for _, _, limit in windows(asked, "security")} == {8.0}
    assert asked.context is not None
    assert asked.context.reserve["security"] == (2.0,) * 8


def test_a_reserve_is_whole_cents_and_never_less_than_its_part(tmp_path: Path) -> None:
    asked = ask(
        tmp_path, budget={"amount": 100.03, "per": "period", "carry_over": "none", "reserve": "33%"}, **QUARTERS
    )
    # 33 % of 100.03 is 33.0099, so 33.01 is held back.
    assert {limit for _, _, limit in windows(asked, "money")} == {67.02}


@pytest.mark.parametrize(
    ("budget", "said"),
    [
        ({"amount": 100, "reserve": {"2027": 101, "2028": 0}}, r"is held back in 2027-Q1, where 25.00 is there"),
        ({"amount": 100, "reserve": {"2029": "10%"}}, "unknown year '2029'"),
        ({"amount": 100, "reserve": "110%"}, "write a part of less than 100%, such as 10%"),
        ({"investment": {"amount": 9}, "reserve": "10%"}, "no `amount` that it could be held back of"),
    ],
)
def test_a_reserve_that_makes_no_sense_is_refused(tmp_path: Path, budget: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        ask(tmp_path, budget=budget, **QUARTERS)


def test_what_is_held_back_too_much_is_said_once(tmp_path: Path) -> None:
    """And not, besides, that less than nothing is there of which nothing is committed."""
    with pytest.raises(InvalidInput) as wrong:
        ask(tmp_path, budget={"amount": 100, "reserve": 120}, **QUARTERS)
    assert [(issue.code, issue.message) for issue in wrong.value.issues] == [
        ("SL104", "30.00 is held back in 2027-Q1, where 25.00 is there; hold back less")
    ]


UPKEEP = {
    "default": {"depth": {1: {"per_year": 400}}},
    "access": {"depth": {2: {"per_year": 1200.02, "effort_per_year": {"guards": 8}}, 3: {"per_year": 9999}}},
}


def test_upkeep_of_todays_levels_is_taken_off_every_limit_that_it_uses(tmp_path: Path) -> None:
    current = {"default": {"depth": 1, "reach": 1}, "access": {"depth": 2}, "alarms": {"depth": 0}}
    budget = {
        "amount": 10_000,
        "available": "at_once",
        "investment": {"amount": 4000, "available": "at_once"},
        "running": {"amount": 3000, "available": "at_once"},
    }
    teams = {"plant": {"capacity": {"amount": 5}}}
    said: dict[str, Any] = {"current": current, "budget": budget, "teams": teams, "upkeep": UPKEEP}
    target = {"default": {"depth": 2, "reach": 1}}
    with pytest.raises(InvalidInput, match="unknown team 'guards'"):
        ask(tmp_path, target=target, **said, **QUARTERS)
    said["teams"]["guards"] = said["teams"].pop("plant")
    asked = ask(tmp_path, target=target, **said, **QUARTERS)
    # Assets at 1: 400; access at 2: 1,200.02, what its own table says; alarms at 0: nothing. 1,600.02 a year.
    assert windows(asked, "money") == [(0, 3, 8399.98), (4, 7, 8399.98)]
    assert windows(asked, "money_per_year") == [(0, 3, 1399.98), (4, 7, 1399.98)]
    assert windows(asked, "money_once") == [(0, 3, 4000.0), (4, 7, 4000.0)]
    assert {limit for _, _, limit in windows(asked, "guards")} == {3.0}
    assert asked.problem.ongoing.upkeep == 1600.02
    assert asked.problem.ongoing.effort_per_year == {"guards": 8.0}
    assert asked.context is not None
    # Cents are whole, and the year's last period has what is left: 3 · 400 and 400.02.
    assert asked.context.committed[:4] == (400.0, 400.0, 400.0, 400.02)


@pytest.mark.parametrize(
    ("upkeep", "said"),
    [
        ({"acces": {"depth": {1: {"per_year": 1}}}}, "did you mean 'access'"),
        ({"alarms": {"reach": {1: {"per_year": 1}}}}, "unknown scale 'reach'"),
        ({"access": {"depth": {7: {"per_year": 1}}}}, "7"),
        ({"access": {"depth": {1: {"per_year": 1.005}}}}, "more than two decimals"),
        ({"access": {"depth": {1: {"per_year": 90_000}}}}, "taken by commitments and upkeep"),
    ],
)
def test_upkeep_that_makes_no_sense_is_refused(tmp_path: Path, upkeep: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidInput, match=said):
        ask(tmp_path, upkeep=upkeep, **QUARTERS)


def test_commitments_of_running_cost_without_an_end_go_on(tmp_path: Path) -> None:
    committed = {
        "licence": {"title": "Licence", "amount": 3000, "kind": "running", "from": "2027-Q3"},
        "contract": {"title": "Contract", "amount": 500, "kind": "running", "to": "2027-Q4"},
        "tool": {"title": "Tool", "amount": 900},
    }
    # 3,000 in six quarters are 2,000 a year; the others end, or are paid once.
    assert ask(tmp_path, committed=committed, **QUARTERS).problem.ongoing.committed == 2000.0
    assert ask(tmp_path, **QUARTERS).problem.model_dump_json().count("ongoing") == 0


def test_what_goes_on_afterwards_is_a_limit_on_all_steps_together(tmp_path: Path) -> None:
    asked = ask(tmp_path, budget={"amount": 10_000, "afterwards": 500.5}, **QUARTERS)
    assert windows(asked, "money_afterwards") == [(0, 7, 500.5)]
    assert asked.context is not None
    k = [window.resource for window in asked.problem.windows].index("money_afterwards")
    assert asked.context.origins[f"/windows/{k}/limit"].at.endswith("asked.yaml:20:15")
    assert windows(ask(tmp_path, budget={"unlimited": True, "afterwards": 9}, **QUARTERS), "money") == []
