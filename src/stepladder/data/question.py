"""A scenario's file on its way to a question: its bricks, its catalogue, and the sheet that it may name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from stepladder.data.catalogues import load_catalogue
from stepladder.data.demand import Demand
from stepladder.data.formats.base import unknown
from stepladder.data.formats.catalogue import Profile
from stepladder.data.formats.context import Context
from stepladder.data.formats.estimate import Unknown
from stepladder.data.formats.problem import Problem
from stepladder.data.formats.robust import Robust
from stepladder.data.formats.scenario import Profiles, Scenario
from stepladder.data.reading import overrides
from stepladder.data.reading.library import find, folder, is_path, names
from stepladder.data.reading.text import MISSING, read_text, refusal
from stepladder.data.reading.tree import Node, read_yaml
from stepladder.data.reading.validate import build, load_located
from stepladder.data.resolving import amounts
from stepladder.data.resolving import index as indexing
from stepladder.data.resolving.needs import SoftNeed
from stepladder.data.resolving.resolve import Resolved, resolve
from stepladder.errors import InvalidInput, Issue

if TYPE_CHECKING:
    from stepladder.data.formats.past import Past

#: No file but those that are there.
NOTHING: Mapping[str, str] = {}
#: From a filled sheet, what it is called, a catalogue and the scenario that names it to what the sheet says as parts of
#: a scenario, each with its cell, and what was taken for granted. Raises InvalidInput.
Sheets = Callable[[Path, str, indexing.Index, Node], tuple[Node, tuple[str, ...]]]


class Overrun(NamedTuple):
    """A limit of which what has happened and goes on takes more than there is: by how much, in currency or
    person-days.
    """

    resource: str
    label: str
    to: int
    """Its last period."""
    amount: float


@dataclass(frozen=True)
class Question:
    """A file's question in plain numbers, and what people want to know beside it."""

    problem: Problem
    context: Context | None = None
    notes: tuple[str, ...] = ()
    changes: tuple[str, ...] = ()
    soft: tuple[SoftNeed, ...] = ()
    scenarios: tuple[str, ...] = ()
    demands: tuple[Demand, ...] = ()
    unknowns: tuple[Unknown, ...] = ()
    redraw: Callable[[Mapping[str, float]], Problem] | None = field(default=None, compare=False, repr=False)
    """One future of a scenario: by name of an unknown, the probability to stay below its number there."""
    id: str | None = None
    """Of the roadmap that answers it: after its file."""
    past: Past | None = None
    """What has happened already to the roadmap that answers it; None where nothing has."""
    overruns: tuple[Overrun, ...] = ()
    """Limits that what has happened has overrun; the problem has them as if just that much more had been allowed."""
    robust: Robust | None = None
    """In which part of all futures the plan that answers it is to stay within its money; None where nobody asks."""
    where: Callable[[str], str] | None = field(default=None, compare=False, repr=False)
    """Of a problem in plain numbers that was read from a file: from a JSON pointer to file, line and column."""

    def placed(self) -> tuple[Demand, ...]:
        """The demands, each with its line where it has none and its file is known."""
        if self.where is None:
            return self.demands
        return tuple(one if one.at else replace(one, at=self.where(one.pointer)) for one in self.demands)


