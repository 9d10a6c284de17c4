"""Every rule as a text that one can read: the rows that it gives for one small problem, in CPLEX LP format.

After a change that is meant: make golden, and read what changed.
"""

from __future__ import annotations

import inspect
import json
import math
import os
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest

from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger
from stepladder.optimise import Keep
from stepladder.optimise.formulation import rules
from stepladder.optimise.formulation.points import first_points
from stepladder.optimise.formulation.program import criteria, minimise
from stepladder.optimise.formulation.rows import Formulation, Row, collect
from stepladder.optimise.formulation.variables import Grid, lay
from stepladder.optimise.solvers.cbc import lp_text

GOLDEN = Path(__file__).parent / "golden"


def periods(count: int) -> list[dict[str, Any]]:
    return [{"label": f"p{t}", "years": 0.5, "discount": round(1 - t / 10, 1)} for t in range(count)]


PROBLEM: dict[str, Any] = {
    "format": "stepladder-problem/1",
    "periods": periods(4),
    "tail": {"years": 2, "discount": 0.5},
    "steps": [
        {"id": "list", "once": 100.01, "per_year": 40, "effort": {"people": 3}, "duration": 2, "required": True},
        {"id": "door", "once": 50, "needs": [{"step": "list", "lag": 0}], "value_once": 7, "value_per_year": 2},
        {
            "id": "bell",
            "effort": {"people": 1.5},
            "needs_any": [[{"step": "list"}, {"step": "door", "lag": 2}]],
            "earliest": 1,
            "latest_finish": 2,
            "points_per_year": 9,
        },
        {"id": "dog", "per_year": 10, "start": 1},
    ],
    "threats": [
        {"id": "theft", "expected_loss_per_year": 1000, "factors": {"list": 0.9, "door": 0.5}},
        {"id": "fire", "expected_loss_per_year": 200, "factors": {"bell": 0.25}},
    ],
    "windows": [
        {"resource": "money", "from": 0, "to": 1, "limit": 200},
        {"resource": "money_once", "from": 2, "to": 3, "limit": 130},
        {"resource": "money_per_year", "from": 3, "to": 3, "limit": 22.5},
        {"resource": "people", "from": 1, "to": 1, "limit": 4},
    ],
    "max_parallel": 2,
    "excludes": [["bell", "dog"]],
    "appetite": [
        {"from": 2, "to": 3, "threat": "theft", "expected_loss_per_year": 600},
        {"from": 3, "expected_loss_per_year": 900},
    ],
}


def text_of(
    grid: Grid, rows: Iterable[Row], criterion: Callable[[Grid], Any] | None = None, *, starting: bool = False
) -> str:
    formulation = Formulation()
    if starting:
        formulation.add_variables(rules.starting_variables(grid))
    formulation.add_variables(rules.started_variables(grid))
    formulation.add_variables(rules.loss_variables(grid))
    formulation.add_variables(rules.state_variables(grid))
    formulation.add_variables(rules.achieved_variables(grid))
    formulation.add(rows)
    if criterion is not None:
        minimise(formulation, grid, criterion(grid))
    return lp_text(formulation)


def in_points() -> Grid:
    """The same problem with points for what is wanted."""
    steps = [{**step, "points_per_year": 3} if step["id"] in ("door", "dog") else step for step in PROBLEM["steps"]]
    made = {**PROBLEM, "steps": steps, "objective": "worth"}
    return lay(Ledger(Problem.model_validate_json(json.dumps(made))))


def with_achievements() -> Grid:
    """The same problem with achievements: of all, of one of several, by score; one of them the dog needs."""
    achievements: list[dict[str, Any]] = [
        {"id": "begun", "any": [["list", "bell"]]},
        {"id": "both", "all": ["list", "door"], "points_per_year": 4},
        {"id": "either", "any": [["both", "bell"]], "by": 2},
        {
            "id": "half",
            "score": {"at_least": 1.0, "of": {"list": 0.5, "door": 0.25, "bell": 0.25}},
            "points_per_year": 2,
        },
    ]
    needs = [{"achievement": "begun", "lag": 0}]
    steps = [{**step, "needs_achievements": needs} if step["id"] == "dog" else step for step in PROBLEM["steps"]]
    made = {**PROBLEM, "steps": steps, "achievements": achievements, "objective": "worth"}
    return lay(Ledger(Problem.model_validate_json(json.dumps(made))))


