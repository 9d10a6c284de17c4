"""Plans of other shapes: one step, none, and a fleet."""

from __future__ import annotations

from typing import Any

from stepladder.data.formats.plan import Plan
from tests.support import handmade


def fleet(systems: int, steps: int) -> Plan:
    """So many systems of so many steps, each step a quarter after the one before."""
    said: list[dict[str, Any]] = []
    starts: dict[str, int] = {}
    for line in range(systems):
        for k in range(steps):
            name = f"line_{line}/practice_{k}.level.2"
            need = [{"step": f"line_{line}/practice_{k - 1}.level.2"}] if k % 10 else []
            step = {
                "id": name,
                "title": f"Line {line}: Practice {k} to Ad hoc",
                "once": 1000 + k,
                "per_year": 10,
                "effort": {"security": 1},
                "needs": need,
            }
            said.append(step)
            starts[name] = k % 10
    periods = [handmade.period(t) for t in range(12)]
    asked = handmade.problem(title="A fleet", steps=said, windows=[], threats=[], appetite=[], periods=periods)
    told = handmade.context(
        parameters=[
            {
                "id": step["id"].rpartition(".")[0],
                "system": step["id"].partition("/")[0],
                "practice": "P",
                "groups": ["G"],
                "scale": "S",
                "levels": {"1": "Minimum", "2": "Ad hoc"},
                "current": 1,
                "target": 2,
            }
            for step in said
        ],
        milestones=[],
        steps={step["id"]: {"parameter": step["id"].rpartition(".")[0], "level": 2} for step in said},
        years=[{"label": str(2027 + k), "from": 4 * k, "to": 4 * k + 3} for k in range(3)],
        origins={},
    )
    return handmade.plan(asked, starts, told)


def small(count: int) -> Plan:
    """One step, or none."""
    steps: list[dict[str, Any]] = [{"id": "a.level.2", "title": "The only step", "once": 10}][:count]
    asked = handmade.problem(steps=steps, windows=[], threats=[], appetite=[])
    return handmade.plan(asked, {step["id"]: 0 for step in steps})
