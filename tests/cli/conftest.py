"""Plans as files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from stepladder.data.formats.plan import dump
from tests.support import handmade


@pytest.fixture
def plan_file(tmp_path: Path) -> Path:
    """A plan that keeps its rules."""
    path = tmp_path / "plan.json"
    path.write_text(dump(handmade.bottling()), encoding="utf-8")
    return path


@pytest.fixture
def broken_file(tmp_path: Path) -> Path:
    """The same plan with a wrong total."""
    plan = json.loads(dump(handmade.bottling()))
    plan["totals"]["spend_present_value"] += 1
    path = tmp_path / "broken.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    return path
