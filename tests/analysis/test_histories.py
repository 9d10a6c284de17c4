"""Random histories of small plans: what follows from them is what trying everything says of the future, written down
here a second time.
"""

from __future__ import annotations

import copy
import json
import random
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.errors import Infeasible
from stepladder.optimise import Options, optimise
from stepladder.solution import make_plan
from stepladder.solution.verify import verify
from stepladder.workflow.replan import replan, stands
from tests.analysis.test_missed import truth
from tests.support.brute import Brute
from tests.support.problems import problem
from tests.support.sizes import size

SEEDS = range(size(200))
EXACT = Options(gap=0.0)
Said = dict[str, Any]


def published(seed: int) -> tuple[Said, Plan] | None:
    said = problem(seed)
    record = Problem.model_validate_json(json.dumps(said))
    outcome = optimise(record, EXACT)
    return None if not outcome.starts else (said, make_plan(record, outcome))


def history(seed: int, plan: Plan) -> Said:
    """What became of a plan's steps, and what the books say: as a file of actuals."""
    rng, horizon = random.Random(f"history {seed}"), plan.problem.horizon
    now, labels = rng.randrange(1, horizon), [period.label for period in plan.problem.periods]
    steps: dict[str, Said] = {}
    for step in plan.problem.steps:
        start = plan.starts.get(step.id)
        if start is None or start >= now:
            if rng.random() < 0.1:
                steps[step.id] = {"status": "cancelled"}
            elif rng.random() < 0.1:
                # Nobody planned it, or not yet, and it is done.
                begun = rng.randrange(now)
                steps[step.id] = {
                    "status": "done",
                    "started": labels[begun],
                    "finished": labels[rng.randrange(begun, now)],
                }
            continue
        kind = rng.choice(["as planned", "as planned", "slipped", "cancelled", "running", "dearer"])
        if kind in ("slipped", "cancelled"):
            steps[step.id] = {"status": kind}
        elif kind == "running":
            steps[step.id] = {"status": "running", "remaining": rng.randint(1, horizon - now)}
        elif kind == "dearer":
            done = step.finish(start) < now
            paid = round(step.once * rng.choice([0.5, 1.3, 2.0]), 2)
            steps[step.id] = {"status": "done" if done else "running", "spent": paid}
    spent = {labels[t]: round(rng.uniform(0, 60_000), 2) for t in range(now) if rng.random() < 0.3}
    return {"format": "stepladder-actuals/1", "as_of": labels[now], "steps": steps, "spent": spent}


def future(said: Said, plan: Plan, told: Said) -> tuple[Said, dict[str, int], list[Decimal]]:
    """The question as it stands, the starts of what has begun, and the money of each past period, all by hand."""
    labels = [period["label"] for period in said["periods"]]
    made, now = copy.deepcopy(said), labels.index(told["as_of"])
    begun: dict[str, int] = {}
    for step in made["steps"]:
        name, news = step["id"], told["steps"].get(step["id"], {})
        start = labels.index(news["started"]) if "started" in news else plan.starts.get(name)
        status = news.get("status", "planned")
        if status == "cancelled":
            step |= {"earliest": 10**4, "required": False, "start": None, "latest_finish": None}
        elif status == "slipped" or start is None or start >= now:
            step["earliest"] = max(step.get("earliest", 0), now)
        else:
            begun[name] = start
            last = start + step["duration"] - 1
            if "finished" in news:
                last = labels.index(news["finished"])
            elif "remaining" in news:
                last = now + news["remaining"] - 1
            step |= {"duration": last - start + 1, "once": news.get("spent", step["once"]), "start": start}
            step |= {"needs": [], "needs_any": [], "latest_finish": None, "required": True, "earliest": 0}
    brute, windows = Brute(made), []
    spent = [
        Decimal(repr(told["spent"][labels[t]])) if labels[t] in told["spent"] else used(brute, begun, "money", t)
        for t in range(now)
    ]
    for window in made.get("windows", []):
        if window["to"] >= now:
            past = (
                spent[t] if window["resource"] == "money" else used(brute, begun, window["resource"], t)
                for t in range(window["from"], now)
            )
            left = max(Decimal(0), Decimal(repr(window["limit"])) - sum(past, Decimal(0)))
            first = max(window["from"], now)
            on = sum((used(brute, begun, window["resource"], t) for t in range(first, window["to"] + 1)), Decimal(0))
            windows.append({**window, "from": first, "limit": float(max(left, on))})
    made["windows"] = windows
    if made.get("max_parallel") is not None:
        at_once = made.get("max_parallel_by_period") or [made["max_parallel"]] * len(labels)
        made["max_parallel_by_period"] = [
            max(most, sum(start <= t < start + brute.steps[name]["duration"] for name, start in begun.items()))
            for t, most in enumerate(at_once)
        ]
    made["excludes"] = [pair for pair in made.get("excludes", []) if not {*pair} <= {*begun}]
    made["appetite"] = [
        {**cap, "from": max(cap["from"], now)}
        for cap in made.get("appetite", [])
        if cap.get("to") is None or cap["to"] >= now
    ]
    return made, begun, spent


