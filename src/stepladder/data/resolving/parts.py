"""Who has which parameter at which level: the scenario cut into systems, and the steps that lead from current to
target.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from stepladder.data.formats.base import unknown
from stepladder.data.formats.estimate import Numbers, Range
from stepladder.data.formats.problem import Path
from stepladder.data.formats.scenario import Organisation, Scenario, System
from stepladder.data.reading.overrides import overlay
from stepladder.data.reading.tree import Node
from stepladder.data.reading.validate import build
from stepladder.data.resolving.calendar import Calendar
from stepladder.data.resolving.index import Index, Ref, levels
from stepladder.errors import Issue

#: What ``costs.spread`` is about.
SPREAD = ("money", "effort")


@dataclass(frozen=True)
class Part:
    """One system's share of the scenario, or what is shared by all (``system`` None)."""

    system: str | None
    title: str
    org: Organisation
    root: Node
    practices: tuple[str, ...]


@dataclass(frozen=True)
class Param:
    """One practice on one scale in one part."""

    part: Part
    practice: str
    scale: str
    current: int
    target: int

    @property
    def id(self) -> str:
        """practice.scale after an optional ``system/``."""
        return name_of(self.part.system, f"{self.practice}.{self.scale}")


class Bought(NamedTuple):
    """That a commitment reaches a step's level: in which period at the latest, and the commitment's name."""

    last: int
    by: str


@dataclass
class Desk:
    """What resolving works on, and where it puts what it finds wrong (issues) or worth knowing (notes)."""

    scenario: Scenario
    root: Node
    index: Index
    catalogue: Node
    calendar: Calendar
    parts: tuple[Part, ...] = ()
    params: dict[str, Param] = field(default_factory=dict)
    issues: list[Issue] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    numbers: Numbers = field(default_factory=Numbers)
    #: By id, the steps whose levels commitments reach.
    bought: dict[str, Bought] = field(default_factory=dict)

    def plain(self, value: float | Range, kind: str, root: Node, path: Path, part: Part) -> float:
        """A plain number for what stands at a path of the catalogue or of a part of the scenario."""
        spread = part.org.costs.spread if kind in SPREAD else 0.0
        if isinstance(value, int | float) and not spread:
            return value
        source: Path = path
        if root is self.catalogue:
            source = ("catalogue", *path)
        elif part.system is not None and self.root.find(own := ("systems", part.system, *path)) is not None:
            source = own
        return self.numbers.plain(value, ".".join(map(str, source)), lambda: root.nearest(path, key=True), kind, spread)

    def wrong(self, path: Path, code: str, message: str, *, key: bool = False, root: Node | None = None) -> None:
        """Note an issue at a path of the scenario."""
        self.issues.append(Issue((root or self.root).nearest(path, key=key), code, message))

    def remark(self, path: Path, note: str | None) -> None:
        """Note what is worth knowing about a path of the scenario, if anything is."""
        if note is not None:
            self.notes.append(f"{'.'.join(map(str, path))}: {note}")

    def parse(self, text: str, path: Path, *, key: bool = False) -> tuple[list[str | None], Ref] | None:
        """A step as people write it: the systems that it means (None: the only or shared one) and the step. None
        when wrong, and noted.
        """
        system, slash, rest = text.rpartition("/")
        ref = self.index.parse(rest)
        if not isinstance(ref, Ref):
            self.wrong(path, *ref, key=key)
            return None
        if slash and system not in self.scenario.systems:
            self.wrong(path, "SL208", unknown("system", system, set(self.scenario.systems)), key=key)
            return None
        homes = [part.system for part in self.parts if ref.practice in part.practices]
        if slash:
            homes = [home for home in homes if home in (system, None)]
        return homes, ref

    def param(self, system: str | None, ref: Ref) -> Param | None:
        """The parameter that a step raises, or None where the practice does not apply or its levels are wrong."""
        return self.params.get(name_of(system, f"{ref.practice}.{ref.scale}"))

    def is_out(self, system: str | None, practice: str) -> bool:
        """Whether a practice does not apply in a system."""
        return any(_not_applicable(self, part, practice) for part in self.parts if part.system == system)


def name_of(system: str | None, name: str) -> str:
    """``system/name``, or the bare name where there is one system only or the practice is shared."""
    return name if system is None else f"{system}/{name}"


_ORGANISATION = tuple(Organisation.model_fields)


