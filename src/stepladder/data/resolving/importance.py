"""How much a step matters to people who know no losses: its tier, and the points that the tier weighs.

The more specific wins: a level over its scale, a scale over its practice, a practice over its groups, an inner group
over an outer one, all of them over ``default``. Of two that are as specific the scenario's wins over the catalogue's.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from stepladder.data.formats.importance import TIERS, Importance, Tier
from stepladder.data.formats.places import Origin
from stepladder.data.formats.problem import Path
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.achievements import Achieved
from stepladder.data.resolving.demands import Dates
from stepladder.data.resolving.index import Index, Ref
from stepladder.data.resolving.index import importance as check_names
from stepladder.data.resolving.keys import Key
from stepladder.data.resolving.needs import Steps
from stepladder.data.resolving.parts import Desk

TABLE = "importance"


class Stated(NamedTuple):
    """A tier, and where it stands: in the tree of a file, at a path."""

    tier: Tier
    root: Node
    path: Path


def check(desk: Desk) -> None:
    """Unknown names in the scenario's tables, and tiers that do not grow."""
    known = {*desk.index.catalogue.achievements, *desk.scenario.achievements}
    for part in desk.parts:
        desk.issues += check_names(desk.index, part.org.importance, part.root, (TABLE,), known)
    weights = desk.scenario.tiers
    for lower, higher in pairwise(TIERS):
        one, other = getattr(weights, lower), getattr(weights, higher)
        if other <= one:
            name = higher if desk.root.find(("tiers", higher)) else lower
            desk.wrong(
                ("tiers", name),
                "SL310",
                f"{higher} weighs {other:g} and {lower} {one:g}; let the tiers grow from low over medium and high to"
                " critical",
            )


def resolve(desk: Desk, steps: Steps, dates: dict[Key, Dates], achieved: Achieved) -> None:
    """Points for a year in place, and where the tier stands, beside what else is decided about a step that matters;
    above the target none does.
    """
    for key in steps.implied_by:
        param = desk.param(key.system, key.ref)
        stated = _stated(desk, key) if param is not None and key.ref.level <= param.target else None
        if stated is not None:
            beside = dates.setdefault(key, Dates())
            beside.fields["points_per_year"] = float(getattr(desk.scenario.tiers, stated.tier))
            beside.tier = _origin(desk, stated)
    _of_achievements(desk, achieved)


def _of_achievements(desk: Desk, achieved: Achieved) -> None:
    """Points for a year in which an achievement holds."""
    for home in achieved.homes:
        own = next(((part.org.importance, part.root) for part in desk.parts if part.system == home.system), None)
        tables = [(desk.scenario.importance, desk.root), (desk.index.catalogue.importance, desk.catalogue)]
        for table, root in [own, *tables] if own is not None else tables:
            tier = _at(table, (home.name,))
            if tier is not None:
                achieved.points[home] = float(getattr(desk.scenario.tiers, tier))
                achieved.tiers[home.id] = _origin(desk, Stated(tier, root, (TABLE, home.name)))
                break


def _stated(desk: Desk, key: Key) -> Stated | None:
    """The most specific that is said of a step, the scenario's first."""
    param = desk.param(key.system, key.ref)
    assert param is not None
    tables = ((param.part.org.importance, param.part.root), (desk.index.catalogue.importance, desk.catalogue))
    for path in _places(desk.index, key.ref):
        for table, root in tables:
            tier = _at(table, path)
            if tier is not None:
                return Stated(tier, root, (TABLE, *path))
    return None


def _places(index: Index, ref: Ref) -> Iterator[tuple[str | int, ...]]:
    """Where something may be said of a step, the most specific place first."""
    yield ref.practice, ref.scale, ref.level
    yield ref.practice, ref.scale
    for name in (ref.practice, *reversed(index.places[ref.practice].groups), "default"):
        yield (name,)


def _at(table: Importance, path: tuple[str | int, ...]) -> Tier | None:
    """The tier that stands there; None where nothing does, or something more specific."""
    value: object = table
    for part in path:
        value = value.get(part) if isinstance(value, dict) else None
    return next((tier for tier in TIERS if tier == value), None)


def _origin(desk: Desk, one: Stated) -> Origin:
    """Where a tier stands; the catalogue's rests on what the catalogue does."""
    node = one.root.find(one.path)
    layer = "catalogue" if one.root is desk.catalogue else node.layer if node else "scenario"
    source = desk.index.catalogue.source or "" if one.root is desk.catalogue else ""
    return Origin.model_validate({"from": layer, "at": str(one.root.nearest(one.path)), "source": source})
