"""Problems shaped like the IoT Security Maturity Model: seeded, of any number of systems, with three rules for what is
left of the money.

A system has 18 practices on two scales; where there are several systems, six practices are shared by all of them. Costs
rise with the level, effects fall with it, needs point from later to earlier practices, and money, two teams and (for a
fleet) their size grow with the number of systems.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from typing import Any, Literal

from stepladder.data.formats.problem import Problem

Carry = Literal["none", "year", "free"]
CARRIES: tuple[Carry, ...] = ("none", "year", "free")
PERIODS = 12
PRACTICES = 18
SHARED = 6
THREATS = 8
#: Part of what all steps together would cost that the budget of the horizon pays for, and the same for people's time.
MONEY = 0.5
PEOPLE = 0.9
#: Both, where a team's quarter binds as hard as the money.
TIGHT = 0.8


def smm(seed: int, systems: int = 1, carry: Carry = "year", *, tight: bool = False) -> Problem:
    """A problem with ``systems`` systems of about 45 steps (one) or 29 steps (several, beside the shared ones); where
    people's time is tight, it binds as hard as the money.
    """
    rng = random.Random(f"smm {seed} {systems}")
    homes = [""] if systems == 1 else [f"s{k:04d}/" for k in range(systems)]
    steps: list[dict[str, Any]] = []
    threats: list[dict[str, Any]] = []
    shared: list[dict[str, Any]] = []
    if systems > 1:
        shared = _steps(rng, "", range(SHARED), wide=False, dear=min(systems, 10) ** 0.5)
        steps += shared
    for home in homes:
        own = _steps(rng, home, range(SHARED if systems > 1 else 0, PRACTICES), wide=systems == 1, dear=1.0)
        _needs(rng, own, 20 if systems == 1 else 12)
        steps += own
        threats += _threats(rng, home, own, shared)
    discount = [round(1.05 ** -(t / 4), 12) for t in range(PERIODS + 1)]
    said = {
        "format": "stepladder-problem/1",
        "title": f"SMM {seed}, {systems} systems, {carry}",
        "currency": "EUR",
        "periods": [{"label": f"Q{t + 1}", "years": 0.25, "discount": discount[t]} for t in range(PERIODS)],
        "tail": {"years": 3, "discount": discount[PERIODS]},
        "steps": steps,
        "threats": threats,
        "windows": (
            [*_money(steps, carry, TIGHT), *_people(steps, TIGHT)]
            if tight
            else [*_money(steps, carry), *_people(steps)]
        ),
    }
    return Problem.model_validate_json(json.dumps(said))


def bare(count: int, seed: int = 0, threats: int | None = None) -> Problem:
    """A problem of one system with any number of steps: stairs of four levels, needs between neighbours, as many
    threats as such a number has.
    """
    rng = random.Random(f"bare {seed} {count}")
    steps: list[dict[str, Any]] = []
    for k in range(count):
        level = k % 4 + 1
        needs = [{"step": steps[k - 1]["id"]}] if level > 1 else []
        if k > 8 and rng.random() < 0.4:
            other = steps[rng.randrange(max(0, k - 400), k - 1)]["id"]
            needs.append({"step": other})
        effort = {"security": round(rng.uniform(3, 12) * level, 1), "ops": round(rng.uniform(0, 8) * level, 1)}
        name = f"p{k // 4:05d}.c.{level}"
        steps.append(
            _step(
                name,
                rng.uniform(4e3, 16e3) * level**1.3,
                rng.uniform(500, 4000) * level,
                effort,
                needs,
                duration=2 if level == 4 else 1,
            )
        )
    return _whole(rng, steps, max(THREATS, count // 6) if threats is None else threats, f"{count} steps, seed {seed}")


def chain(count: int, seed: int = 0, lag: int = 1) -> Problem:
    """So many steps, each of which needs the one before."""
    rng = random.Random(f"chain {seed} {count}")
    steps: list[dict[str, Any]] = []
    for k in range(count):
        needs = [{"step": steps[k - 1]["id"], "lag": lag}] if k else []
        effort = {"security": round(rng.uniform(1, 9), 1), "ops": 1.0}
        steps.append(_step(f"c{k:05d}.c.1", rng.uniform(4e3, 16e3), rng.uniform(100, 900), effort, needs))
    return _whole(rng, steps, THREATS, f"a chain of {count} steps, lag {lag}, seed {seed}")


def _whole(rng: random.Random, steps: list[dict[str, Any]], threats: int, title: str) -> Problem:
    factors: list[dict[str, float]] = [{} for _ in range(threats)]
    for step in steps:
        for k in rng.sample(range(threats), rng.choice((2, 3, 4))):
            factors[k][step["id"]] = round(1 - rng.uniform(0.02, 0.12) * min(1.0, 200 * threats / len(steps)), 6)
    discount = [round(1.05 ** -(t / 4), 12) for t in range(PERIODS + 1)]
    said = {
        "format": "stepladder-problem/1",
        "title": title,
        "currency": "EUR",
        "periods": [{"label": f"Q{t + 1}", "years": 0.25, "discount": discount[t]} for t in range(PERIODS)],
        "tail": {"years": 3, "discount": discount[PERIODS]},
        "steps": steps,
        "threats": [
            {"id": f"t{k}", "expected_loss_per_year": round(rng.uniform(30e3, 400e3), 2), "factors": held}
            for k, held in enumerate(factors)
        ],
        "windows": [*_money(steps, "year"), *_people(steps)],
    }
    return Problem.model_validate_json(json.dumps(said))


def _steps(rng: random.Random, home: str, practices: range, *, wide: bool, dear: float) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = []
    for p in practices:
        now = rng.choice((0, 1, 1, 2))
        before: str | None = None
        for level in range(now + 1, min(4, now + rng.choice((1, 2, 2) if wide else (1, 2, 2, 2))) + 1):
            name = f"{home}p{p}.c.{level}"
            once = rng.uniform(4e3, 16e3) * level**1.3 * dear
            effort = {"security": round(rng.uniform(3, 12) * level, 1), "ops": round(rng.uniform(0, 8) * level, 1)}
            needs = [{"step": before}] if before else []
            per_year = rng.uniform(500, 4000) * level * dear
            found.append(_step(name, once, per_year, effort, needs, duration=2 if level == 4 else 1))
            before = name
        if rng.random() < 0.6:
            needs = [{"step": before}] if before and rng.random() < 0.5 else []
            name = f"{home}p{p}.s.2"
            found.append(
                _step(
                    name,
                    rng.uniform(5e3, 20e3) * dear,
                    rng.uniform(0, 3000) * dear,
                    {"security": round(rng.uniform(3, 12), 1)},
                    needs,
                )
            )
    return found


def _step(
    name: str, once: float, per_year: float, effort: dict[str, float], needs: list[dict[str, str]], duration: int = 1
) -> dict[str, Any]:
    return {
        "id": name,
        "duration": duration,
        "once": round(once, 2),
        "per_year": round(per_year, 2),
        "effort": effort,
        "needs": needs,
    }


def _needs(rng: random.Random, steps: list[dict[str, Any]], count: int) -> None:
    for _ in range(count):
        first, then = sorted(rng.sample(range(len(steps)), 2))
        a, b = steps[first], steps[then]
        if a["id"].split(".")[0] != b["id"].split(".")[0] and {"step": a["id"]} not in b["needs"]:
            b["needs"].append({"step": a["id"]})


def _threats(
    rng: random.Random, home: str, own: list[dict[str, Any]], shared: list[dict[str, Any]]
) -> list[dict[str, Any]]:
    """Each step takes a little off two to four threats, less the higher its level; a shared step does so in every
    system.
    """
    factors: list[dict[str, float]] = [{} for _ in range(THREATS)]
    for step in (*shared, *own):
        _, scale, level = step["id"].rpartition("/")[2].split(".")
        weight = 1.3 - 0.2 * int(level) if scale == "c" else 0.8
        for k in rng.sample(range(THREATS), rng.choice((2, 3, 4)) if scale == "c" else 2):
            factors[k][step["id"]] = round(1 - rng.uniform(0.02, 0.12) * weight, 4)
    return [
        {"id": f"{home}t{k}", "expected_loss_per_year": round(rng.uniform(30e3, 400e3), 2), "factors": held}
        for k, held in enumerate(factors)
    ]


def _money(steps: list[dict[str, Any]], carry: Carry, part: float = MONEY) -> list[dict[str, Any]]:
    quarter = part * sum(step["once"] for step in steps) / PERIODS * (1.5 if carry == "none" else 1.0)
    first: dict[Carry, Callable[[int], int]] = {"none": lambda t: t, "year": lambda t: t - t % 4, "free": lambda _: 0}
    spans = [(first[carry](t), t) for t in range(PERIODS)]
    return [{"resource": "money", "from": a, "to": b, "limit": round(quarter * (b - a + 1), 2)} for a, b in spans]


def _people(steps: list[dict[str, Any]], part: float = PEOPLE) -> list[dict[str, Any]]:
    found = []
    for team in ("security", "ops"):
        quarter = part * sum(step["effort"].get(team, 0.0) for step in steps) / PERIODS
        found += [{"resource": team, "from": t, "to": t, "limit": round(quarter, 1)} for t in range(PERIODS)]
    return found