def used(brute: Brute, starts: dict[str, int], resource: str, t: int) -> Decimal:
    """What some steps use of a resource in a period."""
    total = Decimal(0)
    for name, start in starts.items():
        invest, running = brute.money[name][start]
        total += invest[t] if resource in ("money", "money_once") else Decimal(0)
        total += running[t] if resource in ("money", "money_per_year") else Decimal(0)
        step = brute.steps[name]
        if not resource.startswith("money") and start <= t < start + step["duration"]:
            total += Decimal(repr(step["effort"].get(resource, 0.0))) / step["duration"]
    return total


@pytest.mark.parametrize("first", SEEDS[::10])
def test_what_follows_from_a_history_is_what_trying_everything_says(first: int, tmp_path: Path) -> None:
    answered = late = impossible = 0
    for seed in range(first, first + 10):
        asked = published(seed)
        if asked is None:
            continue
        said, plan = asked
        told = history(seed, plan)
        path = tmp_path / f"{seed}.json"
        path.write_text(json.dumps(told), encoding="utf-8")
        question, begun, spent = future(said, plan, told)
        aim, now = said["objective"], len(spent)
        values = [tried.criteria(aim)[0] for tried in Brute(question).plans() if not tried.broken]
        try:
            new = replan(plan, stands(plan, actuals=path), EXACT).plan
        except Infeasible:
            impossible += 1
            assert not values, seed
            true = truth(question, [])
            assert true is None or true[0] == true[1], seed
            continue
        assert verify(new) == [], seed
        assert {name: start for name, start in new.starts.items() if start < now} == begun, seed
        # Money: what the books say, else what the steps account for; and what is to come.
        assert [*new.spent.values()] == [float(round(amount, 2)) for amount in spent], seed
        to_come = sum(period.spend for period in new.periods[now:])
        assert new.cost == pytest.approx(float(sum(spent)) + to_come), seed
        if values:
            assert new.missed == (), seed
            assert new.objective.value == pytest.approx(min(values), rel=1e-9, abs=1e-6), seed
            answered += 1
            continue
        # Only dates were in the way: each is met as early as it can be, the first one first, and the rest is the best.
        true = truth(question, [])
        assert true is not None, seed
        due, met = true
        assert {miss.step: miss.earliest for miss in new.missed} == {
            name: f"P{met[name]}" for name in due if met[name] > due[name]
        }, seed
        for step in question["steps"]:
            if step["id"] in met:
                step["latest_finish"] = met[step["id"]]
        values = [tried.criteria(aim)[0] for tried in Brute(question).plans() if not tried.broken]
        assert new.objective.value == pytest.approx(min(values), rel=1e-9, abs=1e-6), seed
        late += 1
    assert answered + late + impossible >= 3
