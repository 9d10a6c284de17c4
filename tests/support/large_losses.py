"""Small random problems in which caps on large losses have a chance to decide."""

from __future__ import annotations

import math
import random
from typing import Any

from tests.support.exceeding import kinds_of, measured
from tests.support.problems import problem, with_points

MEASURES = ("one_event", "year", "excess")


def with_events(made: dict[str, Any], dice: random.Random) -> dict[str, Any]:
    """The problem with events for each threat, and in half of the threats steps that make them cheaper."""
    for threat in made["threats"]:
        sigma, rate = round(dice.uniform(0.4, 1.8), 3), round(10 ** dice.uniform(-1.3, 0.3), 4)
        median = threat["expected_loss_per_year"] / rate / math.exp(sigma**2 / 2)
        threat["events"] = {"per_year": rate, "median": median, "sigma": sigma}
        names = list(threat["factors"])
        if names and dice.random() < 0.5:
            threat["cheaper"] = dice.sample(names, dice.randint(1, len(names)))
    return made


def with_exceedance(seed: int) -> dict[str, Any]:
    """A random problem, some of them in points, with one or two caps on large losses that may decide."""
    dice = random.Random(f"exceedance {seed}")
    made = with_events(with_points(seed) if seed % 5 == 4 else problem(seed), dice)
    if seed % 5 != 4:
        made["objective"] = ("risk", "spend", "net", "spend")[seed % 4]
    made["exceedance"] = [cap_of(made, dice, MEASURES[seed % 3])]
    if dice.random() < 0.25:
        made["exceedance"].append(cap_of(made, dice, dice.choice(MEASURES)))
    return made


def cap_of(made: dict[str, Any], dice: random.Random, of: str) -> dict[str, Any]:
    """A cap between what some steps leave, and what they leave with one more in place."""
    horizon = len(made["periods"])
    cap: dict[str, Any] = {"of": of, "from": dice.randint(1, horizon), "above": round(10 ** dice.uniform(4.7, 6.3))}
    if dice.random() < 0.4:
        cap["threat"] = dice.choice([threat["id"] for threat in made["threats"]])
    if dice.random() < 0.3:
        cap["to"] = dice.randint(cap["from"], horizon)
    names = [step["id"] for step in made["steps"]]
    there = set(dice.sample(names, dice.randint(0, len(names))))
    most = sum(measured(cap, kinds_of(made, cap, there))) / 2 * dice.choice([1.0001, 1.02, 1.1])
    if of == "excess":
        cap["per_year"] = round(most, 2)
    else:
        cap["chance"] = float(f"{min(max(most, 1e-6), 0.999):.4g}")
    return cap
