"""Cleaning, measuring, cutting, wrapping; and numbers rounded to the safe side."""

from __future__ import annotations

import datetime
import random

import handmade
import pytest

from stepladder.output import numbers
from stepladder.output.text import clean, columns, cut, listed, pad, quote, wrap


@pytest.mark.parametrize(
    ("text", "cleaned"),
    [
        ("plain", "plain"),
        (" two  spaces ", "two spaces"),
        ("a\nb\tc", "a b c"),
        ("\x1b[31mred\x07", "[31mred"),
        ("\u202eevil\u2066", "evil"),
        ("\ud800", "\N{REPLACEMENT CHARACTER}"),
        ("a\u2028b", "a b"),
        ("e" + "\u0301" * 9, "e\u0301\u0301"),
        ("", ""),
    ],
)
def test_clean(text: str, cleaned: str) -> None:
    assert clean(text) == cleaned


def test_wide_characters_take_two_columns() -> None:
    assert columns("設備") == 4
    assert columns("e\u0301") == 1
    assert cut("設備の保護", 6) == "設備…"
    assert pad("設", 4) + "|" == "設  |"
    assert pad("設", 4, right=True) == "  設"


def test_cut_keeps_what_fits() -> None:
    assert cut("abc", 3) == "abc"
    assert cut("abcd", 3) == "ab…"
    assert quote("x" * 100, 10) == "“xxxxxxxxx…”"


def test_wrap_loses_nothing() -> None:
    dice = random.Random(1)
    for _ in range(200):
        text, width = clean(handmade.hostile(dice)), dice.randint(12, 90)
        lines = wrap(text, width, "- ", "    ")
        assert all(columns(line) <= width for line in lines)
        assert "".join(lines).replace(" ", "") == "-" + text.replace(" ", "")


def test_listed() -> None:
    assert listed([]) == ""
    assert listed(["a"]) == "a"
    assert listed(["a", "b", "c"]) == "a, b and c"
    assert listed(["a", "b", "c", "d", "e"]) == "a, b and 3 more"


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(0, "0"), (1234567.4, "1,234,567"), (999.5, "999.50"), (12.0, "12"), (-5.25, "-5.25"), (1e13, "10,000,000,000,000"), (0.29, "0.29"), (-0.0, "0")],
)
def test_money(amount: float, shown: str) -> None:
    assert numbers.money(amount) == shown
    assert numbers.money(amount, "EUR") == f"{shown} EUR"


def test_bounds_are_rounded_down() -> None:
    assert numbers.money_down(1234400.99) == "1,234,400"
    assert numbers.money_down(-1234400.01) == "-1,234,401"
    assert numbers.money_down(0.299) == "0.29"
    assert numbers.money_down(-0.001) == "-0.01"


def test_gaps_are_rounded_up_and_use_down() -> None:
    assert numbers.gap(0.000136) == "0.02 %"
    assert numbers.gap(0.01) == "1.00 %"
    assert numbers.gap(0.0) == "0.00 %"
    assert numbers.use(99.999, 100) == "99 %"
    assert numbers.use(0.29, 0.29) == "100 %"
    assert numbers.use(0, 0) == "–"


@pytest.mark.parametrize(("part", "shown"), [(0, "0 %"), (0.0004, "less than 0.1 %"), (0.0123, "1.2 %"), (0.12, "12 %"), (1, "100 %")])
def test_shares(part: float, shown: str) -> None:
    assert numbers.share(part) == shown


def test_words() -> None:
    assert numbers.count(0, "step") == "no steps"
    assert numbers.count(1, "step") == "1 step"
    assert numbers.effort({}, {}) == ""
    assert numbers.effort({"a": 1}, {}) == "1 person-day of a"
    assert numbers.effort({"plant_security": 7.5, "b": 2, "c": 0}, {"b": "IT people"}) == "9.5 person-days (plant security 7.5, IT people 2)"
    assert numbers.cost(0, 0, "EUR") == "no money"
    assert numbers.cost(0, 5, "EUR") == "5 EUR a year once finished"
    assert numbers.day(datetime.date(2027, 3, 31)) == "31 Mar 2027"
    assert numbers.bar(1, 100, 10) == "█"
    assert numbers.bar(0, 100, 10) == ""
