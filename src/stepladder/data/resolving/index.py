"""A catalogue made easy to ask: which practices, scales, levels and groups there are, and what is wrong with it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from stepladder import graph
from stepladder.data.formats.achievement import REACHED
from stepladder.data.formats.base import unknown
from stepladder.data.formats.catalogue import Catalogue, Group, Practice, Scale
from stepladder.data.formats.importance import Importance
from stepladder.data.formats.problem import Path
from stepladder.data.reading.tree import Node
from stepladder.errors import Issue


class Ref(NamedTuple):
    """A step of the catalogue: raising ``practice`` on ``scale`` to ``level``."""

    practice: str
    scale: str
    level: int

    def __str__(self) -> str:
        return f"{self.practice}.{self.scale}.{self.level}"

    @property
    def before(self) -> Ref:
        """The step one level below."""
        return self._replace(level=self.level - 1)


@dataclass(frozen=True)
class Place:
    """Where a practice stands in the catalogue."""

    practice: Practice
    path: Path
    groups: tuple[str, ...]
    scales: tuple[str, ...]


@dataclass(frozen=True)
class Index:
    """Practices and groups by id, in the catalogue's order."""

    catalogue: Catalogue
    places: dict[str, Place]
    groups: dict[str, Group]
    roles: frozenset[str]

    def levels(self, scale: str) -> list[int]:
        """Levels of a scale, ascending."""
        return sorted(self.catalogue.scales[scale].levels)

    def scale(self, name: str) -> Scale:
        """A scale by id."""
        return self.catalogue.scales[name]

    def inside(self, name: str) -> list[str]:
        """The practices that a name means: the practice itself, all of a group, or all for ``default``."""
        if name in self.places:
            return [name]
        return [key for key, place in self.places.items() if name in place.groups or name == "default"]

    def known(self, name: str) -> bool:
        """Whether a name is a practice or a group."""
        return name in self.places or name in self.groups

    def names(self) -> list[str]:
        """All practices and groups."""
        return [*self.places, *self.groups]

    def parse(self, text: str) -> Ref | tuple[str, str]:
        """``practice.scale.level`` as a Ref, or (code, message) when it names nothing."""
        parts = text.split(".")
        if len(parts) == 2 and parts[0] in self.places and len(self.places[parts[0]].scales) == 1:
            parts.insert(1, self.places[parts[0]].scales[0])
        if len(parts) != 3:
            return "SL204", f"unknown step {text!r}; write it as practice.scale.level"
        practice, scale, level = parts
        if practice not in self.places:
            return "SL201", unknown("practice", practice, set(self.places))
        if scale not in self.places[practice].scales:
            return "SL202", unknown("scale", scale, self.places[practice].scales)
        levels = self.levels(scale)
        if not level.isdigit() or int(level) not in levels[1:]:
            reach = f"steps reach {levels[1]} to {levels[-1]}"
            return (
                "SL203",
                f"level {level!r} of {scale} cannot be stepped to; the levels are {levels[0]} to {levels[-1]}, {reach}",
            )
        return Ref(practice, scale, int(level))

    def edges(self) -> list[tuple[Ref, Ref]]:
        """Each level needs the level below it."""
        edges = []
        for key, place in self.places.items():
            for scale in place.scales:
                edges += [(Ref(key, scale, level), Ref(key, scale, level - 1)) for level in self.levels(scale)[2:]]
        return edges


def build(catalogue: Catalogue) -> Index:
    """Index a catalogue; when ids are used twice the first one counts, and ``problems`` says so."""
    places: dict[str, Place] = {}
    groups: dict[str, Group] = {}
    for path, above, name, item in _items(catalogue.groups, ("groups",), ()):
        if isinstance(item, Group):
            groups.setdefault(name, item)
        else:
            # An unknown scale is reported where it is listed, once, not at every step that would use it.
            listed = item.scales if item.scales and set(item.scales) <= set(catalogue.scales) else catalogue.scales
            places.setdefault(name, Place(item, path, above, tuple(listed)))
    costs = [cost for scale in catalogue.scales.values() for cost in scale.costs.values()]
    costs += [cost for place in places.values() for levels in place.practice.costs.values() for cost in levels.values()]
    return Index(catalogue, places, groups, frozenset(role for cost in costs for role in cost.roles))


