"""Plans made by hand and at random, their figures filled in from the starts, so that no solver is needed."""

from __future__ import annotations

import math
import random
from typing import Any

from stepladder.data.formats.context import Context
from stepladder.data.formats.plan import Plan
from stepladder.data.formats.problem import Problem
from stepladder.evaluate import Ledger, evaluate
from stepladder.solution.reasons import reasons

QUARTERS = (("01-01", "03-31"), ("04-01", "06-30"), ("07-01", "09-30"), ("10-01", "12-31"))


def period(t: int) -> dict[str, Any]:
    """Quarter ``t`` from 2027-Q1 on; r = 5 %."""
    year, quarter = 2027 + t // 4, t % 4
    start, end = QUARTERS[quarter]
    return {
        "label": f"{year}-Q{quarter + 1}",
        "start": f"{year}-{start}",
        "end": f"{year}-{end}",
        "years": 0.25,
        "discount": round(1.05 ** -(t / 4), 9),
    }


def problem(**changes: Any) -> Problem:
    """Five steps, two threats, four quarters, 72,000 EUR a year that carry over, one team of 20 days a quarter."""
    found: dict[str, Any] = {
        "format": "stepladder-problem/1",
        "title": "Bottling line",
        "currency": "EUR",
        "periods": [period(t) for t in range(4)],
        "tail": {"years": 3, "discount": 0.952380952},
        "steps": [
            {
                "id": "access.depth.2",
                "title": "Access Control to Ad hoc",
                "once": 12000,
                "per_year": 2000,
                "effort": {"security": 15},
            },
            {
                "id": "access.depth.3",
                "title": "Access Control to Consistent",
                "once": 24000,
                "per_year": 6000,
                "duration": 2,
                "effort": {"security": 12, "operations": 8},
                "needs": [{"step": "access.depth.2"}],
                "required": True,
                "latest_finish": 3,
            },
            {"id": "assets.depth.2", "title": "Asset Management to Ad hoc", "once": 5000.5, "effort": {"security": 5}},
            {
                "id": "patching.depth.2",
                "title": "Patch Management to Ad hoc",
                "once": 9000,
                "per_year": 4000,
                "needs": [{"step": "assets.depth.2"}],
            },
            {"id": "vault.depth.4", "title": "Data Protection to Formalized", "once": 90000},
        ],
        "threats": [
            {
                "id": "ransomware",
                "title": "Ransomware stops the line",
                "expected_loss_per_year": 240000,
                "factors": {"access.depth.2": 0.88, "access.depth.3": 0.8, "patching.depth.2": 0.75},
            },
            {
                "id": "tampering",
                "title": "Tampering with recipes",
                "expected_loss_per_year": 60000,
                "factors": {"access.depth.3": 0.5, "vault.depth.4": 0.9},
            },
        ],
        "windows": [
            *(
                {
                    "resource": "money",
                    "from": 0,
                    "to": t,
                    "limit": 18000.0 * (t + 1),
                    "label": f"to {period(t)['label']}",
                }
                for t in range(4)
            ),
            *({"resource": "security", "from": t, "to": t, "limit": 20, "label": period(t)["label"]} for t in range(4)),
        ],
        "appetite": [{"from": 4, "expected_loss_per_year": 200000}],
    }
    return Problem.model_validate_json(_json({**found, **changes}))