def with_large_losses() -> Grid:
    """The same problem with events: of both threats together, whose steps make some of them cheaper, and of one."""
    theft, fire = PROBLEM["threats"]
    # A year is expected to cost 2 · 400 · e^(0.5² / 2) and 0.5 · 300 · e^(1² / 2).
    stolen = {"per_year": 2, "median": 400, "sigma": 0.5}
    burnt = {"per_year": 0.5, "median": 300, "sigma": 1}
    threats = [
        {**theft, "expected_loss_per_year": 906.52, "events": stolen, "cheaper": ["door"]},
        {**fire, "expected_loss_per_year": 247.31, "events": burnt},
    ]
    caps = [
        {"of": "one_event", "above": 500, "chance": 0.4, "from": 3},
        {"of": "one_event", "above": 900, "chance": 0.02, "from": 3, "threat": "fire"},
        {"of": "year", "above": 2000, "chance": 0.1, "from": 4},
        {"of": "excess", "above": 500, "per_year": 100, "from": 2, "to": 3},
    ]
    return lay(Ledger(Problem.model_validate_json(json.dumps({**PROBLEM, "threats": threats, "exceedance": caps}))))


def insured() -> Grid:
    """The same problem with two policies for two years, one of which needs the list."""
    events = {"per_year": 0.5, "median": 2000 / math.exp(0.5), "sigma": 1.0}
    made = {
        **PROBLEM,
        "threats": [{**PROBLEM["threats"][0], "events": events}, PROBLEM["threats"][1]],
        "policy_years": [{"from": 0, "to": 1}, {"from": 2, "to": 4}],
        "policies": [
            {"id": "basic", "premiums": [20, 25], "terms": {"theft": {"retention": 100, "limit": 1500}}},
            {
                "id": "full",
                "premiums": [None, 60],
                "needs": ["list"],
                "terms": {"theft": {"limit": 9000, "share": 0.8}},
            },
        ],
    }
    return lay(Ledger(Problem.model_validate_json(json.dumps(made))))


def insured_events() -> Grid:
    """The same, where the door makes events cheaper, with a cap on them from the last period on."""
    events = {"per_year": 0.5, "median": 2000 / math.exp(0.5), "sigma": 1.0}
    theft = {**PROBLEM["threats"][0], "events": events, "cheaper": ["door"]}
    fire = {**PROBLEM["threats"][1], "events": {"per_year": 0.1, "median": 2000 / math.exp(0.5), "sigma": 1.0}}
    policies = [
        {"id": "basic", "premiums": [20, 5], "terms": {"theft": {"retention": 100, "limit": 1500}}},
        {"id": "full", "premiums": [None, 6], "terms": {"theft": {"limit": 9000, "share": 0.8}}},
    ]
    years = [{"from": 0, "to": 2}, {"from": 3, "to": 4}]
    caps = [
        {"of": "one_event", "above": 3000, "chance": 0.1, "from": 3},
        {"of": "excess", "above": 3000, "per_year": 50, "from": 2, "to": 3, "threat": "theft"},
    ]
    said = {**PROBLEM, "threats": [theft, fire], "policy_years": years, "policies": policies, "exceedance": caps}
    return lay(Ledger(Problem.model_validate_json(json.dumps(said))))


def of_insured(*families: str) -> str:
    """Rows of some functions about it, one after the other."""
    grid = insured_events()
    return text_of(grid, [row for name in families for row in getattr(rules, name)(grid)])


