"""Cleaning, measuring, cutting, wrapping; and numbers rounded to the safe side."""

from __future__ import annotations

import datetime
import random

import pytest

from stepladder.wording import numbers
from stepladder.wording.text import clean, columns, cut, fitted, listed, pad, quote, shortened, wrap
from tests.support import handmade


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
        ("e" + "\u0301" * 9, "e" + "\u0301" * 6),
        # Persian, an emoji of two, one that is newer than Python, Hebrew with four marks on a letter: as written.
        ("\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645", "\u0645\u06cc\u200c\u062e\u0648\u0627\u0647\u0645"),
        ("👩\u200d💻 \U0001fae8", "👩\u200d💻 \U0001fae8"),
        ("\u05e9\u05c1\u05bc\u05b8\u0591", "\u05e9\u05c1\u05bc\u05b8\u0591"),
        ("\u200c\u200da\u200d\u200db\u200c c\u200d", "a\u200db c"),
        ("\u202eevil\u202c \u2067open", "evil open"),
        ("a \u2068b\u2069 c\u2069", "a \u2068b\u2069 c"),
        ("\ufdd0\U000e0041\U000e0fff", "\N{REPLACEMENT CHARACTER}\N{REPLACEMENT CHARACTER}"),
        ("\ue000", "\ue000"),
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


def test_cleaning_twice_changes_nothing() -> None:
    dice = random.Random(2)
    for _ in range(300):
        once = clean(
            handmade.hostile(dice)
            + chr(dice.choice([0x200C, 0x200D, 0x2068, 0x2069, 0x202E, 0x301, 0x1FAE8]))
            + handmade.hostile(dice)
        )
        assert clean(once) == once


def test_text_from_right_to_left_turns_nothing_beside_it() -> None:
    assert quote("\u0645\u0631\u0627\u062c\u0639\u0629") == "“\u2068\u0645\u0631\u0627\u062c\u0639\u0629\u2069”"
    assert quote("plain é") == "“plain é”"
    assert columns(quote("\u0645\u0631\u0627\u062c\u0639\u0629")) == 8
    assert pad("\u05e6\u05d5\u05d5\u05ea", 6) + "|" == "\u2068\u05e6\u05d5\u05d5\u05ea\u2069  |"
    # What is cut is still closed.
    assert (
        cut("“\u2068\u05de\u05e8\u05d0\u05d2'\u05e2\u05d4 \u05d0\u05e8\u05d5\u05db\u05d4\u2069”", 8)
        == "“\u2068\u05de\u05e8\u05d0\u05d2'\u05e2\u2069…"
    )


def test_what_is_cut_of_a_title_is_the_system_s() -> None:
    line = "Pharmaceutical packaging line with serialisation in hall "
    one, other = (fitted(f"{line * 6}{hall}: Access Control to Consistent", 90) for hall in "AB")
    assert one != other
    for shown in (one, other):
        assert shown.endswith(": Access Control to Consistent")
        assert columns(shown) <= 90
    assert fitted("A: " + "x" * 20, 10) == "xxxxxxxxx…"
    assert fitted("System with a name: Step", 4) == "Step"
    assert fitted("one two", 5) == "one…"
    assert shortened("abcdefghij", 7) == "abcd…ij"


def test_no_title_is_longer_than_it_may_be() -> None:
    dice = random.Random(3)
    for _ in range(500):
        text, most = clean(": ".join(handmade.hostile(dice) for _ in range(dice.randint(1, 3)))), dice.randint(1, 60)
        for measure in (columns, len):
            assert measure(fitted(text, most, measure)) <= most
            assert measure(shortened(text, most, measure)) <= most


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
    [
        (0, "0"),
        (1234567.4, "1,234,567"),
        (999.5, "999.50"),
        (12.0, "12"),
        (-5.25, "-5.25"),
        (1e13, "10,000,000,000,000"),
        (0.29, "0.29"),
        (-0.0, "0"),
    ],
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


@pytest.mark.parametrize(
    ("part", "shown"), [(0, "0 %"), (0.0004, "less than 0.1 %"), (0.0123, "1.2 %"), (0.12, "12 %"), (1, "100 %")]
)
def test_shares(part: float, shown: str) -> None:
    assert numbers.share(part) == shown


def test_words() -> None:
    assert numbers.count(0, "step") == "no steps"
    assert numbers.count(1, "step") == "1 step"
    assert numbers.effort({}, {}) == ""
    assert numbers.effort({"a": 1}, {}) == "1 person-day of a"
    assert (
        numbers.effort({"plant_security": 7.5, "b": 2, "c": 0}, {"b": "IT people"})
        == "9.5 person-days (plant security 7.5, IT people 2)"
    )
    assert numbers.cost(0, 0, "EUR") == "no money"
    assert numbers.cost(0, 5, "EUR") == "5 EUR a year once finished"
    assert numbers.day(datetime.date(2027, 3, 31)) == "31 Mar 2027"
    assert numbers.bar(1, 100, 10) == "█"
    assert numbers.bar(0, 100, 10) == ""
