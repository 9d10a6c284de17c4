"""What whole plans with policies come to, against years that are drawn: events that happen, steps that prevent some,
insurers that pay.
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import Any

import numpy as np
import pytest

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from tests.support.insured import insured
from tests.support.sizes import FULL

#: Ways in which all may turn out, and plans with a policy in force.
DRAWS, PLANS = 20_000, 20 if FULL else 2


@cache
def plans() -> list[tuple[dict[str, Any], Plan]]:
    """Whole plans of random problems, those with a policy in force, without points, for which nothing is drawn."""
    found: list[tuple[dict[str, Any], Plan]] = []
    for seed in range(5000, 5400):
        said = insured(seed)
        if said["objective"] == "worth" or len(found) == PLANS:
            continue
        problem = Problem.model_validate_json(json.dumps(said))
        outcome = optimise(problem, Options(gap=0.0))
        if outcome.value is not None and any("@" in name for name in outcome.starts):
            found.append((said, make_plan(problem, outcome)))
    return found


def drawn(said: dict[str, Any], plan: Plan) -> np.ndarray[Any, Any]:
    """The discounted losses of each draw, as they are ours: from the numbers of the question and nothing of the
    product's. An event that some step in place prevents does not happen; of the others the insurer pays its share.
    """
    draw = np.random.default_rng(int(said["title"].split()[-1]))
    lag, last = said.get("effect_lag", 1), len(said["periods"])
    done = {
        step["id"]: plan.starts[step["id"]] + step.get("duration", 1) + lag - 1
        for step in said["steps"]
        if step["id"] in plan.starts
    }
    total = np.zeros(DRAWS)
    spans = [*said["periods"], said["tail"]]
    for t, span in enumerate(spans):
        year = next((y for y, one in enumerate(said["policy_years"]) if one["from"] <= t <= one["to"]), None)
        held = None if year is None else plan.policies[year]
        offer = next((policy for policy in said["policies"] if policy["id"] == held), None)
        for threat in said["threats"]:
            events = threat["events"]
            kept = math.prod(
                factor
                for name, factor in threat.get("factors", {}).items()
                if name in done and (done[name] <= t or t == last)
            )
            counts = draw.poisson(events["per_year"] * span["years"], DRAWS)
            whose = np.repeat(np.arange(DRAWS), counts)
            # Each event is prevented or not by itself.
            whose = whose[draw.random(len(whose)) < kept]
            cost = events["median"] * np.exp(events["sigma"] * draw.standard_normal(len(whose)))
            terms = offer["terms"].get(threat["id"]) if offer is not None else None
            if terms is not None:
                above = np.clip(cost - terms.get("retention", 0.0), 0.0, terms["limit"])
                cost = cost - terms.get("share", 1.0) * above
            total += span["discount"] * np.bincount(whose, cost, DRAWS)
    return total


def apart(said: dict[str, Any], plan: Plan, stated: float) -> float:
    """How many standard errors lie between what a plan states and what is drawn."""
    total = drawn(said, plan)
    return abs(float(total.mean()) - stated) / (float(total.std(ddof=1)) / math.sqrt(DRAWS))


@pytest.mark.parametrize("number", range(PLANS))
def test_expected_loss_is_the_mean_of_what_is_drawn(number: int) -> None:
    said, plan = plans()[number]
    assert apart(said, plan, plan.totals.loss_present_value) < 4


def test_a_policy_that_did_not_pay_would_be_seen() -> None:
    bare = [plan.model_copy(update={"policies": (None,) * len(plan.policies)}) for _, plan in plans()]
    pairs = zip(plans(), bare, strict=True)
    seen = [apart(said, without, plan.totals.loss_present_value) > 4 for (said, plan), without in pairs]
    assert sum(seen) >= len(seen) / 2
