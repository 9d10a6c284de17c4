"""``show``: a plan from its file, never one that breaks a rule."""

from __future__ import annotations

from pathlib import Path

from stepladder.data.formats.plan import Plan
from stepladder.errors import NotVerified
from stepladder.workflow.verify import verify


def show(path: str | Path) -> Plan:
    """Read a plan and verify it.

    Raises
    ------
    NotVerified
        With every rule that it breaks and every figure that differs.
    """
    plan, faults = verify(path)
    if faults:
        raise NotVerified(faults)
    return plan
