"""Small random problems with numbers at the edge: next to nothing, next to everything, exactly as much as there is."""

from __future__ import annotations

import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

from tests.support.brute import Brute
from tests.support.problems import problem

Made = dict[str, Any]


def edge(seed: int) -> Made:
    """The seed's problem with one to three of its kinds of number at an edge."""
    rng = random.Random(f"edge {seed}")
    made = problem(seed)
    made["title"] = f"edge {seed}"
    # Limits are set last: to what the steps cost then.
    for name in sorted(rng.sample(sorted(EDGES), rng.choice([1, 1, 2, 3])), key=list(EDGES).index):
        EDGES[name](rng, made)
    return made


def _factors(rng: random.Random, made: Made, value: float) -> None:
    """A factor or two of this value."""
    for threat in rng.sample(made["threats"], rng.randint(1, len(made["threats"]))):
        name = rng.choice(made["steps"])["id"]
        threat["factors"][name] = value


def _wipe(rng: random.Random, made: Made) -> None:
    _factors(rng, made, 1e-9)


def _hair(rng: random.Random, made: Made) -> None:
    _factors(rng, made, 1 - 1e-12)


def _nothing(rng: random.Random, made: Made) -> None:
    _factors(rng, made, 1.0)


def _giant(rng: random.Random, made: Made) -> None:
    """One threat of a billion, another of a cent."""
    made["threats"] += [
        {"id": f"g{k}", "expected_loss_per_year": 0.0, "factors": {}} for k in range(max(0, 2 - len(made["threats"])))
    ]
    large, small = rng.sample(made["threats"], 2)
    large["expected_loss_per_year"], small["expected_loss_per_year"] = 1e9, 0.01
    if rng.random() < 0.5:
        large["factors"] = {}
    small["factors"].setdefault(rng.choice(made["steps"])["id"], 0.5)


def _cents(rng: random.Random, made: Made) -> None:
    """Money in cents beside money in billions."""
    tiny, *others = rng.sample(made["steps"], rng.randint(2, len(made["steps"])))
    tiny.update(once=0.01, per_year=rng.choice([0.0, 0.01]))
    for step in others[:1]:
        step.update(once=rng.choice([1e9, 1e9 + 0.01, 999_999_999_999.99]), per_year=rng.choice([0.0, 1e9]))


def _free(rng: random.Random, made: Made) -> None:
    """Steps that cost nothing."""
    for step in rng.sample(made["steps"], rng.randint(1, 3)):
        step.update(once=0.0, per_year=0.0)


def _pointless(rng: random.Random, made: Made) -> None:
    """What the last steps need is of no other use, and they are of little: nothing, or a trifle."""
    *others, last = made["steps"]
    tool = rng.choice(others)
    for threat in made["threats"]:
        threat["factors"].pop(tool["id"], None)
        threat["factors"].pop(last["id"], None)
    for step in (tool, last):
        step.pop("value_once", None)
        step.pop("value_per_year", None)
    group = [{"step": tool["id"], "lag": rng.choice([0, 1])}]
    if rng.random() < 0.3:
        last.setdefault("needs_any", []).append(group)
    elif all(need["step"] != tool["id"] for need in last.get("needs", [])):
        last.setdefault("needs", []).extend(group)
    if rng.random() < 0.5:
        last.update(once=0.0, per_year=0.0)


def _cancel(rng: random.Random, made: Made) -> None:
    """Worth that is about as much as all losses."""
    total = sum(threat["expected_loss_per_year"] for threat in made["threats"])
    rng.choice(made["steps"])["value_once"] = round(total * rng.uniform(0.5, 2.0), 2)


def _twins(rng: random.Random, made: Made) -> None:
    """Two steps that are alike in cost and effect."""
    one, other = rng.sample(made["steps"], 2)
    other.update(once=one["once"], per_year=one["per_year"])
    for threat in made["threats"]:
        if one["id"] in threat["factors"]:
            threat["factors"][other["id"]] = threat["factors"][one["id"]]


def _no_discount(_: random.Random, made: Made) -> None:
    """A period is worth as much as any other."""
    for period in (*made["periods"], made["tail"]):
        period["discount"] = 1.0


def _some_plan(rng: random.Random, made: Made) -> dict[str, int]:
    last = len(made["periods"])
    chosen = [
        step for step in made["steps"] if step.get("required") or step.get("start") is not None or rng.random() < 0.7
    ]
    return {step["id"]: step.get("start", rng.randint(0, last - step["duration"])) for step in chosen}


def _exact_fit(rng: random.Random, made: Made) -> None:
    """Limits on money that are exactly what some plan uses, or a cent less."""
    money, plan = Brute(made).money, _some_plan(rng, made)
    if not made.get("windows"):
        made["windows"] = [{"resource": "money", "from": 0, "to": t, "limit": 0.0} for t in range(len(made["periods"]))]
    short = rng.random() < 0.3
    for window in made["windows"]:
        if window["resource"].startswith("money"):
            used = Decimal(0)
            for name, start in plan.items():
                for part, names in zip(
                    money[name][start], (("money", "money_once"), ("money", "money_per_year")), strict=True
                ):
                    used += (
                        sum(part[window["from"] : window["to"] + 1], Decimal(0)) if window["resource"] in names else 0
                    )
            limit = used.quantize(Decimal("0.01"))
            window["limit"] = float(max(Decimal(0), limit - Decimal("0.01"))) if short else float(limit)


def _exact_cap(rng: random.Random, made: Made) -> None:
    """A cap on losses that is exactly what some plan leaves."""
    t, losses = len(made["periods"]), Brute(made).losses(_some_plan(rng, made))
    made.setdefault("appetite", []).append(
        {"from": rng.choice([t, t - 1]), "expected_loss_per_year": sum(losses[t].values())}
    )


EDGES: dict[str, Callable[[random.Random, Made], None]] = {
    "twins": _twins,
    "wipe": _wipe,
    "hair": _hair,
    "nothing": _nothing,
    "giant": _giant,
    "cents": _cents,
    "free": _free,
    "pointless": _pointless,
    "cancel": _cancel,
    "no discount": _no_discount,
    "exact fit": _exact_fit,
    "exact cap": _exact_cap,
}
