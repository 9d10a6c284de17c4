"""A plan carried out where numbers turn out otherwise: checked against the rules themselves, on random problems."""

from __future__ import annotations

import json
import math
import random
from decimal import Decimal
from functools import cache
from itertools import islice
from typing import Any

from stepladder.analysis.execute import Due, carry
from stepladder.data.formats.problem import Problem
from stepladder.solution.recount import figures
from tests.support.brute import Brute, Tried
from tests.support.problems import problem

SEEDS = range(150)


def record(said: dict[str, Any]) -> Problem:
    return Problem.model_validate_json(json.dumps(said))


@cache
def some_plans() -> dict[int, Tried]:
    """By seed: a plan that breaks nothing, neither the first nor the last."""
    found = {}
    for seed in SEEDS:
        valid = list(islice((tried for tried in Brute(problem(seed)).plans() if not tried.broken and tried.starts), 40))
        if valid:
            found[seed] = random.Random(seed).choice(valid)
    assert len(found) > 100
    return found


def otherwise(seed: int) -> dict[str, Any]:
    """The same problem where work takes longer, costs more, and asks for more people."""
    rng, said = random.Random(seed), problem(seed)
    for step in said["steps"]:
        step["duration"] = step.get("duration", 1) + rng.choice([0, 0, 0, 0, 1, 2])
        step["once"] = round(step.get("once", 0.0) * rng.choice([0.8, 1.5, 2.0]), 2)
        step["effort"] = {
            team: round(days * rng.choice([1.0, 1.5]), 2) for team, days in step.get("effort", {}).items()
        }
    return said


def test_where_nothing_changes_nothing_goes_wrong() -> None:
    for seed, tried in some_plans().items():
        held, made = carry(record(problem(seed)), tried.starts), record(problem(seed))
        assert (held.starts, held.over, held.unfinished, held.late) == (tried.starts, {}, (), 0)
        counted = figures(made, tried.starts)
        assert math.isclose(held.value, counted.objective(made.objective), abs_tol=1e-6)
        assert math.isclose(held.spend, counted.spend_total, abs_tol=1e-9)
        assert held.loss_at_the_end == counted.tail_loss


def test_steps_wait_for_what_they_need_and_for_nothing_else() -> None:
    for seed, tried in some_plans().items():
        said = otherwise(seed)
        steps, horizon = {step["id"]: step for step in said["steps"]}, len(said["periods"])
        held = carry(record(said), tried.starts)
        assert {*held.starts, *held.unfinished} == set(tried.starts)

        for name, start in held.starts.items():
            step = steps[name]
            assert start + step.get("duration", 1) <= horizon
            groups = [[_after(steps, held.starts, need) for need in group] for group in step.get("needs_any", [])]
            ready = [*(_after(steps, held.starts, need) for need in step.get("needs", [])), *map(min, groups)]
            assert start >= max(ready, default=0)
            # No later than it must be: as planned, as allowed, or as soon as what it needs is there. Of several that
            # would do, one that is known first.
            assert start in {
                tried.starts[name],
                step.get("earliest", 0),
                *ready,
                *(at for group in groups for at in group),
            }


def _after(steps: dict[str, Any], starts: dict[str, int], need: dict[str, Any]) -> float:
    other = need["step"]
    return starts[other] + steps[other].get("duration", 1) - 1 + need.get("lag", 1) if other in starts else math.inf


def test_what_is_broken_is_what_trying_everything_says() -> None:
    """The brute force names the kinds of limit that a set of starts breaks; it knows nothing of steps that are not
    finished.
    """
    looked_at = broken = 0
    for seed, tried in some_plans().items():
        said = otherwise(seed)
        held = carry(record(said), tried.starts)
        if held.unfinished:
            continue
        looked_at += 1
        same = next(other for other in Brute(said).plans() if other.starts == held.starts)
        teams = {window["resource"] for window in said.get("windows", []) if not window["resource"].startswith("money")}
        wanted = {"money" for name in same.broken if name.startswith("money")} | {
            team for team in teams if "team" in same.broken
        }
        assert set(held.over) == wanted
        broken += bool(wanted)
    assert looked_at > 50
    assert broken > 10


def test_money_of_unfinished_work_is_spent_all_the_same() -> None:
    # 90 over three periods of which the plan has two: 60 are spent, 10 more than the limit of 50 for both.
    made = record(
        {
            "format": "stepladder-problem/1",
            "periods": [{"label": "A", "years": 1, "discount": 1}, {"label": "B", "years": 1, "discount": 1}],
            "steps": [{"id": "a", "once": 90, "duration": 3}, {"id": "b", "once": 5, "needs": [{"step": "a"}]}],
            "threats": [{"id": "t", "expected_loss_per_year": 100, "factors": {"a": 0.5}}],
            "windows": [{"resource": "money", "from": 0, "to": 1, "limit": 50}],
        }
    )
    held = carry(made, {"a": 0, "b": 1}, [Due("by the end", 1, ("a",)), Due("nothing", 0, ())])
    assert (held.starts, held.unfinished, held.spend, held.over, held.missed) == (
        {},
        ("a", "b"),
        60.0,
        {"money": 10.0},
        (0,),
    )
    assert held.loss_at_the_end == 100.0


def test_decimal_money_is_exact() -> None:
    said = {
        "format": "stepladder-problem/1",
        "periods": [{"label": "A", "years": 1, "discount": 1}],
        "steps": [{"id": f"s{k}", "once": 0.1} for k in range(3)],
        "windows": [{"resource": "money", "from": 0, "to": 0, "limit": 0.3}],
    }
    held = carry(record(said), {f"s{k}": 0 for k in range(3)})
    assert held.over == {}
    assert Decimal(repr(held.spend)) == Decimal("0.3")
