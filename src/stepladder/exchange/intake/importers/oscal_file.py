"""What OSCAL documents hold: controls of a catalogue in their groups, what a profile selects, what findings say."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import Location
from stepladder.exchange.intake.importers.parts import Faults, items, text_of
from stepladder.exchange.intake.source import Source

CATALOG, PROFILE = "catalog", "profile"
RESULTS, POAM = "assessment-results", "plan-of-action-and-milestones"
#: The documents that there are; a plan is made of the first four.
KINDS = (CATALOG, PROFILE, RESULTS, POAM, "system-security-plan", "component-definition", "assessment-plan")
#: A control of this class is a heading: the categories of CSF 2.0.
_HEADING = "category"
_INSERT = re.compile(r"\{\{[^}]*\}\}")
#: What is added to a control's id to name its objective or its statement.
_ADDED = re.compile(r"_(?:obj|smt|gdn|fr|asm)\b.*$", re.IGNORECASE)


@dataclass(frozen=True)
class Control:
    """A control, with those below it. One that is a heading is not planned itself."""

    at: Location
    id: str
    ref: str
    title: str
    text: str
    heading: bool
    below: tuple[Control, ...]

    def every(self) -> Iterator[Control]:
        """It and all below it."""
        yield self
        for one in self.below:
            yield from one.every()


@dataclass(frozen=True)
class Family:
    """A group of controls, with further groups."""

    title: str
    ref: str
    families: tuple[Family, ...]
    controls: tuple[Control, ...]

    def every(self) -> Iterator[Control]:
        """All its controls, at any depth."""
        for control in self.controls:
            yield from control.every()
        for family in self.families:
            yield from family.every()


@dataclass(frozen=True)
class Finding:
    """What a finding says of a control; ``result`` counts the results from the oldest."""

    at: Location
    control: str
    title: str
    satisfied: bool
    result: int


def document(file: Source) -> tuple[str, Node] | None:
    """Which OSCAL document a file is, and what it holds; None where it is none."""
    if file.tables:
        return None
    pairs = [(kind, tree.mapping[kind]) for tree in file.trees for kind in KINDS if kind in tree.mapping]
    return next(((kind, node) for kind, node in pairs if node.mapping), None)


# -- a catalogue -------------------------------------------------------------------------------------------------------


class Catalogue:
    """The controls of a catalogue that hold; ``withdrawn`` is how many were left out."""

    def __init__(self, node: Node, faults: Faults) -> None:
        self.title = text_of(node, "metadata", "title") or "Controls"
        self.version = text_of(node, "metadata", "version")
        self.withdrawn = 0
        self._faults = faults
        self._places: dict[str, Location] = {}
        loose = self._controls(node)
        families = tuple(self._family(one) for one in items(node, "groups"))
        self.families = (*((Family("Controls", "", (), loose),) if loose else ()), *families)
        if not any(True for _ in self.every()):
            faults.wrong(node.at, "the catalogue holds no control", "SL102")

    def every(self) -> Iterator[Control]:
        """All controls that are planned, in order."""
        return (one for family in self.families for one in family.every() if not one.heading)

    def _family(self, node: Node) -> Family:
        title, ref = text_of(node, "title"), _label(node) or text_of(node, "id")
        families = tuple(self._family(one) for one in items(node, "groups"))
        return Family(title or ref or "Controls", ref, families, self._controls(node))

    def _controls(self, node: Node) -> tuple[Control, ...]:
        return tuple(control for one in items(node, "controls") if (control := self._control(one)) is not None)

    def _control(self, node: Node) -> Control | None:
        status = _prop(node, "status").casefold()
        if status == "withdrawn":
            self.withdrawn += 1
            return None
        name = text_of(node, "id")
        if not name:
            self._faults.wrong(node.at, "a control without id; give it one, by which profiles find it", "SL102")
        elif name in self._places:
            line = self._places[name].line
            self._faults.wrong(node.at, f"the control {name} stands in line {line} already; remove one of the two")
        self._places.setdefault(name, node.at)
        ref, text = _label(node) or name, " ".join(_prose(node))
        title = text_of(node, "title")
        title = text if text and title.casefold() in ("", ref.casefold(), name.casefold()) else title
        heading = text_of(node, "class").casefold() == _HEADING
        return Control(node.at, name, ref, title, text, heading, self._controls(node))


def _prop(node: Node, name: str) -> str:
    return next((text_of(one, "value") for one in items(node, "props") if text_of(one, "name") == name), "")


def _label(node: Node) -> str:
    """The label that people know it by; the one without a class of its own first."""
    labels = [one for one in items(node, "props") if text_of(one, "name") == "label"]
    labels.sort(key=lambda one: bool(text_of(one, "class")))
    return text_of(labels[0], "value") if labels else ""


def _prose(node: Node) -> Iterator[str]:
    """What the statement of a control says; what is filled in by parameters as dots."""
    for part in items(node, "parts"):
        if text_of(part, "name") in ("statement", "item"):
            if prose := text_of(part, "prose"):
                yield _INSERT.sub("…", prose)
            yield from _prose(part)


# -- a profile ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Profile:
    """What a profile selects: ids with their places, all of the catalogue, or patterns; and what it takes out again."""

    at: Location
    title: str
    ids: Mapping[str, Location]
    children: frozenset[str]
    patterns: tuple[str, ...]
    whole: bool
    out: frozenset[str]

    def chosen(self, catalogue: Catalogue, faults: Faults) -> set[str]:
        """The ids of a catalogue that it selects; ids that the catalogue has not are wrong."""
        controls = {one.id: one for family in catalogue.families for one in family.every()}
        for name, place in self.ids.items():
            if name not in controls:
                faults.wrong(place, unknown("control of the catalogue", name, controls))
        chosen = set(controls) if self.whole else {name for name in self.ids if name in controls}
        chosen |= {one.id for name in self.children & set(controls) for one in controls[name].every()}
        chosen |= {name for name in controls if any(_fits(pattern, name) for pattern in self.patterns)}
        return chosen - self.out


def _fits(pattern: str, name: str) -> bool:
    """Whether an id is of a pattern with ``*`` and ``?``."""
    return re.fullmatch(re.escape(pattern).replace(r"\*", ".*").replace(r"\?", "."), name) is not None


def profile_of(node: Node) -> Profile:
    """What stands in a profile."""
    ids: dict[str, Location] = {}
    children, patterns, out, whole = set[str](), list[str](), set[str](), False
    for one in items(node, "imports"):
        whole = whole or one.find(("include-all",)) is not None or one.find(("include-controls",)) is None
        for select in items(one, "include-controls"):
            select_ids = {text_of(name): name.at for name in items(select, "with-ids") if text_of(name)}
            ids |= select_ids
            children |= set(select_ids) if text_of(select, "with-child-controls") == "yes" else set()
            patterns += [text for match in items(select, "matching") if (text := text_of(match, "pattern"))]
        out |= {text_of(name) for select in items(one, "exclude-controls") for name in items(select, "with-ids")}
    title = text_of(node, "metadata", "title") or "Profile"
    return Profile(node.at, title, ids, frozenset(children), tuple(patterns), whole, frozenset(out))


def code_of(name: str) -> str:
    """An id as people write it, where no catalogue has a label: AC-2(1)."""
    return re.sub(r"^([A-Z]{2}-\d+)\.(\d+)$", r"\1(\2)", name.upper())


def of_ids(profile: Profile) -> tuple[Family, ...]:
    """The ids of a profile as controls without a title, by what stands before their first hyphen."""
    families: dict[str, list[Control]] = {}
    for name, at in profile.ids.items():
        if name not in profile.out:
            control = Control(at, name, code_of(name), "Control", "", heading=False, below=())
            families.setdefault(re.split(r"[-.]", name)[0].upper(), []).append(control)
    return tuple(Family(family, "", (), tuple(controls)) for family, controls in families.items())


# -- findings ----------------------------------------------------------------------------------------------------------


def findings_of(node: Node, faults: Faults) -> list[Finding]:
    """What the findings of all results say, of the oldest result first."""
    findings = []
    results = sorted(items(node, "results"), key=lambda one: text_of(one, "start"))
    for k, result in enumerate(results):
        for one in items(result, "findings"):
            target = text_of(one, "target", "target-id")
            state = text_of(one, "target", "status", "state")
            if not target:
                faults.wrong(one.at, "a finding without target-id; say which control it is about", "SL102")
            elif state not in ("satisfied", "not-satisfied"):
                place = one.nearest(("target", "status", "state"))
                faults.wrong(place, unknown("state", state, ["satisfied", "not-satisfied"]))
            else:
                control = _ADDED.sub("", target)
                findings.append(Finding(one.at, control, text_of(one, "title"), state == "satisfied", k))
    return findings


def reviewed(node: Node, findings: Sequence[Finding]) -> tuple[Family, ...]:
    """The controls that findings are about, where no catalogue says what there is."""
    controls = {
        one.control: Control(one.at, one.control, code_of(one.control), one.title, "", heading=False, below=())
        for one in findings
    }
    title = text_of(node, "metadata", "title") or "Findings"
    return (Family(title, "", (), tuple(controls.values())),) if controls else ()


def selected(family: Family, chosen: set[str]) -> Family:
    """A group with the controls that are selected; one that has selected ones below it is a heading."""

    def kept(controls: Sequence[Control]) -> tuple[Control, ...]:
        """The controls that stay."""
        narrowed = [
            replace(one, below=kept(one.below), heading=one.heading or one.id not in chosen) for one in controls
        ]
        return tuple(one for one in narrowed if one.below or not one.heading)

    return replace(
        family,
        families=tuple(selected(one, chosen) for one in family.families),
        controls=kept(family.controls),
    )
