"""What comes again after a step, as a scenario says it, and what of it is wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.problem import Step, dump
from stepladder.data.formats.renewal import Renewal
from stepladder.data.load import load_problem
from stepladder.errors import InvalidInput
from stepladder.evaluate import Ledger
from tests.support.asking import ask, step

STEP = "assets.depth.2"
QUARTERS: dict[str, Any] = {"horizon": {"start": "2027-01-01", "periods": 8}}


def asked(folder: Path, renew: dict[str, Any], **more: Any) -> Step:
    costs = {"steps": {STEP: {"once": 1000, "months": 3, "per_year": 40, "renew": renew}}}
    return step(ask(folder, **{**QUARTERS, "costs": costs, **more}), STEP)


@pytest.mark.parametrize("every", [12, "12 months", "1 year"])
def test_what_comes_again_every_year_does_so_four_quarters_after_the_finish(tmp_path: Path, every: int | str) -> None:
    one = asked(tmp_path, {"every": every, "once": 500.5, "effort": {"plant": 3}})
    assert one.renew == Renewal(every=4, a_year=1.0, once=500.5, effort={"plant": 3.0})
    assert one.afterwards == 540.5
    problem = ask(tmp_path, **QUARTERS).problem
    ledger = Ledger(problem.model_copy(update={"steps": (one,)}))
    # Finished in the second quarter: a quarter's 10 in each one after it, and 500.5 in the sixth.
    used = [ledger.amount(units, "money_per_year") for units in ledger.use(one, 1, "money_per_year")]
    assert used == [0, 0, 10, 10, 10, 510.5, 10, 10]
    assert [ledger.amount(units, "plant") for units in ledger.use(one, 1, "plant")] == [0, 0, 0, 0, 0, 3, 0, 0]


def test_what_comes_more_often_than_periods_comes_several_times_in_each(tmp_path: Path) -> None:
    one = asked(tmp_path, {"every": "1 month", "once": 10.01, "effort": {"plant": 0.5}})
    assert one.renew == Renewal(every=1, a_year=4.0, once=30.03, effort={"plant": 1.5})
    # Once in three years is a third a year, afterwards.
    rare = asked(tmp_path, {"every": "3 years", "once": 900})
    assert rare.renew is not None
    assert (rare.renew.every, rare.renew.a_year) == (12, 1 / 3)
    assert rare.afterwards == pytest.approx(340)


def test_the_work_of_roles_is_that_of_the_team_that_covers_them(tmp_path: Path) -> None:
    teams = {"everybody": {"capacity": {"amount": 9}, "covers": ["security", "plant"]}}
    one = asked(tmp_path, {"every": 3, "effort": {"security": 1, "plant": 2}}, teams=teams)
    assert one.renew is not None
    assert one.renew.effort == {"everybody": 3.0}
    assert "everybody" in one.teams


def test_a_more_specific_table_has_the_last_word_and_with_nothing_takes_it_away(tmp_path: Path) -> None:
    scales = {"depth": {2: {"renew": {"every": 12, "once": 70}}}}
    plain = step(ask(tmp_path, costs={"scales": scales}, **QUARTERS), STEP)
    assert plain.renew is not None
    assert plain.renew.once == 70
    gone = step(ask(tmp_path, costs={"scales": scales, "steps": {STEP: {"renew": {"every": 12}}}}, **QUARTERS), STEP)
    assert gone.renew is None
    problem = ask(tmp_path, **QUARTERS).problem
    assert "renew" not in dump(problem)


@pytest.mark.parametrize(
    ("renew", "message"),
    [
        (
            {"every": 4, "once": 5},
            "of the plan's periods of 3, nor is such a period a whole number of them; write 3 or 6 months",
        ),
        ({"every": "yearly", "once": 5}, "'yearly' is no time between renewals; write 12 months, 2 years"),
        ({"every": 0, "once": 5}, "0 is too small; it must be at least 1"),
        ({"once": 5}, "key 'every' is missing"),
        ({"every": 12, "once": 5.005}, "more than two decimals"),
        ({"every": 12, "effort": {"plnt": 5}}, "unknown team 'plnt'; did you mean 'plant'"),
        ({"every": 12, "money": 5}, "unknown key 'money'"),
    ],
)
def test_what_makes_no_sense_is_refused_with_its_line(tmp_path: Path, renew: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidInput) as wrong:
        asked(tmp_path, renew)
    issue = wrong.value.issues[0]
    assert message in issue.message
    lines = (tmp_path / "asked.yaml").read_text(encoding="utf-8").splitlines()
    first = next(k for k, line in enumerate(lines, start=1) if line.strip() == "renew:")
    assert issue.location.line in range(first, first + 4)


def test_renewals_of_a_problem_are_money_of_its_currency_and_no_team_is_called_money(tmp_path: Path) -> None:
    said: dict[str, Any] = {
        "format": "stepladder-problem/1",
        "periods": [{"label": f"P{t}", "years": 0.5, "discount": 1.0} for t in range(4)],
        "steps": [{"id": "a"}],
    }
    path = tmp_path / "problem.json"
    for renew, message in (
        ({"every": 1, "a_year": 2.0, "once": 5.005}, "more than two decimals"),
        ({"every": 1, "a_year": 2.0, "effort": {"money": 1.0}}, "'money' means money and cannot be a team"),
        ({"every": 0, "a_year": 2.0}, "0 is too small"),
        ({"every": 1}, "a_year"),
    ):
        said["steps"][0]["renew"] = renew
        path.write_text(json.dumps(said), encoding="utf-8")
        with pytest.raises(InvalidInput, match=message):
            load_problem(path)
