"""Files with something wrong in them, made by accident: seeded, so that the same number gives the same file."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

NASTY: list[str] = [
    *(
        "",
        "~",
        "null",
        "yes",
        "012",
        "0x1F",
        "1:30",
        ".nan",
        "-.inf",
        "1e999",
        "-1",
        "0",
        "1e-320",
        "99999999999999999999",
        "2027-02-30",
        "9999-12-31",
    ),
    *(
        "[]",
        "{}",
        "[[]]",
        "{a: {b: c}}",
        "*x",
        "&x y",
        "!!python/name:os.system",
        "<<",
        "|",
        ">",
        "- a",
        "? a",
        "%",
        "@",
        "`",
        "'",
        '"',
        "\t",
        "\x00",
        "\x07",
    ),
    *(
        "\ufeff",
        "\u202e",
        "\ud7ff",
        "\U0001f600",
        "é",
        "=1+1",
        "a" * 5000,
        "default",
        "money",
        "a/b",
        "a.b.c",
        "access.depth.2",
        "2027-Q9",
        "2027-Q1",
        "half",
    ),
]
_SCALAR = re.compile(r"[^\s,:{}\[\]\"]+")


def _spot(rng: random.Random, text: str) -> int:
    return rng.randrange(len(text) + 1)


def _delete(rng: random.Random, text: str) -> str:
    at = _spot(rng, text)
    return text[:at] + text[at + rng.choice((1, 1, 2, 8, 40)) :]


def _insert(rng: random.Random, text: str) -> str:
    at = _spot(rng, text)
    added: str = rng.choice([*NASTY, *",:{}[]#&*!|>'\"%@`-? \n"])
    return text[:at] + added + text[at:]


def _scalar(rng: random.Random, text: str) -> str:
    found = rng.choice(list(_SCALAR.finditer(text)) or [None])
    return text if found is None else text[: found.start()] + rng.choice(NASTY) + text[found.end() :]


def _other_scalar(rng: random.Random, text: str) -> str:
    found = list(_SCALAR.finditer(text))
    if not found:
        return text
    here, there = rng.choice(found), rng.choice(found)
    return text[: here.start()] + there[0] + text[here.end() :]


def _line(change: Callable[[random.Random, list[str], int], list[str]]) -> Callable[[random.Random, str], str]:
    def changed(rng: random.Random, text: str) -> str:
        lines = text.split("\n")
        at = rng.randrange(len(lines))
        return "\n".join([*lines[:at], *change(rng, lines, at), *lines[at + 1 :]])

    return changed


def _copy(rng: random.Random, text: str) -> str:
    start, at = _spot(rng, text), _spot(rng, text)
    return text[:at] + text[start : start + rng.randrange(60)] + text[at:]


KINDS: list[Callable[[random.Random, str], str]] = [
    _delete,
    _insert,
    _scalar,
    _scalar,
    _scalar,
    _other_scalar,
    _other_scalar,
    _copy,
    lambda rng, text: text[: _spot(rng, text)],
    _line(lambda _, __, ___: []),
    _line(lambda _, lines, at: [lines[at]] * 2),
    _line(lambda rng, lines, at: [rng.choice((" ", "  ", "\t", "- ")) + lines[at]]),
    _line(lambda _, lines, at: [lines[at].lstrip()]),
    _line(lambda rng, lines, _: [rng.choice(lines)]),
]


def mutant(seed: int, text: str) -> str:
    """The text with one to three things wrong in it."""
    rng = random.Random(seed)
    for _ in range(rng.choice((1, 1, 2, 3))):
        text = rng.choice(KINDS)(rng, text)
    return text
