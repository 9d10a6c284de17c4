"""Whether a plan of a question can run over its money at all."""

from __future__ import annotations

from collections.abc import Iterable

from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.problem import MONEY, Window

#: Kinds of unknown figures that change what is spent, or when.
MOVING = ("money", "months")


def certain(windows: Iterable[Window], unknowns: Iterable[Unknown]) -> str:
    """Why no plan can run over its money, with what would change that; empty where it can."""
    if not any(window.resource in MONEY for window in windows):
        return "money has no limit here, so nothing can run over; give `budget` an amount"
    if not any(unknown.kind in MOVING for unknown in unknowns):
        return (
            "no cost and no duration is uncertain here, so nothing can run over; write one as {low: …, likely: …, high:"
            " …}, or all of them with costs.spread"
        )
    return ""
