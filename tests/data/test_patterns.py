"""No regular expression is shown to anybody: every form that a text must have is said in words, and says what fits."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats import patterns
from stepladder.data.schemas import KINDS
from stepladder.errors import InvalidInput
from tests.support.asking import ask


def found(node: Any) -> set[str]:
    """Every pattern that a schema has, of whole values and of keys."""
    if isinstance(node, list):
        return set().union(*map(found, node))
    if not isinstance(node, dict):
        return set()
    own = {node["pattern"]} if isinstance(node.get("pattern"), str) else set()
    return own.union(*map(found, node.values()))


#: Of shares, which are read by a function with words of its own.
SHARE = r"^\d{1,3}(\.\d+)? ?%$"


@pytest.mark.parametrize("name", KINDS)
def test_every_form_has_words(name: str) -> None:
    for pattern in found(KINDS[name].model_json_schema()) - {SHARE}:
        assert "^" not in patterns.in_words(pattern)


@pytest.mark.parametrize(
    ("pattern", "samples"),
    [
        (patterns.WHEN, ["2027-12-11", "2027-Q4", "2027-12", "2027"]),
        (patterns.PART, ["10%"]),
        (patterns.CURRENCY, ["EUR"]),
        (patterns.PLAN_ID, ["plant-1_b"]),
        (patterns.EVERY, ["12 months", "1 year"]),
    ],
)
def test_what_is_named_as_a_sample_is_one(pattern: str, samples: list[str]) -> None:
    assert all(re.fullmatch(pattern, sample) for sample in samples)
    assert "^" not in patterns.in_words(pattern)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"currency": "eur"}, '"eur" is not of the right form; write the three capital letters of a currency'),
        (
            {"appetite": {"c": {"expected_loss_per_year": 5, "from": "next year"}}},
            "write a date such as 2027-12-11, or a period or year such as 2027-Q4",
        ),
        (
            {"appetite": {"c": {"year": {"above": 5, "chance": "0%"}}}},
            '"0%" is too small; it must be more than 0',
        ),
        ({"budget": {"amount": 5, "reserve": "100%"}}, "write a part of less than 100%"),
        ({"current": {"default": 1}, "shared": ["Café"]}, "write small letters, digits"),
    ],
)
def test_a_text_of_another_form_is_answered_in_words(said: dict[str, Any], words: str, tmp_path: Path) -> None:
    with pytest.raises(InvalidInput) as wrong:
        ask(tmp_path, **said)
    lines = "\n".join(issue.message for issue in wrong.value.issues)
    assert words in lines
    assert "^" not in lines


@pytest.mark.parametrize(
    ("share", "words"),
    [
        ("180%", "180% is too large; it must be at most 1"),
        (80, "80 is too large; it must be at most 1: write 80% or 0.8"),
        ("0%", "too small; it must be more than 0"),
    ],
)
def test_all_of_a_loss_can_be_insured_and_no_more(share: object, words: str, tmp_path: Path) -> None:
    """Of other shares something must be left, of this one not; what is said is what holds."""

    def insured(part: object) -> dict[str, Any]:
        policy = {"premium": 5, "limit": 100, "share": part}
        threat = {"events_per_year": 1, "loss_per_event": {"median": 10, "p95": 50}}
        return {"insurance": {"basic": policy}, "threats": {"theft": {"type": "theft", **threat}}}

    with pytest.raises(InvalidInput) as wrong:
        ask(tmp_path, **insured(share))
    assert words in "\n".join(issue.message for issue in wrong.value.issues)
    for whole in ("100%", "100 %", 1, 1.0):
        assert ask(tmp_path, **insured(whole)).problem.policies[0].id == "basic"
