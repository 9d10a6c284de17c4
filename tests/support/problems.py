"""Small random problems in which every rule has a chance to decide."""

from __future__ import annotations

import random
from typing import Any

from tests.support.brute import RULES


def problem(seed: int) -> dict[str, Any]:
    """A problem of 3 to 5 steps and 3 to 5 periods; the seed picks one rule that is made to matter, and others at
    random.
    """
    rng = random.Random(seed)
    periods = rng.choice([3, 4, 4, 5])
    count = rng.choice([3, 4, 4]) if periods == 5 else rng.choice([3, 4, 4, 5]) if periods == 4 else rng.choice([4, 5])
    years = rng.choice([0.25, 0.5, 1.0])
    rate = rng.choice([0.0, 0.05, 0.1])
    chosen = {RULES[seed % len(RULES)], *rng.sample(RULES, rng.choice([0, 1, 2]))}
    made: dict[str, Any] = {
        "format": "stepladder-problem/1",
        "title": f"random {seed}",
        "periods": [
            {"label": f"P{t}", "years": years, "discount": round((1 + rate) ** -(t * years), 6)} for t in range(periods)
        ],
        "tail": {"years": rng.choice([0.0, 1.0, 3.0]), "discount": round((1 + rate) ** -(periods * years), 6)},
        "effect_lag": rng.choice([0, 1, 1]),
        "objective": rng.choice(["risk", "risk", "spend", "net"]),
        "steps": [_step(rng, k, periods, count) for k in range(count)],
    }
    made["threats"] = _threats(rng, made["steps"])
    for rule in sorted(chosen):
        _RULES[rule](rng, made)
    if made["objective"] == "spend" and not chosen & {"required", "start", "appetite", "appetite_threat"}:
        # Without a demand the least money is none at all.
        rng.choice([_required, _appetite])(rng, made)
    return made


def with_points(seed: int) -> dict[str, Any]:
    """The same problem with points for most of its steps, drawn on their own; in a third of the seeds they are what is
    wanted.
    """
    made, dice = problem(seed), random.Random(f"points {seed}")
    for step in made["steps"]:
        if dice.random() < 0.75:
            step["points_per_year"] = dice.choice([1.0, 3.0, 9.0, 27.0, round(dice.uniform(0.2, 40.0), 2)])
    if seed % 3 == 0:
        made["objective"] = "worth"
    return made


def going_on(seed: int) -> dict[str, Any]:
    """The problem with what goes on costing, drawn on its own: person-days a year, a limit for what goes on costing
    afterwards; with shares of what is paid once, and what is renewed.
    """
    made, dice = problem(seed), random.Random(f"goes on {seed}")
    for step in made["steps"]:
        if dice.random() < 0.6:
            days = {"security": float(dice.choice([2, 4, 6, 8.5, 12]))}
            step["effort_per_year"] = days | ({"plant": 4.0} if dice.random() < 0.3 else {})
    if all(window["resource"] != "security" for window in made.get("windows", [])) and dice.random() < 0.5:
        _window(dice, made, "security")
    if dice.random() < 0.4:
        a_year = sum(step["per_year"] for step in made["steps"])
        limit = {"resource": "money_afterwards", "from": 0, "to": len(made["periods"]) - 1}
        made.setdefault("windows", []).append({**limit, "limit": round(a_year * dice.uniform(0.2, 0.9), 2)})
        if dice.random() < 0.3:
            made["steps"][0]["required"] = True
    if dice.random() < 0.3:
        made["ongoing"] = {"upkeep": round(dice.uniform(0, 9_000), 2), "committed": 1200.0}
    _spread(made)
    _renewals(made)
    return made


