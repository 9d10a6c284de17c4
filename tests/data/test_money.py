"""The digits of currencies, and amounts and shares as people write them, wherever one may be written."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.actuals import load_actuals
from stepladder.data.formats import money
from stepladder.data.formats.base import meant
from stepladder.data.load import load_problem
from stepladder.errors import InvalidInput
from tests.support import handmade
from tests.support.asking import CATALOGUE, ask, step, windows
from tests.support.commanding import run


@pytest.mark.parametrize(
    ("currency", "digits"),
    [
        ("EUR", 2),
        ("JPY", 0),
        ("KRW", 0),
        ("KWD", 3),
        ("TND", 3),
        ("CLF", 4),
        ("HUF", 2),
        ("XYZ", 2),
        ("points", 2),
        ("", 2),
        ("jpy", 2),
    ],
)
def test_digits_are_those_of_the_currency(currency: str, digits: int) -> None:
    assert money.digits(currency) == digits
    assert money.units(currency) == 10**digits
    assert str(money.smallest(currency)) == ("1" if digits == 0 else f"{10**-digits:.{digits}f}")


def test_cldr_differs_only_where_small_coins_went_out_of_use() -> None:
    from babel.core import get_global

    daily = {name: fraction[0] for name, fraction in get_global("currency_fractions").items() if name != "DEFAULT"}
    listed = {name: money.digits(name) for name in {*daily, *money._DIGITS}}
    assert {name for name, digits in listed.items() if digits > daily.get(name, 2) and daily.get(name, 2) != 0} == set()
    assert {name for name, digits in listed.items() if digits < daily.get(name, 2)} == set()


@pytest.mark.parametrize(
    ("amount", "currency", "rounded"),
    [
        (0.005, "EUR", 0.01),
        (1.005, "EUR", 1.01),
        (0.5, "JPY", 1.0),
        (2.5, "JPY", 3.0),
        (0.0005, "KWD", 0.001),
        (1e13, "KWD", 1e13),
    ],
)
def test_halves_are_rounded_up(amount: float, currency: str, rounded: float) -> None:
    assert money.nearest(amount, currency) == rounded


# -- in a scenario -------------------------------------------------------------------------------------------------


def refused(folder: Path, *assignments: str, **parts: Any) -> list[str]:
    with pytest.raises(InvalidInput) as caught:
        ask(folder, *assignments, **parts)
    return [str(issue) for issue in caught.value.issues]


@pytest.mark.parametrize("place", ["budget.amount", "threats.theft.expected_loss_per_year", "costs.steps", "committed"])
@pytest.mark.parametrize(
    ("currency", "written", "words"),
    [
        (
            "EUR",
            "150.000",
            "is read as 150.00, as the dot begins the decimals; write 150000 if thousands are meant, and 150.00 if not",
        ),
        (
            "EUR",
            "1.500",
            "is read as 1.50, as the dot begins the decimals; write 1500 if thousands are meant, and 1.50 if not",
        ),
        (
            "EUR",
            "1.234",
            (
                "has more than two decimals, as the dot begins the decimals; write 1234 if thousands are meant, and"
                " 1.23 if not"
            ),
        ),
        ("EUR", "0.125", "has more than two decimals; EUR is counted in steps of 0.01: write 0.13"),
        ("EUR", "1234.567", "has more than two decimals"),
        (
            "JPY",
            "150.000",
            "is read as 150, as the dot begins the decimals; write 150000 if thousands are meant, and 150 if not",
        ),
        ("JPY", "1000.5", "has decimals; JPY is counted in steps of 1: write 1001"),
        (
            "JPY",
            "1.234",
            "has decimals, as the dot begins the decimals; write 1234 if thousands are meant, and 1 if not",
        ),
        ("KWD", "1.2345", "has more than three decimals; KWD is counted in steps of 0.001: write 1.235"),
    ],
)
def test_money_that_is_too_fine_or_reads_two_ways_is_refused_in_its_place(
    tmp_path: Path, place: str, currency: str, written: str, words: str
) -> None:
    value = {
        "costs.steps": f"costs.steps={{assets.depth.2: {{once: {written}}}}}",
        "committed": f"committed={{a: {{title: A, amount: {written}}}}}",
    }
    said = refused(tmp_path, value.get(place, f"{place}={written}"), currency=currency)
    assert any(line.startswith(f"--set {place}:1:") and f" SL104 {written} {words}" in line for line in said), said


@pytest.mark.parametrize(
    ("currency", "written"),
    [
        ("EUR", "150000"),
        ("EUR", "150.50"),
        ("EUR", "1.0e+5"),
        ("JPY", "40000.0"),
        ("KWD", "40000.125"),
        ("KWD", "150.000"),
    ],
)
def test_money_that_the_currency_can_count_is_read(tmp_path: Path, currency: str, written: str) -> None:
    spent = windows(ask(tmp_path, f"budget.amount={written}", currency=currency), "money")
    assert spent[3] == (0, 3, float(written))


def test_person_days_that_read_two_ways_are_refused_and_rates_are_not(tmp_path: Path) -> None:
    said = refused(tmp_path, "teams={security: {capacity: {amount: 1.500}}}")
    assert (
        "SL104 1.500 is read as 1.5, as the dot begins the decimals; write 1500 if thousands are meant, and 1.5 if not"
        in said[0]
    )
    asked = ask(tmp_path, threats={"theft": {"type": "theft", "events_per_year": 1.125, "loss_per_event": 1000}})
    assert asked.problem.threats[0].expected_loss_per_year == 1125


@pytest.mark.parametrize(
    ("written", "remedy"),
    [
        ("150,000", "; write 150000"),
        ("1.500.000", "; write 1500000"),
        ("150'000", "; write 150000"),
        ("150 000", "; write 150000"),
        ('"150000"', "; write 150000 without quotes"),
        ("1.500,50", "; write 1500.50"),
        ("12,5", "; write 12.5"),
        ("150.000 EUR", "; write 150000"),
        ("150k", ""),
    ],
)
def test_text_for_money_is_refused_with_how_to_write_it(tmp_path: Path, written: str, remedy: str) -> None:
    said = refused(tmp_path, f"budget.amount={written}")
    found = json.dumps(written.strip(chr(34)), ensure_ascii=False)
    assert said == [f"--set budget.amount:1:1 SL103 expected a number, found {found}{remedy}"]


def test_thin_and_unbroken_spaces_are_seen_too() -> None:
    assert [meant(text) for text in ("150\u202f000", "150\u00a0000", "1\u2009500,5", "150\u2019000")] == [
        "150000",
        "150000",
        "1500.5",
        "150000",
    ]


@pytest.mark.parametrize(
    ("written", "words"),
    [
        ("12,5 %", "'12,5 %' is not a share; write 12.5% or 0.125"),
        ("0,25", "'0,25' is not a share; write 25% or 0.25"),
        ('"25"', "'25' is not a share; write 25% or 0.25"),
        ("25", "25 is too large; it must be less than 1: write 25% or 0.25"),
        ("100%", "100% is too large; it must be less than 1"),
        ("-5%", "'-5%' is not a share; write 25% or 0.25"),
        ("0.9999999999999", "write at most 0.999999999999"),
    ],
)
def test_shares_written_otherwise(tmp_path: Path, written: str, words: str) -> None:
    assert words in refused(tmp_path, f"horizon.discount_rate={written}")[0]


@pytest.mark.parametrize("written", ["25 %", "25%", "0.25", '"25%"', "25.0%"])
def test_shares_as_they_may_be_written(tmp_path: Path, written: str) -> None:
    # A year after the start at 25 % counts 1 / 1.25.
    assert ask(tmp_path, f"horizon.discount_rate={written}").problem.periods[4].discount == 0.8


def test_a_catalogue_is_looked_at_to_its_innermost_group(tmp_path: Path) -> None:
    text = CATALOGUE.read_text(encoding="utf-8").replace(
        "assets: {title: Assets}", "assets: {title: Assets, costs: {depth: {2: {once: 16.000}}}}"
    )
    inner = (
        "  outer: {title: O, groups: {inner: {title: I, practices: {x: {title: X, costs: {depth: {2: {per_year: {low:"
        " 1.000, likely: 2, high: 3}}}}}}}}}\n"
    )
    (tmp_path / "own.yaml").write_text(text.replace("  watch:\n", inner + "  watch:\n"), encoding="utf-8")
    said = refused(tmp_path, catalogue="own.yaml")
    assert [line.partition(" SL104 ")[0].partition("own.yaml")[2] for line in said] == [":20:57", ":22:110"]


@pytest.mark.parametrize(
    ("currency", "limits"),
    [
        # A year's 100,001 over four quarters: whole coins, what is left of them in the last; then 10 promised, over
        # eight quarters in whole coins too.
        ("JPY", [24999, 24999, 24999, 25000, 24999, 24999, 24999, 24998]),
        ("EUR", [24999, 24999, 24999, 24999.02, 24999, 24999, 24999, 24999.02]),
        ("KWD", [24998.875, 24998.875, 24998.875, 24998.875, 24998.875, 24998.875, 24998.875, 24998.875]),
    ],
)
def test_a_budget_is_spread_in_whole_coins(tmp_path: Path, currency: str, limits: list[float]) -> None:
    committed = {"contract": {"title": "Contract", "amount": 10}}
    amount = {"JPY": 100001, "EUR": 100001.02, "KWD": 100000.5}[currency]
    asked = ask(tmp_path, currency=currency, budget={"amount": amount, "carry_over": "none"}, committed=committed)
    assert [limit for _, _, limit in windows(asked, "money")] == limits


def test_the_catalogue_may_be_finer_than_a_currency_without_decimals_and_costs_are_rounded(tmp_path: Path) -> None:
    # 1,333 times 1.1 is 1,466.3.
    costs = {"scales": {"depth": {2: {"once": 1333}}}, "practices": {"assets": {"factor": 1.1}}}
    asked = ask(tmp_path, currency="JPY", costs=costs, target={"default": {"depth": 2}})
    assert step(asked, "assets.depth.2").once == 1466


# -- elsewhere -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("currency", "once", "words"),
    [("JPY", 10.5, "has decimals"), ("EUR", 1234.567, "more than two"), ("KWD", 0.0005, "more than three")],
)
def test_a_problems_investment_is_refused_at_its_line(tmp_path: Path, currency: str, once: float, words: str) -> None:
    path = tmp_path / "problem.json"
    path.write_text(
        json.dumps(
            {**json.loads(handmade.problem().model_dump_json(by_alias=True)), "currency": currency}, indent=1
        ).replace("9000.0", repr(once))
    )
    with pytest.raises(InvalidInput) as caught:
        load_problem(path)
    line = next(k for k, text in enumerate(path.read_text().splitlines(), start=1) if repr(once) in text)
    assert any(
        issue.location.line == line and issue.code == "SL104" and words in issue.message
        for issue in caught.value.issues
    )


@pytest.mark.parametrize("ending", ["yaml", "json"])
def test_what_was_spent_is_refused_at_its_line(tmp_path: Path, ending: str) -> None:
    path = tmp_path / f"actuals.{ending}"
    path.write_text('{"format": "stepladder-actuals/1", "as_of": "2027-Q2",\n"spent": {"2027-Q1": 17.000}}')
    with pytest.raises(InvalidInput) as caught:
        load_actuals(path, handmade.plan())
    assert str(caught.value).startswith(f"{path}:2:22 SL104 17.000 is read as 17.00,")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--from", "150.000"), "150.000 is read as 150.00"),
        (("--from", "150,000"), "'150,000' is not a budget; write 150000"),
        (("--to", "12.345"), "12.345 has more than two decimals"),
        (("--to", "1e14"), "more than 10,000,000,000,000"),
        (("--to", "1e15%"), "more than 10,000,000,000,000"),
        (("--appetite", "200.000"), "write 200000 if thousands are meant"),
        (("--appetite", "nan"), "'nan' is not an amount of money"),
        (("--appetite", "1e14"), "more than 10,000,000,000,000"),
        (("--appetite", "-1"), "--appetite"),
    ],
)
def test_money_in_options(arguments: tuple[str, ...], words: str) -> None:
    found = run("frontier", "bottling_line", *arguments)
    assert found.exit_code == 2
    assert words in " ".join(found.stderr.split())


def test_a_price_is_read_with_the_plans_currency(tmp_path: Path) -> None:
    from stepladder.data.formats.plan import dump

    path = tmp_path / "plan.json"
    path.write_text(dump(handmade.plan()), encoding="utf-8")
    found = run("replan", path, "--as-of", "2027-Q2", "--price-per-move", "2.000")
    assert found.exit_code == 2
    assert "write 2000 if thousands are meant" in " ".join(found.stderr.split())
