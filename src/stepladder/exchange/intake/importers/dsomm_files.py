"""The files of OWASP DSOMM: which of them a file is, and its activities as they stand together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from graphlib import CycleError, TopologicalSorter

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.dsomm_model import UUID
from stepladder.exchange.intake.source import Source
from stepladder.wording.text import clean

#: What people call each kind of file.
KINDS = {
    "model": "the activities",
    "custom": "custom activities",
    "meta": "the settings",
    "teams": "the teams",
    "progress": "the progress of teams",
    "evidence": "the evidence of teams",
}
#: Keys that only an activity has.
_OF_AN_ACTIVITY = frozenset(("uuid", "dependsOn", "difficultyOfImplementation", "isImplemented", "teamsImplemented"))
_DIFFICULTY = ("knowledge", "time", "resources")
#: What is taken where an activity does not say it.
_USUAL_DIFFICULTY, _USUAL_USEFULNESS = 2, 3


@dataclass(frozen=True)
class Activity:
    """One activity.

    Attributes
    ----------
    name, uuid
        What it is called, and its key; empty where an older file has none.
    dimension, part
        Where it stands: the dimension and the sub-dimension.
    level, usefulness, difficulty, time
        From 1 to 5; the difficulty is the sum of three such numbers, one of which is the time.
    needs
        Names of those that it depends on.
    implemented
        Teams that have it, as older files say it.
    node
        Where all of that stands.
    """

    name: str
    uuid: str
    dimension: str
    part: str
    node: Node
    level: int = 0
    usefulness: int = 0
    difficulty: int = 0
    time: int = 0
    needs: tuple[str, ...] = ()
    implemented: Mapping[str, bool] = field(default_factory=dict)

    @property
    def key(self) -> str:
        """By what other files mean it."""
        return self.uuid or self.name


@dataclass(frozen=True)
class Model:
    """The activities by name, the model's version, and what is to be said of them."""

    activities: Mapping[str, Activity]
    version: str = ""
    ignored: tuple[Activity, ...] = ()
    left: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()


def kind_of(file: Source) -> str | None:
    """Which of DSOMM's files it is; None where it is none."""
    if file.packed or file.nested or file.tables:
        return None
    for tree in file.trees:
        keys = set(tree.mapping)
        if keys in ({"progress"}, {"evidence"}):
            return keys.pop()
        if keys & {"progressDefinition", "activityFiles", "teamProgressFile"}:
            return "meta"
        if "teams" in keys and keys <= {"teams", "teamGroups"}:
            return "teams"
        entries = [entry for *_, entry in _entries(tree)]
        if any(_OF_AN_ACTIVITY & set(entry.mapping) for entry in entries):
            whole = all("level" in entry.mapping and not _true(entry, "ignore") for entry in entries)
            return "model" if whole else "custom"
        if entries and any(_true(entry, "ignore") for entry in entries):
            return "custom"
    return None


def _entries(tree: Node) -> Iterator[tuple[str, str, str, Node]]:
    """Dimension, sub-dimension, name and entry of all that stands three deep."""
    for dimension, parts in tree.mapping.items():
        for part, names in parts.mapping.items():
            for name, entry in names.mapping.items():
                if dimension != "meta":
                    yield clean(dimension), clean(part), clean(name), entry


def model(files: Sequence[Source]) -> Model:
    """The activities of the largest file, with those of the others laid over them.

    Raises
    ------
    InvalidInput
        With everything that cannot be read, each with its place.
    """
    return _Model().read(files)


