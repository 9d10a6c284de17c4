"""Small random questions in which demands clash, most of them in several places at once."""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import Any

from tests.support.problems import problem

Made = dict[str, Any]
ENDS = ("2027-03-31", "2027-06-30", "2027-09-30", "2027-12-31", "2028-03-31")


def question(seed: int) -> tuple[Made, list[dict[str, Any]]]:
    """A problem with one to four troubles, and milestones over some of its dates; troubles may still leave a plan."""
    rng = random.Random(f"clashes {seed}")
    made = problem(seed)
    if rng.random() < 0.6:
        # Few other rules, so that the troubles are independent of each other.
        for name in ("windows", "appetite", "excludes", "max_parallel", "max_parallel_by_period"):
            made.pop(name, None)
    for t, period in enumerate(made["periods"]):
        period["end"] = ENDS[t]
    order = rng.sample(range(len(made["steps"])), len(made["steps"]))
    for trouble in rng.sample(list(TROUBLES), rng.choice([1, 2, 2, 2, 3, 4])):
        # Each takes two steps of its own as long as there are some, the earlier one first, so that needs never form a
        # cycle.
        pair = sorted(order[:2] if len(order) >= 2 else rng.sample(range(len(made["steps"])), 2))
        order = order[2:]
        TROUBLES[trouble](rng, made, made["steps"][pair[0]], made["steps"][pair[1]])
    return made, _milestones(rng, made)


def _milestones(rng: random.Random, made: Made) -> list[dict[str, Any]]:
    """Some of the dates by which steps are required, as milestones."""
    found = []
    for due in sorted(
        {
            step["latest_finish"]
            for step in made["steps"]
            if step.get("required") and step.get("latest_finish") is not None
        }
    ):
        steps = [step["id"] for step in made["steps"] if step.get("required") and step.get("latest_finish") == due]
        if rng.random() < 0.5:
            found.append({"title": f"by {due}", "date": ENDS[due], "reason": "x", "source": "", "steps": steps})
    return found


