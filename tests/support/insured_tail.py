"""Small random problems with policies, of which some steps make events cheaper, and with caps on large losses."""

from __future__ import annotations

import random
from typing import Any

from tests.support import insured as plain
from tests.support.exceeding import kinds_of, measured
from tests.support.large_losses import MEASURES


def insured_tail(seed: int) -> dict[str, Any]:
    """A problem with one or two policies; in two of three some steps make events cheaper, and in three of four there
    are one or two caps on large losses.
    """
    made = plain.insured(seed)
    dice = random.Random(f"insured tail {seed}")
    for threat in made["threats"] if seed % 3 else ():
        names = list(threat["factors"])
        if names and dice.random() < 0.8:
            threat["cheaper"] = dice.sample(names, dice.randint(1, len(names)))
    if seed % 4:
        made["exceedance"] = [cap_of(made, dice, MEASURES[seed % 4 - 1])]
        if dice.random() < 0.25:
            made["exceedance"].append(cap_of(made, dice, dice.choice(MEASURES)))
    made["title"] = f"insured tail {seed}"
    return made


def cap_of(made: dict[str, Any], dice: random.Random, of: str) -> dict[str, Any]:
    """A cap between what some steps and a policy leave, and what they leave with one more in place."""
    horizon = len(made["periods"])
    cap: dict[str, Any] = {"of": of, "from": dice.randint(1, horizon), "above": round(10 ** dice.uniform(4.2, 6.0))}
    if dice.random() < 0.2:
        # What a policy leaves of many events is just its retention.
        terms = [paid for policy in made["policies"] for paid in policy["terms"].values()]
        cap["above"] = dice.choice([1, 2, 3]) * dice.choice(terms).get("retention", 20_000.0)
    if dice.random() < 0.4:
        cap["threat"] = dice.choice([threat["id"] for threat in made["threats"]])
    if dice.random() < 0.3:
        cap["to"] = dice.randint(cap["from"], horizon)
    names = [step["id"] for step in made["steps"]]
    there = set(dice.sample(names, dice.randint(0, len(names) - 2)))
    held = dice.choice([[], [dice.choice(made["policies"])["id"]]])
    most = sum(measured(cap, kinds_of(made, cap, there, held))) / 2 * dice.choice([1.0001, 1.02, 1.1])
    if of == "excess":
        cap["per_year"] = max(round(most, 2), 0.01)
    else:
        cap["chance"] = float(f"{min(max(most, 1e-6), 0.999):.4g}")
    return cap