def cut(desk: Desk) -> None:
    """Fill the desk's parts and parameters."""
    scenario, index = desk.scenario, desk.index
    shared: list[str] = []
    for k, name in enumerate(scenario.shared):
        if not index.known(name):
            desk.wrong(("shared", k), "SL201", unknown("practice or group", name, index.names()))
        shared += [practice for practice in index.inside(name) if practice not in shared]
    base = Node({key: node for key, node in desk.root.mapping.items() if key in _ORGANISATION}, desk.root.at)
    everything = tuple(index.places)
    if not scenario.systems:
        desk.parts = (Part(None, scenario.title or "", scenario, base, everything),)
    else:
        own = tuple(name for name in everything if name not in shared)
        parts = [Part(None, "", scenario, base, tuple(shared))] if shared else []
        desk.parts = (*parts, *(part for name in scenario.systems if (part := _system(desk, name, base, own))))
    for part in desk.parts:
        _check_names(desk, part)
        for practice in part.practices:
            if not _not_applicable(desk, part, practice):
                for scale in index.places[practice].scales:
                    _add_param(desk, part, practice, scale)


def _system(desk: Desk, name: str, base: Node, own: tuple[str, ...]) -> Part | None:
    own_node = desk.root.find(("systems", name))
    if own_node is None:
        return None
    merged = overlay(base, own_node)
    system = build(System, merged, desk.issues)
    for kind in ("current", "target", "not_applicable", "importance"):
        node = own_node.child(kind)
        for key, value in (node.mapping if node else {}).items():
            if key in desk.index.places and key not in own:
                desk.issues.append(
                    Issue(
                        value.key_at or value.at,
                        "SL311",
                        f"{key} is shared by all systems; set it at the top of the scenario",
                    )
                )
    return Part(name, system.title or name, system, merged, own) if system else None


def _check_names(desk: Desk, part: Part) -> None:
    index, root = desk.index, part.root
    desk.issues += levels(index, part.org.current, root, ("current",))
    known = {*index.catalogue.achievements, *desk.scenario.achievements}
    desk.issues += levels(index, part.org.target, root, ("target",), known)
    profiles = {**index.catalogue.profiles, **desk.scenario.profiles}
    if part.org.profile is not None and part.org.profile not in profiles:
        desk.wrong(("profile",), "SL209", unknown("profile", part.org.profile, profiles), root=root)
    for name in part.org.not_applicable:
        if not index.known(name):
            desk.wrong(
                ("not_applicable", name),
                "SL201",
                unknown("practice or group", name, index.names()),
                key=True,
                root=root,
            )
    for name in part.org.owners:
        if name != "default" and not index.known(name):
            desk.wrong(
                ("owners", name), "SL201", unknown("practice or group", name, index.names()), key=True, root=root
            )


def _not_applicable(desk: Desk, part: Part, practice: str) -> bool:
    return any(name in part.org.not_applicable for name in (practice, *desk.index.places[practice].groups))


def said_for(index: Index, given: Mapping[str, Any], practice: str) -> list[str]:
    """The names in a table that speak of a practice, the most specific first: itself, its groups from the inside
    out, ``default``.
    """
    return [name for name in (practice, *reversed(index.places[practice].groups), "default") if name in given]


def _level(index: Index, given: dict[str, Any], practice: str, scale: str) -> tuple[int, str] | None:
    """What a table of levels says of a parameter, and under which name."""
    for name in said_for(index, given, practice):
        value = given[name]
        if isinstance(value, int) and len(index.places[practice].scales) == 1:
            return value, name
        if isinstance(value, dict) and scale in value:
            return value[scale], name
    return None


def _add_param(desk: Desk, part: Part, practice: str, scale: str) -> None:
    index, org = desk.index, part.org
    if scale not in index.catalogue.scales:
        return
    numbers = index.levels(scale)
    current, _ = _level(index, org.current, practice, scale) or (numbers[0], "")
    wanted = _level(index, org.target, practice, scale)
    if wanted is not None:
        target, name = wanted
        if target < current and name == practice:
            message = (
                f"the target of {practice} on {scale}, {target}, is below the current level, {current}; raise it, or"
                " lower `current`"
            )
            desk.wrong(("target", name, scale), "SL303", message, root=part.root)
    else:
        profiles = {**index.catalogue.profiles, **desk.scenario.profiles}
        stored = profiles.get(org.profile or "")
        level = _level(index, stored.levels, practice, scale) if stored else None
        target = level[0] if level else current
    # A template or a default asks for at least its level; being above it is no reason to go back.
    if numbers[0] <= current <= numbers[-1] and numbers[0] <= target <= numbers[-1]:
        param = Param(part, practice, scale, current, max(current, target))
        desk.params[param.id] = param
