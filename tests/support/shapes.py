"""Plans of other shapes: one step, none, and a fleet."""

from __future__ import annotations

import datetime
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from stepladder.data.formats.past import Missed
from stepladder.data.formats.plan import Plan
from stepladder.optimise import Options
from stepladder.workflow.replan import replan, stands
from tests.support import handmade


def fleet(systems: int, steps: int, periods: int = 12) -> Plan:
    """So many systems of so many steps, each step a period after the one before."""
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
    quarters = [handmade.period(t) for t in range(periods)]
    asked = handmade.problem(title="A fleet", steps=said, windows=[], threats=[], appetite=[], periods=quarters)
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
        years=[{"label": str(2027 + k), "from": 4 * k, "to": 4 * k + 3} for k in range(periods // 4)],
        origins={},
    )
    return handmade.plan(asked, starts, told)


def small(count: int) -> Plan:
    """One step, or none."""
    steps: list[dict[str, Any]] = [{"id": "a.level.2", "title": "The only step", "once": 10}][:count]
    asked = handmade.problem(steps=steps, windows=[], threats=[], appetite=[])
    return handmade.plan(asked, {step["id"]: 0 for step in steps})


#: What has become of the first half year: one step done late, one cancelled, and more spent than the steps account for.
ACTUALS = """format: stepladder-actuals/1
as_of: 2027-Q3
steps:
  assets.depth.2: {status: done, started: 2027-Q1, finished: 2027-Q2, spent: 6000}
  vault.depth.4: {status: cancelled, reason: too dear}
spent: {2027-Q1: 20000.5, 2027-Q2: 15000}
"""


@cache
def renewed() -> Plan:
    """The hand-made plan after half a year: two steps are done, one is running, one is cancelled."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "actuals.yaml"
        path.write_text(ACTUALS, encoding="utf-8")
        published = handmade.bottling()
        return replan(published, stands(published, actuals=path), Options(work=1)).plan


def late() -> Plan:
    """The plan after half a year, its milestone missed: it was due by the end of June."""
    plan = renewed()
    (milestone,) = plan.milestones
    missed = Missed(milestone=milestone.name, by=datetime.date(2027, 6, 30), earliest="2027-Q3", proved=True)
    return plan.model_copy(update={"missed": (missed,)})


def crew(*, late: int = 0, parts: bool = False, again: bool = False) -> Plan:
    """Two lines, a team of three people that are away in the third quarter, and another that has so many days a year.

    A quarter of three people has 190 person-days: two steps take 130 and 60 of the second, one half of 250 in each of
    the fifth and the sixth, which no year divides. What is ``late`` begins so many periods later; in ``parts`` the last
    one is paid in other parts than evenly; ``again``: something comes again after the first.
    """
    said: list[dict[str, Any]] = [
        {"id": "north/a.level.2", "title": "North", "once": 10_001, "per_year": 500.5, "effort": {"security": 130}},
        {"id": "south/a.level.2", "title": "South", "once": 700, "effort": {"security": 60, "operations": 40}},
        {
            "id": "south/b.level.2",
            "title": "Over the year's end",
            "once": 9_999.99,
            "per_year": 1200,
            "duration": 2,
            "effort": {"security": 250, "operations": 60},
            "needs": [{"step": "south/a.level.2"}],
            **({"spread": [0.3, 0.7]} if parts else {}),
        },
    ]
    if again:
        said[0]["renew"] = {"every": 2, "a_year": 2, "once": 100.25, "effort": {"security": 1.5}}
    limits = [
        *({"resource": "security", "from": t, "to": t, "limit": 0 if t == 2 else 190} for t in range(8)),
        *({"resource": "operations", "from": 4 * k, "to": 4 * k + 3, "limit": 70} for k in range(2)),
    ]
    starts = {"north/a.level.2": 1 + late, "south/a.level.2": 1, "south/b.level.2": 3}
    periods = [handmade.period(t) for t in range(8)]
    asked = handmade.problem(title="A crew", steps=said, windows=limits, threats=[], appetite=[], periods=periods)
    years = [{"label": str(2027 + k), "from": 4 * k, "to": 4 * k + 3} for k in range(2)]
    return handmade.plan(
        asked, starts, handmade.context(parameters=[], milestones=[], steps={}, years=years, origins={})
    )