def promised(seed: int) -> dict[str, Any]:
    """The same with one step that is bought already: it takes the time until it is there, costs nothing, needs nothing
    and keeps nobody from other work.
    """
    made, dice = going_on(seed), random.Random(f"promised {seed}")
    last = dice.randrange(len(made["periods"]))
    bought = dice.choice(made["steps"])
    kept = {key: bought[key] for key in ("id", "value_once", "value_per_year") if key in bought}
    bought.clear()
    bought |= kept | {"duration": last + 1, "start": 0, "required": True}
    if made.get("max_parallel") is not None:
        most = made.get("max_parallel_by_period") or [made["max_parallel"]] * len(made["periods"])
        made["max_parallel_by_period"] = [count + (t <= last) for t, count in enumerate(most)]
    return made


def _renewals(made: dict[str, Any]) -> None:
    """What comes again after some of the steps."""
    dice = random.Random(f"renewals {made['title']}")
    for step in made["steps"]:
        if dice.random() < 0.4:
            every = dice.choice([1, 1, 2, 2, 3])
            # As often a year as the periods of a year, but where that is no short decimal.
            often = round(1 / (every * made["periods"][0]["years"]), 4)
            step["renew"] = {"every": every, "a_year": often, "once": round(dice.uniform(0, 9_000), 2)}
            if dice.random() < 0.5:
                step["renew"]["effort"] = {"security": float(dice.choice([1, 2.5, 6]))}


def _spread(made: dict[str, Any]) -> None:
    """How what is paid once falls over the periods of most steps that take several."""
    dice = random.Random(f"spread {made['title']}")
    for step in made["steps"]:
        if dice.random() < 0.7 and step["duration"] > 1:
            parts = [dice.choice([0, 0, 10, 25, 33, 60]) for _ in range(step["duration"] - 1)]
            while sum(parts) > 100:
                parts.remove(max(parts))
                parts.append(0)
            parts.insert(dice.randrange(step["duration"]), 100 - sum(parts))
            step["spread"] = [part / 100 for part in parts]


