"""What takes something off a threat: by practice or group, scale and level; the more specific wins, and of two that are
as specific the scenario's.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from stepladder.data.formats.base import unknown
from stepladder.data.formats.catalogue import Reduces, ThreatType
from stepladder.data.formats.estimate import ShareEstimate, points
from stepladder.data.formats.problem import Path
from stepladder.data.formats.scenario import ScenarioThreat
from stepladder.data.reading.tree import Node
from stepladder.data.resolving.index import Index, no_level
from stepladder.errors import Issue

#: By practice or group, scale and level.
Table = Mapping[str, Mapping[str, Mapping[int, float | ShareEstimate]]]


class Effect(NamedTuple):
    """A share that is removed: whether the scenario says so itself, and under which name it stands."""

    share: float | ShareEstimate
    own: bool
    name: str


def merged(index: Index, kind: ThreatType | None, threat: ScenarioThreat) -> dict[str, dict[str, dict[int, Effect]]]:
    """Shares removed by practice, scale and level: the type's, and the scenario's laid over them, level by level."""
    tables: tuple[tuple[bool, Table], ...] = ((False, kind.reduced_by if kind else {}), (True, threat.reduced_by))
    spoken = dict.fromkeys(practice for _, table in tables for name in table for practice in index.inside(name))
    effects: dict[str, dict[str, dict[int, Effect]]] = {}
    for practice in spoken:
        place = index.places[practice]
        by_scale = effects.setdefault(practice, {})
        for name in (*place.groups, practice):
            for own, table in tables:
                for scale, by_level in table.get(name, {}).items():
                    if scale in place.scales:
                        levels = {level: Effect(share, own, name) for level, share in by_level.items()}
                        by_scale[scale] = by_scale.get(scale, {}) | levels
    return effects


def acts(index: Index, kind: ThreatType | None, threat: ScenarioThreat, practice: str) -> Reduces:
    """Whether a practice makes events rarer or cheaper."""
    for name in (practice, *reversed(index.places[practice].groups)):
        for table in (threat.reduces, kind.reduces if kind else {}):
            if name in table:
                return table[name]
    return "frequency"


def together(index: Index, kind: ThreatType | None, threat: ScenarioThreat, root: Node, path: Path) -> Iterator[Issue]:
    """Shares that fall as the level rises once the scenario's are laid over the type's."""
    for by_scale in merged(index, kind, threat).values():
        for scale, by_level in by_scale.items():
            own = [effect.name for effect in by_level.values() if effect.own]
            if own:
                shares = {level: effect.share for level, effect in by_level.items()}
                yield from _shares(index, scale, shares, root, (*path, own[-1], scale))


def checked(index: Index, given: Table, root: Node, path: Path) -> Iterator[Issue]:
    """Unknown names in a table of effects, shares that fall as the level rises, and shares at the lowest level."""
    for name, by_scale in given.items():
        if not index.known(name):
            yield Issue(root.nearest((*path, name), key=True), "SL201", unknown("practice", name, index.names()))
            continue
        scales = {scale for practice in index.inside(name) for scale in index.places[practice].scales}
        for scale, shares in by_scale.items():
            here = (*path, name, scale)
            if scale not in scales or scale not in index.catalogue.scales:
                yield Issue(root.nearest(here, key=True), "SL202", unknown("scale", scale, scales))
                continue
            yield from _shares(index, scale, shares, root, here)


def _shares(
    index: Index, scale: str, shares: Mapping[int, float | ShareEstimate], root: Node, here: Path
) -> Iterator[Issue]:
    numbers, highest = index.levels(scale), (0.0, 0.0, 0.0)
    for level, share in sorted(shares.items()):
        place = root.nearest((*here, level))
        three = points(share)
        if level not in numbers:
            yield Issue(root.nearest((*here, level), key=True), "SL203", no_level(index, scale, level))
        elif level == numbers[0] and three[-1] > 0:
            yield Issue(
                place,
                "SL310",
                f"level {level} is where everybody starts and removes nothing; write the share at a higher level",
            )
        else:
            falls = next(
                ((before, after) for before, after in zip(highest, three, strict=True) if after < before), None
            )
            if falls:
                yield Issue(
                    place,
                    "SL310",
                    f"the share falls from {falls[0]:.3g} to {falls[1]:.3g}; a higher level removes at least as much in"
                    " total",
                )
        highest = max(highest[0], three[0]), max(highest[1], three[1]), max(highest[2], three[2])
