"""Levels that a commitment reaches: what is bought already counts from its last period on, and costs nothing more."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.data.formats.limits import Commitment
from stepladder.data.formats.problem import Path, Step
from stepladder.data.resolving.index import no_level
from stepladder.data.resolving.parts import Bought, Desk, Param


def resolve(desk: Desk) -> None:
    """Fill the desk's steps that are bought, and note what is wrong with what commitments reach."""
    for name, commitment in desk.scenario.committed.items():
        path: Path = ("committed", name, "reaches")
        if commitment.reaches and commitment.to is None:
            message = "it says what is reached and not when; add `to`, its last period"
            desk.wrong(path, "SL102", message, key=True)
            continue
        span = desk.calendar.span(commitment.from_, commitment.to)
        for practice, scales in commitment.reaches.items() if span else ():
            for scale, level in scales.items():
                _reach(desk, (*path, practice, scale), level, Bought(span[-1] if span else 0, name))


def _reach(desk: Desk, path: Path, level: int, bought: Bought) -> None:
    practice, scale = str(path[-2]), str(path[-1])
    system, slash, bare = practice.rpartition("/")
    index = desk.index
    if bare not in index.places:
        desk.wrong(path[:-1], "SL201", unknown("practice", bare, set(index.places)), key=True)
    elif slash and system not in desk.scenario.systems:
        desk.wrong(path[:-1], "SL208", unknown("system", system, set(desk.scenario.systems)), key=True)
    elif scale not in index.places[bare].scales or scale not in index.catalogue.scales:
        desk.wrong(path, "SL202", unknown("scale", scale, set(index.places[bare].scales)), key=True)
    elif level not in index.levels(scale)[1:]:
        desk.wrong(path, "SL203", no_level(index, scale, level, steps=True))
    else:
        meant = [param for param in desk.params.values() if (param.practice, param.scale) == (bare, scale)]
        _note(desk, path, level, bought, [one for one in meant if not slash or one.part.system == system])


def _note(desk: Desk, path: Path, level: int, bought: Bought, meant: Collection[Param]) -> None:
    """The steps of these parameters up to a level, or to the target where that is lower."""
    if not meant:
        desk.wrong(path, "SL305", f"{path[-2]} is not applicable; remove this", key=True)
    for param in meant:
        if level <= param.current:
            desk.remark(path, f"{param.id} is at {param.current} today, so this has no effect")
        elif level > param.target:
            desk.remark(path, f"{param.id} to {level} is above its target, {param.target}, and counts up to that")
        for reached in range(param.current + 1, min(level, param.target) + 1):
            step = f"{param.id}.{reached}"
            # Of several that reach it the first does.
            desk.bought[step] = min(bought, desk.bought.get(step, bought))


def as_bought(desk: Desk, step: Step) -> Step:
    """The step as it is where a commitment reaches its level: it takes the time until then, costs nothing and needs
    nothing; any other step as it is.
    """
    bought = desk.bought.get(step.id)
    if bought is None:
        return step
    free: dict[str, Any] = {"once": 0.0, "spread": (), "per_year": 0.0, "renew": None, "effort": {}}
    free |= {"effort_per_year": {}, "needs": (), "needs_any": (), "needs_achievements": ()}
    return step.model_copy(update=free | {"duration": bought.last + 1, "start": 0, "earliest": 0, "required": True})


def at_once(desk: Desk, most: int | None) -> dict[str, Any]:
    """How many steps may be in work at once beside those that are bought, as fields of the problem."""
    if most is None or not desk.bought:
        return {"max_parallel": most}
    horizon = range(len(desk.calendar.periods))
    by_period = tuple(most + sum(bought.last >= t for bought in desk.bought.values()) for t in horizon)
    return {"max_parallel": most, "max_parallel_by_period": by_period}


def why(desk: Desk, step: str) -> tuple[str, ...]:
    """Why a step is in the plan, where a commitment reaches its level."""
    bought = desk.bought.get(step)
    if bought is None:
        return ()
    said: Commitment = desk.scenario.committed[bought.by]
    return (f"it is promised already, and there from {desk.calendar.periods[bought.last].label} on: {said.title}",)