CONTEXT: dict[str, Any] = {
    "parameters": [
        {
            "id": "access.depth",
            "system": None,
            "practice": "Access Control",
            "groups": ["Enablement"],
            "scale": "Comprehensiveness",
            "levels": {"1": "Minimum", "2": "Ad hoc", "3": "Consistent"},
            "current": 1,
            "target": 3,
        }
    ],
    "milestones": [
        {
            "title": "EU CRA: access control at 3",
            "date": "2027-12-11",
            "reason": "The main obligations apply",
            "source": "Regulation (EU) 2024/2847",
            "steps": ["access.depth.2", "access.depth.3"],
        }
    ],
    "steps": {
        "access.depth.2": {"parameter": "access.depth", "level": 2, "owner": "Plant security"},
        "access.depth.3": {"parameter": "access.depth", "level": 3, "owner": "Plant security"},
        "assets.depth.2": {"parameter": "assets.depth", "level": 2, "implied_by": "patching.depth.2"},
    },
    "years": [{"label": "2027", "from": 0, "to": 3}],
    "origins": {
        "/steps/0/once": {"from": "catalogue", "at": "models/iot_smm.yaml:10:3", "illustrative": True},
        "/steps/1/once": {"from": "scenario", "at": "scenarios/bottling_line.yaml:20:5"},
        # Later than the milestone would have it, so that a plan can be late.
        "/steps/1/latest_finish": {"from": "scenario", "at": "scenarios/bottling_line.yaml:30:5"},
    },
    "notes": [
        "Capacity of operations is not limited.",
        "Asset Management to Ad hoc is above its target; it is implied by patching.depth.2.",
        (
            "Advice not followed: “Asset Management to Ad hoc” does not come before “Access Control to Ad hoc”: you"
            " protect what you know"
        ),
    ],
}

STARTS = {"access.depth.2": 0, "access.depth.3": 1, "assets.depth.2": 0, "patching.depth.2": 2}


def context(**changes: Any) -> Context:
    """One practice, one milestone, one owner, one illustrative number."""
    return Context.model_validate_json(_json({**CONTEXT, **changes}))


def plan(
    asked: Problem | None = None,
    starts: dict[str, int] | None = None,
    told: Context | None = None,
    *,
    bound: float | None = None,
    status: str = "optimal",
    wanted_gap: float | None = -1.0,
    left: dict[str, dict[str, str]] | None = None,
) -> Plan:
    """A plan with all figures recomputed; the bound is the value less 0.5 % unless told otherwise, and the wanted
    gap fits the status.
    """
    if wanted_gap == -1.0:
        wanted_gap = 0.01 if status == "optimal" else 0.0025
    asked = asked or problem()
    starts = STARTS if starts is None else starts
    ledger = Ledger(asked)
    found = evaluate(ledger, starts)
    value = found.criteria(asked.objective)[0]
    bound = value - abs(value) * 0.005 if bound is None else bound
    teams = sorted({team for step in asked.steps for team in step.effort})
    missing = {name: why.model_dump() for name, why in reasons(asked, starts).items()}
    spend = [ledger.amount(units, "money") for units in found.used["money"]]
    return Plan.model_validate_json(
        _json(
            {
                "format": "stepladder-plan/2",
                "made_with": {"stepladder": "0.1.0", "solver": "by hand"},
                "status": status,
                "wanted_gap": wanted_gap,
                "objective": {
                    "name": asked.objective,
                    "value": value,
                    "bound": bound,
                    "gap": 0.0 if value == bound else (value - bound) / abs(value) if value else None,
                },
                "starts": starts,
                "not_planned": {**missing, **(left or {})},
                "periods": [
                    {
                        "label": held.label,
                        "spend": spend[t],
                        "expected_loss_per_year": found.total_loss(t),
                        "effort": {team: ledger.amount(found.used[team][t], team) for team in teams},
                    }
                    for t, held in enumerate(asked.periods)
                ],
                "totals": {
                    "spend": math.fsum(spend),
                    "spend_present_value": found.spend,
                    "loss_present_value": found.risk + found.worth,
                    "value_present_value": found.worth,
                    "tail_expected_loss_per_year": found.total_loss(asked.horizon),
                },
                "problem": asked.model_dump(mode="json", by_alias=True),
                "context": told.model_dump(mode="json", by_alias=True) if told else None,
            }
        )
    )


def bottling() -> Plan:
    """The hand-made plan with its context."""
    return plan(told=context())


