"""Small scenarios on the small catalogue, written to a file and read back as people's are."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from stepladder.data.formats.problem import Step, Window
from stepladder.data.load import load
from stepladder.data.question import Question

CATALOGUE = Path(__file__).parents[1] / "data" / "catalogue.yaml"

BASE: dict[str, Any] = {
    "format": "stepladder-scenario/1",
    "catalogue": str(CATALOGUE),
    "horizon": {"start": "2027-01-01", "periods": 8},
    "current": {"default": {"depth": 1, "reach": 1}},
    "target": {"default": {"depth": 2, "reach": 1}},
    "threats": {"theft": {"type": "theft", "expected_loss_per_year": 10000}},
    "budget": {"amount": 40000},
}


def ask(folder: Path, *assignments: str, scenario: str | None = None, **parts: Any) -> Question:
    """The base scenario with parts exchanged; None takes one away."""
    said = {key: value for key, value in {**BASE, **parts}.items() if value is not None}
    path = folder / "asked.yaml"
    # Dates are written bare, as people write them.
    text = yaml.safe_dump(said, sort_keys=False).replace("start: '2027-01-01'", "start: 2027-01-01")
    path.write_text(text, encoding="utf-8")
    return load(path, scenario, list(assignments))


def step(asked: Question, name: str) -> Step:
    return next(item for item in asked.problem.steps if item.id == name)


def windows(asked: Question, resource: str) -> list[tuple[int, int, float]]:
    return [_bounds(window) for window in asked.problem.windows if window.resource == resource]


def _bounds(window: Window) -> tuple[int, int, float]:
    return window.from_, window.to, window.limit
