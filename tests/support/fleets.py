"""Fleets as bare problems: 20 to 100 systems without a scenario, with threats and steps that several of them share,
or that no prefix gives away.
"""

from __future__ import annotations

import json
import random
from typing import Any

from stepladder.data.formats.problem import Problem
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import verify

Made = dict[str, Any]


def fleet(seed: int, systems: int | None = None) -> Problem:
    """The seed's fleet; there is always a plan."""
    rng = random.Random(f"fleet {seed}")
    systems, periods = systems or rng.randint(20, 100), rng.randint(2, 6)
    years = rng.choice([0.25, 0.5, 1.0])
    most = rng.choice([5, 5, 5, 10])
    steps = [step for k in range(systems) for step in _steps(rng, f"s{k}/", most)]
    shared = [step for home in ("", "all/") if rng.random() < 0.5 for step in _steps(rng, home, most)]
    steps += shared
    _across(rng, steps)
    made: Made = {
        "format": "stepladder-problem/1",
        "title": f"fleet {seed}",
        "periods": [
            {"label": f"P{t}", "years": years, "discount": round(1.05 ** -(t * years), 9)} for t in range(periods)
        ],
        "tail": {"years": rng.choice([0, 3]), "discount": round(1.05 ** -(periods * years), 9)},
        "objective": rng.choice(["risk", "risk", "risk", "net", "spend"]),
        "steps": steps,
        "threats": _threats(rng, steps, shared, systems),
        "windows": _windows(rng, steps, periods),
    }
    if made["objective"] == "spend":
        # Without a demand the least money is none at all.
        ends = _ends(steps)
        able = [step for step in steps if ends[step["id"]] < periods]
        for step in rng.sample(able, min(len(able), len(steps) // 10)):
            step["required"] = True
    elif rng.random() < 0.2:
        made["max_parallel"] = rng.randint(systems // 4, systems)
    if made["objective"] != "spend" and rng.random() < 0.2:
        made["excludes"] = [[a["id"], b["id"]] for a, b in (rng.sample(steps, 2) for _ in range(3))]
    if rng.random() < 0.3:
        made["appetite"] = [
            {
                "from": periods,
                "expected_loss_per_year": round(0.999 * sum(t["expected_loss_per_year"] for t in made["threats"]), 2),
            }
        ]
    return Problem.model_validate_json(json.dumps(made))


def _steps(rng: random.Random, home: str, most: int) -> list[Made]:
    found: list[Made] = []
    for k in range(rng.randint(1, most)):
        step = {
            "id": f"{home}p{k}",
            "duration": rng.choice([1, 1, 1, 2]),
            "once": round(rng.uniform(2e3, 40e3), 2),
            "per_year": round(rng.choice([0.0, rng.uniform(0, 6e3)]), 2),
            "effort": {"security": float(rng.randint(1, 20))},
        }
        if found and rng.random() < 0.4:
            step["needs"] = [{"step": rng.choice(found)["id"], "lag": rng.choice([0, 1])}]
        found.append(step)
    return found


def _across(rng: random.Random, steps: list[Made]) -> None:
    """Some steps need one of an earlier system, or one of two."""
    for _ in range(rng.choice([0, 0, 5, 20])):
        first, second, then = (steps[k] for k in sorted(rng.sample(range(len(steps)), 3)))
        if rng.random() < 0.5:
            then["needs_any"] = [[{"step": first["id"]}, {"step": second["id"], "lag": 0}]]
        elif all(need["step"] != first["id"] for need in then.get("needs", [])):
            then.setdefault("needs", []).append({"step": first["id"]})


def _ends(steps: list[Made]) -> dict[str, int]:
    """In which period each step ends at the earliest; steps only need what stands before them."""
    found: dict[str, int] = {}
    for step in steps:
        begin = max([0, *(found[need["step"]] + 1 + need.get("lag", 0) for need in step.get("needs", []))])
        for group in step.get("needs_any", []):
            begin = max(begin, min(found[need["step"]] + 1 + need.get("lag", 0) for need in group))
        found[step["id"]] = begin + step["duration"] - 1
    return found


def _threats(rng: random.Random, steps: list[Made], shared: list[Made], systems: int) -> list[Made]:
    """Of one system, of two or a few neighbours, and of all; some named as if they belonged to a system."""
    homes = [[step for step in steps if step["id"].startswith(f"s{k}/")] for k in range(systems)]
    spans = [[k] for k in range(systems)] + [
        sorted(rng.sample(range(systems), rng.choice([2, 2, 3]))) for _ in range(rng.choice([0, 5, systems]))
    ]
    if rng.random() < 0.3:
        spans.append(list(range(systems)))
    prefix = rng.choice(["", "s{k}/", "s{k}."])
    found = []
    for n, span in enumerate(spans):
        able = [step["id"] for k in span for step in homes[k]] + [step["id"] for step in shared]
        factors = {name: round(rng.uniform(0.6, 0.99), 4) for name in able if rng.random() < 0.7}
        found.append(
            {
                "id": f"{prefix.format(k=span[0])}t{n}",
                "expected_loss_per_year": round(rng.uniform(5e3, 300e3), 2),
                "factors": factors,
            }
        )
    return found


def _windows(rng: random.Random, steps: list[Made], periods: int) -> list[Made]:
    money, days = sum(step["once"] for step in steps), sum(step["effort"]["security"] for step in steps)
    share, carried = rng.uniform(0.2, 0.9), rng.random() < 0.5
    found = []
    for resource, whole in (("money", money), ("security", days)):
        for t in range(periods):
            first = 0 if carried else t
            found.append(
                {
                    "resource": resource,
                    "from": first,
                    "to": t,
                    "limit": round(whole * share * (t - first + 1) / periods, 1),
                }
            )
    return found


def of_seed(seed: str) -> str | None:
    """What is wrong with the answer to a fleet, or None."""
    problem = fleet(int(seed))
    outcome = optimise(problem, Options(work=1, threads=1))
    if outcome.value is None or outcome.bound is None:
        return f"{outcome.status} without a plan or a bound"
    plan = make_plan(problem, outcome)
    if verify(plan):
        return f"fails: {verify(plan)[:3]}"
    return (
        None
        if outcome.bound <= outcome.value and outcome.bound > -1e15
        else f"value {outcome.value}, bound {outcome.bound}"
    )
