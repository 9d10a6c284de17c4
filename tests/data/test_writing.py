"""What we write as YAML is read as what it is: codes such as N, 1e5 or 012 stay text."""

from __future__ import annotations

import pytest

from stepladder.data.reading.tree import read_yaml
from stepladder.data.writing import document

TEXTS = ["N", "y", "no", "On", "012", "1e5", "1_000", "0:30", "12:30", "0o17", "0x1F", "1.10", "nan", "-inf", ".5", "~"]
TEXTS += [
    "null",
    "true",
    "",
    "-",
    "+",
    "1.A",
    "3-1",
    "2027-01-01",
    "# no",
    "a: b",
    "it's",
    'the "best"',
    "a\nb",
    "=1+1",
]


@pytest.mark.parametrize("text", TEXTS)
def test_a_text_is_read_as_itself(text: str) -> None:
    written = {"plain": text, "list": [text], **({text: 1} if text else {})}
    root, issues = read_yaml(document(written), "file.yaml")
    assert issues == []
    assert root is not None
    assert root.plain() == written


def test_nothing_is_put_in_quotes_without_a_reason() -> None:
    assert document({"title": "Gate", "count": 1, "share": 0.5}, ["Made up."]) == (
        "# Made up.\ntitle: Gate\ncount: 1\nshare: 0.5\n"
    )