class _Model:
    """The activities that are being read, and what is wrong with them."""

    def __init__(self) -> None:
        self.issues: list[Issue] = []
        self.usual: list[str] = []
        self.left: list[str] = []

    def read(self, files: Sequence[Source]) -> Model:
        """All of it."""
        drafts = [[Activity(name, _text(node, "uuid").lower(), dimension, part, node) for tree in file.trees
                   for dimension, part, name, node in _entries(tree)] for file in files]  # fmt: skip
        first = max(range(len(drafts)), key=lambda k: len(drafts[k]))
        base = self._alone(drafts[first])
        over = [draft for k, others in enumerate(drafts) if k != first for draft in others]
        kept, ignored = self._overlaid(base, over)
        activities = {one.name: self._whole(one) for one in kept}
        activities = {name: self._needing(one, activities, ignored) for name, one in activities.items()}
        if not self.issues:
            self._no_circle(activities)
        if self.issues:
            raise InvalidInput(self.issues)
        headers = [tree.mapping["meta"] for tree in files[first].trees if "meta" in tree.mapping]
        version = _text(headers[0], "version") if headers else ""
        usual = f"usefulness {_USUAL_USEFULNESS} or difficulty {_USUAL_DIFFICULTY} where it is not said"
        assumed = (f"{usual}: {', '.join(dict.fromkeys(self.usual))}",) if self.usual else ()
        return Model(activities, version, tuple(ignored), tuple(self.left), assumed)

    def _wrong(self, at: Location, message: str) -> None:
        self.issues.append(Issue(at, "SL104", message))

    def _alone(self, drafts: Sequence[Activity]) -> list[Activity]:
        """Those of one file, each name and UUID of which stands once."""
        read: dict[str, Activity] = {}
        for draft in drafts:
            for mark in filter(None, (draft.name.casefold(), draft.uuid)):
                other = read.setdefault(mark, draft)
                if other is not draft:
                    place = f"first in line {other.node.at.line}"
                    self._wrong(draft.node.at, f"{mark!r} is of two activities, {place}; DSOMM takes each once")
        return list(drafts)

    def _overlaid(self, base: Sequence[Activity], over: Sequence[Activity]) -> tuple[list[Activity], list[Activity]]:
        """All, with those that are changed or added, without those that are ignored; and these."""
        by_uuid = {one.uuid: one for one in base if one.uuid}
        by_name = {one.name.casefold(): one for one in base}
        changed: dict[int, Activity] = {}
        added: list[Activity] = []
        ignored = []
        for draft in over:
            named = by_name.get(draft.name.casefold())
            other = by_uuid.get(draft.uuid) or (None if draft.uuid else named)
            if _true(draft.node, "ignore"):
                ignored += [one for one in (named or other,) if one is not None]
            elif draft.uuid and named is not None and named.uuid and named.uuid != draft.uuid:
                said = f"{draft.name!r} has two UUIDs, {draft.uuid} and {named.uuid}; DSOMM refuses that: give it one"
                self._wrong(draft.node.nearest(("uuid",)), said)
            elif other is not None:
                mapping = {**other.node.mapping, **draft.node.mapping}
                merged = Node(mapping, draft.node.at, draft.node.key_at)
                changed[id(other)] = replace(draft, uuid=other.uuid or draft.uuid, node=merged)
            else:
                added.append(draft)
        gone = {id(one) for one in ignored} - set(changed)
        kept = [changed.get(id(one), one) for one in base if id(one) not in gone]
        return self._alone([*kept, *added]), [one for one in ignored if id(one) in gone]

    def _whole(self, draft: Activity) -> Activity:
        """With its numbers, each from 1 to 5."""
        node = draft.node
        if draft.uuid and not UUID.fullmatch(draft.uuid):
            self._wrong(node.nearest(("uuid",)), f"{draft.uuid!r} is no UUID; write 32 digits as 8-4-4-4-12")
        level = self._number(draft, node, "level")
        if level is None:
            self._wrong(node.at, f"{draft.name!r} has no level; give it one from 1 to 5")
        hard = node.mapping.get("difficultyOfImplementation", node)
        parts = {key: self._number(draft, hard, key) for key in _DIFFICULTY}
        usefulness = self._number(draft, node, "usefulness")
        if usefulness is None or None in parts.values():
            self.usual.append(draft.name)
        numbers = {key: _USUAL_DIFFICULTY if value is None else value for key, value in parts.items()}
        return replace(
            draft,
            level=level or 1,
            usefulness=usefulness or _USUAL_USEFULNESS,
            difficulty=sum(numbers.values()),
            time=numbers["time"],
            implemented=_implemented(node),
        )

    def _number(self, draft: Activity, node: Node, key: str) -> int | None:
        text = _text(node, key)
        if not text:
            return None
        if text not in ("1", "2", "3", "4", "5"):
            self._wrong(node.nearest((key,)), f"{draft.name!r}: {key} is {text!r}; write a whole number from 1 to 5")
            return 1
        return int(text)

    def _needing(self, one: Activity, known: Mapping[str, Activity], ignored: Sequence[Activity]) -> Activity:
        """With the names of what it depends on: by UUID, or by name in older files."""
        by_key = {key: name for name, other in known.items() for key in (name.casefold(), other.uuid) if key}
        gone = {key: other.name for other in ignored for key in (other.name.casefold(), other.uuid) if key}
        needs = []
        for need in _list(one.node.mapping.get("dependsOn")):
            key = clean(str(need.value)).casefold()
            if key in by_key and by_key[key] != one.name:
                needs.append(by_key[key])
            elif key in by_key:
                self._wrong(need.at, f"{one.name!r} depends on itself; remove that")
            elif key in gone:
                self.left.append(f"{one.name} depends on {gone[key]}, which is ignored")
            else:
                said = unknown("activity", str(need.value), list(known) + [other.uuid for other in known.values()])
                self._wrong(need.at, f"{one.name!r} depends on an {said}")
        return replace(one, needs=tuple(dict.fromkeys(needs)))

    def _no_circle(self, activities: Mapping[str, Activity]) -> None:
        try:
            TopologicalSorter({name: one.needs for name, one in activities.items()}).prepare()
        except CycleError as error:
            names = error.args[1][::-1]
            at = activities[names[0]].node.nearest(("dependsOn",))
            self._wrong(at, f"these depend on each other in a circle: {' → '.join(names)}; remove one of it")


def _implemented(node: Node) -> dict[str, bool]:
    """By team, as older files say it; all teams under no name."""
    teams = node.mapping.get("teamsImplemented", Node({}, node.at)).mapping
    implemented = {clean(team): str(state.value).casefold() == "true" for team, state in teams.items()}
    return {**implemented, **({"": True} if _true(node, "isImplemented") else {})}


def _true(node: Node, key: str) -> bool:
    return _text(node, key).casefold() == "true"


def _list(node: Node | None) -> list[Node]:
    if node is None or node.value is None:
        return []
    return node.value if isinstance(node.value, list) else [node]


def _text(node: Node, key: str) -> str:
    value = node.mapping[key].value if key in node.mapping else None
    return clean(str(value)) if isinstance(value, str | int | float) else ""
