"""A mill with insurance, which asks for a step that somebody has to run afterwards."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from stepladder.data.formats.plan import Plan
from stepladder.data.load import load
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan

CATALOGUE = Path(__file__).parents[1] / "data" / "catalogue.yaml"
MILL = f"""\
format: stepladder-scenario/1
catalogue: {CATALOGUE}
horizon: {{start: 2027-01-01, periods: 12}}
current: {{default: {{depth: 1, reach: 1}}}}
target: {{default: {{depth: 2, reach: 1}}}}
costs: {{steps: {{access.depth.2: {{effort_per_year: {{plant: 12}}}}}}}}
threats:
  theft:
    type: theft
    events_per_year: 0.2
    loss_per_event: {{median: 40000, p95: 200000}}
budget: {{amount: 40000}}
insurance:
  basic:
    title: Insurer A, basic
    premium: {{2028: 310, 2029: 320}}
    retention: 5000
    limit: 100000
    requires: {{access: {{depth: 2}}}}
    source: Offer
"""


@cache
def mill() -> Plan:
    """No policy in 2027, then the same for two years, after access.depth.2."""
    plan = planned(MILL)
    assert plan.policies == (None, "basic", "basic")
    return plan


@cache
def at_once() -> Plan:
    """The same policy for both of two years, from the first day on: nothing is to be done for it, and nothing runs."""
    other = {
        "periods: 12": "periods: 8",
        "costs: {steps: {access.depth.2: {effort_per_year: {plant: 12}}}}\n": "",
        "{2028: 310, 2029: 320}": "{2027: 300, 2028: 310}",
        "requires: {access: {depth: 2}}": "requires: {access: {depth: 1}}",
    }
    text = MILL
    for one, then in other.items():
        assert one in text
        text = text.replace(one, then)
    return planned(text)


def planned(text: str) -> Plan:
    """The best plan of a scenario."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "mill.yaml"
        path.write_text(text, encoding="utf-8")
        question = load(path)
    return make_plan(question.problem, optimise(question.problem, Options(gap=0.0)), question.context)
