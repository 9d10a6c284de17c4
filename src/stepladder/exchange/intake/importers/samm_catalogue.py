"""SAMM 2 as a catalogue: by stream and level, or by activity and coverage."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stepladder.exchange.intake.desk import slug
from stepladder.exchange.intake.importers.samm_core import Core
from stepladder.exchange.samm_model import ACTIVITIES, FUNCTIONS, LEVELS, SCORES, Activity

#: The scales of the two shapes, and who does the work.
MATURITY, COVERAGE, TEAM = "maturity", "coverage", "security"
#: What a coverage counts, as levels of a scale.
STEPS = {score: k for k, score in enumerate(SCORES)}
#: The highest.
MOST = len(STEPS) - 1
#: Months of each step: a quarter.
MONTHS = 3

_ILLUSTRATIVE = "Person-days and months are illustrative: SAMM 2 has none. Write your own where they differ."
_BASIS = "Illustrative; SAMM 2 has no figures."


def by_stream(known: Core, days: Mapping[int, float], title: str) -> dict[str, Any]:
    """A practice for each stream, on one scale of levels."""
    levels = {0: {"title": "Level 0"}, **{level: {"title": f"Level {level}"} for level in LEVELS}}
    costs = {level: _cost(days[level]) for level in LEVELS}
    scale = {"title": title, "levels": levels, "costs": costs}
    streams = {activity.stream: activity for activity in ACTIVITIES.values()}
    practices = {code: {"title": one.title, "ref": code} for code, one in streams.items()}
    needs = [
        _need(slug(one.stream), MATURITY, one.level, slug(other.stream), other.level, one, other)
        for one, other in _pairs(known)
        if one.stream != other.stream
    ]
    profiles = {f"level_{level}": _profile(level, {"default": {MATURITY: level}}) for level in LEVELS}
    return _model({MATURITY: scale}, practices, needs, profiles)


def by_activity(known: Core, days: Mapping[int, float]) -> dict[str, Any]:
    """A practice for each activity, on one scale of coverage; its days are divided by what each part counts."""
    scale = {"title": "Coverage", "levels": {k: {"title": SCORES[score]} for score, k in STEPS.items()}}
    scores = list(SCORES)
    practices = {}
    for code, one in ACTIVITIES.items():
        parts = {k: _cost(days[one.level] * (scores[k] - scores[k - 1])) for k in range(1, len(scores))}
        title = known.titles.get(code) or f"{one.title}, level {one.level}"
        practices[code] = {"title": title, "ref": f"{code}-1", "costs": {COVERAGE: parts}}
    ladder = [(one, ACTIVITIES[f"{one.stream}-{one.level - 1}"]) for one in ACTIVITIES.values() if one.level > 1]
    needs = [
        _need(slug(one.code), COVERAGE, 1, slug(other.code), 1, one, other)
        for one, other in dict.fromkeys([*ladder, *_pairs(known)])
    ]
    profiles = {
        f"level_{level}": _profile(
            level, {slug(code): {COVERAGE: MOST} for code, one in ACTIVITIES.items() if one.level <= level}
        )
        for level in LEVELS
    }
    return _model({COVERAGE: scale}, practices, needs, profiles)


def _pairs(known: Core) -> list[tuple[Activity, Activity]]:
    return [(ACTIVITIES[code], ACTIVITIES[other]) for code, others in known.related.items() for other in others]


def _cost(days: float) -> dict[str, Any]:
    return {"effort": {TEAM: round(days, 2)}, "months": MONTHS, "basis": _BASIS}


def _profile(level: int, levels: Mapping[str, Any]) -> dict[str, Any]:
    return {"title": f"Level {level} everywhere", "levels": dict(levels)}


def _need(step: str, scale: str, level: int, needed: str, first: int, one: Activity, other: Activity) -> dict[str, str]:
    ladder = one.stream == other.stream
    why = "A stream's levels build on each other." if ladder else f"SAMM names {other.code} as related to {one.code}."
    source = "OWASP SAMM 2: " + ("streams and levels" if ladder else "relatedActivities")
    return {"step": f"{step}.{scale}.{level}", "needs": f"{needed}.{scale}.{first}", "why": why, "source": source}


def _model(
    scales: Mapping[str, Any], practices: Mapping[str, Any], needs: Sequence[Any], profiles: Mapping[str, Any]
) -> dict[str, Any]:
    groups = {}
    for letter, (title, inner) in FUNCTIONS.items():
        groups[slug(letter)] = {
            "title": title,
            "ref": letter,
            "groups": {
                slug(f"{letter}-{short}"): {
                    "title": name,
                    "ref": f"{letter}-{short}",
                    "practices": {
                        slug(code): practice
                        for code, practice in practices.items()
                        if code.startswith(f"{letter}-{short}-")
                    },
                }
                for short, (name, *_) in inner.items()
            },
        }
    model: dict[str, Any] = {
        "format": "stepladder-catalogue/1",
        "title": "OWASP SAMM 2",
        "source": "https://owaspsamm.org; codes and names only",
        "illustrative": _ILLUSTRATIVE,
        "scales": dict(scales),
        "groups": groups,
    }
    return {**model, **({"prerequisites": list(needs)} if needs else {}), "profiles": dict(profiles)}
