"""How the money of a step falls over its periods, as a scenario or a problem says it, and what of it is wrong."""

from __future__ import annotations

import json
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem, dump
from stepladder.data.formats.spread import divided, in_proportion, paid, stretched, to_come
from stepladder.data.load import load_problem
from stepladder.errors import InvalidInput
from stepladder.evaluate import Ledger
from tests.support.asking import ask, step

STEP = "assets.depth.2"
QUARTERS: dict[str, Any] = {"horizon": {"start": "2027-01-01", "periods": 8}}
ONE_EACH = "give one share for each of them (0% where nothing is paid), or [] to pay evenly"


def costs(**said: Any) -> dict[str, Any]:
    return {"costs": {"steps": {STEP: {"once": 1000.01, "months": 6, **said}}}, **QUARTERS}


def test_shares_of_a_step_are_paid_in_its_periods_to_the_cent(tmp_path: Path) -> None:
    asked = ask(tmp_path, **costs(spread=["60%", 0.4]))
    one = step(asked, STEP)
    assert one.spread == (0.6, 0.4)
    # 60 % of 1,000.01 is 600.006: 600.00 then, and what is left over last.
    assert one.invested("EUR") == [600, Fraction(40001, 100)]
    ledger = Ledger(asked.problem)
    assert ledger.use(one, 3, "money_once") == [0, 0, 0, 60000, 40001, 0, 0, 0]
    assert asked.context is not None
    k = [item.id for item in asked.problem.steps].index(STEP)
    assert asked.context.origins[f"/steps/{k}/spread"].from_ == "scenario"


def test_what_is_left_over_is_paid_where_something_is() -> None:
    # A third of 10.01 to the cent, three times: 3.33, 3.33, and 3.35 last; nothing where the share is nothing.
    assert divided(1001, (0.333, 0.333, 0.334, 0.0)) == [333, 333, 335, 0]
    assert paid(10.01, (1.0, 0.0), "EUR") == [Fraction(1001, 100), 0]
    assert paid(10.001, (0.5, 0.5), "KWD") == [5, Fraction(5001, 1000)]


def test_problems_without_shares_keep_their_text(tmp_path: Path) -> None:
    nothing: tuple[dict[str, Any], ...] = ({}, {"spread": []})
    even, said = (ask(tmp_path, **costs(**more)).problem for more in nothing)
    assert "spread" not in dump(even)
    assert dump(said) == dump(even)
    assert '"spread"' in dump(ask(tmp_path, **costs(spread=["100%", "0%"])).problem)


def test_a_step_of_its_own_takes_the_shares_of_its_scale_away(tmp_path: Path) -> None:
    """A more specific table has the last word, and [] is one: evenly."""
    scales = {"scales": {"depth": {2: {"months": 6, "spread": ["60%", "40%"]}}}}
    assert step(ask(tmp_path, costs=scales, **QUARTERS), STEP).spread == (0.6, 0.4)
    over = {**scales, "steps": {STEP: {"months": 9, "spread": []}}}
    assert step(ask(tmp_path, costs=over, **QUARTERS), STEP).spread == ()


@pytest.mark.parametrize(
    ("said", "message"),
    [
        ({"spread": ["60%", "30%"]}, "the shares add up to 90%; correct them until they are 100% together"),
        (
            {"spread": ["60%", "30%", "10%"]},
            f"3 shares, but the step takes 2 periods of work; {ONE_EACH}",
        ),
        (
            {"spread": ["100%"]},
            f"1 share, but the step takes 2 periods of work; {ONE_EACH}",
        ),
        ({"spread": ["120%", "-20%"]}, "120% is too large; it must be at most 1"),
        ({"spread": [60, 40]}, "60 is too large; it must be at most 1: write 60% or 0.6"),
        ({"spread": ["half", "half"]}, "'half' is not a share; write 25% or 0.25"),
    ],
)
def test_shares_that_make_no_sense_are_refused_with_their_line(
    tmp_path: Path, said: dict[str, Any], message: str
) -> None:
    with pytest.raises(InvalidInput) as wrong:
        ask(tmp_path, **costs(**said))
    issue = wrong.value.issues[0]
    assert message in issue.message
    lines = (tmp_path / "asked.yaml").read_text(encoding="utf-8").splitlines()
    first = next(k for k, line in enumerate(lines, start=1) if line.strip() == "spread:")
    assert issue.location.line in range(first, first + 1 + len(said["spread"]))


def test_shares_of_a_problem_are_as_many_as_its_periods(tmp_path: Path) -> None:
    said: dict[str, Any] = {
        "format": "stepladder-problem/1",
        "periods": [{"label": f"P{t}", "years": 0.5, "discount": 1.0} for t in range(4)],
        "steps": [{"id": "a", "once": 100.0, "duration": 2, "spread": [0.5, 0.5]}],
    }
    path = tmp_path / "problem.json"
    for spread, message in (
        ([0.5, 0.5], ""),
        ([1.0], "1 share, but the step takes 2 periods of work"),
        ([0.5, 0.4], "the shares add up to 90%"),
        ([0.5, 0.5, 0.0], "3 shares, but the step takes 2 periods"),
    ):
        said["steps"][0]["spread"] = spread
        path.write_text(json.dumps(said), encoding="utf-8")
        if not message:
            assert load_problem(path) == Problem.model_validate_json(json.dumps(said))
            continue
        with pytest.raises(InvalidInput, match=message):
            load_problem(path)


def test_work_that_takes_another_time_has_as_much_paid_by_each_part_of_it() -> None:
    # 60 % in the first half of the time is 40 % in its first third.
    assert stretched((0.6, 0.4), 3) == (0.4, 0.333333333333, 0.266666666667)
    assert stretched((0.6, 0.4), 4) == (0.3, 0.3, 0.2, 0.2)
    assert stretched((0.5, 0.3, 0.2), 2) == (0.65, 0.35)
    assert stretched((0.6, 0.4), 1) == (1.0,)
    assert stretched((0.6, 0.4), 2) == (0.6, 0.4)
    assert stretched((), 5) == ()


def test_what_is_to_come_keeps_the_proportion_of_its_shares() -> None:
    assert to_come((0.6, 0.3, 0.1), 1, 2) == (0.0, 0.75, 0.25)
    # All of it was to be paid already, and something is still to come: evenly.
    assert to_come((1.0, 0.0, 0.0), 1, 2) == (0.0, 0.5, 0.5)
    assert in_proportion([Fraction(0)]) == ()


def test_a_future_in_which_work_takes_longer_has_no_fault(tmp_path: Path) -> None:
    months = {"low": 3, "likely": 6, "high": 12}
    # (3 + 4 · 6 + 12) / 6 are 6.5 months, so three quarters.
    asked = ask(tmp_path, **costs(spread=["60%", "20%", "20%"], months=months))
    assert step(asked, STEP).duration == 3
    (name,) = (unknown.name for unknown in asked.unknowns if unknown.kind == "months")
    assert asked.redraw is not None
    for below, periods in ((0.01, 2), (0.99, 4)):
        one = asked.redraw({name: below}).steps_by_id()[STEP]
        assert (one.duration, len(one.spread), sum(map(Fraction, map(repr, one.spread)))) == (periods, periods, 1)
