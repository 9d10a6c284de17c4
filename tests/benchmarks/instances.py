"""The benchmark's problems, by name: generated ones, the shipped scenarios, and public ones where their files are.

``smm/30/year/0`` is seed 0 with 30 systems and carry-over within the year, ``smm/1/year/0/tight`` one system whose
people are as short as its money; ``case/bottling_line`` a shipped scenario;
``dsomm`` the graph of OWASP DSOMM with money and people; ``newman1``, ``nrp1_30``, ``nrp1_50`` and ``nrp3_50`` are
public problems, and so is the ladder: ``public/petersen_1``, and what else has a proved value beside it. Public data is
looked for in the folder that STEPLADDER_DATA names, or beside the project, and is never shipped.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import yaml

from stepladder.data.formats.problem import Problem
from stepladder.data.load import load
from tests.benchmarks.generate import smm

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("STEPLADDER_DATA", ROOT.parent / "shared" / "data"))
CASES = ("bottling_line", "home_cameras", "automotive_gateway")
PUBLIC = ("newman1", "nrp1_30", "nrp1_50", "nrp3_50")
#: The public problems of which the best value is known: knapsacks with many limits and with conflicts, and projects of
#: PSPLIB with one way or several to do each job.
LADDER = {
    "public/mm_j1018_4": -8.0,
    "public/mm_j1046_1": -9.0,
    "public/mm_j1053_4": -9.0,
    "public/mm_j2013_8": -12.0,
    "public/mm_j2048_2": -10.0,
    "public/mm_j2062_6": -8.0,
    "public/mm_j3017_2": -10.0,
    "public/mm_j3056_7": -11.0,
    "public/sm_j3014_6": -9.0,
    "public/sm_j302_7": -11.0,
    "public/sm_j304_3": -11.0,
    "public/petersen_1": -3800.0,
    "public/petersen_3": -4015.0,
    "public/petersen_5": -12400.0,
    "public/petersen_7": -16537.0,
    "public/kpcg_c3_1_0_10_0_3": -570.0,
    "public/kpcg_c3_1_0_10_0_9": -370.0,
}
#: Proved elsewhere.
OPTIMA = {"newman1": -24176864.82, "nrp1_30": -1204.0, "nrp1_50": -1836.0, "nrp3_50": -11159.0} | LADDER


def instance(name: str) -> Problem | None:
    """The problem of this name; None where its data is not there."""
    kind, *rest = name.split("/")
    if kind == "smm":
        return smm(int(rest[2]), int(rest[0]), rest[1], tight=rest[3:] == ["tight"])  # type: ignore[arg-type]
    if kind == "case":
        return load(ROOT / "scenarios" / f"{rest[0]}.yaml").problem
    path = DATA / ("dsomm/model.yaml" if kind == "dsomm" else f"problems/{name}.json")
    if not path.exists():
        return None
    return dsomm(path) if kind == "dsomm" else load(path).problem


def dsomm(path: Path) -> Problem:
    """DSOMM's activities and what they depend on. Its scores for effort and usefulness become days, money and
    factors; one threat for each dimension.
    """
    _, model = yaml.safe_load_all(path.read_text(encoding="utf-8"))
    steps: list[dict[str, Any]] = []
    threats = []
    names = {}
    for d, practices in enumerate(model.values()):
        factors = {}
        for p, activities in enumerate(practices.values()):
            for a, activity in enumerate(activities.values()):
                name = names[activity["uuid"]] = f"d{d}.p{p}.a{a}"
                hard = activity["difficultyOfImplementation"]
                effort = {"security": 3.0 * hard["knowledge"], "engineering": 5.0 * hard["time"]}
                needs = list(activity.get("dependsOn") or [])
                steps.append(
                    {
                        "id": name,
                        "once": 2500.0 * hard["resources"] ** 2,
                        "per_year": 800.0 * hard["time"],
                        "effort": effort,
                        "needs": needs,
                    }
                )
                factors[name] = 1 - 0.012 * activity["usefulness"]
        threats.append({"id": f"d{d}", "expected_loss_per_year": 250000.0 + 50000.0 * d, "factors": factors})
    for step in steps:
        step["needs"] = [{"step": names[uuid]} for uuid in step["needs"]]
    limits = {"money": 0.4 * sum(step["once"] for step in steps)} | {
        team: 0.6 * sum(step["effort"][team] for step in steps) for team in ("security", "engineering")
    }
    said = {
        "format": "stepladder-problem/1",
        "title": "DSOMM",
        "currency": "EUR",
        "periods": [{"label": f"Q{t + 1}", "years": 0.25, "discount": round(1.05 ** (-t / 4), 12)} for t in range(12)],
        "tail": {"years": 3, "discount": round(1.05**-3, 12)},
        "steps": steps,
        "threats": threats,
        "windows": [
            {
                "resource": name,
                "from": t - t % 4 if name == "money" else t,
                "to": t,
                "limit": round(limit / 12 * (t % 4 + 1 if name == "money" else 1), 2),
            }
            for name, limit in limits.items()
            for t in range(12)
        ],
    }
    return Problem.model_validate_json(json.dumps(said))