def _items(
    groups: dict[str, Group], path: Path, above: tuple[str, ...]
) -> Iterator[tuple[Path, tuple[str, ...], str, Group | Practice]]:
    for name, group in groups.items():
        yield (*path, name), above, name, group
        for key, practice in group.practices.items():
            yield (*path, name, "practices", key), (*above, name), key, practice
        yield from _items(group.groups, (*path, name, "groups"), (*above, name))


def problems(index: Index, root: Node) -> Iterator[Issue]:
    """Everything that makes a well-formed catalogue meaningless."""
    yield from _names(index, root)
    yield from _scales(index, root)
    for name, profile in index.catalogue.profiles.items():
        yield from levels(index, profile.levels, root, ("profiles", name, "levels"))
    yield from importance(
        index, index.catalogue.importance, root, ("importance",), frozenset(index.catalogue.achievements)
    )
    yield from _prerequisites(index, root)


def _names(index: Index, root: Node) -> Iterator[Issue]:
    seen: set[str] = {"default"}
    for path, _, name, item in _items(index.catalogue.groups, ("groups",), ()):
        if name in seen:
            yield Issue(
                root.nearest(path, key=True),
                "SL308",
                f"{name!r} is already the id of something else; choose another id",
            )
        seen.add(name)
        if isinstance(item, Practice):
            for k, scale in enumerate(item.scales or ()):
                if scale not in index.catalogue.scales:
                    yield Issue(
                        root.nearest((*path, "scales", k)),
                        "SL202",
                        unknown("scale", scale, set(index.catalogue.scales)),
                    )
            yield from costs(index, item.costs, root, (*path, "costs"), index.places[name].scales)


def _scales(index: Index, root: Node) -> Iterator[Issue]:
    for name, scale in index.catalogue.scales.items():
        numbers = sorted(scale.levels)
        if numbers != list(range(numbers[0], numbers[0] + len(numbers))):
            yield Issue(
                root.nearest(("scales", name, "levels"), key=True),
                "SL310",
                f"levels {numbers} are not consecutive; number them without holes",
            )
        yield from _cost_levels(index, name, scale.costs, root, ("scales", name, "costs"))


def costs(
    index: Index, given: Mapping[str, Mapping[int, object]], root: Node, path: Path, scales: tuple[str, ...]
) -> Iterator[Issue]:
    """Unknown scales and levels in a table of costs by scale and level."""
    for scale, by_level in given.items():
        if scale in index.catalogue.scales and scale in scales:
            yield from _cost_levels(index, scale, by_level, root, (*path, scale))
        else:
            yield Issue(root.nearest((*path, scale), key=True), "SL202", unknown("scale", scale, scales))


def _cost_levels(index: Index, scale: str, by_level: Iterable[int], root: Node, path: Path) -> Iterator[Issue]:
    for level in by_level:
        if level not in index.levels(scale)[1:]:
            yield Issue(root.nearest((*path, level), key=True), "SL203", no_level(index, scale, level, steps=True))


def no_level(index: Index, scale: str, level: int, *, steps: bool = False) -> str:
    """What is said of a level that a scale does not have."""
    numbers = index.levels(scale)
    lowest = numbers[1] if steps else numbers[0]
    return f"level {level} does not exist here; {scale} has levels {lowest} to {numbers[-1]}"


def levels(
    index: Index,
    given: Mapping[str, int | str | dict[str, int]],
    root: Node,
    path: Path,
    achievements: Collection[str] = (),
) -> Iterator[Issue]:
    """Unknown practices, scales and levels in a table of levels, in which these achievements may stand as well."""
    for name, value in given.items():
        here = (*path, name)
        if name in achievements or value == REACHED:
            yield from _reached(name, value, achievements, root, here)
            continue
        if name != "default" and not index.known(name):
            known = {*index.names(), "default", *achievements}
            kind = "practice, group or achievement" if achievements else "practice or group"
            yield Issue(root.nearest(here, key=True), "SL201", unknown(kind, name, known))
            continue
        scales = {
            scale for key in index.inside(name) for scale in index.places[key].scales if scale in index.catalogue.scales
        }
        if isinstance(value, int):
            if len(scales) != 1:
                yield Issue(
                    root.nearest(here),
                    "SL103",
                    f"{name} has several scales; write {{{', '.join(f'{s}: {value}' for s in sorted(scales))}}}",
                )
            elif value not in index.levels(only := min(scales)):
                yield Issue(root.nearest(here), "SL203", no_level(index, only, value))
            continue
        for scale, level in value.items() if isinstance(value, dict) else ():
            if scale not in scales:
                yield Issue(root.nearest((*here, scale), key=True), "SL202", unknown("scale", scale, scales))
            elif level not in index.levels(scale):
                yield Issue(root.nearest((*here, scale)), "SL203", no_level(index, scale, level))


