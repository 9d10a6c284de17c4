"""OSCAL: a catalogue, what a profile selects of it, and what an assessment found; or a plan of action."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from stepladder.data.formats.base import unknown
from stepladder.data.reading.tree import Node
from stepladder.errors import InvalidInput, Issue, Location
from stepladder.exchange.intake.importer import Answers, Importer, Taken
from stepladder.exchange.intake.importers.oscal_file import (
    CATALOG,
    KINDS,
    POAM,
    PROFILE,
    RESULTS,
    Catalogue,
    Control,
    Family,
    Finding,
    document,
    findings_of,
    of_ids,
    profile_of,
    reviewed,
    selected,
)
from stepladder.exchange.intake.importers.oscal_poam import poam
from stepladder.exchange.intake.importers.parts import (
    DAYS,
    ILLUSTRATIVE,
    TEAM,
    Faults,
    Names,
    alone,
    costs,
    counted,
    short,
    team,
    text_of,
    titled,
)
from stepladder.exchange.intake.source import Source

QUESTIONS = (DAYS, TEAM)


def suits(file: Source) -> bool:
    """Whether a file is an OSCAL document."""
    return document(file) is not None


def read(files: Sequence[Source], answers: Answers) -> Taken:
    """A scenario of the documents that were given, in any order."""
    documents = _documents(files)
    if POAM in documents:
        main = next(file for file in files if (pair := document(file)) and pair[0] == POAM)
        alone(main, [file for file in files if file is not main], "a plan of action")
        return poam(documents[POAM], answers)
    return _Controls(documents, answers).taken()


def _documents(files: Sequence[Source]) -> dict[str, Node]:
    """By kind. Raises InvalidInput with every file that is none, of a kind that holds nothing to plan, or a second."""
    documents: dict[str, Node] = {}
    faults = Faults()
    for file in files:
        pair = document(file)
        start = Location(file.path)
        if pair is None:
            faults.wrong(start, "this is no OSCAL document; leave it out", "SL102")
        elif pair[0] in documents:
            faults.wrong(start, f"this is a second {pair[0]}; give one at a time", "SL102")
        elif pair[0] in KINDS[4:]:
            what = f"a catalog, a profile of it, {RESULTS}, or a {POAM}"
            faults.wrong(start, f"this is an OSCAL {pair[0]}, which is not read; give {what}", "SL102")
        else:
            documents[pair[0]] = pair[1]
    faults.check()
    return documents


class _Controls:
    """The controls that are planned, and where they stand."""

    def __init__(self, documents: Mapping[str, Node], answers: Answers) -> None:
        self.answers, self.documents = answers, documents
        self.faults = Faults()
        self.left: list[str] = []
        self.assumed: list[str] = []
        self.ids: dict[str, str] = {}
        self.names = Names("state")
        self.catalogue = Catalogue(documents[CATALOG], self.faults) if CATALOG in documents else None
        results = documents.get(RESULTS)
        self.findings = findings_of(results, self.faults) if results is not None else []
        self.families = self._families()
        self.controls = {one.id: one for family in self.families for one in family.every() if not one.heading}

    # -- which controls ------------------------------------------------------------------------------------------------

    def _families(self) -> tuple[Family, ...]:
        profile = profile_of(self.documents[PROFILE]) if PROFILE in self.documents else None
        if profile is not None and self.catalogue is not None:
            chosen = profile.chosen(self.catalogue, self.faults)
            return tuple(selected(family, chosen) for family in self.catalogue.families)
        if profile is not None:
            if profile.whole or profile.patterns or profile.children or not profile.ids:
                message = "this profile does not list all ids that it selects; give its catalogue in the same command"
                raise InvalidInput([Issue(profile.at, "SL102", f"{message}{self._from(PROFILE)}")])
            self.assumed.append("codes only: titles are in the catalogue; give it in the same command to have them")
            return of_ids(profile)
        if self.catalogue is not None:
            return self.catalogue.families
        node = self.documents[RESULTS]
        if not self.findings and not self.faults.issues:
            message = "no finding says whether a control is satisfied; give the catalogue or the profile with it"
            raise InvalidInput([Issue(node.at, "SL102", message)])
        text = "only controls with a finding are here; give the catalogue or the profile in the same command for all"
        self.assumed.append(text)
        return reviewed(node, self.findings)

    def _from(self, kind: str) -> str:
        """The files that a document refers to."""
        node = self.documents[kind]
        resources = node.find(("back-matter", "resources"))
        links = [one for _, one in resources.walk() if "href" in one.mapping] if resources is not None else []
        names = [text_of(one, "href") for one in links if text_of(one, "href").endswith(".json")]
        return f": {names[0]}" if names else ""

    # -- the scenario --------------------------------------------------------------------------------------------------

    def taken(self) -> Taken:
        """All of it. Raises InvalidInput with everything that is wrong."""
        states = self._states()
        self.faults.check()
        groups = self._groups(self.families)
        current = {self.ids[name]: int(states.get(name, False)) for name in self.controls}
        node = self._main()
        if all(current.values()):
            message = "no control that is not satisfied; nothing is left to plan"
            raise InvalidInput([Issue(node.at, "SL102", message)])
        title = short(text_of(node, "metadata", "title") or "Controls")
        scenario = {
            "title": title,
            "current": {name: {"state": level} for name, level in current.items()},
            "target": {"default": {"state": 1}},
        }
        self._say(states)
        took = f"{counted(len(self.controls), 'control')}, {sum(states.values())} of them satisfied"
        return Taken(scenario, self._model(groups, title), (took,), tuple(self.left), tuple(self.assumed))

    def _main(self) -> Node:
        """The document that gives the plan its name."""
        return next(self.documents[kind] for kind in (RESULTS, PROFILE, CATALOG) if kind in self.documents)

    def _states(self) -> dict[str, bool]:
        """Of each control with a finding whether it is satisfied: all findings of its newest result say so."""
        newest = {one.control: one.result for one in self.findings}
        states: dict[str, bool] = {}
        for one in self.findings:
            if one.control not in self.controls:
                self._stranger(one)
            elif one.result == newest[one.control]:
                states[one.control] = states.get(one.control, True) and one.satisfied
        return states

    def _stranger(self, one: Finding) -> None:
        """A finding on a control that is not planned: one that the profile leaves out, or that there is not."""
        known = None if self.catalogue is None else {control.id for control in self.catalogue.every()}
        if known is None or one.control in known:
            self.left.append(f"the finding on {one.control}: the profile does not select it")
        else:
            self.faults.wrong(one.at, unknown("control", one.control, known))

    def _groups(self, families: Sequence[Family]) -> dict[str, Any]:
        """Groups with the controls in them, as a catalogue of ours has them; empty ones are left out."""
        groups: dict[str, Any] = {}
        for family in families:
            entry = titled(family.title, "", family.ref)
            inside = self._inside(family.controls)
            inner = {**inside.pop("groups", {}), **self._groups(family.families)}
            if inner or inside:
                groups[self.names.new(family.ref or family.title)] = {
                    **entry,
                    **({"groups": inner} if inner else {}),
                    **inside,
                }
        return groups

    def _inside(self, controls: Sequence[Control]) -> dict[str, Any]:
        """Controls as practices; those with others below them as groups, with themselves in them."""
        groups: dict[str, Any] = {}
        practices: dict[str, Any] = {}
        for one in controls:
            entry = titled(one.title, one.text, one.ref)
            inside = self._inside(one.below)
            own = {} if one.heading else {self._id(one): entry}
            if inside:
                practices_inside = {**own, **inside.pop("practices", {})}
                groups[self.names.new(f"{one.id}_group")] = {**entry, **inside, "practices": practices_inside}
            else:
                practices |= own
        return {**({"groups": groups} if groups else {}), **({"practices": practices} if practices else {})}

    def _id(self, one: Control) -> str:
        self.ids[one.id] = self.names.new(one.id)
        return self.ids[one.id]

    def _model(self, groups: Mapping[str, Any], title: str) -> dict[str, Any]:
        levels = {0: {"title": "Not satisfied"}, 1: {"title": "Satisfied"}}
        days, who = self.answers.number("days"), team(self.answers)
        version = self.catalogue.version if self.catalogue is not None else ""
        return {
            "format": "stepladder-catalogue/1",
            "title": short(self.catalogue.title) if self.catalogue is not None else title,
            **({"version": version} if version else {}),
            "source": "OSCAL; codes and titles as the files have them.",
            "illustrative": ILLUSTRATIVE,
            "scales": {"state": {"title": "State", "levels": levels, "costs": costs(levels, days, who)}},
            "groups": groups,
        }

    def _say(self, states: Mapping[str, bool]) -> None:
        if self.catalogue is not None and self.catalogue.withdrawn:
            self.left.append(f"withdrawn controls: {self.catalogue.withdrawn}")
        headings = sum(one.heading for family in self.families for one in family.every())
        if headings:
            self.assumed.append(f"{counted(headings, 'control')} with others below: headings, not planned themselves")
        profile = self.documents.get(PROFILE)
        if profile is not None and profile.find(("modify",)) is not None:
            self.left.append("what the profile modifies: parameters and texts")
        open_ = len(self.controls) - len(states)
        if open_ and self.findings:
            self.assumed.append(f"{counted(open_, 'control')} without a finding: not satisfied")
        if not self.findings:
            self.assumed.append(f"nothing is met yet: all {counted(open_, 'control')} not satisfied")


OSCAL = Importer(
    "oscal", "OSCAL: a catalog, a profile, assessment results, or a plan of action (JSON)", suits, read, QUESTIONS
)
