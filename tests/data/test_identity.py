"""Which roadmap a plan is a version of."""

from __future__ import annotations

import pytest

from stepladder.data.identity import LONGEST, is_id, roadmap_id


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("bottling_line", "bottling_line"),
        ("Bottling line (2027)", "bottling-line-2027"),
        ("Straßenbahn Süd", "straenbahn-sud-"),
        ("Überwachung", "uberwachung"),
        ("工場", "roadmap-"),
        ("завод", "roadmap-"),
        ("", "roadmap-"),
        ("--", "roadmap-"),
        ("x" * 41, "x" * 31 + "-"),
    ],
)
def test_an_id_follows_from_a_name(name: str, expected: str) -> None:
    found = roadmap_id(name)
    assert found.startswith(expected)
    assert is_id(found)
    assert len(found) <= LONGEST
    # Where letters were lost, a checksum stands for them.
    assert len(found) == len(expected) + (8 if expected.endswith("-") else 0)


def test_names_of_other_scripts_are_told_apart() -> None:
    names = ["工場", "工房", "завод", "線", "x" * 41, "x" * 42, "ß", "ẞx", "ss"]
    assert len({roadmap_id(name) for name in names}) == len(names)


@pytest.mark.parametrize("text", ["", "A", "-a", "a b", "ä", "a" * 41, "a\n"])
def test_what_is_no_id(text: str) -> None:
    assert not is_id(text)
