"""A limit for what goes on costing afterwards: what clashes with it, what would help, and what stays of it later."""

from __future__ import annotations

import json
from typing import Any

from stepladder.analysis.rebase import rebase
from stepladder.analysis.repair import repair
from stepladder.data.demand import demands_of
from stepladder.data.formats.problem import Problem
from stepladder.data.happened import as_planned
from stepladder.optimise import Options, optimise
from stepladder.output.repairs import repair_text
from stepladder.solution import make_plan
from stepladder.solution.verify import broken_rules
from stepladder.wording.afterwards import goes_on


def asked(limit: float, **second: Any) -> Problem:
    """Two steps of 300 and 250 a year over three half-years."""
    steps = [{"id": "a", "once": 10, "per_year": 300, "required": True}, {"id": "b", "per_year": 250, **second}]
    periods = [{"label": f"p{t}", "years": 0.5, "discount": 1} for t in range(3)]
    windows = [
        {"resource": "money", "from": 0, "to": 2, "limit": 5000},
        {"resource": "money_afterwards", "from": 0, "to": 2, "limit": limit, "label": "afterwards"},
    ]
    threats = [{"id": "t", "expected_loss_per_year": 9000, "factors": {"a": 0.5, "b": 0.5}}]
    said = {"format": "stepladder-problem/1", "periods": periods, "steps": steps, "windows": windows}
    return Problem.model_validate_json(json.dumps({**said, "threats": threats}))


def test_no_period_says_what_the_sum_of_both_is() -> None:
    both, one = (optimise(asked(limit), Options(gap=0.0)) for limit in (550, 549.99))
    assert set(both.starts) == {"a", "b"}
    assert set(one.starts) == {"a"}
    plan = make_plan(asked(549.99), one)
    assert plan.not_planned["b"].detail.endswith("the budget for what goes on costing afterwards")
    assert plan.totals.afterwards is not None
    assert (plan.totals.afterwards.per_year, plan.afterwards) == (300.0, 300.0)


def test_a_renewed_policy_is_named_beside_the_steps() -> None:
    """Where nothing but a policy goes on costing, it is not said of the planned steps."""
    loss = {"id": "t", "expected_loss_per_year": 1648.72, "factors": {}}
    events = {"per_year": 1.0, "median": 1000.0, "sigma": 1.0}
    policy = {"id": "p", "premiums": [40.0], "terms": {"t": {"limit": 5000.0}}}
    said = json.loads(asked(600).model_dump_json(by_alias=True, exclude_defaults=True))
    said |= {
        "currency": "EUR",
        "threats": [{**loss, "events": events}],
        "policy_years": [{"from": 0, "to": 3}],
        "policies": [policy],
    }
    said["steps"] = [{"id": "b", "per_year": 250}]
    for objective, money in (("net", "40"), ("spend", None)):
        made = Problem.model_validate_json(json.dumps({**said, "objective": objective}))
        plan = make_plan(made, optimise(made, Options(gap=0.0)))
        who = "the planned steps" + (" and the policy that is renewed" if money else "")
        assert goes_on(plan)[0] == f"After the horizon {who} go on costing {money or 0} EUR a year, of at most 600 EUR."
        assert plan.renewed == plan.afterwards == float(money or 0)


def test_repair_says_how_much_more_a_year_it_would_take_and_raises_that_limit_alone() -> None:
    made = asked(549.99, required=True)
    found = repair(made, demands_of(made), Options())
    assert [demand.name for demand in found.clashes[0].demands if demand.kind == "budget"] == [
        "the budget for what goes on costing afterwards"
    ]
    money = next(remedy for remedy in found.remedies if remedy.name == "money")
    assert [(change.resource, change.amount) for change in money.changes] == [("money_afterwards", 0.01)]
    assert money.problem is not None
    assert [window.limit for window in money.problem.windows] == [5000.0, 550.0]
    assert broken_rules(money.problem, money.starts) == []
    assert "0.01 more a year for what goes on costing afterwards" in " ".join(repair_text(found).split())


def test_what_is_done_has_used_its_part_of_the_limit() -> None:
    plan = make_plan(asked(550), optimise(asked(550), Options(gap=0.0)))
    now = max(plan.starts.values()) + 1
    later = rebase(plan.problem, as_planned(plan, now)).problem
    left = [window.limit for window in later.windows if window.resource == "money_afterwards"]
    # All of it, 550 a year, is gone on what is done already.
    assert left == ([0.0] if now < 3 else [])