class Reader:
    """One scenario file on its way to a question."""

    def __init__(
        self, path: Path, text: str | None, beside: Mapping[str, str], sheets: Sheets | None, tree: Node | None
    ) -> None:
        self.beside, self.sheets = beside, sheets
        # A shipped scenario is spoken of by the name that it has on every machine.
        self.path, self.shown = path, f"scenarios/{path.name}" if path.parent == folder("scenarios") else str(path)
        root, self.issues = tree, list[Issue]()
        if root is None:
            root, self.issues = read_yaml(read_text(path, self.shown) if text is None else text, self.shown)
        if root is None:
            raise InvalidInput(self.issues)
        self.root, self.notes = root, tuple[str, ...]()
        named = root.child("assessment")
        if named is not None and isinstance(named.value, str):
            self.index, self.catalogue = self._catalogue()
            self.root, self.notes = self._assessed(named)
            # The form of the whole file, bricks and all, before anything is laid over anything.
            self.scenario = build(Scenario, self.root, self.issues)
        else:
            self.scenario = build(Scenario, root, self.issues)
            self.index, self.catalogue = self._catalogue()

    def _assessed(self, named: Node) -> tuple[Node, tuple[str, ...]]:
        """The scenario, laid over the sheet that it names, and what was taken for granted in that."""
        path = self.path.parent / named.value
        wrong = refusal(path)
        if wrong is not None or self.sheets is None:
            message = f"no file {named.value!r} beside {self.shown}; correct the path"
            self.issues.append(
                Issue(named.at, "SL211", message if wrong == MISSING else f"cannot read {named.value!r}: {wrong}")
            )
            raise self._fail()
        try:
            under, notes = self.sheets(path, str(path), self.index, self.root)
        except InvalidInput as error:
            self.issues.extend(error.issues)
            raise self._fail() from None
        return overrides.overlay(under, self.root), notes

    def _fail(self) -> InvalidInput:
        return InvalidInput(self.issues)

    def _catalogue(self) -> tuple[indexing.Index, Node]:
        node = self.root.child("catalogue")
        name = node.value if node is not None and isinstance(node.value, str) else ""
        text = self.beside.get(name)
        path = Path(name) if text is not None else find("models", name, self.path.parent) if name else None
        if path is None:
            if node is not None and isinstance(node.value, str):
                self.issues.append(Issue(node.at, "SL211", self._no_catalogue(name)))
            raise self._fail()
        try:
            shipped = path.parent == folder("models")
            currency = str(node.value) if (node := self.root.child("currency")) is not None else ""
            return load_catalogue(path, f"models/{path.name}" if shipped else str(path), currency, text)
        except InvalidInput as error:
            self.issues.extend(error.issues)
            raise self._fail() from None

    def _no_catalogue(self, name: str) -> str:
        if is_path(name):
            return f"cannot read the catalogue {name!r}: {refusal(self.path.parent / name)}"
        return unknown("catalogue", name, names("models")) + "; or give a path to a .yaml file"

    def question(self, chosen: str | None, assignments: Sequence[str]) -> Question:
        """Check every variation of the file; answer with the chosen one."""
        base = Node(
            {key: node for key, node in self.root.mapping.items() if key not in ("overrides", "scenarios")},
            self.root.at,
        )
        answer = self._answer(base) if self.scenario is not None else None
        bricks = {name: overrides.relayer(node, "override") for name, node in self._named("overrides").items()}
        lists = self._lists(bricks)
        for name, brick in bricks.items():
            if name not in {only[0] for only in lists.values() if len(only) == 1}:
                self._answer(overrides.overlay(base, brick), check=True)
        for listed in lists.values():
            self._answer(self._laid(base, bricks, listed), check=True)
        if chosen is not None and chosen not in lists and chosen not in bricks:
            place = self.root.nearest(("scenarios",), key=True)
            self.issues.append(Issue(place, "SL212", unknown("scenario", chosen, {*lists, *bricks})))
        if self.issues:
            raise self._fail()
        tree = self._laid(base, bricks, lists.get(chosen or "", [chosen] if chosen else []))
        idle: list[str] = []
        for assignment in assignments:
            before = tree
            tree, wrong = overrides.assign(before, assignment)
            self.issues += wrong
            if not wrong and tree.plain() == before.plain():
                idle.append(f"nothing by --set {assignment} (mappings merge; to take something away: --set path=)")
        if chosen is not None or assignments:
            answer = self._answer(tree)
        if answer is None or self.issues:
            raise self._fail()
        return Question(
            answer.problem,
            answer.context,
            (*self.notes, *answer.notes),
            (*overrides.changes(base, tree), *idle),
            answer.soft,
            tuple(lists),
            answer.demands,
            answer.unknowns,
            self._redraw(tree),
            robust=answer.robust,
        )

    def _redraw(self, tree: Node) -> Callable[[Mapping[str, float]], Problem]:
        written = build(Scenario, tree, self.issues)
        assert written is not None
        scenario = self._with_profiles(written, tree)

        def redraw(drawn: Mapping[str, float]) -> Problem:
            """The problem with these values in place of its ranges, by place.

            Raises
            ------
            InvalidInput
                When it is none with them.
            """
            answer, issues = resolve(scenario, tree, self.index, self.catalogue, drawn)
            if answer is None:
                raise InvalidInput(issues)
            return answer.problem

        return redraw

    def _named(self, kind: str) -> dict[str, Node]:
        node = self.root.child(kind)
        return {name: child for name, child in (node.mapping if node else {}).items() if isinstance(child.value, dict)}

    def _lists(self, bricks: dict[str, Node]) -> dict[str, list[str]]:
        """The named scenarios whose bricks all exist; the others are issues."""
        node = self.root.child("scenarios")
        lists: dict[str, list[str]] = {}
        for name, listed in (node.mapping if node else {}).items():
            items = listed.value if isinstance(listed.value, list) else []
            for item in items:
                if isinstance(item.value, str) and item.value not in bricks:
                    self.issues.append(Issue(item.at, "SL210", unknown("override", item.value, set(bricks))))
            if all(isinstance(item.value, str) and item.value in bricks for item in items):
                lists[name] = [item.value for item in items]
        return lists

    @staticmethod
    def _laid(base: Node, bricks: dict[str, Node], listed: Sequence[str]) -> Node:
        for name in listed:
            base = overrides.overlay(base, bricks[name])
        return base

    def _answer(self, tree: Node, *, check: bool = False) -> Resolved | None:
        """Resolve one variation; what is wrong with it joins the issues, once for each place. With ``check`` there
        is no answer, only that.
        """
        scenario = build(Scenario, tree, self.issues)
        if scenario is None:
            return None
        scenario = self._with_profiles(scenario, tree)
        answer, issues = resolve(scenario, tree, self.index, self.catalogue, check=check)
        issues += amounts.issues(Scenario, tree, scenario.currency)
        known = {(issue.location, issue.code) for issue in self.issues} if check else set()
        self.issues += [issue for issue in issues if (issue.location, issue.code) not in known]
        return answer

    def _with_profiles(self, scenario: Scenario, tree: Node) -> Scenario:
        profiles: dict[str, Profile] = {}
        for k, name in enumerate(scenario.profiles_from):
            path = self.path.parent / name
            wrong = refusal(path)
            if wrong is not None:
                message = (
                    f"no file {name!r} beside {self.shown}; correct the path"
                    if wrong == MISSING
                    else f"cannot read {name!r}: {wrong}"
                )
                self.issues.append(Issue(tree.nearest(("profiles_from", k)), "SL211", message))
                continue
            try:
                record, root = load_located(Profiles, path, str(path))
            except InvalidInput as error:
                self.issues += error.issues
                continue
            for key, profile in record.profiles.items():
                self.issues += indexing.levels(self.index, profile.levels, root, ("profiles", key, "levels"))
            profiles |= record.profiles
        return scenario.model_copy(update={"profiles": {**profiles, **scenario.profiles}})