def _reached(name: str, value: object, achievements: Collection[str], root: Node, here: Path) -> Iterator[Issue]:
    """What is wrong with an achievement in a table of levels."""
    if name not in achievements:
        yield Issue(root.nearest(here, key=True), "SL201", unknown("achievement", name, set(achievements)))
    elif value != REACHED:
        yield Issue(root.nearest(here), "SL103", f"{name} is an achievement and has no levels; write {name}: {REACHED}")


def importance(
    index: Index, given: Importance, root: Node, path: Path, achievements: Collection[str] = ()
) -> Iterator[Issue]:
    """Unknown practices, scales and levels in a table of importance; a group has one tier for all that is in it, and
    an achievement one for itself.
    """
    for name, value in given.items():
        here = (*path, name)
        if name in achievements:
            if isinstance(value, dict):
                message = f"{name} is an achievement and has one tier; write {name}: high"
                yield Issue(root.nearest(here), "SL103", message)
        elif name != "default" and not index.known(name):
            known = {*index.names(), "default", *achievements}
            kind = "practice, group or achievement" if achievements else "practice or group"
            yield Issue(root.nearest(here, key=True), "SL201", unknown(kind, name, known))
        elif isinstance(value, dict) and name not in index.places:
            yield Issue(
                root.nearest(here, key=True),
                "SL103",
                f"{name} is no practice, and has one tier for all of it; write {name}: high, or name its practices",
            )
        elif isinstance(value, dict):
            for scale, by_level in value.items():
                levels_ = by_level if isinstance(by_level, dict) else {}
                yield from costs(index, {scale: levels_}, root, here, index.places[name].scales)


def _prerequisites(index: Index, root: Node) -> Iterator[Issue]:
    listed: dict[tuple[str, str], int] = {}
    good = True
    for k, need in enumerate(index.catalogue.prerequisites):
        ends = []
        for side, text in (("step", need.step), ("needs", need.needs)):
            ref = index.parse(text)
            if isinstance(ref, Ref):
                ends.append(str(ref))
            elif side == "needs" and text in index.catalogue.achievements:
                ends.append(text)
                if need.soft:
                    message = f"{text} is an achievement, and advice is about steps; leave out soft, or name its steps"
                    yield Issue(root.nearest(("prerequisites", k, side)), "SL104", message)
            else:
                good = False
                yield Issue(root.nearest(("prerequisites", k, side)), *ref)
        if len(ends) == 2 and not need.soft:
            pair = (ends[0], ends[1])
            if pair in listed:
                yield Issue(
                    root.nearest(("prerequisites", k)),
                    "SL302",
                    f"{pair[0]} needs {pair[1]} is listed twice; remove one",
                )
            listed.setdefault(pair, k)
    if good:
        yield from _shape_of_needs(index, root, listed)


def _whole(index: Index, text: str) -> str:
    """A step with its scale, which may be left out where there is only one; an achievement as it is."""
    ref = index.parse(text)
    return str(ref) if isinstance(ref, Ref) else text


def _shape_of_needs(index: Index, root: Node, listed: dict[tuple[str, str], int]) -> Iterator[Issue]:
    edges = [(str(a), str(b)) for a, b in index.edges()] + list(listed)
    for name, item in index.catalogue.achievements.items():
        edges += [(name, _whole(index, other)) for other in item.all]
    knots = graph.cycles(edges)
    for cycle in knots:
        on_it = [listed[pair] for pair in zip(cycle, [*cycle[1:], cycle[0]], strict=True) if pair in listed]
        place = root.nearest(("prerequisites", min(on_it, default=0)))
        yield Issue(place, "SL301", f"cycle: {' needs '.join([*cycle, cycle[0]])}; remove one of these needs")
