"""Small random problems with insurance: needs, shares below 1, years that are decided, two systems, all objectives."""

from __future__ import annotations

import json
import math
import random
from typing import Any

from tests.support import problems

#: Beside insurance some of these.
RULES = ("needs", "money", "money", "money_per_year", "appetite", "appetite_threat", "required", "max_parallel", "team")


def insured(seed: int) -> dict[str, Any]:
    """A problem of 3 or 4 steps and 3 or 4 periods, with one or two policies for one or two policy years."""
    rng = random.Random(f"insured {seed}")
    periods = rng.choice([3, 3, 4])
    count, years, rate = 3 if periods == 4 else rng.choice([3, 4]), rng.choice([0.5, 1.0]), rng.choice([0.0, 0.05])
    made: dict[str, Any] = {
        "format": "stepladder-problem/1",
        "title": f"insured {seed}",
        "periods": [
            {"label": f"P{t}", "years": years, "discount": round((1 + rate) ** -(t * years), 6)} for t in range(periods)
        ],
        "tail": {"years": rng.choice([0.0, 1.0, 3.0]), "discount": round((1 + rate) ** -(periods * years), 6)},
        "effect_lag": rng.choice([0, 1, 1]),
        "objective": rng.choice(["risk", "net", "net", "spend"]),
        "steps": [problems._step(rng, k, periods, count) for k in range(count)],
    }
    made["threats"] = problems._threats(rng, made["steps"])
    chosen = rng.sample(RULES, rng.choice([0, 1, 2]))
    add_policies(rng, made)
    for rule in sorted(set(chosen)):
        problems._RULES[rule](rng, made)
    if made["objective"] == "spend":
        rng.choice([problems._required, problems._appetite])(rng, made)
    if rng.random() < 0.1:
        made["objective"] = "worth"
        for step in made["steps"]:
            step["points_per_year"] = rng.choice([0.0, 1.0, 3.0, 9.0])
    return in_two_systems(made) if rng.random() < 0.3 else made


def add_policies(rng: random.Random, made: dict[str, Any]) -> None:
    """Events for all threats, policy years over the horizon, and policies whose premiums are worth it now and then."""
    horizon, names = len(made["periods"]), [step["id"] for step in made["steps"]]
    for threat in made["threats"]:
        with_events(threat, rng.choice([20_000.0, 150_000.0]), round(rng.uniform(0.4, 1.8), 3))
    cut = rng.choice([None, *range(1, horizon)])
    spans = [(0, horizon)] if cut is None else [(0, cut - 1), (cut, horizon)]
    if rng.random() < 0.3:
        # It ends with the horizon: after it nothing is in force.
        spans[-1] = (spans[-1][0], horizon - 1)
    made["policy_years"] = [{"from": first, "to": last} for first, last in spans]
    loss = sum(threat["expected_loss_per_year"] for threat in made["threats"])
    made["policies"] = []
    for k in range(rng.choice([1, 2, 2])):
        covered = rng.sample(made["threats"], rng.randint(1, len(made["threats"])))
        premiums = [None if rng.random() < 0.25 else round(loss * rng.uniform(0.01, 0.5), 2) for _ in spans]
        made["policies"].append(
            {
                "id": f"policy{k}",
                "premiums": premiums,
                "needs": rng.sample(names, rng.choice([0, 0, 1, 1, 2])),
                "terms": {threat["id"]: _terms(rng) for threat in covered},
            }
        )
    if rng.random() < 0.2:
        year = rng.randrange(len(spans))
        policy = rng.choice([None, made["policies"][0]["id"]])
        if policy is None or made["policies"][0]["premiums"][year] is not None:
            made["policy_years"][year] |= {"decided": True, "policy": policy}


def with_events(threat: dict[str, Any], median: float, sigma: float) -> None:
    """The same loss of a year, by events of this kind."""
    mean = median * math.exp(sigma**2 / 2)
    threat["events"] = {"per_year": threat["expected_loss_per_year"] / mean, "median": median, "sigma": sigma}


def _terms(rng: random.Random) -> dict[str, float]:
    terms = {"limit": rng.choice([50_000.0, 200_000.0, 1_000_000.0])}
    if rng.random() < 0.8:
        terms["retention"] = rng.choice([5_000.0, 30_000.0, 100_000.0])
    if rng.random() < 0.5:
        terms["share"] = rng.choice([0.5, 0.8, 0.9])
    return terms


def in_two_systems(made: dict[str, Any]) -> dict[str, Any]:
    """The first step and the first threat are of one system, the others of another."""
    text = json.dumps(made)
    for k, step in enumerate(made["steps"]):
        text = text.replace(json.dumps(step["id"]), json.dumps(f"{'left' if k == 0 else 'right'}/{step['id']}"))
    for k, threat in enumerate(made["threats"]):
        text = text.replace(json.dumps(threat["id"]), json.dumps(f"{'left' if k == 0 else 'right'}/{threat['id']}"))
    changed: dict[str, Any] = json.loads(text)
    return changed