def with_achievements(seed: int) -> dict[str, Any]:
    """The problem with points, and one to three achievements, drawn on their own: of all, of any and by score, some of
    others; asked for by a date, needed by a step, or worth something.
    """
    made, dice = with_points(seed), random.Random(f"achievements {seed}")
    names = [step["id"] for step in made["steps"]]
    achievements: list[dict[str, Any]] = []
    for k in range(dice.choice([1, 2, 2, 3])):
        item: dict[str, Any] = {"id": f"a{k}"}
        others = [other["id"] for other in achievements]
        kinds = dice.choice([("all",), ("any",), ("score",), ("score",), ("all", "any"), ("any", "score")])
        if "all" in kinds:
            item["all"] = dice.sample(names, dice.choice([1, 2, 2])) + dice.sample(
                others, dice.choice([0, len(others)])
            )
        if "any" in kinds:
            item["any"] = [dice.sample([*names, *others], 2) for _ in range(dice.choice([1, 1, 2]))]
        if "score" in kinds:
            counted = dice.sample(names, dice.choice([2, 3]))
            amounts = [dice.choice([0.25, 0.5, 1.0, 0.1, 0.2]) for _ in counted]
            most = sum(round(100 * amount) for amount in amounts)
            score = {"of": dict(zip(counted, amounts, strict=True)), "at_least": dice.randint(most // 3, most) / 100}
            item["score"] = score
        if dice.random() < 0.6:
            item["points_per_year"] = dice.choice([3.0, 9.0, 27.0, round(dice.uniform(1.0, 60.0), 2)])
        achievements.append(item)
    made["achievements"] = achievements
    for item in dice.sample(achievements, dice.choice([0, 1])):
        item["by"] = dice.randint(1, len(made["periods"]) - 1)
    _needing(dice, made)
    if seed % 2:
        made["objective"] = "worth"
    return made


def _needing(dice: random.Random, made: dict[str, Any]) -> None:
    """In half of the problems a step needs an achievement towards which it does not count."""
    item = dice.choice(made["achievements"])
    free = [step for step in made["steps"] if step["id"] not in _counting(made, item["id"])]
    if free and dice.random() < 0.5:
        step = free[-1]
        lag = dice.choice([0, 1, 1])
        trial = {**step, "needs_achievements": [{"achievement": item["id"], "lag": lag}]}
        # What it takes in any case may need this step already.
        if not any(step["id"] in _needs_of(made, name) for name in _counting(made, item["id"])):
            step.update(trial)


def _counting(made: dict[str, Any], name: str) -> set[str]:
    item = next((item for item in made.get("achievements", []) if item["id"] == name), None)
    if item is None:
        return {name}
    parts = [*item.get("all", []), *(one for group in item.get("any", []) for one in group)]
    parts += list(item.get("score", {}).get("of", {}))
    return set().union(*(_counting(made, part) for part in parts))


def _needs_of(made: dict[str, Any], name: str) -> set[str]:
    step = next(step for step in made["steps"] if step["id"] == name)
    direct = {need["step"] for need in step.get("needs", [])}
    return direct.union(*(_needs_of(made, other) for other in direct))


def _step(rng: random.Random, k: int, periods: int, count: int) -> dict[str, Any]:
    duration = rng.choice([1, 1, 1, 2, 2, 3][: 4 if count > 4 else 6])
    step = {
        "id": f"s{k}.level.{rng.randint(1, 4)}",
        "duration": min(duration, periods),
        "once": round(rng.uniform(5_000, 40_000), 2),
        "per_year": round(rng.uniform(0, 8_000), rng.choice([0, 2])),
        "effort": {"security": float(3 * rng.randint(1, 8)), **({"plant": 6.0} if rng.random() < 0.4 else {})},
    }
    if rng.random() < 0.2:
        step["value_once"] = round(rng.uniform(-10_000, 20_000), 2)
    if rng.random() < 0.2:
        step["value_per_year"] = round(rng.uniform(-3_000, 6_000), 2)
    return step


def _threats(rng: random.Random, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
    found = []
    for k in range(rng.randint(1, 3)):
        factors = {step["id"]: round(rng.uniform(0.4, 0.95), 4) for step in steps if rng.random() < 0.7}
        found.append(
            {"id": f"t{k}", "expected_loss_per_year": round(rng.uniform(30_000, 200_000), 2), "factors": factors}
        )
    return found


def _pair(rng: random.Random, made: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """An earlier and a later step of the list, so that needs never form a cycle."""
    a, b = sorted(rng.sample(range(len(made["steps"])), 2))
    return made["steps"][a], made["steps"][b]


def _worthless(step: dict[str, Any], made: dict[str, Any]) -> None:
    """Nobody plans this step for its own sake."""
    step.pop("value_once", None)
    step.pop("value_per_year", None)
    for threat in made["threats"]:
        threat["factors"].pop(step["id"], None)


def _wanted(rng: random.Random, made: dict[str, Any]) -> None:
    """Steps are planned for what they do, not only where they must be."""
    made["objective"] = rng.choice(["risk", "risk", "net"])


def _needs(rng: random.Random, made: dict[str, Any]) -> None:
    for _ in range(rng.choice([1, 2, 2])):
        first, then = _pair(rng, made)
        if all(need["step"] != first["id"] for need in then.get("needs", [])):
            then.setdefault("needs", []).append({"step": first["id"], "lag": rng.choice([0, 1, 1, 2, 2])})


def _needs_any(rng: random.Random, made: dict[str, Any]) -> None:
    *others, then = made["steps"]
    group = rng.sample(others, 2)
    then.setdefault("needs_any", []).append([{"step": step["id"], "lag": rng.choice([0, 1, 1])} for step in group])
    if rng.random() < 0.7:
        for step in group:
            _worthless(step, made)
    _wanted(rng, made)


def _excludes(rng: random.Random, made: dict[str, Any]) -> None:
    first, then = _pair(rng, made)
    made.setdefault("excludes", []).append([first["id"], then["id"]])
    _wanted(rng, made)


def _earliest(rng: random.Random, made: dict[str, Any]) -> None:
    for step in rng.sample(made["steps"], 2):
        step["earliest"] = rng.randint(1, len(made["periods"]) - 1)


def _latest_finish(rng: random.Random, made: dict[str, Any]) -> None:
    for step in rng.sample(made["steps"], 3):
        step["latest_finish"] = rng.randint(step["duration"] - 1, max(step["duration"] - 1, len(made["periods"]) - 2))
    _window(rng, made, "money", 0.4)
    _wanted(rng, made)


def _start(rng: random.Random, made: dict[str, Any]) -> None:
    step = rng.choice(made["steps"])
    step["start"] = rng.randint(0, len(made["periods"]) - step["duration"])


def _required(rng: random.Random, made: dict[str, Any]) -> None:
    step = rng.choice(made["steps"])
    step["required"] = True
    if rng.random() < 0.5:
        _worthless(step, made)


def _window(rng: random.Random, made: dict[str, Any], resource: str, share: float | None = None) -> None:
    share = rng.uniform(0.2, 0.7) if share is None else share
    periods = len(made["periods"])
    once = sum(step["once"] for step in made["steps"])
    running = sum(step["per_year"] for step in made["steps"]) * made["periods"][0]["years"]
    days = sum(step["effort"]["security"] for step in made["steps"])
    whole = {"money": once + running * periods / 2, "money_once": once, "money_per_year": running * periods / 2}.get(
        resource, days
    )
    cumulative = rng.random() < 0.5
    for t in range(periods):
        limit = round(whole * share * ((t + 1) / periods if cumulative else rng.uniform(0.2, 0.8)), 2)
        window = {"resource": resource, "from": 0 if cumulative else t, "to": t, "limit": limit}
        made.setdefault("windows", []).append(window)


def _money(rng: random.Random, made: dict[str, Any]) -> None:
    _window(rng, made, "money")


def _money_once(rng: random.Random, made: dict[str, Any]) -> None:
    _window(rng, made, "money_once")


def _money_per_year(rng: random.Random, made: dict[str, Any]) -> None:
    _window(rng, made, "money_per_year")


def _team(rng: random.Random, made: dict[str, Any]) -> None:
    _window(rng, made, "security")


def _max_parallel(rng: random.Random, made: dict[str, Any]) -> None:
    made["max_parallel"] = rng.choice([0, 1, 1, 1, 2])
    # As where more than may be is in work already; drawn on its own, so that the others stay what they are.
    dice = random.Random(f"at once {made['title']}")
    if dice.random() < 0.25:
        made["max_parallel_by_period"] = [made["max_parallel"] + dice.choice([0, 0, 1, 2]) for _ in made["periods"]]


def _appetite(rng: random.Random, made: dict[str, Any], threat: str | None = None) -> None:
    periods = len(made["periods"])
    chosen = [item for item in made["threats"] if threat in (None, item["id"])]
    today = sum(item["expected_loss_per_year"] for item in chosen)
    least = 0.0
    for item in chosen:
        loss = item["expected_loss_per_year"]
        for factor in item["factors"].values():
            loss *= factor
        least += loss
    cap = {
        "from": rng.randint(1, periods),
        "expected_loss_per_year": round(least + (today - least) * rng.uniform(-0.02, 0.7), 2),
    }
    if rng.random() < 0.4:
        cap["to"] = rng.randint(cap["from"], periods)
    if threat is not None:
        cap["threat"] = threat
    made.setdefault("appetite", []).append(cap)
    if rng.random() < 0.5:
        made["objective"] = "spend"


def _appetite_threat(rng: random.Random, made: dict[str, Any]) -> None:
    _appetite(rng, made, rng.choice([threat["id"] for threat in made["threats"]]))


_RULES = {
    "needs": _needs,
    "needs_any": _needs_any,
    "excludes": _excludes,
    "earliest": _earliest,
    "latest_finish": _latest_finish,
    "start": _start,
    "required": _required,
    "money": _money,
    "money_once": _money_once,
    "money_per_year": _money_per_year,
    "team": _team,
    "max_parallel": _max_parallel,
    "appetite": _appetite,
    "appetite_threat": _appetite_threat,
}
