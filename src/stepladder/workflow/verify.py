"""``verify``: every rule and every stated figure of a plan, checked from its problem and its starts alone."""

from __future__ import annotations

from pathlib import Path

from stepladder.data.formats.plan import Plan
from stepladder.data.load import load_plan
from stepladder.errors import Fault
from stepladder.workflow.reading import existing


def verify(path: str | Path) -> tuple[Plan, list[Fault]]:
    """Read a plan and check it; no faults means verified. The bound cannot be re-proved without solving."""
    from stepladder.solution.verify import verify as faults_of

    plan = load_plan(existing(path))
    return plan, faults_of(plan)


def rules() -> dict[str, str]:
    """What is checked: rule by rule, with its meaning."""
    from stepladder.solution.verify import RULES

    return dict(RULES)
