"""Random histories of small plans: what follows from them is what trying everything says of the future, written down
here a second time.
"""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Callable
from decimal import ROUND_FLOOR, Decimal
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
            if not done and rng.random() < 0.5:
                steps[step.id]["to_come"] = round(step.once * rng.choice([0.0, 0.4, 1.1]), 2)
    spent = {labels[t]: round(rng.uniform(0, 60_000), 2) for t in range(now) if rng.random() < 0.3}
    return {
        "format": "stepladder-actuals/1",
        "as_of": labels[now],
        "steps": steps,
        "spent": spent,
        "unplanned": extra(rng, plan, range(now)),
        "committed": extra(rng, plan, range(now, horizon)),
        "new_threats": new_threats(rng, plan),
    }


def extra(rng: random.Random, plan: Plan, periods: range) -> Said:
    """Sometimes something that no step has, within these periods."""
    if rng.random() < 0.6:
        return {}
    first, labels = rng.choice(periods), [period.label for period in plan.problem.periods]
    last = rng.randrange(first, periods.stop)
    teams = sorted({team for step in plan.problem.steps for team in step.effort})
    money = {"amount": round(rng.uniform(0, 8_000), 2), "kind": rng.choice(["investment", "running"])}
    effort = {team: rng.randint(0, 3) for team in teams}
    return {"something": {"title": "x", "from": labels[first], "to": labels[last], "effort": effort, **money}}


def new_threats(rng: random.Random, plan: Plan) -> Said:
    """Sometimes a threat that is like another, but for one step."""
    if rng.random() < 0.6 or not plan.problem.threats:
        return {}
    like, step = rng.choice(plan.problem.threats).id, rng.choice(plan.problem.steps).id
    loss = round(rng.uniform(1_000, 90_000), 2)
    return {"fresh": {"title": "x", "expected_loss_per_year": loss, "like": like, "reduced_by": {step: 0.3}}}


def future(said: Said, plan: Plan, told: Said) -> tuple[Said, dict[str, int], list[Decimal]]:
    """The question as it stands, the starts of what has begun, and the money of each past period, all by hand."""
    labels = [period["label"] for period in said["periods"]]
    made, now = copy.deepcopy(said), labels.index(told["as_of"])
    begun: dict[str, int] = {}
    paid: dict[str, list[Decimal]] = {}
    for step in made["steps"]:
        name, news = step["id"], told["steps"].get(step["id"], {})
        start = labels.index(news["started"]) if "started" in news else plan.starts.get(name)
        status = news.get("status", "planned")
        if status == "cancelled":
            step |= {"earliest": 10**4, "required": False, "start": None, "latest_finish": None}
        elif status == "slipped" or start is None or start >= now:
            step.update(still_open(step, now))
        else:
            begun[name] = start
            last = start + step["duration"] - 1
            if "finished" in news:
                last = labels.index(news["finished"])
            elif "remaining" in news:
                last = now + news["remaining"] - 1
            once = news.get("spent", step["once"])
            if status == "running" and "spent" in news:
                once, paid[name] = divided(news, step["once"], now - start, last - now + 1)
            step |= {"duration": last - start + 1, "once": once, "start": start}
            step |= {"needs": [], "needs_any": [], "latest_finish": None, "required": True, "earliest": 0}
    for name, new in told["new_threats"].items():
        made["threats"].append(fresh(made, name, new, begun, now))
    brute = Brute(made)

    def past(resource: str, t: int) -> Decimal:
        """What was used in a past period, all in."""
        total = used(brute, begun, resource, t) + beside(told["unplanned"], labels, resource, t)
        for name, shares in paid.items() if resource in ("money", "money_once") else ():
            if t >= begun[name]:
                total += shares[t - begun[name]] - brute.money[name][begun[name]][0][t]
        return total

    spent = [
        Decimal(repr(told["spent"][labels[t]])) if labels[t] in told["spent"] else past("money", t) for t in range(now)
    ]
    made["windows"] = limits(made, told, begun, past, spent)
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


def still_open(step: Said, now: int) -> Said:
    """What is asked of a step that has not begun: where its day is over, it is asked for all the same."""
    if step.get("start") is not None and step["start"] < now:
        return {"start": None, "required": True, "earliest": now}
    return {"earliest": max(step.get("earliest", 0), now)}


def limits(
    made: Said, told: Said, begun: dict[str, int], past: Callable[[str, int], Decimal], spent: list[Decimal]
) -> list[Said]:
    """What is left of each limit from now on."""
    labels, now, brute = [period["label"] for period in made["periods"]], len(spent), Brute(made)
    windows = []
    for window in made.get("windows", []):
        if window["to"] >= now:
            resource = window["resource"]
            gone = (spent[t] if resource == "money" else past(resource, t) for t in range(window["from"], now))
            span = range(max(window["from"], now), window["to"] + 1)
            promised = (beside(told["committed"], labels, resource, t) for t in span)
            taken = sum(gone, Decimal(0)) + sum(promised, Decimal(0))
            left = max(Decimal(0), Decimal(repr(window["limit"])) - taken)
            first = max(window["from"], now)
            on = sum((used(brute, begun, window["resource"], t) for t in range(first, window["to"] + 1)), Decimal(0))
            windows.append({**window, "from": first, "limit": float(max(left, on))})
    return windows


def divided(news: Said, planned: float, gone: int, left: int) -> tuple[float, list[Decimal]]:
    """Of a running step: the investment over all its periods with which the last ones have what is to come, and what
    the first ones have truly cost.
    """
    spent = Decimal(repr(news["spent"]))
    rest = max(Decimal(0), Decimal(repr(planned)) - spent)
    to_come = parts(Decimal(repr(news["to_come"])) if "to_come" in news else rest, left)
    return float(sum(to_come) + to_come[0] * gone), parts(spent, gone)


def parts(amount: Decimal, count: int, smallest: str = "0.01") -> list[Decimal]:
    """An amount over so many periods, in cents or other smallest parts."""
    each = (amount / count).quantize(Decimal(smallest), ROUND_FLOOR)
    return [*[each] * (count - 1), amount - each * (count - 1)]


def beside(told: Said, labels: list[str], resource: str, t: int) -> Decimal:
    """What is used of a resource in a period by what no step has."""
    total = Decimal(0)
    for one in told.values():
        span = range(labels.index(one["from"]), labels.index(one["to"]) + 1)
        of_kind = "money_once" if one["kind"] == "investment" else "money_per_year"
        if t in span and resource in ("money", of_kind):
            total += parts(Decimal(repr(one["amount"])), len(span))[span.index(t)]
        elif t in span:
            total += parts(Decimal(one["effort"].get(resource, 0)), len(span), "0.0001")[span.index(t)]
    return total


def fresh(made: Said, name: str, new: Said, begun: dict[str, int], now: int) -> Said:
    """A threat that the plan did not know, as it would have been at the beginning."""
    like = next(threat for threat in made["threats"] if threat["id"] == new["like"])
    factors = {**like["factors"], **{step: 1 - share for step, share in new["reduced_by"].items()}}
    loss = new["expected_loss_per_year"]
    for step in made["steps"]:
        there = step["id"] in begun and begun[step["id"]] + step["duration"] - 1 + made["effect_lag"] <= now
        loss /= factors.get(step["id"], 1.0) if there else 1.0
    return {"id": name, "expected_loss_per_year": loss, "factors": factors}


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