def achieving(seed: int) -> tuple[Made, list[dict[str, Any]]]:
    """The same with one to three achievements, of all, of any or by score, some of others: asked for by a date, by
    milestones or not, some of them never to be reached together with what clashes, and needed by a step.
    """
    made, milestones = question(seed)
    rng = random.Random(f"achieved {seed}")
    names = [step["id"] for step in made["steps"]]
    items: list[Made] = []
    for k in range(rng.choice([1, 2, 2, 3])):
        item: Made = {"id": f"a{k}", "title": f"Achievement {k}"}
        others = [other["id"] for other in items]
        kind = rng.choice(["all", "any", "score"])
        if kind == "all":
            item["all"] = rng.sample([*names, *others], min(len(names), rng.choice([1, 2, 3])))
        if kind == "any":
            item["any"] = [rng.sample([*names, *others], min(len(names), 2)) for _ in range(rng.choice([1, 2]))]
        if kind == "score":
            counted = rng.sample(names, min(len(names), rng.choice([2, 3])))
            amounts = [rng.choice([0.25, 0.5, 1.0, 0.1]) for _ in counted]
            most = round(100 * sum(amounts))
            score = {"of": dict(zip(counted, amounts, strict=True)), "at_least": rng.randint(most // 2, most) / 100}
            item["score"] = score
        if rng.random() < 0.8:
            item["by"] = rng.randint(0, _last(made))
        items.append(item)
    made["achievements"] = items
    needed = rng.choice(items)
    free = [step for step in made["steps"] if step["id"] not in _inside(items, needed["id"])]
    if free and rng.random() < 0.5:
        last = free[-1]
        last["needs_achievements"] = [{"achievement": needed["id"], "lag": rng.choice([0, 1])}]
        if rng.random() < 0.5:
            last["required"] = True
    for k, item in enumerate(items):
        if item.get("by") is not None and rng.random() < 0.6:
            # A milestone names it for its own date, or for a later one: then the date of its own stays beside it.
            due = rng.choice([item["by"], item["by"], _last(made)])
            milestones.append(
                {
                    "title": f"reached by {due}",
                    "date": ENDS[due],
                    "reason": "x",
                    "source": "",
                    "steps": [],
                    "achievements": [item["id"]],
                    "key": f"k{k}",
                }
            )
    return made, milestones


def _inside(items: list[Made], name: str) -> set[str]:
    item = next((item for item in items if item["id"] == name), None)
    if item is None:
        return {name}
    parts = [*item.get("all", []), *(one for group in item.get("any", []) for one in group)]
    return set().union(*(_inside(items, part) for part in [*parts, *item.get("score", {}).get("of", {})]))


def _last(made: Made) -> int:
    return len(made["periods"]) - 1


def _needs(first: Made, then: Made) -> None:
    if all(need["step"] != first["id"] for need in then.get("needs", [])):
        then.setdefault("needs", []).append({"step": first["id"], "lag": 1})


def _too_soon(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """A deadline that comes before what is needed can be finished."""
    _needs(first, then)
    then |= {
        "required": True,
        "latest_finish": min(_last(made), max(0, first["duration"] + then["duration"] - 1 - rng.choice([0, 1]))),
    }


def _swapped(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """Two pins in the wrong order."""
    _needs(first, then)
    for step in (first, then):
        step["start"] = rng.randint(0, max(0, _last(made) + 1 - step["duration"]))
        step.pop("latest_finish", None)


def _waits(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """A step that must not start before it must be finished."""
    del first
    due = rng.randint(then["duration"] - 1, _last(made))
    then |= {"required": True, "latest_finish": due, "earliest": min(_last(made), max(1, due - then["duration"] + 2))}


def _poor(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """Less money than a step costs."""
    del first
    then["required"] = True
    share = rng.uniform(0.2, 0.9)
    if rng.random() < 0.5:
        made.setdefault("windows", []).append(
            {"resource": "money", "from": 0, "to": _last(made), "limit": round(then["once"] * share, 2)}
        )
        return
    for t in range(_last(made) + 1):
        limit = round(then["once"] * share / then["duration"], 2)
        made.setdefault("windows", []).append(
            {"resource": rng.choice(["money", "money_once"]), "from": t, "to": t, "limit": limit}
        )


def _tired(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """Fewer person-days than a step takes."""
    del first
    then |= {"required": True, "effort": {"security": 9.0, "plant": 6.0}}
    team, share = rng.choice([("security", 9.0), ("plant", 6.0)]), rng.choice([0.3, 0.5, 0.8])
    for t in range(_last(made) + 1):
        limit = round(team[1] * share / then["duration"], rng.choice([0, 1]))
        made.setdefault("windows", []).append({"resource": team[0], "from": t, "to": t, "limit": limit})


def _crowded(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """More at once than may be."""
    made.pop("max_parallel_by_period", None)
    made["max_parallel"] = rng.choice([0, 1])
    for step in (first, then):
        step |= {"required": True, "latest_finish": max(step["duration"] - 1, rng.choice([0, 1]))}


def _both(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """Two steps that exclude each other."""
    made.setdefault("excludes", []).append([first["id"], then["id"]])
    for step in (first, then):
        step["required"] = True
    if rng.random() < 0.3:
        then["start"] = rng.randint(0, max(0, _last(made) + 1 - then["duration"]))


def _capped(rng: random.Random, made: Made, first: Made, then: Made) -> None:
    """A cap on losses below what can be reached by then, or at all."""
    del first, then
    threat = rng.choice([None, *made["threats"]])
    chosen = made["threats"] if threat is None else [threat]
    least = 0.0
    for item in chosen:
        loss = item["expected_loss_per_year"]
        for factor in item["factors"].values():
            loss *= factor
        least += loss
    cap: dict[str, Any] = {
        "from": rng.randint(0, _last(made) + 1),
        "expected_loss_per_year": round(least * rng.choice([0.7, 0.97, 1.01, 1.1]), 2),
    }
    if threat is not None:
        cap["threat"] = threat["id"]
    if rng.random() < 0.3:
        cap["to"] = rng.randint(cap["from"], _last(made) + 1)
    made.setdefault("appetite", []).append(cap)


TROUBLES: dict[str, Callable[[random.Random, Made, Made, Made], None]] = {
    "too_soon": _too_soon,
    "swapped": _swapped,
    "waits": _waits,
    "poor": _poor,
    "tired": _tired,
    "crowded": _crowded,
    "both": _both,
    "capped": _capped,
}
