"""A framework of CISO Assistant's libraries as it stands there: requirements in a tree, and how they are rated."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake.importers.parts import Faults, items, short, text_of, true
from stepladder.exchange.intake.source import Source

#: How an audit rates what has no scores, from the lowest.
RESULTS = ("Not met", "Partially compliant", "Compliant")
#: A framework whose scores are further apart has no level for each.
_APART = 10
_TIER = {"low": "low", "moderate": "medium", "medium": "medium", "high": "high", "critical": "critical"}
_IMPORTANCE = {"mandatory": "high", "recommended": "medium", "nice_to_have": "low"}


@dataclass(frozen=True)
class Rating:
    """How requirements are rated: the levels by number, and the score that each stands for.

    Attributes
    ----------
    titles
        Of each level, in order.
    scores
        Of each level; of an audit without scores the level itself.
    first
        Number of the lowest level.
    scored
        Whether the framework has scores.
    """

    titles: tuple[str, ...]
    scores: tuple[float, ...]
    first: int
    scored: bool

    @property
    def levels(self) -> dict[int, str]:
        """The titles by number."""
        return {self.first + k: title for k, title in enumerate(self.titles)}

    @property
    def top(self) -> int:
        """The highest level."""
        return self.first + len(self.titles) - 1


@dataclass(frozen=True)
class Requirement:
    """One node of a framework: a heading, or what is rated. ``groups`` are its implementation groups."""

    at: Location
    urn: str
    ref: str
    title: str
    text: str
    parent: str
    assessable: bool
    groups: tuple[str, ...]
    tier: str
    complexity: str


@dataclass(frozen=True)
class Framework:
    """A framework: what it is called, how it is rated, and its nodes in order, parents first or not.

    ``groups`` are the titles of its implementation groups by code; ``library`` is the urn of the library that it
    stands in.
    """

    at: Location
    library: str
    urn: str
    title: str
    version: str
    text: str
    source: str
    rating: Rating
    nodes: tuple[Requirement, ...]
    groups: Mapping[str, str]

    @property
    def rated(self) -> list[Requirement]:
        """What is rated, in order."""
        return [node for node in self.nodes if node.assessable]


def is_library(file: Source) -> bool:
    """Whether a file is a library of CISO Assistant, or a preset of it."""
    return not file.tables and any("objects" in tree.mapping and "urn" in tree.mapping for tree in file.trees)


def frameworks(file: Source) -> list[Framework]:
    """The frameworks of a library. Raises InvalidInput with everything that is wrong in it."""
    faults = Faults()
    read = [_framework(tree, one, faults) for tree in file.trees for one in _frameworks(tree.find(("objects",)))]
    faults.check()
    return read


def presets(file: Source) -> list[Node]:
    """The presets of a library."""
    return [node for tree in file.trees if (node := tree.find(("objects", "preset"))) is not None]


def _frameworks(objects: Node | None) -> Iterator[Node]:
    one = objects.find(("framework",)) if objects is not None else None
    if one is not None and one.mapping:
        yield one
    elif one is not None:
        yield from items(one)
    yield from items(objects, "frameworks")


def _framework(library: Node, one: Node, faults: Faults) -> Framework:
    name = text_of(one, "name") or text_of(library, "name") or text_of(one, "ref_id") or "Framework"
    groups = {
        text_of(group, "ref_id"): text_of(group, "name") or text_of(group, "ref_id")
        for group in items(one, "implementation_groups_definition")
        if text_of(group, "ref_id")
    }
    nodes = tuple(_nodes(one, groups, faults))
    if not any(node.assessable for node in nodes):
        faults.wrong(
            one.at, f"the framework {short(name)} has no requirement that is assessable; nothing can be planned"
        )
    rights = [text_of(library, key) for key in ("provider", "copyright")]
    return Framework(
        one.at,
        text_of(library, "urn"),
        text_of(one, "urn"),
        name,
        text_of(library, "version"),
        text_of(one, "description"),
        ": ".join(text for text in rights if text),
        _rating(one, faults),
        nodes,
        groups,
    )


# -- requirements ------------------------------------------------------------------------------------------------------


def _nodes(one: Node, groups: Mapping[str, str], faults: Faults) -> Iterator[Requirement]:
    """The nodes; parents by urn, else by depth."""
    entries = items(one, "requirement_nodes")
    places: dict[str, Location] = {}
    for node in entries:
        urn = text_of(node, "urn")
        if not urn:
            faults.wrong(node.at, "a requirement without urn; give it one, by which audits find it", "SL102")
        elif urn in places:
            faults.wrong(node.at, f"the urn {urn} stands in line {places[urn].line} already; remove one of the two")
        places.setdefault(urn, node.at)
    above: dict[int, str] = {}
    for node in entries:
        parent = text_of(node, "parent_urn")
        depth = int(text_of(node, "depth")) if text_of(node, "depth").isdecimal() else 1
        if parent and parent not in places:
            faults.wrong(node.nearest(("parent_urn",)), unknown("parent_urn", parent, places))
        parent = parent or above.get(depth - 1, "")
        above = {**{level: urn for level, urn in above.items() if level < depth}, depth: text_of(node, "urn")}
        yield _requirement(node, parent, groups, faults)
    _no_circle({text_of(node, "urn"): text_of(node, "parent_urn") for node in entries}, places, faults)


def _requirement(node: Node, parent: str, groups: Mapping[str, str], faults: Faults) -> Requirement:
    codes = tuple(text_of(group) for group in items(node, "implementation_groups"))
    for group, name in zip(items(node, "implementation_groups"), codes, strict=True):
        if groups and name not in groups:
            faults.wrong(group.at, unknown("implementation group", name, groups))
    urn, ref, title, text = (text_of(node, key) for key in ("urn", "ref_id", "name", "description"))
    annotation = text_of(node, "annotation")
    impact = re.search(r"\bImpact: *(\w+)", annotation)
    complexity = re.search(r"\bComplexity: *(\w+)", annotation)
    return Requirement(
        node.at,
        urn,
        ref,
        title or text or ref or urn,
        text,
        parent,
        true(node, "assessable"),
        codes,
        _IMPORTANCE.get(text_of(node, "importance"), _TIER.get(impact[1].casefold(), "") if impact else ""),
        complexity[1].casefold() if complexity else "",
    )


def _no_circle(parents: Mapping[str, str], places: Mapping[str, Location], faults: Faults) -> None:
    """Every node hangs on a root."""
    rooted: set[str] = set()
    for urn in parents:
        way: list[str] = []
        node = urn
        while node and node not in rooted and node not in way:
            way.append(node)
            node = parents.get(node, "")
        if node in way:
            faults.wrong(places[urn], f"the parents of {urn} lead in a circle; mend one parent_urn of them")
        rooted |= set(way)


# -- rating ------------------------------------------------------------------------------------------------------------


def _rating(one: Node, faults: Faults) -> Rating:
    """Its scores, each a level; of scores that are far apart those that are defined, in order; else audit results."""
    names = {
        score: short(text_of(entry, "name"))
        for entry in items(one, "scores_definition")
        if (score := _score(entry, "score", faults)) is not None
    }
    low, high = _score(one, "min_score", faults), _score(one, "max_score", faults)
    if low is not None and high is not None and low >= high:
        faults.wrong(one.nearest(("max_score",)), f"max_score {high} is not above min_score {low}; correct one of them")
        return Rating(RESULTS, (0, 1, 2), 0, scored=False)
    low, high = (min(names, default=0), max(names, default=0)) if low is None or high is None else (low, high)
    whole = list(range(low, high + 1)) if high - low <= _APART else sorted(names)
    if len(whole) < 2 or len(whole) > _APART + 1:
        return Rating(RESULTS, (0, 1, 2), 0, scored=False)
    first = low if high - low <= _APART and low >= 0 else 0
    return Rating(tuple(names.get(score) or f"Score {score}" for score in whole), tuple(whole), first, scored=True)


def _score(node: Node, key: str, faults: Faults) -> int | None:
    text = text_of(node, key)
    if not text:
        return None
    if not re.fullmatch(r"-?\d{1,6}", text):
        faults.wrong(node.nearest((key,)), f"{key} {text!r} is no whole number; write one, such as 1")
        return None
    return int(text)


def only(file: Source, every: Sequence[Framework]) -> Framework:
    """The framework of a library; the first where there are several. Raises InvalidInput where there is none."""
    if not every:
        kinds = ", ".join(key for tree in file.trees for key in (tree.find(("objects",)) or tree).mapping) or "nothing"
        message = f"this library holds no framework (but {kinds}); give the one whose objects have a framework"
        raise InvalidInput([Issue(Location(file.path), "SL102", message)])
    return every[0]
