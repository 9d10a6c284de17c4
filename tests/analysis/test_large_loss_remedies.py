"""Of caps on large losses that cannot be kept: which can, against trying everything."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest

from stepladder.analysis.repair import repair
from stepladder.data.demand import demands_of
from stepladder.data.formats.problem import Problem
from stepladder.optimise import Options
from stepladder.output.repairs import repair_json, repair_text
from stepladder.solution.verify import broken_rules
from tests.support.brute import Brute
from tests.support.exceeding import kinds_of, measured
from tests.support.insured_tail import insured_tail
from tests.support.large_losses import MEASURES, with_exceedance
from tests.support.sizes import size


def out_of_reach(seed: int) -> dict[str, Any]:
    """A random problem with one cap that no plan keeps, or hardly any."""
    said = with_exceedance(seed)
    cap = said["exceedance"][0]
    said["exceedance"] = [cap]
    every = {step["id"] for step in said["steps"]}
    low, high = measured(cap, kinds_of(said, cap, every), 1024)
    most = (low + high) / 2 * 0.9
    if cap["of"] == "excess":
        cap["per_year"] = round(most, 2)
    else:
        cap["chance"] = max(most, 1e-9)
    return said


def reachable(said: dict[str, Any]) -> float:
    """The least of what the cap is on among plans that break no other rule."""
    cap, lag, horizon = said["exceedance"][0], said["effect_lag"], len(said["periods"])
    durations = {step["id"]: step["duration"] for step in said["steps"]}
    least = math.inf
    for plan in Brute(said).plans():
        if plan.broken <= set(MEASURES):
            there = {n for n, s in plan.starts.items() if min(s + durations[n] - 1 + lag, horizon) <= cap["from"]}
            least = min(least, measured(cap, kinds_of(said, cap, there), 512)[1])
    return least


@pytest.mark.parametrize("start", range(0, size(60), 3))
def test_the_least_cap_that_can_be_kept_is_found(start: int) -> None:
    for seed in range(start, start + 3):
        said = out_of_reach(seed)
        made = Problem.model_validate_json(json.dumps(said))
        found = repair(made, demands_of(made), Options(gap=0.0))
        remedy = next((remedy for remedy in found.remedies if remedy.kinds == ("tail",)), None)
        least = reachable(said)
        if math.isinf(least):
            assert remedy is None or not remedy.helps
            continue
        assert remedy is not None
        assert remedy.helps, seed
        assert remedy.problem is not None
        assert broken_rules(remedy.problem, remedy.starts) == []
        (change,) = remedy.changes
        of = said["exceedance"][0]["of"]
        # An excess over a cap is counted in millionths of it; a year's between cells.
        assert change.amount == pytest.approx(least, rel=0.02 if of == "year" else 1e-5, abs=1e-6), (seed, of)
        (claim,) = remedy.claims
        assert claim.low <= claim.high
        if of != "year" and not any(threat.get("cheaper") for threat in said["threats"]):
            assert claim.exact, seed
        text = " ".join(repair_text(found).split())
        assert "instead of" in text
        assert "given your numbers" in text
        assert "null" not in repair_json(found).split('"remedies"')[0].split('"clashes"')[1]


# -- with policies -----------------------------------------------------------------------------------------------------


def insured_out_of_reach(seed: int) -> dict[str, Any]:
    """A random problem with policies and one cap that no plan keeps, or hardly any."""
    said = insured_tail(seed * 4 + 1 + seed % 3)
    (cap, *_) = said["exceedance"]
    said["exceedance"], said["appetite"] = [cap], []
    every = {step["id"] for step in said["steps"]}
    ends = [measured(cap, kinds_of(said, cap, every, [policy["id"]]), 1024) for policy in said["policies"]]
    most = min(sum(end) / 2 for end in ends) * 0.9
    if cap["of"] == "excess":
        cap["per_year"] = round(most, 2)
    else:
        cap["chance"] = max(most, 1e-9)
    return said


def insured_reachable(said: dict[str, Any]) -> float:
    """The least of what the cap is on, at the worst time, among plans that break no other rule."""
    cap, lag, horizon = said["exceedance"][0], said["effect_lag"], len(said["periods"])
    durations = {step["id"]: step["duration"] for step in said["steps"]}
    last, least = horizon if cap.get("to") is None else cap["to"], math.inf
    for plan in Brute(said).plans():
        if plan.broken <= set(MEASURES):
            worst = 0.0
            for t in range(cap["from"], last + 1):
                there = {
                    n
                    for n, s in plan.starts.items()
                    if n in durations and min(s + durations[n] - 1 + lag, horizon) <= t
                }
                years = enumerate(said["policy_years"])
                numbers = [y for y, year in years if year["from"] <= t <= year["to"]]
                held = [p["id"] for p in said["policies"] for y in numbers if f"{p['id']}@{y}" in plan.starts]
                worst = max(worst, measured(cap, kinds_of(said, cap, there, held), 512)[1])
            least = min(least, worst)
    return least


@pytest.mark.parametrize("start", range(0, size(60), 3))
def test_with_policies_the_least_cap_that_can_be_kept_is_found_too(start: int) -> None:
    for seed in range(start, start + 3):
        said = insured_out_of_reach(seed)
        made = Problem.model_validate_json(json.dumps(said))
        least = insured_reachable(said)
        found = repair(made, demands_of(made), Options(gap=0.0))
        remedy = next((remedy for remedy in found.remedies if remedy.kinds == ("tail",)), None)
        if math.isinf(least):
            assert remedy is None or not remedy.helps
            continue
        if least == 0:
            # A policy takes all of it over, so that the smallest cap that can be written is kept.
            assert found.possible, seed
            continue
        assert remedy is not None, seed
        assert remedy.helps, seed
        assert remedy.problem is not None
        assert broken_rules(remedy.problem, remedy.starts) == []
        (change,) = remedy.changes
        of = said["exceedance"][0]["of"]
        assert change.amount == pytest.approx(least, rel=0.02 if of == "year" else 1e-5, abs=1e-5), (seed, of)
        (claim,) = remedy.claims
        assert claim.low <= claim.high
        if of != "year" and not any(threat.get("cheaper") for threat in said["threats"]):
            assert claim.exact, seed
        text = " ".join(repair_text(found).split())
        assert ("The plan that shows it is insured: “policy" in text) == any("@" in name for name in remedy.starts)