#: How each function that is not simply grid -> rows is called.
CALLED: dict[str, Callable[[Grid], str]] = {
    "tangent": lambda grid: text_of(grid, [rules.tangent(grid, 0, 3, -0.25, "c1")]),
    "tangents": lambda grid: text_of(
        grid, rules.tangents(grid, {key: first_points(least, 2) for key, least in grid.losses.items()})
    ),
    "risk_terms": lambda grid: text_of(grid, [], lambda g: criteria(g)[0]),
    "gain_terms": lambda grid: text_of(in_points(), [], lambda g: criteria(g)[0]),
    "spend_terms": lambda grid: text_of(grid, [], lambda g: criteria(g)[1]),
    "no_worse": lambda grid: text_of(grid, [rules.no_worse(grid, *criteria(grid)[0], 3000.0)]),
    "cover": lambda grid: text_of(grid, [rules.cover(grid, 0, [("list", 0), ("door", 1)], "1")]),
    "more_in_place": lambda grid: text_of(grid, [rules.more_in_place(grid, 1, 3, ["door", "bell"], "1")]),
    "better_than": lambda grid: text_of(
        grid, [rules.better_than(grid, criteria(grid)[0][0], {"list": 0, "dog": 1}, "1")]
    ),
    "other_than": lambda grid: text_of(grid, [rules.other_than(grid, {"list": 0, "dog": 1}, "1")]),
    "achieved_variables": lambda _: text_of(
        with_achievements(),
        [Row("all", (), {v.name: 1.0 for v in rules.achieved_variables(with_achievements())}, "<=", 99.0)],
    ),
    **{
        name: lambda _, name=name: text_of(with_achievements(), getattr(rules, name)(with_achievements()))  # type: ignore[misc]
        for name in ("achieved", "achieved_all", "achieved_any", "achieved_score", "needs_achievements")
    },
    **{
        name: lambda _, name=name: text_of(with_large_losses(), getattr(rules, name)(with_large_losses()))  # type: ignore[misc]
        for name in ("one_event", "year", "excess")
    },
    "state_variables": lambda _: text_of(
        insured_events(),
        [Row("all", (), {v.name: 1.0 for v in rules.state_variables(insured_events())}, "<=", 99.0)],
    ),
    # With the rows in which combinations stand.
    "states": lambda _: of_insured("states", "one_event", "excess"),
    "policies": lambda _: text_of(insured(), rules.policies(insured())),
    "policy_needs": lambda _: text_of(insured(), rules.policy_needs(insured())),
    "other_steps": lambda _: text_of(
        insured(), [rules.other_steps(insured(), {"list": 0, "dog": 1, "basic@0": 0}, "1")]
    ),
    "use": lambda grid: text_of(grid, [Row("used", (), collect(rules.use(grid, grid.problem.windows[0])), "<=", 9.0)]),
    "busy": lambda grid: text_of(grid, [Row("in_work", (), collect(rules.busy(grid, 1)), "<=", 9.0)]),
    # Every row of a rule names its variables, with their bounds at the end of the text; all of them are in one
    # objective.
    "started_variables": lambda grid: text_of(
        grid, [Row("all", (), {v.name: 1.0 for v in rules.started_variables(grid)}, "<=", 99.0)]
    ),
    "starting_variables": lambda grid: text_of(
        grid, [Row("all", (), {v.name: 1.0 for v in rules.starting_variables(grid)}, "<=", 99.0)], starting=True
    ),
    "starting": lambda grid: text_of(grid, rules.starting(grid), starting=True),
    "loss_variables": lambda grid: text_of(
        grid, [Row("all", (), {v.name: 1.0 for v in rules.loss_variables(grid)}, "<=", 99.0)]
    ),
}

NAMES = [name for name, _ in inspect.getmembers(rules, inspect.isfunction)]


#: The same problem with other steps: which rule is looked at, and their fields by id.
OTHERWISE: dict[str, tuple[str, dict[str, dict[str, Any]]]] = {
    "windows_with_shares": ("windows", {"list": {"spread": [0.7, 0.3]}}),
    "windows_with_renewals": ("windows", {"dog": {"renew": {"every": 2, "a_year": 1, "once": 1}}}),
    "spend_terms_with_renewals": ("spend_terms", {"dog": {"renew": {"every": 2, "a_year": 1, "once": 1}}}),
    "spend_terms_with_shares": ("spend_terms", {"list": {"spread": [0.7, 0.3]}}),
}


@pytest.mark.parametrize("name", [*NAMES, *OTHERWISE])
def test_golden(name: str) -> None:
    rule, fields = OTHERWISE.get(name, (name, {}))
    steps = [{**step, **fields.get(step["id"], {})} for step in PROBLEM["steps"]]
    made = Problem.model_validate_json(json.dumps({**PROBLEM, "steps": steps}))
    grid = lay(Ledger(made), Keep({"list": 0, "bell": 1}, 1))
    text = CALLED[rule](grid) if rule in CALLED else text_of(grid, getattr(rules, rule)(grid))
    path = GOLDEN / f"{name}.lp"
    if os.environ.get("STEPLADDER_GOLDEN") == "write":
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    assert path.read_text(encoding="utf-8") == text


def test_every_golden_text_has_a_rule() -> None:
    assert sorted(path.stem for path in GOLDEN.glob("*")) == sorted([*NAMES, *OTHERWISE])


def test_steps_each_two_of_which_exclude_each_other_share_a_row() -> None:
    pairs = [["bell", "dog"], ["list", "dog"], ["dog", "door"], ["bell", "door"]]
    grid = lay(Ledger(Problem.model_validate_json(json.dumps({**PROBLEM, "excludes": pairs}))))
    assert [(row.key, len(row.terms)) for row in rules.excludes(grid)] == [((0,), 3), ((1,), 2)]
