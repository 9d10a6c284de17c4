"""What tests of several rooms share: the small cases and their plans."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.data.load import load_problem
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan

CASES = Path(__file__).parents[1] / "cases"
EXPECTED = json.loads((CASES / "expected.json").read_text(encoding="utf-8"))
FEASIBLE = [name for name, expected in EXPECTED.items() if expected["status"] == "optimal"]


@lru_cache
def case(name: str) -> Problem:
    """One of the small problems with a known answer."""
    return load_problem(CASES / f"{name}.json")


@lru_cache
def plan_of(name: str) -> Plan:
    """Its exact plan."""
    return make_plan(case(name), optimise(case(name), Options(gap=0.0)))
