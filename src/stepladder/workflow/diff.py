"""``diff``: what differs between two plans, step by step, with reasons."""

from __future__ import annotations

from pathlib import Path

from stepladder.analysis.difference import Difference, difference
from stepladder.workflow.show import show


def diff(before: str | Path, after: str | Path) -> Difference:
    """Read two plans, verify both, and say what differs.

    Raises
    ------
    NotVerified
        When one of them breaks a rule, or states a wrong figure.
    """
    return difference(show(before), show(after))
