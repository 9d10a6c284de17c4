"""DSOMM's activities as a catalogue, under the names and UUIDs of the file that was given."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from stepladder.exchange.intake.desk import slug
from stepladder.exchange.intake.importers.dsomm_files import Activity, Model

SCALE = "state"
#: How much an activity matters, by its usefulness.
TIERS = {1: "low", 2: "low", 3: "medium", 4: "high", 5: "critical"}
LEVELS = (1, 2, 3, 4, 5)
#: An id is no longer than 100, and may get a number.
_LONGEST = 90
_BASIS = "Illustrative; from DSOMM's points of difficulty."
_ILLUSTRATIVE = "Person-days and months are made of DSOMM's points of difficulty; write your own where they differ."


@dataclass(frozen=True)
class Ids:
    """Ids of activities and sub-dimensions, each once: activities by name, the others by dimension and name."""

    activities: Mapping[str, str]
    groups: Mapping[tuple[str, str], str]


def ids_of(known: Model) -> Ids:
    """The ids of a model; a dimension has the sub-dimension ``""``."""
    taken: set[str] = set()
    groups: dict[tuple[str, str], str] = {}
    for one in known.activities.values():
        for place in ((one.dimension, ""), (one.dimension, one.part)):
            if place not in groups:
                groups[place] = unique(place[1] or place[0], taken)
    return Ids({name: unique(name, taken) for name in known.activities}, groups)


def unique(name: str, taken: set[str]) -> str:
    """An id for a name that no other one has."""
    first = slug(name)[:_LONGEST]
    chosen = next(text for k in range(1, len(taken) + 2) if (text := first if k == 1 else f"{first}_{k}") not in taken)
    taken.add(chosen)
    return chosen


def catalogue(
    known: Model, ids: Ids, states: Sequence[tuple[str, float]], effort: Callable[[Activity], Mapping[str, float]]
) -> dict[str, Any]:
    """The model as YAML has it.

    Parameters
    ----------
    known
        The activities.
    ids
        Their ids.
    states
        Titles and shares of what an activity can be, from nothing to everything.
    effort
        Person-days of a whole activity by role; empty where that is for the scenario to say.
    """
    top = len(states) - 1
    levels = {k: {"title": title} for k, (title, _) in enumerate(states)}
    profiles = {
        f"level_{level}": {
            "title": f"Level {level}",
            "levels": {
                ids.activities[name]: {SCALE: top} for name, one in known.activities.items() if one.level <= level
            },
        }
        for level in LEVELS
    }
    needs = [need for one in known.activities.values() for need in _needs(one, known, ids, top)]
    model: dict[str, Any] = {"format": "stepladder-catalogue/1", "title": "OWASP DSOMM"}
    model |= {"version": known.version} if known.version else {}
    model |= {
        "source": "https://dsomm.owasp.org",
        "illustrative": _ILLUSTRATIVE,
        "scales": {SCALE: {"title": "State", "levels": levels}},
        "groups": _groups(known, ids, states, effort),
    }
    model |= {"prerequisites": needs} if needs else {}
    # What is there in part is worth nothing yet: it is planned for what it leads to.
    important = {ids.activities[name]: {SCALE: {top: TIERS[one.usefulness]}} for name, one in known.activities.items()}
    return {**model, "profiles": {key: one for key, one in profiles.items() if one["levels"]}, "importance": important}


def shares(states: Sequence[tuple[str, float]]) -> Iterator[tuple[int, float]]:
    """Each state above the lowest, and which part of the whole activity leads to it."""
    lowest, highest = states[0][1], states[-1][1]
    for k in range(1, len(states)):
        yield k, (states[k][1] - states[k - 1][1]) / (highest - lowest)


def _groups(
    known: Model, ids: Ids, states: Sequence[tuple[str, float]], effort: Callable[[Activity], Mapping[str, float]]
) -> dict[str, Any]:
    groups: dict[str, Any] = {}
    for name, one in known.activities.items():
        outer = groups.setdefault(ids.groups[one.dimension, ""], {"title": one.dimension, "groups": {}})
        inner = outer["groups"].setdefault(ids.groups[one.dimension, one.part], {"title": one.part, "practices": {}})
        practice: dict[str, Any] = {"title": name}
        practice |= {"ref": one.uuid} if one.uuid else {}
        practice["costs"] = {SCALE: {k: _cost(one, share, effort(one)) for k, share in shares(states)}}
        inner["practices"][ids.activities[name]] = practice
    return groups


def _cost(one: Activity, share: float, effort: Mapping[str, float]) -> dict[str, Any]:
    """A month for a point of time."""
    cost: dict[str, Any] = {"months": round(max(0.1, one.time * share), 2), "basis": _BASIS}
    return {"effort": {role: round(days * share, 2) for role, days in effort.items()}, **cost} if effort else cost


def _needs(one: Activity, known: Model, ids: Ids, top: int) -> Iterator[dict[str, str]]:
    """Nothing is begun before what it depends on is begun, or finished before that is finished."""
    for need in one.needs:
        for level in dict.fromkeys((1, top)):
            yield {
                "step": f"{ids.activities[one.name]}.{SCALE}.{level}",
                "needs": f"{ids.activities[need]}.{SCALE}.{level}",
                "why": f"DSOMM lets it depend on {need}.",
                "source": f"DSOMM {known.version}: dependsOn".replace(" :", ":"),
            }
