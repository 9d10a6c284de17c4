"""What many futures say together, as JSON."""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from stepladder.analysis.sweep import Chance, Ranges, Sweep
from stepladder.data.formats.estimate import Unknown
from stepladder.evaluate.exceedance import CHANCES

FORMAT = "stepladder-sweep/1"


def sweep_json(sweep: Sweep) -> str:
    """The same for programs, as ``stepladder-sweep/1``; the same bytes for the same question, options and seed."""
    facts: dict[str, Any] = {
        "format": FORMAT,
        "title": sweep.problem.title,
        "currency": sweep.problem.currency,
        "objective": sweep.problem.objective,
        "futures": sweep.count,
        "seed": sweep.seed,
        "slips": None if sweep.asked.slips is None else dataclasses.asdict(sweep.asked.slips),
        "infeasible": sweep.infeasible,
        "no_plan_found": sweep.unplanned,
        "unknowns": [_unknown(unknown) for unknown in sweep.unknowns],
        "carried_out": _figures(sweep.carried),
        "limits_broken": [_chance(chance) for chance in sweep.limits],
        "milestones_missed": [_chance(chance) for chance in sweep.milestones],
        "chance_of_either": sweep.broken,
        "chance_that_steps_wait": sweep.late,
        "chance_that_steps_are_unfinished": sweep.unfinished,
        "own_plans": None if sweep.own is None else _figures(sweep.own),
        "steps": {name: {"planned": part, "first": sweep.first[name]} for name, part in sweep.held.items()},
        "beginnings": [dataclasses.asdict(begun) for begun in sweep.beginnings],
        "best_beginning": None if sweep.recourse is None else dataclasses.asdict(sweep.recourse),
        "worth_of_knowing_everything": sweep.everything,
        "worth_of_knowing": [
            {"name": worth.unknown.name, "at": str(worth.unknown.at), "value": worth.value} for worth in sweep.worth
        ],
        "loss_exceedance": [
            {
                "when": curve.when,
                "mean": curve.mean,
                "points": [
                    {"chance": chance, "loss": loss} for chance, loss in zip(CHANCES, curve.losses, strict=True)
                ],
            }
            for curve in sweep.curves
        ],
    }
    return json.dumps(facts, indent=1, ensure_ascii=False) + "\n"


def _figures(ranges: Ranges) -> dict[str, Any]:
    """Without worth where none is counted."""
    return {name: figure for name, figure in dataclasses.asdict(ranges).items() if figure is not None}


def _unknown(unknown: Unknown) -> dict[str, Any]:
    low, likely, high = unknown.points
    return {
        "name": unknown.name,
        "at": str(unknown.at),
        "kind": unknown.kind,
        "low": low,
        "likely": likely,
        "high": high,
    }


def _chance(chance: Chance) -> dict[str, Any]:
    return {
        "name": chance.name,
        "chance": chance.chance,
        "excess": None if chance.excess is None else dataclasses.asdict(chance.excess),
    }