WORDS = [
    "Access",
    "Control",
    "設備の保護と監視",
    "Zugriffs\u00adkontrolle",
    "x" * 120,
    "tab\tbell\a",
    "line\nbreak",
    "\x1b[31mred",
    "e\u0301\u0301\u0301\u0301",
    "\u202eevil",
    "🏭🔒",
]


def hostile(dice: random.Random) -> str:
    """A title that nobody should write, up to 4,000 characters."""
    return " ".join(dice.choices(WORDS, k=dice.choice([1, 2, 5, 40])))[: dice.choice([40, 4000])]


def random_plan(seed: int, *, titles: bool = True) -> Plan:
    """A plan of any size, with every kind of demand and title; it need not keep its rules."""
    dice = random.Random(seed)
    horizon, count = dice.choice([1, 4, 12, 60]), dice.choice([0, 1, 7, 30, 90])
    systems = [f"line_{k}/" for k in range(dice.choice([1, 3, 20]))] if dice.random() < 0.4 else [""]
    steps: list[dict[str, Any]] = []
    for k in range(count):
        duration = dice.randint(1, min(3, horizon))
        steps.append(
            {
                "id": f"{dice.choice(systems)}s{k}",
                "title": hostile(dice) if titles and dice.random() < 0.8 else "",
                "duration": duration,
                "once": dice.choice([0, 0.5, 1e13, round(dice.uniform(0, 1e5), 2)]),
                "per_year": dice.choice([0, 1234.5]),
                "effort": {team: dice.choice([0, 1, 7.25]) for team in ("a", "b_c", "d", "eee")[: dice.randint(0, 4)]},
                "needs": [
                    {"step": other["id"], "lag": dice.randint(0, 1)} for other in steps[-2:] if dice.random() < 0.3
                ],
                "value_once": dice.choice([0, 0, -5.5]),
                "required": dice.random() < 0.2,
            }
        )
    threats = [
        {
            "id": f"t{k}",
            "title": hostile(dice),
            "expected_loss_per_year": dice.choice([0, 0.01, 2.5e5, 1e13]),
            "factors": {step["id"]: dice.choice([1, 0.9, 0.9999, 1e-6]) for step in steps if dice.random() < 0.5},
        }
        for k in range(dice.randint(0, 4))
    ]
    windows = [
        {
            "resource": dice.choice(["money", "money_once", "a", "d"]),
            "from": first,
            "to": dice.randint(first, horizon - 1),
            "limit": dice.choice([0, 1e4, 1e13]),
        }
        for first in (dice.randrange(horizon) for _ in range(dice.randint(0, 8)))
    ]
    asked = problem(
        title=hostile(dice),
        currency=dice.choice(["", "EUR"]),
        periods=[period(t) for t in range(horizon)],
        steps=steps,
        threats=threats,
        windows=windows,
        appetite=[
            {"from": 0, "expected_loss_per_year": 1e6},
            *({"from": 0, "to": 0, "threat": held["id"], "expected_loss_per_year": 5} for held in threats),
        ],
        objective=dice.choice(["risk", "spend", "net"]),
    )
    starts = {step["id"]: dice.randint(0, horizon - step["duration"]) for step in steps if dice.random() < 0.7}
    told = None
    if dice.random() < 0.6:
        milestones = [
            {
                "title": "M " + "長い" * 500,
                "date": "2027-12-11",
                "reason": "r " * 900,
                "source": "",
                "steps": list(starts)[:5],
            }
        ]
        told = context(
            parameters=[],
            steps={},
            milestones=milestones,
            notes=["n" * 3000, "Advice not followed: " + "w" * 200],
            years=[{"label": "2027", "from": 0, "to": 0}],
        )
    left = {
        step["id"]: {"reason": dice.choice(["blocked", "worsens_objective"]), "detail": "d" * 3000}
        for step in steps
        if step["id"] not in starts
    }
    bound = dice.choice([None, 0.0, -1e13])
    return plan(asked, starts, told, bound=bound, status=dice.choice(["optimal", "feasible"]), left=left)


def _json(value: Any) -> str:
    import json

    return json.dumps(value)
